"""What LMDB says when something is wrong, as one clear line.

Apart, because reading, writing and opening all say it, and its messages ("MDB_MAP_FULL:
Environment mapsize limit reached") help nobody who runs a node.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb

from ballast.errors import BallastError, StorageFailed

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_FULL_BYTES = 1 << 20
_DAMAGE = (
    lmdb.CorruptedError,
    lmdb.InvalidError,
    lmdb.PageNotFoundError,
    lmdb.VersionMismatchError,
)


@contextmanager
def lmdb_errors(path: Path) -> Iterator[None]:
    """Turn what LMDB and the operating system say into the errors of this program.

    Parameters
    ----------
    path
        What is named in the message.
    """
    try:
        yield
    except (lmdb.Error, OSError) as error:
        raise storage_failed(path, error) from error


def storage_failed(path: Path, error: lmdb.Error | OSError) -> BallastError:
    """Return the error to raise for one of LMDB or the operating system."""
    if isinstance(error, lmdb.MapFullError):
        return StorageFailed(
            "{path}: the registry has reached the size it may grow to; nothing was committed. "
            "Open it with a larger one",
            path=path,
        )
    if _is_full(path, error):
        return StorageFailed(
            "{path}: the disk is full; nothing was committed. Free some space and try again",
            path=path,
        )
    if isinstance(error, lmdb.ReadersFullError):
        return StorageFailed(
            "{path}: too many programs read the registry at one time; end some of them", path=path
        )
    if isinstance(error, lmdb.PanicError):
        return StorageFailed(
            "{path}: the disk failed in the middle of a commit, and this program can go no "
            "further; look after the disk, and start it again",
            path=path,
        )
    if isinstance(error, _DAMAGE):
        return damaged(path, str(error))
    return StorageFailed(
        "{path}: the registry cannot be used ({reason}); nothing was committed",
        path=path,
        reason=_reason(error),
    )


def _is_full(path: Path, error: lmdb.Error | OSError) -> bool:
    number = error.errno if isinstance(error, OSError) else error.code
    if number != errno.EIO:
        return number in _NO_SPACE
    # A write that the disk had no room for as a whole is, to LMDB, a failure of the disk.
    try:
        return shutil.disk_usage(path.parent).free < _FULL_BYTES
    except OSError:
        return False


def damaged(path: Path, reason: str) -> StorageFailed:
    """Return the error for a file that is none of ours, or no longer whole."""
    return StorageFailed(
        "{path}: is damaged, or no registry ({reason}); restore it from a backup",
        path=path,
        reason=reason,
    )


def _reason(error: lmdb.Error | OSError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).splitlines()[0]
