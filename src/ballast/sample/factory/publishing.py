"""The live publisher: the edge nodes of the shop at a broker, until told to stop.

Each edge node is a client of its own, as gateways are: its will must be its
own death. A client is made anew for every connection, since the will carries
the bdSeq of just that one; the library's own reconnecting would send the old.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ballast.errors import Refused
from ballast.plant.collect.connection import Address, Connection, open_connection
from ballast.sample.factory.edge_node import EdgeNode
from ballast.sample.factory.shop import AREAS, GROUP
from ballast.sample.factory.telling import Shop, devices_of

__all__ = ["Door", "publish"]

_STEP_MS = 1000  # the finest that the simulation tells apart
_AGAIN_SECONDS = 2.0
_KEEPALIVE_SECONDS = 20

ClockMs = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Door:
    """The broker of the shop, and who its edge nodes are to it."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"Door({self.host}, {self.port}, {self.user})"


async def publish(
    shop: Shop, door: Door, stop: asyncio.Event, *, clock: ClockMs, every_seconds: float
) -> None:
    """Tell the broker what the shop does, until ``stop`` is set.

    Parameters
    ----------
    shop
        What is told.
    door
        Where.
    stop
        Set it to end: every node then says its death and goes.
    clock
        Epoch ms.
    every_seconds
        How long between two looks at the sensors.
    """
    async with asyncio.TaskGroup() as group:
        for area in AREAS:
            gateway = _Gateway(area, shop, door, clock)
            group.create_task(gateway.run(stop, every_seconds), name=f"edge node {area}")


class _Gateway:
    """One edge node and its connection."""

    def __init__(self, area: str, shop: Shop, door: Door, clock: ClockMs) -> None:
        self._area, self._shop, self._door, self._clock = area, shop, door, clock
        self._rebirth = False
        # The spec has it count up from connection to connection; the time does, across restarts.
        self._bd_seq = clock() // 1000
        self._node = self._next_node()

    async def run(self, stop: asyncio.Event, every_seconds: float) -> None:
        while not stop.is_set():
            self._node = self._next_node()
            # A broker that is away comes back; a demo has nobody to tell of it meanwhile.
            with suppress(Refused):
                link = await self._connected()
                await self._speak(link, stop, every_seconds)
                if not link.lost.is_set():
                    # A clean DISCONNECT takes the will away, so the death is said before.
                    link.publish(self._node.will(self._clock()))
                    await link.drained()
                await link.close()
            await _within(stop, _AGAIN_SECONDS)

    def _next_node(self) -> EdgeNode:
        self._bd_seq += 1
        return EdgeNode(GROUP, self._area, devices_of(self._area), bd_seq=self._bd_seq)

    async def _connected(self) -> Connection:
        self._rebirth = False
        door = self._door
        link = await open_connection(
            Address(
                door.host, door.port, 4, None, door.user or None, door.password or None,
                f"{GROUP}-{self._area}", _KEEPALIVE_SECONDS,
            ),
            clean=True,
            will=self._node.will(self._clock()),
            heard=self._heard,
        )  # fmt: skip
        await link.subscribe((self._node.commands,), 1)
        return link

    async def _speak(self, link: Connection, stop: asyncio.Event, every_seconds: float) -> None:
        then = self._moment()
        self._bear(link, then)
        while not (link.lost.is_set() or await _within(stop, every_seconds)):
            now = self._moment()
            if self._rebirth:
                self._rebirth = False
                self._bear(link, now)
            elif now > then:
                for device, readings in self._shop.since(self._area, then, now).items():
                    link.publish(self._node.data(device, readings, self._clock()))
            then = max(now, then)

    def _moment(self) -> int:
        return self._clock() // _STEP_MS * _STEP_MS

    def _bear(self, link: Connection, now: int) -> None:
        for birth in self._node.births(self._shop.now(self._area, now), self._clock()):
            link.publish(birth)

    def _heard(self, topic: str, payload: bytes, _retained: bool, _duplicate: bool) -> None:
        self._rebirth |= self._node.asked_to_be_born(topic, payload)


async def _within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
