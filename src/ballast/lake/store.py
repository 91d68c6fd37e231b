"""The tables on disk: Delta Lake, appended to and never changed in place.

Only this module writes Delta. Every write is forced to the disk before it
returns, since Delta itself leaves that to the operating system, and the
ledger's word "committed" must survive a power cut.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from ballast.errors import StorageFailed
from ballast.lake.home import storage_errors, sync

#: Called before each step of a write with its name; tests kill the process here.
Step = Callable[[str], None]

MANY_FILES = 64
_MERGED_BYTES = 64 << 20  # a table that grows all day is not written again whole
_MAGIC = b"PAR1"


def no_step(name: str) -> None:
    """Do nothing between two steps of a write."""


def files(directory: Path) -> list[str]:
    """Return the data files of a table, oldest first; none where there is no table yet."""
    opened = _open(directory)
    return [] if opened is None else sorted(_paths(opened))


def readable(directory: Path) -> list[str]:
    """Return the data files of a table after a look at each: is it there, and whole?

    Raises
    ------
    StorageFailed
        If one is missing or torn; an engine would say so in words of its own.
    """
    return checked(directory, files(directory))


def checked(directory: Path, found: list[str]) -> list[str]:
    """Return data files of a table after a look at each, as ``readable`` does.

    Raises
    ------
    StorageFailed
        If one is missing or torn.
    """
    for name in found:
        if not _is_whole(Path(name)):
            raise StorageFailed(
                "{path}: a file of the table is missing or damaged ({file}); "
                "restore the home from a backup",
                path=directory,
                file=Path(name).name,
            )
    return found


def _is_whole(path: Path) -> bool:
    """Return whether a file begins and ends as Parquet does; its pages are not read for that."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
            file.seek(-len(_MAGIC), os.SEEK_END)
            return head == file.read() == _MAGIC
    except OSError:
        return False


def is_sound(file: str) -> bool:
    """Return whether a data file is there and its end can be read; a torn one has none."""
    try:
        pq.read_metadata(file)
    except (OSError, pa.ArrowException):
        return False
    return True


def read(directory: Path, schema: pa.Schema) -> pl.DataFrame:
    """Return a whole small table, such as the ledger."""
    found = readable(directory)
    empty = pl.DataFrame(schema.empty_table())
    if not found:
        return empty
    # Older files may lack a column that the table has gained since.
    scans = [empty.lazy(), *(pl.scan_parquet(name) for name in found)]
    return pl.concat(scans, how="diagonal").select(empty.columns).collect()


def append(
    directory: Path,
    rows: pa.Table,
    step: Step = no_step,
    *,
    transaction: tuple[str, int] | None = None,
) -> bool:
    """Append rows to a table as one Delta commit, on the disk when this returns.

    A table of very many small files is merged afterwards; one-row loads make them.

    Parameters
    ----------
    directory
        Where the table stands.
    rows
        With the table's schema.
    step
        Called between the steps of the write.
    transaction
        Name of an application and its version, kept in the same commit as the rows;
        ``transaction_version`` tells it. Delta does not compare it with the last one.

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
    table = _open(directory)
    before = set() if table is None else set(_paths(table))
    said = None if transaction is None else [Transaction(*transaction)]
    properties = CommitProperties(app_transactions=said)
    with storage_errors(directory):
        try:
            if table is None:
                write_deltalake(directory, rows, mode="append", commit_properties=properties)
                table = DeltaTable(directory)
            else:
                write_deltalake(
                    table, rows, mode="append", schema_mode="merge", commit_properties=properties
                )
        except DeltaError as error:
            raise OSError(str(error)) from error
        step(f"before the sync of {directory.name}")
        _sync_since(directory, table, before)
        step(f"after the rows of {directory.name}")
        if len(before) + 1 < MANY_FILES:
            return False
        _merge(directory, table)
        return True


def transaction_version(directory: Path, application: str) -> int | None:
    """Return the last version that an application wrote into a table; ``None`` if it never did."""
    opened = _open(directory)
    if opened is None:
        return None
    found: int | None = opened.transaction_version(application)
    return found


def version(directory: Path) -> int:
    """Return the number of the table's newest commit; -1 where there is no table yet."""
    opened = _open(directory)
    return -1 if opened is None else int(opened.version())


def opened(directory: Path) -> DeltaTable | None:
    """Return a table as its newest commit has it; ``None`` where there is no table yet."""
    return _open(directory)


def compact(directory: Path) -> int:
    """Merge a table's small files; return how many files went into the merge."""
    opened = _open(directory)
    if opened is None:
        return 0
    with storage_errors(directory):
        return _merge(directory, opened)


def remove_dead_files(directory: Path, older_than_hours: int) -> int:
    """Remove files that no current row stands in; return how many.

    Parameters
    ----------
    directory
        Where the table stands.
    older_than_hours
        Files that died later stay: somebody may be reading them.
    """
    opened = _open(directory)
    if opened is None:
        return 0
    with storage_errors(directory):
        gone = opened.vacuum(
            retention_hours=older_than_hours,
            enforce_retention_duration=False,
            dry_run=False,
            full=True,
        )
    return len(gone)


def _merge(directory: Path, table: DeltaTable) -> int:
    before = set(_paths(table))
    merged = table.optimize.compact(target_size=_MERGED_BYTES)
    _sync_since(directory, table, before)
    return int(merged["numFilesRemoved"])


def _sync_since(directory: Path, table: DeltaTable, before: set[str]) -> None:
    """Force to the disk what the newest commit added."""
    for name in set(_paths(table)) - before:
        sync(Path(name))
    log = directory / "_delta_log"
    sync(log / f"{table.version():020d}.json")
    sync(log)
    sync(directory)
    sync(directory.parent)


def remove_rows(directory: Path, load_ids: list[str]) -> int:
    """Remove the rows of loads that were never committed; return how many."""
    opened = _open(directory)
    if opened is None or not load_ids:
        return 0
    listed = ", ".join(f"'{name}'" for name in load_ids)
    with storage_errors(directory):
        gone = opened.delete(f"load_id IN ({listed})")
    return int(gone["num_deleted_rows"] or 0)


def _paths(opened: DeltaTable) -> list[str]:
    # Delta writes them as a web address would be: 数据 as %E6%95%B0%E6%8D%AE.
    return [unquote(uri) for uri in opened.file_uris()]


def _open(directory: Path) -> DeltaTable | None:
    try:
        return DeltaTable(directory)
    except TableNotFoundError:
        return None
    except DeltaError as error:
        # A load killed before its first commit leaves a folder without a log.
        if not any((directory / "_delta_log").glob("*.json")):
            return None
        raise StorageFailed(
            "{path}: the table cannot be read ({reason}); restore the home from a backup",
            path=directory,
            reason=str(error).splitlines()[0],
        ) from error
