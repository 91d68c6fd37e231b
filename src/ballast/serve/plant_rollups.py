"""Roll-ups as rows of the lake: the parts of a batch, and the parts of a minute merged again.

Apart from the outbox, which decides when a part is made; here is only how a
part looks as a row, and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ballast.lake.sorted_store import Combine
from ballast.plant.measures.rollup import NO_TIME, Rollup, merge_parts, roll_up
from ballast.plant.spool.samples import GOOD, Flag, Samples

__all__ = ["COMBINED", "Owner", "merged_rows", "moments", "rollup_rows"]

_TIMES = ("first_at", "last_at")
_COUNTS = ("count", "finite", "good_count", "late_count")
_VALUES = ("sum", "sum_squares", "least", "most", "first", "last", "rise")
_MS = pa.timestamp("ms", tz="UTC")
_US_A_MS = 1000


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose plant it is, and whether it is a real one: what every row says of itself.

    Parameters
    ----------
    uscc
        The enterprise; none where no mapping says so.
    provenance
        Real or synthetic.
    """

    uscc: str | None = None
    provenance: Literal["real", "synthetic"] = "real"

    def columns(self, rows: int) -> dict[str, pa.Array]:
        """Return the two columns for a number of rows."""
        return {
            "uscc": pa.repeat(pa.scalar(self.uscc, pa.string()), rows),
            "provenance": pa.repeat(self.provenance, rows),
        }


def moments(
    ms: npt.NDArray[np.int64] | pa.Array, missing: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """Return moments in ms as a column, empty where ``missing``."""
    return pa.array(ms, mask=missing).cast(_MS)


def rollup_rows(
    part: Samples, names: pa.Array, window_ms: int, last: int, owner: Owner
) -> pa.Table:
    """Return the parts that a batch gives to the windows of its tags.

    Parameters
    ----------
    part
        The samples of the batch.
    names
        The name of each number of a tag.
    window_ms
        Length of a window in ms.
    last
        The number of the batch's last sample, which numbers the parts.
    owner
        Whose plant it is.
    """
    made = roll_up(
        part.tag,
        part.time,
        np.where(part.null, np.nan, part.value),
        window_ms,
        ordinal=part.ordinal,
        good=part.quality == GOOD,
        late=(part.flags & Flag.LATE) != 0,
    )
    return pa.table(
        {
            "tag": pa.DictionaryArray.from_arrays(made.tag.astype(np.int32), names),
            "seq": np.full(len(made), last),
            "ordinal": np.full(len(made), last),
            **_columns_of(made),
            **owner.columns(len(made)),
        }
    )


def _columns_of(made: Rollup) -> dict[str, pa.Array]:
    """Return the columns of a roll-up as the lake stores them, but the tag."""
    none = made.finite == 0
    columns: dict[str, pa.Array] = {"time": moments(made.window)}
    for name in _COUNTS:
        columns[name] = pa.array(getattr(made, name))
    for name in _VALUES:
        column = getattr(made, name)
        columns[name] = pa.array(column, mask=none | np.isnan(column))
    for name in _TIMES:
        columns[name] = moments(np.where(none, 0, getattr(made, name)), none)
    return columns


def merged_rows(rows: pa.Table) -> pa.Table:
    """Merge the parts of roll-ups where a merge loses nothing: for the merges of their files.

    Parts that interleave in time stay as they are. So a minute that was
    shipped in twelve parts becomes one row when its files are merged.

    Parameters
    ----------
    rows
        Of ``telemetry_1min`` or ``telemetry_1h``, sorted by tag and time.
    """
    encoded = rows["tag"].combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    tags = encoded.indices.to_numpy().astype(np.int64)
    windows = _ms(rows["time"])
    begins = np.flatnonzero(
        np.concatenate([[True], (tags[1:] != tags[:-1]) | (windows[1:] != windows[:-1])])
    )
    parts = _rollup_of(rows, tags, windows)
    merged = merge_parts(parts)
    # Both are sorted by the place of the tag among names and by window, so their groups agree
    # once the tags are numbered in the order of the rows, as an encoding of sorted rows does.
    if len(begins) == len(rows) or len(merged.rollup) != len(begins):
        return rows
    lengths = np.diff(np.append(begins, len(rows)))
    kept = np.repeat(merged.interleaved, lengths)
    whole = merged.rollup.take(~merged.interleaved)
    at = pa.array(begins[~merged.interleaved])
    ordinals = np.maximum.reduceat(rows["ordinal"].to_numpy(), begins)[~merged.interleaved]
    made = pa.table(
        {
            "tag": rows["tag"].take(at),
            "ordinal": ordinals,
            "uscc": rows["uscc"].take(at),
            "provenance": rows["provenance"].take(at),
            **_columns_of(whole),
        }
    )
    made = made.select(rows.column_names).cast(rows.schema)
    both = pa.concat_tables([made, rows.filter(pa.array(kept))])
    places = np.concatenate([begins[~merged.interleaved], np.flatnonzero(kept)])
    return both.take(pa.array(np.argsort(places, kind="stable")))


def _rollup_of(
    rows: pa.Table, tags: npt.NDArray[np.int64], windows: npt.NDArray[np.int64]
) -> Rollup:
    columns: dict[str, Any] = {name: rows[name].to_numpy() for name in _COUNTS}
    for name in _VALUES:
        empty = 0.0 if name in ("sum", "sum_squares") else np.nan
        columns[name] = rows[name].fill_null(empty).to_numpy()
    for name in _TIMES:
        columns[name] = _ms(rows[name])
    return Rollup(tag=tags, window=windows, **columns)


def _ms(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    us = column.cast(pa.int64())
    missing = us.is_null().to_numpy()
    found: npt.NDArray[np.int64] = us.fill_null(0).to_numpy() // _US_A_MS
    return np.where(missing, NO_TIME, found)


#: What the shipper merges when it merges files.
COMBINED: Mapping[str, Combine] = dict.fromkeys(("telemetry_1min", "telemetry_1h"), merged_rows)
