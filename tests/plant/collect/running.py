"""A collector that runs in a thread beside the test, and what it has stored."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ballast.plant.collect.collector import Collector, Wanted
from ballast.plant.collect.connection import Address
from ballast.plant.host.application import HostSettings
from ballast.plant.site import Site
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.live import Live, read_live
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.spool import Spool

__all__ = ["Row", "Running", "address", "collecting", "eventually", "stored", "told"]

Row = tuple[str, int, int, float, str | None]


def address(port: int, version: Literal[4, 5] = 5) -> Address:
    return Address("127.0.0.1", port, version, None, None, None, "ballast-test", 5)


def now() -> int:
    return time.time_ns() // 1_000_000


class Running:
    """One collector over one spool."""

    def __init__(self, directory: Path, wanted: Wanted, site: Site | None, spool: Spool) -> None:
        self.directory = directory
        self._wanted, self._site, self._spool = wanted, site, spool
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self.collector: Collector | None = None
        self.failed: BaseException | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._collect())
        except BaseException as error:  # for the test to see
            self.failed = error
        finally:
            self._ready.set()
            self._loop.close()

    async def _collect(self) -> None:
        self.collector = Collector(
            self._wanted, self._site, self._spool, self.directory, clock_ms=now
        )
        self._ready.set()
        await self.collector.run(self._stop)

    def stop(self) -> None:
        """Ask it to end and wait for that."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(20)
        if self.failed is not None:
            raise self.failed

    def live(self) -> Live | None:
        return read_live(self.directory)

    def connected(self) -> bool:
        live = self.live()
        return live is not None and live.status.connected_since is not None


@contextmanager
def collecting(
    directory: Path,
    port: int,
    site: Site | None = None,
    *,
    version: Literal[4, 5] = 5,
    at: Address | None = None,
    spool: Spool | None = None,
    host: HostSettings | None = None,
    wait: bool = True,
) -> Iterator[Running]:
    """Run a collector for as long as this holds."""
    settings = host or HostSettings("ballast", reorder_ms=300, cooldown_ms=200)
    wanted = Wanted(address=at or address(port, version), host=settings, language="en", live_ms=100)
    opened = spool or Spool.open(directory)
    try:
        running = Running(directory, wanted, site, opened)
        try:
            if wait:
                eventually(running.connected)
            yield running
        finally:
            running.stop()
    finally:
        opened.close()


def eventually(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def stored(directory: Path) -> list[Row]:
    """Return tag, time, ordinal, value and text of every committed sample."""
    reader, rows = SpoolReader(directory), list[Row]()
    for _, part in reader.samples(-1, 100_000):
        names = reader.names()
        texts = [None] * len(part) if part.text is None else part.text.tolist()
        rows += [
            (names[tag], time, ordinal, value, text)
            for tag, time, ordinal, value, text in zip(
                part.tag.tolist(), part.time.tolist(), part.ordinal.tolist(),
                part.value.tolist(), texts, strict=True,
            )
        ]  # fmt: skip
    return rows


def told(directory: Path, kind: EventKind | None = None) -> list[CollectEvent]:
    """Return the committed events, of one kind where one is named."""
    found = [e for _, part in SpoolReader(directory).events(-1, 10_000) for e in part]
    return [one for one in found if kind is None or one.kind is kind]


def count(directory: Path) -> int:
    """Return how many samples were ever committed."""
    return SpoolReader(directory).last(Stream.SAMPLES) + 1


def renamed(one: Address, name: str) -> Address:
    return replace(one, client_id=name)
