"""What every store must do; each that there is goes through the same tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ballast.errors import Refused
from ballast.node.registry.entries import (
    BulkProgress,
    BulkRefusal,
    DayCount,
    Event,
    EventDraft,
    EventKind,
    PrefixEntry,
    PrefixState,
)
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_key
from ballast.node.registry.store import Store

from .records_made import made, many

STORES: dict[str, Callable[[Path], Store]] = {"lmdb": lambda path: LmdbStore.open(path)}
DAY = date(2026, 5, 1)


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = STORES[request.param](tmp_path / "registry")
    yield store
    store.close()


def put(store: Store, *handles: str) -> None:
    with store.write() as transaction:
        for handle in handles:
            transaction.put_record(*made(handle))


def listed(store: Store, prefix: str, **how: Any) -> list[str]:
    with store.snapshot() as moment:
        return [spelling.decode() for _, spelling in moment.handles(prefix.encode(), **how)]


def test_a_record_is_found_by_its_key_and_no_other(opened: Store) -> None:
    key, packed = made("88.118.8/A")
    put(opened, "88.118.8/A")
    with opened.snapshot() as moment:
        assert moment.record(key) == packed
        assert moment.record(b"88.118.8/b") is None
        assert moment.record(b"") is None
        assert moment.record(b"x" * 600) is None


def test_a_snapshot_sees_one_moment(opened: Store) -> None:
    put(opened, "1/a")
    with opened.snapshot() as before:
        put(opened, "1/b")
        assert (before.total(), before.count(b"1")) == (1, 1)
        assert [key for key, _ in before.handles(b"1")] == [b"1/a"]
    with opened.snapshot() as after:
        assert (after.total(), after.count(b"1")) == (2, 2)


def test_what_was_read_outlives_its_snapshot_as_it_was(opened: Store) -> None:
    put(opened, "1/a")
    with opened.snapshot() as moment:
        kept = moment.record(b"1/a")
    for number in range(20):  # enough commits to use every free page again
        with opened.write() as transaction:
            transaction.put_record(*made("1/a", f"https://example.cn/{number}"))
    assert type(kept) is bytes
    assert kept == made("1/a")[1]


def test_a_snapshot_that_is_over_raises(opened: Store) -> None:
    put(opened, "1/a")
    with opened.snapshot() as moment:
        pass
    for read in (moment.total, lambda: moment.record(b"1/a"), lambda: moment.handles(b"1")):
        with pytest.raises(Exception, match="closed"):
            read()


def test_a_reader_keeps_its_moment_until_it_is_released(opened: Store) -> None:
    put(opened, "1/a")
    reader = opened.reader()
    assert reader.get(b"1/a") == made("1/a")[1]
    put(opened, "1/b")
    assert reader.get(b"1/b") is None
    assert reader.total() == 1
    reader.release()
    assert reader.get(b"1/b") == made("1/b")[1]
    reader.release()
    reader.release()
    assert reader.handles(b"1") == [(b"1/a", b"1/a"), (b"1/b", b"1/b")]
    assert reader.get(record_key(b"")) is None
    reader.release()


def test_a_transaction_that_raises_leaves_nothing(opened: Store) -> None:
    put(opened, "1/a")

    def change_and_fail() -> None:
        with opened.write() as transaction:
            transaction.put_new_records([made("1/b"), made("1/c")])
            transaction.append_events([EventDraft(1, EventKind.REGISTERED, "1", (b"1/b",))])
            transaction.append_audit(b"entry")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with opened.snapshot() as moment:
        assert (moment.total(), moment.count(b"1"), moment.outbox_last()) == (1, 1, 0)
        assert moment.audit_last() is None


def test_a_transaction_reads_what_it_wrote(opened: Store) -> None:
    with opened.write() as transaction:
        assert transaction.put_record(*made("1/a"))
        assert not transaction.put_record(*made("1/a"))
        assert transaction.put_new_records([made("1/b"), made("1/c")]) is None
        assert (transaction.total(), transaction.count(b"1")) == (3, 3)
        assert transaction.delete_record(b"1/b")
        assert not transaction.delete_record(b"1/b")
        assert transaction.count(b"1") == 2
        assert (
            transaction.append_events([EventDraft(1, EventKind.REGISTERED, "1", (b"1/a", b"1/c"))])
            == 2
        )
        assert transaction.outbox_last() == 2
        assert [event.handle for event in transaction.outbox()] == ["1/a", "1/c"]


def test_neighbouring_prefixes_do_not_leak_into_each_other(opened: Store) -> None:
    near = ["88.118.8/a", "88.118.80/a", "88.118.8.1/a", "88.118.8", "88.118/8", "88.118.8/a/b/c"]
    put(opened, *[handle for handle in near if "/" in handle])
    assert listed(opened, "88.118.8") == ["88.118.8/a", "88.118.8/a/b/c"]
    assert listed(opened, "88.118.80") == ["88.118.80/a"]
    assert listed(opened, "88.118.8.1") == ["88.118.8.1/a"]
    assert listed(opened, "88.118") == ["88.118/8"]
    assert listed(opened, "88") == []
    assert listed(opened, "") == []
    with opened.snapshot() as moment:
        counts = {p: moment.count(p.encode()) for p in ("88.118.8", "88.118.80", "88.118", "88")}
        assert counts == {"88.118.8": 2, "88.118.80": 1, "88.118": 1, "88": 0}


def test_a_page_from_a_foreign_key_begins_where_the_prefix_does(opened: Store) -> None:
    put(opened, "2/a", "2/b")
    assert listed(opened, "2", after=b"1/zzz") == ["2/a", "2/b"]
    assert listed(opened, "2", after=b"3/a") == []
    assert listed(opened, "2", after=b"2/aa") == ["2/b"]


@settings(max_examples=40)
@given(
    st.lists(
        st.one_of(
            st.text(alphabet="aB/é阀", max_size=5),
            st.text(alphabet="aB/", min_size=1, max_size=5).map(lambda end: "x" * 600 + end),
        ),
        max_size=12,
        unique_by=str.lower,
    ),
    st.integers(1, 5),
)
def test_paging_lists_every_handle_of_a_prefix_once(suffixes: list[str], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for make in STORES.values():
            store = make(Path(folder) / "registry")
            try:
                put(store, "8/~", "88.1/x", "88/0", *[f"88.0/{suffix}" for suffix in suffixes])
                found: list[tuple[bytes, bytes]] = []
                with store.snapshot() as moment:
                    while page := moment.handles(b"88.0", found[-1][0] if found else None, limit):
                        assert len(page) <= limit
                        found += page
                assert [key for key, _ in found] == sorted(key for key, _ in found)
                assert sorted(spelling.decode() for _, spelling in found) == sorted(
                    f"88.0/{suffix}" for suffix in suffixes
                )
            finally:
                store.close()
                shutil.rmtree(Path(folder) / "registry")


@pytest.mark.parametrize("shape", ["ordered", "shuffled", "with neighbours behind"])
def test_a_block_of_new_records_is_put_whole(opened: Store, shape: str) -> None:
    items = many("88.118.8", 0, 700)
    if shape == "shuffled":
        items = items[350:] + items[:350]
    if shape == "with neighbours behind":
        put(opened, "88.118.9/a", "88.118.7/z")
    with opened.write() as transaction:
        assert transaction.put_new_records(items) is None
    with opened.snapshot() as moment:
        assert moment.count(b"88.118.8") == 700
        assert moment.records(b"88.118.8", limit=1000) == sorted(items)
        assert moment.total() == 700 + 2 * (shape == "with neighbours behind")


def test_of_a_block_what_stands_already_stays_as_it_is(opened: Store) -> None:
    items = many("88.118.8", 0, 400)
    put(opened, "88.118.8/batch-2026.00000007")
    old = made("88.118.8/batch-2026.00000007")[1]
    with opened.write() as transaction:
        done = transaction.put_new_records([*items, items[3]])
    assert done == [number not in {7, 400} for number in range(401)]
    with opened.snapshot() as moment:
        assert moment.record(items[7][0]) == old != items[7][1]
        assert moment.count(b"88.118.8") == 400


def test_a_block_may_hold_many_prefixes_and_none(opened: Store) -> None:
    with opened.write() as transaction:
        assert transaction.put_new_records([]) is None
        assert transaction.put_new_records([made("1/a"), made("2/a"), made("2/b")]) is None
        assert transaction.put_new_records([made("3/a"), made("2/b")]) == [True, False]
    with opened.snapshot() as moment:
        assert [moment.count(p) for p in (b"1", b"2", b"3")] == [1, 2, 1]


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


def draft(*handles: str, kind: EventKind = EventKind.REGISTERED) -> EventDraft:
    return EventDraft(1_750_000_000_000, kind, "1", tuple(map(str.encode, handles)), "300:1/a", "u")


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


SUFFIXES = st.sampled_from(["a", "B", "b/c", "ç", "", "x" * 600, "x" * 600 + "y", "X" * 520])
HANDLES = st.builds(
    lambda prefix, suffix: f"{prefix}/{suffix}",
    st.sampled_from(["8", "88", "88.8", "88.80", "0.NA"]), SUFFIXES,
)  # fmt: skip


class LikeADictionary(RuleBasedStateMachine):
    """A store beside what it should be: a few dictionaries."""

    make: Callable[[Path], Store]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.store = type(self).make(Path(self.folder))
        self.records: dict[bytes, bytes] = {}
        self.events: list[tuple[int, str]] = []
        self.last = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(handle=HANDLES, text=st.text(max_size=3))
    def put(self, handle: str, text: str) -> None:
        key, packed = made(handle, text)
        with self.store.write() as transaction:
            assert transaction.put_record(key, packed) == (key not in self.records)
        self.records[key] = packed

    @rule(handles=st.lists(HANDLES, max_size=6), text=st.text(max_size=3), fails=st.booleans())
    def put_new(self, handles: list[str], text: str, fails: bool) -> None:
        items = [made(handle, text) for handle in handles]
        after = dict(self.records)
        expected = []
        for key, packed in items:
            expected.append(key not in after)
            after.setdefault(key, packed)
        try:
            with self.store.write() as transaction:
                done = transaction.put_new_records(items)
                assert (done or [True] * len(items)) == expected
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            return
        self.records = after

    @rule(handle=HANDLES)
    def delete(self, handle: str) -> None:
        key = record_key(handle.lower().encode())
        with self.store.write() as transaction:
            assert transaction.delete_record(key) == (key in self.records)
        self.records.pop(key, None)

    @rule(count=st.integers(0, 5))
    def append(self, count: int) -> None:
        handles = [f"8/{os.urandom(3).hex()}" for _ in range(count)]
        with self.store.write() as transaction:
            last = transaction.append_events([draft(*handles)] if handles else [])
        self.events += enumerate(handles, self.last + 1)
        self.last += count
        assert last == self.last

    @precondition(lambda self: bool(self.events))
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        up_to = data.draw(st.integers(self.events[0][0] - 1, self.events[-1][0]))
        with self.store.write() as transaction:
            transaction.forget_outbox(up_to)
        self.events = [event for event in self.events if event[0] > up_to]

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = type(self).make(Path(self.folder))

    @invariant()
    def is_what_it_should_be(self) -> None:
        with self.store.snapshot() as moment:
            assert moment.records(limit=10_000) == sorted(self.records.items())
            assert moment.total() == len(self.records)
            for prefix in (b"8", b"88", b"88.8", b"88.80", b"0.na"):
                mine = sorted(key for key in self.records if key.startswith(prefix + b"/"))
                assert moment.count(prefix) == len(mine)
                assert [key for key, _ in moment.handles(prefix)] == mine
            assert [(e.seq, e.handle) for e in moment.outbox()] == self.events
            assert moment.outbox_last() == self.last


class LmdbLikeADictionary(LikeADictionary):
    """The store on LMDB."""

    make = staticmethod(LmdbStore.open)


TestLmdbLikeADictionary = LmdbLikeADictionary.TestCase
TestLmdbLikeADictionary.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
