"""The registry on LMDB: a file that every process maps, one writer, readers that never wait.

Why LMDB and not SQLite or a table of the lake: a look-up is one walk down a tree in shared
memory (about a microsecond), readers in other processes take no lock, and a commit is one
``fsync`` however many records it holds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from ballast.node.registry.store import Reader, Snapshot, Transaction

FILE = "records.mdb"
"""The file of the registry in its directory; LMDB's lock file and ours begin with its name."""
MAP_BYTES = 64 << 30


class LmdbStore:
    """A registry in one directory (``<home>/node/registry``)."""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        readonly: bool = False,
        map_bytes: int = MAP_BYTES,
        max_readers: int = 512,
        wait_seconds: float = 0.0,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> LmdbStore:
        """Open a registry; one opened for writing holds the writer's lock until it is closed.

        Within one process open it once and share it: LMDB does not bear a file opened twice.

        Parameters
        ----------
        path
            Its directory; made when it is opened for writing and is not there.
        readonly
            Never write; for the workers. Any number of processes may.
        map_bytes
            How far the file may grow; it takes no space before it is used.
        max_readers
            How many snapshots may live at one time, over all processes.
        wait_seconds
            How long to wait for another writer to end.
        clock
            Epoch seconds.
        random
            Bytes for the node's identity when the registry is made.

        Raises
        ------
        HomeBusy
            If another process writes it.
        HomeVersion
            If a newer version wrote it.
        NotFound
            If it is opened for reading and is not there.
        StorageFailed
            If it is damaged, or cannot be read or written.
        """
        raise NotImplementedError

    @property
    def path(self) -> Path:
        """Its directory."""
        raise NotImplementedError

    @property
    def node_id(self) -> str:
        """Who this node is: 32 hexadecimal digits, drawn when the registry was made."""
        raise NotImplementedError

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Return the present moment."""
        raise NotImplementedError

    def reader(self) -> Reader:
        """Return a reader for a loop."""
        raise NotImplementedError

    def write(self) -> AbstractContextManager[Transaction]:
        """Return a transaction; on the disk when its block ends."""
        raise NotImplementedError

    def check_readers(self) -> int:
        """Free the slots of readers that were killed; return how many."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the files and of the writer's lock."""
        raise NotImplementedError
