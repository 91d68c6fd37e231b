"""One TCP connection: what has come in, who it is, what it waits for.

A connection is one protocol object without a task of its own: ten thousand
idle ones cost memory and nothing else. A chunk that came in is worked through
at once, all of its plain resolutions under one snapshot of the store, and
goes out as one write. A request that has to wait (for the writer, for a key to be
checked) stops its connection: what came behind it is read afterwards, because a
login changes who asks from then on, and because answers keep their order.

Who sends and does not read is stopped by the transport's own bounds: above
them nothing more of that connection is read or answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, cast

from ballast.errors import MalformedMessage
from ballast.node.servers.budget import TICK_SECONDS
from ballast.node.servers.channel import Channel
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.reader import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    # The door makes the connections: at run time only one of the two may import the other.
    from ballast.node.servers.tcp import TcpDoor

__all__ = ["TcpConnection"]

_LENGTH = Struct(">I").unpack_from
_LENGTH_AT = 16
# A plain request: of a handle of one byte; the same without its envelope.
_SHORTEST = 61
_SHORTEST_PLAIN = 41
# After so many bytes of answers to one chunk it is looked whether the other end still reads.
_STEP_BYTES = 262_144
_POLL_SECONDS = 0.05


def _never(_data: bytes, _at: int, _stop: int) -> None:
    """Take the place of the short way where who asks is known: it may see more."""


class TcpConnection(asyncio.Protocol):
    """One connection: what has come in, who it is, and what it waits for."""

    __slots__ = ("_bucket", "_channel", "_door", "_ended", "_held", "_need", "_stopped",
                 "_task", "_transport", "_unread", "_wait_until",
                 "last", "started", "unread_since")  # fmt: skip

    def __init__(self, door: TcpDoor) -> None:
        self._door = door
        self._channel = Channel("tcp", "")
        self._transport: asyncio.Transport | None = None
        # What came and is not answered; how many bytes of it make the next message.
        self._held = bytearray()
        self._need = 0
        self._task: asyncio.Task[None] | None = None
        # The other end does not read; it has sent its last byte; its budget is spent until then.
        self._unread = self._ended = False
        self._wait_until = 0
        # One of these three, or a task: nothing more is read for now.
        self._stopped = False
        self._bucket = door.budgets.bucket("")
        # Ticks: of the last byte; of the first byte of an unfinished message; since when unread.
        self.last = self.started = self.unread_since = 0

    # -- what the loop calls ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or turn it away where there are enough."""
        # The transports of uvloop are no asyncio.Transport by type.
        self._transport = transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._channel.address = peer[0] if peer else ""
        self._bucket = self._door.budgets.bucket(self._channel.address)
        self.last = self._door.now
        if not self._door.admit(self, self._channel.address):
            transport.write(self._door.busy())
            transport.close()
            return
        transport.set_write_buffer_limits(high=self._door.bounds.write_bytes)

    def data_received(self, data: bytes) -> None:
        """Answer what is complete, keep what is not."""
        door = self._door
        self.last = now = door.now
        if self._held or self._stopped:
            self._held += data
            if self._stopped or len(self._held) < self._need:
                return
            data = bytes(self._held)
            self._held.clear()
        elif len(data) >= _SHORTEST and self._channel.identity is None:
            # One plain request and nothing else is what a client sends that waits for each answer.
            bucket = self._bucket
            if bucket.seen == now and bucket.requests >= 1 and self._transport is not None:
                answer = door.hot.answer(data, 0, len(data))
                if answer is not None:
                    self._transport.write(answer)
                    bucket.requests -= 1
                    return
        self._work(data)

    def eof_received(self) -> bool:
        """Close once everything is answered."""
        self._ended = True
        return self.waiting

    def pause_writing(self) -> None:
        """Stop reading: the other end does not read what it asked for."""
        self._unread = True
        self.unread_since = self._door.now
        self._pause()

    def resume_writing(self) -> None:
        """Go on with what waited."""
        self._unread = False
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; a change that the writer has is finished all the same."""
        del exc
        self._door.forget(self, self._channel.address)
        self._transport = None
        self._unread = False
        self._held.clear()

    # -- what the door calls ---------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Whether what comes in must wait."""
        return self._task is not None or self._unread or self._wait_until > self._door.now

    def sweep(self, now: int, idle: int) -> None:
        """Close where a time-out has passed; go on where a budget has filled again.

        Parameters
        ----------
        now
            The present tick.
        idle
            Ticks after which a silent connection is closed.
        """
        door = self._door
        if self._unread:
            if now - self.unread_since > door.stalled_ticks:
                door.stalled += 1
                self.abort()
        elif self._task is None and not self._wait_until:
            if self._held and now - self.started > door.frame_ticks:
                door.unfinished += 1
                self.abort()
            elif now - self.last > idle:
                door.idle += 1
                self.close()

    def wait_is_over(self, now: int) -> bool:
        """Go on if the budget has filled again; return whether it has."""
        if self._wait_until > now:
            return False
        self._wait_until = 0
        self._go_on()
        return True

    @property
    def held_bytes(self) -> int:
        """How many bytes are kept for the other end: what it has not finished, or not read."""
        transport = self._transport
        return len(self._held) + (0 if transport is None else transport.get_write_buffer_size())

    @property
    def waits_since(self) -> int:
        """The tick since which the other end has left something undone."""
        return self.unread_since if self._unread else self.started

    def abort(self) -> None:
        """Close at once; what was not sent is lost."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Close after what was answered has gone out."""
        if self._transport is not None:
            self._transport.close()

    async def finish(self) -> None:
        """Close, after the answer that is being waited for."""
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=2.0)
        self.close()

    # -- inside ----------------------------------------------------------------------------

    def _work(self, data: bytes) -> None:
        """Answer the whole messages of what came in; keep the rest."""
        door, channel = self._door, self._channel
        hot = door.hot.answer if channel.identity is None else _never
        at, size, step, asked = 0, len(data), 0, 0
        out: list[bytes] = []
        answer: bytes | Awaitable[bytes] | None
        while size - at >= ENVELOPE_BYTES:
            (length,) = _LENGTH(data, at + _LENGTH_AT)
            stop = at + ENVELOPE_BYTES + length
            if stop > size:
                if length > MAX_MESSAGE_BYTES:
                    self._refuse(data[at:], out)
                    return
                break
            asked += 1
            answer = hot(data, at, stop) if length >= _SHORTEST_PLAIN else None
            if answer is None:
                answer = door.front.answer(data[at:stop], channel)
                if not isinstance(answer, bytes) or channel.following is not None:
                    self._write(out, asked)
                    self._wait_for(answer, data[stop:])
                    return
            at = stop
            out.append(answer)
            step += len(answer)
            if step > _STEP_BYTES:
                self._write(out, asked)
                step = asked = 0
                out = []
                if self._stopped:
                    break
        if asked:
            self._write(out, asked)
        if at < size:
            self._keep(data[at:] if at else data)
        elif self._ended:
            self._keep(b"")

    def _write(self, out: list[bytes], asked: int) -> None:
        """Send answers, and take their requests from the budget."""
        if self._transport is not None and out:
            self._transport.write(out[0] if len(out) == 1 else b"".join(out))
        self._take(asked)

    def _take(self, asked: int) -> None:
        """Take requests from the budget of the address."""
        door, bucket = self._door, self._bucket
        if bucket.seen != door.now:
            # Asked for anew: the budgets may have forgotten it meanwhile.
            bucket = self._bucket = door.budgets.bucket(self._channel.address)
        bucket.requests -= asked
        if bucket.requests < 0:
            # Asked too much: read again once the budget is above nothing.
            behind = -bucket.requests / door.budgets.limits.requests_per_second
            self._wait_until = door.now + 1 + int(behind / TICK_SECONDS)
            door.slow(self)
            self._pause()

    def _keep(self, rest: bytes) -> None:
        """Keep the beginning of a message, or whole ones that must wait."""
        if not rest:
            if self._ended and not self.waiting:
                self.close()
            return
        self._held += rest
        self.started = self._door.now
        if len(rest) >= ENVELOPE_BYTES:
            self._need = ENVELOPE_BYTES + int(_LENGTH(rest, _LENGTH_AT)[0])
        else:
            self._need = ENVELOPE_BYTES
        if self._ended and not self.waiting:
            self.close()

    def _refuse(self, rest: bytes, out: list[bytes]) -> None:
        """Answer what cannot be framed, and close: nobody can tell where the next one begins."""
        try:
            Envelope.parse(rest)
        except MalformedMessage as error:
            out.append(self._door.front.refuse(rest, error))
        self._write(out, len(out))
        self._door.unframed += 1
        self.close()

    def _wait_for(self, answer: bytes | Awaitable[bytes], rest: bytes) -> None:
        """Read no further before this answer, and what follows it, has gone out."""
        self._held += rest
        self._need = 0
        self._pause()
        self._task = asyncio.ensure_future(self._deliver(answer))

    async def _deliver(self, answer: bytes | Awaitable[bytes]) -> None:
        try:
            done = answer if isinstance(answer, bytes) else await answer
            self.last = self._door.now
            self._write([done], 0)
            following, self._channel.following = self._channel.following, None
            while following is not None and self._transport is not None:
                while self._unread:  # the sweep ends it where that lasts
                    await asyncio.sleep(_POLL_SECONDS)
                more = following()
                if more is None:
                    break
                self._write([more], 0)
                await asyncio.sleep(0)
        finally:
            self._task = None
        self._go_on()

    def _go_on(self) -> None:
        if self.waiting or self._transport is None:
            return
        self._stopped = False
        if not self._transport.is_closing():
            with suppress(RuntimeError):  # it was not paused, which is as well
                self._transport.resume_reading()
        held = bytes(self._held)
        self._held.clear()
        self._work(held) if held else self._keep(b"")

    def _pause(self) -> None:
        self._stopped = True
        if self._transport is not None and not self._transport.is_closing():
            with suppress(RuntimeError):  # it is paused already
                self._transport.pause_reading()
