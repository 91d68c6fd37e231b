"""Rows of JSON messages gathered until they are committed, then turned into columns at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ballast.plant.collect.json_message import JsonRows
from ballast.plant.collect.numbering import LEFT_OUT
from ballast.plant.collect.sparkplug_rows import Rows
from ballast.plant.spool.samples import Flag, Samples

__all__ = ["GatheredJson"]


class GatheredJson:
    """What JSON messages said since it was last asked for.

    Parameters
    ----------
    ordered
        Whether their sources number values of one time themselves.
    """

    def __init__(self, *, ordered: bool) -> None:
        self.ordered = ordered
        self._begin()

    def _begin(self) -> None:
        self._tags: list[int] = []
        self._times: list[int] = []
        self._ordinals: list[int] = []
        self._values: list[float] = []
        self._texts: list[str | None] = []
        self._nulls: list[bool] = []
        self._received: list[int] = []
        self._flags: list[int] = []
        self._messages: list[int] = []

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._tags)

    def add(self, rows: JsonRows, numbers: Sequence[int], now: int, message: int, flag: int) -> int:
        """Take the rows of one message; return how many had no time and were passed over.

        Parameters
        ----------
        rows
            As read.
        numbers
            Of the plan's tags.
        now
            Time of receipt, epoch ms.
        message
            Its number.
        flag
            What holds of all rows. A retained message without a time is passed over: it may be
            of any age.
        """
        skipped = 0
        for row, place in enumerate(rows.places):
            number, time, marks = numbers[place], rows.times[row], flag
            if number == LEFT_OUT:
                continue
            if time is None:
                if flag & Flag.RETAINED:
                    skipped += 1
                    continue
                time, marks = now, flag | Flag.UNTIMED
            self._tags.append(number)
            self._times.append(time)
            self._ordinals.append(rows.ordinals[row] or 0)
            self._values.append(rows.values[row])
            self._texts.append(rows.texts[row])
            self._nulls.append(rows.nulls[row])
            self._received.append(now)
            self._flags.append(marks)
            self._messages.append(message)
        return skipped

    def take(self, *, late_after_ms: int, ahead_after_ms: int) -> tuple[Samples, Rows]:
        """Return everything as columns and begin anew."""
        time, received = np.array(self._times, np.int64), np.array(self._received, np.int64)
        flags = np.array(self._flags, np.uint8)
        flags[time < received - late_after_ms] |= np.uint8(Flag.LATE)
        flags[time > received + ahead_after_ms] |= np.uint8(Flag.AHEAD)
        texts = self._texts if any(one is not None for one in self._texts) else None
        samples = Samples.of(
            self._tags, time, self._values, received_at=received, ordinal=self._ordinals,
            null=self._nulls, text=texts, flags=flags,
        )  # fmt: skip
        extra = Rows(np.array(self._messages, np.int64), np.zeros(len(time), np.bool_))
        self._begin()
        return samples, extra
