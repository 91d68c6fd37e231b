"""How the command line writes: through the writer where one runs, otherwise in its place.

A command that could only talk to a running node could not found one, nor mend
one that does not start; one that always opened the registry itself would be
turned away by the lock of a node that runs. Blocking, because a command does
one thing.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from ballast.errors import CannotServe, HomeBusy, StorageFailed
from ballast.node.registry.entries import BulkRefusal
from ballast.node.registry.lmdb_store import MAP_BYTES, LmdbStore
from ballast.node.service.answers import Answer, declined
from ballast.node.service.caller import Caller
from ballast.node.service.changes import Change
from ballast.node.service.changing import apply
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.blocks import Block, Outcome, apply_block
from ballast.node.writer.bodies import Lease, RefusalsOrder
from ballast.node.writer.bulk import Link, load_lines
from ballast.node.writer.client import WriterClient
from ballast.node.writer.hosting import refusals_between
from ballast.node.writer.socket_path import SOCKET_NAME, connecting
from ballast.terms.label import Language

__all__ = ["LocalWriter", "RemoteWriter", "Writing", "connect", "writer_answers"]

_T = TypeVar("_T")
_CONNECT_SECONDS = 2.0
_TRIES = 3
_AGAIN_SECONDS = 0.5


class Writing(Protocol):
    """What the command line writes with, whether a writer runs or not."""

    def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change.

        Raises
        ------
        StorageFailed
            If no writer runs and the disk says no; a writer that runs answers with ERROR.
        """

    def bulk(
        self,
        chunks: Iterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
        language: Language = "en",
    ) -> Iterator[bytes]:
        """Load NDJSON; yield result lines as pieces (``bulk.load_lines``)."""

    def close(self) -> None:
        """Give back the connection, or the writer's place."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, *raised: object) -> None:
        """Close."""


class _Blocking:
    """Runs what is written for a loop, a step at a time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._runner = asyncio.Runner()
        self._clock = clock

    def _now(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        return self._runner.run(coroutine)

    def _load(
        self,
        link: Link,
        chunks: Iterable[bytes],
        caller: Caller,
        key: str | None,
        overwrite: bool,
        language: Language,
    ) -> Iterator[bytes]:
        pieces = load_lines(
            link, _pieces(chunks), caller, self._clock,
            key=key, overwrite=overwrite, language=language,
        )  # fmt: skip

        async def step() -> bytes | None:
            return await anext(pieces, None)

        async def end() -> None:
            await pieces.aclose()

        try:
            while (piece := self._now(step())) is not None:
                yield piece
        finally:
            self._now(end())


async def _pieces(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
        # A file is always ready: let the answers in between.
        await asyncio.sleep(0)


class RemoteWriter(_Blocking):
    """Writes through the writer that runs.

    Parameters
    ----------
    path
        Its socket.
    clock
        Epoch seconds.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self._client = WriterClient(path, clock=clock)

    def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change."""
        return self._now(self._client.apply(change, caller))

    def bulk(
        self,
        chunks: Iterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
        language: Language = "en",
    ) -> Iterator[bytes]:
        """Load NDJSON; yield result lines as pieces."""
        return self._load(self._client, chunks, caller, key, overwrite, language)

    def close(self) -> None:
        """Give back the connection."""
        self._now(self._client.close())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class LocalWriter(_Blocking):
    """Writes in the writer's place; no writer can start meanwhile.

    Parameters
    ----------
    store
        The registry, opened for writing; closed with this.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    """

    def __init__(
        self,
        store: LmdbStore,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        super().__init__(clock)
        self.store = store
        self._random = random

    def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change."""
        with self.store.write() as transaction:
            return apply(transaction, change, caller, self._clock(), self._random)

    def bulk(
        self,
        chunks: Iterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
        language: Language = "en",
    ) -> Iterator[bytes]:
        """Load NDJSON; yield result lines as pieces."""
        return self._load(self, chunks, caller, key, overwrite, language)

    async def lease(self, load: bytes) -> Lease:
        """Take an idempotency key: nobody else can be loading."""
        with self.store.snapshot() as snapshot:
            return Lease(True, snapshot.bulk(load))

    async def release(self, load: bytes) -> None:
        """Give a key back."""

    async def refusals(self, load: bytes, after: int, last: int) -> list[BulkRefusal]:
        """Return the refused lines of a load above one number, up to another."""
        with self.store.snapshot() as snapshot:
            return refusals_between(snapshot, RefusalsOrder(load, after, last))

    async def block(self, block: Block, caller: Caller) -> Outcome:
        """Return what became of a block of a load."""
        try:
            with self.store.write() as transaction:
                return apply_block(transaction, block, caller, self._clock(), self._random)
        except StorageFailed as error:
            said = declined(error, ResponseCode.ERROR)
            return Outcome(int(said.code), said.sentence)

    def close(self) -> None:
        """Give back the writer's place."""
        self._runner.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def writer_answers(path: Path) -> bool:
    """Return whether a writer listens at a socket.

    Parameters
    ----------
    path
        The socket.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        tried.settimeout(_CONNECT_SECONDS)
        try:
            with connecting(path) as reachable:
                tried.connect(reachable)
        except OSError:
            return False
    return True


def connect(
    home: Path,
    *,
    clock: Callable[[], float] = time.time,
    random: Callable[[int], bytes] = os.urandom,
    map_bytes: int = MAP_BYTES,
) -> RemoteWriter | LocalWriter:
    """Return a way to write to the node of a home: its writer if it runs, otherwise in its place.

    Parameters
    ----------
    home
        The home; its node lies in ``node/``.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    map_bytes
        How far the registry may grow, where it is opened here.

    Raises
    ------
    HomeBusy
        If a program holds the registry that does not listen.
    BallastError
        If the registry cannot be opened.
    """
    path = home / "node" / SOCKET_NAME
    for attempt in range(_TRIES):
        if writer_answers(path):
            return RemoteWriter(path, clock)
        try:
            store = LmdbStore.open(home / "node" / "registry", map_bytes=map_bytes)
        except HomeBusy:
            # A writer may just be starting, or ending.
            if attempt == _TRIES - 1:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return LocalWriter(store, clock, random)
    raise CannotServe("{path}: the writer does not answer; start the node again", path=path)
