"""Prefixes, events, the audit trail, bulk loads and days are kept by every store alike."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ballast.errors import Refused
from ballast.node.registry.entries import (
    BulkProgress,
    BulkRefusal,
    DayCount,
    Event,
    EventKind,
    PrefixEntry,
    PrefixState,
)
from ballast.node.registry.store import Store

from .records_made import STORES, draft, put

DAY = date(2026, 5, 1)


def test_prefixes_are_listed_with_their_counts(opened: Store) -> None:
    entries = [
        PrefixEntry("88.118.8", PrefixState.HOMED, "91371502MA3C", "阀门厂", "tel", 5),
        PrefixEntry("88.118.80", PrefixState.DELEGATED, site=b"\0\1"),
        PrefixEntry("88.ABC", PrefixState.UNHOMED),
    ]
    put(opened, "88.118.8/a", "88.118.8/b", "88.abc/x")
    with opened.write() as transaction:
        for entry in entries:
            transaction.put_prefix(replace(entry, count=99))
    counted = [replace(e, count=n) for e, n in zip(entries, (2, 0, 1), strict=True)]
    with opened.snapshot() as moment:
        assert moment.prefixes() == counted
        assert moment.prefixes(b"88.118.8", 1) == counted[1:2]
        assert moment.prefix(b"88.abc") == counted[2]
        assert moment.prefix(b"88") is None
        assert moment.prefix(b"") is None
        assert moment.prefix(b"9" * 999) is None
    with opened.write() as transaction:
        assert transaction.delete_prefix(b"88.abc")
        assert not transaction.delete_prefix(b"88.abc")
        with pytest.raises(Refused, match="a prefix of 256 bytes"):
            transaction.put_prefix(PrefixEntry("9" * 256, PrefixState.HOMED))


def test_events_are_numbered_without_gaps(opened: Store) -> None:
    with opened.write() as transaction:
        assert transaction.append_events([]) == 0
        assert transaction.append_events([draft("1/a"), draft("1/b", "1/ç")]) == 3
    with opened.write() as transaction:
        assert transaction.append_events([draft("1/d", kind=EventKind.DELETED)]) == 4
    with opened.snapshot() as moment:
        events = moment.outbox()
        assert [(e.seq, e.handle) for e in events] == [
            (1, "1/a"), (2, "1/b"), (3, "1/ç"), (4, "1/d"),
        ]  # fmt: skip
        assert events[3] == Event(
            4, 1_750_000_000_000, EventKind.DELETED, "1", "1/d", "300:1/a", "u"
        )
        assert moment.outbox(2, 1) == events[2:3]
        assert moment.outbox(1, 2) == events[1:3]
        assert moment.outbox(4) == []


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    for make in STORES.values():
        store = make(tmp_path / "registry")
        with store.write() as transaction:
            transaction.append_events([draft("1/a", "1/b", "1/c")])
            transaction.forget_outbox(3)
        store.close()
        store = make(tmp_path / "registry")
        with store.snapshot() as moment:
            assert (moment.outbox(), moment.outbox_last()) == ([], 3)
        with store.write() as transaction:
            assert transaction.append_events([draft("1/d")]) == 4
            transaction.forget_outbox(99)
            assert transaction.append_events([draft("1/e")]) == 5
        store.close()
        shutil.rmtree(tmp_path / "registry")


def test_part_of_a_block_of_events_is_forgotten(opened: Store) -> None:
    with opened.write() as transaction:
        transaction.append_events([draft("1/a", "1/b", "1/c"), draft("1/d")])
        transaction.forget_outbox(2)
    with opened.snapshot() as moment:
        assert [(e.seq, e.handle) for e in moment.outbox()] == [(3, "1/c"), (4, "1/d")]


def test_a_large_block_of_events_is_read_in_parts(opened: Store) -> None:
    handles = [f"1/{number}" for number in range(10_000)]
    with opened.write() as transaction:
        assert transaction.append_events([draft(*handles)]) == 10_000
        transaction.forget_outbox(5000)
    found: list[Event] = []
    with opened.snapshot() as moment:
        while events := moment.outbox(found[-1].seq if found else 0, 777):
            assert len(events) <= 777
            found += events
    assert [event.handle for event in found] == handles[5000:]
    assert [event.seq for event in found] == list(range(5001, 10_001))


def test_the_audit_trail_is_numbered_without_gaps(opened: Store) -> None:
    with opened.write() as transaction:
        assert [transaction.append_audit(b"entry %d" % n) for n in range(3)] == [1, 2, 3]
    with opened.snapshot() as moment:
        assert moment.audit_last() == (3, b"entry 2")
        assert moment.audit_entries(1, 1) == [(2, b"entry 1")]
        assert len(moment.audit_entries()) == 3


def test_the_progress_of_a_bulk_load_and_its_refused_lines(opened: Store) -> None:
    refused = [BulkRefusal(n, f"1/{n}", 101, "exists") for n in (2, 300, 70_000)]
    progress = BulkProgress(70_000, 9_000_000, b"digest", 69_997, 3, 5)
    with opened.write() as transaction:
        transaction.put_bulk(b"a", replace(progress, lines=1))
        transaction.put_bulk(b"a", progress, refused[:2])
        transaction.put_bulk(b"a", progress, refused[2:])
        transaction.put_bulk(b"ab", progress, refused[:1])
    with opened.snapshot() as moment:
        assert moment.bulk(b"a") == progress
        assert moment.bulk(b"b") is None
        assert moment.bulk_refusals(b"a") == refused
        assert moment.bulk_refusals(b"a", 2, 1) == refused[1:2]
    with opened.write() as transaction:
        assert transaction.delete_bulk(b"a")
        assert not transaction.delete_bulk(b"a")
    with opened.snapshot() as moment:
        assert (moment.bulk(b"a"), moment.bulk_refusals(b"a")) == (None, [])
        assert moment.bulk_refusals(b"ab") == refused[:1]
        with pytest.raises(Refused, match="an idempotency key of 256 bytes"):
            moment.bulk(b"k" * 256)


def test_days_add_up(opened: Store) -> None:
    with opened.snapshot() as moment:
        assert moment.daily(date.min, date.max) == []
        assert moment.daily(date.min, date.max, b"88.118.8") == []
    for _ in range(2):
        with opened.write() as transaction:
            transaction.add_daily(DAY, b"88.118.8", registered=2, resolved=1 << 33)
            transaction.add_daily(DAY, b"88.118.80", deleted=1)
            transaction.add_daily(date(2026, 5, 3), b"88.118.8", changed=1)
    first = DayCount(DAY, "88.118.8", registered=4, resolved=1 << 34)
    second = DayCount(DAY, "88.118.80", deleted=2)
    third = DayCount(date(2026, 5, 3), "88.118.8", changed=2)
    with opened.snapshot() as moment:
        assert moment.daily(date.min, date.max) == [first, second, third]
        assert moment.daily(date.min, date.max, b"88.118.8") == [first, third]
        assert moment.daily(DAY, DAY) == [first, second]
        assert moment.daily(DAY, date(2026, 5, 9), b"88.118.8") == [first, third]
        assert moment.daily(date(2026, 5, 2), date(2026, 5, 2)) == []


def test_named_values_and_the_identity_of_the_node_last(tmp_path: Path) -> None:
    for make in STORES.values():
        store = make(tmp_path / "registry")
        node_id = store.node_id
        assert len(bytes.fromhex(node_id)) == 16
        with store.write() as transaction:
            transaction.put_meta("site", b"\0\1")
        store.close()
        store = make(tmp_path / "registry")
        with store.snapshot() as moment:
            assert (moment.meta("site"), moment.meta("nothing")) == (b"\0\1", None)
        assert store.node_id == node_id
        store.close()
        shutil.rmtree(tmp_path / "registry")
