"""JSON topics on a broker: a session that the broker keeps, acknowledged after the disk has it.

The contract of this side: QoS 1 and a persistent session, so whatever the
broker took over for us it sends again until we acknowledge, and we acknowledge
when the log holds it. A message may then come twice; it is known by tag, source
time and ordinal. A message without a time of its own cannot be known again, and
is stored at least once.

How much a broker keeps for an absent session is its own setting; mosquitto
keeps 1,000 messages unless ``max_queued_messages`` says otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ballast.errors import Refused
from ballast.plant.collect.committing import Committer
from ballast.plant.collect.connection import Address, Connection, open_connection
from ballast.plant.collect.faults import Faults
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.collect.waiting import pause_after, until_any
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.words import Sentence, pack

__all__ = ["JsonSide"]

_FOR_EVER = 0xFFFF_FFFF
_FAREWELL_SECONDS = 0.05
_TOPICS_AT_ONCE = 200
# So much may lie here unstored, before the connection is given up and the broker keeps the rest.
_MOST_HELD_BYTES = 64 * 1024 * 1024


class JsonSide:
    """The subscriber of the mapping's JSON topics.

    Parameters
    ----------
    address
        Of the broker.
    pipeline, committer, faults
        Where samples and troubles go.
    clock_ms
        Epoch ms UTC.
    """

    def __init__(
        self,
        address: Address,
        *,
        pipeline: Pipeline,
        committer: Committer,
        faults: Faults,
        clock_ms: Callable[[], int],
    ) -> None:
        self._address = replace(address, client_id=f"{address.client_id}-json")
        self._pipeline, self._committer, self._faults = pipeline, committer, faults
        self._clock = clock_ms
        self._connection: Connection | None = None
        self._held_bytes = 0
        self._flooded = asyncio.Event()
        self._lost: tuple[int, int] | None = None  # QoS 0 messages without room: since, how many
        self.messages = 0
        self.connected_since: int | None = None

    @property
    def source(self) -> str:
        """How this side is called in events."""
        return f"{self._address} (JSON)"

    async def run(self, stop: asyncio.Event) -> None:
        """Hear until told to stop, connection after connection."""
        if not self._pipeline.topics:
            return
        failures = 0
        while not stop.is_set():
            if self._flooded.is_set():
                await until_any(self._committer.room(), stop.wait())
                self._flooded.clear()
            begun = asyncio.get_running_loop().time()
            try:
                await self._one_connection(stop)
            except Refused as error:
                self._faults.begin(EventKind.BROKER_LOST, self.source, error)
            lasted = asyncio.get_running_loop().time() - begun
            failures = 0 if lasted > 30 else failures + 1
            await until_any(stop.wait(), asyncio.sleep(pause_after(failures)))

    async def _one_connection(self, stop: asyncio.Event) -> None:
        arrived: list[Connection] = []

        async def kept(
            topic: str, payload: bytes, qos: int, retained: bool, _duplicate: bool
        ) -> None:
            await self._kept(arrived, topic, payload, qos, retained=retained)

        connection = await open_connection(
            self._address, clean=False, session_expiry_s=_FOR_EVER, kept=kept
        )
        arrived.append(connection)
        try:
            topics = self._pipeline.topics
            for start in range(0, len(topics), _TOPICS_AT_ONCE):
                await connection.subscribe(topics[start : start + _TOPICS_AT_ONCE], qos=1)
            self.connected_since = self._clock()
            self._faults.end(
                EventKind.BROKER_LOST, self.source, EventKind.BROKER_BACK,
                Sentence("{broker}: connected again", {"broker": self.source}),
            )  # fmt: skip
            await until_any(connection.lost.wait(), stop.wait(), self._flooded.wait())
            if stop.is_set() and not connection.lost.is_set() and not self._committer.full:
                await self._committer.committed()
                # The acknowledgements are sent by tasks that waited for the same.
                await asyncio.sleep(_FAREWELL_SECONDS)
        finally:
            self.connected_since = None
            await connection.close()
        if not stop.is_set() and not self._flooded.is_set():
            raise Refused("{broker}: the connection was lost; trying again", broker=self.source)

    async def _kept(
        self, arrived: list[Connection], topic: str, payload: bytes, qos: int, *, retained: bool
    ) -> None:
        """Take a message; when this returns it is acknowledged."""
        self.messages += 1
        if self._committer.full:
            if qos == 0:
                self._count_lost()
                return
            self._held_bytes += len(payload)
            if self._held_bytes > _MOST_HELD_BYTES:
                self._flooded.set()
            await self._committer.room()
            self._held_bytes -= len(payload)
        if self._lost is not None:
            self._tell_lost()
        if arrived and arrived[0].lost.is_set():
            return  # the acknowledgement reaches nobody, and the broker sends it again
        try:
            self._pipeline.json(topic, payload, self._clock(), retained=retained)
        except Exception as error:  # the client library would swallow it
            self._committer.fail(error)
            raise
        if qos:
            await self._committer.committed()
        else:
            self._committer.touch()

    def _count_lost(self) -> None:
        since, count = self._lost or (self._clock(), 0)
        self._lost = since, count + 1

    def _tell_lost(self) -> None:
        if self._lost is None:
            return
        (since, count), self._lost = self._lost, None
        now = self._clock()
        said = Sentence("messages of QoS 0 came while there was no room, and are lost")
        self._pipeline.event(
            CollectEvent(now, EventKind.GAP, self.source, None, since, now, count,
                         pack([said]) or "")
        )  # fmt: skip
