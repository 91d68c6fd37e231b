"""The part *Quality*: a control chart of a tag or of an inspected characteristic, and capability.

What is charted, how, and over which time stand in the address; only charts
that the values can carry are offered. The question to the lake is the same
that ``ballast plant spc`` asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.plant.reports.charts import ChartReport, control_chart
from ballast.plant.site import Site
from ballast.portal.context import PortalContext
from ballast.portal.data_html import note, show
from ballast.portal.factory_html import View, chooser, spans
from ballast.portal.factory_marks import rules_of
from ballast.portal.factory_panel import FactoryPage, show_view
from ballast.portal.factory_quality_view import quality_view
from ballast.portal.factory_span import SPAN_LABELS, Span, span_of
from ballast.portal.factory_subjects import (
    GROUPED,
    KIND_LABELS,
    Asked,
    Subject,
    chosen,
    subject_of,
    subjects,
)
from ballast.portal.frame_address import go
from ballast.portal.identifiers_desk import node_of
from ballast.terms.label import Label, Language
from ballast.terms.viewer import Viewer
from ballast.words import explain, say

__all__ = ["GROUPS", "RULES", "chart_report", "draw_quality", "handle_links"]

GROUPS: dict[str, Label] = {
    "": Label("按映射或样本", "as the mapping or the sample says"),
    "count:3": Label("每 3 个", "3 in a row"),
    "count:5": Label("每 5 个", "5 in a row"),
    "count:10": Label("每 10 个", "10 in a row"),
    "time:60": Label("每分钟", "each minute"),
    "time:300": Label("每 5 分钟", "each 5 minutes"),
    "time:3600": Label("每小时", "each hour"),
}
RULES = {
    "nelson": Label("Nelson 八条判异准则", "Nelson's eight"),
    "western": Label("西部电气四条规则", "Western Electric's four"),
}
_SPANS = ("shift", "today", "yesterday", "week", "month")


def chart_report(lake: Lake, viewer: Viewer, site: Site, asked: Asked) -> ChartReport:
    """Return the report of a chart; all as in `control_chart`."""
    return control_chart(
        lake,
        viewer,
        subject_of(asked.subject.key),
        asked.span.window,
        kind=asked.kind,
        subgroup=asked.subgroup,
        rules=rules_of(asked.rules),
        site=site,
    )


async def draw_quality(page: FactoryPage, site: Site) -> None:
    """Put the part on the page that is being built."""
    language, desk, viewer = page.language, page.desk, page.identity.viewer
    name = page.asked("span", "today")
    offered = [key for key in _SPANS if site.shifts or "shift" not in key]
    choices = [(key, SPAN_LABELS[key].text(language)) for key in offered]
    show(spans(choices, name, language, **page.kept("span", "story")))
    try:
        span = span_of(name, site, desk.now_ms)
        asked = await run_in_threadpool(
            desk.ask, viewer, ("subjects",), lambda lake: subjects(lake, viewer, site)
        )
        found = await asyncio.wrap_future(asked)
    except BallastError as error:
        note(explain(error, language), "alert", "alert")
        return
    subject = chosen(found, page.asked("subject"))
    if not found:
        note(_nothing(language))
        return
    wanted = _asked(page, subject, span)
    show(_choices(page, found, wanted))
    if wanted is None:
        note(say("There is no such tag or characteristic; choose one above.", language), "alert")
        return
    resolve = handle_links(page)

    def ask() -> Future[View]:
        key = (
            "chart", wanted.subject.key, wanted.kind, wanted.group, wanted.rules, span.name,
            span.window.end_ms, language,
        )  # fmt: skip
        return desk.ask(viewer, key, work, settled=span.over(desk.now_ms))

    def work(lake: Lake) -> View:
        report = chart_report(lake, viewer, site, wanted)
        return quality_view(report, site, wanted, resolve, language)

    await show_view(page, ask, f"factory: chart {wanted.subject.key[:120]} {span.name}")


def _asked(page: FactoryPage, subject: Subject | None, span: Span) -> Asked | None:
    if subject is None:
        return None
    kind = next((one for one in subject.kinds if one == page.asked("kind")), subject.kinds[0])
    group = page.asked("group") if page.asked("group") in GROUPS else ""
    rules = page.asked("rules") if page.asked("rules") in RULES else "nelson"
    return Asked(subject, kind, group, rules, span)


def _choices(page: FactoryPage, found: tuple[Subject, ...], asked: Asked | None) -> Markup:
    language = page.language
    fields: list[tuple[str, str, list[tuple[str, str]], str]] = [
        (
            "subject",
            say("What is charted", language),
            [(one.key, one.label.text(language)) for one in found],
            asked.subject.key if asked else "",
        )
    ]
    if asked is not None:
        kinds: list[tuple[str, str]] = [
            (kind, KIND_LABELS[kind].text(language)) for kind in asked.subject.kinds
        ]
        fields.append(("kind", say("Chart", language), kinds, asked.kind))
        if asked.kind in GROUPED:
            groups = [(key, label.text(language)) for key, label in GROUPS.items()]
            fields.append(("group", say("Subgroups", language), groups, asked.group))
        rules = [(key, label.text(language)) for key, label in RULES.items()]
        fields.append(("rules", say("Rules", language), rules, asked.rules))
    return chooser(fields, language, **page.kept("subject", "kind", "group", "rules", "story"))


def _nothing(language: Language) -> str:
    return say(
        "Nothing can be charted yet. Give tags that measure something the role measurement in the "
        "mapping, with their limits (lower, upper), or load a sheet of inspections: "
        "`ballast template inspection`.",
        language,
    )


def handle_links(page: FactoryPage) -> Callable[[str], str]:
    """Return what makes the address at which a batch's handle is looked up; empty for none."""
    context = page.identity.context
    if not isinstance(context, PortalContext):
        return lambda _: ""
    node = node_of(context)
    here = (context.lake.home.path / "node").is_dir()
    lang = page.query.get("lang")

    def resolve(handle: str) -> str:
        if here:
            return go("/identifiers", part="record", handle=handle, lang=lang)
        return node.address_of(handle)

    return resolve
