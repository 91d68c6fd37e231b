"""The changes of one commit to a registry on LMDB.

Why a type of its own and not methods of the store: a change exists only within a transaction,
and what it keeps aside (counts, the last number of an event) lives exactly as long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from operator import lt

import lmdb

from ballast.node.registry import packing
from ballast.node.registry.entries import BulkProgress, BulkRefusal, EventDraft, PrefixEntry
from ballast.node.registry.lmdb_filling import put_in_gap
from ballast.node.registry.lmdb_reading import OUTBOX_LAST, LmdbSnapshot, Tables
from ballast.terms.handle import fold, prefix_of

_EVENTS_A_BLOCK = 4096


class LmdbTransaction(LmdbSnapshot):
    """All changes of one commit; see ``store.Transaction``.

    The counts of prefixes are kept aside until the end, since a block changes one
    of them ten thousand times.

    Parameters
    ----------
    tables
        The trees of the file.
    txn
        An LMDB write transaction whose default tree is the records'.
    """

    __slots__ = ("_changed_counts", "_last_event", "_writing")

    def __init__(self, tables: Tables, txn: lmdb.Transaction[bytes]) -> None:
        super().__init__(tables, txn)
        self._writing = txn
        self._changed_counts: Counter[bytes] = Counter()
        self._last_event: int | None = None

    def put_record(self, key: bytes, packed: bytes) -> bool:
        """Put a record; return whether it is new."""
        new = self._writing.put(key, packed, overwrite=False)
        if new:
            self._changed_counts[prefix_of(key)] += 1
        else:
            self._writing.put(key, packed)
        return new

    def put_new_records(self, items: Sequence[tuple[bytes, bytes]]) -> list[bool] | None:
        """Put records that are not there yet and leave those that are as they stand."""
        if not items:
            return None
        keys = [key for key, _ in items]
        if all(map(lt, keys, islice(keys, 1, None))) and self._fill_gap(items):
            # What lies between two handles of one prefix is of that prefix too.
            first, last = prefix_of(keys[0]), prefix_of(keys[-1])
            self._changed_counts.update(
                {first: len(keys)} if first == last else Counter(map(prefix_of, keys))
            )
            return None
        order = sorted(range(len(items)), key=keys.__getitem__)
        put = [False] * len(items)
        with self._writing.cursor(self._tables.records) as cursor:
            for place in order:
                put[place] = cursor.put(*items[place], overwrite=False)
        self._changed_counts.update(
            prefix_of(key) for key, new in zip(keys, put, strict=True) if new
        )
        return None if all(put) else put

    def _fill_gap(self, items: Sequence[tuple[bytes, bytes]]) -> bool:
        """Put ordered records where none stand between them; return whether that was so."""
        with self._writing.cursor(self._tables.records) as cursor:
            if not cursor.set_range(items[0][0]):
                cursor.putmulti(items, append=True)
                return True
            behind = cursor.key()
            if behind <= items[-1][0]:
                return False
            put_in_gap(cursor, items, behind, self._leaves)
        return True

    def _leaves(self) -> int:
        return self._writing.stat(self._tables.records)["leaf_pages"]

    def delete_record(self, key: bytes) -> bool:
        """Delete a record; return whether it was there."""
        gone = self._writing.delete(key)
        if gone:
            self._changed_counts[prefix_of(key)] -= 1
        return gone

    def count(self, prefix: bytes) -> int:
        """Return how many records stand under a folded prefix."""
        return super().count(prefix) + self._changed_counts[prefix]

    def counts(self) -> dict[bytes, int]:
        """Return the counts of all prefixes that have records."""
        self.settle()
        return super().counts()

    def put_prefix(self, entry: PrefixEntry) -> None:
        """Put a prefix under its folded form."""
        key = packing.prefix_key(fold(entry.prefix.encode()))
        self._writing.put(key, packing.pack_prefix(entry), db=self._tables.prefixes)

    def delete_prefix(self, folded: bytes) -> bool:
        """Delete a prefix (not its records); return whether it was there."""
        return self._writing.delete(packing.prefix_key(folded), db=self._tables.prefixes)

    def append_events(self, drafts: Sequence[EventDraft]) -> int:
        """Number events and put them into the outbox; return the last number given."""
        last = self.outbox_last()
        for draft in drafts:
            for handles in _cut(draft.handles):
                first, last = last + 1, last + len(handles)
                packed = packing.pack_block(first, draft, handles)
                key = packing.number(last)
                self._writing.put(key, packed, append=True, db=self._tables.outbox)
        self._last_event = last
        return last

    def outbox_last(self) -> int:
        """Return the highest number ever given to an event; 0 before the first."""
        return super().outbox_last() if self._last_event is None else self._last_event

    def forget_outbox(self, up_to: int) -> None:
        """Forget events up to a number, both included; numbers go on where they were."""
        with self._writing.cursor(self._tables.outbox) as cursor:
            while cursor.first() and packing.of_number(cursor.key()) <= up_to:
                cursor.delete()
            if cursor.first():
                key, packed = cursor.item()
                cursor.put(key, packing.without_first(packed, up_to))

    def number_events_above(self, seq: int) -> None:
        """Give no number up to this one any more; for a registry that was set back."""
        self._last_event = max(self.outbox_last(), seq)

    def correct_counts(self) -> dict[bytes, tuple[int, int]]:
        """Set the counts to what is there; return what differed, as ``miscounts`` does."""
        self.settle()
        wrong = self.miscounts()
        for prefix, (counted, found) in wrong.items():
            self._changed_counts[prefix] += found - counted
        self.settle()
        return wrong

    def append_audit(self, entry: bytes) -> int:
        """Append to the audit trail; return the entry's number, from 1 without gaps."""
        last = self.audit_last()
        seq = 1 if last is None else last[0] + 1
        self._writing.put(packing.number(seq), entry, append=True, db=self._tables.audit)
        return seq

    def put_bulk(
        self, key: bytes, progress: BulkProgress, refusals: Sequence[BulkRefusal] = ()
    ) -> None:
        """Put the progress of a bulk load, and add the lines refused since."""
        self._writing.put(packing.bulk_key(key), packing.pack_bulk(progress), db=self._tables.bulk)
        for refusal in refusals:
            self._writing.put(
                packing.refusals_key(key, refusal.line),
                packing.pack_refusal(refusal),
                db=self._tables.refusals,
            )

    def delete_bulk(self, key: bytes) -> bool:
        """Forget a bulk load and its refused lines; return whether it was there."""
        low, high = packing.refusals_key(key, 0), packing.refusals_key(key, (1 << 64) - 1)
        with self._writing.cursor(self._tables.refusals) as cursor:
            while cursor.set_range(low) and cursor.key() <= high:
                cursor.delete()
        return self._writing.delete(packing.bulk_key(key), db=self._tables.bulk)

    def add_daily(
        self, day: date, prefix: bytes, *, registered: int = 0, changed: int = 0,
        deleted: int = 0, resolved: int = 0,
    ) -> None:  # fmt: skip
        """Add to the counts of a folded prefix on a day."""
        key = packing.day_key(day, packing.prefix_key(prefix))
        before = packing.unpack_counts(self._writing.get(key, db=self._tables.daily))
        more = (registered, changed, deleted, resolved)
        now = (before[0] + more[0], before[1] + more[1], before[2] + more[2], before[3] + more[3])
        self._writing.put(key, packing.pack_counts(now), db=self._tables.daily)

    def put_meta(self, name: str, value: bytes) -> None:
        """Put a named value of the node itself."""
        self._writing.put(name.encode(), value, db=self._tables.meta)

    def settle(self) -> None:
        """Write what was kept aside; the store calls it before it commits."""
        for prefix, change in self._changed_counts.items():
            total = super().count(prefix) + change
            if total:
                self._writing.put(prefix, packing.number(total), db=self._tables.counts)
            else:
                self._writing.delete(prefix, db=self._tables.counts)
        self._changed_counts.clear()
        if self._last_event is not None:
            last = packing.number(self._last_event)
            self._writing.put(OUTBOX_LAST, last, db=self._tables.meta)


def _cut(handles: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Yield handles in parts that are read back at once."""
    for start in range(0, len(handles), _EVENTS_A_BLOCK):
        yield handles[start : start + _EVENTS_A_BLOCK]
