"""The file: shared by processes, whole after a kill, and clear about what is wrong with it."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import insert
from tests.state.conftest import START, HandClock

from ballast.errors import HomeBusy, NoHome, StorageFailed
from ballast.state.audit import entries, record
from ballast.state.drafts import load_draft, save_draft
from ballast.state.jobs import JobStatus, create_job, find_job
from ballast.state.schema import TRIES, USERS
from ballast.state.store import State
from ballast.state.users import User, add_user, list_users
from ballast.terms.role import Role

WRITER = Path(__file__).with_name("write_and_die.py")


def writer(path: Path, what: str, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), str(path), what, who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_file_stands_in_the_home_and_opens_by_either_path(
    tmp_path: Path, clock: HandClock
) -> None:
    with State(tmp_path, clock) as made:
        assert made.path == tmp_path / "state.sqlite"
    with State(tmp_path / "state.sqlite", clock) as again:
        assert again.path == made.path


def test_only_the_owner_may_read_the_files(state: State, zhao: User) -> None:
    found = list(state.path.parent.glob("state.sqlite*"))
    assert len(found) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}


def test_the_file_is_in_wal_mode_and_holds_to_foreign_keys(state: State) -> None:
    with state.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_row_of_nobody_is_refused(state: State) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        save_draft(state, 404, "form", {})


def test_without_a_home_there_is_no_state(tmp_path: Path, clock: HandClock) -> None:
    with pytest.raises(NoHome):
        State(tmp_path / "none" / "state.sqlite", clock)


@pytest.mark.parametrize("content", [b"no database, this is a letter" * 50, b"\x00" * 4096])
def test_a_file_that_is_none_is_refused_and_kept(
    tmp_path: Path, clock: HandClock, content: bytes
) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageFailed):
        State(path, clock)
    assert path.read_bytes() == content


def test_what_fails_half_way_leaves_nothing(state: State) -> None:
    def half() -> None:
        with state.write() as connection:
            connection.execute(insert(TRIES).values(name_digest=b"a", at=START))
            raise KeyError("half way")

    with pytest.raises(KeyError):
        half()
    with state.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tries").scalar() == 0


def test_a_full_disk_is_said_and_leaves_what_was(state: State, zhao: User) -> None:
    save_draft(state, zhao.id, "form", {"small": 1})

    def fill() -> None:
        with state.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.execute(
                insert(TRIES), [{"name_digest": b"x" * 4000, "at": START} for _ in range(50)]
            )

    with pytest.raises(StorageFailed, match="disk is full"):
        fill()
    draft = load_draft(state, zhao.id, "form")
    assert draft is not None
    assert draft.body == {"small": 1}


def test_a_lock_held_too_long_is_said(state: State, clock: HandClock) -> None:
    holder = sqlite3.connect(state.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with State(state.path, clock, busy_seconds=0.1) as hasty, pytest.raises(HomeBusy):
        record(hasty, clock(), "zhao", "analyst", "read", "x")
    holder.execute("ROLLBACK")
    holder.close()
    assert entries(state) == ()


def test_readers_go_on_while_one_writes(state: State, zhao: User) -> None:
    with state.write() as connection:
        connection.execute(insert(TRIES).values(name_digest=b"a", at=START))
        assert list_users(state) == (zhao,)


def test_more_threads_than_connections_take_turns(state: State, clock: HandClock) -> None:
    def work(number: int) -> None:
        for _ in range(5):
            record(state, clock(), f"t{number}", "analyst", "read", "x")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entries(state, limit=1000)) == 120


def test_processes_write_at_once_and_nothing_is_lost(state: State) -> None:
    running = [writer(state.path, "audit", f"p{number}", 100) for number in range(3)]
    told = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    found = entries(state, limit=1000)
    assert len(found) == 300
    assert len({(one.who, one.what) for one in found}) == 300


def test_processes_that_open_a_new_file_at_once_all_find_it_whole(
    tmp_path: Path, clock: HandClock
) -> None:
    running = [writer(tmp_path / "state.sqlite", "audit", f"p{n}", 1) for n in range(4)]
    told = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * 4, told
    with State(tmp_path, clock) as state:
        assert len(entries(state)) == 4


def test_a_process_killed_while_it_writes_leaves_whole_transactions(
    state: State, clock: HandClock
) -> None:
    said: list[tuple[str, int]] = []
    for lap in range(4):
        process = writer(state.path, "pairs", f"lap{lap}", 1_000_000)
        assert process.stdout is not None
        said.append((f"lap{lap}", int(process.stdout.readline())))
        time.sleep(0.05 + 0.06 * lap)
        os.kill(process.pid, signal.SIGKILL)
        said += [(f"lap{lap}", int(line)) for line in process.stdout]
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
    with State(state.path, clock) as again, again.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        audit = connection.exec_driver_sql('SELECT who, "count" FROM audit').all()
        tries = connection.exec_driver_sql("SELECT name_digest FROM tries").scalars().all()
    written = {(row[0], row[1]) for row in audit}
    assert {f"{who}-{number}".encode() for who, number in written} == set(tries)
    # What was said to stand does; at most the one not yet said is more.
    assert set(said) <= written
    assert len(written) - len(said) <= 4


def test_a_snapshot_is_whole_while_others_write(
    state: State, zhao: User, clock: HandClock, tmp_path: Path
) -> None:
    process = writer(state.path, "pairs", "w", 1_000_000)
    assert process.stdout is not None
    process.stdout.readline()
    state.snapshot(tmp_path / "copy.sqlite")
    process.kill()
    process.communicate(timeout=60)
    with State(tmp_path / "copy.sqlite", clock) as copy, copy.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("audit", "tries")
        ]
        assert counts[0] == counts[1] != 0
    assert stat.S_IMODE((tmp_path / "copy.sqlite").stat().st_mode) == 0o600


def test_a_snapshot_overwrites_nothing(state: State, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    with pytest.raises(StorageFailed):
        state.snapshot(tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "kept"


def test_an_error_does_not_repeat_what_was_bound(state: State, zhao: User) -> None:
    row = {"name": "zhao", "display": "x", "role": "analyst", "language": "zh", "disabled": False}
    row |= {"password_hash": "$argon2id$secret-hash", "created_at": START}

    def twice() -> None:
        with state.write() as connection:
            connection.execute(insert(USERS).values(row))

    with pytest.raises(Exception, match="UNIQUE") as caught:
        twice()
    assert "secret-hash" not in str(caught.value)


def test_only_jobs_of_processes_that_ended_are_failed_at_the_start(
    state: State, zhao: User, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = create_job(state, "load", zhao.id)
    monkeypatch.setattr("ballast.state.jobs.this_process", lambda: "another-boot/1/1")
    theirs = create_job(state, "load", zhao.id)
    clock.move(minutes=5)
    with State(state.path, clock) as again:
        assert find_job(again, ours.id).status is JobStatus.RUNNING
        stopped = find_job(again, theirs.id)
    assert stopped.status is JobStatus.FAILED
    assert stopped.ended_at == clock.now


def test_accounts_are_there_when_it_is_opened_again(tmp_path: Path, clock: HandClock) -> None:
    with State(tmp_path, clock) as first:
        made = add_user(first, "钱", role=Role.OPERATOR, clusters=["steel"], display="钱七")
    with State(tmp_path, clock) as second:
        assert list_users(second) == (made,)
