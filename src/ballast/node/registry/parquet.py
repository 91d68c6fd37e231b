"""Records as Parquet: for anyone else's tools, and back again without a byte changed.

One row a record, the values as a list of structs with a type for each field, so that
any reader of Parquet sees what stands in a record. The wire's bytes in one column would be
shorter and faster, but only we could read them.

Rows are written and read a group at a time, so a registry of any size passes through.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ballast.errors import Refused, UnreadableFile, WrongColumns
from ballast.node.registry.lmdb_faults import lmdb_errors
from ballast.node.registry.records import (
    Record,
    RecordState,
    pack_record,
    record_key,
    record_of,
    unpack_record,
)
from ballast.node.registry.store import Snapshot
from ballast.node.wire.value import Reference, Value
from ballast.terms.handle import fold

_ROWS_A_GROUP = 20_000
_SECONDS = pa.timestamp("s", tz="UTC")
_MOMENT = pa.timestamp("ms", tz="UTC")  # Parquet has no whole seconds
_REFERENCE = pa.struct([("handle", pa.string()), ("index", pa.uint32())])
_VALUE = pa.struct(
    [
        ("index", pa.uint32()),
        ("type", pa.string()),
        ("data", pa.binary()),
        ("permissions", pa.uint8()),
        ("ttl", pa.uint32()),
        ("ttl_absolute", pa.bool_()),
        ("timestamp", pa.uint32()),
        ("references", pa.list_(_REFERENCE)),
    ]
)
SCHEMA = pa.schema(
    [
        pa.field("handle", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("expires_at", _MOMENT),
        pa.field("created_at", _MOMENT, nullable=False),
        pa.field("changed_at", _MOMENT, nullable=False),
        pa.field("values", pa.list_(_VALUE), nullable=False),
    ]
)
"""The columns; ``expires_at`` is missing where a record never expires."""


def export_parquet(snapshot: Snapshot, path: Path, prefix: bytes | None = None) -> int:
    """Write the records of a prefix, or all, as Parquet; return how many.

    Parameters
    ----------
    snapshot
        The moment to export.
    path
        The file; it appears whole or not at all.
    prefix
        Folded; None for all.

    Raises
    ------
    Refused
        If the file exists.
    StorageFailed
        If it cannot be written.
    """
    if path.exists():
        raise Refused("{path}: exists already; name another file", path=path)
    new = path.with_name(f"{path.name}.new")
    count = 0
    with lmdb_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # It holds the secret keys of administrators, as the registry does.
            new.touch(mode=0o600)
            with pq.ParquetWriter(new, SCHEMA, compression="zstd") as writer:
                for rows in _groups(snapshot, prefix):
                    records = [unpack_record(key, packed) for key, packed in rows]
                    writer.write_table(_table(records))
                    count += len(records)
            new.rename(path)
        finally:
            new.unlink(missing_ok=True)
    return count


def _groups(snapshot: Snapshot, prefix: bytes | None) -> Iterator[list[tuple[bytes, bytes]]]:
    after: bytes | None = None
    while rows := snapshot.records(prefix, after, _ROWS_A_GROUP):
        yield rows
        after = rows[-1][0]


def _table(records: list[Record]) -> pa.Table:
    per_record = [record.values() for record in records]
    columns = [
        pa.array([record.handle.decode() for record in records], pa.string()),
        pa.array([record.state.name.lower() for record in records], pa.string()),
        _moments([record.expires_at or None for record in records]),
        _moments([record.created_at for record in records]),
        _moments([record.changed_at for record in records]),
        pa.ListArray.from_arrays(
            _offsets(per_record), _value_array(list(chain.from_iterable(per_record)))
        ),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _moments(seconds: list[int | None]) -> pa.Array:
    return pa.array(seconds, pa.int64()).cast(_SECONDS).cast(_MOMENT)


def _value_array(values: list[Value]) -> pa.Array:
    references = [value.references for value in values]
    flat = list(chain.from_iterable(references))
    columns = [
        pa.array([value.index for value in values], pa.uint32()),
        pa.array([value.type for value in values], pa.string()),
        pa.array([value.data for value in values], pa.binary()),
        pa.array([value.permissions for value in values], pa.uint8()),
        pa.array([value.ttl for value in values], pa.uint32()),
        pa.array([value.ttl_absolute for value in values], pa.bool_()),
        pa.array([value.timestamp for value in values], pa.uint32()),
        pa.ListArray.from_arrays(
            _offsets(references),
            pa.StructArray.from_arrays(
                [
                    pa.array([reference.handle for reference in flat], pa.string()),
                    pa.array([reference.index for reference in flat], pa.uint32()),
                ],
                fields=list(_REFERENCE),
            ),
        ),
    ]
    return pa.StructArray.from_arrays(columns, fields=list(_VALUE))


def _offsets(lists: list[tuple[Any, ...]]) -> pa.Array:
    ends = [0]
    for items in lists:
        ends.append(ends[-1] + len(items))
    return pa.array(ends, pa.int32())


def import_parquet(path: Path, block: int = 10_000) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield blocks of key and packed record from an export, ready for ``put_new_records``.

    Parameters
    ----------
    path
        A file with the columns of ``SCHEMA``, in any order; others are passed over.
    block
        How many records a block has at most.

    Raises
    ------
    UnreadableFile
        If it is no Parquet, or damaged.
    WrongColumns
        If columns are missing or of another type.
    Refused
        If a row is no record; it is named.
    """
    try:
        with pq.ParquetFile(path) as file:
            _check_columns(path, file.schema_arrow)
            row = 0
            for batch in file.iter_batches(block, columns=SCHEMA.names):
                yield [_packed(path, row + place, fields) for place, fields in _rows(path, batch)]
                row += batch.num_rows
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(
            "{path}: cannot be read as an export of a registry ({reason})",
            path=path,
            reason=str(error).splitlines()[0],
        ) from error


def _check_columns(path: Path, found: pa.Schema) -> None:
    for field in SCHEMA:
        if field.name not in found.names:
            raise _wrong_column(path, field)


def _wrong_column(path: Path, field: pa.Field) -> WrongColumns:
    return WrongColumns(
        "{path}: the column {column} is missing, or is not of the type {type}",
        path=path,
        column=field.name,
        type=field.type,
    )


def _rows(path: Path, batch: pa.RecordBatch) -> Iterator[tuple[int, dict[str, Any]]]:
    lists = {field.name: _column(path, batch, field).to_pylist() for field in SCHEMA}
    for place in range(batch.num_rows):
        yield place, {name: column[place] for name, column in lists.items()}


def _column(path: Path, batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    """Return a column in our type; other tools write the same in wider or finer ones."""
    column = batch.column(field.name)
    try:
        if not pa.types.is_timestamp(field.type):
            return column.cast(field.type)
        return column.cast(_SECONDS, safe=False).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise _wrong_column(path, field) from error


def _packed(path: Path, row: int, fields: dict[str, Any]) -> tuple[bytes, bytes]:
    try:
        handle = fields["handle"].encode()
        record = record_of(
            handle,
            [_value(value) for value in fields["values"]],
            fields["changed_at"],
            expires_at=fields["expires_at"] or 0,
            created_at=fields["created_at"],
            state=RecordState[fields["state"].upper()],
        )
        return record_key(fold(handle)), pack_record(record)
    except (AttributeError, KeyError, TypeError, struct.error) as error:
        raise Refused(
            "{path}: row {row} is no record ({reason}); nothing from it on was taken",
            path=path,
            row=row + 1,
            reason=error,
        ) from error


def _value(fields: dict[str, Any]) -> Value:
    references = tuple(Reference(**reference) for reference in fields.pop("references") or ())
    return Value(**fields, references=references)
