"""How much of the log the lake has not got yet: what back-pressure is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ballast.plant.spool.marks import DurableMark, ShippedMark
from ballast.plant.spool.segments import Segment

__all__ = ["Waiting", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the lake has not got yet.

    Parameters
    ----------
    samples, events
        How many.
    bytes
        About how much of the log they are.
    """

    samples: int
    events: int
    bytes: int


def waiting(segments: Sequence[Segment], mark: DurableMark, shipped: ShippedMark) -> Waiting:
    """Return how much is not shipped.

    Within a segment the rows are taken to be spread evenly.

    Parameters
    ----------
    segments
        Those that hold anything which is not shipped, in their order.
    mark, shipped
        How far the log is durable, and shipped.

    Examples
    --------
    >>> two = [Segment(0, 0, 0, 0, 0, b""), Segment(1, 1000, 10, 0, 0, b"")]
    >>> waiting(two, DurableMark(1500, 20, 0, 1, b""), ShippedMark(4, -1))
    Waiting(samples=15, events=0, bytes=1000)
    """
    samples = _place(
        [(s.samples, s.base) for s in segments], (mark.samples, mark.position), shipped.samples + 1
    )
    events = _place(
        [(s.events, s.base) for s in segments], (mark.events, mark.position), shipped.events + 1
    )
    return Waiting(
        max(mark.samples - 1 - shipped.samples, 0),
        max(mark.events - 1 - shipped.events, 0),
        max(mark.position - min(samples, events), 0),
    )


def _place(begins: Sequence[tuple[int, int]], end: tuple[int, int], number: int) -> int:
    """Return about where in the log a number stands."""
    if number >= end[0] or not begins:
        return end[1]
    if number <= begins[0][0]:
        return begins[0][1]
    for (first, base), (behind, next_base) in zip(begins, [*begins[1:], end], strict=True):
        if number < behind:
            share = (number - first) / (behind - first)
            return base + int(share * (next_base - base))
    return end[1]
