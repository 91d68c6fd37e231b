"""The shop floor for programs: machines now, OEE, control charts, energy, the data themselves.

What the Factory page shows, from the same reports, kept by the same desk and
seen by the same people: whoever may not see the machines on the page does not
by a key either. Every list comes in pages, for a site may have ten thousand
tags and a chart a hundred thousand points.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Query

from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import KPIS
from ballast.plant.reports.energy import energy_report
from ballast.plant.reports.live import machines_now
from ballast.plant.reports.oee import By, oee_report
from ballast.plant.site import Site
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.cursors import page
from ballast.portal.api.factory_shapes import (
    ChartShape,
    EnergyShape,
    Machines,
    Oee,
    Quality,
    Tags,
    moment,
)
from ballast.portal.api.factory_telling import (
    chart_shape,
    collector_shape,
    energy_shape,
    machine_shape,
    oee_row_shape,
    point_shape,
    quality_shape,
    site_shape,
    tag_shape,
)
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.factory_commands import oee_command
from ballast.portal.factory_data import quality_rows
from ballast.portal.factory_desk import FactoryDesk, desk_of
from ballast.portal.factory_marks import marked, rules_of
from ballast.portal.factory_quality import chart_report
from ballast.portal.factory_rights import sees_machines
from ballast.portal.factory_span import span_of
from ballast.portal.factory_subjects import Asked, Subject, subject_of

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["factory"])
Answer = TypeVar("Answer")

SpanName = Annotated[
    str,
    Query(
        max_length=40,
        description="`shift`, `last-shift`, `today`, `yesterday`, `week`, `month`, a day "
        "`2026-11-23`, or days `2026-11-16..2026-11-22`; by the clock of the site.",
    ),
]
Machine = Annotated[
    str, Query(max_length=250, description="An asset of the mapping, with all below it.")
]
Kinds = Literal["i_mr", "xbar_r", "xbar_s", "ewma", "cusum", "p", "np", "c", "u"]


def _opened(ask: Caller) -> tuple[FactoryDesk, Site]:
    """Return the desk and the mapping, for a caller who may see the machines."""
    ask.private()
    desk = desk_of(ask.context)
    site = desk.site()
    if site is None:
        raise NotFound(
            "this home has no mapping of a plant; give one with `ballast plant serve --site FILE`"
        )
    if not sees_machines(ask.viewer, site):
        raise NotPermitted("the machines of this home are seen by their own enterprise alone")
    return desk, site


def _answer(
    ask: Caller, desk: FactoryDesk, what: tuple[Hashable, ...], work: Callable[[Lake], Answer]
) -> Answer:
    ask.audit(f"factory: {' '.join(str(part) for part in what)}"[:200], 1)
    return desk.ask(ask.viewer, ("api", *what), work).result()


def _known(site: Site, machine: str) -> str:
    if machine and machine not in site.assets:
        raise NotFound("there is no machine {asset} in the mapping", asset=machine[:80])
    return machine


@router.get("/api/v1/factory/machines", operation_id="listMachines")
def machines(ask: Asker, limit: Limit = 100, cursor: Cursor = None) -> Machines:
    """List the machines as they are at this moment, with the last values of their tags."""
    desk, site = _opened(ask)
    now_ms, live = desk.now_ms, desk.live()
    ask.audit("factory: machines now", 1)
    found = machines_now(site, live, now_ms)
    kept, more = page(found, ["machines"], limit, cursor)
    at = moment(now_ms)
    assert at is not None  # noqa: S101  the present is a moment
    return Machines(
        as_of=at,
        site=site_shape(site),
        collector=None if live is None else collector_shape(live, ask.language),
        machines=[machine_shape(one, ask.language) for one in kept],
        next=more,
    )


@router.get("/api/v1/factory/oee", operation_id="readOee")
def oee(
    ask: Asker,
    span: SpanName = "today",
    machine: Machine = "",
    by: By = "asset",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Oee:
    """Read the indicators of ISO 22400-2 with what they are made of, and where the time went."""
    desk, site = _opened(ask)
    chosen = span_of(span, site, desk.now_ms)
    assets = [_known(site, machine)] if machine else None
    report = _answer(
        ask, desk, ("oee", chosen.name, chosen.window.end_ms, machine, by),
        lambda lake: oee_report(
            lake, ask.viewer, chosen.window, assets=assets, by=by, site=site
        ),
    )  # fmt: skip
    kept, more = page(report.rows, ["oee", span, machine, by], limit, cursor)
    return Oee(
        site=site_shape(site),
        start=moment(chosen.window.start_ms),
        end=moment(chosen.window.end_ms),
        by=by,
        formulas={name: one.formula for name, one in KPIS.items()},
        total=None if report.total is None else oee_row_shape(report.total, ask.language),
        rows=[oee_row_shape(row, ask.language) for row in kept],
        notes=[note.text(ask.language) for note in report.notes],
        command=oee_command(chosen.window, machine),
        next=more,
    )


@router.get("/api/v1/factory/chart", operation_id="readChart")
def chart(
    ask: Asker,
    subject: Annotated[
        str,
        Query(
            max_length=500,
            description="`tag:PATH`, or `of:ASSET|CHARACTERISTIC` for what is inspected; "
            "`/factory/tags` tells those of tags.",
        ),
    ],
    span: SpanName = "today",
    kind: Kinds = "i_mr",
    group: Annotated[
        str,
        Query(
            pattern=r"^(|count:([2-9]|[1-9]\d{1,3})|time:[1-9]\d{0,5})$",
            description="Subgroups: `count:5` in a row, `time:60` seconds; by the mapping or the "
            "sample where empty.",
        ),
    ] = "",
    rules: Literal["nelson", "western"] = "nelson",
    limit: Limit = 500,
    cursor: Cursor = None,
) -> ChartShape:
    """Read a control chart: points with their limits, rules and batches; and capability."""
    desk, site = _opened(ask)
    chosen = span_of(span, site, desk.now_ms)
    named = subject_of(subject)
    asked = Asked(Subject(subject, site.name, (kind,)), kind, group, rules, chosen)
    report = _answer(
        ask, desk, ("chart", subject, kind, group, rules, chosen.name, chosen.window.end_ms),
        lambda lake: chart_report(lake, ask.viewer, site, asked),
    )  # fmt: skip
    marks = marked(report.charts, rules_of(rules), 0)
    places, more = page(
        range(len(report.starts_ms)), ["chart", subject, span, kind, group, rules], limit, cursor
    )
    points = [point_shape(report, marks, at) for at in places]
    return chart_shape(report, marks, points, site, chosen, named, more, ask.language)


@router.get("/api/v1/factory/energy", operation_id="readEnergy")
def energy(ask: Asker, span: SpanName = "today", machine: Machine = "") -> EnergyShape:
    """Read what energy was used, in which band of the tariff, for what, and its carbon."""
    desk, site = _opened(ask)
    chosen = span_of(span, site, desk.now_ms)
    assets = [_known(site, machine)] if machine else None
    report = _answer(
        ask, desk, ("energy", chosen.name, chosen.window.end_ms, machine),
        lambda lake: energy_report(lake, ask.viewer, chosen.window, site=site, assets=assets),
    )  # fmt: skip
    return energy_shape(report, site, chosen, ask.language)


@router.get("/api/v1/factory/quality", operation_id="readDataQuality")
def quality(
    ask: Asker,
    span: SpanName = "today",
    machine: Machine = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Quality:
    """Read how good the data of each tag are: coverage, gaps, late, duplicate, stale."""
    desk, site = _opened(ask)
    chosen, now_ms, live = span_of(span, site, desk.now_ms), desk.now_ms, desk.live()
    _known(site, machine)
    found = _answer(
        ask, desk, ("quality", chosen.name, chosen.window.end_ms, machine),
        lambda lake: quality_rows(lake, ask.viewer, site, chosen, now_ms, live, machine),
    )  # fmt: skip
    kept, more = page(found, ["quality", span, machine], limit, cursor)
    return Quality(
        site=site_shape(site),
        start=moment(chosen.window.start_ms),
        end=moment(chosen.window.end_ms),
        tags=[quality_shape(one, ask.language) for one in kept],
        next=more,
    )


@router.get("/api/v1/factory/tags", operation_id="listTags")
def tags(ask: Asker, machine: Machine = "", limit: Limit = 100, cursor: Cursor = None) -> Tags:
    """List the tags of the mapping."""
    _, site = _opened(ask)
    held = None
    if _known(site, machine):
        held = {asset.asset for asset in site.under(machine)}
    found = [tag for tag in site.tags.values() if held is None or tag.asset in held]
    kept, more = page(found, ["tags", machine], limit, cursor)
    return Tags(site=site_shape(site), tags=[tag_shape(tag) for tag in kept], next=more)
