"""The UDP door: datagrams in, datagrams out, a batch of them at each turn of the loop.

The socket is read by hand and not through the loop's datagram transport: one
wake-up then answers all that waits (up to a bound) under one snapshot of the
store, with two system calls (``datagrams``). It makes the bounds visible, too: what
cannot be sent at once is dropped, as UDP may, and never queued.

Answers longer than 512 bytes go as fragments, requests may come as such
(``wire.fragments``); what one address may be sent is bounded by ``budget``.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ballast.errors import MalformedMessage
from ballast.node.servers.budget import Bucket, Budgets
from ballast.node.servers.channel import Channel
from ballast.node.servers.counters import Series
from ballast.node.servers.datagrams import BATCH, Datagrams, Host, batches_are_possible
from ballast.node.servers.front import Front
from ballast.node.servers.hot import HotPath
from ballast.node.servers.orders import Doors
from ballast.node.wire.envelope import ENVELOPE_BYTES
from ballast.node.wire.fragments import DATAGRAM_BYTES, PAYLOAD_BYTES, Reassembly, split_datagrams

__all__ = ["UdpDoor"]

# A datagram longer than this is longer than any that is sent in practice; its rest is cut off,
# and what is left contradicts its own length and is refused.
_LONGEST = 4096
_SHORTEST_PLAIN = 61
_FLAGS_AT = 2
_TRUNCATED = 0x20
# How many requests wait for the writer or for a key to be checked at one time.
_WAITING = 1024
# Answers to requests that had to wait are given again when the same datagram comes again.
_REMEMBERED = 512
_REMEMBERED_BYTES = 4096
_REMEMBERED_SECONDS = 10.0
_BUFFER = 4 << 20

Address = tuple[Any, ...]


class UdpDoor:
    """One UDP socket of a worker.

    Parameters
    ----------
    taken
        Bound.
    hot, front
        The short way and the long one.
    budgets
        What an address may ask and receive.
    doors
        Bounds of reassembly.
    clock
        Seconds that never go back.
    """

    def __init__(
        self,
        taken: socket.socket,
        hot: HotPath,
        front: Front,
        budgets: Budgets,
        doors: Doors,
        clock: Callable[[], float],
    ) -> None:
        taken.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            taken.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
        self._socket = taken
        self._hot, self._front, self._budgets = hot, front, budgets
        self._clock = clock
        self._batches = batches_are_possible()
        if self._batches:
            self._datagrams = Datagrams(taken, _LONGEST, DATAGRAM_BYTES)
        # The buckets of the hosts that were heard in this tick.
        self._hosts: dict[Host, Bucket] = {}
        self._hosts_at = -1
        self._fragments = Reassembly(doors.reassembly_messages, doors.reassembly_seconds)
        self._waiting: dict[bytes, asyncio.Task[None]] = {}
        # Oldest first, with the time until which it is given again.
        self._remembered: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._counts = dict.fromkeys(
            ("over_budget", "unproven", "unsent", "too_many_waiting", "repeated"), 0
        )

    def open(self) -> None:
        """Begin to answer."""
        read = self._read_batch if self._batches else self._read_one_by_one
        asyncio.get_running_loop().add_reader(self._socket.fileno(), read)

    async def close(self) -> None:
        """Stop reading; what waits for the writer is still answered, for a little while."""
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        if self._waiting:
            await asyncio.wait(list(self._waiting.values()), timeout=2.0)
        for task in self._waiting.values():
            task.cancel()
        self._socket.close()

    def expire(self) -> None:
        """Give up fragments that wait for others, and forget old answers; about once a second."""
        now = self._clock()
        self._fragments.expire(now)
        while self._remembered and next(iter(self._remembered.values()))[0] <= now:
            self._remembered.popitem(last=False)

    def counts(self) -> Mapping[Series, int]:
        """Return what is new since the last call, for ``Counters.source``."""
        taken: dict[Series, int] = {
            ("ballast_node_udp_dropped_total", (("why", why),)): number
            for why, number in self._counts.items()
        }
        self._counts = dict.fromkeys(self._counts, 0)
        return taken

    def _read_batch(self) -> None:
        """Answer a batch of what waits."""
        datagrams, hot, budgets = self._datagrams, self._hot.answer, self._budgets
        now, amplification = budgets.now, budgets.limits.amplification
        if now != self._hosts_at:
            # The budgets may forget a network, and fill the others, once a tick.
            self._hosts.clear()
            self._hosts_at = now
        known = self._hosts.get
        answers: list[tuple[int, bytes]] = []
        messages, hosts = datagrams.receive()
        for place, (data, host) in enumerate(zip(messages, hosts, strict=True)):
            bucket = known(host)
            if bucket is None:
                bucket = self._hosts[host] = budgets.bucket(datagrams.address(place)[0])
            if bucket.datagrams < 1:
                self._counts["over_budget"] += 1
                continue
            bucket.datagrams -= 1
            size = len(data)
            answer = hot(data, 0, size) if size >= _SHORTEST_PLAIN else None
            if answer is None:
                self._long_way(data, datagrams.address(place))
            elif len(answer) > DATAGRAM_BYTES or (
                len(answer) > size * amplification and bucket.proven_until <= now
            ):
                self._send(answer, data, datagrams.address(place))
            else:
                answers.append((place, answer))
        if answers:
            self._counts["unsent"] += datagrams.send(answers)
        self._hot.release()

    def _read_one_by_one(self) -> None:
        """Answer what waits, up to a bound, where there are no batches."""
        budgets = self._budgets
        for _ in range(BATCH):
            try:
                data, address = self._socket.recvfrom(_LONGEST)
            except BlockingIOError:
                break
            except OSError:  # what an earlier answer met on its way
                continue
            if not budgets.may_ask(address[0], claimed=True):
                self._counts["over_budget"] += 1
                continue
            size = len(data)
            answer = self._hot.answer(data, 0, size) if size >= _SHORTEST_PLAIN else None
            if answer is None:
                self._long_way(data, address)
            else:
                self._send(answer, data, address)
        self._hot.release()

    def _long_way(self, data: bytes, address: Address) -> None:
        """Put fragments together, and answer what is not a plain resolution."""
        try:
            if len(data) >= ENVELOPE_BYTES and data[_FLAGS_AT] & _TRUNCATED:
                whole = self._fragments.add(address, data, self._clock())
                if whole is None:
                    return
                data = whole
        except MalformedMessage as error:
            self._send(self._front.refuse(data, error), data, address)
            return
        digest = hashlib.blake2b(repr(address).encode() + data, digest_size=16).digest()
        if digest in self._waiting:
            self._counts["repeated"] += 1
            return
        known = self._remembered.get(digest)
        if known is not None:
            self._counts["repeated"] += 1
            self._send(known[1], data, address)
            return
        answer = self._front.answer(data, Channel("udp", address[0]))
        if isinstance(answer, bytes):
            self._send(answer, data, address)
        elif len(self._waiting) >= _WAITING:
            self._counts["too_many_waiting"] += 1
            _drop(answer)
            self._send(self._front.busy(data), data, address)
        else:
            task = asyncio.ensure_future(self._deliver(answer, digest, data, address))
            self._waiting[digest] = task

    async def _deliver(
        self, answer: Awaitable[bytes], digest: bytes, request: bytes, address: Address
    ) -> None:
        try:
            done = await answer
        finally:
            del self._waiting[digest]
        if len(done) <= _REMEMBERED_BYTES:
            self._remembered[digest] = (self._clock() + _REMEMBERED_SECONDS, done)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        self._send(done, request, address)

    def _send(self, answer: bytes, request: bytes, address: Address) -> None:
        """Send one message in datagrams, or a short word where the address may get no more."""
        parts = -(-len(answer) // PAYLOAD_BYTES)
        sending = len(answer) + parts * ENVELOPE_BYTES
        try:
            if not self._budgets.may_send(address[0], len(request), sending):
                self._counts["unproven"] += 1
                self._socket.sendto(self._front.busy(request), address)
                return
            for datagram in split_datagrams(answer):
                self._socket.sendto(datagram, address)
        except OSError:
            self._counts["unsent"] += 1


def _drop(answer: Awaitable[bytes]) -> None:
    """Let go of what will not be waited for."""
    if asyncio.iscoroutine(answer):
        answer.close()
