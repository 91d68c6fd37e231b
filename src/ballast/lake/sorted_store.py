"""Large tables that never stop growing: each of their files stands in the order it is read by.

Delta appends files and merges them in the order in which they came; a read of
one tag would then look into every row group of every file. Here each file is
sorted before it is written, and a merge sorts again, so that the bounds of the
row groups tell an engine which few to open, and the bounds of a file (kept in
the Delta log) whether to open it at all. Delta's own Z-order is not used: it
compares the first bytes of a text only, and the names of tags begin alike.

Files are merged by levels, as log-structured stores do: a file of level n is
made of some dozen files of level n - 1, until it is large; so a row is written
a few times in its life, not once for each batch that comes after it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from ballast.lake import store
from ballast.lake.declare import Order
from ballast.lake.home import storage_errors, sync
from ballast.lake.ordering import ordered

__all__ = ["Combine", "Sheaf", "append", "expire", "merge", "sheaves", "within"]

#: Makes fewer rows of the sorted rows of a merge, where several stand for one.
Combine = Callable[[pa.Table], pa.Table]

#: So many files of one level are merged into one of the next.
FANS = (64, 16)
#: A merge makes no file of more rows than this: they are sorted in memory.
MOST_ROWS = 1 << 21
#: Rows of a row group: what an engine reads at least of a file.
GROUP_ROWS = 1 << 16
# Replaced files and old entries of the log are kept so long for readers under way. Delta's own
# times, a week and a month, would be half a million entries of a log that is written every 5 s.
CONFIGURATION = {
    "delta.checkpointInterval": "100",
    "delta.logRetentionDuration": "interval 1 hours",
    "delta.deletedFileRetentionDuration": "interval 1 hours",
}
_LEVEL = re.compile(r"m(\d+)-")
_MS = 1000


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A file of a table, as the Delta log tells it.

    Parameters
    ----------
    path
        Inside the table's directory.
    level
        How often its rows were merged.
    rows, size
        How many rows and bytes.
    least, most
        Bounds of the moments in it; none where the log does not tell.
    """

    path: str
    level: int
    rows: int
    size: int
    least: datetime | None
    most: datetime | None


def append(
    directory: Path,
    rows: pa.Table,
    order: Order,
    *,
    transaction: tuple[str, int],
    combine: Combine | None = None,
    step: store.Step = store.no_step,
) -> bool:
    """Append rows as one sorted file and one Delta commit, on the disk when this returns.

    Parameters
    ----------
    directory
        Where the table stands.
    rows
        With the table's schema; at least one.
    order
        In which order its files stand.
    transaction
        Name of an application and its version, kept in the same commit.
    combine
        Makes fewer rows of sorted ones when files are merged.
    step
        Called between the steps of the write.

    Returns
    -------
    bool
        Whether files were merged; the merged ones are dead then.

    Raises
    ------
    StorageFailed
        If the disk is full or cannot be written; the table is then as it was.
    """
    step(f"before the rows of {directory.name}")
    with storage_errors(directory):
        try:
            table = _opened(directory, rows.schema)
            added = _written(
                directory, ordered(rows, order.columns), 0, order.moment, data_change=True
            )
            step(f"before the commit of {directory.name}")
            said = CommitProperties(app_transactions=[Transaction(*transaction)])
            table.create_write_transaction([added], "append", rows.schema, commit_properties=said)
        except DeltaError as error:
            raise OSError(str(error)) from error
        step(f"before the sync of {directory.name}")
        _sync_log(directory, table)
        step(f"after the rows of {directory.name}")
    return _merge_ripe(directory, table, order, combine, step) > 0


def merge(
    directory: Path,
    order: Order,
    *,
    combine: Combine | None = None,
    step: store.Step = store.no_step,
) -> int:
    """Merge files where a level has enough of them; return how many went into merges.

    Parameters
    ----------
    directory, order, combine, step
        As for ``append``.

    Raises
    ------
    StorageFailed
        If the disk says no; the table is then as it was.
    """
    if store.version(directory) < 0:
        return 0
    return _merge_ripe(directory, DeltaTable(directory), order, combine, step)


def _merge_ripe(
    directory: Path,
    table: DeltaTable,
    order: Order,
    combine: Combine | None,
    step: store.Step,
) -> int:
    merged = 0
    while chosen := _ripe(_sheaves(table, order.moment)):
        with storage_errors(directory):
            try:
                _merge(directory, table, chosen, order, combine, step)
            except DeltaError as error:
                raise OSError(str(error)) from error
        merged += len(chosen)
    return merged


def expire(directory: Path, moment: str, before: datetime) -> int:
    """Take files out of a table of which every row is of a time before; return how many rows.

    Whole files alone: rows of an older day that share a file with a younger
    one stay until that one goes.

    Parameters
    ----------
    directory
        Where the table stands.
    moment
        The column with the time of a row.
    before
        What is older goes.
    """
    old = [one for one in sheaves(directory, moment) if one.most is not None and one.most < before]
    if not old:
        return 0
    with storage_errors(directory):
        try:
            table = DeltaTable(directory)
            table.create_write_transaction(
                [_removed(one, data_change=True) for one in old], "append", table.schema()
            )
        except DeltaError as error:
            raise OSError(str(error)) from error
        _sync_log(directory, table)
    return sum(one.rows for one in old)


def sheaves(directory: Path, moment: str) -> list[Sheaf]:
    """Return the files of a table, oldest first; none where there is no table yet."""
    table = store.opened(directory)
    return [] if table is None else _sheaves(table, moment)


def _sheaves(table: DeltaTable, moment: str) -> list[Sheaf]:
    told = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    found = [
        Sheaf(
            path=unquote(row["path"]),
            level=_level(row["path"]),
            rows=row["num_records"] or 0,
            size=row["size_bytes"],
            least=row.get(f"min.{moment}"),
            most=row.get(f"max.{moment}"),
        )
        for row in told
    ]
    first = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.least or first, one.path))


def within(directory: Path, order: Order, since: datetime, until: datetime) -> list[str]:
    """Return the data files that may hold rows of a stretch of time, after a look at each.

    Parameters
    ----------
    directory
        Where the table stands.
    order
        Of its files.
    since, until
        The stretch, ``until`` excluded.

    Raises
    ------
    StorageFailed
        If one of them is missing or torn.
    """
    found = [
        str(directory / one.path)
        for one in sheaves(directory, order.moment)
        if one.least is None or one.most is None or (one.most >= since and one.least < until)
    ]
    return store.checked(directory, found)


def _ripe(found: Sequence[Sheaf]) -> list[Sheaf]:
    """Return files that are to become one, none where no level has enough of them."""
    by_level: dict[int, list[Sheaf]] = {}
    for one in found:
        if one.rows <= MOST_ROWS // 2:
            by_level.setdefault(one.level, []).append(one)
    for level, files in sorted(by_level.items()):
        if len(files) < FANS[min(level, len(FANS) - 1)]:
            continue
        chosen: list[Sheaf] = []
        rows = 0
        for one in files:
            if chosen and rows + one.rows > MOST_ROWS:
                break
            chosen.append(one)
            rows += one.rows
        if len(chosen) > 1:
            return chosen
    return []


def _merge(
    directory: Path,
    table: DeltaTable,
    chosen: Sequence[Sheaf],
    order: Order,
    combine: Combine | None,
    step: store.Step,
) -> None:
    # Not by Arrow: a file may lack a column that the table has gained since.
    paths = [directory / one.path for one in chosen]
    schema = pa.schema(table.schema().to_arrow())
    empty = pl.DataFrame(schema.empty_table()).lazy()
    scans = [empty, *(pl.scan_parquet(path) for path in paths)]
    rows = pl.concat(scans, how="diagonal").select(schema.names).collect().to_arrow()
    # Texts repeat, and stay encoded from here to the file: a third of the time of a merge.
    rows = ordered(_encoded(rows.cast(schema)), order.columns)
    if combine is not None:
        rows = combine(rows.cast(schema))
    step(f"before the merged rows of {directory.name}")
    level = max(one.level for one in chosen) + 1
    added = _written(directory, rows, level, order.moment, data_change=False)
    step(f"before the commit of the merge of {directory.name}")
    gone = [_removed(one, data_change=False) for one in chosen]
    table.create_write_transaction([added, *gone], "append", table.schema())
    step(f"before the sync of the merge of {directory.name}")
    _sync_log(directory, table)
    step(f"after the merge of {directory.name}")


def _encoded(rows: pa.Table) -> pa.Table:
    columns = (
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in rows.columns
    )
    return pa.table(dict(zip(rows.column_names, columns, strict=True)))


def _opened(directory: Path, schema: pa.Schema) -> DeltaTable:
    try:
        table = DeltaTable(directory)
    except TableNotFoundError:
        return DeltaTable.create(directory, schema, configuration=dict(CONFIGURATION))
    known = {field.name for field in table.schema().fields}
    if new := [field for field in pa.schema(schema) if field.name not in known]:
        table.alter.add_columns(list(Schema.from_arrow(pa.schema(new)).fields))
    return table


def _written(
    directory: Path, rows: pa.Table, level: int, moment: str, *, data_change: bool
) -> AddAction:
    """Write rows to a file of their own, forced to the disk; no reader knows it yet."""
    name = f"m{level}-{uuid4()}.parquet"
    path = directory / name
    # Without Arrow's own schema: whether a text was encoded is nobody's business who reads it.
    pq.write_table(rows, path, compression="zstd", row_group_size=GROUP_ROWS, store_schema=False)
    sync(path)
    bounds = pc.min_max(rows[moment])
    told: Mapping[str, Any] = {
        "numRecords": rows.num_rows,
        "minValues": {moment: _written_moment(bounds["min"])},
        "maxValues": {moment: _written_moment(bounds["max"])},
        "nullCount": {moment: rows[moment].null_count},
    }
    state = path.stat()
    return AddAction(
        path=name,
        size=state.st_size,
        partition_values={},
        modification_time=state.st_mtime_ns // (_MS * _MS),
        data_change=data_change,
        stats=json.dumps(told),
    )


def _removed(one: Sheaf, *, data_change: bool) -> RemoveAction:
    now = time.time_ns() // (_MS * _MS)
    return RemoveAction(one.path, data_change, now, size=one.size)


def _written_moment(moment: pa.Scalar) -> str:
    found: datetime = moment.as_py()
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _level(path: str) -> int:
    found = _LEVEL.match(Path(path).name)
    return int(found[1]) if found else 0


def _sync_log(directory: Path, table: DeltaTable) -> None:
    """Force what the newest commit added to the log to the disk; its files are there already."""
    table.update_incremental()  # a transaction of our own leaves the table as it was opened
    version = table.version()
    log = directory / "_delta_log"
    sync(log / f"{version:020d}.json")
    sync(log)
    sync(directory)
    sync(directory.parent)
