"""The TCP door: connections kept open, a cap on their number, time-outs for all of them.

The time-outs are looked after by one sweep over all connections and not by a
timer for each: ten thousand timers that are moved with every message would
cost more than the messages. What a connection does with its bytes stands in
``connection``.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Mapping

from ballast.node.servers.budget import TICK_SECONDS, Budgets
from ballast.node.servers.connection import TcpConnection
from ballast.node.servers.counters import Series
from ballast.node.servers.front import Front
from ballast.node.servers.hot import HotPath
from ballast.node.servers.orders import Doors

__all__ = ["TcpDoor"]

# The share of the connections above which the idle ones are closed sooner.
_PRESSED = 7 / 8


class TcpDoor:
    """The listening sockets of a worker and the connections they gave.

    Parameters
    ----------
    hot, front
        The short way and the long one.
    budgets
        What an address may ask; the worker ticks it.
    bounds
        Of the connections.
    """

    def __init__(self, hot: HotPath, front: Front, budgets: Budgets, bounds: Doors) -> None:
        self.hot, self.front, self.budgets, self.bounds = hot, front, budgets, bounds
        self._connections: set[TcpConnection] = set()
        self._by_address: Counter[str] = Counter()
        self._servers: list[asyncio.Server] = []
        self._slow: list[TcpConnection] = []
        self.now = budgets.now
        self.frame_ticks = int(bounds.frame_seconds / TICK_SECONDS)
        self.stalled_ticks = int(bounds.stalled_seconds / TICK_SECONDS)
        self._idle_ticks = int(bounds.idle_seconds / TICK_SECONDS)
        self._pressed_ticks = int(bounds.pressed_seconds / TICK_SECONDS)
        self.idle = self.stalled = self.unfinished = self.unframed = self.slowed = 0
        self._accepted = self._turned_away = self.crowded = 0

    def tick(self) -> None:
        """Tell the connections the time, and let those go on whose budget has filled again."""
        self.now = self.budgets.now
        waiting, self._slow = self._slow, []
        for connection in waiting:
            if not connection.wait_is_over(self.now):
                self._slow.append(connection)

    def __len__(self) -> int:
        return len(self._connections)

    async def open(self, taken: socket.socket) -> None:
        """Take connections of a listening socket."""
        loop = asyncio.get_running_loop()
        self._servers.append(
            await loop.create_server(lambda: TcpConnection(self), sock=taken, backlog=4096)
        )

    def admit(self, connection: TcpConnection, address: str) -> bool:
        """Take a connection in, unless there are enough of them, or of its address."""
        bounds = self.bounds
        if (
            len(self._connections) >= bounds.connections
            or self._by_address[address] >= bounds.connections_by_address
        ):
            self._turned_away += 1
            return False
        self._connections.add(connection)
        self._by_address[address] += 1
        self._accepted += 1
        # A completed handshake proves that the address is its own.
        self.budgets.prove(address)
        return True

    def forget(self, connection: TcpConnection, address: str) -> None:
        """Let a connection go."""
        if connection in self._connections:
            self._connections.remove(connection)
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def slow(self, connection: TcpConnection) -> None:
        """Note a connection that has asked too much, and waits."""
        self.slowed += 1
        self._slow.append(connection)

    def busy(self) -> bytes:
        """Return what a connection is told that is turned away."""
        return self.front.busy()

    def sweep(self) -> None:
        """Look after the time-outs of every connection; about once a second."""
        idle = self._idle_ticks
        if len(self._connections) > self.bounds.connections * _PRESSED:
            idle = min(idle, self._pressed_ticks)
        now = self.now
        for connection in tuple(self._connections):
            connection.sweep(now, idle)
        self._make_room()

    def _make_room(self) -> None:
        """Close who holds memory for longest, where all together hold too much.

        The bound of one connection times their number is more than a machine has.
        """
        holding = [(one, size) for one in self._connections if (size := one.held_bytes)]
        left = sum(size for _, size in holding) - self.bounds.memory_bytes
        if left <= 0:
            return
        for connection, size in sorted(holding, key=lambda one: one[0].waits_since):
            self.crowded += 1
            connection.abort()
            left -= size
            if left <= 0:
                return

    def counts(self) -> Mapping[Series, int]:
        """Return what is new since the last call, for ``Counters.source``."""
        found = {
            "accepted": self._accepted,
            "turned_away": self._turned_away,
            "idle": self.idle,
            "stalled": self.stalled,
            "unfinished": self.unfinished,
            "unframed": self.unframed,
            "slowed": self.slowed,
            "crowded": self.crowded,
        }
        self._accepted = self._turned_away = self.crowded = 0
        self.idle = self.stalled = self.unfinished = self.unframed = self.slowed = 0
        return {
            ("ballast_node_tcp_connections_total", (("what", what),)): number
            for what, number in found.items()
        }

    async def close(self) -> None:
        """Stop listening, and close the connections after what they wait for."""
        for server in self._servers:
            server.close()
        if self._connections:
            await asyncio.gather(*(one.finish() for one in tuple(self._connections)))
