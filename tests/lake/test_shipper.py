"""Each event reaches the lake once: whatever ends the shipper, whenever, and how often."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.lake.conftest import Rows
from tests.lake.numbered_outbox import NumberedOutbox

from ballast.errors import HomeBusy, StorageFailed
from ballast.lake import store
from ballast.lake.backup import back_up, restore
from ballast.lake.lake import Lake
from ballast.lake.shipper import position, ship, shipping
from ballast.terms.viewer import Viewer

SCRIPT = Path(__file__).with_name("ship_and_die.py")
ROOT = SCRIPT.parents[2]
SURVIVES = 9_999


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "forgotten"


def numbers(lake: Lake, name: str, viewer: Viewer) -> list[int]:
    return sorted(lake.read(name, viewer).to_pyarrow()["seq"].to_pylist())


def all_once(lake: Lake, count: int, viewer: Viewer) -> bool:
    return numbers(lake, "handle_event", viewer) == list(range(1, count + 1)) and numbers(
        lake, "enterprise_prefix", viewer
    ) == list(range(10, count + 1, 10))


def commits(log: Path) -> int:
    return sum(1 for _ in log.glob("*.json"))


def run(home: Path, note: Path, count: int, limit: int, step: int, *before: str) -> tuple[int, str]:
    done = subprocess.run(
        [*before, sys.executable, str(SCRIPT), str(home), str(note),
         str(count), str(limit), str(step)],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_an_outbox_arrives_whole_in_batches_and_is_forgotten(
    lake: Lake, note: Path, analyst: Viewer
) -> None:
    outbox = NumberedOutbox(95, note)
    shipped = ship(lake, outbox, limit=20)
    assert (shipped.rows, shipped.batches, shipped.position) == (95 + 9, 5, 95)
    assert all_once(lake, 95, analyst)
    assert outbox.forgotten == position(lake, outbox) == 95


def test_what_was_shipped_is_not_asked_for_again(lake: Lake, note: Path, analyst: Viewer) -> None:
    ship(lake, NumberedOutbox(30, note))
    again = NumberedOutbox(30, note)
    assert ship(lake, again).rows == 0
    more = NumberedOutbox(44, note)
    assert ship(lake, more).rows == 14 + 1
    assert again.asked + more.asked == [30, 30]
    assert all_once(lake, 44, analyst)


def test_two_outboxes_fill_one_table_side_by_side(lake: Lake, tmp_path: Path) -> None:
    ship(lake, NumberedOutbox(5, tmp_path / "a", name="a"))
    ship(lake, NumberedOutbox(7, tmp_path / "b", name="b"))
    files = store.files(lake.directory("handle_event"))
    assert len(files) == 2
    assert position(lake, NumberedOutbox(0, tmp_path / "a", name="a")) == 5
    assert position(lake, NumberedOutbox(0, tmp_path / "b", name="b")) == 7


def test_an_outbox_that_was_set_back_is_told_and_nothing_is_taken_for_shipped(
    lake: Lake, note: Path
) -> None:
    ship(lake, NumberedOutbox(30, note))
    with pytest.raises(StorageFailed, match="set back"):
        ship(lake, NumberedOutbox(12, note))


def test_one_process_ships_into_a_home(lake: Lake, note: Path) -> None:
    with (
        shipping(lake),
        pytest.raises(HomeBusy, match="another process ships"),
        shipping(Lake.open(lake.home.path)),
    ):
        pass
    with shipping(lake):
        ship(lake, NumberedOutbox(3, note))


def test_files_of_many_small_batches_are_merged_and_the_dead_ones_go(
    lake: Lake, note: Path, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MANY_FILES", 8)
    for count in range(1, 40):
        ship(lake, NumberedOutbox(count, note))
    directory = lake.directory("handle_event")
    assert len(store.files(directory)) < 8
    assert all_once(lake, 39, analyst)
    # Merged files stay for queries under way; an hour later they are gone.
    assert len(list(directory.glob("*.parquet"))) > 8
    hour_ago = time.time() - 2 * 3600
    live = {Path(name) for name in store.files(directory)}
    for path in set(directory.glob("*.parquet")) - live:
        os.utime(path, (hour_ago, hour_ago))
    assert store.remove_dead_files(directory, 0) > 0
    assert set(directory.glob("*.parquet")) == live
    assert position(lake, NumberedOutbox(39, note)) == 39
    ship(lake, NumberedOutbox(41, note))
    assert all_once(lake, 41, analyst)


def test_loads_merges_and_batches_take_turns(
    lake: Lake, note: Path, analyst: Viewer, employment: Rows
) -> None:
    """A step of one tries to begin the other: the home's lock is held by then."""
    held: list[str] = []

    def step(name: str) -> None:
        try:
            with Lake.open(lake.home.path).home.lock(wait_seconds=0):
                pass
        except HomeBusy:
            held.append(name)

    ship(lake, NumberedOutbox(10, note), step=step)
    assert [name for name in held if "rows" in name] == [
        "before the rows of enterprise_prefix", "after the rows of enterprise_prefix",
        "before the rows of handle_event", "after the rows of handle_event",
    ]  # fmt: skip
    assert not any("forgetting" in name for name in held)
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    with lake.home.lock():
        for name in ("handle_event", "enterprise_prefix"):
            store.compact(lake.directory(name))
    ship(lake, NumberedOutbox(30, note))
    assert all_once(lake, 30, analyst)


def test_a_restored_home_goes_on_where_its_backup_was(
    lake: Lake, note: Path, tmp_path: Path, analyst: Viewer
) -> None:
    ship(lake, NumberedOutbox(20, note))
    back_up(lake.home, tmp_path / "saved.tar.gz")
    ship(lake, NumberedOutbox(35, note))
    restore(tmp_path / "saved.tar.gz", tmp_path / "other")
    other = Lake.open(tmp_path / "other")
    assert not (tmp_path / "other" / "shipper.lock").exists()
    ship(other, NumberedOutbox(35, tmp_path / "other-forgotten"))
    assert all_once(other, 35, analyst)


# 24 events in batches of 12 over two tables: for each batch the steps of an append twice (before,
# before the sync, after), and two around forgetting.
STEPS = 16


def test_a_shipper_that_lives_takes_the_steps_that_are_killed_below(
    lake: Lake, note: Path, analyst: Viewer
) -> None:
    assert run(lake.home.path, note, 24, 12, SURVIVES) == (0, f"{STEPS}\n")
    assert all_once(lake, 24, analyst)


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_shipper_killed_at_a_step_loses_and_doubles_nothing(
    lake: Lake, note: Path, analyst: Viewer, step: int
) -> None:
    code, told = run(lake.home.path, note, 24, 12, step)
    assert code == -9, told
    outbox = NumberedOutbox(24, note)
    assert outbox.forgotten <= max(position(lake, outbox), 0), "forgotten before it was shipped"
    # More came meanwhile, and the batches are cut otherwise.
    ship(lake, NumberedOutbox(31, note), limit=7)
    assert all_once(lake, 31, analyst)


# Writes to the disk of two batches, as the kernel sees them. Delta's own come from several threads,
# and strace counts the calls of each, so these are told by their file.
SECOND = "lake/{}/_delta_log/00000000000000000001.json#1"


@pytest.mark.skipif(shutil.which("strace") is None, reason="kills at system calls need strace")
@pytest.mark.parametrize(
    ("call", "table", "number"),
    [
        *((call, table, 1) for call in ("linkat", "unlink")
          for table in ("enterprise_prefix", "handle_event")),
        *(("fsync", None, n) for n in range(1, 21, 3)),
        *(("rename", None, n) for n in (1, 2)),
    ],
)  # fmt: skip
def test_a_shipper_killed_at_a_write_to_the_disk_loses_and_doubles_nothing(
    lake: Lake, note: Path, analyst: Viewer, call: str, table: str | None, number: int
) -> None:
    kill = f"inject={call}:signal=KILL:when={number}"
    where = ["-P", str(lake.home.path / SECOND.format(table))] if table else []
    strace = ("strace", "-f", "-qq", "-o", os.devnull, *where, "-e", f"trace={call}", "-e", kill)
    code, told = run(lake.home.path, note, 24, 12, SURVIVES, *strace)
    if "ptrace" in told:
        pytest.skip(f"strace may not trace here: {told.strip()}")
    assert code == -9, told
    ship(lake, NumberedOutbox(24, note), limit=12)
    assert all_once(lake, 24, analyst)


def test_a_shipper_killed_at_any_time_again_and_again_loses_and_doubles_nothing(
    lake: Lake, note: Path, analyst: Viewer
) -> None:
    rng = random.Random(7)
    kills = 0
    for round_ in range(1, 13):
        count = round_ * 200
        command = [sys.executable, str(SCRIPT), str(lake.home.path), str(note), str(count), "10"]
        with subprocess.Popen(
            [*command, str(SURVIVES)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as running:
            # Into the midst of it: some commits after it began, and a random moment more.
            log = lake.directory("handle_event") / "_delta_log"
            enough, deadline = commits(log) + 3, time.monotonic() + 60
            while commits(log) < enough and running.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(rng.random() * 0.05)
            running.kill()
            kills += running.wait() == -9
        found = numbers(lake, "handle_event", analyst)
        assert found == list(range(1, len(found) + 1))
    assert kills >= 8, "it was too quick to be killed"
    ship(lake, NumberedOutbox(2500, note))
    assert all_once(lake, 2500, analyst)
