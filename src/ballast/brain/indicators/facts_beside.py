"""The facts that stand beside what enterprises report: trade, titles, days of plants, identifiers.

Each is brought into the shape of ``facts`` (one row for each enterprise and
period, after summing its own many rows) and kept as a table of its own: two of
them joined would multiply each other, whatever is summed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from ballast.brain.digitised import DAYS
from ballast.brain.indicators.facts import (
    industrial_enterprises,
    legs,
    literal_rows,
    times,
)
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["identifier_facts", "plant_facts", "title_facts", "trade_facts"]

Found = tuple[ir.Table, frozenset[Period]]


def trade_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return what enterprises exported and imported, by partner; and which periods are known.

    Rows of a region without an enterprise are left out: they hold the same trade once more.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.

    Returns
    -------
    tuple
        One row for each ``target``, ``uscc``, ``period`` and ``partner``:
        ``export_1e4_cny``, ``import_1e4_cny`` and the other columns of facts;
        and the periods that could be put together.
    """
    rows = lake.read("trade", viewer, as_of)
    rows = rows.filter(rows.uscc.fill_null("") != "")
    stored = [
        Period.parse(text)
        for text in rows.select("period").distinct().to_pyarrow()["period"].to_pylist()
    ]
    found = times(periods, stored)
    once = rows.aggregate(
        export_1e4_cny=rows.export_1e4_cny.sum(),
        import_1e4_cny=rows.import_1e4_cny.sum(),
        load_id=rows.load_id.max(),
        by=["uscc", "partner", "period"],
    )
    if registered is None:
        registered = registered_at(lake, viewer, found.made_of, registered_on, as_of)
    joined = once.inner_join(legs(found), "period").inner_join(registered, ["uscc", "target"])
    return joined, frozenset(found.made_of)


def title_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return how many titles each enterprise held at the end of each period, by tier.

    One that was closed by then holds none, whatever its certificates say.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.

    Returns
    -------
    tuple
        One row for each ``target``, ``uscc`` and ``tier``: ``titles``; and all
        the periods, or none where no title is loaded.
    """
    rows = lake.read("title", viewer, as_of)
    if not _any(rows):
        periods = ()
    ends = literal_rows(
        [{"target": str(p), "end": p.end} for p in periods], {"target": "string", "end": "date"}
    )
    joined = rows.cross_join(ends)
    joined = joined.filter(
        joined.awarded <= joined.end, (joined.expires >= joined.end).fill_null(True)
    )
    held = joined.aggregate(
        titles=joined.count(),
        load_id=joined.load_id.max(),
        end=joined.end.max(),
        by=["target", "uscc", joined.tier.fill_null("").name("tier")],
    )
    if registered is None:
        registered = registered_at(lake, viewer, periods, registered_on, as_of)
    whole = as_facts(held, registered)
    still_there = (whole.closed > whole.end).fill_null(True)
    return whole.filter(still_there).drop("end"), frozenset(periods)


def plant_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    today: date,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return whose plants told a day of the last 30 before the end of each period.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.
    today
        The end of a period that is not over.

    Returns
    -------
    tuple
        One row for each ``target`` and ``uscc``: ``days`` told, ``synthetic``,
        ``received_at``; and the periods that do not end before the first day
        that was told at all.
    """
    rows = lake.read("plant_daily", viewer, as_of)
    first = rows.day.min().to_pyarrow().as_py()
    known = [] if first is None else [p for p in periods if min(p.end, today) >= first]
    reach = timedelta(days=DAYS - 1)
    spans = literal_rows(
        [
            {"target": str(p), "since": min(p.end, today) - reach, "until": min(p.end, today)}
            for p in known
        ],
        {"target": "string", "since": "date", "until": "date"},
    )
    joined = rows.inner_join(spans, [rows.day >= spans.since, rows.day <= spans.until])
    told = joined.aggregate(
        days=joined.day.nunique(),
        synthetic=(joined.provenance == "synthetic").any(),
        received_at=joined.received_at.max(),
        by=["target", "uscc"],
    )
    if registered is None:
        registered = registered_at(lake, viewer, known, registered_on, as_of)
    return as_facts(told, registered), frozenset(known)


def identifier_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> Found:
    """Return how many identifiers each enterprise registered, and how many were resolved.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.

    Returns
    -------
    tuple
        One row for each ``target`` and ``uscc``: ``registered``, ``resolved``,
        ``synthetic``; and the periods within which any day was counted.
    """
    rows = lake.read("handle_daily", viewer, as_of)
    ends = rows.aggregate(first=rows.day.min(), last=rows.day.max()).to_pyarrow().to_pylist()[0]
    known = [
        p
        for p in periods
        if ends["first"] is not None and p.start <= ends["last"] and p.end >= ends["first"]
    ]
    spans = literal_rows(
        [{"target": str(p), "since": p.start, "until": p.end} for p in known],
        {"target": "string", "since": "date", "until": "date"},
    )
    rows = rows.filter(rows.uscc.fill_null("") != "")
    joined = rows.inner_join(spans, [rows.day >= spans.since, rows.day <= spans.until])
    counted = joined.aggregate(
        registered=joined.registered.sum(),
        resolved=joined.resolved.sum(),
        synthetic=(joined.provenance == "synthetic").any(),
        by=["target", "uscc"],
    )
    if registered is None:
        registered = registered_at(lake, viewer, known, registered_on, as_of)
    return as_facts(counted, registered), frozenset(known)


def registered_at(
    lake: Lake,
    viewer: Viewer,
    periods: Iterable[Period],
    registered_on: date | None,
    as_of: datetime | None,
) -> ir.Table:
    """Return who is registered at the end of each period, or on one day for all of them."""
    return industrial_enterprises(
        lake.read("enterprise", viewer, as_of), {p: registered_on or p.end for p in periods}
    )


def as_facts(rows: ir.Table, registered: ir.Table) -> ir.Table:
    """Return rows of one end or stretch each as facts: made of one part, which is the last."""
    joined = rows.inner_join(registered, ["uscc", "target"])
    return joined.mutate(
        period=joined.target, plus=ibis.literal(True), last=ibis.literal(True),
        parts=ibis.literal(1, "int64"),
    )  # fmt: skip


def _any(rows: ir.Table) -> bool:
    return bool(rows.limit(1).count().to_pyarrow().as_py())
