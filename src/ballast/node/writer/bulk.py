"""Bulk loads: NDJSON in, one result line for each line out, as fast as the writer can take it.

A block is packed here, in the process that received it, while the writer
commits the ones before it; a few blocks are under way at once and are
answered in their order. A bad line is answered with its reason and stops
nothing. What ends a load before its end (a full disk, a writer that is gone)
is said in a last result line with number 0: the answer has begun by then, and
a broken connection would say nothing.

With an idempotency key, sending the same load again continues it: the lines
that are done are answered from what was kept of them (``idempotency``).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator
from typing import NamedTuple, Protocol

from ballast.errors import LoadConflict, Refused
from ballast.node.registry.entries import BulkProgress, BulkRefusal
from ballast.node.service.caller import Caller
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.blocks import Block, Outcome
from ballast.node.writer.bodies import Lease
from ballast.node.writer.idempotency import Checkpoint, load_key, read_checkpoints
from ballast.node.writer.lines import LineBlock, LineCutter
from ballast.node.writer.packing import Packed, Packer
from ballast.node.writer.results import ended_line, result_lines
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["BLOCK_LINES", "Link", "load_lines"]

BLOCK_LINES = 1000  # some milliseconds of packing
_UNDER_WAY = 12  # blocks
_IDLE_SECONDS = 0.1
_BUSY_SECONDS = 30.0
_BUSY_AGAIN_SECONDS = 0.05
_SUCCESS = int(ResponseCode.SUCCESS)
_BUSY = int(ResponseCode.SERVER_BUSY)


class Link(Protocol):
    """The way of a load to the writer: a socket, or the writer's own place."""

    async def lease(self, load: bytes) -> Lease:
        """Take a key for this load alone."""

    async def release(self, load: bytes) -> None:
        """Give a key back."""

    async def refusals(self, load: bytes, after: int, last: int) -> list[BulkRefusal]:
        """Return the refused lines of a load above one number, up to another."""

    async def block(self, block: Block, caller: Caller) -> Outcome:
        """Return what became of a block; it is on the disk then."""


class _Sent(NamedTuple):
    packed: Packed
    block: Block
    outcome: asyncio.Task[Outcome]


class _Load:
    """One load under way."""

    def __init__(
        self,
        link: Link,
        caller: Caller,
        load: bytes,
        clock: Callable[[], float],
        *,
        overwrite: bool,
        language: Language,
    ) -> None:
        self.link, self.caller, self.load, self.clock = link, caller, load, clock
        self.overwrite, self.language = overwrite, language
        self.cutter = LineCutter(block_lines=BLOCK_LINES)
        self.packer = Packer()
        self.ready: deque[LineBlock] = deque()
        self.sent: deque[_Sent] = deque()
        self.cut: Iterator[LineBlock] = iter(())
        self.complete = self.ended = self.finished = False

    def send(self, block: LineBlock, *, last: bool) -> None:
        """Pack a block and send it on its way."""
        packed = self.packer.pack(block, int(self.clock()))
        made = Block(
            self.load,
            block.first_line,
            block.lines,
            len(block.data),
            block.digest,
            last,
            self.overwrite,
            packed.prefixes,
            packed.items,
            packed.spellings,
            [(one.line, one.handle, one.code, one.message) for one in packed.refused],
            [] if len(packed.items) == block.lines else packed.numbers,
        )
        task = asyncio.ensure_future(self.link.block(made, self.caller))
        self.sent.append(_Sent(packed, made, task))

    async def settle(self) -> bytes:
        """Return the result lines of the block that was sent first, or why the load ends there."""
        packed, block, task = self.sent[0]
        outcome = await task
        until = self.clock() + _BUSY_SECONDS
        while outcome.code == _BUSY and self.clock() < until:
            await asyncio.sleep(_BUSY_AGAIN_SECONDS)
            outcome = await self.link.block(block, self.caller)
        self.sent.popleft()
        if outcome.code != _SUCCESS:
            self.ended = True
            return ended_line(outcome.code, outcome.message, self.language)
        return result_lines(packed, outcome.refused, language=self.language)

    def finish(self) -> None:
        """Queue what is left of the lines; under a key, that nothing is left counts too."""
        left = self.cutter.flush()
        if left.lines or (self.load and not self.ready and not self.finished):
            self.ready.append(left)
        self.complete = True

    @property
    def can_send(self) -> bool:
        """Whether a block waits, and there is room for it."""
        return bool(self.ready) and len(self.sent) < _UNDER_WAY

    def send_next(self) -> None:
        """Send the block that waits first."""
        block = self.ready.popleft()
        self.send(block, last=self.complete and not self.ready)

    def idle(self) -> None:
        """Queue the whole lines there are: their sender waits for their answers."""
        if self.cutter.begun:
            self.ready.append(self.cutter.flush_whole())

    async def cancel(self) -> None:
        """Wait for what is under way; nobody reads the answers any more."""
        await asyncio.gather(*(one.outcome for one in self.sent), return_exceptions=True)


async def load_lines(
    link: Link,
    chunks: AsyncIterable[bytes],
    caller: Caller,
    clock: Callable[[], float],
    *,
    key: str | None = None,
    overwrite: bool = False,
    language: Language = "en",
) -> AsyncGenerator[bytes, None]:
    """Load NDJSON that comes in pieces; yield result lines as pieces, in order.

    Parameters
    ----------
    link
        The way to the writer.
    chunks
        The load, cut anywhere.
    caller
        Who loads.
    clock
        Epoch seconds.
    key
        The idempotency key; without one a load that broke off cannot be continued.
    overwrite
        Replace records that stand already, where the caller may.
    language
        In which reasons are said.

    Raises
    ------
    LoadConflict
        Before anything is yielded: the key is used by another load under way, or was used for
        other lines.
    Refused
        Before anything is yielded: the key cannot be used, or the writer is away.
    """
    if key is None:
        load = _Load(link, caller, b"", clock, overwrite=overwrite, language=language)
        async for piece in _run(load, aiter(chunks)):
            yield piece
        return
    name = load_key(key, caller)
    lease = await link.lease(name)
    if not lease.granted:
        raise LoadConflict(
            "a load under this idempotency key is under way; wait until it has ended"
        )
    load = _Load(link, caller, name, clock, overwrite=overwrite, language=language)
    try:
        source = aiter(chunks)
        if lease.progress is not None:
            async for piece in _replay(load, source, lease.progress):
                yield piece
        if not load.ended:
            async for piece in _run(load, source):
                yield piece
    finally:
        await load.cancel()
        await link.release(name)


async def _run(load: _Load, source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Send blocks as they come, and yield their answers."""
    reading: asyncio.Future[bytes | None] | None = None
    try:
        while not load.ended:
            if load.can_send:
                load.send_next()
            if reading is None and not load.complete and not load.ready:
                reading = asyncio.ensure_future(_next(source))
            waits: set[asyncio.Future[bytes | None] | asyncio.Task[Outcome]] = set()
            if reading is not None:
                waits.add(reading)
            if load.sent:
                waits.add(load.sent[0].outcome)
            if not waits and not load.ready:
                break
            # Packing takes milliseconds: whatever else this loop serves comes in between.
            idle = _IDLE_SECONDS if reading is not None and load.cutter.begun else None
            if load.can_send:
                idle = 0
            done, _ = await asyncio.wait(waits, timeout=idle, return_when=asyncio.FIRST_COMPLETED)
            if load.sent and load.sent[0].outcome in done and (answers := await load.settle()):
                yield answers
            if reading is not None and reading in done:
                chunk, reading = reading.result(), None
                if chunk is None:
                    load.finish()
                else:
                    load.ready.extend(load.cutter.feed(chunk))
            elif not done and idle:
                load.idle()
    finally:
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _next(source: AsyncIterator[bytes]) -> bytes | None:
    return await anext(source, None)


async def _replay(
    load: _Load, source: AsyncIterator[bytes], progress: BulkProgress
) -> AsyncIterator[bytes]:
    """Answer the lines that are done, once they are known to be the same."""
    load.finished = progress.finished
    after = 0
    for checkpoint in read_checkpoints(progress.digest):
        try:
            answers = await _answered_before(load, source, checkpoint)
            if not answers:
                raise LoadConflict(
                    "the idempotency key was used for other lines; send the same lines again, "
                    "or take a new key"
                )
        except Refused as error:
            if not after:
                raise
            load.ended = True
            other = isinstance(error, LoadConflict)
            code = ResponseCode.PROTOCOL_ERROR if other else ResponseCode.SERVER_BUSY
            yield ended_line(code, explain(error, load.language))
            return
        after = checkpoint.lines
        for piece in answers:
            yield piece
    load.cutter.stop_at(0)
    load.ready.extend(load.cut)


async def _answered_before(
    load: _Load, source: AsyncIterator[bytes], checkpoint: Checkpoint
) -> list[bytes]:
    """Return the answers to the lines up to a checkpoint; none where they are not the same."""
    load.cutter.stop_at(checkpoint.lines)
    answers: list[bytes] = []
    last, digest = -1, b""
    while last < checkpoint.lines:
        block = next(load.cut, None)
        if block is None:
            chunk = await _next(source)
            if chunk is not None:
                load.cut = load.cutter.feed(chunk)
                continue
            # The last line of a load may have no line feed.
            block = load.cutter.flush()
            if block.last_line < checkpoint.lines:
                return []
        last, digest = block.last_line, block.digest
        stored = await load.link.refusals(load.load, block.first_line - 1, last)
        packed = load.packer.pack(block, int(load.clock()))
        answers.append(result_lines(packed, stored=stored, language=load.language))
    return answers if checkpoint.fits(digest) else []
