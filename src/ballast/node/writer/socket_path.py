"""The writer's socket as a path, however deep the home lies.

The address of a socket in the file system has room for 107 bytes (unix(7)),
and a home may lie deeper. Through ``/proc/self/fd`` the folder is named by an
open descriptor, which is short whatever the path. Not the abstract namespace,
where the longest path would fit no better, and where files' permissions do
not count.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ballast.errors import CannotServe

__all__ = ["SOCKET_NAME", "connecting", "listening"]

SOCKET_NAME = "writer.sock"
_LONGEST = 107


@contextmanager
def connecting(path: Path) -> Iterator[str]:
    """Give a name that fits, for as long as it takes to connect.

    Raises
    ------
    FileNotFoundError
        If the folder is not there.
    """
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listening(path: Path) -> socket.socket:
    """Return a socket that listens at a path, for this user alone.

    What stands at the path is taken away: whoever calls this holds the
    registry's lock, so no writer listens there any more.

    Raises
    ------
    CannotServe
        If it cannot be made.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            with connecting(path) as reachable:
                made.bind(reachable)
        finally:
            os.umask(mask)
        made.listen(256)
        made.setblocking(False)
    except OSError as error:
        made.close()
        raise CannotServe(
            "{path}: the writer cannot listen there ({reason})",
            path=path,
            reason=error.strerror or str(error),
        ) from error
    return made
