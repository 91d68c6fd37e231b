"""The live publisher: the edge nodes of the shop at a broker, until told to stop.

Each edge node is a client of its own, as gateways are: its will must be its
own death. A client is made anew for every connection, since the will carries
the bdSeq of just that one; the library's own reconnecting would send the old.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gmqtt  # type: ignore[import-untyped]
from gmqtt.mqtt.constants import MQTTv311  # type: ignore[import-untyped]
from gmqtt.mqtt.handler import MQTTConnectError  # type: ignore[import-untyped]

from ballast.errors import Refused
from ballast.plant.host.actions import Publish
from ballast.sample.factory.edge_node import EdgeNode
from ballast.sample.factory.shop import AREAS, GROUP
from ballast.sample.factory.telling import Shop, devices_of

__all__ = ["Door", "publish"]

_STEP_MS = 1000  # the finest that the simulation tells apart
_CONNECT_SECONDS = 10.0
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

    Raises
    ------
    Refused
        If the broker refuses user and password.
    """
    async with asyncio.TaskGroup() as group:
        for area in AREAS:
            gateway = _Gateway(area, shop, door, clock)
            group.create_task(gateway.run(stop, every_seconds), name=f"edge node {area}")


class _Gateway:
    """One edge node and its connection."""

    def __init__(self, area: str, shop: Shop, door: Door, clock: ClockMs) -> None:
        self._area, self._shop, self._door, self._clock = area, shop, door, clock
        self._lost = asyncio.Event()
        self._rebirth = False
        # The spec has it count up from connection to connection; the time does, across restarts.
        self._bd_seq = clock() // 1000
        self._node = self._next_node()

    async def run(self, stop: asyncio.Event, every_seconds: float) -> None:
        while not stop.is_set():
            self._node = self._next_node()
            client = await self._connected()
            if client is not None:
                await self._tell(client, stop, every_seconds)
                if not self._lost.is_set():
                    # A clean DISCONNECT takes the will away, so the death is said before.
                    self._send(client, self._node.will(self._clock()))
                with suppress(OSError, TimeoutError):
                    async with asyncio.timeout(_CONNECT_SECONDS):
                        await client.disconnect()
            await _within(stop, 0.0 if stop.is_set() else _AGAIN_SECONDS)

    def _next_node(self) -> EdgeNode:
        self._bd_seq += 1
        return EdgeNode(GROUP, self._area, devices_of(self._area), bd_seq=self._bd_seq)

    async def _connected(self) -> Any:
        """Return a client that is connected and hears commands; none where that failed."""
        self._lost.clear()
        self._rebirth = False
        death = self._node.will(self._clock())
        client = gmqtt.Client(
            f"{GROUP}-{self._area}",
            clean_session=True,
            will_message=gmqtt.Message(death.topic, death.payload, qos=death.qos),
            logger=_silent_log(),
        )
        client.set_config({"reconnect_retries": 0, "reconnect_delay": 0})
        client.on_message = self._heard
        client.on_disconnect = self._gone
        if self._door.user:
            client.set_auth_credentials(self._door.user, self._door.password)
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await client.connect(
                    self._door.host, self._door.port, version=MQTTv311,
                    keepalive=_KEEPALIVE_SECONDS,
                )  # fmt: skip
        except MQTTConnectError:
            raise Refused(
                "the broker at {host}:{port} refuses the edge nodes of the sample factory; see its "
                "users",
                host=self._door.host,
                port=self._door.port,
            ) from None
        except (OSError, TimeoutError):
            return None
        client.subscribe(self._node.commands, qos=1)
        return client

    async def _tell(self, client: Any, stop: asyncio.Event, every_seconds: float) -> None:
        then = self._moment()
        self._bear(client, then)
        while not (self._lost.is_set() or await _within(stop, every_seconds)):
            now = self._moment()
            if self._rebirth:
                self._rebirth = False
                self._bear(client, now)
            elif now > then:
                for device, readings in self._shop.since(self._area, then, now).items():
                    self._send(client, self._node.data(device, readings, self._clock()))
            then = max(now, then)

    def _moment(self) -> int:
        return self._clock() // _STEP_MS * _STEP_MS

    def _bear(self, client: Any, now: int) -> None:
        for birth in self._node.births(self._shop.now(self._area, now), self._clock()):
            self._send(client, birth)

    def _send(self, client: Any, message: Publish) -> None:
        if not self._lost.is_set():
            client.publish(message.topic, message.payload, qos=message.qos, retain=message.retain)

    async def _heard(
        self, _client: Any, topic: str, payload: bytes, _qos: int, _properties: Any
    ) -> int:
        self._rebirth |= self._node.asked_to_be_born(topic, payload)
        return 0

    def _gone(self, _client: Any, _packet: Any, _error: Any = None) -> None:
        self._lost.set()


def _silent_log() -> logging.Logger:
    """Return a log that keeps the library's remarks off standard error."""
    log = logging.getLogger("ballast.sample.factory.mqtt")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return log


async def _within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
