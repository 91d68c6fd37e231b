"""Kills, a full disk and readers beside the writer: what was acknowledged is there, once."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plant.spool.conftest import MEMORY
from tests.plant.spool.power_cut import Disk, PowerCutError
from tests.plant.spool.written import TAG, append, event, last_numbers, numbers_in, samples_from

from ballast.errors import StorageFailed
from ballast.plant.spool.events import EventKind
from ballast.plant.spool.live import CollectorStatus, Live, read_live, write_live
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.segments import listed
from ballast.plant.spool.spool import Bounds, Spool

SCRIPT = Path(__file__).with_name("write_and_die.py")
SMALL = Bounds(segment_bytes=6_000)


def told(directory: Path) -> int:
    """Return the number up to which the killed one was told that all is safe."""
    note = directory.with_suffix(".told")
    text = note.read_text() if note.is_file() else ""
    return int(text) if text else -1


def check(directory: Path) -> int:
    """Open a log after a kill, compare it with what was told, and append to it."""
    seen_before, _ = last_numbers(directory)
    acknowledged = told(directory)
    assert seen_before <= acknowledged + 80
    with Spool.open(directory, bounds=SMALL) as spool:
        last = spool.position.sample
        # Nothing acknowledged is gone; of what was not, at most the commit that was under way.
        assert max(acknowledged, seen_before) <= last <= acknowledged + 80
        segments, unreadable = listed(directory)
        assert not unreadable
        left = numbers_in(directory, segments[0].samples - 1)
        assert left == list(range(segments[0].samples, last + 1))
        names = SpoolReader(directory).names()
        for end, part in SpoolReader(directory).samples(segments[0].samples - 1, 1):
            assert spool.name(int(part.tag[0])) == names[int(part.tag[0])] != ""
            assert end <= last
        spool.put(samples_from(spool, last + 1, 5))
        spool.commit()
    assert numbers_in(directory, last) == list(range(last + 1, last + 6))
    return last


def test_a_collector_killed_at_any_step_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), "steps", str(tmp_path)], check=True, timeout=120)
    folders = sorted((p for p in tmp_path.iterdir() if p.is_dir()), key=lambda p: int(p.name))
    # Names, rotation, writing, mark: each commit has several steps, and the last one survives.
    assert len(folders) > 40
    reached = [check(folder) for folder in folders]
    assert reached[0] == -1
    assert reached[-1] == told(folders[-1]) > 200


# The call that is killed, and which of them: the kernel's view of the same steps.
CALLS = [
    *(("pwritev,pwritev2", number) for number in (1, 2, 5)),
    *(("fdatasync", number) for number in (1, 2, 3, 4, 7)),
    *(("fsync", number) for number in (1, 2, 3, 4, 5, 6, 7, 8)),
    *(("pwrite64", number) for number in (1, 2, 3, 6, 9)),
    *(("rename", number) for number in (1, 2)),
    *(("ftruncate", number) for number in (1, 2)),
    *(("fallocate", number) for number in (1, 2)),
    ("unlink", 1),
]


@pytest.mark.skipif(shutil.which("strace") is None, reason="kills at system calls need strace")
def test_a_collector_killed_at_any_write_to_the_disk_loses_nothing(tmp_path: Path) -> None:
    for call, number in CALLS:
        directory = tmp_path / f"{call.partition(',')[0]}-{number}"
        done = subprocess.run(
            ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}",
             "-e", f"inject={call}:signal=KILL:when={number}",
             sys.executable, str(SCRIPT), "write", str(directory), "8"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if "ptrace" in done.stderr:
            pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
        assert done.returncode == -9, (call, number, done)
        check(directory)


def test_a_collector_killed_at_any_time_again_and_again_loses_nothing(on_disk: Path) -> None:
    directory = on_disk / "spool"
    rng = random.Random(5)
    last = -1
    for _ in range(5):
        running = subprocess.Popen([sys.executable, str(SCRIPT), "write", str(directory), "99999"])
        deadline = time.monotonic() + 30
        while told(directory) <= last + 500 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(rng.random() / 20)
        running.kill()
        assert running.wait() == -9
        assert told(directory) > last + 500
        last = check(directory)


def test_a_second_process_cannot_append(tmp_path: Path) -> None:
    directory = tmp_path / "spool"
    with Spool.open(directory):
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "write", str(directory), "1"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert "HomeBusy" in done.stderr


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 2 MB."""
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    stone = disk / "stone"
    with stone.open("ab", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    assert os.statvfs(disk).f_bavail == 0
    return stone


def append_for_ever(spool: Spool) -> None:
    while True:
        append(spool, 1_000)


@pytest.mark.parametrize("bounds", [Bounds(), Bounds(segment_bytes=100_000)])
def test_a_full_disk_refuses_the_commit_and_works_again_once_there_is_room(
    small: Path, bounds: Bounds
) -> None:
    directory = small / "spool"
    with Spool.open(directory, bounds=bounds) as spool:
        append(spool, 1_000)
        (small / "stone").write_bytes(bytes(1_000_000))
        with pytest.raises(StorageFailed, match="disk is full"):
            append_for_ever(spool)
        stood = spool.position.sample
        stone = fill(small)
        for _ in range(3):
            with pytest.raises(StorageFailed, match="disk is full"):
                spool.commit()
        assert spool.position.sample == stood
        assert numbers_in(directory) == list(range(stood + 1))
        assert spool.pending == 1_000
        stone.unlink()
        spool.commit()
        assert spool.position.sample == stood + 1_000
    assert numbers_in(directory) == list(range(stood + 1_001))


def test_on_a_full_disk_a_log_is_opened_read_and_makes_room_by_forgetting(small: Path) -> None:
    directory = small / "spool"
    bounds = Bounds(segment_bytes=60_000)
    with Spool.open(directory, bounds=bounds) as spool:
        for _ in range(20):
            append(spool, 1_000)
    fill(small)
    with Spool.open(directory, bounds=bounds) as spool:
        assert spool.position.sample == 19_999
        # So much that the segment would have to grow over the room that its last page has left.
        spool.put(samples_from(spool, 20_000, 1_000))
        with pytest.raises(StorageFailed, match="disk is full"):
            spool.commit()
        assert numbers_in(directory) == list(range(20_000))
        reader = SpoolReader(directory)
        reader.forget(Stream.SAMPLES, 19_999)
        assert reader.waiting().samples == 0
        spool.commit()
        assert numbers_in(directory, 19_999) == list(range(20_000, 21_000))


def test_a_log_cannot_be_begun_on_a_full_disk_and_can_when_there_is_room(small: Path) -> None:
    stone = fill(small)
    with pytest.raises(StorageFailed, match="disk is full"):
        Spool.open(small / "spool")
    stone.unlink()
    with Spool.open(small / "spool") as spool:
        append(spool, 1)
        assert spool.position.sample == 0


def test_a_full_disk_keeps_the_old_live_values(small: Path) -> None:
    status = CollectorStatus("127.0.0.1:1883", None, 0.0, 0.0, 0, 0)
    write_live(small, Live(1, status, ()))
    stone = fill(small)
    with pytest.raises(StorageFailed, match="disk is full"):
        write_live(small, Live(2, status, ()))
    found = read_live(small)
    assert found is not None
    assert found.at == 1
    stone.unlink()
    write_live(small, Live(2, status, ()))
    assert [path.name for path in small.iterdir()] == ["live"]


def test_readers_see_whole_commits_while_the_appender_writes_cuts_and_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[object] = []
    over = threading.Event()
    real = os.fdatasync
    syncs = 0

    def failing_now_and_then(handle: int) -> None:
        nonlocal syncs
        syncs += 1
        if syncs % 7 == 0:
            raise OSError(5, "no")
        real(handle)

    spool = Spool.open(tmp_path, bounds=SMALL)
    spool.number(TAG)
    monkeypatch.setattr(os, "fdatasync", failing_now_and_then)

    def read() -> None:
        reader, after = SpoolReader(tmp_path), -1
        while not over.is_set() or after < reader.last(Stream.SAMPLES):
            for last, part in reader.samples(after, 300):
                numbers = range(last - len(part) + 1, last + 1)
                if numbers[0] != after + 1 or part.value.tolist() != [float(n) for n in numbers]:
                    problems.append((after, last, part))
                after = last
            reader.forget(Stream.SAMPLES, after)
            reader.forget(Stream.EVENTS, reader.last(Stream.EVENTS))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        failed = 0
        for number in range(300):
            spool.put(samples_from(spool, number * 40, 40))
            spool.put_event(event(number))
            try:
                spool.commit()
            except StorageFailed:
                failed += 1
        monkeypatch.undo()
        spool.commit()
    finally:
        over.set()
        thread.join(30)
    assert not thread.is_alive()
    assert problems == []
    assert failed > 20
    assert spool.position.sample == 11_999
    assert spool.waiting().samples == 0
    assert len(list(tmp_path.glob("*.log"))) < 6
    spool.close()


def test_one_thread_puts_while_another_one_commits(tmp_path: Path) -> None:
    spool = Spool.open(tmp_path)
    over = threading.Event()

    def commit() -> None:
        while not over.is_set():
            spool.commit()

    thread = threading.Thread(target=commit)
    thread.start()
    try:
        for number in range(3_000):
            spool.put(samples_from(spool, number * 3, 3))
            spool.number(f"tag-{number}")
    finally:
        over.set()
        thread.join(30)
    spool.commit()
    assert spool.position.sample == 8_999
    spool.close()
    assert numbers_in(tmp_path) == list(range(9_000))


@settings(max_examples=100)
@given(cut_at=st.integers(1, 230), chance=st.randoms(use_true_random=False))
def test_a_power_cut_at_any_moment_takes_nothing_that_was_acknowledged_or_read(
    cut_at: int, chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="spool-") as folder:
        directory, left = Path(folder) / "log", Path(folder) / "left"
        directory.mkdir()
        disk = Disk(directory, cut_at)
        acknowledged = seen = -1
        spool = None
        try:
            with disk.watched(), pytest.MonkeyPatch.context() as patched:
                patched.setattr("ballast.plant.spool.active.SET_ASIDE_BYTES", 4096)
                spool = Spool.open(
                    directory, bounds=Bounds(segment_bytes=3_000), step=disk.happened
                )
                for number in range(8):
                    spool.number(f"tag-{number // 3}")
                    spool.put(samples_from(spool, spool.position.sample + 1, 20))
                    spool.put_event(event(number))
                    acknowledged = spool.commit().sample
                    reader = SpoolReader(directory, kept_segments=0)
                    seen = reader.last(Stream.SAMPLES)
                    reader.forget(Stream.SAMPLES, 30)
                    reader.forget(Stream.EVENTS, 2)
                spool.close()
        except PowerCutError:
            seen = max(seen, SpoolReader(directory).last(Stream.SAMPLES))
        disk.after_the_cut(left, chance)
        disk.close()
        if spool is not None:
            spool.close()
        with Spool.open(left) as spool:
            last = spool.position.sample
            assert max(acknowledged, seen) <= last <= acknowledged + 20
            events = SpoolReader(left).events(-1, 100)
            told = [e for _, part in events for e in part if e.kind is EventKind.TORN_LOG]
            assert [e.count for e in told] in ([], [0])
            if last >= 0:
                first = listed(left)[0][0].samples
                assert first <= 31
                assert numbers_in(left, first - 1) == list(range(first, last + 1))
                assert SpoolReader(left).names()[spool.number(TAG)] == TAG
                assert spool.number(TAG) == 1
            append(spool, 3)
        assert numbers_in(left, last) == [last + 1, last + 2, last + 3]
