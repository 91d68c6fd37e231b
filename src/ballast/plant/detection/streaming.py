"""Rows judged as they arrive, with the very results of judging them all at once.

There is one computation and not two: a stream keeps the last rows that can
have a say in the next one, puts them before what arrives, judges all of it and
gives back what is new. A batch is a stream that arrives in one piece, and is
itself cut into pieces that fit a processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ballast.errors import Refused
from ballast.plant.detection.findings import Findings, Times, joined
from ballast.plant.detection.windows import Shape, readings
from ballast.plant.measures.ratios import Floats

__all__ = ["BLOCK", "START", "Detector", "Tail", "judge"]

BLOCK = 2048
"""Rows judged at once; no result depends on it."""


class Detector(Protocol):
    """What learnt from training rows and judges others."""

    @property
    def shape(self) -> Shape:
        """Over which rows it looks back."""
        ...

    @property
    def tags(self) -> int:
        """How many it was trained on, those it leaves out included."""
        ...

    def findings(self, times: Times, values: Floats) -> Findings:
        """Return what it finds in rows, each from the rows before it that are given."""
        ...


@dataclass(frozen=True, slots=True)
class Tail:
    """The last rows of a stream: all that must be kept of it.

    Parameters
    ----------
    times
        Epoch ms UTC, of shape (rows,).
    values
        Of shape (rows, tags).
    """

    times: Times
    values: Floats


START: Tail | None = None
"""Of a stream of which nothing has arrived."""


def judge(
    detector: Detector, times: Times, values: Floats, tail: Tail | None = START
) -> tuple[Findings, Tail]:
    """Return what is found in rows that arrive, and what to keep for those after them.

    Parameters
    ----------
    detector
        Trained.
    times
        Epoch ms UTC, of shape (rows,), rising.
    values
        Of shape (rows, tags); nan and infinities are missing values.
    tail
        What was kept of the rows before; `START` where there are none.

    Raises
    ------
    Refused
        If the rows do not fit the detector, or are not in order of time.
    """
    moments, table = readings(times, values, detector.tags)
    before = tail if tail is not None else Tail(moments[:0], table[:0])
    if len(moments) and len(before.times) and moments[0] <= before.times[-1]:
        raise Refused(
            "row {row} is not later than the one before it; sort the rows by time, each time once",
            row=1,
        )
    reach = detector.shape.reach
    every = np.concatenate([before.times, moments])
    rows = np.concatenate([before.values, table])
    known = len(before.times)
    parts = []
    for first in range(known, max(len(every), known + 1), BLOCK):
        start, end = max(0, first - reach), min(first + BLOCK, len(every))
        found = detector.findings(every[start:end], rows[start:end])
        parts.append(found.behind(first - start))
    keep = max(0, len(every) - reach)
    return joined(parts), Tail(every[keep:], rows[keep:])
