"""The writer's side of its socket: takes orders, hands them to the commits, sends back answers.

Whoever is connected is a process of the same user, but may be one of another
version, stopped in a debugger, or not ours at all. So nothing read here can
stop the writer: a frame that cannot be understood ends its connection, answers
that nobody reads stop the reading of further orders, and what waits is bounded.

An idempotency key is leased to one connection at a time. A lease ends behind
the orders that its holder had sent, so that whoever gets it next sees how far
the load really came.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import cast

import msgspec

from ballast.errors import BallastError, Refused
from ballast.node.registry.entries import BulkRefusal
from ballast.node.registry.store import Snapshot, Store, Transaction
from ballast.node.service.answers import declined, turned_down
from ballast.node.service.authentication.vault import Vault
from ballast.node.service.changing import apply
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer import bodies
from ballast.node.writer.blocks import apply_block
from ballast.node.writer.commits import Failed, GroupCommit, Order
from ballast.node.writer.frames import Frame, FrameCutter, Kind, frame

__all__ = ["Connection", "Host"]

MAX_CONNECTIONS = 128
_UNSENT_BYTES = 4 << 20
_CREDENTIALS = struct.Struct("iII")  # pid, uid, gid (Linux: unix(7), SO_PEERCRED)
_BUSY = bodies.FailedOrder.of(
    turned_down(
        ResponseCode.SERVER_BUSY, "the node has more to write than it can take; try again shortly"
    )
)


class Host:
    """What all connections share.

    Parameters
    ----------
    store
        The registry.
    commits
        Writes what is ordered.
    vault
        Challenges and sessions.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    """

    def __init__(
        self,
        store: Store,
        commits: GroupCommit,
        vault: Vault,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self.commits, self.vault = commits, vault
        self.clock, self.random = clock, random
        self.connections: set[Connection] = set()
        self.leases: dict[bytes, Connection] = {}

    def statistics(self) -> bodies.Statistics:
        """Return how the writer is doing."""
        counts = self.commits.counts
        pending, sessions = self.vault.counts()
        return bodies.Statistics(
            counts.orders,
            counts.commits,
            counts.undone,
            self.commits.waiting(),
            len(self.connections),
            pending,
            sessions,
            len(self.leases),
        )

    def lease(self, key: bytes, holder: Connection) -> bodies.Lease | bodies.FailedOrder:
        """Give a key to one connection, with how far its load had come."""
        if key in self.leases:
            return bodies.Lease(False)
        try:
            with self._store.snapshot() as snapshot:
                progress = snapshot.bulk(key)
        except BallastError as error:
            return bodies.FailedOrder.of(declined(error, ResponseCode.ERROR))
        self.leases[key] = holder
        return bodies.Lease(True, progress)

    def refusals(self, asked: bodies.RefusalsOrder) -> list[BulkRefusal] | bodies.FailedOrder:
        """Return what was kept of the refused lines of a load."""
        try:
            with self._store.snapshot() as snapshot:
                return refusals_between(snapshot, asked)
        except BallastError as error:
            return bodies.FailedOrder.of(declined(error, ResponseCode.ERROR))

    def release(self, key: bytes, holder: Connection, told: Callable[[], None]) -> None:
        """Give a key back, once what its holder had sent is done; then tell.

        Who is told too early could ask for the key again and be refused it.
        """
        if self.leases.get(key) is not holder:
            told()
            return

        def ended() -> None:
            if self.leases.get(key) is holder:
                del self.leases[key]
            told()

        def released(_: object) -> None:
            holder.loop.call_soon_threadsafe(ended)

        if not self.commits.put(Order(_nothing, released)):
            # Too much waits: come again rather than let the next one in too early.
            holder.loop.call_later(1.0, self.release, key, holder, told)


def refusals_between(snapshot: Snapshot, asked: bodies.RefusalsOrder) -> list[BulkRefusal]:
    """Return the refused lines of a load above one number, up to another."""
    found: list[BulkRefusal] = []
    after = asked.after
    while page := snapshot.bulk_refusals(asked.load, after):
        found += [one for one in page if one.line <= asked.last]
        after = page[-1].line
        if after >= asked.last:
            break
    return found


def _nothing(_: Transaction) -> None:
    """Write nothing: a place in the order of things."""


def _told_nobody() -> None:
    """Tell nobody: the process that held the key is gone."""


class Connection(asyncio.Protocol):
    """One process that is connected."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._cutter = FrameCutter()
        self._transport: asyncio.Transport | None = None
        self.loop = asyncio.get_running_loop()
        # Filled by the commits' thread, emptied by the loop: never exchanged for another one,
        # in which case an answer could go into the one that was just sent.
        self._answers: deque[bytes] = deque()
        self._flushing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a process in, if it is of the same user and there is room."""
        self._transport = cast("asyncio.Transport", transport)
        if len(self._host.connections) >= MAX_CONNECTIONS or not _same_user(transport):
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=_UNSENT_BYTES)
        self._host.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a process; what it ordered is done nevertheless."""
        del exc
        self._transport = None
        self._host.connections.discard(self)
        for key, holder in list(self._host.leases.items()):
            if holder is self:
                self._host.release(key, self, _told_nobody)

    def close(self) -> None:
        """End the connection once what was answered is sent."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def pause_writing(self) -> None:
        """Read no more orders of a process that does not read its answers."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on reading."""
        if self._transport is not None:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Take orders."""
        try:
            for found in self._cutter.feed(data):
                self._take(found)
        except (Refused, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            # The sender speaks another language; what follows cannot be told apart.
            if self._transport is not None:
                self._transport.abort()

    def _take(self, found: Frame) -> None:
        number, kind, body = found
        if kind == Kind.APPLY:
            self._apply(number, body)
        elif kind == Kind.VAULT:
            reply = self._host.vault.obey(bodies.read_vault_order(body))
            self._answer(number, bodies.VaultAnswer.of(reply))
        elif kind == Kind.BLOCK:
            self._block(number, body)
        elif kind == Kind.LEASE:
            self._answer(number, self._host.lease(body, self))
        elif kind == Kind.RELEASE:
            self._host.release(body, self, partial(self._answer, number, True))
        elif kind == Kind.REFUSALS:
            asked = bodies.read_refusals_order(body)
            self._answer(number, self._host.refusals(asked))
        elif kind == Kind.STATISTICS:
            self._answer(number, self._host.statistics())
        else:
            self._answer(
                number,
                bodies.FailedOrder.of(
                    turned_down(
                        ResponseCode.OPERATION_NOT_SUPPORTED,
                        "the node's writer is of another version; restart the node",
                    )
                ),
            )

    def _apply(self, number: int, body: bytes) -> None:
        change, caller = msgspec.structs.astuple(bodies.read_change(body))
        host = self._host

        def work(transaction: Transaction) -> object:
            return apply(transaction, change, caller, host.clock(), host.random)

        self._order(number, work, 1, len(body))

    def _block(self, number: int, body: bytes) -> None:
        block, caller = msgspec.structs.astuple(bodies.read_block(body))
        host = self._host

        def work(transaction: Transaction) -> object:
            return apply_block(transaction, block, caller, host.clock(), host.random)

        self._order(number, work, len(block.items) + 1, 2 * len(body))

    def _order(
        self, number: int, work: Callable[[Transaction], object], weight: int, size_bytes: int
    ) -> None:
        def done(result: object) -> None:
            if isinstance(result, Failed):
                result = bodies.FailedOrder(*result)
            made = _framed(number, result)
            self._answers.append(made)
            if not self._flushing:
                self._flushing = True
                self.loop.call_soon_threadsafe(self._flush)

        if not self._host.commits.put(Order(work, done, weight, size_bytes)):
            self._answer(number, _BUSY)

    def _flush(self) -> None:
        """Send what the commits have answered; runs in the loop."""
        self._flushing = False
        answers = [self._answers.popleft() for _ in range(len(self._answers))]
        if self._transport is not None:
            self._transport.write(b"".join(answers))

    def _answer(self, number: int, result: object) -> None:
        if self._transport is not None:
            self._transport.write(_framed(number, result))


def _framed(number: int, result: object) -> bytes:
    kind = Kind.FAILED if isinstance(result, bodies.FailedOrder) else Kind.ANSWER
    return frame(number, kind, bodies.write(result))


def _same_user(transport: asyncio.BaseTransport) -> bool:
    """Whether the process at the other end belongs to the user that runs the writer."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:  # not Linux: the folder of the socket is closed to others
        return True
    peer: socket.socket = transport.get_extra_info("socket")
    _, user, _ = _CREDENTIALS.unpack(peer.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return bool(user in (os.getuid(), 0))
