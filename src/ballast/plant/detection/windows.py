"""From rows of readings to lagged windows: one way, whatever the rows were cut into.

A detector looks back over a fixed number of rows, its reach. Whoever judges a
stream keeps that many rows and puts them before those that arrive; whoever
judges a batch has them already. All that is done here is therefore a function
of the last rows alone, and is added up in an order of its own, lag by lag and
tag by tag: a matrix product from a library adds in an order that depends on
how many rows there are, and then a stream and a batch differ in their last
bits, which at a limit is the difference between an alarm and none.

A value that is missing is taken to be the last one known, for a few rows; a
pause in time ends all windows, because rows on either side are no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.detection.findings import Flags, Times
from ballast.plant.measures.ratios import Floats

__all__ = ["Shape", "held", "lagged", "pause_of", "readings", "smoothed", "whole"]

# How many times the usual step a step may be before the rows on either side are no neighbours.
_PAUSE = 10
# Readings beyond this are as far off as can be; the squares of larger ones are no numbers.
_FAR = 1e100


@dataclass(frozen=True, slots=True)
class Shape:
    """Over which rows a detector looks back.

    Parameters
    ----------
    lags
        How many rows, each smoothed, make a window.
    smooth
        Over how many rows each is averaged.
    hold
        For how many rows a missing value is taken to be the last one known.
    """

    lags: int
    smooth: int
    hold: int

    def __post_init__(self) -> None:
        if min(self.lags, self.smooth) < 1 or self.hold < 0:
            raise Refused(
                "a window of {lags} rows, smoothed over {smooth} and held for {hold}, is none; "
                "the first two must be at least 1, the last at least 0",
                lags=self.lags,
                smooth=self.smooth,
                hold=self.hold,
            )

    @property
    def span(self) -> int:
        """How many rows a window is made of."""
        return self.lags + self.smooth - 1

    @property
    def reach(self) -> int:
        """How many rows before a row can have a say in it."""
        return self.span - 1 + self.hold


def readings(times: Times, values: Floats, tags: int) -> tuple[Times, Floats]:
    """Return rows as they are judged: numbers that are finite or nan, in order of time.

    Parameters
    ----------
    times
        Epoch ms UTC, of shape (rows,).
    values
        Of shape (rows, tags).
    tags
        How many there must be.

    Raises
    ------
    Refused
        If shapes do not fit, or a row is not later than the one before it.
    """
    moments = np.asarray(times, dtype=np.int64)
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or moments.ndim != 1 or len(table) != len(moments):
        raise Refused(
            "the rows to judge are a table of {rows} and there are {times} times; "
            "give each row one time",
            rows=" × ".join(map(str, table.shape)),
            times=moments.size,
        )
    if table.shape[1] != tags:
        raise Refused(
            "the rows have {tags} tags, the detector knows {wanted}; give the same ones",
            tags=table.shape[1],
            wanted=tags,
        )
    back = np.flatnonzero(np.diff(moments) <= 0)
    if len(back):
        raise Refused(
            "row {row} is not later than the one before it; sort the rows by time, each time once",
            row=int(back[0]) + 2,
        )
    return moments, np.where(np.isfinite(table), np.clip(table, -_FAR, _FAR), np.nan)


def pause_of(times: Times) -> int:
    """Return the step, in ms, beyond which training rows were not neighbours: ten usual steps.

    Examples
    --------
    >>> pause_of(np.array([0, 1000, 2000, 4000]))
    10000
    """
    return int(np.median(np.diff(times)) * _PAUSE) if len(times) > 1 else 0


def _age(fresh: Flags) -> npt.NDArray[np.int64]:
    """Return for each row how many rows ago a flag was last set; rows beyond the first if never."""
    place = np.arange(len(fresh), dtype=np.int64)
    return place - np.maximum.accumulate(np.where(fresh, place, -1 - len(fresh)))


def held(times: Times, values: Floats, pause: int, hold: int) -> Floats:
    """Return values in which what is missing is the last one known, for at most ``hold`` rows.

    Parameters
    ----------
    times, values
        As `readings` gives them.
    pause
        A step longer than this, in ms, is not held over.
    hold
        In rows.

    Examples
    --------
    >>> rows = np.array([[1.0], [np.nan], [np.nan]])
    >>> held(np.array([0, 1, 2]), rows, 10, 1).T
    array([[ 1.,  1., nan]])
    """
    found = values.copy()
    since = _age(_breaks(times, pause))
    for tag in range(values.shape[1]):
        known = np.isfinite(values[:, tag])
        if known.all():
            continue
        age = _age(known)
        usable = ~known & (age <= np.minimum(hold, since))
        rows = np.flatnonzero(usable)
        found[rows, tag] = values[rows - age[rows], tag]
    return found


def _breaks(times: Times, pause: int) -> Flags:
    """Return at which rows a new stretch begins; before the first row, nothing is known of it."""
    found = np.zeros(len(times), dtype=np.bool_)
    found[1:] = np.diff(times) > pause
    return found


def whole(times: Times, values: Floats, pause: int, span: int) -> Flags:
    """Return which rows end a window of ``span`` rows that is known whole and without a pause."""
    count = len(times)
    unknown = np.asarray(~np.isfinite(values).all(axis=1), dtype=np.bool_)
    missing, since = _age(unknown), _age(_breaks(times, pause))
    place = np.arange(count)
    return (missing >= span) & (since >= span - 1) & (place >= span - 1)


def smoothed(values: Floats, rows: int) -> Floats:
    """Return each row's mean with the rows before it, added up from the oldest.

    Parameters
    ----------
    values
        Of shape (tags, rows).
    rows
        Over how many; the first of them have no mean and are nan.

    Examples
    --------
    >>> smoothed(np.array([[1.0, 3.0, 5.0]]), 2)
    array([[nan,  2.,  4.]])
    """
    if rows == 1:
        return values
    count = values.shape[1]
    total = np.full(values.shape, np.nan)
    if count >= rows:
        kept = total[:, rows - 1 :]
        kept[:] = values[:, : count - rows + 1]
        for later in range(1, rows):
            kept += values[:, later : count - rows + 1 + later]
        kept /= rows
    return total


def lagged(values: Floats, lags: int) -> Floats:
    """Return windows: of shape (lags × tags, rows), the row itself first, then those before it.

    Parameters
    ----------
    values
        Of shape (tags, rows).
    lags
        How many rows; the first of them have no window and are nan.

    Examples
    --------
    >>> lagged(np.array([[1.0, 2.0, 3.0]]), 2)
    array([[ 1.,  2.,  3.],
           [nan,  1.,  2.]])
    """
    tags, count = values.shape
    found = np.full((lags * tags, count), np.nan)
    for lag in range(min(lags, count)):
        found[lag * tags : (lag + 1) * tags, lag:] = values[:, : count - lag]
    return found
