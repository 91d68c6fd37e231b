"""Many readings as numpy columns, one set for each kind of value.

One column of floats for everything would lose the low digits of a counter
above 2⁵³ and turn texts away; a column of Python objects would cost thirty
bytes a value. So rows are parted by the kind that their birth promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.wire.birth import BirthTable
from ballast.plant.wire.datatype import Kind
from ballast.plant.wire.readings import Readings

__all__ = ["GOOD", "Column", "columns"]

# Sparkplug 3.0, chapter 6, "Quality Codes".
GOOD = 192
_DTYPES: dict[Kind, npt.DTypeLike] = {
    Kind.NUMBER: np.float64,
    Kind.INTEGER: np.int64,
    Kind.UNSIGNED: np.uint64,
    Kind.BOOLEAN: np.bool_,
    Kind.TEXT: np.object_,
    Kind.BYTES: np.object_,
}


@dataclass(frozen=True, eq=False)
class Column:
    """The rows of one kind, in the order received; all arrays have shape (n,).

    Parameters
    ----------
    tag
        int64; the number of the tag in the caller's own numbering.
    time, received_at
        int64, ms (UTC): by the source's clock, and by ours.
    value
        In the dtype of the kind; where ``null``, the dtype's zero and no value.
        NaN and infinities are values that a machine sent, and stay.
    null, late, ahead, historical
        bool. ``late``: the source time is more than the tolerance before the
        receipt; ``ahead``: more than the tolerance after it.
    quality
        int64; Sparkplug's code, 192 where none was said.
    """

    tag: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    received_at: npt.NDArray[np.int64]
    value: npt.NDArray[np.generic]
    null: npt.NDArray[np.bool_]
    late: npt.NDArray[np.bool_]
    ahead: npt.NDArray[np.bool_]
    historical: npt.NDArray[np.bool_]
    quality: npt.NDArray[np.int64]


def columns(
    batch: Sequence[Readings],
    numbers: Mapping[BirthTable, npt.NDArray[np.int64]],
    *,
    late_after_ms: int = 60_000,
    ahead_after_ms: int = 60_000,
) -> dict[Kind, Column]:
    """Return readings as columns, without the kinds of which there are none.

    Parameters
    ----------
    batch
        Readings of any number of messages and tables.
    numbers
        For each table, the caller's number of each of its tags, shape (tags,).
    late_after_ms, ahead_after_ms
        How far a source's clock may be behind or before ours unmarked.

    Examples
    --------
    >>> from ballast.plant.wire.birth import BirthTable, Tag
    >>> from ballast.plant.wire.datatype import DataType
    >>> table = BirthTable((Tag("t", 1, DataType.DOUBLE),))
    >>> told = Readings(table, 9, tags=[0, 0], times=[7, 8], values=[1.5, None])
    >>> found = columns([told], {table: np.array([40])})[Kind.NUMBER]
    >>> found.tag.tolist(), found.value.tolist(), found.null.tolist()
    ([40, 40], [1.5, 0.0], [False, True])
    """
    sizes = [len(one.tags) for one in batch]
    total = sum(sizes)
    if not total:
        return {}
    starts = np.cumsum([0, *sizes[:-1]])
    tag, kind = np.empty(total, np.int64), np.empty(total, np.int8)
    values: list[object] = []
    times: list[int] = []
    historical, quality = np.zeros(total, np.bool_), np.full(total, GOOD, np.int64)
    for start, one in zip(starts.tolist(), batch, strict=True):
        places = np.array(one.tags, np.int64)
        tag[start : start + len(places)] = numbers[one.table][places]
        kind[start : start + len(places)] = one.table.kinds[places]
        values += one.values
        times += one.times
        for row in one.historical:
            historical[start + row] = True
        for row, code in one.qualities:
            quality[start + row] = code
    time = np.array(times, np.int64)
    received = np.repeat(np.array([one.received_at for one in batch], np.int64), sizes)
    late, ahead = time < received - late_after_ms, time > received + ahead_after_ms
    found = {}
    for each in Kind:
        rows = np.flatnonzero(kind == each)
        if len(rows):
            alone = len(rows) == total
            chosen = values if alone else [values[row] for row in rows.tolist()]
            value, null = _typed(chosen, each)
            marks = (late[rows], ahead[rows], historical[rows])
            found[each] = Column(
                tag[rows], time[rows], received[rows], value, null, *marks, quality[rows]
            )
    return found


def _typed(
    values: list[object], kind: Kind
) -> tuple[npt.NDArray[np.generic], npt.NDArray[np.bool_]]:
    """Return values in the dtype of their kind, and which of them are null."""
    null = np.zeros(len(values), np.bool_)
    if None in values:
        null = np.array([value is None for value in values], np.bool_)
        empty: object = {Kind.TEXT: "", Kind.BYTES: b""}.get(kind, 0)
        values = [empty if value is None else value for value in values]
    return np.array(values, _DTYPES[kind]), null
