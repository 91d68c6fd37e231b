"""The appender: what it acknowledged is there, what it refused is not."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.plant.spool.conftest import MEMORY
from tests.plant.spool.written import (
    TAG,
    append,
    event,
    events_in,
    last_numbers,
    numbers_in,
    samples_from,
)

from ballast.errors import HomeBusy, NotFound, Refused, StorageFailed
from ballast.plant.spool.columns import ROW_BYTES
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Bounds, Position, Spool

SMALL = Bounds(segment_bytes=4_000)


def count_syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every sync."""
    syncs: list[int] = []
    sync = os.fdatasync

    def counting(handle: int) -> None:
        syncs.append(handle)
        sync(handle)

    monkeypatch.setattr(os, "fdatasync", counting)
    return syncs


def append_for_ever(spool: Spool) -> None:
    for _ in range(1000):
        append(spool, 50)


def put_events_for_ever(spool: Spool) -> None:
    for number in range(200_000):
        spool.put_event(event(number))


def test_what_is_committed_is_read_and_what_is_only_put_is_not(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        spool.put(samples_from(spool, 0, 5))
        spool.put_event(event(7))
        assert last_numbers(tmp_path) == (-1, -1)
        assert spool.pending == 6
        assert spool.commit() == Position(4, 0)
        assert spool.pending == 0
        assert numbers_in(tmp_path) == [0, 1, 2, 3, 4]
        assert events_in(tmp_path) == [event(7)]


def test_an_empty_commit_writes_nothing(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 1)
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        spool.put(Samples.of([], [], [], received_at=[]))
        assert spool.commit() == Position(0, -1)
        assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_many_puts_are_one_commit_with_one_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 1)
        syncs = count_syncs(monkeypatch)
        for first in range(1, 100, 3):
            spool.put(samples_from(spool, first, 3))
        spool.commit()
        assert len(syncs) == 1
    assert numbers_in(tmp_path) == list(range(100))


def test_ten_thousand_new_tags_cost_one_sync_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Spool.open(tmp_path) as spool:
        syncs = count_syncs(monkeypatch)
        tags = [spool.number(f"shop/machine-{n}") for n in range(10_000)]
        spool.put(Samples.of(tags, np.zeros(10_000, np.int64), 1.0, received_at=0))
        spool.commit()
        assert len(syncs) == 2
        assert len(SpoolReader(tmp_path).names()) == 10_000


def test_a_commit_larger_than_a_frame_is_read_in_parts_without_a_gap(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 200_000)
    assert numbers_in(tmp_path, limit=70_000) == list(range(200_000))


def test_numbers_and_names_go_on_after_a_restart(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        assert (spool.number("a"), spool.number("b"), spool.number("a")) == (0, 1, 0)
        spool.put_event(event(1))
        append(spool, 3)
    with Spool.open(tmp_path) as spool:
        assert spool.position == Position(2, 0)
        assert (spool.number("b"), spool.number("c"), spool.name(1)) == (1, 3, "b")
        assert spool.name(2) == TAG
        append(spool, 2)
    assert numbers_in(tmp_path) == [0, 1, 2, 3, 4]
    with pytest.raises(NotFound, match="number 9"), Spool.open(tmp_path) as spool:
        spool.name(9)


def test_a_tag_number_nobody_gave_out_is_refused(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        for number in (0, -1):
            with pytest.raises(Refused, match="never given out"):
                spool.put(Samples.of(number, [1], [1.0], received_at=1))
        assert spool.pending == 0


def test_a_text_that_is_none_is_refused_and_spoils_no_commit(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        tag = spool.number(TAG)
        wrong = np.array([b"bytes", 3], object)
        with pytest.raises(Refused, match="no text"):
            spool.put(Samples.of(tag, [1, 2], np.nan, received_at=1, text=wrong))
        append(spool, 1)
        assert spool.position == Position(0, -1)


def test_made_up_names_are_bounded(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=Bounds(tags=2)) as spool:
        spool.number("a"), spool.number("b")
        with pytest.raises(Refused, match="2 names of tags"):
            spool.number("c")
        assert spool.number("a") == 0


def test_a_second_appender_is_told_that_one_is_enough(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        with pytest.raises(HomeBusy, match="another process"):
            Spool.open(tmp_path)
        append(spool, 1)
    Spool.open(tmp_path).close()


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path)
    spool.close()
    spool.close()


def test_a_closed_log_writes_into_no_file_that_has_its_number_now(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path / "spool")
    spool.put(samples_from(spool, 0, 3))
    spool.close()
    with (tmp_path / "other").open("wb"), pytest.raises(StorageFailed, match="is closed"):
        spool.commit()
    assert (tmp_path / "other").read_bytes() == b""


class Interrupted(BaseException):
    """As Ctrl-C comes: anywhere."""


@pytest.mark.parametrize("number", range(1, 9))
def test_a_commit_that_is_interrupted_anywhere_is_in_the_log_or_held_and_never_both(
    tmp_path: Path, number: int
) -> None:
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == number + at_opening:
            raise Interrupted

    at_opening = 1_000
    with Spool.open(tmp_path, step=step) as spool:
        at_opening = steps
        spool.put(samples_from(spool, 0, 3))
        try:
            spool.commit()
        except Interrupted:
            spool.put(samples_from(spool, 3, 2))
            spool.commit()
            assert numbers_in(tmp_path) == [0, 1, 2, 3, 4]
        else:
            assert number > 7
    assert len(numbers_in(tmp_path)) in (3, 5)


def test_room_set_aside_is_given_back_at_the_end(tmp_path: Path) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 1)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2_000


def test_what_waits_for_the_lake_is_bounded_and_shipping_makes_room(tmp_path: Path) -> None:
    bounds = Bounds(waiting_bytes=20_000, segment_bytes=4_000)
    with Spool.open(tmp_path, bounds=bounds) as spool:
        with pytest.raises(StorageFailed, match="wait for the lake"):
            append_for_ever(spool)
        last = spool.position.sample
        assert 300 < last < 20_000 // ROW_BYTES
        assert spool.room() < 50 * ROW_BYTES
        assert spool.waiting().samples == last + 1
        spool.put_event(event(1, EventKind.SPOOL_FULL))
        spool.commit()
        reader = SpoolReader(tmp_path)
        reader.forget(Stream.SAMPLES, last)
        reader.forget(Stream.EVENTS, 0)
        assert spool.room() == 20_000
        assert spool.waiting() == reader.waiting()
        append(spool, 50)
        assert spool.waiting().samples == 50


def test_events_that_nobody_ships_are_bounded_too(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=Bounds(waiting_bytes=1_000)) as spool:
        append(spool, 100)
        with pytest.raises(StorageFailed):
            put_events_for_ever(spool)
        assert 1_000 < spool.pending < 200_000


def test_what_waits_for_a_commit_is_bounded(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=Bounds(pending_bytes=100 * ROW_BYTES)) as spool:
        spool.put(samples_from(spool, 0, 60))
        with pytest.raises(StorageFailed, match="wait to be written"):
            spool.put(samples_from(spool, 60, 60))
        assert spool.room() == 40 * ROW_BYTES
        spool.commit()
        # More at once than the bound would otherwise wait for ever.
        spool.put(samples_from(spool, 60, 120))
        spool.commit()
    assert numbers_in(tmp_path) == list(range(180))


@pytest.mark.parametrize(
    ("call", "number"),
    [
        ("fdatasync", errno.EIO),
        ("fdatasync", errno.ENOSPC),
        ("pwritev", errno.EIO),
        ("pwritev", errno.ENOSPC),
        ("posix_fallocate", errno.ENOSPC),
    ],
)
def test_a_write_that_fails_leaves_the_log_as_it_was_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 3)
        spool.put(samples_from(spool, 3, 200_000))
        real = getattr(os, call)

        def failing(handle: int, *rest: Sequence[memoryview]) -> None:
            if call == "pwritev":  # half of it is on the disk already
                real(handle, [rest[0][0], rest[0][1][:1000]], rest[1])
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patched:
            patched.setattr(os, call, failing)
            for _ in range(2):
                with pytest.raises(StorageFailed):
                    spool.commit()
                assert spool.position == Position(2, -1)
                assert numbers_in(tmp_path) == [0, 1, 2]
                assert spool.pending == 200_000
        spool.commit()
        assert last_numbers(tmp_path) == (200_002, -1)
    assert numbers_in(tmp_path, limit=100_000) == list(range(200_003))


def test_a_file_system_that_sets_no_room_aside_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: int) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "posix_fallocate", cannot)
    with Spool.open(tmp_path) as spool:
        append(spool, 3)
        append(spool, 3)
    assert numbers_in(tmp_path) == list(range(6))


def test_names_that_could_not_be_written_are_written_with_the_next_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Spool.open(tmp_path) as spool:
        append(spool, 1)
        tag = spool.number("new")
        with monkeypatch.context() as patched:
            patched.setattr(os, "pwrite", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
            spool.put(Samples.of(tag, [1], [1.0], received_at=1))
            with pytest.raises(StorageFailed, match="disk is full"):
                spool.commit()
        spool.commit()
        assert SpoolReader(tmp_path).names() == (TAG, "new")


def test_the_newest_samples_are_known_again_after_a_restart(tmp_path: Path) -> None:
    with Spool.open(tmp_path, bounds=SMALL) as spool:
        for _ in range(40):
            append(spool, 25)
    reader = SpoolReader(tmp_path)
    reader.forget(Stream.SAMPLES, 999)
    assert len(list(tmp_path.glob("*.log"))) == 3
    with Spool.open(tmp_path, bounds=SMALL) as spool:
        known = [int(n) for part in spool.recent(0) for n in part.value]
        assert known == list(range(known[0], 1000))
        assert len(known) > 100
        late = [int(n) for part in spool.recent(1_000 + 990) for n in part.value]
        assert late == list(range(990, 1000))
        few = [int(n) for part in spool.recent(0, limit=30) for n in part.value]
        assert few == list(range(970, 1000))


class Log(RuleBasedStateMachine):
    """Anything in any order: what was committed is there, numbered without gap, until forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY, prefix="spool-")
        self.path = Path(self.folder.name)
        self.spool = Spool.open(self.path, bounds=SMALL)
        self.put_samples = self.put_events = self.samples = self.events = 0
        self.shipped = -1

    @rule(count=st.integers(1, 90))
    def put(self, count: int) -> None:
        self.spool.put(samples_from(self.spool, self.put_samples, count))
        self.put_samples += count

    @rule()
    def put_event(self) -> None:
        self.spool.put_event(event(self.put_events))
        self.put_events += 1

    @rule()
    def commit(self) -> None:
        found = self.spool.commit()
        self.samples, self.events = self.put_samples, self.put_events
        assert found == Position(self.samples - 1, self.events - 1)

    @rule()
    def restart(self) -> None:
        self.spool.close()
        self.spool = Spool.open(self.path, bounds=SMALL)
        self.put_samples, self.put_events = self.samples, self.events

    @precondition(lambda self: self.samples)
    @rule(share=st.floats(0, 1))
    def ship(self, share: float) -> None:
        self.shipped = max(self.shipped, int(share * (self.samples - 1)))
        reader = SpoolReader(self.path)
        reader.forget(Stream.SAMPLES, self.shipped)
        reader.forget(Stream.EVENTS, self.events - 1)

    @invariant()
    def what_is_not_shipped_is_there(self) -> None:
        assert numbers_in(self.path, self.shipped) == list(range(self.shipped + 1, self.samples))
        assert last_numbers(self.path) == (self.samples - 1, self.events - 1)
        assert self.spool.waiting().samples == self.samples - 1 - self.shipped
        assert len(list(self.path.glob("*.log"))) <= 3 + (self.samples - self.shipped) * 40 // 4_000

    def teardown(self) -> None:
        self.spool.close()
        self.folder.cleanup()


TestLog = Log.TestCase
TestLog.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
