"""A copy taken while the collector writes is a whole log of one moment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.plant.spool.written import append, event, events_in, last_numbers, numbers_in

from ballast.errors import StorageFailed
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.keeping import copy_log
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.spool import Bounds, Spool

SMALL = Bounds(segment_bytes=6_000)


def test_where_there_is_no_log_nothing_is_copied(tmp_path: Path) -> None:
    assert not copy_log(tmp_path / "none", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_goes_on_by_itself(tmp_path: Path) -> None:
    with Spool.open(tmp_path / "log", bounds=SMALL) as spool:
        for number in range(30):
            spool.put_event(event(number))
            append(spool, 20)
        SpoolReader(tmp_path / "log").forget(Stream.SAMPLES, 99)
        assert copy_log(tmp_path / "log", tmp_path / "copy")
        append(spool, 20)
    copy = tmp_path / "copy"
    assert last_numbers(copy) == (599, 29)
    with Spool.open(copy, bounds=SMALL) as spool:
        assert spool.waiting().samples == 500
        append(spool, 1)
    assert events_in(copy, EventKind.TORN_LOG) == []
    assert numbers_in(copy) == list(range(601))
    assert SpoolReader(copy).names() == SpoolReader(tmp_path / "log").names()
    assert SpoolReader(copy).identity() == SpoolReader(tmp_path / "log").identity()


def test_copies_taken_while_the_collector_writes_and_rotates_are_whole(tmp_path: Path) -> None:
    over = threading.Event()
    spool = Spool.open(tmp_path / "log", bounds=SMALL)

    def write() -> None:
        while not over.is_set():
            append(spool, 37)

    append(spool, 1)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(20):
            copy_log(tmp_path / "log", tmp_path / f"{number}")
    finally:
        over.set()
        thread.join(30)
        spool.close()
    for number in range(20):
        copy = tmp_path / f"{number}"
        last, _ = last_numbers(copy)
        with Spool.open(copy, bounds=SMALL) as opened:
            assert opened.position.sample == last
        assert numbers_in(copy) == list(range(last + 1))
        assert events_in(copy) == []


def test_a_copy_is_never_put_over_something(tmp_path: Path) -> None:
    with Spool.open(tmp_path / "log") as spool:
        append(spool, 1)
    (tmp_path / "copy").mkdir()
    with pytest.raises(StorageFailed):
        copy_log(tmp_path / "log", tmp_path / "copy")
