"""The shipper: what outboxes hold goes into the streamed tables, each row exactly once.

One process a home does this. Two appenders to one Delta table lose a commit
now and then, and Delta accepts the same version twice; so the shipper is
alone (a lock), reads the last version first, and resumes behind it.

Several tables are filled from one outbox, and Delta has no commit over two
tables. The last table of an outbox therefore leads: every batch puts rows
into it, and puts them there last, so its version is how far the outbox is
shipped; where another table is ahead of it, after a kill between two commits,
the rows that it has already are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from ballast.lake import sorted_store, store
from ballast.lake.lake import Lake
from ballast.lake.streamed import Batch, stored, unshipped
from ballast.lake.tables import table

__all__ = [
    "BATCH_EVENTS", "NO_COMBINE", "Combined", "Outbox", "Shipped", "marks", "position", "ship",
    "shipping",
]  # fmt: skip

#: How many events are shipped at most as one commit; so many are held in memory.
BATCH_EVENTS = 100_000
# A file that a merge replaced stays readable so long for a query that is under way.
_DEAD_HOURS = 1
#: Table name to what makes fewer rows of the sorted rows of a merge.
Combined = Mapping[str, sorted_store.Combine]
NO_COMBINE: Combined = MappingProxyType({})
_NOTHING = -1  # numbers are from 0 on: a day, or a sequence number


class Outbox(Protocol):
    """Where a part of the program keeps what the lake has not got yet."""

    @property
    def name(self) -> str:
        """Who it is, for good: under this name the lake remembers how far it is shipped."""
        ...

    @property
    def tables(self) -> Sequence[str]:
        """The tables that it fills; every batch has rows of the last one."""
        ...

    def last(self) -> int:
        """Return the number of the newest thing in it or ever given out by it; -1 for none."""
        ...

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        """Yield what is numbered behind ``after``, in order, about ``limit`` things a batch.

        Raises
        ------
        StorageFailed
            If it has been set back behind ``after``, so that new things would
            get numbers that the lake takes for shipped.
        """
        ...

    def forget(self, up_to: int) -> None:
        """Drop what is numbered up to here: the lake has it. What is gone already is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Shipped:
    """What one round shipped.

    Parameters
    ----------
    rows
        How many, over all tables.
    batches
        In how many commits of the leading table.
    position
        How far the outbox is shipped now; -1 for not at all.
    """

    rows: int
    batches: int
    position: int


@contextmanager
def shipping(lake: Lake) -> Iterator[None]:
    """Be the one shipper of a home for as long as this holds.

    Raises
    ------
    HomeBusy
        If another process is.
    """
    with lake.home.shipper_lock():
        yield


def position(lake: Lake, outbox: Outbox) -> int:
    """Return the number up to which the lake holds an outbox; -1 for nothing of it."""
    return _version(lake, outbox.tables[-1], outbox.name)


def marks(lake: Lake, outbox: Outbox) -> tuple[int, ...]:
    """Return how far each table of an outbox is, the leading one included; in ascending order.

    A batch whose rows are made of all its things together (a sum, say) must
    end where one of its tables stands, or a retry would make other rows.
    """
    return tuple(sorted({_version(lake, name, outbox.name) for name in outbox.tables}))


def ship(
    lake: Lake,
    outbox: Outbox,
    *,
    limit: int = BATCH_EVENTS,
    combine: Combined = NO_COMBINE,
    step: store.Step = store.no_step,
) -> Shipped:
    """Ship all that an outbox holds. The caller is the one shipper (``shipping``).

    Parameters
    ----------
    lake
        Where it goes.
    outbox
        Where it is.
    limit
        How many things a batch holds about.
    combine
        What makes fewer rows of several when the files of a table are merged.
    step
        Called between the steps, for tests.

    Returns
    -------
    Shipped
        What was done; when this returns it is on the disk.

    Raises
    ------
    StorageFailed
        If the disk is full or cannot be written: what was shipped before stands,
        and the rest is still in the outbox.
    """
    done = position(lake, outbox)
    if done != _NOTHING:
        step("before forgetting what was shipped before")
        outbox.forget(done)
    rows = batches = 0
    for batch in outbox.batches(done, limit):
        rows += _ship_batch(lake, outbox, batch, combine, step)
        batches, done = batches + 1, batch.last
        step("before forgetting")
        outbox.forget(done)
        step("after forgetting")
    return Shipped(rows, batches, done)


def _ship_batch(
    lake: Lake, outbox: Outbox, batch: Batch, combine: Combined, step: store.Step
) -> int:
    count = 0
    # Taken for one batch at a time, so that loads, merges and backups take turns with it: a backup
    # never holds one of the tables before a batch and another one behind it.
    with lake.home.lock():
        for name in outbox.tables:
            rows = batch.rows.get(name)
            if rows is None or not rows.num_rows:
                continue
            if name != outbox.tables[-1]:
                rows = unshipped(rows, _version(lake, name, outbox.name))
                if not rows.num_rows:
                    continue
            directory = lake.directory(name)
            whole = stored(name, rows)
            transaction = (outbox.name, batch.last)
            order = table(name).order
            if order is None:
                merged = store.append(directory, whole, step, transaction=transaction)
            else:
                merged = sorted_store.append(
                    directory, whole, order, transaction=transaction,
                    combine=combine.get(name), step=step,
                )  # fmt: skip
            if merged:
                store.remove_dead_files(directory, _DEAD_HOURS)
            count += whole.num_rows
    return count


def _version(lake: Lake, name: str, outbox: str) -> int:
    found = store.transaction_version(lake.directory(name), outbox)
    return _NOTHING if found is None else found
