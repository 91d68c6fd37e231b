"""The way to the writer: for workers (async), and for the command line (blocking).

A worker never writes: two processes that take LMDB's writer lock in turn pay
one fsync a change, one that takes everything that waits pays one for all of
it. The command line goes the same way where a writer runs; where none does,
it takes the writer's place for as long as it needs (``LocalWriter``).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from ballast.node.service.answers import Answer
    from ballast.node.service.authentication.vault import Pending, VaultOrder, VaultReply
    from ballast.node.service.caller import Caller
    from ballast.node.service.changes import Change

__all__ = ["WriterClient", "Writing", "connect"]


class WriterClient:
    """A worker's connection to the writer; many calls may be under way at once.

    It connects when first used and again after the writer was started anew.

    Parameters
    ----------
    path
        The writer's socket.
    timeout_seconds
        How long a call may take before it is answered with SERVER_BUSY.
    """

    def __init__(self, path: Path, *, timeout_seconds: float = 30.0) -> None:
        self._path, self._timeout = path, timeout_seconds

    async def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change; when it is answered with success, it is on the disk.

        Never raises for what the writer or the disk does: a writer that is
        away or has too much to do is SERVER_BUSY (nothing was done, or it is
        not known), a full disk is ERROR with the reason.
        """
        raise NotImplementedError

    async def vault(self, order: VaultOrder) -> VaultReply:
        """Return what the vault of challenges and sessions, which the writer holds, answers.

        None also where the writer is away or has too much to do.
        """
        raise NotImplementedError

    async def hold(self, pending: Pending) -> Pending | None:
        """Keep a challenge; return it with its session id and its end, or None: no room."""
        raise NotImplementedError

    async def take(self, session_id: int, address: str = "") -> Pending | None:
        """Return a challenge, once."""
        raise NotImplementedError

    def bulk(
        self,
        chunks: AsyncIterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
    ) -> AsyncIterator[bytes]:
        """Load NDJSON that comes in pieces; yield result lines (NDJSON, in order) as pieces.

        A result line is given once what it says is on the disk. With a key, the
        same load can be sent again after any fault: see ``writer.bulk``.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connection; calls under way are answered with SERVER_BUSY."""
        raise NotImplementedError


class Writing(Protocol):
    """What the command line writes with, whether a writer runs or not."""

    def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change."""

    def bulk(
        self,
        chunks: Iterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
    ) -> Iterator[bytes]:
        """Load NDJSON; yield result lines as pieces."""

    def close(self) -> None:
        """Give back the socket or the writer's place."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, *raised: object) -> None:
        """Close."""


def connect(home: Path) -> Writing:
    """Return a way to write to the node of a home: its writer if it runs, otherwise in its place.

    Parameters
    ----------
    home
        The home; its node lies in ``node/``.
    """
    raise NotImplementedError
