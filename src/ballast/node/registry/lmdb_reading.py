"""One moment of a registry on LMDB.

All reading stands here, for snapshots, for the readers of the workers and for the
reads of a transaction; they differ only in where their LMDB transaction comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, takewhile
from typing import Any

import lmdb

from ballast.node.registry import packing
from ballast.node.registry.entries import (
    BulkProgress,
    BulkRefusal,
    DayCount,
    Event,
    PrefixEntry,
)
from ballast.node.registry.records import MAX_KEY_BYTES, MAX_PREFIX_BYTES, spelling_of
from ballast.terms.handle import prefix_of

_BEHIND_SLASH = b"0"  # the byte after "/": where the handles of a prefix end
OUTBOX_LAST = b"outbox_last"


@dataclass(frozen=True, slots=True)
class Tables:
    """The trees of the file, by what they hold.

    Parameters
    ----------
    records, prefixes, counts
        By folded handle or prefix.
    daily
        By day and prefix.
    outbox
        By the number of the last event of a block, so that looking for the first key
        not below a number finds the block that holds it.
    bulk, refusals
        By idempotency key; by its digest and the line.
    audit, meta
        By number; by name.
    """

    records: Any
    prefixes: Any
    counts: Any
    daily: Any
    outbox: Any
    bulk: Any
    refusals: Any
    audit: Any
    meta: Any


class LmdbSnapshot:
    """One moment; see ``store.Snapshot``.

    Parameters
    ----------
    tables
        The trees of the file.
    txn
        An LMDB transaction whose default tree is the records'.
    """

    __slots__ = ("_tables", "_txn")

    def __init__(self, tables: Tables, txn: lmdb.Transaction[bytes]) -> None:
        self._tables = tables
        self._txn = txn

    def _at(self) -> lmdb.Transaction[bytes]:
        return self._txn

    def record(self, key: bytes) -> bytes | None:
        """Return the packed record of a key, or None."""
        return self._at().get(key) if 0 < len(key) <= MAX_KEY_BYTES else None

    def handles(
        self, prefix: bytes, after: bytes | None = None, limit: int = 1000
    ) -> list[tuple[bytes, bytes]]:
        """Return keys and spellings of the records under a prefix, in the order of keys."""
        return [
            (key, spelling_of(key, packed)) for key, packed in self.records(prefix, after, limit)
        ]

    def records(
        self, prefix: bytes | None = None, after: bytes | None = None, limit: int = 1000
    ) -> list[tuple[bytes, bytes]]:
        """Return keys and packed records in the order of keys; of all prefixes if None."""
        if prefix is None:
            return list(islice(self._range(self._tables.records, after or b"", after), limit))
        if not 0 < len(prefix) <= MAX_PREFIX_BYTES:
            return []
        low, high = prefix + b"/", prefix + _BEHIND_SLASH
        start = low if after is None or after < low else after
        return list(islice(self._range(self._tables.records, start, after, high), limit))

    def count(self, prefix: bytes) -> int:
        """Return how many records stand under a folded prefix."""
        if not 0 < len(prefix) <= MAX_PREFIX_BYTES:
            return 0
        packed = self._at().get(prefix, db=self._tables.counts)
        return 0 if packed is None else packing.of_number(packed)

    def counts(self) -> dict[bytes, int]:
        """Return the counts of all prefixes that have records."""
        return {
            prefix: packing.of_number(packed)
            for prefix, packed in self._range(self._tables.counts, b"")
        }

    def miscounts(self) -> dict[bytes, tuple[int, int]]:
        """Return, for each prefix whose count is not what is there, what was kept and what is.

        All keys are read, about a million in a second.
        """
        with self._at().cursor(self._tables.records) as cursor:
            cursor.first()
            found = Counter(map(prefix_of, cursor.iternext(values=False)))
        counted = self.counts()
        return {
            prefix: (counted.get(prefix, 0), found[prefix])
            for prefix in sorted(counted.keys() | found.keys())
            if counted.get(prefix, 0) != found[prefix]
        }

    def total(self) -> int:
        """Return how many records there are."""
        return self._at().stat(self._tables.records)["entries"]

    def prefix(self, folded: bytes) -> PrefixEntry | None:
        """Return a prefix by its folded form, with its count."""
        if not 0 < len(folded) <= MAX_PREFIX_BYTES:
            return None
        packed = self._at().get(folded, db=self._tables.prefixes)
        return None if packed is None else packing.unpack_prefix(packed, self.count(folded))

    def prefixes(self, after: bytes | None = None, limit: int = 1000) -> list[PrefixEntry]:
        """Return prefixes in the order of their folded forms, from behind ``after``."""
        found = self._range(self._tables.prefixes, after or b"", after)
        return [
            packing.unpack_prefix(packed, self.count(folded))
            for folded, packed in islice(found, limit)
        ]

    def daily(self, first: date, last: date, prefix: bytes | None = None) -> list[DayCount]:
        """Return the counts of the days from first to last, both included."""
        if prefix is None:
            high = packing.day_key(last, b"") if last == date.max else None
            high = high or packing.day_key(last + timedelta(days=1), b"")
            rows = self._range(self._tables.daily, packing.day_key(first, b""), None, high)
            return [packing.unpack_day(key, packed) for key, packed in rows]
        kept_from, kept_to = self._days_kept()
        return [
            packing.unpack_day(key, packed)
            for ordinal in range(
                max(first, kept_from).toordinal(), min(last, kept_to).toordinal() + 1
            )
            for key in (packing.day_key(date.fromordinal(ordinal), prefix),)
            if (packed := self._at().get(key, db=self._tables.daily)) is not None
        ]

    def _days_kept(self) -> tuple[date, date]:
        """Return the first and the last day that has counts; no day lies between for none."""
        with self._at().cursor(self._tables.daily) as cursor:
            if not cursor.first():
                return date.max, date.min
            first = packing.unpack_day(*cursor.item()).day
            cursor.last()
            return first, packing.unpack_day(*cursor.item()).day

    def outbox(self, after: int = 0, limit: int = 10_000) -> list[Event]:
        """Return events with a number above ``after``, at most so many, in order."""
        found: list[Event] = []
        for _, packed in self._range(self._tables.outbox, packing.number(after + 1)):
            found += packing.unpack_block(packed, after, limit - len(found))
            if len(found) >= limit:
                break
        return found

    def outbox_last(self) -> int:
        """Return the highest number ever given to an event; 0 before the first."""
        packed = self._at().get(OUTBOX_LAST, db=self._tables.meta)
        return 0 if packed is None else packing.of_number(packed)

    def audit_entries(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return entries of the audit trail above a number, in order."""
        found = self._range(self._tables.audit, packing.number(after + 1))
        return [(packing.of_number(key), entry) for key, entry in islice(found, limit)]

    def audit_last(self) -> tuple[int, bytes] | None:
        """Return the last entry of the audit trail."""
        with self._at().cursor(self._tables.audit) as cursor:
            if not cursor.last():
                return None
            key, entry = cursor.item()
        return packing.of_number(key), entry

    def bulk(self, key: bytes) -> BulkProgress | None:
        """Return how far the bulk load with this idempotency key has come."""
        packed = self._at().get(packing.bulk_key(key), db=self._tables.bulk)
        return None if packed is None else packing.unpack_bulk(packed)

    def bulks(self, before: int, limit: int) -> list[bytes]:
        """Return the keys of bulk loads whose last block came before an epoch second."""
        rows = self._range(self._tables.bulk, b"")
        stale = (key for key, packed in rows if packing.unpack_bulk(packed).changed_at < before)
        return list(islice(stale, limit))

    def bulk_refusals(self, key: bytes, after: int = 0, limit: int = 1000) -> list[BulkRefusal]:
        """Return the refused lines of a bulk load above a line number, in order."""
        low, high = packing.refusals_key(key, after + 1), packing.refusals_key(key, (1 << 64) - 1)
        rows = self._range(self._tables.refusals, low, None, high)
        return [packing.unpack_refusal(packed) for _, packed in islice(rows, limit)]

    def meta(self, name: str) -> bytes | None:
        """Return a named value of the node itself."""
        return self._at().get(name.encode(), db=self._tables.meta)

    def _range(
        self, table: Any, start: bytes, after: bytes | None = None, end: bytes | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Yield what a tree holds from ``start``, without the key ``after``, to before ``end``."""
        cursor = self._at().cursor(table)
        if not (cursor.set_range(start) if start else cursor.first()):
            return
        if after is not None and cursor.key() == after and not cursor.next():
            return
        rows = cursor.iternext()
        yield from rows if end is None else takewhile(lambda row: row[0] < end, rows)


class LmdbReader(LmdbSnapshot):
    """A snapshot that begins with its first read; see ``store.Reader``.

    Not for more than one thread.

    Parameters
    ----------
    tables
        The trees of the file.
    begin
        What returns a new LMDB transaction.
    """

    __slots__ = ("_begin", "_begun", "get")

    get: Callable[[bytes], bytes | None]
    """Return the packed record of a key made by ``record_key``: LMDB's own function once a
    moment has begun."""

    def __init__(self, tables: Tables, begin: Callable[[], lmdb.Transaction[bytes]]) -> None:
        self._tables = tables
        self._begin = begin
        self._begun = False
        self.get = self._first

    def _at(self) -> lmdb.Transaction[bytes]:
        if not self._begun:
            self._txn = self._begin()
            self._begun = True
            self.get = self._txn.get
        return self._txn

    def _first(self, key: bytes) -> bytes | None:
        return self._at().get(key)

    def moment(self) -> int:
        """Return the number of the last commit that is seen; begins a moment if none has."""
        return self._at().id()

    def release(self) -> None:
        """Let the moment go; the next read sees a newer one."""
        if self._begun:
            self._begun = False
            self.get = self._first
            self._txn.abort()
            del self._txn  # only then can its slot be given to another reader
