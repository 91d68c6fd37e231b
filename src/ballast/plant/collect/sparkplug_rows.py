"""Sparkplug readings gathered until there are thousands, then turned into columns at once.

A message of one metric would pay more for its numpy arrays than for all the
rest; so a message only lengthens a few lists. Which tag a place of a birth is,
and of which kind, stands in two flat arrays in which every birth has a stretch:
one fancy index then names the tags of all messages of all nodes.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ballast.plant.collect.json_message import EXACT
from ballast.plant.collect.numbering import LEFT_OUT
from ballast.plant.spool.samples import GOOD, Flag, Samples
from ballast.plant.wire.birth import BirthTable
from ballast.plant.wire.datatype import Kind
from ballast.plant.wire.readings import Readings

__all__ = ["SparkplugRows"]

_STALE_CODE = 500
_TEXTUAL = np.zeros(len(Kind), np.bool_)
_TEXTUAL[[Kind.TEXT, Kind.BYTES]] = True
_SPARE = 10_000


class SparkplugRows:
    """What Sparkplug messages said since it was last asked for."""

    def __init__(self) -> None:
        self._numbers = np.zeros(1024, np.int64)
        self._kinds = np.zeros(1024, np.int8)
        self._used = 0
        self._bases: dict[BirthTable, int] = {}
        self._begin()

    def _begin(self) -> None:
        self.count = 0
        self._places: list[int] = []
        self._times: list[int] = []
        self._values: list[object] = []
        self._messages: list[tuple[int, int, int]] = []  # base, rows, time of receipt
        self._historical: list[int] = []
        self._qualities: list[tuple[int, int]] = []
        self._retained: list[int] = []
        self._born: list[int] = []

    def introduce(self, table: BirthTable, numbers: npt.NDArray[np.int64]) -> None:
        """Take the numbers of a birth's tags, shape (tags,)."""
        start, end = self._used, self._used + len(numbers)
        if end > len(self._numbers):
            more = max(end, 2 * len(self._numbers)) - len(self._numbers)
            self._numbers = np.append(self._numbers, np.zeros(more, np.int64))
            self._kinds = np.append(self._kinds, np.zeros(more, np.int8))
        self._numbers[start:end], self._kinds[start:end] = numbers, table.kinds
        self._bases[table], self._used = start, end

    def forget(self, tables: Iterable[BirthTable]) -> None:
        """Drop births that are replaced; what they read must have been taken out."""
        for table in tables:
            self._bases.pop(table, None)
        live = sum(len(one.tags) for one in self._bases) if self._used > _SPARE else self._used
        if self._used > 2 * live + _SPARE and not self.count:
            kept = [(t, self._numbers[b : b + len(t.tags)]) for t, b in self._bases.items()]
            self._bases, self._used = {}, 0
            for one, numbers in kept:
                self.introduce(one, numbers.copy())

    def add(self, told: Readings, *, retained: bool = False, born: bool = False) -> None:
        """Take what one message said."""
        start, rows = self.count, len(told.tags)
        self._places += told.tags
        self._times += told.times
        self._values += told.values
        self._messages.append((self._bases[told.table], rows, told.received_at))
        if told.historical:
            self._historical += [start + row for row in told.historical]
        if told.qualities:
            self._qualities += [(start + row, code) for row, code in told.qualities]
        if retained:
            self._retained.append(len(self._messages) - 1)
        if born:
            self._born.append(len(self._messages) - 1)
        self.count = start + rows

    def take(self, *, late_after_ms: int, ahead_after_ms: int) -> tuple[Samples, Rows]:
        """Return everything as columns and begin anew.

        Parameters
        ----------
        late_after_ms, ahead_after_ms
            How far a source's clock may be behind or before ours unmarked.

        Returns
        -------
        Samples
            Ordinals are 0.
        Rows
            What belongs to the rows and is not stored.
        """
        messages = np.array(self._messages, np.int64)
        sizes = messages[:, 1]
        at = np.repeat(messages[:, 0], sizes) + np.array(self._places, np.int64)
        number, kind = self._numbers[at], self._kinds[at]
        received = np.repeat(messages[:, 2], sizes)
        time = np.array(self._times, np.int64)
        value, null, text = _typed(self._values, kind)
        born = _marked(self._born, sizes)
        flags = np.zeros(len(time), np.uint8)
        flags[(time < received - late_after_ms) & ~born] |= np.uint8(Flag.LATE)
        flags[time > received + ahead_after_ms] |= np.uint8(Flag.AHEAD)
        flags[self._historical] |= np.uint8(Flag.HISTORICAL)
        flags[_marked(self._retained, sizes)] |= np.uint8(Flag.RETAINED)
        quality = np.full(len(time), GOOD, np.int16)
        for row, code in self._qualities:
            quality[row] = min(code, 0x7FFF)
            if code == _STALE_CODE:
                flags[row] |= np.uint8(Flag.STALE)
        message = np.repeat(np.arange(len(sizes)), sizes)
        self._begin()
        samples = Samples(
            number.astype(np.int32), time, np.zeros(len(time), np.int32), value, null, text,
            quality, received, flags,
        )  # fmt: skip
        collected = number != LEFT_OUT
        if not collected.all():
            samples = samples.take(collected)
            message, born = message[collected], born[collected]
        return samples, Rows(message, born)


class Rows:
    """What belongs to rows beside their columns.

    Parameters
    ----------
    message
        int64, shape (n,); rows of one message have one number.
    born
        bool, shape (n,); whether a birth told it, which repeats what is known by its nature.
    """

    __slots__ = ("born", "message")

    def __init__(self, message: npt.NDArray[np.int64], born: npt.NDArray[np.bool_]) -> None:
        self.message, self.born = message, born


def _marked(messages: list[int], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(sizes), np.bool_)
    mask[messages] = True
    return np.repeat(mask, sizes)


def _typed(
    values: list[object], kind: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.object_] | None]:
    """Return values as float64, which of them are null, and texts where a float is not enough."""
    text: npt.NDArray[np.object_] | None = None
    worded = np.flatnonzero(_TEXTUAL[kind])
    if len(worded):
        text = np.full(len(values), None, object)
        values = values.copy()
        for row in worded.tolist():
            found = values[row]
            if found is not None:
                text[row] = _written(found)
                values[row] = math.nan
    value = np.array(values, np.float64)  # None becomes nan
    null = np.zeros(len(values), np.bool_)
    for row in np.flatnonzero(np.isnan(value)).tolist():
        null[row] = values[row] is None
    for row in np.flatnonzero(np.abs(value) >= EXACT).tolist():
        found = values[row]
        if isinstance(found, int) and abs(found) > EXACT:
            text = np.full(len(values), None, object) if text is None else text
            text[row] = str(found)
    return value, null, text


def _written(found: object) -> str:
    return base64.b64encode(found).decode() if isinstance(found, bytes) else str(found)
