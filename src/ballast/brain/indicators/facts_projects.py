"""The facts of projects beside what enterprises report: investment by month, counts by day.

In the shape of ``facts``: one row for each enterprise and period, after its
many projects are summed, so that nothing that an enterprise has several of
multiplies anything else of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis.expr.types as ir

from ballast.brain.indicators.facts import legs, literal_rows, times
from ballast.brain.indicators.facts_beside import as_facts, registered_at
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["project_facts", "project_month_facts"]

Found = tuple[ir.Table, frozenset[Period]]
_GIVEN_UP = "cancelled"


def project_month_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return what the projects of each enterprise invested; and which periods are known.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.

    Returns
    -------
    tuple
        One row for each ``target``, ``uscc`` and ``period``: ``invested_1e4_cny`` and the other
        columns of facts; and the periods that could be put together.
    """
    rows = lake.read("project_month", viewer, as_of)
    stored = [
        Period.parse(text)
        for text in rows.select("period").distinct().to_pyarrow()["period"].to_pylist()
    ]
    found = times(periods, stored)
    once = rows.aggregate(
        invested_1e4_cny=rows.invested_1e4_cny.sum(),
        load_id=rows.load_id.max(),
        by=["uscc", "period"],
    )
    if registered is None:
        registered = registered_at(lake, viewer, found.made_of, registered_on, as_of)
    joined = once.inner_join(legs(found), "period").inner_join(registered, ["uscc", "target"])
    return joined, frozenset(found.made_of)


def project_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return how many projects each enterprise finished in a period, and had under way at its end.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.

    Returns
    -------
    tuple
        One row for each ``target`` and ``uscc``: ``finished_projects``, ``open_projects``; and the
        periods that begin before the last day on which a project started or ended.
    """
    rows = lake.read("project", viewer, as_of)
    ends = rows.aggregate(
        started=rows.started.max(), finished=rows.finished.max()
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    last = max((day for day in ends.values() if day is not None), default=None)
    known = [] if last is None else [p for p in periods if p.start <= last]
    spans = literal_rows(
        [{"target": str(p), "since": p.start, "until": p.end} for p in known],
        {"target": "string", "since": "date", "until": "date"},
    )
    joined = rows.cross_join(spans)
    done = ((joined.finished >= joined.since) & (joined.finished <= joined.until)).fill_null(False)
    begun = (joined.started <= joined.until).fill_null(False)
    over = (joined.finished <= joined.until).fill_null(False) | (joined.status == _GIVEN_UP)
    counted = joined.aggregate(
        finished_projects=done.cast("int64").sum(),
        open_projects=(begun & ~over).cast("int64").sum(),
        load_id=joined.load_id.max(),
        by=["target", "uscc"],
    )
    if registered is None:
        registered = registered_at(lake, viewer, known, registered_on, as_of)
    return as_facts(counted, registered), frozenset(known)
