"""Search over enterprises, industries, clusters and regions, each as far as the viewer may see.

Enterprises are found in the lake through the viewer's own rights, never in an
index of everybody's: what a viewer may not see is not searched, so not even
the number of hits tells of it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

import ibis
from fastapi import FastAPI
from nicegui import ui

from ballast.brain.cluster_revenue import registered
from ballast.brain.names import Names, names
from ballast.errors import BallastError, InvalidTerm, NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import pictures_of
from ballast.portal.context import PortalContext, context_of
from ballast.portal.frame import frame, here
from ballast.portal.frame_address import Filters
from ballast.portal.identifiers_desk import node_of
from ballast.portal.identifiers_reading import open_record
from ballast.portal.identity import Identity, audited, current
from ballast.portal.refusal import PAGES
from ballast.terms import region as regions
from ballast.terms.industry import INDUSTRIAL_SECTIONS, industries
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryLevel
from ballast.terms.viewer import Right, Viewer
from ballast.words import explain, say, visible

__all__ = ["Found", "find", "register"]

_NOTHING_MORE = Label("", "")
_MOST = 20
_LONGEST = 80
_TITLE = Label("搜索", "What are you looking for?")
_KINDS = {
    "identifier": Label("标识", "Identifiers"),
    "region": Label("地区", "Regions"),
    "industry": Label("行业", "Industries"),
    "cluster": Label("产业集群", "Clusters"),
    "enterprise": Label("企业", "Enterprises"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found.

    Parameters
    ----------
    kind
        ``region``, ``industry``, ``cluster`` or ``enterprise``.
    code, label
        What it is called by machines and people.
    more
        What tells it from another of that name.
    """

    kind: str
    code: str
    label: Label
    more: Label = _NOTHING_MORE


def find(lake: Lake, viewer: Viewer, text: str, *, region: str, today: date) -> list[Found]:
    """Return what is called so, or has such a code, at most twenty of a kind.

    Parameters
    ----------
    lake, viewer
        Where to look, and for whom.
    text
        Part of a name or of a code.
    region
        The home's region: places are looked for in it.
    today
        The day at which the register is read.
    """
    wanted = text.strip().lower()[:_LONGEST]
    if not wanted:
        return []
    called = names(lake, viewer)
    return [
        *_regions(called, wanted, region),
        *_industries(wanted),
        *_clusters(lake, viewer, wanted),
        *_enterprises(lake, viewer, wanted, called, today),
    ]


def _matches(wanted: str, code: str, label: Label) -> bool:
    return code.lower().startswith(wanted) or wanted in label.zh or wanted in label.en.lower()


def _regions(called: Names, wanted: str, home: str) -> list[Found]:
    inside = [c for c in called.find_regions(wanted) if c == home or _within(c, home)]
    return [Found("region", code, called.region(code)) for code in inside[:_MOST]]


def _within(code: str, home: str) -> bool:
    if regions.is_extension(code):
        return regions.extension_parent(code) == home
    return code in regions.children(home)


def _industries(wanted: str) -> list[Found]:
    held = [
        industry
        for section in INDUSTRIAL_SECTIONS
        for level in (IndustryLevel.DIVISION, IndustryLevel.GROUP)
        for industry in industries(level, within=section)
        if _matches(wanted, industry.code, industry.label)
    ]
    return [Found("industry", i.code, i.label) for i in held[:_MOST]]


def _clusters(lake: Lake, viewer: Viewer, wanted: str) -> list[Found]:
    rows = lake.read("cluster_definition", viewer)
    held = rows.select("cluster", "name_zh", "name_en").distinct().order_by("cluster")
    found: dict[str, Found] = {}
    for row in held.to_pyarrow().to_pylist():
        label = Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"])
        if _matches(wanted, row["cluster"], label):
            found.setdefault(row["cluster"], Found("cluster", row["cluster"], label))
    return list(found.values())[:_MOST]


def _enterprises(
    lake: Lake, viewer: Viewer, wanted: str, called: Names, today: date
) -> list[Found]:
    if not viewer.may(Right.READ_UNITS) and not viewer.enterprises:
        return []
    try:
        rows = registered(lake.read("enterprise", viewer), on=today)
    except NotPermitted:
        return []
    # `contains` and not a pattern: a percent sign is a percent sign.
    hit = rows.name.lower().contains(ibis.literal(wanted)) | rows.uscc.lower().startswith(
        ibis.literal(wanted)
    )
    chosen = rows.filter(hit).order_by("name", "uscc").limit(_MOST)
    found = []
    for row in chosen.to_pyarrow().to_pylist():
        place = called.region(row["zone"] or row["region"])
        trade = called.industry(row["industry_scheme"], row["industry"])
        more = Label(f"{place.zh} · {trade.zh}", f"{place.text('en')} · {trade.text('en')}")
        found.append(Found("enterprise", row["uscc"], Label(row["name"], row["name"]), more))
    return found


def register(app: FastAPI, context: PortalContext) -> None:  # noqa: ARG001  as every page's
    """Put the search into an application."""

    @ui.page("/search", response_timeout=30.0)  # a crowd waits; the default would refuse it
    async def search() -> None:
        identity = current()
        asked = ui.context.client.request.query_params.get("q", "")[:_LONGEST]
        with frame(_TITLE, identity):
            shown = ui.html("", sanitize=False)
            try:
                filters = here()
                own = context_of(ui.context.client.request)
                found = await pictures_of(own).run(
                    lambda lake: _audited(lake, identity, asked, own)
                )
                if "/" in asked:
                    found += await asyncio.to_thread(_identifier, identity, asked, own)
                shown.set_content(_listed(found, asked, filters))
            except BallastError as error:
                note = PAGES.from_string('<p class="note" role="alert">{{ it }}</p>')
                shown.set_content(note.render(it=explain(error, identity.language)))


def _audited(lake: Lake, identity: Identity, asked: str, context: PortalContext) -> list[Found]:
    today = context.clock().date()
    found = find(lake, identity.viewer, asked, region=context.region, today=today)
    seen = sum(one.kind == "enterprise" for one in found)
    if seen:
        audited(identity, f"search enterprise: {asked}", seen)
    return found


def _identifier(identity: Identity, asked: str, context: PortalContext) -> list[Found]:
    """Return the identifier that was entered, where it is one that the viewer may open here."""
    desk = node_of(context)
    try:
        with desk.reading() as moment:
            found = open_record(moment, identity.viewer, asked, context.clock().timestamp())
    except (NotFound, NotPermitted, InvalidTerm):
        return []
    if found.entry.uscc:
        audited(identity, f"search identifier: {found.handle[:200]}", 1)
    holder = found.entry.enterprise
    spelled = visible(found.handle)
    name = Label(found.name("zh") or spelled, found.name("en") or spelled)
    return [Found("identifier", found.handle, name, Label(holder, holder))]


def _listed(found: list[Found], asked: str, filters: Filters) -> str:
    language = filters.language
    groups = [
        (
            label.text(language),
            [
                (
                    _address(one, filters),
                    one.label.text(language),
                    one.code,
                    one.more.text(language),
                )
                for one in found
                if one.kind == kind
            ],
        )
        for kind, label in _KINDS.items()
    ]
    nothing = say("nothing that you may see is called “{asked}”", language, asked=asked)
    hint = say("enter a name, part of one, or a code, in the field at the top", language)
    return PAGES.get_template("frame_found.html.j2").render(
        groups=[group for group in groups if group[1]], nothing=nothing if asked else hint
    )


def _address(found: Found, filters: Filters) -> str:
    match found.kind:
        case "region":
            return filters.link("/city", region=found.code)
        case "enterprise":
            return filters.link("/enterprise", code=found.code)
        case "identifier":
            return filters.link("/identifiers", part="record", handle=found.code)
        case "cluster":
            return filters.link("/clusters", kind="cluster", key=found.code)
        case _:
            return filters.link("/city", story=f"{found.kind}:{found.code}")
