"""Group commit: what waits shares a commit, a fault hurts its own order alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ballast.errors import Refused, StorageFailed
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.store import Transaction
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.commits import Failed, GroupCommit, Order
from ballast.words import unpack


class Collected:
    """What was answered, in the order in which it was."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self._changed = threading.Condition()

    def done(self, result: object) -> None:
        with self._changed:
            self.results.append(result)
            self._changed.notify()

    def wait(self, count: int) -> list[object]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.results) >= count, 20)
        return self.results


class Wrapped:
    """A store whose next commits fail, or take their time."""

    def __init__(self, store: LmdbStore, fails: int = 0, seconds: float = 0.0) -> None:
        self._store, self.fails, self.seconds = store, fails, seconds
        self.begun = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._store.write() as transaction:
            yield transaction
            self.begun.set()
            time.sleep(self.seconds)
            if self.fails:
                self.fails -= 1
                raise StorageFailed("{path}: the disk is full", path="x")


@contextmanager
def running(store: Any, **bounds: Any) -> Iterator[GroupCommit]:
    commits = GroupCommit(store, **bounds)
    commits.start()
    try:
        yield commits
    finally:
        commits.end()


def put(key: bytes) -> Any:
    def work(transaction: Transaction) -> object:
        return transaction.put_record(b"1/" + key, bytes(30))

    return work


def has(store: LmdbStore, key: bytes) -> bool:
    with store.snapshot() as snapshot:
        return snapshot.record(b"1/" + key) is not None


def test_what_waits_shares_one_commit(store: LmdbStore) -> None:
    slow = Wrapped(store, seconds=0.2)
    told = Collected()
    with running(slow) as commits:
        assert commits.put(Order(put(b"first"), told.done))
        assert slow.begun.wait(10)
        for n in range(100):
            assert commits.put(Order(put(b"%d" % n), told.done))
        told.wait(101)
        assert commits.counts.orders == 101
        assert commits.counts.commits == 2


def test_an_answer_comes_after_its_commit(store: LmdbStore) -> None:
    seen: list[bool] = []
    told = Collected()

    def done(result: object) -> None:
        seen.append(has(store, b"a"))
        told.done(result)

    with running(store) as commits:
        commits.put(Order(put(b"a"), done))
        told.wait(1)
    assert seen == [True]


def test_a_fault_hurts_its_own_order_alone(
    store: LmdbStore, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = Wrapped(store, seconds=0.1)
    told = Collected()

    def fault(transaction: Transaction) -> object:
        transaction.put_record(b"1/half", bytes(30))
        raise ZeroDivisionError("half-way")

    def refused(transaction: Transaction) -> object:
        transaction.put_record(b"1/half", bytes(30))
        raise Refused("{what}: no", what="this")

    with running(slow) as commits:
        commits.put(Order(put(b"first"), told.done))
        assert slow.begun.wait(10)
        for work in (put(b"a"), fault, put(b"b"), refused, put(b"c")):
            commits.put(Order(work, told.done))
        told.wait(6)
    assert [has(store, key) for key in (b"a", b"b", b"c", b"half")] == [True, True, True, False]
    first, a, bad, b, no, c = told.results
    assert (first, a, b, c) == (True, True, True, True)
    assert isinstance(bad, Failed)
    assert isinstance(no, Failed)
    assert bad.code == no.code == ResponseCode.ERROR
    assert unpack(no.message, "en") == "this: no"
    assert "its log says why" in unpack(bad.message, "en")
    log = capsys.readouterr().err
    assert log.count("\n") == 1
    assert "ZeroDivisionError at test_commits.py:" in log


def test_a_full_disk_is_told_to_all_and_forgotten_when_it_is_over(store: LmdbStore) -> None:
    told = Collected()
    with running(Wrapped(store, fails=1)) as commits:
        commits.put(Order(put(b"a"), told.done))
        (failed,) = told.wait(1)
        assert isinstance(failed, Failed)
        assert "the disk is full" in unpack(failed.message, "en")
        assert not has(store, b"a")
        commits.put(Order(put(b"a"), told.done))
        assert told.wait(2)[1] is True
    assert has(store, b"a")


def test_what_waits_is_bounded_in_number_and_in_bytes(store: LmdbStore) -> None:
    slow = Wrapped(store, seconds=0.3)
    told = Collected()
    with running(slow, max_orders=3, max_bytes=1000) as commits:
        commits.put(Order(put(b"first"), told.done))
        assert slow.begun.wait(10)
        # One that is larger than all that may wait is taken where nothing else does.
        assert commits.put(Order(put(b"a"), told.done, size_bytes=5000))
        assert not commits.put(Order(put(b"b"), told.done, size_bytes=1))
        told.wait(2)
        slow.begun.clear()
        commits.put(Order(put(b"next"), told.done))
        assert slow.begun.wait(10)
        taken = [commits.put(Order(put(b"%d" % n), told.done)) for n in range(5)]
        assert taken == [True, True, True, False, False]
    assert len(told.results) == 6


def test_a_group_has_a_bounded_weight(store: LmdbStore) -> None:
    slow = Wrapped(store, seconds=0.1)
    told = Collected()
    with running(slow, group_weight=10) as commits:
        commits.put(Order(put(b"first"), told.done))
        assert slow.begun.wait(10)
        for n in range(4):
            commits.put(Order(put(b"%d" % n), told.done, weight=5))
        commits.put(Order(put(b"heavy"), told.done, weight=50))
        told.wait(6)
        assert commits.counts.commits == 4


def test_the_end_waits_for_what_was_ordered_and_takes_no_more(store: LmdbStore) -> None:
    told = Collected()
    slow: Any = Wrapped(store, seconds=0.05)
    commits = GroupCommit(slow)
    commits.start()
    for n in range(20):
        commits.put(Order(put(b"%d" % n), told.done))
    commits.end()
    assert told.results == [True] * 20
    assert not commits.put(Order(put(b"late"), told.done))


def test_an_answer_that_cannot_be_given_ends_nothing(
    store: LmdbStore, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Collected()

    def breaks(_: object) -> None:
        raise RuntimeError("Event loop is closed")

    with running(store) as commits:
        commits.put(Order(put(b"a"), breaks))
        commits.put(Order(put(b"b"), told.done))
        told.wait(1)
    assert has(store, b"a")
    assert has(store, b"b")
    assert "RuntimeError" in capsys.readouterr().err


class Broken(Wrapped):
    """A store that can go no further once a commit has failed."""

    has_failed = False

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        try:
            with super().write() as transaction:
                yield transaction
        except StorageFailed:
            self.has_failed = True
            raise


def test_a_store_that_can_go_no_further_ends_the_commits(store: LmdbStore) -> None:
    told = Collected()
    ended = threading.Event()
    broken = Broken(store, fails=1, seconds=0.1)
    with running(broken, broken=ended.set) as commits:
        commits.put(Order(put(b"a"), told.done))
        assert broken.begun.wait(10)
        commits.put(Order(put(b"b"), told.done))
        assert ended.wait(10)
        results = told.wait(2)
        assert all(isinstance(one, Failed) for one in results)
        assert not commits.put(Order(put(b"c"), told.done))
        assert isinstance(commits.fault, StorageFailed)
    assert not has(store, b"a")
    assert not has(store, b"b")


def test_commits_that_break_themselves_say_so_and_take_nothing_more(
    store: LmdbStore, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = threading.Event()

    def delivered() -> None:
        raise RuntimeError("nobody is there")

    with running(store, delivered=delivered, broken=ended.set) as commits:
        commits.put(Order(put(b"a"), lambda _: None))
        assert ended.wait(10)
        assert not commits.put(Order(put(b"b"), lambda _: None))
        assert isinstance(commits.fault, StorageFailed)
    assert "RuntimeError" in capsys.readouterr().err
