"""Counts of several workers: summed, kept over a kill, bounded, never half read."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from ballast.node.servers.counters import Counters, Series, totals

ASKED: Series = ("asked_total", (("door", "udp"),))
OTHER: Series = ("other_total", ())


def test_the_counts_of_all_workers_are_added_up(tmp_path: Path) -> None:
    workers = [Counters(tmp_path, number) for number in range(3)]
    for number, worker in enumerate(workers):
        worker.add(ASKED, number + 1)
        worker.publish()
    assert totals(tmp_path) == {ASKED: 6}
    for worker in workers:
        worker.close()


def test_a_worker_that_was_killed_goes_on_from_what_it_had_published(tmp_path: Path) -> None:
    killed = Counters(tmp_path, 0)
    killed.add(ASKED, 5)
    killed.publish()
    killed.add(ASKED, 100)  # the second that is lost
    again = Counters(tmp_path, 0)
    again.add(ASKED)
    again.close()
    assert totals(tmp_path) == {ASKED: 6}


def test_what_counts_for_itself_is_asked_at_each_publication(tmp_path: Path) -> None:
    counters = Counters(tmp_path, 0)
    new: list[Mapping[Series, int]] = [{ASKED: 2}, {ASKED: 3, OTHER: 0}]
    counters.source(lambda: new.pop(0))
    counters.publish()
    counters.publish()
    assert totals(tmp_path) == {ASKED: 5}


def test_a_stranger_cannot_make_series_without_end(tmp_path: Path) -> None:
    counters = Counters(tmp_path, 0)
    for number in range(5000):
        counters.add((f"n{number}", (("label", "x" * 40),)))
    counters.publish()
    assert len(totals(tmp_path)) == 2048
    assert counters.lost == 5000 - 2048


def test_a_reader_never_sees_half_a_publication(tmp_path: Path) -> None:
    counters = Counters(tmp_path, 0)
    names: list[Series] = [(f"series_{n}", ()) for n in range(200)]
    for name in names:
        counters.add(name)
    counters.publish()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for name in names:
                counters.add(name)
            counters.publish()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        seen = [totals(tmp_path) for _ in range(300)]
    finally:
        stop.set()
        writing.join()
    for found in seen:
        assert found == {} or len(set(found.values())) == 1


def test_a_file_that_is_not_ours_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "worker-0.counters").write_bytes(b"\x07\0\0\0garbage, and more of it")
    (tmp_path / "worker-1.counters").write_bytes(b"")
    assert totals(tmp_path) == {}
    counters = Counters(tmp_path, 0)
    counters.add(ASKED)
    counters.close()
    assert totals(tmp_path) == {ASKED: 1}
