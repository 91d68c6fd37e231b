"""How good the loaded data are: how fresh, how complete, and who is missing.

The lake refuses a wrong row at the door, but a row that never came is refused
by nobody. What is missing is therefore counted here against what the data
themselves lead one to expect: the period before, and the enterprises that
reported in it. A list of who ought to report is not asked for, because no
bureau's list agrees with its own forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import ibis.expr.types as ir
import polars as pl

from ballast.brain.quality_reporting import Gap, Missing, Reporting, Share, coverage, reporting
from ballast.errors import NotPermitted
from ballast.lake.declare import Stage, Table
from ballast.lake.lake import Lake
from ballast.lake.tables import TABLES
from ballast.terms.period import Period, PeriodKind
from ballast.terms.viewer import Right, Viewer, operator

__all__ = ["Gap", "Missing", "Quality", "Reporting", "Share", "TableQuality", "quality"]


@dataclass(frozen=True, slots=True)
class TableQuality:
    """What stands of one table.

    Parameters
    ----------
    table
        Its declaration.
    rows, loads
        Current rows, and the loads that stand behind them.
    as_of
        When the newest of those loads was committed; ``None`` for an empty table.
    synthetic
        Whether any of those loads is of made-up data.
    oldest, newest
        The periods at both ends; ``None`` for a table without periods.
    skipped
        Months between both ends that no period of the table covers.
    coverage
        Of the units that the period before the newest held, how many the
        newest holds; ``None`` where there is no period before.
    """

    table: Table
    rows: int
    loads: int
    as_of: datetime | None
    synthetic: bool
    oldest: Period | None
    newest: Period | None
    skipped: tuple[Period, ...]
    coverage: Share | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The state of the data of a home."""

    tables: tuple[TableQuality, ...]
    reporting: Reporting | None


def quality(lake: Lake, viewer: Viewer, today: date) -> Quality:
    """Return how fresh and how complete the loaded data are.

    Parameters
    ----------
    lake
        Whose tables are looked at.
    viewer
        Who asks. The counts need the right to aggregates; the names of
        enterprises that of units, or to those enterprises.
    today
        Decides whether the newest period is late.

    Returns
    -------
    Quality

    Raises
    ------
    NotPermitted
        If the viewer may read published figures only.
    """
    if not (viewer.may(Right.READ_AGGREGATES) or viewer.may(Right.READ_UNITS)):
        raise NotPermitted("{who} may not see how complete the data are", who=viewer.name)
    # Counts are of all units, whoever asks; the names are sifted by right below.
    counter = operator("quality")
    live = lake.ledger.live()
    tables = tuple(
        _of_table(lake, declared, counter, live)
        for declared in TABLES.values()
        if declared.stage is Stage.LOADED
    )
    reports = lake.read("enterprise_period", counter)
    return Quality(tables, reporting(lake, reports, viewer, today))


def _of_table(lake: Lake, declared: Table, viewer: Viewer, live: pl.DataFrame) -> TableQuality:
    rows = lake.read(declared.name, viewer)
    mine = live.filter(pl.col("tables").str.split(",").list.contains(declared.name))
    as_of = mine["at"].max()
    height, periods = _counted(lake, rows)
    line = _comparable(periods)
    covered = None
    if len(line) > 1:
        covered = coverage(lake, rows, declared, str(line[-2]), str(line[-1]))
    return TableQuality(
        table=declared,
        rows=height,
        loads=mine.height,
        as_of=as_of if isinstance(as_of, datetime) else None,
        synthetic=bool((mine["provenance"] == "synthetic").any()),
        oldest=min(periods, key=lambda p: p.start) if periods else None,
        newest=max(periods, key=lambda p: (p.end, p.start)) if periods else None,
        skipped=_skipped(periods),
        coverage=covered,
    )


def _counted(lake: Lake, rows: ir.Table) -> tuple[int, list[Period]]:
    if "period" not in rows.columns:
        return int(rows.count().to_pyarrow().as_py()), []
    counted = rows.group_by("period").aggregate(n=rows.count())
    found = lake.engine.collect(counted).to_pylist()
    return sum(row["n"] for row in found), [Period.parse(row["period"]) for row in found]


def _comparable(periods: Sequence[Period]) -> list[Period]:
    """Return the periods that follow one another up to the newest, oldest first."""
    if not periods:
        return []
    newest = max(periods, key=lambda p: (p.end, p.start))
    short = (PeriodKind.MONTH, PeriodKind.JOINED)
    kinds = short if newest.kind in short else (newest.kind,)
    return sorted((p for p in periods if p.kind in kinds), key=lambda p: (p.end, p.start))


def _skipped(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Return the months or years between the ends that no period covers.

    Examples
    --------
    >>> have = [Period.parse(t) for t in ("2025-12", "2026-01..02", "2026-04")]
    >>> [str(period) for period in _skipped(have)]
    ['2026-03']
    >>> [str(period) for period in _skipped([Period.parse("2022"), Period.parse("2024")])]
    ['2023']
    """
    line = _comparable(periods)
    if not line:
        return ()
    if line[-1].kind is PeriodKind.YEAR:
        have = {p.year for p in line}
        years = range(min(have), max(have) + 1)
        return tuple(Period(PeriodKind.YEAR, year) for year in years if year not in have)
    covered = {month for p in line for month in p.months}
    first, last = min(covered), max(covered)
    return tuple(
        month
        for back in range(_months_between(first, last))
        for month in [first + back]
        if month not in covered
    )


def _months_between(first: Period, last: Period) -> int:
    return (last.year - first.year) * 12 + last.first_month - first.first_month
