"""What the operating system says of the log's files, as one clear line.

The lake's own words for it ("load again") are wrong here: nobody loads, and
what waits in memory is written as soon as there is room.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ballast.errors import StorageFailed

__all__ = ["FULL", "disk_errors"]

#: What the system says where there is no room left for us.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into ``StorageFailed``."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFailed(
                "{path}: the disk is full; nothing more is acknowledged. Free some space, and the "
                "collector goes on by itself",
                path=path,
            ) from error
        raise StorageFailed(
            "{path}: the log of the plant cannot be read or written ({reason}); "
            "see to the disk and to the rights of its files",
            path=path,
            reason=error.strerror or str(error).splitlines()[0],
        ) from error
