"""A worker's process: ``python -m ballast.node.servers.worker``, started by the supervisor.

It reads its orders from standard input, opens its doors on ports shared with
its fellows (SO_REUSEPORT), and ends when asked to or when the supervisor is
gone. One loop serves all of its doors: they share one store, one
connection to the writer, one table of budgets and one set of counters, which
is what keeps a worker small.

The HTTP door is opened by
``ballast.node.servers.http.door.open_http_door(parts: WorkerParts) -> HttpDoor`` (a coroutine;
``HttpDoor.close()`` is one too).
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import uvloop

from ballast.errors import BallastError, HomeBusy, StorageFailed
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.store import Store
from ballast.node.servers.budget import TICK_SECONDS, Budgets
from ballast.node.servers.channel import ChannelKind
from ballast.node.servers.counters import Counters
from ballast.node.servers.front import Front
from ballast.node.servers.hot import HotPath
from ballast.node.servers.http.door import HttpDoor, open_http_door
from ballast.node.servers.listening import tcp_socket, udp_socket
from ballast.node.servers.orders import WorkerOrders
from ballast.node.servers.tally import Tally
from ballast.node.servers.tcp import TcpDoor
from ballast.node.servers.udp import UdpDoor
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import AddDaily
from ballast.node.writer.client import WriterClient
from ballast.node.writer.orders_line import STDIN, leave, read_orders
from ballast.node.writer.socket_path import SOCKET_NAME
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["COUNTERS_FOLDER", "WorkerParts", "main", "serve"]

COUNTERS_FOLDER = "counters"
_REFUSED = 78  # what the supervisor takes for "do not try again" (sysexits.h, EX_CONFIG)
_TICKS_A_SECOND = round(1 / TICK_SECONDS)
# Files, the writer, the HTTP door's own connections.
_OTHER_FILES = 512


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What the doors of one worker share.

    Parameters
    ----------
    orders
        What the worker was told.
    store
        The records, for reading.
    writer
        The way to the process that writes.
    front
        Answers native messages (for the HTTP tunnel).
    budgets, counters, tally
        What each address may; what was counted; resolutions by prefix.
    counters_folder
        Where the counters of all workers lie, for ``counters.totals``.
    clock, random
        Epoch seconds; fresh random bytes.
    """

    orders: WorkerOrders
    store: Store
    writer: WriterClient
    front: Front
    budgets: Budgets
    counters: Counters
    tally: Tally
    counters_folder: Path
    clock: Callable[[], float]
    random: Callable[[int], bytes]


class _NativeDoors:
    """The UDP and TCP doors of one worker."""

    def __init__(self, parts: WorkerParts) -> None:
        self._parts = parts
        self.hot_paths: list[HotPath] = []
        self.tcp = TcpDoor(self._hot_path("tcp"), parts.front, parts.budgets, parts.orders.doors)
        self.udp: list[UdpDoor] = []

    def _hot_path(self, door: ChannelKind) -> HotPath:
        parts = self._parts
        # Many connections are served in one turn; datagrams come in batches that end by themselves.
        later = asyncio.get_running_loop().call_soon if door == "tcp" else None
        made = HotPath(
            parts.store.reader(), parts.tally, parts.clock, parts.front.site_serial, door, later
        )
        parts.counters.source(made.counts)
        self.hot_paths.append(made)
        return made

    async def open(self) -> None:
        parts, orders = self._parts, self._parts.orders
        for taken in _sockets(orders.tcp_sockets) or _opened(tcp_socket, orders):
            await self.tcp.open(taken)
        parts.counters.source(self.tcp.counts)
        for taken in _sockets(orders.udp_sockets) or _opened(udp_socket, orders):
            door = UdpDoor(
                taken,
                self._hot_path("udp"),
                parts.front,
                parts.budgets,
                orders.doors,
                time.monotonic,
            )
            parts.counters.source(door.counts)
            self.udp.append(door)
            door.open()

    def look_after(self) -> None:
        """Close what has timed out, give up what will not be completed; once a second."""
        self._parts.front.refresh()
        for hot in self.hot_paths:
            hot.site_serial = self._parts.front.site_serial
        self.tcp.sweep()
        for door in self.udp:
            door.expire()

    async def close(self) -> None:
        for door in self.udp:
            await door.close()
        await self.tcp.close()


async def serve(parts: WorkerParts, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Open the doors and answer until told to stop.

    Parameters
    ----------
    parts
        What the doors share.
    stop
        Set when it is to end.
    ready
        Called once the doors are open.

    Raises
    ------
    CannotServe
        If a port cannot be opened.
    """
    native = _NativeDoors(parts)
    http: HttpDoor | None = None
    try:
        await native.open()
        if parts.orders.http_port >= 0 or parts.orders.https_port >= 0:
            http = await open_http_door(parts)
        # What has been made by now stays; the collector need not look at it again.
        gc.freeze()
        ready()
        await _look_after(parts, native, stop)
    finally:
        await native.close()
        if http is not None:
            await http.close()
        parts.counters.publish()
        await _hand_over(parts)


async def _look_after(parts: WorkerParts, native: _NativeDoors, stop: asyncio.Event) -> None:
    """Tell the doors the time until told to stop."""
    handing: asyncio.Task[None] | None = None
    ticks = 0
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TICK_SECONDS)
        parts.budgets.tick()
        native.tcp.tick()
        ticks += 1
        if ticks % _TICKS_A_SECOND:
            continue
        native.look_after()
        parts.counters.publish()
        if handing is None or handing.done():
            handing = asyncio.create_task(_hand_over(parts), name="tally")
    if handing is not None:
        await handing


async def _hand_over(parts: WorkerParts) -> None:
    """Give the sums of resolutions to the writer; what it does not take is kept for later."""
    sums = parts.tally.take()
    if not sums:
        return
    answer = await parts.writer.apply(AddDaily(sums), OPERATOR)
    if not answer.ok:
        for prefix, count in sums.items():
            parts.tally.count(prefix, count)


def _sockets(descriptors: tuple[int, ...]) -> list[socket.socket]:
    return [socket.socket(fileno=descriptor) for descriptor in descriptors]


def _opened(make: Callable[[str, int], socket.socket], orders: WorkerOrders) -> list[socket.socket]:
    return [make(orders.host, orders.native_port)] if orders.native_port >= 0 else []


def _room_for(orders: WorkerOrders) -> WorkerOrders:
    """Return orders whose cap on connections the system's limit on open files allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = max(1, hard - _OTHER_FILES)
    if hard == resource.RLIM_INFINITY or orders.doors.connections <= most:
        return orders
    return replace(orders, doors=replace(orders.doors, connections=most))


async def _until_told(orders: WorkerOrders, store: LmdbStore) -> None:
    """Run until a signal comes or standard input ends: the supervisor is gone then."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def hear() -> None:
        if not os.read(STDIN, 4096):
            loop.remove_reader(STDIN)
            stop.set()

    loop.add_reader(STDIN, hear)
    node = Path(orders.home) / "node"
    writer = WriterClient(node / SOCKET_NAME)
    budgets, tally = Budgets(orders.limits, time.monotonic), Tally()
    counters = Counters(node / COUNTERS_FOLDER, orders.number)
    front = Front(store, writer, budgets, counters, tally, clock=time.time, random=os.urandom)
    parts = WorkerParts(
        orders, store, writer, front, budgets, counters, tally,
        node / COUNTERS_FOLDER, time.time, os.urandom,
    )  # fmt: skip
    try:
        await serve(parts, stop, lambda: None)
    finally:
        front.close()
        counters.close()
        await writer.close()


def main() -> None:
    """Serve until asked to end."""
    # Before anything else, so that a stop while starting is clean too.
    signal.signal(signal.SIGTERM, leave)
    orders = _room_for(WorkerOrders.parse(read_orders()))
    language = cast("Language", orders.language)
    try:
        store = LmdbStore.open(
            Path(orders.home) / "node" / "registry", readonly=True, map_bytes=orders.map_bytes
        )
    except BallastError as error:
        _refuse(error, language)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_told(orders, store))
    except BallastError as error:
        _refuse(error, language)
    finally:
        store.close()


def _refuse(error: BallastError, language: Language) -> None:
    print(explain(error, language), file=sys.stderr, flush=True)  # noqa: T201
    # These are over by themselves, or with a little help; nothing else mends itself.
    sys.exit(1 if isinstance(error, HomeBusy | StorageFailed) else _REFUSED)


if __name__ == "__main__":
    main()
