"""The appender: the one process that writes the log.

A log of our own and not a database: LMDB and SQLite copy every row through a
tree, the lake costs some 100 ms a commit. Here a commit is one write and one
``fdatasync``, whatever it holds, and reading is a loop over files.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from ballast.errors import HomeBusy, NotFound, Refused, StorageFailed
from ballast.plant.spool.events import CollectEvent
from ballast.plant.spool.failing import disk_errors
from ballast.plant.spool.names import usable
from ballast.plant.spool.pending import Pending, size_of
from ballast.plant.spool.reader import Damage, SpoolReader
from ballast.plant.spool.recovery import Recovered, recover
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.segments import make_directory
from ballast.plant.spool.waiting import Waiting
from ballast.plant.spool.writing import FRAME_ROWS, LogWriter

__all__ = ["Bounds", "Position", "Spool", "Step", "Waiting", "no_step", "wall_clock"]

LOCK = "lock"
# Above both bounds for samples there is so much room for events, which say what is wrong.
_FOR_EVENTS = 8 << 20

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
    tags
        So many tag names are numbered at most.
    """

    waiting_bytes: int = 1 << 30
    pending_bytes: int = 16 << 20
    segment_bytes: int = 32 << 20
    tags: int = 250_000


@dataclass(frozen=True, slots=True)
class Position:
    """How far the log is on the disk: the last numbers, -1 for none."""

    sample: int
    event: int


class Spool:
    """The log, opened for appending; made by ``Spool.open``.

    One thread may put, number and ask for room while another one is in
    ``commit``: what it puts then waits for the next commit. For other processes
    there is ``SpoolReader``.
    """

    def __init__(
        self,
        directory: Path,
        lock: int,
        found: Recovered,
        bounds: Bounds,
        clock: Callable[[], int],
        step: Step,
    ) -> None:
        self._directory, self._lock, self._bounds = directory, lock, bounds
        self._log = LogWriter(directory, found, bounds.segment_bytes, clock, step)
        self._names = found.names
        self._numbers = {name: number for number, name in enumerate(found.names)}
        self._pending = Pending()
        self._committing = Lock()
        # At least what waits: the log grows here, and is shipped elsewhere.
        self._waiting_bytes = self._log.waiting().bytes

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
        event of kind ``torn-log``; so is damage to what was acknowledged.

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
            If it cannot be read or written, or the names of tags are damaged.
        HomeVersion
            If a later version wrote it.
        """
        with disk_errors(directory):
            make_directory(directory)
            lock = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                _hold(lock, directory)
                found = recover(directory, clock, step)
            except BaseException:
                os.close(lock)
                raise
            spool = cls(directory, lock, found, bounds or Bounds(), clock, step)
        for event in found.told:
            spool.put_event(event)
        if found.told:
            # On a full disk it is told by the first commit that succeeds.
            with suppress(StorageFailed):
                spool.commit()
        return spool

    @property
    def position(self) -> Position:
        """How far the log is on the disk."""
        mark = self._log.mark
        return Position(mark.samples - 1, mark.events - 1)

    @property
    def pending(self) -> int:
        """How many samples and events are put and not yet committed."""
        return len(self._pending)

    def number(self, tag: str) -> int:
        """Return the number of a tag's name, giving it the next one if it has none.

        The name is on the disk before a sample with that number is: ``commit``
        writes all new names at once, so that 10,000 new tags cost one sync.

        Raises
        ------
        Refused
            If the name is empty or too long, or there are too many names.
        """
        found = self._numbers.get(tag)
        if found is not None:
            return found
        name = usable(tag)
        found = self._numbers.get(name, len(self._names))
        if found == len(self._names):
            if found >= self._bounds.tags:
                raise Refused(
                    "{tag}: {count} names of tags are known already, and no more are taken; see "
                    "which source makes up names",
                    tag=name,
                    count=found,
                )
            self._names.append(name)
            self._numbers[name] = found
        return found

    def name(self, number: int) -> str:
        """Return the name of a tag by its number.

        Raises
        ------
        NotFound
            If no tag has it.
        """
        if not 0 <= number < len(self._names):
            raise NotFound("no tag has the number {number}", number=number)
        return self._names[number]

    def put(self, samples: Samples) -> None:
        """Take samples into memory; they are safe after the next ``commit``.

        The arrays are not copied: do not change them before the commit.

        Raises
        ------
        Refused
            If a tag number was not given out by ``number``, or a text is none.
        StorageFailed
            If too much waits for the lake or for a commit; nothing was taken.
            Make no acknowledgement, and try again later.
        """
        if not len(samples):
            return
        # Seen without their sign, numbers below 0 are above all others: one look at the column.
        high = int(samples.tag.view(np.uint32).max())
        if high >= len(self._names):
            raise Refused(
                "samples carry the tag number {number}, which was never given out",
                number=int(np.array(high, np.uint32).view(np.int32)),
            )
        part = self._pending.part(samples)
        self._refuse_above(part.bytes, 0)
        self._pending.add(part)

    def put_event(self, event: CollectEvent) -> None:
        """Take an event into memory; it is safe after the next ``commit``.

        Events are taken even where samples are refused, up to a bound.

        Raises
        ------
        StorageFailed
            If too many wait for a commit or for the lake.
        """
        self._refuse_above(size_of(event), _FOR_EVENTS)
        self._pending.add_event(event)

    def _refuse_above(self, size: int, beside: int) -> None:
        """Refuse what does not fit; anything fits where nothing waits, so that none waits for ever.

        Parameters
        ----------
        size
            How many bytes are to be taken.
        beside
            So many bytes more than the bounds may wait.
        """
        waits = self._pending.bytes
        if waits and waits + size > self._bounds.pending_bytes + beside:
            raise StorageFailed(
                "{path}: {count} bytes wait to be written, and no more are taken; see to the disk",
                path=self._directory,
                count=waits,
            )
        most = self._bounds.waiting_bytes + beside
        if waits + self._waiting_bytes + size > most:
            self._waiting_bytes = self._log.waiting().bytes
            waits += self._waiting_bytes
            if waits and waits + size > most:
                raise StorageFailed(
                    "{path}: {count} bytes wait for the lake, and no more are taken; see whether "
                    "the shipper runs and what it says",
                    path=self._directory,
                    count=waits,
                )

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
        with self._committing:
            if self._lock < 0:
                raise StorageFailed("{path}: this log is closed", path=self._directory)
            taken = self._pending.take()
            if not taken.parts and not taken.events:
                return self.position
            before = self._log.mark
            try:
                with disk_errors(self._directory):
                    self._waiting_bytes += self._log.write(taken, self._names)
            finally:
                # Whatever interrupts it: in the log, or held still.
                if self._log.mark is before:
                    self._pending.give_back(taken)
                else:
                    self._pending.done(taken)
            return self.position

    def room(self) -> int:
        """Return how many bytes can still be put before the log refuses; 0 for none.

        A sample takes 36 bytes, and its text. While there is none, stop reading
        from the broker: it holds what is not acknowledged.
        """
        pending = self._pending.bytes
        here = self._bounds.pending_bytes - pending
        left = self._bounds.waiting_bytes - pending - self._waiting_bytes
        if left < here:
            self._waiting_bytes = self._log.waiting().bytes
            left = self._bounds.waiting_bytes - pending - self._waiting_bytes
        return max(min(here, left), 0)

    def waiting(self) -> Waiting:
        """Return what the lake has not got yet (of what is committed)."""
        with disk_errors(self._directory):
            return self._log.waiting()

    def recent(self, since: int, *, limit: int = 1_000_000) -> Iterator[Samples]:
        """Yield the newest committed samples, oldest first, to know duplicates after a restart.

        Parameters
        ----------
        since
            Only samples whose own time is not before this, in ms (UTC).
        limit
            So many of the newest samples are looked at.
        """
        after = max(self._log.mark.samples - limit, 0) - 1
        reader = SpoolReader(self._directory, on_damage=_pass_over)
        for _, samples in reader.samples(after, FRAME_ROWS):
            wanted = samples.time >= since
            if wanted.all():
                yield samples
            elif wanted.any():
                yield samples.take(wanted)

    def close(self) -> None:
        """Give the log free. What was put and not committed is lost.

        Raises
        ------
        StorageFailed
            If the disk failed; what was committed is safe nevertheless.
        """
        with self._committing:
            if self._lock < 0:
                return
            try:
                with disk_errors(self._directory):
                    self._log.close()
            finally:
                os.close(self._lock)
                self._lock = -1

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()


def _hold(lock: int, directory: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise HomeBusy(
            "{path}: another process collects into this log already; one is enough: stop it first",
            path=directory,
        ) from None


def _pass_over(damage: Damage) -> None:
    """Do nothing: what cannot be read cannot be a duplicate either."""
