"""How long the samples of a plant are kept: done by the shipper, which alone writes their tables.

Raw samples are what fills a disk; their roll-ups by the minute are a fiftieth
of them and those by the hour next to nothing. So each is kept for a time of
its own, and the hours, the days and what befell the data for good.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ballast.lake import sorted_store, store
from ballast.lake.lake import Lake
from ballast.lake.tables import table

__all__ = ["Retention"]

#: Roll-ups by the minute are kept so many times as long as the samples.
MINUTES_LONGER = 8
_EVERY = timedelta(hours=1)
_DEAD_HOURS = 1


class Retention:
    """Takes old samples out of the lake, about once an hour.

    Parameters
    ----------
    lake
        Whose samples. The caller is its one shipper.
    days
        How long samples are kept; 0 for good.
    clock
        Tells the time.
    """

    def __init__(self, lake: Lake, days: int, clock: Callable[[], datetime]) -> None:
        self._lake, self._days, self._clock = lake, days, clock
        self._next: datetime | None = None

    def go(self) -> int:
        """Take out what is too old, where it is time to look; return how many rows went.

        Raises
        ------
        StorageFailed
            If the disk says no; what was not taken out is still there.
        """
        now = self._clock()
        if not self._days or (self._next is not None and now < self._next):
            return 0
        self._next = now + _EVERY
        gone = 0
        for name, days in (
            ("telemetry", self._days),
            ("telemetry_1min", self._days * MINUTES_LONGER),
        ):
            order = table(name).order
            directory = self._lake.directory(name)
            if order is None or store.version(directory) < 0:
                continue
            with self._lake.home.lock():
                gone += sorted_store.expire(directory, order.moment, now - timedelta(days=days))
                # Also what a merge or an earlier round left for readers that were under way.
                store.remove_dead_files(directory, _DEAD_HOURS)
        return gone
