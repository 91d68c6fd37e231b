"""The appender: the one process that writes the log.

A log of our own and not a database: LMDB and SQLite copy every row through a
tree, the lake costs some 100 ms a commit. Here a commit is one write and one
``fdatasync``, whatever it holds, and reading is a loop over files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.samples import Samples

__all__ = ["Bounds", "Position", "Spool", "Step", "Waiting", "no_step", "wall_clock"]

Step = Callable[[str], None]


def no_step(name: str) -> None:
    """Do nothing between two steps; tests kill the process there."""


def wall_clock() -> int:
    """Return the time of this computer, in ms (UTC)."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large things may grow.

    Parameters
    ----------
    waiting_bytes
        So much may wait for the lake; behind it nothing more is taken.
    pending_bytes
        So much may be put and not yet committed; it is held in memory.
    segment_bytes
        A file of the log is followed by another from this size on.
    kept_segments
        So many full segments stay after they are shipped, for ``Spool.recent``.
    tags
        So many tag names are numbered at most.
    """

    waiting_bytes: int = 1 << 30
    pending_bytes: int = 32 << 20
    segment_bytes: int = 32 << 20
    kept_segments: int = 2
    tags: int = 250_000


@dataclass(frozen=True, slots=True)
class Position:
    """How far the log is on the disk: the last numbers, -1 for none."""

    sample: int
    event: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the lake has not got yet.

    Parameters
    ----------
    samples, events
        How many.
    bytes
        About how much of the log they are.
    """

    samples: int
    events: int
    bytes: int


class Spool:
    """The log, opened for appending. One thread uses it; ``SpoolReader`` is for all others."""

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        bounds: Bounds | None = None,
        clock: Callable[[], int] = wall_clock,
        step: Step = no_step,
    ) -> Spool:
        """Open the log of a directory, or begin one there.

        A tail that a kill or a power cut left torn is cut off, and told by an
        event of kind ``torn-log``.

        Parameters
        ----------
        directory
            Where it stands; made if it is not there.
        bounds
            How large things may grow.
        clock
            Tells the time in ms (UTC), for the events of the log itself.
        step
            Called between the steps of a write, for tests.

        Raises
        ------
        HomeBusy
            If another process appends to it.
        StorageFailed
            If it cannot be read or written.
        """
        raise NotImplementedError

    @property
    def position(self) -> Position:
        """How far the log is on the disk."""
        raise NotImplementedError

    @property
    def pending(self) -> int:
        """How many samples and events are put and not yet committed."""
        raise NotImplementedError

    def number(self, tag: str) -> int:
        """Return the number of a tag's name, giving it the next one if it has none.

        The name is on the disk before a sample with that number is: ``commit``
        writes all new names at once, so that 10,000 new tags cost one sync.

        Raises
        ------
        Refused
            If the name is empty or too long, or there are too many names.
        """
        raise NotImplementedError

    def name(self, number: int) -> str:
        """Return the name of a tag by its number.

        Raises
        ------
        NotFound
            If no tag has it.
        """
        raise NotImplementedError

    def put(self, samples: Samples) -> None:
        """Take samples into memory; they are safe after the next ``commit``.

        The arrays are not copied: do not change them before the commit.

        Raises
        ------
        Refused
            If a tag number was not given out by ``number``.
        StorageFailed
            If too much waits for the lake or for a commit; nothing was taken.
            Make no acknowledgement, and try again later.
        """
        raise NotImplementedError

    def put_event(self, event: CollectEvent) -> None:
        """Take an event into memory; it is safe after the next ``commit``.

        Events are taken even where samples are refused, up to a bound.

        Raises
        ------
        StorageFailed
            If too many wait for a commit.
        """
        raise NotImplementedError

    def commit(self) -> Position:
        """Write all that was put and force it to the disk: all of it, or nothing.

        Returns
        -------
        Position
            How far the log is on the disk now. Nothing put: no write at all.

        Raises
        ------
        StorageFailed
            If the disk is full or failed: nothing of it is in the log, all of
            it is still held, and ``commit`` may be called again.
        """
        raise NotImplementedError

    def room(self) -> int:
        """Return how many bytes can still be put before the log refuses; 0 for none."""
        raise NotImplementedError

    def waiting(self) -> Waiting:
        """Return what the lake has not got yet (of what is committed)."""
        raise NotImplementedError

    def recent(self, since: int, *, limit: int = 1_000_000) -> Iterator[Samples]:
        """Yield the newest committed samples, oldest first, to know duplicates after a restart.

        Parameters
        ----------
        since
            Only samples whose own time is not before this, in ms (UTC).
        limit
            About how many of the newest samples are looked at.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Give the log free. What was put and not committed is lost."""
        raise NotImplementedError

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()
