"""Samples as columns: what the collector hands on, the log keeps and the lake receives.

Columns and not one object a sample: a sample costs 36 bytes instead of some
600, and thousands of them are concatenated, sorted and written by one call. A
value is a float64, because nearly all are; what a float cannot hold exactly
(texts, bytes, integers beyond 2**53) stands beside it as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused

__all__ = ["GOOD", "Flag", "Samples", "concatenate"]

#: The quality of a good value, as OPC and Sparkplug number it (0 is bad, 500 is stale).
GOOD = 192


class Flag(IntFlag):
    """What is known of a sample beside its value; several hold at once."""

    LATE = 1
    AHEAD = 2
    HISTORICAL = 4
    RETAINED = 8
    STALE = 16
    UNMAPPED = 32
    UNTIMED = 64  # the source told no time; that of receipt stands for it


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples of any tags, side by side; all columns have shape (n,).

    Parameters
    ----------
    tag
        int32. The number that ``Spool.number`` gave the tag's name.
    time
        int64. When it was measured, by the source's clock, in ms (UTC).
    ordinal
        int32. Tells samples of one tag with one time apart; 0 where there is one.
    value
        float64. The value; nan where it is null or only a text.
    null
        bool. The source said that it has no value.
    text
        What a float64 cannot hold exactly, ``str`` or None a row (dtype object);
        None instead of a column of Nones.
    quality
        int16. 192 is good, 0 bad, 500 stale.
    received_at
        int64. When it reached us, by our clock, in ms (UTC).
    flags
        uint8. ``Flag`` bits.

    Raises
    ------
    Refused
        If the columns are not of one length, or of another type.

    Examples
    --------
    >>> two = Samples.of([0, 1], [1000, 1000], [20.5, float("nan")], received_at=1007)
    >>> len(two), two.quality.tolist(), two.take(slice(0, 1)).value.tolist()
    (2, [192, 192], [20.5])
    """

    tag: npt.NDArray[np.int32]
    time: npt.NDArray[np.int64]
    ordinal: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    null: npt.NDArray[np.bool_]
    text: npt.NDArray[np.object_] | None
    quality: npt.NDArray[np.int16]
    received_at: npt.NDArray[np.int64]
    flags: npt.NDArray[np.uint8]

    def __post_init__(self) -> None:
        rows = self.tag.shape
        for name, kind in _DTYPES.items():
            column = getattr(self, name)
            if name == "text" and column is None:
                continue
            if column.dtype != kind or column.shape != rows or column.ndim != 1:
                raise Refused(
                    "column {column} of the samples is {found} of shape {shape}; "
                    "it must be {kind} of shape {rows}",
                    column=name, found=column.dtype, shape=column.shape, kind=kind, rows=rows,
                )  # fmt: skip

    def __len__(self) -> int:
        return len(self.tag)

    @classmethod
    def of(
        cls,
        tag: npt.ArrayLike,
        time: npt.ArrayLike,
        value: npt.ArrayLike,
        *,
        received_at: npt.ArrayLike,
        ordinal: npt.ArrayLike = 0,
        null: npt.ArrayLike = False,
        text: Sequence[str | None] | npt.NDArray[np.object_] | None = None,
        quality: npt.ArrayLike = GOOD,
        flags: npt.ArrayLike = 0,
    ) -> Samples:
        """Make samples of anything that numpy takes; single values hold for every row.

        Parameters
        ----------
        tag, time, value, received_at, ordinal, null, text, quality, flags
            As the columns of the class; ``time`` gives the number of rows.
        """
        times = np.ascontiguousarray(np.atleast_1d(np.asarray(time, np.int64)))
        rows = times.shape

        def whole(column: npt.ArrayLike, kind: Any) -> npt.NDArray[Any]:
            return np.ascontiguousarray(np.broadcast_to(np.asarray(column, kind), rows))

        texts = None
        if text is not None:
            texts = np.empty(rows, object)
            texts[:] = text
        return cls(
            tag=whole(tag, np.int32),
            time=times,
            ordinal=whole(ordinal, np.int32),
            value=whole(value, np.float64),
            null=whole(null, np.bool_),
            text=texts,
            quality=whole(quality, np.int16),
            received_at=whole(received_at, np.int64),
            flags=whole(flags, np.uint8),
        )

    def take(self, rows: slice | npt.NDArray[Any]) -> Samples:
        """Return some of the rows: a slice (views), places or a mask (copies)."""
        columns: dict[str, Any] = {
            name: None if (column := getattr(self, name)) is None else column[rows]
            for name in _DTYPES
        }
        return Samples(**columns)


_DTYPES: dict[str, np.dtype[Any]] = {
    "tag": np.dtype(np.int32),
    "time": np.dtype(np.int64),
    "ordinal": np.dtype(np.int32),
    "value": np.dtype(np.float64),
    "null": np.dtype(np.bool_),
    "text": np.dtype(object),
    "quality": np.dtype(np.int16),
    "received_at": np.dtype(np.int64),
    "flags": np.dtype(np.uint8),
}


def concatenate(parts: Sequence[Samples]) -> Samples:
    """Return samples one behind the other.

    Parameters
    ----------
    parts
        At least one; a single one is returned as it is.

    Examples
    --------
    >>> one = Samples.of(0, 1000, 1.0, received_at=1001)
    >>> len(concatenate([one, one]))
    2
    """
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in _DTYPES
        if name != "text"
    }
    texts = None
    if any(part.text is not None for part in parts):
        texts = np.concatenate(
            [np.full(len(part), None, object) if part.text is None else part.text for part in parts]
        )
    return Samples(text=texts, **columns)
