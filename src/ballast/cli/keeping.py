"""``backup``, ``restore``, ``doctor``: keeping a home well."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ballast.cli.context import HomeOption, open_lake, settings, tell
from ballast.cli.node_opening import registry_folder
from ballast.errors import EngineMissing, StorageFailed
from ballast.lake import store
from ballast.lake.backup import back_up
from ballast.lake.backup import restore as restore_home
from ballast.lake.engine import require_spark
from ballast.lake.lake import Lake
from ballast.lake.tables import TABLES
from ballast.node.registry.keeping import backup as back_up_registry
from ballast.node.registry.lmdb_store import FILE as RECORDS
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.plant.spool.keeping import copy_log
from ballast.state.store import FILE, State


def backup(
    out: Annotated[Path, typer.Argument(metavar="OUT.tar.gz", help="The file to write.")],
    home: HomeOption = None,
) -> None:
    """Save a home into one file; loads wait meanwhile."""
    opened = open_lake(home).home
    # Beside the backup: a registry may be larger than what the system has for passing things.
    beside = out.parent if out.parent.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="ballast-backup-", dir=beside) as scratch:
        report = back_up(opened, out, lambda: _copies(opened.path, Path(scratch)))
    tell(
        "{path}: {count} files, {size:.1f} MB before compression",
        path=out,
        count=report.files,
        size=report.size_bytes / 1e6,
    )


def _copies(home: Path, scratch: Path) -> dict[str, Path]:
    """Copy what others write without the lock: sign-ins, records of the node, the plant's log."""
    copies: dict[str, Path] = {}
    if (home / FILE).is_file():
        copies[FILE] = scratch / FILE
        with State(home, lambda: datetime.now(UTC)) as state:
            state.snapshot(copies[FILE])
    registry = registry_folder(home)
    if (registry / RECORDS).is_file():
        name = (registry / RECORDS).relative_to(home).as_posix()
        copies[name] = scratch / RECORDS
        with LmdbStore.open(registry, readonly=True) as store:
            back_up_registry(store, copies[name])
    spool = home / "plant" / "spool"
    if copy_log(spool, scratch / "spool"):
        copies[spool.relative_to(home).as_posix()] = scratch / "spool"
    return copies


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE.tar.gz", help="A backup.")],
    home: HomeOption = None,
) -> None:
    """Make a home from a backup; every file is checked."""
    path = home or settings().home
    report = restore_home(source, path)
    tell("{path}: restored, {count} files checked", path=path, count=report.files)


def doctor(
    home: HomeOption = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Remove rows of loads that never finished; merge files."),
    ] = False,
) -> None:
    """Look a home over: can all be read, is anything left behind, is there room."""
    lake = open_lake(home)
    free = shutil.disk_usage(lake.home.path).free
    tell("{path}: home of format 1, {free:.1f} GB free", path=lake.home.path, free=free / 1e9)
    # Under the lock: the rows of a load that is running are not left behind.
    with lake.home.lock():
        damaged = _tell_damage(lake)
        if damaged:
            raise StorageFailed("{count} tables are damaged", count=damaged)
        short = lake.short_loads()
        for load_id, (found, accepted) in short.items():
            tell(
                "{load_id}: {found} of its {accepted} rows are there; "
                "restore the home from a backup, or withdraw it and load its file again",
                load_id=load_id,
                found=found,
                accepted=accepted,
            )
        if short:
            raise StorageFailed("{count} loads are not whole", count=len(short))
        tell("{count} loads stand", count=len(lake.live_loads()))
        _tell_registry(lake.home.path)
        _tell_unfinished(lake, repair=repair)
        if repair:
            for name, declared in TABLES.items():
                if declared.order is None:  # the shipper merges those, and keeps their order
                    store.compact(lake.directory(name))
    try:
        require_spark()
        tell("Spark: installed; --engine spark uses it")
    except EngineMissing as error:
        tell("Spark: not here ({reason}); DuckDB does all the work", reason=error)
    tell("all is well")


def _tell_damage(lake: Lake) -> int:
    """Say which tables lack files or hold damaged ones; return how many tables."""
    damaged = 0
    for name in TABLES:
        broken = [file for file in store.files(lake.directory(name)) if not store.is_sound(file)]
        if broken:
            damaged += 1
            tell(
                "{table}: {count} files are missing or damaged; restore the home from a backup",
                table=name,
                count=len(broken),
            )
    return damaged


def _tell_registry(home: Path) -> None:
    """Say whether the node's counts are what is there; a damaged registry does not open."""
    registry = registry_folder(home)
    if not (registry / RECORDS).is_file():
        return
    with LmdbStore.open(registry, readonly=True) as store, store.snapshot() as moment:
        wrong = moment.miscounts()
        for prefix, (counted, found) in wrong.items():
            tell(
                "{prefix}: {counted} identifiers were counted, {found} are there",
                prefix=prefix.decode(errors="replace"),
                counted=counted,
                found=found,
            )
        if wrong:
            raise StorageFailed(
                "{path}: the counts of {count} prefixes are wrong; restore it from a backup",
                path=registry,
                count=len(wrong),
            )
        tell("{count} identifiers stand", count=moment.total())


def _tell_unfinished(lake: Lake, *, repair: bool) -> None:
    for name, left in lake.unfinished_rows().items():
        if repair:
            gone = store.remove_rows(lake.directory(name), left)
            tell("{table}: {count} rows of unfinished loads were removed", table=name, count=gone)
        else:
            tell(
                "{table}: {count} unfinished loads left rows behind; they do not count. "
                "`ballast doctor --repair` removes them",
                table=name,
                count=len(left),
            )
