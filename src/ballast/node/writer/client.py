"""A worker's way to the writer: one connection, many orders under way at once.

A worker never writes: two processes that take LMDB's writer lock in turn pay
one fsync a change, one that takes everything that waits pays one for all of
it. Answers come in any order, told apart by the number of their request.

A writer may be started anew at any time. What was under way is then answered
with SERVER_BUSY, because nobody knows whether it was done, and the next order
connects again: nothing here needs to be told.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from ballast.errors import Refused
from ballast.node.registry.entries import BulkRefusal
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.authentication.vault import (
    Hold,
    Pending,
    Take,
    VaultOrder,
    VaultReply,
)
from ballast.node.service.caller import Caller
from ballast.node.service.changes import Change
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer import bodies
from ballast.node.writer.blocks import Block, Outcome
from ballast.node.writer.bodies import Lease
from ballast.node.writer.bulk import load_lines
from ballast.node.writer.frames import MAX_FRAME_BYTES, Frame, FrameCutter, Kind, frame
from ballast.node.writer.socket_path import connecting
from ballast.terms.label import Language

__all__ = ["WriterClient"]

_Read = TypeVar("_Read")
_TIMEOUT_SECONDS = 30.0
_CONNECT_SECONDS = 5.0


class WriterClient:
    """A connection to the writer; made when first used, and again after it broke.

    Parameters
    ----------
    path
        The writer's socket.
    timeout_seconds
        How long an order may take before it is answered with SERVER_BUSY.
    clock
        Epoch seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._timeout, self._clock = path, timeout_seconds, clock
        self._line: _Line | None = None
        self._connecting = asyncio.Lock()

    async def apply(self, change: Change, caller: Caller) -> Answer:
        """Return what became of a change; when it is answered with success, it is on the disk.

        Never raises for what the writer or the disk does: a writer that is
        away or has too much to do is SERVER_BUSY (nothing was done, or it is
        not known), a full disk is ERROR with the reason.
        """
        body = bodies.write(bodies.AppliedChange(change, caller))
        found = await self._ask(Kind.APPLY, body, bodies.read_answer)
        return found if isinstance(found, Answer) else found.answer

    async def vault(self, order: VaultOrder) -> VaultReply:
        """Return what the vault of challenges and sessions, which the writer holds, answers.

        None also where the writer is away.
        """
        found = await self._ask(Kind.VAULT, bodies.write(order), bodies.read_vault_answer)
        return found.reply if isinstance(found, bodies.VaultAnswer) else None

    async def hold(self, pending: Pending) -> Pending | None:
        """Keep a challenge; return it with its session id and its end, or None: no room."""
        return cast("Pending | None", await self.vault(Hold(pending)))

    async def take(self, session_id: int, address: str = "") -> Pending | None:
        """Return a challenge, once."""
        return cast("Pending | None", await self.vault(Take(session_id, address)))

    def bulk(
        self,
        chunks: AsyncIterable[bytes],
        caller: Caller,
        *,
        key: str | None = None,
        overwrite: bool = False,
        language: Language = "en",
    ) -> AsyncGenerator[bytes, None]:
        """Load NDJSON that comes in pieces; yield result lines (NDJSON, in order) as pieces.

        A result line is given once what it says is on the disk. With a key, the same load can
        be sent again after any fault. See ``bulk.load_lines``, also for what is raised.
        """
        return load_lines(
            self, chunks, caller, self._clock, key=key, overwrite=overwrite, language=language
        )

    async def statistics(self) -> bodies.Statistics | None:
        """Return how the writer is doing; None where it is away."""
        found = await self._ask(Kind.STATISTICS, b"", bodies.read_statistics)
        return found if isinstance(found, bodies.Statistics) else None

    async def lease(self, load: bytes) -> Lease:
        """Take an idempotency key for one load alone (``bulk.Link``)."""
        found = await self._ask(Kind.LEASE, load, bodies.read_lease)
        if isinstance(found, Lease):
            return found
        raise Refused("the node cannot take the load now ({reason})", reason=found.answer.message)

    async def release(self, load: bytes) -> None:
        """Give a key back; where the connection has ended, it is free anyway."""
        if self._line is not None and self._line.open:
            await self._ask(Kind.RELEASE, load, bodies.read_any)

    async def refusals(self, load: bytes, after: int, last: int) -> list[BulkRefusal]:
        """Return the refused lines of a load above one number, up to another."""
        body = bodies.write(bodies.RefusalsOrder(load, after, last))
        found = await self._ask(Kind.REFUSALS, body, bodies.read_refusals)
        if isinstance(found, list):
            return found
        raise Refused("the node cannot take the load now ({reason})", reason=found.answer.message)

    async def block(self, block: Block, caller: Caller) -> Outcome:
        """Return what became of a block of a load; it is on the disk then."""
        body = bodies.write(bodies.BlockOrder(block, caller))
        found = await self._ask(Kind.BLOCK, body, bodies.read_outcome, sure=False)
        return found if isinstance(found, Outcome) else Outcome(found.code, found.message)

    async def close(self) -> None:
        """Close the connection; orders under way are answered with SERVER_BUSY."""
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _ask(
        self, kind: Kind, body: bytes, read: Callable[[bytes], _Read], *, sure: bool = True
    ) -> _Read | bodies.FailedOrder:
        """Return the answer to an order.

        Parameters
        ----------
        sure
            Whether an order of which nothing is known may be tried again, as SERVER_BUSY says.
        """
        if len(body) > MAX_FRAME_BYTES - 16:
            return bodies.FailedOrder.of(
                turned_down(
                    ResponseCode.PROTOCOL_ERROR,
                    "too much at once for the node; send less at a time",
                )
            )
        away = ResponseCode.SERVER_BUSY
        try:
            line = await self._connected()
        except (OSError, TimeoutError):
            return bodies.FailedOrder.of(
                turned_down(away, "the node's writer does not run; try again shortly")
            )
        unknown = away if sure else ResponseCode.ERROR
        try:
            found = await asyncio.wait_for(line.ask(kind, body), self._timeout)
        except (TimeoutError, OSError):
            return bodies.FailedOrder.of(
                turned_down(
                    unknown, "the node's writer went away; whether it was done is not known"
                )
            )
        try:
            if found.kind == Kind.FAILED:
                return bodies.read_failed(found.body)
            return read(found.body)
        except msgspec.MsgspecError:
            return bodies.FailedOrder.of(
                turned_down(
                    ResponseCode.ERROR, "the node's writer is of another version; restart the node"
                )
            )

    async def _connected(self) -> _Line:
        line = self._line
        if line is not None and line.open:
            return line
        async with self._connecting:
            line = self._line
            if line is None or not line.open:
                with connecting(self._path) as reachable:
                    _, made = await asyncio.wait_for(
                        asyncio.get_running_loop().create_unix_connection(_Line, reachable),
                        _CONNECT_SECONDS,
                    )
                self._line = line = made
        return line


class _Line(asyncio.Protocol):
    """The connection itself: numbers go out, answers are given to who waits for them."""

    def __init__(self) -> None:
        self._cutter = FrameCutter()
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._transport: asyncio.Transport | None = None
        self._last = 0
        self._writable = asyncio.Event()
        self._writable.set()

    @property
    def open(self) -> bool:
        """Whether orders can be sent."""
        return self._transport is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits that no answer will come."""
        del exc
        self._transport = None
        self._writable.set()
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())

    def pause_writing(self) -> None:
        """Hold back further orders: the writer does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Hand out answers."""
        try:
            for found in self._cutter.feed(data):
                answer = self._waiting.pop(found.request, None)
                if answer is not None and not answer.done():
                    answer.set_result(found)
        except Refused:
            self.close()

    async def ask(self, kind: Kind, body: bytes) -> Frame:
        """Return the frame that answers an order.

        Raises
        ------
        ConnectionError
            If the connection ends before it comes.
        """
        await self._writable.wait()
        if self._transport is None:
            raise ConnectionResetError
        self._last = number = (self._last + 1) & 0xFFFFFFFF
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._transport.write(frame(number, kind, body))
            return await answer
        finally:
            self._waiting.pop(number, None)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            with contextlib.suppress(OSError):
                self._transport.abort()
