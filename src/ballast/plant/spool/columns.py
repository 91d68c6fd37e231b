"""Samples and events as Arrow record batches, and back.

The batch alone is written, without its schema: the schema never changes within
a format of the log, and would be half of a commit of one row. Numbers go in
as the very memory of the numpy arrays, and come out as views of what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
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
_NUMBERS: tuple[str, ...] = tuple(SAMPLE_SCHEMA.names)


def plain_text(text: str) -> str:
    r"""Return a text that UTF-8 can hold: halves of letters, which JSON can carry, written out.

    Examples
    --------
    >>> plain_text("阀\ud800")
    '阀\\ud800'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def texts_of(column: Sequence[str | None] | Any) -> Any:
    """Return texts as an Arrow array of strings.

    Raises
    ------
    Refused
        If something else than ``str`` or None is among them.
    """
    try:
        try:
            return pa.array(column, pa.string(), from_pandas=False)
        except UnicodeEncodeError:
            written = [None if text is None else plain_text(text) for text in column]
            return pa.array(written, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, AttributeError) as error:
        raise Refused(
            "column text of the samples holds something that is no text: {reason}",
            reason=str(error).splitlines()[0],
        ) from None


def samples_payload(samples: Samples, texts: Any | None) -> tuple[FrameKind, Buffer]:
    """Return samples as the kind and the payload of a frame.

    Parameters
    ----------
    samples
        The numbers.
    texts
        Their texts as an Arrow array, or None where there are none.
    """
    rows = len(samples)
    kind = FrameKind.SAMPLES if texts is None else FrameKind.WORDED_SAMPLES
    arrays = []
    for field in SAMPLE_SCHEMA:
        column = np.ascontiguousarray(getattr(samples, field.name))
        buffer = pa.py_buffer(column.view(np.uint8) if field.name == "null" else column)
        arrays.append(pa.Array.from_buffers(field.type, rows, [None, buffer]))
    if texts is not None:
        arrays.append(texts)
    batch = pa.RecordBatch.from_arrays(arrays, schema=_SCHEMAS[kind])
    return kind, memoryview(batch.serialize())


def events_payload(events: Sequence[CollectEvent]) -> Buffer:
    """Return events as the payload of a frame."""
    columns = {
        "at": [event.at for event in events],
        "kind": [event.kind.value for event in events],
        "source": [plain_text(event.source) for event in events],
        "tag": [None if event.tag is None else plain_text(event.tag) for event in events],
        "since": [event.since for event in events],
        "until": [event.until for event in events],
        "count": [event.count for event in events],
        "detail": [plain_text(event.detail) for event in events],
    }
    return memoryview(pa.RecordBatch.from_pydict(columns, schema=EVENT_SCHEMA).serialize())


def samples_of(payloads: Sequence[tuple[FrameKind, Buffer]]) -> Samples:
    """Return the samples of one or more frames, one behind the other."""
    batches = [
        pa.ipc.read_record_batch(pa.py_buffer(payload), _SCHEMAS[kind])
        for kind, payload in payloads
    ]
    worded = any(kind is FrameKind.WORDED_SAMPLES for kind, _ in payloads)
    texts = None
    if worded:
        texts = np.concatenate([_texts(batch) for batch in batches])
        batches = [batch.select(_NUMBERS) for batch in batches]
    if len(batches) == 1:
        columns = {name: batches[0].column(name).to_numpy() for name in _NUMBERS}
    else:
        table = pa.Table.from_batches(batches)
        columns = {name: table.column(name).to_numpy() for name in _NUMBERS}
    columns["null"] = columns["null"].view(np.bool_)
    return Samples(text=texts, **columns)


def _texts(batch: Any) -> Any:
    if batch.num_columns == len(_NUMBERS):
        return np.full(batch.num_rows, None, object)
    return batch.column("text").to_numpy(zero_copy_only=False)


def events_of(payload: Buffer) -> list[CollectEvent]:
    """Return the events of a frame."""
    batch = pa.ipc.read_record_batch(pa.py_buffer(payload), EVENT_SCHEMA)
    return [CollectEvent(**{**row, "kind": EventKind(row["kind"])}) for row in batch.to_pylist()]
