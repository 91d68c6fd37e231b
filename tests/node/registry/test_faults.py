"""What a kill, a full disk, a full map and two writers leave behind: nothing half-done."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from ballast.errors import StorageFailed
from ballast.node.registry.keeping import backup, restore
from ballast.node.registry.lmdb_store import FILE, LmdbStore

from .records_made import draft, made, many, put
from .write_and_die import LOAD, RECORDS

SCRIPT = Path(__file__).with_name("write_and_die.py")
READS_AND_WAITS = """
import sys, time
from pathlib import Path
from ballast.node.registry.lmdb_store import LmdbStore
store = LmdbStore.open(Path(sys.argv[1]), readonly=True)
reader = store.reader()
reader.total()
print("reading", flush=True)
time.sleep(60)
"""


def whole_commits(path: Path) -> int:
    """Return how many commits stand, after looking whether each of them is whole."""
    with LmdbStore.open(path) as store, store.snapshot() as moment:
        progress = moment.bulk(LOAD)
        if progress is None:
            assert (moment.total(), moment.outbox_last(), moment.audit_last()) == (0, 0, None)
            return 0
        commits, rest = divmod(progress.lines, RECORDS)
        assert rest == 0
        assert moment.total() == progress.lines == moment.outbox_last()
        assert moment.miscounts() == {}
        assert sum(moment.count(b"88.118.%d" % n) for n in range(3)) == progress.lines
        assert moment.audit_last() == (commits, b"%d" % (commits - 1))
        day = date(2026, 5, 1)
        assert moment.daily(day, day)[0].registered == progress.lines
        first = max(0, (commits - 3) * RECORDS) + 1
        assert [e.seq for e in moment.outbox()] == list(range(first, progress.lines + 1))
        return commits


def test_a_writer_killed_at_any_time_leaves_whole_commits(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    rng = random.Random(20260501)
    stood = 0
    for _ in range(10):
        running = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(path), "100000"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.0, 0.15))
        running.kill()
        told = running.stdout.read().splitlines()
        running.stdout.close()
        running.wait()
        acknowledged = int(told[-1]) if told and told[-1] else stood
        stands = whole_commits(path)
        # What was told stands; one more may, which was on the disk before it could be told.
        assert acknowledged <= stands <= acknowledged + 1
        stood = stands
    assert stood > 0


# The writes of a commit to the file: its pages, the disk's word for them, then the page that
# makes them count, and the disk's word for that. How many pages are written at once is LMDB's
# matter, so every call up to the last is tried.
@pytest.mark.skipif(shutil.which("strace") is None, reason="kills at system calls need strace")
@pytest.mark.parametrize("call", ["pwrite64", "writev", "fdatasync"])
def test_a_writer_killed_at_any_write_to_the_disk_leaves_whole_commits(
    call: str, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    done = subprocess.run([sys.executable, str(SCRIPT), str(first), "2"], check=False)
    assert done.returncode == 0
    seen = set()
    for number in range(1, 9):
        path = tmp_path / f"{call}{number}"
        shutil.copytree(first, path)
        died = subprocess.run(
            ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(path / FILE),
             "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}",
             sys.executable, str(SCRIPT), str(path), "1"],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if "ptrace" in died.stderr:
            pytest.skip(f"strace may not trace here: {died.stderr.strip()}")
        seen.add(whole_commits(path))
        if died.returncode == 0:
            break
        assert died.returncode == -9, died
    else:
        pytest.fail("a commit takes more writes than were tried")
    assert seen == {2, 3}


@pytest.mark.skipif(shutil.which("strace") is None, reason="failing system calls need strace")
@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        ("writev", "ENOSPC", "the disk is full"),
        ("writev", "EIO", "cannot be used (mdb_txn_commit: Input/output error)"),
        ("fdatasync", "EIO", "cannot be used (mdb_txn_commit: Input/output error)"),
        # The page that makes a commit count: the disk no longer knows whether it does.
        ("pwrite64", "EIO", "cannot be used (mdb_txn_commit: Input/output error)"),
    ],
)
def test_a_disk_that_fails_leaves_whole_commits_and_is_said_in_a_line(
    call: str, error: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "registry"
    done = subprocess.run([sys.executable, str(SCRIPT), str(path), "2"], check=False)
    assert done.returncode == 0
    failed = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(path / FILE),
         "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when=1+",
         sys.executable, str(SCRIPT), str(path), "1"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if "ptrace" in failed.stderr:
        pytest.skip(f"strace may not trace here: {failed.stderr.strip()}")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("ballast.errors.StorageFailed: ")
    assert said in failed.stderr.splitlines()[-1]
    assert whole_commits(path) == 2


WRITES_TWICE = """
import sys
from pathlib import Path
from ballast.errors import StorageFailed
from ballast.node.registry.lmdb_store import LmdbStore
with LmdbStore.open(Path(sys.argv[1])) as store:
    for number in range(2):
        try:
            with store.write() as transaction:
                transaction.append_audit(b"entry")
        except StorageFailed as error:
            print(store.has_failed, error, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="failing system calls need strace")
def test_a_writer_whose_commit_failed_half_way_is_told_to_start_again_while_others_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "registry"
    with LmdbStore.open(path) as store:
        put(store, "1/a")
    writing = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(path / FILE),
         "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EIO:when=1+",
         sys.executable, "-c", WRITES_TWICE, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writing.stdout is not None
    first = writing.stdout.readline()
    second = writing.stdout.readline()
    try:
        with (
            LmdbStore.open(path, readonly=True) as store,
            store.snapshot() as moment,
        ):
            assert moment.record(b"1/a") == made("1/a")[1]
            assert moment.audit_last() is None
    finally:
        writing.communicate("", timeout=60)
    if not first:
        pytest.skip("strace may not trace here")
    assert first.startswith("False ")
    assert "mdb_txn_commit: Input/output error" in first
    assert second.startswith("True ")
    assert "the disk failed in the middle of a commit" in second
    with LmdbStore.open(path) as store:  # a disk that works again
        put(store, "1/b")


def test_a_second_writer_is_refused_in_one_line_and_a_reader_is_not(tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path / "registry") as store:
        put(store, "1/a")
        for wait in ("0", "0.2"):
            second = subprocess.run(
                [sys.executable, "-c",
                 "import sys\nfrom pathlib import Path\n"
                 "from ballast.errors import HomeBusy\n"
                 "from ballast.node.registry.lmdb_store import LmdbStore\n"
                 "with LmdbStore.open(Path(sys.argv[1]), readonly=True) as store:\n"
                 "    with store.snapshot() as moment: print(moment.total())\n"
                 "try: LmdbStore.open(Path(sys.argv[1]), wait_seconds=float(sys.argv[2]))\n"
                 "except HomeBusy as error: print(error)\n",
                 str(tmp_path / "registry"), wait],
                capture_output=True, text=True, timeout=60, check=True,
            )  # fmt: skip
            assert second.stdout.splitlines() == [
                "1",
                f"{tmp_path / 'registry'}: another program writes this registry; "
                "let it do the writing, or end it",
            ]


def test_a_writer_that_waits_comes_next(tmp_path: Path) -> None:
    first = LmdbStore.open(tmp_path / "registry")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(LmdbStore.open, tmp_path / "registry", wait_seconds=30)
        time.sleep(0.2)
        assert not waiting.done()
        put(first, "1/a")
        first.close()
        with waiting.result(timeout=30) as second:
            put(second, "1/b")
            with second.snapshot() as moment:
                assert moment.total() == 2


def test_the_lock_goes_with_a_failed_opening(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    path.mkdir()
    (path / FILE).write_bytes(b"no registry" * 1000)
    for _ in range(2):  # not HomeBusy the second time
        with pytest.raises(StorageFailed, match="is damaged, or no registry"):
            LmdbStore.open(path)


def test_what_a_killed_reader_left_behind_is_freed(tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path / "registry") as store:
        put(store, "1/a")
        reading = subprocess.Popen(
            [sys.executable, "-c", READS_AND_WAITS, str(store.path)], stdout=subprocess.PIPE
        )
        assert reading.stdout is not None
        reading.stdout.readline()
        assert store.check_readers() == 0
        reading.kill()
        reading.stdout.close()
        reading.wait()
        assert store.check_readers() == 1
        assert store.check_readers() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    yield small
    subprocess.run(["umount", str(small)], check=False)


def test_on_a_full_disk_nothing_is_committed_reading_goes_on_and_space_heals(
    small_disk: Path,
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 600_000)
    with LmdbStore.open(small_disk / "registry") as store:
        reader = store.reader()
        put(store, "1/a")
        committed = 1

        def write_until_full() -> None:
            nonlocal committed
            for block in range(100):
                with store.write() as transaction:
                    transaction.put_new_records(many("88.118.8", committed, committed + 200))
                    transaction.append_events([draft(f"88.118.8/{block}")])
                committed += 200

        for _ in range(3):  # and again: the failure leaves the store as it was
            with pytest.raises(StorageFailed, match=r"records.mdb: the disk is full"):
                write_until_full()
            with store.snapshot() as moment:
                assert moment.total() == committed
                assert moment.miscounts() == {}
                assert moment.record(b"1/a") == made("1/a")[1]
            assert reader.get(b"1/a") == made("1/a")[1]
            reader.release()
        # A program that begins to read now is not hurt either.
        reads = subprocess.run(
            [sys.executable, "-c", READS_AND_WAITS.replace("time.sleep(60)", ""), str(store.path)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (reads.returncode, reads.stdout) == (0, "reading\n"), reads.stderr
        ballast.unlink()
        with store.write() as transaction:
            transaction.put_new_records(many("88.118.8", committed, committed + 200))
        with store.snapshot() as moment:
            assert moment.total() == committed + 200
            assert moment.outbox_last() == len(moment.outbox())


def test_a_registry_cannot_be_made_on_a_full_disk(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * (1_200 * 1024 - 8192))
    with pytest.raises(StorageFailed, match="the disk is full"):
        LmdbStore.open(small_disk / "registry")
    (small_disk / "ballast").unlink()
    with LmdbStore.open(small_disk / "registry") as store:
        put(store, "1/a")


def test_a_full_map_commits_nothing_and_a_larger_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    with LmdbStore.open(path, map_bytes=1 << 20) as store:
        put(store, "1/a")
        with (
            pytest.raises(StorageFailed, match="has reached the size it may grow to"),
            store.write() as transaction,
        ):
            transaction.put_new_records(many("88.118.8", 0, 5000))
        with store.snapshot() as moment:
            assert (moment.total(), moment.miscounts()) == (1, {})
    with LmdbStore.open(path, map_bytes=1 << 26) as store:
        with store.write() as transaction:
            transaction.put_new_records(many("88.118.8", 0, 5000))
        with store.snapshot() as moment:
            assert moment.total() == 5001


def test_a_reader_with_a_smaller_map_follows_a_registry_that_has_grown(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    grows = (
        "import sys\nfrom pathlib import Path\n"
        "from ballast.node.registry.lmdb_store import LmdbStore\n"
        "with LmdbStore.open(Path(sys.argv[1]), map_bytes=1 << 26) as store:\n"
        "    with store.write() as t: t.put_meta('large', b'x' * (4 << 20))\n"
    )
    LmdbStore.open(path, map_bytes=1 << 20).close()
    with LmdbStore.open(path, readonly=True, map_bytes=1 << 20) as store:
        reader = store.reader()
        assert reader.total() == 0
        reader.release()
        subprocess.run([sys.executable, "-c", grows, str(path)], check=True, timeout=60)
        assert len(reader.meta("large") or b"") == 4 << 20
        reader.release()


def test_a_backup_taken_while_it_is_written_is_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "registry"
    writing = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(path), "100000"], stdout=subprocess.PIPE, text=True
    )
    assert writing.stdout is not None
    told = [writing.stdout.readline() for _ in range(3)]
    try:
        with LmdbStore.open(path, readonly=True) as store:
            for number in range(3):
                backup(store, tmp_path / f"{number}.mdb")
                told += [writing.stdout.readline() for _ in range(2)]
    finally:
        writing.kill()
        writing.stdout.close()
        writing.wait()
    stood = []
    for number in range(3):
        restore(tmp_path / f"{number}.mdb", tmp_path / f"restored{number}")
        stood.append(whole_commits(tmp_path / f"restored{number}"))
    assert stood[0] >= 2
    assert stood == sorted(set(stood))
