"""Dates of a row that stand the wrong way round: an end before its start.

Each of the two is a sound date, so no check of a column finds it; a project
that ends before it starts would then be late, finished and never begun at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from ballast.lake.declare import Table
from ballast.lake.parsing import Verdict

__all__ = ["reversed_dates"]


def reversed_dates(declared: Table, frame: pl.DataFrame, sound: pl.Series) -> list[Verdict]:
    """Mark rows of which a later date stands before an earlier one.

    Parameters
    ----------
    declared
        The table; one that declares no order of dates marks nothing.
    frame
        Rows of the whole file, typed.
    sound : Series of bool
        Rows that are right otherwise; only they are looked at.

    Returns
    -------
    list of Verdict
        One for each declared pair; their values are asked by the index of the row, as text.
    """
    return [
        Verdict(
            (frame[last] < frame[first]).fill_null(value=False) & sound,
            "{later} is {end} and {earlier} is {start}; it cannot be before it",
            partial(_pair, declared, frame, first, last),
        )
        for first, last in declared.ordered
    ]


def _pair(
    declared: Table, frame: pl.DataFrame, first: str, last: str, index: str
) -> Mapping[str, object]:
    row = frame.row(int(index), named=True)
    return {
        "later": declared.column(last).label,
        "earlier": declared.column(first).label,
        "start": row[first].isoformat(),
        "end": row[last].isoformat(),
    }
