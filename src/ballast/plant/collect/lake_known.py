"""What the lake holds of some tags already, so that a second replay of a file adds nothing.

The lake's streamed tables take every row that the shipper brings; whether a
row is there already is asked before it is put into the log, and only for
recordings: a live source is never so far behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ballast.lake.lake import Lake
from ballast.plant.collect.pipeline import Stored
from ballast.plant.spool.samples import Samples
from ballast.terms.viewer import Viewer

__all__ = ["stored_in"]

_TABLE = "telemetry"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stored_in(lake: Lake, viewer: Viewer) -> Stored:
    """Return how a pipeline asks a lake what it holds.

    Parameters
    ----------
    lake
        Of the home.
    viewer
        Who asks.
    """

    def stored(numbers: Mapping[str, int], since: int, until: int) -> Samples | None:
        rows = lake.read(_TABLE, viewer)
        found = rows.filter(
            rows["tag"].isin(list(numbers)),
            rows["time"] >= _EPOCH + timedelta(milliseconds=since),
            rows["time"] <= _EPOCH + timedelta(milliseconds=until),
        ).select("tag", "time", "ordinal", "value", "text")
        table = found.to_pyarrow()
        return _samples(table, numbers) if table.num_rows else None

    return stored


def _samples(table: pa.Table, numbers: Mapping[str, int]) -> Samples:
    names = table["tag"].combine_chunks().dictionary_encode()
    number = np.array([numbers[name] for name in names.dictionary.to_pylist()], np.int32)
    times = table["time"].cast(pa.timestamp("ms", "UTC")).cast(pa.int64()).to_numpy()
    value, text = table["value"].combine_chunks(), table["text"].combine_chunks()
    null = pc.and_(pc.is_null(value), pc.is_null(text))
    return Samples.of(
        number[names.indices.to_numpy()],
        times,
        pc.fill_null(value, float("nan")).to_numpy(zero_copy_only=False),
        received_at=times,
        ordinal=table["ordinal"].to_numpy(),
        null=null.to_numpy(zero_copy_only=False),
        text=text.to_numpy(zero_copy_only=False) if text.null_count < len(text) else None,
    )
