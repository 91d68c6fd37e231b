"""The collector put together: two ways to hear a broker, one pipeline, one log, one picture."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ballast.errors import StorageFailed
from ballast.plant.collect.committing import Committer
from ballast.plant.collect.connection import Address
from ballast.plant.collect.faults import Faults
from ballast.plant.collect.hearing_json import JsonSide
from ballast.plant.collect.hearing_sparkplug import SparkplugSide
from ballast.plant.collect.pipeline import Pipeline
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.site import Site
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.live import CollectorStatus, Live, write_live
from ballast.plant.spool.spool import Spool
from ballast.terms.label import Language
from ballast.words import Sentence

__all__ = ["Collector", "Wanted"]

# The picture is written so seldom that it costs a twentieth of the time at most.
_SHARE = 20
_LOG = "spool"
# Machines that speak every two seconds would make the rate of one second jump to and fro.
_RATE_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a collector works: plain values.

    Parameters
    ----------
    address, host, groups
        The broker; how we appear as a Sparkplug host; the groups that are heard (empty: all).
    language
        Of the lines on standard error.
    commit_ms, commit_rows
        When a commit is made.
    live_ms
        How often the live picture is written.
    max_unmapped
        How many tags that the mapping does not know are collected at most.
    """

    address: Address
    host: HostSettings
    groups: tuple[str, ...] = ()
    language: Language = "zh"
    commit_ms: float = 10.0
    commit_rows: int = 10_000
    live_ms: int = 1_000
    max_unmapped: int = 20_000


class Collector:
    """A collector over an open spool.

    Parameters
    ----------
    wanted
        How it works.
    site
        The mapping, or none.
    spool
        Open for writing; the caller closes it.
    directory
        Of the spool, where the live picture is written.
    clock_ms
        Epoch ms UTC.
    """

    def __init__(
        self,
        wanted: Wanted,
        site: Site | None,
        spool: Spool,
        directory: Path,
        *,
        clock_ms: Callable[[], int],
    ) -> None:
        self._wanted, self._spool, self._directory = wanted, spool, directory
        self._clock = clock_ms
        self.pipeline = Pipeline(site, spool, clock_ms=clock_ms, max_unmapped=wanted.max_unmapped)
        self.pipeline.recall(0)
        self._faults = Faults(self.pipeline, clock_ms, wanted.language)
        self._committer = Committer(
            self.pipeline, spool, commit_ms=wanted.commit_ms, commit_rows=wanted.commit_rows,
            on_full=self._full, on_room=self._room,
        )  # fmt: skip
        shared = {
            "pipeline": self.pipeline, "committer": self._committer,
            "faults": self._faults, "clock_ms": clock_ms,
        }  # fmt: skip
        self._sparkplug = SparkplugSide(
            wanted.address,
            Host(wanted.host),
            wanted.groups,
            **shared,  # type: ignore[arg-type]
        )
        self._json = JsonSide(wanted.address, **shared)  # type: ignore[arg-type]
        self._counted: deque[tuple[int, int, int]] = deque([(clock_ms(), 0, 0)])

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until told to stop, and end cleanly.

        Raises
        ------
        StorageFailed
            If what was taken last could not be stored; none of it was acknowledged.
        """
        self._note(EventKind.STARTED)
        done = asyncio.Event()
        picture = asyncio.ensure_future(self._keep_picture(done))
        try:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(self._committer.watch(), name="watch")
                hearing = (
                    group.create_task(self._sparkplug.run(stop), name="sparkplug"),
                    group.create_task(self._json.run(stop), name="json"),
                )
                await stop.wait()
                await asyncio.wait(hearing)
                watching.cancel()
        finally:
            done.set()
            await picture
            self._note(EventKind.STOPPED)
            self.pipeline.prepare_quietly()  # so that what is odd about the last ones is told
            self.pipeline.tick(self._clock(), last=True)
            await self._committer.close()
            self._write_picture()

    # ── inside ──────────────────────────────────────────────────────────────────────────────

    def _note(self, kind: EventKind) -> None:
        now = self._clock()
        self.pipeline.event(CollectEvent(now, kind, str(self._wanted.address), None, now, now, 1))
        self._committer.touch()

    def _full(self, error: StorageFailed) -> None:
        self._faults.begin(EventKind.SPOOL_FULL, _LOG, error)
        self._write_picture()

    def _room(self) -> None:
        self._faults.end(
            EventKind.SPOOL_FULL, _LOG, EventKind.SPOOL_FULL,
            Sentence("there is room again; what was held back is stored and acknowledged"),
        )  # fmt: skip
        self._committer.touch()

    async def _keep_picture(self, done: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        pause = self._wanted.live_ms / 1000
        while not done.is_set():
            begun = loop.time()
            self.pipeline.tick(self._clock())
            self._committer.touch()
            self._write_picture()
            cost = loop.time() - begun
            try:
                await asyncio.wait_for(done.wait(), max(pause - cost, _SHARE * cost))
            except TimeoutError:
                continue

    def _write_picture(self) -> None:
        now = self._clock()
        messages = self._sparkplug.messages + self._json.messages
        rows = self.pipeline.rows_taken
        if now < self._counted[-1][0]:  # the clock was set back
            self._counted = deque([(now, messages, rows)])
        while len(self._counted) > 1 and now - self._counted[1][0] >= _RATE_MS:
            self._counted.popleft()
        before, heard, taken = self._counted[0]
        seconds = max(now - before, 1_000) / 1000
        if now - self._counted[-1][0] >= self._wanted.live_ms / 2:
            self._counted.append((now, messages, rows))
        waiting = self._spool.waiting()
        status = CollectorStatus(
            broker=str(self._wanted.address), connected_since=self._connected_since(),
            messages_per_second=(messages - heard) / seconds,
            samples_per_second=(rows - taken) / seconds,
            waiting_bytes=waiting.bytes, waiting_samples=waiting.samples,
            last_fault=self._faults.last, last_fault_at=self._faults.last_at,
        )  # fmt: skip
        try:
            write_live(self._directory, Live(now, status, self.pipeline.values()))
        except StorageFailed:
            return  # what keeps the picture from the disk keeps the log from it too, and is told

    def _connected_since(self) -> int | None:
        sides = [self._sparkplug.connected_since]
        if self.pipeline.topics:
            sides.append(self._json.connected_since)
        return None if None in sides else max(one for one in sides if one is not None)
