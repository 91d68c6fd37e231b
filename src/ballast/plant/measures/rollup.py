"""Samples summed up by the minute and the hour, in parts that add up to the whole.

A roll-up that is written once a window would have to wait for late samples, or
be written over; a part of each shipped batch can be appended at once, and the
parts of a window are merged when they are read. All that is kept merges exactly
(counts, extremes, first and last) or to rounding (sums, spread), whatever the
order of the parts. What a counter rose does not where two parts interleave in
time: the merge says so, and the reader goes back to the samples.

The spread is kept as the sum of squared differences from the mean, not of the
squares themselves, which cancel where a large value varies little.
Equations of the merge: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating
formulae and a pairwise algorithm for computing sample variances", 1979 (from
memory of the report).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "HOUR_MS", "MINUTE_MS", "NO_TIME", "Merged", "Rollup", "joined", "merge_parts", "rises",
    "roll_up",
]  # fmt: skip

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
#: ``first_at`` and ``last_at`` of a window without a finite value.
NO_TIME = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True, eq=False)
class Rollup:
    """Windows of tags, side by side; all columns have shape (n,).

    Parameters
    ----------
    tag
        int64. Any number that stands for the tag.
    window
        int64. Begin of the window, in ms (UTC).
    count
        int64. How many samples, whatever their values.
    finite
        int64. How many of them are finite numbers; the columns below are of these.
    sum
        In the unit of the tag; 0 where there is none.
    sum_squares
        Sum of the squared differences from the mean, in the unit squared.
    least, most, first, last
        In the unit of the tag; nan where there is none.
    first_at, last_at
        int64, ms (UTC); ``NO_TIME`` where there is none.
    rise
        By how much a counter rose from ``first`` to ``last``, in the unit of
        the tag; a value below the one before counts from zero. nan where there
        is no finite value, or it cannot be told.
    good_count, late_count
        int64. How many samples are of good quality, and came late.
    """

    tag: Ints
    window: Ints
    count: Ints
    finite: Ints
    sum: Floats
    sum_squares: Floats
    least: Floats
    most: Floats
    first: Floats
    first_at: Ints
    last: Floats
    last_at: Ints
    rise: Floats
    good_count: Ints
    late_count: Ints

    def __len__(self) -> int:
        return len(self.tag)

    def take(self, rows: slice | npt.NDArray[Any]) -> Rollup:
        """Return some of the rows: a slice, places or a mask."""
        return Rollup(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def mean(self) -> Floats:
        """The mean of the finite values; nan where there is none."""
        return _divided(self.sum, self.finite)

    @property
    def deviation(self) -> Floats:
        """The sample standard deviation of the finite values; nan for fewer than two."""
        return np.sqrt(_divided(self.sum_squares, self.finite - 1))


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """Roll-ups of which no two are of one tag and window, sorted by both.

    Parameters
    ----------
    rollup
        The windows.
    interleaved
        bool, shape (n,). The parts of the window overlap in time, so that
        ``rise`` is nan: only the samples tell it.
    """

    rollup: Rollup
    interleaved: Flags


def roll_up(
    tag: npt.ArrayLike,
    time: npt.ArrayLike,
    value: npt.ArrayLike,
    window_ms: int,
    *,
    ordinal: npt.ArrayLike = 0,
    good: npt.ArrayLike = True,
    late: npt.ArrayLike = False,
) -> Rollup:
    """Sum samples up by tag and window.

    Parameters
    ----------
    tag, time, value, ordinal, good, late
        Shape (n,), in any order: number of the tag, ms (UTC), value in the
        unit of the tag (nan for none), which of the samples of one time, of
        good quality or not, late or not. Single values hold for all.
    window_ms
        Length of a window in ms, from 1970 on.

    Returns
    -------
    Rollup
        Sorted by tag and window.

    Examples
    --------
    >>> found = roll_up(7, [0, 1000, 61_000], [5.0, 8.0, 1.0], MINUTE_MS)
    >>> found.window.tolist(), found.count.tolist(), found.rise.tolist()
    ([0, 60000], [2, 1], [3.0, 0.0])
    """
    times = np.atleast_1d(np.asarray(time, np.int64))
    tags, values, ordinals, goods, lates = (
        np.broadcast_to(np.asarray(column, kind), times.shape)
        for column, kind in (
            (tag, np.int64), (value, np.float64), (ordinal, np.int64), (good, bool), (late, bool),
        )
    )  # fmt: skip
    order = np.lexsort((ordinals, times, tags))
    tags, times, values = tags[order], times[order], values[order]
    windows = times - times % window_ms
    begins = _begins(tags, windows)
    one = np.isfinite(values)
    group = np.repeat(np.arange(len(begins)), _lengths(begins, len(tags)))
    return Rollup(
        tag=tags[begins],
        window=windows[begins],
        count=_lengths(begins, len(tags)),
        good_count=_summed(goods[order].astype(np.int64), begins),
        late_count=_summed(lates[order].astype(np.int64), begins),
        **_of_values(group[one], times[one], values[one], len(begins)),
    )


def _of_values(group: Ints, time: Ints, value: Floats, groups: int) -> dict[str, Any]:
    """Return the columns that finite values make; ``group`` ascends, and in it time."""
    begins = _begins(group)
    filled = group[begins]
    lengths = _lengths(begins, len(group))
    finite = np.zeros(groups, np.int64)
    finite[filled] = lengths
    ends = begins + lengths - 1
    # A sum may leave the range of floats: it is infinite then, and its spread unknown.
    with np.errstate(over="ignore", invalid="ignore"):
        sums = _summed(value, begins)
        away = value - np.repeat(sums / lengths, lengths)
        squares = _summed(away * away, begins)
        steps = np.zeros(len(value))
        steps[1:] = _risen(value[:-1], value[1:])
        steps[begins] = 0.0
        rise = _summed(steps, begins)
    columns: dict[str, Any] = {"finite": finite}
    for name, found, empty in (
        ("sum", sums, 0.0),
        ("sum_squares", squares, 0.0),
        ("least", _least(value, begins), np.nan),
        ("most", -_least(-value, begins), np.nan),
        ("first", value[begins], np.nan),
        ("last", value[ends], np.nan),
        ("rise", rise, np.nan),
    ):
        columns[name] = np.full(groups, empty)
        columns[name][filled] = found
    for name, times in (("first_at", time[begins]), ("last_at", time[ends])):
        columns[name] = np.full(groups, NO_TIME)
        columns[name][filled] = times
    return columns


def joined(parts: Sequence[Rollup]) -> Rollup:
    """Return parts one behind the other; at least one."""
    return Rollup(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rollup)}
    )


def merge_parts(parts: Rollup, window_ms: int | None = None) -> Merged:
    """Merge the parts of each tag and window.

    Parameters
    ----------
    parts
        In any order; several may be of one tag and window.
    window_ms
        Length of the wanted windows in ms, a multiple of those of the parts;
        none: those of the parts.

    Returns
    -------
    Merged
        Sorted by tag and window. It is what ``roll_up`` makes of all samples,
        sums and spread to rounding, ``rise`` where the parts do not interleave.

    Examples
    --------
    >>> early = roll_up(7, [0, 1000], [5.0, 8.0], MINUTE_MS)
    >>> late = roll_up(7, [2000, 3000], [9.0, 2.0], MINUTE_MS)
    >>> whole = merge_parts(joined([late, early])).rollup
    >>> whole.count.tolist(), whole.rise.tolist()  # 5 → 8 → 9, then from zero to 2
    ([4], [6.0])
    """
    windows = parts.window
    if window_ms is not None:
        windows = windows - windows % window_ms
    order = np.lexsort((parts.last_at, parts.first_at, windows, parts.tag))
    parts, windows = parts.take(order), windows[order]
    begins = _begins(parts.tag, windows)
    lengths = _lengths(begins, len(parts))
    group = np.repeat(np.arange(len(begins)), lengths)
    some = parts.finite > 0
    values, interleaved = _merged_values(parts.take(some), group[some], len(begins))
    merged = Rollup(
        tag=parts.tag[begins],
        window=windows[begins],
        count=_summed(parts.count, begins),
        good_count=_summed(parts.good_count, begins),
        late_count=_summed(parts.late_count, begins),
        **values,
    )
    return Merged(merged, interleaved)


def _merged_values(parts: Rollup, group: Ints, groups: int) -> tuple[dict[str, Any], Flags]:
    begins = _begins(group)
    filled = group[begins]
    lengths = _lengths(begins, len(group))
    finite = _summed(parts.finite, begins)
    with np.errstate(over="ignore", invalid="ignore"):
        sums = _summed(parts.sum, begins)
        away = parts.mean - np.repeat(sums / finite, lengths)
        squares = _summed(parts.sum_squares + parts.finite * away * away, begins)
        steps = np.zeros(len(group))
        steps[1:] = _risen(parts.last[:-1], parts.first[1:])
        steps[begins] = 0.0
        rise = _summed(parts.rise + steps, begins)
    # Two samples of one millisecond in two parts: their ordinals are not kept, so neither is first.
    over = np.zeros(len(group), bool)
    over[1:] = parts.first_at[1:] <= parts.last_at[:-1]
    over[begins] = False
    crossed = _summed(over.astype(np.int64), begins) > 0
    rise[crossed] = np.nan
    latest = _place_of_most(parts.last_at, group, begins)
    columns: dict[str, Any] = {"finite": np.zeros(groups, np.int64)}
    columns["finite"][filled] = finite
    for name, found, empty in (
        ("sum", sums, 0.0),
        ("sum_squares", squares, 0.0),
        ("least", _least(parts.least, begins), np.nan),
        ("most", -_least(-parts.most, begins), np.nan),
        ("first", parts.first[begins], np.nan),
        ("last", parts.last[latest], np.nan),
        ("rise", rise, np.nan),
    ):
        columns[name] = np.full(groups, empty)
        columns[name][filled] = found
    for name, times in (("first_at", parts.first_at[begins]), ("last_at", parts.last_at[latest])):
        columns[name] = np.full(groups, NO_TIME)
        columns[name][filled] = times
    interleaved = np.zeros(groups, bool)
    interleaved[filled] = crossed
    return columns, interleaved


def rises(merged: Rollup) -> Floats:
    """Return by how much a counter rose in each window, the step into the window included.

    ``rise`` of a window begins with its first sample; what was counted between
    the last sample of the window before and that one is of neither. Here it is
    of the later window, so that the rises of a day add up to what was counted.

    Parameters
    ----------
    merged
        What ``merge_parts`` gave: sorted, and no two rows of one window.

    Returns
    -------
    ndarray, shape (n,)
        In the unit of the tag; nan where there is no finite value or ``rise`` is nan.

    Examples
    --------
    >>> counter = roll_up(7, [0, 1000, 61_000, 62_000], [5.0, 8.0, 9.0, 9.5], MINUTE_MS)
    >>> rises(counter).tolist()
    [3.0, 1.5]
    """
    found = merged.rise.copy()
    some = np.flatnonzero(merged.finite > 0)
    follows = merged.tag[some[1:]] == merged.tag[some[:-1]]
    before, behind = some[:-1][follows], some[1:][follows]
    found[behind] += _risen(merged.last[before], merged.first[behind])
    return found


def _risen(before: Floats, behind: Floats) -> Floats:
    """Return by how much a counter rose; one that fell was set back to zero in between."""
    return np.where(behind >= before, behind - before, np.maximum(behind, 0.0))


def _begins(*keys: Ints) -> Ints:
    """Return where each run of equal keys begins."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    new = np.zeros(len(keys[0]), bool)
    new[0] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)


def _lengths(begins: Ints, rows: int) -> Ints:
    return np.diff(np.append(begins, rows))


def _summed(column: npt.NDArray[Any], begins: Ints) -> npt.NDArray[Any]:
    return np.add.reduceat(column, begins) if len(begins) else column[:0]


def _least(column: Floats, begins: Ints) -> Floats:
    return np.minimum.reduceat(column, begins) if len(begins) else column[:0]


def _place_of_most(column: Ints, group: Ints, begins: Ints) -> Ints:
    """Return where the greatest of each run stands; the last of equals."""
    order = np.lexsort((np.arange(len(column)), column, group))
    ends = begins + _lengths(begins, len(column)) - 1
    found: Ints = order[ends]
    return found


def _divided(above: Floats, below: Ints) -> Floats:
    found = np.full(len(above), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
