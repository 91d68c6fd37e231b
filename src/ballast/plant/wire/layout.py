"""The fastest path: a message laid out like an earlier one is read at fixed places.

An edge node that publishes many metrics at once writes them in the same order,
with the same fields, time after time: only times and values differ, and numbers
of the same size stand at the same bytes. The first such message is walked byte
by byte and its layout kept; each later one of the same length is compared with
it at once, as an array, and its times and values are gathered. Whatever differs
in any byte that is no time and no value goes the ordinary way of `readings`.

Only metrics of floating point are laid out: their values have a fixed width.
Field numbers and wire types are those of the Sparkplug B payload (Sparkplug 3.0,
chapter 6.4) and of the Protocol Buffers encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.wire.payload import Value

__all__ = ["LEAST_METRICS", "Layout", "layout_of"]

LEAST_METRICS = 8
"""Below, the few arrays cost more than the walk over the metrics."""

_TIMESTAMP, _METRIC, _SEQ = 1, 2, 3  # fields of a payload
_METRIC_TIMESTAMP, _FLOAT, _DOUBLE = 3, 12, 13  # fields of a metric
_PLAIN_FIELDS = frozenset((1, 2, _METRIC_TIMESTAMP, 4, _FLOAT, _DOUBLE))  # name, alias, datatype
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_CONTINUED = 0x80

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """Where a message has what, and what else must stand in it.

    Parameters
    ----------
    tags
        Place of each metric's tag in the birth's table, in the order of the message.
    mask, expected
        uint8, shape (bytes,): ``message & mask`` must be ``expected``.
    times
        Places of the bytes of each metric's time, shape (metrics, bytes of a time).
    values
        Places of the bytes of each metric's value, shape (metrics, 8 or 4).
    """

    tags: list[int]
    mask: _Bytes
    expected: _Bytes
    times: _Places
    values: _Places

    def read(self, data: bytes) -> tuple[npt.NDArray[np.int64], list[Value]] | None:
        """Return times (ms) and values of a message, or None where it is laid out otherwise.

        Parameters
        ----------
        data
            A message of as many bytes as the one the layout was made from.
        """
        raw = np.frombuffer(data, np.uint8)
        if not np.array_equal(raw & self.mask, self.expected):
            return None
        sevens = (raw[self.times] & 0x7F).astype(np.int64)
        shifts = np.arange(sevens.shape[1], dtype=np.int64) * 7
        told = raw[self.values].view("<f8" if self.values.shape[1] == 8 else "<f4")
        values: list[Value] = told.ravel().tolist()
        return (sevens << shifts).sum(axis=1), values


@dataclass(slots=True)
class _Found:
    """One field: its number and wire type, and the bytes of its content."""

    number: int
    kind: int
    begin: int
    end: int


def layout_of(data: bytes, tags: list[int]) -> Layout | None:
    """Return the layout of a message, or None where it has no fixed one.

    Parameters
    ----------
    data
        A message that was read the ordinary way, every metric of which gave a reading.
    tags
        Those readings' places in the birth's table.

    Examples
    --------
    >>> from ballast.plant.wire.datatype import DataType
    >>> from ballast.plant.wire.payload import Metric, Payload, encode
    >>> def said(value: float, at: int) -> bytes:
    ...     metric = Metric(None, value, DataType.DOUBLE, alias=7, timestamp=at)
    ...     return encode(Payload(at, (metric,), seq=at % 256))
    >>> layout = layout_of(said(1.5, 1_700_000_000_000), [0])
    >>> times, values = layout.read(said(-2.25, 1_700_000_000_001))
    >>> times.tolist(), values
    ([1700000000001], [-2.25])
    """
    mask = np.full(len(data), 0xFF, np.uint8)
    times: list[range] = []
    values: list[range] = []
    try:
        for field in _fields(data, 0, len(data)):
            if field.number == _METRIC and field.kind == _LENGTH:
                if not _metric(data, field, mask, times, values):
                    return None
            elif field.kind == _VARINT and field.number in (_TIMESTAMP, _SEQ):
                mask[field.begin : field.end] = _CONTINUED
            else:
                return None
    except (IndexError, ValueError):
        return None  # what the official decoder took may still be stranger than this walk
    even = {len(one) for one in times}, {len(one) for one in values}
    if len(times) != len(tags) or len(values) != len(tags) or any(len(one) != 1 for one in even):
        return None
    return Layout(
        tags, mask, np.frombuffer(data, np.uint8) & mask,
        np.array([list(one) for one in times], np.intp),
        np.array([list(one) for one in values], np.intp),
    )  # fmt: skip


def _metric(
    data: bytes, metric: _Found, mask: _Bytes, times: list[range], values: list[range]
) -> bool:
    """Note the places of a metric's time and value; tell whether it has just one of each."""
    before = len(times), len(values)
    for field in _fields(data, metric.begin, metric.end):
        if field.number not in _PLAIN_FIELDS:
            return False
        if field.number == _METRIC_TIMESTAMP and field.kind == _VARINT:
            times.append(range(field.begin, field.end))
            mask[field.begin : field.end] = _CONTINUED
        elif (field.number, field.kind) in ((_DOUBLE, _FIXED64), (_FLOAT, _FIXED32)):
            values.append(range(field.begin, field.end))
            mask[field.begin : field.end] = 0
    return (len(times) - before[0], len(values) - before[1]) == (1, 1)


def _fields(data: bytes, begin: int, end: int) -> Iterator[_Found]:
    at = begin
    while at < end:
        start = _past_varint(data, at)
        key = data[at] if start - at == 1 else 0  # numbers above 15 are none of ours
        kind = key & 7
        if kind == _VARINT:
            after = _past_varint(data, start)
        elif kind == _LENGTH:
            content = _past_varint(data, start)
            size = sum((data[start + n] & 0x7F) << 7 * n for n in range(content - start))
            start, after = content, content + size
        elif kind in (_FIXED64, _FIXED32):
            after = start + (8 if kind == _FIXED64 else 4)
        else:
            raise ValueError(kind)
        if after > end or not key >> 3:
            raise ValueError(after)
        yield _Found(key >> 3, kind, start, after)
        at = after


def _past_varint(data: bytes, at: int) -> int:
    end = at
    while data[end] & _CONTINUED:
        end += 1
    if end - at > 9:
        raise ValueError(at)
    return end + 1
