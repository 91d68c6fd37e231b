"""What is odd about the data, counted per tag and told as one event for many samples.

An event a sample would make a clock that is an hour ahead cost more than the
data itself. So samples are counted, and a count becomes one event when its
minute is over. How many counts are kept at once is bounded: behind the bound
they are kept for the source as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ballast.plant.spool.events import CollectEvent, EventKind

__all__ = ["Tally"]

_MOST = 5_000


@dataclass(slots=True)
class _Count:
    since: int
    until: int
    count: int
    detail: str


class Tally:
    """Counts of one collector.

    Parameters
    ----------
    every_ms
        How long is counted before an event is made.

    Examples
    --------
    >>> tally = Tally(every_ms=1000)
    >>> for now in (10, 20):
    ...     tally.add(EventKind.LATE, "shop/n1", "press/oil", now)
    >>> [(e.count, e.since, e.until) for e in tally.due(1020)]
    [(2, 10, 20)]
    """

    def __init__(self, every_ms: int = 60_000) -> None:
        self._every_ms = every_ms
        self._counts: dict[tuple[EventKind, str, str | None], _Count] = {}

    def add(
        self, kind: EventKind, source: str, tag: str | None, now: int, count: int = 1,
        detail: str = "",
    ) -> None:  # fmt: skip
        """Count something; the detail of the first is kept."""
        key = (kind, source, tag)
        if key not in self._counts and len(self._counts) >= _MOST:
            key = (kind, source, None) if len(self._counts) < 2 * _MOST else (kind, "", None)
        found = self._counts.get(key)
        if found is None:
            self._counts[key] = _Count(now, now, count, detail)
        else:
            found.until, found.count = now, found.count + count

    def due(self, now: int) -> Iterable[CollectEvent]:
        """Take out the events whose time is over."""
        return self._taken(
            [k for k, one in self._counts.items() if now - one.since >= self._every_ms], now
        )

    def all(self, now: int) -> Iterable[CollectEvent]:
        """Take out everything: nobody counts on."""
        return self._taken(list(self._counts), now)

    def _taken(self, keys: list[tuple[EventKind, str, str | None]], now: int) -> list[CollectEvent]:
        events = []
        for key in keys:
            kind, source, tag = key
            one = self._counts.pop(key)
            events.append(
                CollectEvent(now, kind, source, tag, one.since, one.until, one.count, one.detail)
            )
        return events
