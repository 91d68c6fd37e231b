"""How fresh and how complete the loaded data are."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from ballast.brain.quality import Reporting, Share, TableQuality, quality
from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import CoverageShape, LabelShape, Shape, label_shape

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["quality"])


class TableState(Shape):
    """What stands of one table."""

    table: str
    label: LabelShape
    rows: int
    loads: int
    as_of: datetime | None = Field(description="When the newest of its loads was committed.")
    synthetic: bool
    oldest: str | None
    newest: str | None
    skipped: list[str] = Field(description="Periods in between that nothing covers.")
    coverage: CoverageShape | None


class MissingShape(Shape):
    """An enterprise that reported before and has not for the newest period."""

    uscc: str
    name: str
    region: str
    industry: str


class GapShape(Shape):
    """Periods that an enterprise left out."""

    uscc: str
    name: str
    periods: list[str]


class ReportingShape(Shape):
    """Who reports every month, and who does not."""

    newest: str
    before: str | None
    late: bool
    coverage: CoverageShape | None
    named: bool = Field(description="Whether the caller may know all that are missing by name.")
    missing: list[MissingShape]
    gap_enterprises: int
    gap_periods: int
    gaps: list[GapShape]


class QualityShape(Shape):
    """The state of the data."""

    tables: list[TableState]
    reporting: ReportingShape | None


@router.get("/api/v1/quality", operation_id="readQuality")
def read_quality(ask: Asker) -> QualityShape:
    """Return per table how fresh and complete it is, and who has not reported."""
    today = ask.context.clock().date()
    with ask.lakes.lend() as lake:
        found = quality(lake, ask.viewer, today)
        ask.tagged(lake, units=True, more=str(today))
    reporting = found.reporting
    if reporting is not None and (named := len(reporting.missing) + len(reporting.gaps)):
        ask.audit("quality", named)
    return QualityShape(
        tables=[_table(one) for one in found.tables],
        reporting=None if reporting is None else _reporting(reporting),
    )


def _share(share: Share | None) -> CoverageShape | None:
    return None if share is None else CoverageShape(reported=share.there, expected=share.expected)


def _table(one: TableQuality) -> TableState:
    return TableState(
        table=one.table.name,
        label=label_shape(one.table.label),
        rows=one.rows,
        loads=one.loads,
        as_of=one.as_of,
        synthetic=one.synthetic,
        oldest=None if one.oldest is None else str(one.oldest),
        newest=None if one.newest is None else str(one.newest),
        skipped=[str(period) for period in one.skipped],
        coverage=_share(one.coverage),
    )


def _reporting(one: Reporting) -> ReportingShape:
    return ReportingShape(
        newest=str(one.newest),
        before=None if one.before is None else str(one.before),
        late=one.late,
        coverage=_share(one.coverage),
        named=one.named,
        missing=[
            MissingShape(uscc=m.uscc, name=m.name, region=m.region, industry=m.industry)
            for m in one.missing
        ],
        gap_enterprises=one.gap_enterprises,
        gap_periods=one.gap_periods,
        gaps=[
            GapShape(uscc=g.uscc, name=g.name, periods=[str(p) for p in g.periods])
            for g in one.gaps
        ],
    )
