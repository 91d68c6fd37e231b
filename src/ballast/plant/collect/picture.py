"""The last value of every tag, kept in arrays for the live picture.

Kept here and not read back from the log: a tag that changed an hour ago would
have to be looked for in all that came after it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ballast.plant.spool.live import LastValue
from ballast.plant.spool.samples import Flag, Samples
from ballast.plant.spool.spool import Spool

__all__ = ["Picture"]

_NEVER = -1


class Picture:
    """What each tag said last; the place in the arrays is the tag's number."""

    def __init__(self) -> None:
        self._time = np.full(0, _NEVER, np.int64)
        self._received = np.zeros(0, np.int64)
        self._value = np.zeros(0, np.float64)
        self._quality = np.zeros(0, np.int16)
        self._ahead = np.zeros(0, np.bool_)
        self._stale = np.full(0, _NEVER, np.int64)
        self._text: dict[int, str] = {}

    def update(self, samples: Samples) -> None:
        """Take new samples; one that is older than what stands is no news."""
        if not len(samples):
            return
        self._grow(int(samples.tag.max()))
        tag = samples.tag
        # What a clock that runs ahead once said must not hide everything after it.
        rows = np.flatnonzero((samples.time >= self._time[tag]) | self._ahead[tag])
        if not len(rows):
            return
        tags = tag[rows]
        # Of several rows of one tag numpy keeps the last assigned: the last that came.
        self._time[tags] = samples.time[rows]
        self._received[tags] = samples.received_at[rows]
        self._value[tags] = samples.value[rows]
        self._quality[tags] = samples.quality[rows]
        self._ahead[tags] = (samples.flags[rows] & Flag.AHEAD) != 0
        self._stale[tags] = _NEVER
        if samples.text is not None or self._text:
            texts = [None] * len(rows) if samples.text is None else samples.text[rows].tolist()
            for number, text in zip(tags.tolist(), texts, strict=True):
                if text is not None:
                    self._text[number] = text
                else:
                    self._text.pop(number, None)

    def stale(self, numbers: npt.NDArray[np.int64], since: int) -> None:
        """Mark tags whose source is known to be silent; the next sample takes the mark away."""
        if len(numbers):
            self._grow(int(numbers.max()))
            fresh = numbers[self._stale[numbers] == _NEVER]
            self._stale[fresh] = since

    def values(self, spool: Spool) -> tuple[LastValue, ...]:
        """Return the picture, in the order of the numbers."""
        there = np.flatnonzero(self._time != _NEVER)
        columns = (self._time, self._received, self._value, self._quality, self._stale)
        rows = zip(there.tolist(), *(one[there].tolist() for one in columns), strict=True)
        return tuple(
            LastValue(
                spool.name(number), time, received, value, self._text.get(number), quality,
                None if stale == _NEVER else stale,
            )
            for number, time, received, value, quality, stale in rows
        )  # fmt: skip

    def _grow(self, highest: int) -> None:
        size = len(self._time)
        if highest < size:
            return
        more = max(highest + 1, 2 * size, 1024) - size
        self._time = np.append(self._time, np.full(more, _NEVER, np.int64))
        self._received = np.append(self._received, np.zeros(more, np.int64))
        self._value = np.append(self._value, np.zeros(more))
        self._quality = np.append(self._quality, np.zeros(more, np.int16))
        self._ahead = np.append(self._ahead, np.zeros(more, np.bool_))
        self._stale = np.append(self._stale, np.full(more, _NEVER, np.int64))
