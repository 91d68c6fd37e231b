"""Copies of a registry: the backup that is taken while it is used, and the way back.

Apart from the store, because these read a whole registry once and stand in no one's way.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lmdb.verify import VerifyError, verify

from ballast.errors import Refused
from ballast.node.registry.lmdb_faults import damaged, lmdb_errors
from ballast.node.registry.lmdb_store import FILE, LmdbStore, sync_directory

_COPIED_AT_ONCE = 1 << 20


def backup(store: LmdbStore, target: Path) -> int:
    """Copy a registry into one file while it is read and written; return the file's bytes.

    The copy is of one moment, and without the pages that are free.

    Parameters
    ----------
    store
        What to copy, opened in whatever way.
    target
        The file to write; it appears whole or not at all.

    Raises
    ------
    Refused
        If the target exists.
    StorageFailed
        If it cannot be written.
    """
    if target.exists():
        raise Refused("{path}: exists already; name another file", path=target)
    new = target.with_name(f"{target.name}.new")
    with lmdb_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            # As private as the registry: it holds the secret keys of administrators.
            handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                store.env.copyfd(handle, compact=True)
                os.fsync(handle)
            finally:
                os.close(handle)
            new.rename(target)
            sync_directory(target.parent)
        finally:
            new.unlink(missing_ok=True)
        return target.stat().st_size


def restore(source: Path, path: Path, *, shipped: int = 0) -> None:
    """Make a registry's directory from a file that ``backup`` wrote, after checking it.

    Parameters
    ----------
    source
        The file.
    path
        The directory, ``<home>/node/registry``; no registry may stand there.
    shipped
        The highest number of an event of this node that the lake holds, where the lake is
        newer than the backup: events go on above it, so that no number is given twice.

    Raises
    ------
    Refused
        If a registry stands there already.
    StorageFailed
        If the file is damaged or no registry; nothing is left behind.
    """
    if (path / FILE).exists():
        raise Refused(
            "{path}: a registry stands here already; restore into another home", path=path
        )
    new = path.with_name(f"{path.name}.restoring")
    with lmdb_errors(source):
        problems = _problems(source)
    if problems:
        raise damaged(source, problems[0])
    with lmdb_errors(path):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True, mode=0o700)
        try:
            _copy(source, new / FILE)
            with LmdbStore.open(new) as store, store.write() as transaction:
                transaction.forget_outbox(shipped)
                transaction.number_events_above(shipped)
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (new / FILE).rename(path / FILE)
            sync_directory(path)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _problems(source: Path) -> list[str]:
    try:
        found: list[str] = verify(str(source), subdir=False)  # type: ignore[no-untyped-call]
    except VerifyError as error:
        return [str(error)]
    return found


def _copy(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as written:
        shutil.copyfileobj(read, written, _COPIED_AT_ONCE)
        written.flush()
        os.fsync(written.fileno())
