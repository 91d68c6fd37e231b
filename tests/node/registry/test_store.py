"""What every store must do; each that there is goes through the same tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ballast.node.registry.entries import (
    EventDraft,
    EventKind,
)
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_key
from ballast.node.registry.store import Store

from .records_made import STORES, draft, made, many, put


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
