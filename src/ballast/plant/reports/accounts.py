"""What the stretches and the counters of one machine add up to within some intervals.

A row of a report may be several intervals (an order that was interrupted), so
times and pieces are summed here over intervals, and everything that is divided
afterwards is divided once, from the sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.ratios import Floats
from ballast.plant.measures.time_model import MachineState, times
from ballast.plant.reports.spans import UNKNOWN, Spans

__all__ = ["Account", "Increments", "account", "counted", "increments", "seconds_where"]

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Account:
    """The times of one machine in some intervals, in seconds.

    Parameters
    ----------
    window_s
        The intervals together.
    planned_s, unrecorded_s
        Planned to be busy by the calendar, and of that what nobody recorded.
    overtime_s
        Busy outside the plan.
    apt_s, idle_s, planned_stop_s
        Producing, without an order, and stopped as planned.
    delays_s, setups_s
        By reason; the empty text where none is recorded.
    """

    window_s: float
    planned_s: float
    unrecorded_s: float
    overtime_s: float
    apt_s: float
    idle_s: float
    planned_stop_s: float
    delays_s: Mapping[str, float]
    setups_s: Mapping[str, float]

    @property
    def adet_s(self) -> float:
        """Actual unit delay time."""
        return sum(self.delays_s.values())

    @property
    def aust_s(self) -> float:
        """Actual unit setup time."""
        return sum(self.setups_s.values())

    @property
    def pbt_s(self) -> float:
        """Planned busy time as far as it is recorded, overtime included."""
        return self.apt_s + self.aust_s + self.adet_s + self.idle_s


def account(spans: Spans, reasons: Sequence[str], intervals: Sequence[Interval]) -> Account:
    """Return what a machine's stretches add up to.

    Parameters
    ----------
    spans
        Without hole or overlap, as `laid` gives them.
    reasons
        What the numbers of reasons mean.
    intervals
        Epoch ms UTC, not overlapping.
    """
    zero = int(spans.start[0]) if len(spans) else 0
    known = np.flatnonzero(spans.state != UNKNOWN)
    # Seconds from a near moment: epoch seconds leave a float too few digits for milliseconds.
    starts, ends = (spans.start[known] - zero) / 1000.0, (spans.end[known] - zero) / 1000.0
    # One "machine" a reason: the seconds of each state come out by reason.
    shape = (len(MachineState), len(reasons))
    by_reason = np.zeros(shape)
    for start, end in intervals:
        found = times(
            spans.reason[known],
            starts,
            ends,
            spans.state[known],
            machines=len(reasons),
            window_s=((start - zero) / 1000.0, (end - zero) / 1000.0),
        )
        by_reason += np.stack([found.apt, found.aust, found.adet, found.idle, found.planned_stop])
    busy = (spans.state >= 0) & (spans.state != MachineState.PLANNED_STOP)
    return Account(
        window_s=sum(end - start for start, end in intervals) / 1000.0,
        planned_s=seconds_where(spans, spans.planned, intervals),
        unrecorded_s=seconds_where(spans, spans.planned & (spans.state == UNKNOWN), intervals),
        overtime_s=seconds_where(spans, ~spans.planned & busy, intervals),
        apt_s=float(by_reason[MachineState.PRODUCING].sum()),
        idle_s=float(by_reason[MachineState.IDLE].sum()),
        planned_stop_s=float(by_reason[MachineState.PLANNED_STOP].sum()),
        delays_s=_named(by_reason[MachineState.DELAYED], reasons),
        setups_s=_named(by_reason[MachineState.SETUP], reasons),
    )


def _named(seconds: Floats, reasons: Sequence[str]) -> dict[str, float]:
    return {reasons[at]: float(seconds[at]) for at in np.flatnonzero(seconds).tolist()}


def seconds_where(
    spans: Spans, wanted: npt.NDArray[np.bool_], intervals: Sequence[Interval]
) -> float:
    """Return how many seconds of some stretches lie within intervals.

    Parameters
    ----------
    spans
        Without overlap.
    wanted
        Which of them, of shape (n,).
    intervals
        Epoch ms UTC, not overlapping.
    """
    starts, ends = spans.start[wanted], spans.end[wanted]
    total = 0
    for start, end in intervals:
        cut = np.minimum(ends, end) - np.maximum(starts, start)
        total += int(np.maximum(cut, 0).sum())
    return total / 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Increments:
    """By how much a counter rose, and when it told so; arrays of shape (n,).

    Parameters
    ----------
    since, at
        The moments of the two readings, epoch ms UTC; the rise is told at ``at``.
    amount
        In pieces; a reading below the one before counts from zero.
    lost
        Whether more than half of the time between the readings is not recorded: what was made
        then is in no indicator, as the time is not.
    """

    since: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    amount: Floats
    lost: npt.NDArray[np.bool_]


def increments(
    first_at: npt.NDArray[np.int64],
    last_at: npt.NDArray[np.int64],
    first: Floats,
    last: Floats,
    rise: Floats,
    spans: Spans,
) -> Increments:
    """Return the increments of a counter from readings, single or summed up by the minute.

    Parameters
    ----------
    first_at, last_at, first, last, rise
        Of each part of the series, in order: its first and last reading and by how much it rose
        between them; of shape (parts,). A single reading is a part whose two ends are one.
    spans
        What its machine did.

    Notes
    -----
    Between two parts: last of the one to first of the next, Δ = b − a, or b where b < a (the
    counter began again). The first reading of all has nothing before it and counts nothing.
    """
    gained = np.where(first[1:] >= last[:-1], first[1:] - last[:-1], first[1:])
    inside = np.flatnonzero(last_at > first_at)
    since = np.concatenate((last_at[:-1], first_at[inside]))
    at = np.concatenate((first_at[1:], last_at[inside]))
    amount = np.concatenate((gained, rise[inside]))
    some = np.flatnonzero(amount > 0)
    since, at, amount = since[some], at[some], amount[some]
    return Increments(since, at, amount, _mostly_unrecorded(spans, since, at))


def _mostly_unrecorded(
    spans: Spans, since: npt.NDArray[np.int64], at: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    if not len(spans) or not (spans.state == UNKNOWN).any():
        return np.zeros(len(at), dtype=np.bool_)
    length = np.where(spans.state == UNKNOWN, spans.end - spans.start, 0)
    edges = np.append(spans.start, spans.end[-1])
    total = np.concatenate(([0], np.cumsum(length)))
    # Before the window nothing is known of the machine either way: only what lies in it decides.
    begin = np.maximum(since, edges[0])
    dark = np.interp(at, edges, total) - np.interp(begin, edges, total)
    return np.asarray(2.0 * dark > at - begin, dtype=np.bool_)


def counted(found: Increments, intervals: Sequence[Interval], *, lost: bool = False) -> float:
    """Return how many pieces a counter told within intervals.

    Parameters
    ----------
    found
        Of the counter.
    intervals
        Epoch ms UTC, the end excluded.
    lost
        Those that were made in unrecorded time, instead of the others.
    """
    wanted = found.lost if lost else ~found.lost
    at, amount = found.at[wanted], found.amount[wanted]
    inside = np.zeros(len(at), dtype=np.bool_)
    for start, end in intervals:
        inside |= (at >= start) & (at < end)
    return float(amount[inside].sum())
