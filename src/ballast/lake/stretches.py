"""Stretches of time in a sheet: each ends after it starts, and no two of one thing overlap.

A key of machine and start keeps the same stop from standing twice; it does not
keep two stops from lying over each other, of which every minute would count
twice. So a sheet is held against itself and against what stands already.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial

import polars as pl

from ballast.lake.declare import Stretch, Table
from ballast.lake.parsing import Verdict

__all__ = ["stretches"]


def stretches(
    declared: Table,
    frame: pl.DataFrame,
    sound: pl.Series,
    standing: pl.DataFrame | None,
    zone: tzinfo | None = None,
) -> list[Verdict]:
    """Mark rows that end before they start, or overlap another row.

    Parameters
    ----------
    declared
        The table; one without stretches marks nothing.
    frame
        Rows of the whole file, typed.
    sound : Series of bool
        Rows that are right otherwise; only they are looked at.
    standing
        Thing, start and end of the rows that stand; a row of the file with the same thing and
        start takes the place of the standing one.
    zone
        By whose clock times are said; ``None``: UTC.

    Returns
    -------
    list of Verdict
        Their values are asked by the index of the row, as text.

    Notes
    -----
    A row without an end goes on, and ends where the next one of its thing starts: it overlaps
    what it starts in, and nothing that comes later.
    """
    kind = declared.stretch
    if kind is None:
        return []
    start, end = frame[kind.start], frame[kind.end]
    backward = (end < start) if kind.moments else (end <= start)
    backward = backward.fill_null(value=False) & sound
    verdicts = [
        Verdict(
            backward,
            "it ends at {end} and starts at {start}; it must end later",
            partial(_ends, frame, kind, zone),
        )
    ]
    over = _overlapping(frame, kind, sound & ~backward, standing)
    wrong = pl.Series([index in over for index in range(frame.height)], dtype=pl.Boolean)
    verdicts.append(
        Verdict(
            wrong,
            "it overlaps the time from {start} to {end} of the same {thing}; mend the times, or "
            "withdraw the load that holds the other",
            partial(_other, over, declared, kind, zone),
        )
    )
    return verdicts


def _ends(
    frame: pl.DataFrame, kind: Stretch, zone: tzinfo | None, index: str
) -> Mapping[str, object]:
    row = frame.row(int(index), named=True)
    return {"start": _shown(row[kind.start], zone), "end": _shown(row[kind.end], zone)}


def _other(
    over: Mapping[int, tuple[datetime, datetime | None]],
    declared: Table,
    kind: Stretch,
    zone: tzinfo | None,
    index: str,
) -> Mapping[str, object]:
    start, end = over[int(index)]
    return {
        "start": _shown(start, zone),
        "end": _shown(end, zone),
        "thing": declared.column(kind.of).label,
    }


def _shown(moment: datetime | None, zone: tzinfo | None) -> str:
    if moment is None:
        return "…"
    if zone is None:
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _overlapping(
    frame: pl.DataFrame, kind: Stretch, wanted: pl.Series, standing: pl.DataFrame | None
) -> dict[int, tuple[datetime, datetime | None]]:
    """Return the rows of the file that overlap, each with the stretch that it overlaps."""
    names = (kind.of, kind.start, kind.end)
    own = frame.with_row_index("at").filter(wanted).select("at", *names)
    own = own.filter(pl.col(kind.start).is_not_null())
    rows = own.with_columns(pl.col("at").cast(pl.Int64))
    if standing is not None:
        kept = standing.join(own, on=[kind.of, kind.start], how="anti")
        rows = pl.concat(
            [rows, kept.select(pl.lit(-1, dtype=pl.Int64).alias("at"), *names)],
            how="vertical_relaxed",
        )
    rows = rows.filter(pl.col(kind.end).is_null() | (pl.col(kind.end) > pl.col(kind.start)))
    found: dict[int, tuple[datetime, datetime | None]] = {}
    before: tuple[int, object, datetime, datetime] | None = None
    for at, thing, start, end in rows.sort(kind.of, kind.start, "at").iter_rows():
        if before is not None and before[1] == thing and start < before[3]:
            if at >= 0:
                found.setdefault(at, (before[2], before[3]))
            if before[0] >= 0:
                found.setdefault(before[0], (start, end))
        # A row that goes on ends where the next starts: nothing later lies in it.
        if end is not None and (before is None or before[1] != thing or end > before[3]):
            before = (at, thing, start, end)
    return found
