"""The Sparkplug host on a broker: does what the state machine says, and tells it what happens.

The contract of this side: Sparkplug data are sent at QoS 0 into a clean session,
so the broker keeps nothing for us. What is missed is noticed by its number, a
rebirth is asked for, and the gap is written down.

A host that cannot store says so in the only way the specification knows: it
goes offline, so that edge nodes that wait for their primary host keep their
data themselves until it is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from ballast.errors import Refused
from ballast.plant.collect.committing import Committer
from ballast.plant.collect.connection import Address, Connection, open_connection
from ballast.plant.collect.faults import Faults
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.collect.waiting import pause_after, until_any
from ballast.plant.host.actions import Action, Connect, Disconnect, Publish, Subscribe
from ballast.plant.host.application import Host
from ballast.plant.spool.events import EventKind
from ballast.plant.wire.topic import NAMESPACE
from ballast.words import Sentence

__all__ = ["SparkplugSide"]

# How exactly the host's timers are kept; its shortest is a quarter of a second.
_TICK_SECONDS = 0.05


class SparkplugSide:
    """One Sparkplug host application.

    Parameters
    ----------
    address
        Of the broker.
    host
        The state machine.
    groups
        The groups that are heard; empty: all.
    pipeline, committer, faults
        Where samples and troubles go.
    clock_ms
        Epoch ms UTC.
    """

    def __init__(
        self,
        address: Address,
        host: Host,
        groups: Sequence[str],
        *,
        pipeline: Pipeline,
        committer: Committer,
        faults: Faults,
        clock_ms: Callable[[], int],
    ) -> None:
        self._address = replace(address, client_id=f"{address.client_id}-host")
        self._host, self._groups = host, tuple(groups)
        self._pipeline, self._committer, self._faults = pipeline, committer, faults
        self._clock = clock_ms
        self._connection: Connection | None = None
        self._later: list[Action] = []  # what a message asked for and takes more than a moment
        self._stirred = asyncio.Event()
        self.messages = 0
        self.connected_since: int | None = None

    @property
    def source(self) -> str:
        """How this side is called in events."""
        return f"{self._address} (Sparkplug)"

    async def run(self, stop: asyncio.Event) -> None:
        """Hear until told to stop, connection after connection."""
        failures = 0
        while not stop.is_set():
            await until_any(self._committer.room(), stop.wait())
            if stop.is_set():
                return
            begun = asyncio.get_running_loop().time()
            try:
                await self._one_connection(stop)
            except Refused as error:
                self._faults.begin(EventKind.BROKER_LOST, self.source, error)
            lasted = asyncio.get_running_loop().time() - begun
            failures = 0 if lasted > 30 else failures + 1
            if not self._later:
                await until_any(stop.wait(), asyncio.sleep(pause_after(failures)))

    async def _one_connection(self, stop: asyncio.Event) -> None:
        now = self._clock()
        wanted, self._later = self._later or list(self._host.connect(now)), []
        connect = next(one for one in wanted if isinstance(one, Connect))
        self._connection = connection = await open_connection(
            self._address, clean=connect.clean, session_expiry_s=connect.session_expiry_s,
            will=connect.will, heard=self._heard,
        )  # fmt: skip
        try:
            await self._do(self._host.connected(self._clock()))
            self.connected_since = self._clock()
            self._faults.end(
                EventKind.BROKER_LOST, self.source, EventKind.BROKER_BACK,
                Sentence("{broker}: connected again", {"broker": self.source}),
            )  # fmt: skip
            await self._attend(connection, stop)
        finally:
            self.connected_since = None
            if not connection.lost.is_set():
                await self._leave(connection)
            elif not self._later:
                self._pipeline.actions(self._host.disconnected(self._clock()))
                self._committer.touch()
            await connection.close()
            self._connection = None
        if not stop.is_set() and not self._later and not self._committer.full:
            raise Refused("{broker}: the connection was lost; trying again", broker=self.source)

    async def _attend(self, connection: Connection, stop: asyncio.Event) -> None:
        """Keep the host's clock until there is a reason to leave."""
        while not (connection.lost.is_set() or stop.is_set() or self._committer.full):
            due = self._host.next_tick()
            if due is not None and due <= (now := self._clock()):
                await self._do(self._host.tick(now))
            if self._later:
                return
            await until_any(
                connection.lost.wait(), stop.wait(), self._stirred.wait(),
                asyncio.sleep(_TICK_SECONDS),
            )  # fmt: skip
            self._stirred.clear()

    async def _leave(self, connection: Connection) -> None:
        """Say good-bye: the death is acknowledged before DISCONNECT, or a takeover is under way."""
        if not self._later:
            await self._do(self._host.close(self._clock()))
        await connection.drained()

    def _heard(self, topic: str, payload: bytes, retained: bool, _duplicate: bool) -> None:
        try:
            self._take(topic, payload, retained=retained)
        except Exception as error:  # the client library would swallow it
            self._committer.fail(error)

    def _take(self, topic: str, payload: bytes, *, retained: bool) -> None:
        self.messages += 1
        actions = self._host.received(topic, payload, self._clock())
        if not actions:
            return
        self._pipeline.actions(actions, retained=retained)
        self._committer.touch()
        for place, action in enumerate(actions):
            if isinstance(action, Publish):
                if self._connection is not None:
                    self._connection.publish(action)
            elif isinstance(action, Disconnect):
                # Our STATE must be defended with a newer will: a new connection.
                self._later = list(actions[place + 1 :])
                self._stirred.set()
                return

    async def _do(self, actions: Sequence[Action]) -> None:
        """Do what is to be sent, in its order, and hand on the rest."""
        connection = self._connection
        if connection is None:
            return
        self._pipeline.actions(actions)
        self._committer.touch()
        for action in actions:
            if isinstance(action, Subscribe):
                await connection.subscribe(self._filters(action), action.qos)
            elif isinstance(action, Publish):
                connection.publish(action)

    def _filters(self, action: Subscribe) -> list[str]:
        everything = f"{NAMESPACE}/#"
        if not self._groups:
            return list(action.filters)
        chosen = [f"{NAMESPACE}/{group}/#" for group in self._groups]
        return [*chosen, *(one for one in action.filters if one != everything)]
