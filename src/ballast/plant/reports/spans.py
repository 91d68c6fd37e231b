"""Stretches of machine states laid over each other: arithmetic on sorted intervals.

What a state tag said, what people entered and what was planned overlap in
every way. Painting seconds of an array would be the obvious way and is wrong
below a second, large for a year and slow for a hundred machines; here every
source is a handful of sorted intervals, and edges fall where they fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.time_model import MachineState
from ballast.plant.site.shift import ShiftInterval

__all__ = ["GAP_HOLD_MS", "UNKNOWN", "Plan", "Runs", "Spans", "Told", "held", "laid", "painted"]

Moments = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

UNKNOWN = -1
"""The state that is not recorded."""
GAP_HOLD_MS = 60_000
"""How long a sample that came in the midst of a gap is believed at most."""


class Told(IntEnum):
    """Who says what a machine did in a stretch."""

    NOBODY = 0  # nothing is recorded
    TAG = 1  # its own state tag
    MACHINE = 2  # a stop that the machine itself entered
    PERSON = 3  # what people entered, or a file of theirs
    PLAN = 4  # the calendar: a break, no shift


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """What a state tag said: each time from a first to a last sample alike; arrays of shape (n,).

    Parameters
    ----------
    first_at, last_at
        Epoch ms UTC, in order; equal for a single sample.
    state
        A ``MachineState``, or ``UNKNOWN`` where the value has no meaning.
    reason
        A number of the list of reasons.
    """

    first_at: Moments
    last_at: Moments
    state: Codes
    reason: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches in order that do not overlap; arrays of shape (n,).

    Parameters
    ----------
    start, end
        Epoch ms UTC; the end does not belong to it.
    state
        A ``MachineState``, or ``UNKNOWN``.
    reason
        A number of the list of reasons.
    told
        A ``Told``.
    planned
        Whether the calendar planned the machine to be busy.
    """

    start: Moments
    end: Moments
    state: Codes
    reason: Codes
    told: Codes
    planned: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """When a machine is planned to be busy: intervals in order that do not overlap."""

    start: Moments
    end: Moments

    @classmethod
    def of(cls, busy: Sequence[tuple[int, int]], breaks: Sequence[tuple[int, int]] = ()) -> Plan:
        """Return the time of intervals that may overlap, less breaks.

        Examples
        --------
        >>> plan = Plan.of([(0, 50), (40, 100)], [(45, 60)])
        >>> plan.start.tolist(), plan.end.tolist()
        ([0, 60], [45, 100])
        """
        edges = np.unique(np.array([*busy, *breaks], dtype=np.int64).reshape(-1))
        if not len(edges):
            return cls(edges, edges)
        middle = edges[:-1]
        inside = _covered(busy, middle) & ~_covered(breaks, middle)
        first = np.flatnonzero(inside & ~np.concatenate(([False], inside[:-1])))
        final = np.flatnonzero(inside & ~np.concatenate((inside[1:], [False])))
        return cls(edges[first], edges[final + 1])

    @classmethod
    def of_shifts(cls, shifts: Sequence[ShiftInterval]) -> Plan:
        """Return the time of shifts less their breaks."""
        busy = [(shift.start, shift.end) for shift in shifts]
        return cls.of(busy, [pause for shift in shifts for pause in shift.breaks])


def _covered(intervals: Sequence[tuple[int, int]], moments: Moments) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(moments), dtype=np.bool_)
    for start, end in intervals:
        found |= (moments >= start) & (moments < end)
    return found


def held(
    runs: Runs,
    gaps: Sequence[tuple[int, int]],
    *,
    horizon_ms: int,
    hold_ms: int | None = None,
) -> Spans:
    """Return how long each value of a state tag is to be believed.

    Parameters
    ----------
    runs
        What the tag said.
    gaps
        From when until when data were, or may be, missing; a value is not held into one. A gap
        of no length is a moment at which the tag went stale.
    horizon_ms
        Until when anything is known at all.
    hold_ms
        How long a value holds at most; ``None``: until the next one, the tag then tells changes.

    Returns
    -------
    Spans
        With holes where nothing is known.

    Notes
    -----
    A value holds until the next sample, or until a gap begins at or after its own moment. A
    sample from the midst of a gap (kept by its source, sent later) is believed for
    ``GAP_HOLD_MS`` at most: whatever came behind it may be lost.
    """
    first, final = runs.first_at, runs.last_at
    ends = np.append(first[1:], horizon_ms)
    if hold_ms is not None:
        ends = np.minimum(ends, final + hold_ms)
    begins, until = _merged(gaps)
    if len(begins):
        # The next gap that begins at the sample or behind it.
        following = np.searchsorted(begins, final, side="left")
        cut = np.append(begins, np.iinfo(np.int64).max)[following]
        ends = np.minimum(ends, cut)
        # The gap that began before the sample, and is not over.
        around = np.maximum(following - 1, 0)
        inside = (following > 0) & (until[around] > final)
        short = np.where(final + GAP_HOLD_MS < until[around], final + GAP_HOLD_MS, ends)
        ends = np.where(inside, np.minimum(ends, short), ends)
    ends = np.minimum(np.maximum(ends, final), horizon_ms)
    keep = np.flatnonzero((ends > first) & (runs.state != UNKNOWN))
    count = len(keep)
    return Spans(
        first[keep],
        ends[keep],
        runs.state[keep],
        runs.reason[keep],
        np.full(count, Told.TAG, dtype=np.int32),
        np.ones(count, dtype=np.bool_),
    )


def _merged(gaps: Sequence[tuple[int, int]]) -> tuple[Moments, Moments]:
    """Return gaps in order, those that touch made one."""
    found: list[list[int]] = []
    for since, until in sorted(gaps):
        if found and since <= found[-1][1]:
            found[-1][1] = max(found[-1][1], until)
        else:
            found.append([since, max(since, until)])
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def painted(entries: Sequence[tuple[int, int, int, int]], told: Told) -> tuple[Spans, bool]:
    """Return entries of people as stretches; where two overlap, the one that began later holds.

    Parameters
    ----------
    entries
        Start, end (epoch ms UTC), state and reason; of equal starts the later in the list holds.
    told
        Who says so.

    Returns
    -------
    Spans, bool
        And whether any of them overlapped.

    Notes
    -----
    The one that began later is the more particular one: a stop for want of material within a
    day entered as maintenance. When it ends, the earlier one goes on.
    """
    ordered = sorted((row for row in entries if row[1] > row[0]), key=lambda row: row[0])
    edges = np.unique(np.array([row[:2] for row in ordered], dtype=np.int64).reshape(-1))
    if not len(edges):
        return _none(), False
    state = np.full(len(edges) - 1, UNKNOWN, dtype=np.int32)
    reason = np.zeros(len(edges) - 1, dtype=np.int32)
    there = np.zeros(len(edges) - 1, dtype=np.bool_)
    overlapping = False
    for start, end, what, why in ordered:
        at = slice(*np.searchsorted(edges, (start, end)))
        overlapping |= bool(there[at].any())
        state[at], reason[at], there[at] = what, why, True
    keep = np.flatnonzero(there)
    voices = np.full(len(keep), told, dtype=np.int32)
    planned = np.ones(len(keep), dtype=np.bool_)
    spans = Spans(edges[keep], edges[keep + 1], state[keep], reason[keep], voices, planned)
    return spans, overlapping


def _none() -> Spans:
    empty = np.empty(0, dtype=np.int64)
    code = np.empty(0, dtype=np.int32)
    return Spans(empty, empty, code, code, code, np.empty(0, dtype=np.bool_))


def laid(start_ms: int, end_ms: int, layers: Sequence[Spans], plan: Plan | None) -> Spans:
    """Return what a machine did from moment to moment: no hole, no overlap.

    Parameters
    ----------
    start_ms, end_ms
        From when, until when.
    layers
        What is told of it, the weakest voice first: a later layer covers an earlier one.
    plan
        When it was planned to be busy; ``None``: always.

    Notes
    -----
    Outside the plan a machine that produces or is set up does what it does (overtime: it counts
    as busy, for its pieces are counted too); whatever else it does there, or does not tell, is
    a planned stop.
    """
    times = [np.array([start_ms, end_ms], dtype=np.int64)]
    times += [edge for layer in layers for edge in (layer.start, layer.end)]
    if plan is not None:
        times += [plan.start, plan.end]
    edges = np.unique(np.concatenate(times))
    edges = edges[(edges >= start_ms) & (edges <= end_ms)]
    begins, ends = edges[:-1], edges[1:]
    state = np.full(len(begins), UNKNOWN, dtype=np.int32)
    reason = np.zeros(len(begins), dtype=np.int32)
    told = np.full(len(begins), Told.NOBODY, dtype=np.int32)
    for layer in layers:
        at, there = _inside(layer.start, layer.end, begins)
        state[there], reason[there] = layer.state[at], layer.reason[at]
        told[there] = layer.told[at]
    planned = np.ones(len(begins), dtype=np.bool_)
    if plan is not None:
        planned[:] = False
        planned[_inside(plan.start, plan.end, begins)[1]] = True
        working = (state == MachineState.PRODUCING) | (state == MachineState.SETUP)
        away = ~planned & ~working
        state[away], reason[away], told[away] = MachineState.PLANNED_STOP, 0, Told.PLAN
    return _joined(Spans(begins, ends, state, reason, told, planned))


def _inside(
    start: Moments, end: Moments, moments: Moments
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return which intervals hold a moment, and which moments those are."""
    if not len(start):
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing
    at = np.searchsorted(start, moments, side="right") - 1
    there = np.flatnonzero((at >= 0) & (end[np.maximum(at, 0)] > moments))
    return at[there], there


def _joined(spans: Spans) -> Spans:
    """Return stretches of which no two neighbours are alike."""
    if not len(spans):
        return spans
    alike = (
        (spans.state[1:] == spans.state[:-1])
        & (spans.reason[1:] == spans.reason[:-1])
        & (spans.told[1:] == spans.told[:-1])
        & (spans.planned[1:] == spans.planned[:-1])
    )
    first = np.flatnonzero(np.concatenate(([True], ~alike)))
    final = np.append(first[1:], len(spans)) - 1
    return Spans(
        spans.start[first],
        spans.end[final],
        spans.state[first],
        spans.reason[first],
        spans.told[first],
        spans.planned[first],
    )
