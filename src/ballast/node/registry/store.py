"""What a store of records must do, whatever keeps it.

The node reads and writes through these three shapes only, so that a second store
can stand beside LMDB; one suite of tests runs over every store. Why protocols and not
a class to inherit from: a store shares no code with another one.

How it differs from a plain mapping of keys to bytes:

* A ``Snapshot`` sees one moment and never blocks. What it returns are ``bytes`` of the
  caller's own, not views into the store's memory: a view that outlives its snapshot would
  show another record, or end the process, and the slices of a view cannot be taken back.
  Copying 300 bytes costs 0.14 microseconds of a look-up's 1.1, so nothing need outlive
  its snapshot.
* A ``Transaction`` keeps the count of each prefix by itself: putting and deleting records
  changes it, nobody else can (there is no ``add_count``).
* Events take contiguous numbers that are never given twice, also after they were forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from ballast.node.registry.entries import (
    BulkProgress,
    BulkRefusal,
    DayCount,
    Event,
    EventDraft,
    PrefixEntry,
)

FORMAT = 1
"""The format of what is stored; a store with a higher one is refused."""


class Snapshot(Protocol):
    """One moment of the store."""

    def record(self, key: bytes) -> bytes | None:
        """Return the packed record of a key (``records.unpack_record``), or None."""

    def handles(
        self, prefix: bytes, after: bytes | None = None, limit: int = 1000
    ) -> list[tuple[bytes, bytes]]:
        """Return keys and spellings of the records under a prefix, in the order of keys.

        Parameters
        ----------
        prefix
            Folded, ``88.118.8``; of ``88.118.80`` and ``88.118.8.1`` nothing is listed.
        after
            The last key of the page before; None begins.
        limit
            At most so many.
        """

    def records(
        self, prefix: bytes | None = None, after: bytes | None = None, limit: int = 1000
    ) -> list[tuple[bytes, bytes]]:
        """Return keys and packed records in the order of keys; of all prefixes if None."""

    def count(self, prefix: bytes) -> int:
        """Return how many records stand under a folded prefix."""

    def total(self) -> int:
        """Return how many records there are."""

    def prefix(self, folded: bytes) -> PrefixEntry | None:
        """Return a prefix by its folded form, with its count."""

    def prefixes(self, after: bytes | None = None, limit: int = 1000) -> list[PrefixEntry]:
        """Return prefixes in the order of their folded forms, from behind ``after`` (folded)."""

    def daily(self, first: date, last: date, prefix: bytes | None = None) -> list[DayCount]:
        """Return the counts of the days from first to last, both included, by day and prefix."""

    def outbox(self, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events with a number above ``after``, at most so many, in order."""

    def outbox_last(self) -> int:
        """Return the highest number ever given to an event; 0 before the first."""

    def audit_entries(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return entries of the audit trail above a number, in order."""

    def audit_last(self) -> tuple[int, bytes] | None:
        """Return the last entry of the audit trail."""

    def bulk(self, key: bytes) -> BulkProgress | None:
        """Return how far the bulk load with this idempotency key has come."""

    def bulks(self, before: int, limit: int) -> list[bytes]:
        """Return the keys of bulk loads whose last block came before an epoch second."""

    def bulk_refusals(self, key: bytes, after: int = 0, limit: int = 1000) -> list[BulkRefusal]:
        """Return the refused lines of a bulk load above a line number, in order."""

    def meta(self, name: str) -> bytes | None:
        """Return a named value of the node itself."""


class Transaction(Snapshot, Protocol):
    """All changes of one commit, seen by its own reads; only the writer has one."""

    def put_record(self, key: bytes, packed: bytes) -> bool:
        """Put a record; return whether it is new."""

    def put_new_records(self, items: Sequence[tuple[bytes, bytes]]) -> list[bool] | None:
        """Put records that are not there yet and leave those that are as they stand.

        Returns
        -------
        list of bool or None
            For each item whether it was put; None when all were.
        """

    def delete_record(self, key: bytes) -> bool:
        """Delete a record; return whether it was there."""

    def put_prefix(self, entry: PrefixEntry) -> None:
        """Put a prefix under its folded form."""

    def delete_prefix(self, folded: bytes) -> bool:
        """Delete a prefix (not its records); return whether it was there."""

    def append_events(self, drafts: Sequence[EventDraft]) -> int:
        """Number events and put them into the outbox; return the last number given."""

    def forget_outbox(self, up_to: int) -> None:
        """Forget events up to a number, both included; numbers go on where they were."""

    def append_audit(self, entry: bytes) -> int:
        """Append to the audit trail; return the entry's number, from 1 without gaps."""

    def put_bulk(
        self, key: bytes, progress: BulkProgress, refusals: Sequence[BulkRefusal] = ()
    ) -> None:
        """Put the progress of a bulk load, and add the lines refused since."""

    def delete_bulk(self, key: bytes) -> bool:
        """Forget a bulk load and its refused lines; return whether it was there."""

    def add_daily(
        self, day: date, prefix: bytes, *, registered: int = 0, changed: int = 0,
        deleted: int = 0, resolved: int = 0,
    ) -> None:  # fmt: skip
        """Add to the counts of a folded prefix on a day."""

    def put_meta(self, name: str, value: bytes) -> None:
        """Put a named value of the node itself."""


class Reader(Snapshot, Protocol):
    """A snapshot that begins with its first read and is renewed after each ``release``."""

    def get(self, key: bytes) -> bytes | None:
        """Return the packed record of a key: ``record`` by its shortest way."""

    def moment(self) -> int:
        """Return the number of the last commit that is seen: equal for equal moments.

        Begins a moment if none has; ``get``, taken afterwards, is valid until ``release``.
        """

    def release(self) -> None:
        """Let the moment go; the next read sees a newer one."""


class Store(Protocol):
    """A place where records are kept."""

    @property
    def node_id(self) -> str:
        """Who this node is, drawn at random when its store was made."""

    @property
    def has_failed(self) -> bool:
        """Whether this process can use it no more, though others may: it had better end."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Return the present moment, for a ``with`` block."""

    def reader(self) -> Reader:
        """Return a reader for a loop that releases it at the end of each turn."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Return a transaction: on the disk when its block ends, undone when that raises.

        Raises
        ------
        StorageFailed
            If the disk or the map is full; nothing was committed, and reading goes on.
        """

    def check_readers(self) -> int:
        """Free what killed readers left behind; return how many."""

    def close(self) -> None:
        """Let go of the files."""
