"""What a pipeline has to tell of its samples: counts by tag, and events that wait for the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from ballast.errors import StorageFailed
from ballast.plant.collect.known import Sifted
from ballast.plant.collect.sparkplug_rows import Rows
from ballast.plant.collect.tally import Tally
from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.samples import Flag, Samples
from ballast.plant.spool.spool import Spool
from ballast.words import Sentence, pack

__all__ = ["Noted"]

_MOST_HELD = 10_000


class Noted:
    """The notes of one pipeline.

    Parameters
    ----------
    spool
        Where events go, and who knows the names of tags.
    """

    def __init__(self, spool: Spool) -> None:
        self.tally = Tally()
        self._spool = spool
        self._source_of: dict[int, str] = {}
        self._told_unmapped: set[str] = set()
        self._held: deque[CollectEvent] = deque(maxlen=_MOST_HELD)

    def comes_from(self, numbers: Iterable[int], source: str) -> None:
        """Take note of where tags come from."""
        self._source_of.update(dict.fromkeys(numbers, source))

    def event(self, event: CollectEvent) -> None:
        """Take an event."""
        self._held.append(event)

    def unmapped(self, source: str, at: int, unmapped: int, over: int) -> None:
        """Tell, once for a source, that the mapping does not know all of its tags.

        Parameters
        ----------
        source
            The node or device.
        at
            When it was born, epoch ms.
        unmapped
            How many are collected all the same.
        over
            How many are not, for there are too many.
        """
        if source in self._told_unmapped:
            return
        self._told_unmapped.add(source)
        detail = Sentence(
            "{count} tags are not in the mapping; {over} of them are over the bound and are "
            "not collected",
            {"count": unmapped + over, "over": over},
        )
        told = CollectEvent(
            at, EventKind.UNMAPPED, source, None, at, None, unmapped + over, pack([detail]) or ""
        )
        self.event(told)

    def count(self, samples: Samples, sifted: Sifted, rows: Rows, now: int) -> None:
        """Count what is late, ahead, known already or in conflict."""
        if samples.flags.any():
            for flag, kind in ((Flag.LATE, EventKind.LATE), (Flag.AHEAD, EventKind.AHEAD)):
                marked = sifted.keep & ((samples.flags & np.uint8(flag)) != 0)
                if marked.any():
                    self._add(kind, samples.tag[marked], now)
        if sifted.duplicates:
            # A birth repeats the last value by its nature.
            told_twice = np.array(sifted.duplicates)
            self._add(EventKind.DUPLICATE, samples.tag[told_twice[~rows.born[told_twice]]], now)
        if sifted.conflicts:
            self._add(EventKind.CONFLICT, samples.tag[np.array(sifted.conflicts)], now)

    def tick(self, now: int, *, last: bool) -> None:
        """Let the clock pass: what was counted for a minute, or all, becomes events."""
        self._held.extend(self.tally.all(now) if last else self.tally.due(now))

    def put(self) -> None:
        """Put the events into the log; what it does not take is kept for the next time."""
        with suppress(StorageFailed):
            while self._held:
                self._spool.put_event(self._held[0])
                self._held.popleft()

    def _add(self, kind: EventKind, tags: npt.NDArray[np.int32], now: int) -> None:
        numbers, counts = np.unique(tags, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            source = self._source_of.get(number, "")
            self.tally.add(kind, source, self._spool.name(number), now, count)
