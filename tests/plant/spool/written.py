"""Samples whose value is their own number, so that a lost or doubled one is seen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Spool

TAG = "shop/lathe-1/load"


def samples_from(spool: Spool, first: int, count: int) -> Samples:
    """Return samples for the numbers from ``first`` on."""
    numbers = np.arange(first, first + count)
    return Samples.of(
        spool.number(TAG), 1_000 + numbers, numbers.astype(float), received_at=2_000 + numbers
    )


def append(spool: Spool, count: int) -> None:
    """Put so many more samples and commit them."""
    spool.put(samples_from(spool, spool.position.sample + 1, count))
    spool.commit()


def event(number: int, kind: EventKind = EventKind.GAP) -> CollectEvent:
    """Return an event that is told from others by its time."""
    return CollectEvent(number, kind, "line/1", None, number, None, 1, "")


def numbers_in(directory: Path, after: int = -1, limit: int = 1000) -> list[int]:
    """Return the numbers of all samples, having compared each with its value."""
    found: list[int] = []
    for last, part in SpoolReader(directory).samples(after, limit):
        numbers = range(last - len(part) + 1, last + 1)
        assert part.value.tolist() == [float(n) for n in numbers]
        assert part.time.tolist() == [1_000 + n for n in numbers]
        found += numbers
    return found


def events_in(directory: Path, kind: EventKind | None = None) -> list[CollectEvent]:
    """Return all events, or those of a kind."""
    parts: Iterable[tuple[int, list[CollectEvent]]] = SpoolReader(directory).events(-1, 100)
    return [e for _, part in parts for e in part if kind is None or e.kind is kind]


def newest_file(directory: Path) -> Path:
    """Return the file of the newest segment."""
    return sorted(directory.glob("*.log"))[-1]


def last_numbers(directory: Path) -> tuple[int, int]:
    """Return the last numbers that a reader sees."""
    reader = SpoolReader(directory)
    return reader.last(Stream.SAMPLES), reader.last(Stream.EVENTS)
