"""Where a file of readings tells its times, and what they mean.

Every program writes them in its own way; the way of a file is the one in which
every row of it can be read. A file whose dates can be read with the day or with
the month first is refused: a guess would be right until the thirteenth.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.errors import Refused, WrongUsage
from ballast.lake.sheets.grid import Grid

__all__ = ["find_times"]

Ints = npt.NDArray[np.int64]

# Each with the zone where it may have one; the first that reads every filled cell is taken.
_FORMATS = tuple(
    date + between + time + zone
    for date in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
    for between in (" ", "T")
    for time in ("%H:%M:%S%.f", "%H:%M")
    for zone in ("", "%:z", "Z")
)
# Day or month first: a file whose every date can be read both ways is refused.
_DAY_FIRST, _MONTH_FIRST = (
    tuple(
        date.replace("-", mark) + " " + time for mark in "-/." for time in ("%H:%M:%S%.f", "%H:%M")
    )
    for date in ("%d-%m-%Y", "%m-%d-%Y")
)
_SEARCHED = 20
# Under these names a column of plain numbers is taken for times.
_TIME_NAMES = frozenset((
    "time", "timestamp", "datetime", "date", "ts", "at", "epoch", "unix", "_time", "时间", "时间戳",
    "日期", "采样时间", "采集时间",
))  # fmt: skip
# Seconds, ms, µs and ns from 1973 to 5138; their ranges do not meet.
_COUNTS = (
    (1e8, 1e11, 1e3), (1e11, 1e14, 1.0), (1e14, 1e17, 1e-3), (1e17, 1e20, 1e-6),
)  # fmt: skip


def find_times(path: Path, grid: Grid, zone: tzinfo, named: str | None = None) -> tuple[int, Ints]:
    """Return which column holds the times, and them.

    Parameters
    ----------
    path
        Of the file, for what is said of it.
    grid
        As read.
    zone
        Whose wall clock a time without zone means.
    named
        The column; none: the first that holds a time in every row.

    Returns
    -------
    int
        The place of the column.
    ndarray of int64, shape (rows,)
        Epoch ms UTC.

    Raises
    ------
    Refused
        If there is none, or its dates can be read in two ways.
    WrongUsage
        If there is no column of that name.
    """
    names = [header.text for header in grid.headers]
    if named is not None and named not in names:
        raise WrongUsage(
            "{path}: there is no column {name}; its columns are: {columns}",
            path=path,
            name=named,
            columns=", ".join(names[:_SEARCHED]),
        )
    twofold = False
    places = range(min(len(names), _SEARCHED)) if named is None else (names.index(named),)
    for at in places:
        cells = grid.frame[f"c{at}"]
        if (named is not None or _is_time(names[at])) and (counted := _counted(cells)) is not None:
            return at, counted
        if isinstance(cells.dtype, pl.Datetime):
            return at, _epoch(cells, zone)
        if cells.dtype != pl.String or cells.null_count():
            continue
        text = cells.str.strip_chars()
        for form in _FORMATS:
            if (read := _read(text, form)) is not None:
                return at, _epoch(read, zone)
        day = next((s for f in _DAY_FIRST if (s := _read(text, f)) is not None), None)
        month = next((s for f in _MONTH_FIRST if (s := _read(text, f)) is not None), None)
        twofold = twofold or (day is not None and month is not None)
        one = day if month is None else month if day is None else None
        if one is not None:
            return at, _epoch(one, zone)
    if twofold:
        raise Refused(
            "{path}: its dates can be read with the day or the month first; "
            "write them as 2026-11-23 08:00:00",
            path=path,
        )
    raise Refused(
        "{path}: no column holds a time in every row; write times as 2026-11-23 08:00:00",
        path=path,
    )


def _read(text: pl.Series, form: str) -> pl.Series | None:
    """Return cells read as times of one form, or nothing where one of them is not."""
    if not len(text) or text[:1].str.strptime(pl.Datetime("ms"), form, strict=False).null_count():
        return None
    found = text.str.strptime(pl.Datetime("ms"), form, strict=False)
    return None if found.null_count() else found


def _epoch(moments: pl.Series, zone: tzinfo) -> Ints:
    dtype = moments.dtype
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        # Of an hour that a clock change gives twice, the first is meant; of none, the next.
        moments = pl.Series(
            [moment.replace(tzinfo=zone).astimezone(UTC) for moment in moments.to_list()]
            if zone is not UTC
            else moments.dt.replace_time_zone("UTC")
        )
    return moments.dt.epoch("ms").to_numpy().astype(np.int64)


def _is_time(name: str) -> bool:
    return name.strip().casefold() in _TIME_NAMES


def _counted(cells: pl.Series) -> Ints | None:
    """Return times that are told as a number since 1970, by the size of all of them."""
    found = cells.cast(pl.Float64, strict=False) if _may_count(cells) else None
    if found is None or not len(found) or found.null_count():
        return None
    numbers = found.to_numpy()
    for low, high, factor in _COUNTS:
        if ((numbers >= low) & (numbers < high)).all():
            return np.round(numbers * factor).astype(np.int64)
    return None


def _may_count(cells: pl.Series) -> bool:
    return cells.dtype == pl.String or cells.dtype.is_numeric()
