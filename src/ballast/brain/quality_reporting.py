"""Who reports every month, who has not, and which months were left out before.

Kept apart from the freshness of tables because it alone names enterprises:
what one viewer may read here, another gets as a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ballast.brain.picture_periods import Frame, frame_of
from ballast.lake.declare import Table
from ballast.lake.lake import Lake
from ballast.lake.tables import TABLES
from ballast.terms.period import Period, PeriodKind
from ballast.terms.viewer import Right, Viewer

__all__ = ["Gap", "Missing", "Reporting", "Share", "coverage", "gaps", "missing", "reporting"]

MOST_LISTED = 2_000  # enterprises named one by one; the counts are of all


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those expected are there.

    Parameters
    ----------
    there, expected
        Counts; ``there`` counts only those that were expected.
    """

    there: int
    expected: int

    @property
    def fraction(self) -> float | None:
        """The share, 0 to 1; ``None`` where nobody was expected."""
        return self.there / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Missing:
    """An enterprise that reported above scale in the period before and has no row in the newest."""

    uscc: str
    name: str
    region: str
    industry: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The periods that an enterprise left out between its first report and its last."""

    uscc: str
    name: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who reports every month, and who does not.

    Parameters
    ----------
    newest, before
        The newest reporting period, and the one that says who is expected.
    late
        Whether the newest is older than the calendar lets one expect: the
        month before the one just past, since forms come a month later.
    coverage
        Of the enterprises expected, those with a row.
    missing
        Those without, as far as the viewer may know them.
    gap_enterprises, gap_periods
        How many enterprises left out how many periods in all.
    gaps
        Which, as far as the viewer may know them.
    named
        Whether the viewer may know them all.
    """

    newest: Period
    before: Period | None
    late: bool
    coverage: Share | None
    missing: tuple[Missing, ...]
    gap_enterprises: int
    gap_periods: int
    gaps: tuple[Gap, ...]
    named: bool


def coverage(lake: Lake, rows: ir.Table, declared: Table, before: str, newest: str) -> Share:
    """Return how many units of one period are there again in the next.

    Parameters
    ----------
    rows
        Of the table ``declared``, which has a column ``period``. A unit is what
        its key names beside the period: an enterprise, an industry in a county.
        Of enterprises only those above scale are expected again.
    before, newest
        Two of its periods, as stored.
    """
    row = lake.engine.collect(_again(rows, declared, before, newest)).to_pylist()[0]
    return Share(int(row["there"]), int(row["expected"]))


def _again(rows: ir.Table, declared: Table, before: str, newest: str) -> ir.Table:
    """Return one row: units of the period before (``expected``), those again there (``there``)."""
    units = [name for name in declared.key if name != "period"]
    scope = rows.filter(rows.period == before)
    if "above_scale" in rows.columns:
        scope = scope.filter(scope.above_scale)
    expected = scope.select(*units).distinct()
    now = rows.filter(rows.period == newest).select(*units).distinct()
    there = expected.semi_join(now, units)
    return expected.aggregate(expected=expected.count()).cross_join(
        there.aggregate(there=there.count())
    )


def reporting(lake: Lake, reports: ir.Table, viewer: Viewer, today: date) -> Reporting | None:
    """Return who has not reported the newest period, and who left out earlier ones.

    Parameters
    ----------
    lake
        Where names are looked up, as the viewer may read them.
    reports
        The table ``enterprise_period`` with the rows of everybody.
    viewer
        Who asks; decides which enterprises are named.
    today
        Decides whether the newest period is late.

    Returns
    -------
    Reporting or None
        ``None`` while nobody has reported anything.
    """
    periods = lake.engine.collect(reports.select("period").distinct())["period"].to_pylist()
    frame = frame_of([Period.parse(period) for period in periods])
    if frame is None:
        return None
    stands = {period: _stored_as(frame, period) for period in frame.history}
    newest = frame.latest
    before = frame.history[-2] if len(frame.history) > 1 else None
    covered: Share | None = None
    absent: tuple[Missing, ...] = ()
    if before is not None:
        late = missing(reports, str(stands[before]), str(stands[newest]))
        ends = (str(stands[before]), str(stands[newest]))
        covered = coverage(lake, reports, TABLES["enterprise_period"], *ends)
        absent = _named_missing(lake, late, viewer)
    left_out = gaps(reports, _periods_table(lake, stands))
    totals = lake.engine.collect(
        left_out.aggregate(n=left_out.count(), who=left_out.uscc.nunique())
    ).to_pylist()[0]
    return Reporting(
        newest=newest,
        before=before,
        late=_is_late(newest, today),
        coverage=covered,
        missing=absent,
        gap_enterprises=int(totals["who"]),
        gap_periods=int(totals["n"]),
        gaps=_named_gaps(lake, left_out, viewer),
        named=viewer.may(Right.READ_UNITS),
    )


def _stored_as(frame: Frame, period: Period) -> Period:
    """Return the stored period in whose rows a report of this period shows."""
    return max(x.period for x in frame.made_of[period] if x.sign > 0)


def _is_late(newest: Period, today: date) -> bool:
    if newest.kind not in (PeriodKind.MONTH, PeriodKind.JOINED):
        return False
    month = today.year * 12 + today.month - 1
    reported = newest.end.year * 12 + newest.end.month - 1
    due = month - 2
    if due % 12 == 0:  # January is reported with February
        due -= 1
    return reported < due


def missing(reports: ir.Table, before: str, newest: str) -> ir.Table:
    """Return the enterprises above scale in one period that have no row in the next.

    Parameters
    ----------
    reports
        The table ``enterprise_period``.
    before, newest
        Two of its periods, as stored.

    Returns
    -------
    ir.Table
        ``uscc``.
    """
    expected = reports.filter(reports.period == before, reports.above_scale)
    now = reports.filter(reports.period == newest)
    return expected.select("uscc").distinct().anti_join(now.select("uscc"), "uscc")


def gaps(reports: ir.Table, periods: ir.Table) -> ir.Table:
    """Return the periods that enterprises left out between their first report and their last.

    A year in which an enterprise never reported is no gap: it was below scale then.

    Parameters
    ----------
    reports
        The table ``enterprise_period``.
    periods
        ``period`` as stored, its ``place`` in the line of periods, its ``year``.

    Returns
    -------
    ir.Table
        ``uscc``, ``period``, ``place``: one row a period left out.
    """
    seen = (
        reports.filter(reports.above_scale).select("uscc", "period").inner_join(periods, "period")
    )
    ends = seen.group_by("uscc").aggregate(first=seen.place.min(), last=seen.place.max())
    years = seen.select("uscc", "year").distinct()
    due = years.inner_join(periods, "year").select("uscc", "period", "place")
    due = due.inner_join(ends, "uscc")
    due = due.filter(due.place > due.first, due.place < due.last)
    reported = reports.select("uscc", "period").distinct()
    return due.anti_join(reported, ["uscc", "period"]).select("uscc", "period", "place")


def _periods_table(lake: Lake, stands: Mapping[Period, Period]) -> ir.Table:
    line = list(stands.values())
    return lake.engine.memory(
        pa.table(
            {
                "period": pa.array([str(p) for p in line], pa.string()),
                "place": pa.array(range(len(line)), pa.int64()),
                "year": pa.array([p.year for p in line], pa.int64()),
            }
        )
    )


def _mine(rows: ir.Table, viewer: Viewer) -> ir.Table:
    """Return the rows of the enterprises that the viewer may know of."""
    if viewer.may(Right.READ_UNITS):
        return rows
    return rows.filter(rows.uscc.isin(sorted(viewer.enterprises)))


def _with_names(lake: Lake, rows: ir.Table, viewer: Viewer) -> ir.Table:
    """Add the newest name and place; one that reports before it is registered has only a code."""
    register = lake.read("enterprise", viewer)
    order = ibis.row_number().over(
        ibis.window(group_by="uscc", order_by=register.valid_from.desc())
    )
    newest = register.mutate(newest_first=order)
    names = newest.filter(newest.newest_first == 0)
    return _mine(rows, viewer).left_join(names.select("uscc", "name", "region", "industry"), "uscc")


def _may_name(viewer: Viewer) -> bool:
    return viewer.may(Right.READ_UNITS) or bool(viewer.enterprises)


def _named_missing(lake: Lake, late: ir.Table, viewer: Viewer) -> tuple[Missing, ...]:
    if not _may_name(viewer):
        return ()
    rows = _with_names(lake, late, viewer).order_by("region", "uscc").limit(MOST_LISTED)
    return tuple(
        Missing(r["uscc"], r["name"] or "", r["region"] or "", r["industry"] or "")
        for r in lake.engine.collect(rows).to_pylist()
    )


def _named_gaps(lake: Lake, left_out: ir.Table, viewer: Viewer) -> tuple[Gap, ...]:
    if not _may_name(viewer):
        return ()
    rows = _with_names(lake, left_out, viewer).order_by("uscc", "place").limit(MOST_LISTED)
    found: dict[tuple[str, str], list[Period]] = {}
    for row in lake.engine.collect(rows).to_pylist():
        key = (row["uscc"], row["name"] or "")
        found.setdefault(key, []).append(Period.parse(row["period"]))
    listed = [Gap(uscc, name, tuple(periods)) for (uscc, name), periods in found.items()]
    return tuple(sorted(listed, key=lambda gap: (-len(gap.periods), gap.uscc)))
