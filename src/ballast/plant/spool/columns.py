"""Samples and events as Arrow record batches, and back.

The batch alone is written, without its schema: the schema never changes within
a format of the log, and would be half of a commit of one row. Numbers go in
as the very memory of the numpy arrays, and come out as views of what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ballast.errors import Refused
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.frame import Buffer, FrameKind
from ballast.plant.spool.samples import Samples

__all__ = [
    "EVENT_SCHEMA",
    "ROW_BYTES",
    "SAMPLE_SCHEMA",
    "WORDED_SCHEMA",
    "events_of",
    "events_payload",
    "plain_text",
    "samples_of",
    "samples_payload",
    "texts_of",
]

#: What numbers of one sample take on the disk.
ROW_BYTES = 36
_MOST_TEXT = 2**31 - 1

SAMPLE_SCHEMA = pa.schema(
    [
        pa.field("tag", pa.int32(), nullable=False),
        pa.field("time", pa.int64(), nullable=False),
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        # A byte and not Arrow's bit: it is the memory of a numpy array of bool.
        pa.field("null", pa.uint8(), nullable=False),
        pa.field("quality", pa.int16(), nullable=False),
        pa.field("received_at", pa.int64(), nullable=False),
        pa.field("flags", pa.uint8(), nullable=False),
    ]
)
WORDED_SCHEMA = SAMPLE_SCHEMA.append(pa.field("text", pa.string()))
EVENT_SCHEMA = pa.schema(
    [
        pa.field("at", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("tag", pa.string()),
        pa.field("since", pa.int64(), nullable=False),
        pa.field("until", pa.int64()),
        pa.field("count", pa.int64(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
    ]
)
_SCHEMAS = {FrameKind.SAMPLES: SAMPLE_SCHEMA, FrameKind.WORDED_SAMPLES: WORDED_SCHEMA}
# Read past Arrow's own ``to_numpy``, which imports pandas: half a second, and 50 MB of a collector.
_NUMBERS: dict[str, np.dtype[Any]] = {
    field.name: np.dtype(np.bool_ if field.name == "null" else field.type.to_pandas_dtype())
    for field in SAMPLE_SCHEMA
}


def plain_text(text: str) -> str:
    r"""Return a text that UTF-8 can hold: halves of letters, which JSON can carry, written out.

    Examples
    --------
    >>> plain_text("阀\ud800")
    '阀\\ud800'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def texts_of(column: Sequence[str | None] | npt.NDArray[np.object_]) -> Any:
    """Return texts as an Arrow array of strings.

    Made of its three buffers: what Arrow itself makes of a list imports pandas.

    Raises
    ------
    Refused
        If something else than ``str`` or None is among them.

    Examples
    --------
    >>> texts_of(["阀", None, ""]).to_pylist()
    ['阀', None, '']
    """
    try:
        pieces = [
            b"" if text is None else text.encode("utf-8", "backslashreplace") for text in column
        ]
        ends = np.zeros(len(pieces) + 1, np.int64)
        np.cumsum([len(piece) for piece in pieces], out=ends[1:])
        data = b"".join(pieces)
    except (AttributeError, TypeError):
        strange = next(text for text in column if not isinstance(text, str | None))
        raise Refused(
            "column text of the samples holds {found}, which is no text; write it as text",
            found=repr(strange)[:40],
        ) from None
    if ends[-1] > _MOST_TEXT:
        raise Refused(
            "{count} bytes of text at once are more than a column holds; put fewer rows at once",
            count=int(ends[-1]),
        )
    there = np.packbits([text is not None for text in column], bitorder="little")
    buffers = [pa.py_buffer(there), pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(pieces), buffers)


def _whole_numbers(column: Sequence[int]) -> Any:
    return _numbers(np.array(column, np.int64), pa.int64())


def _numbers(column: npt.NDArray[Any], kind: Any) -> Any:
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(column)])


def samples_payload(samples: Samples, texts: Any | None) -> tuple[FrameKind, Buffer]:
    """Return samples as the kind and the payload of a frame.

    Parameters
    ----------
    samples
        The numbers.
    texts
        Their texts as an Arrow array, or None where there are none.
    """
    kind = FrameKind.SAMPLES if texts is None else FrameKind.WORDED_SAMPLES
    arrays = []
    for field in SAMPLE_SCHEMA:
        column = np.ascontiguousarray(getattr(samples, field.name))
        arrays.append(
            _numbers(column.view(np.uint8) if field.name == "null" else column, field.type)
        )
    if texts is not None:
        arrays.append(texts)
    batch = pa.RecordBatch.from_arrays(arrays, schema=_SCHEMAS[kind])
    return kind, memoryview(batch.serialize())


def events_payload(events: Sequence[CollectEvent]) -> Buffer:
    """Return events as the payload of a frame."""
    until = np.array([event.until or 0 for event in events], np.int64)
    lasting = np.packbits([event.until is not None for event in events], bitorder="little")
    arrays = [
        _whole_numbers([event.at for event in events]),
        texts_of([event.kind.value for event in events]),
        texts_of([event.source for event in events]),
        texts_of([event.tag for event in events]),
        _whole_numbers([event.since for event in events]),
        pa.Array.from_buffers(
            pa.int64(), len(events), [pa.py_buffer(lasting), pa.py_buffer(until)]
        ),
        _whole_numbers([event.count for event in events]),
        texts_of([event.detail for event in events]),
    ]
    return memoryview(pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA).serialize())


def samples_of(payloads: Sequence[tuple[FrameKind, Buffer]]) -> Samples:
    """Return the samples of one or more frames, one behind the other."""
    batches = [
        pa.ipc.read_record_batch(pa.py_buffer(payload), _SCHEMAS[kind])
        for kind, payload in payloads
    ]
    texts = None
    if any(kind is FrameKind.WORDED_SAMPLES for kind, _ in payloads):
        texts = np.concatenate([_texts(batch) for batch in batches])
    columns: dict[str, Any] = {}
    for place, (name, dtype) in enumerate(_NUMBERS.items()):
        parts = [
            np.frombuffer(batch.column(place).buffers()[1], dtype, batch.num_rows)
            for batch in batches
        ]
        columns[name] = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return Samples(text=texts, **columns)


def _texts(batch: Any) -> Any:
    found = np.full(batch.num_rows, None, object)
    if batch.num_columns > len(_NUMBERS):
        found[:] = batch.column("text").to_pylist()
    return found


def events_of(payload: Buffer) -> list[CollectEvent]:
    """Return the events of a frame."""
    batch = pa.ipc.read_record_batch(pa.py_buffer(payload), EVENT_SCHEMA)
    return [CollectEvent(**{**row, "kind": EventKind(row["kind"])}) for row in batch.to_pylist()]
