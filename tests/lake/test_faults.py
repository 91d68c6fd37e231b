"""What a kill, a full disk and two writers at once leave behind: nothing half-done."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ballast.errors import HomeBusy, StorageFailed
from ballast.lake import store
from ballast.lake.home import open_home
from ballast.lake.lake import Lake
from ballast.lake.loading import load_file
from ballast.terms.viewer import Viewer

SCRIPT = Path(__file__).with_name("load_and_die.py")
STEPS = 6  # before, synced and after the rows, then the same for the ledger
SURVIVES = 99


def file_of(path: Path, persons: int, rows: int = 3) -> Path:
    lines = [
        f"{code},34,{2000 + n},{persons}" for n in range(rows) for code in ("371502", "371521")
    ]
    path.write_text("region,industry,period,employment_persons\n" + "\n".join(lines) + "\n")
    return path


def wide_file(folder: Path, number: int) -> Path:
    """Return a file whose rows do not compress: some 60 kB on the disk of the lake."""
    rng = random.Random(number)
    lines = [
        f"371524,{rng.choice(['33', '34'])},{year},7,{rng.randbytes(400).hex()}"
        for year in range(2000, 2070)
    ]
    path = folder / f"wide{number}.csv"
    path.write_text("region,industry,period,employment_persons,source\n" + "\n".join(lines) + "\n")
    return path


def load_until_full(lake: Lake, folder: Path, viewer: Viewer) -> None:
    """Load file after file, each smaller than the disk, until one does not fit."""
    for number in range(20):
        load_file(lake, "region_industry", wide_file(folder, number), viewer)


def load(home: Path, file: Path, step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(file), str(step)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def values(home: Path, viewer: Viewer) -> set[int]:
    rows = Lake.open(home).read("region_industry", viewer)
    return set(rows.to_pyarrow()["employment_persons"].to_pylist())


@pytest.fixture
def home(tmp_path: Path, analyst: Viewer) -> Path:
    lake = Lake.create(tmp_path / "home")
    load_file(lake, "region_industry", file_of(tmp_path / "first.csv", 1), analyst)
    return tmp_path / "home"


def test_a_load_that_lives_takes_the_steps_that_are_killed_below(
    home: Path, tmp_path: Path, analyst: Viewer
) -> None:
    done = load(home, file_of(tmp_path / "second.csv", 2), SURVIVES)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) == STEPS
    assert values(home, analyst) == {2}


@pytest.mark.parametrize("step", range(1, STEPS))
def test_a_load_killed_before_its_ledger_row_never_happened(
    home: Path, tmp_path: Path, analyst: Viewer, step: int
) -> None:
    second = file_of(tmp_path / "second.csv", 2)
    before = Lake.open(home).loads(analyst).height
    assert load(home, second, step).returncode == -9
    # Steps 5 and 6 come behind the ledger's own commit: then the load stands, whole.
    stands = Lake.open(home).loads(analyst).height > before
    assert stands == (step > 4)
    assert values(home, analyst) == ({2} if stands else {1})
    again = load(home, second, SURVIVES)
    assert again.returncode == 0, again.stderr
    assert values(home, analyst) == {2}


LOG = "lake/{}/_delta_log/00000000000000000001.json"
# Every write that a load makes to the disk, in its order, as the kernel sees it: the call, and
# the file it is on or the number of the call. Behind the ledger's link the load stands.
WRITES_BEFORE = [
    ("rename", None, 1),
    ("linkat", LOG.format("region_industry") + "#1", 1),
    ("unlink", LOG.format("region_industry") + "#1", 1),
    *(("fsync", None, number) for number in range(1, 6)),
    ("linkat", LOG.format("load") + "#1", 1),
]
WRITES_BEHIND = [
    ("unlink", LOG.format("load") + "#1", 1),
    *(("fsync", None, number) for number in range(6, 11)),
]


@pytest.mark.skipif(shutil.which("strace") is None, reason="kills at system calls need strace")
@pytest.mark.parametrize(
    ("call", "file", "number", "stands"),
    [
        *((*write, False) for write in WRITES_BEFORE),
        *((*write, True) for write in WRITES_BEHIND),
    ],
)
def test_a_load_killed_at_any_write_to_the_disk_leaves_all_or_nothing(
    call: str,
    file: str | None,
    number: int,
    stands: bool,
    home: Path,
    tmp_path: Path,
    analyst: Viewer,
) -> None:
    second = file_of(tmp_path / "second.csv", 2)
    where = ["-P", str(home / file)] if file else []
    kill = f"inject={call}:signal=KILL:when={number}"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, *where, "-e", f"trace={call}", "-e", kill,
         sys.executable, str(SCRIPT), str(home), str(second), str(SURVIVES)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if "ptrace" in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    assert done.returncode == -9, done
    assert values(home, analyst) == ({2} if stands else {1})


def test_a_load_killed_at_any_time_leaves_all_or_nothing(
    home: Path, tmp_path: Path, analyst: Viewer
) -> None:
    seen = {1}
    for number in range(2, 8):
        file = file_of(tmp_path / f"{number}.csv", number, rows=100)
        running = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(home), str(file), str(SURVIVES)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.5 + 0.12 * number)
        running.kill()
        running.wait()
        found = values(home, analyst)
        # A later load covers the first years of an earlier one or, killed, none of them.
        lake = Lake.open(home)
        live = len(lake.live_loads())
        rows = lake.read("region_industry", analyst)
        per_load = rows.group_by("load_id").aggregate(n=rows.count()).to_pyarrow()
        assert len(per_load) <= live
        seen |= found
    assert seen <= set(range(1, 8))


def test_rows_of_a_killed_load_are_found_and_removed(
    home: Path, tmp_path: Path, analyst: Viewer
) -> None:
    load(home, file_of(tmp_path / "second.csv", 2), 4)
    lake = Lake.open(home)
    left = lake.unfinished_rows()
    assert list(left) == ["region_industry"]
    assert store.remove_rows(lake.directory("region_industry"), left["region_industry"]) == 6
    assert lake.unfinished_rows() == {}
    assert values(home, analyst) == {1}


def test_two_loads_at_once_take_turns(home: Path, tmp_path: Path, analyst: Viewer) -> None:
    files = [file_of(tmp_path / f"{n}.csv", n) for n in (2, 3, 4)]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda file: load(home, file, SURVIVES), files))
    assert [d.returncode for d in done] == [0, 0, 0], [d.stderr for d in done]
    lake = Lake.open(home)
    assert len(lake.live_loads()) == 4
    assert len(set(lake.live_loads())) == 4
    newest = lake.live_loads()[-1]
    rows = lake.read("region_industry", analyst).to_pyarrow()
    assert set(rows["load_id"].to_pylist()) == {newest}


def test_the_same_file_loaded_twice_at_once_is_one_load(
    home: Path, tmp_path: Path, analyst: Viewer
) -> None:
    file = file_of(tmp_path / "second.csv", 2)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: load(home, file, SURVIVES), range(2)))
    assert len({d.stdout.split()[0] for d in done}) == 1
    assert len(Lake.open(home).live_loads()) == 2


def test_a_home_that_is_held_says_so_after_the_wait(home: Path) -> None:
    opened = open_home(home)
    with (
        opened.lock(),
        pytest.raises(HomeBusy, match="another load has held"),
        opened.lock(wait_seconds=0.1),
    ):
        pass


def test_a_full_disk_commits_nothing_and_says_so(tmp_path: Path, analyst: Viewer) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    try:
        lake = Lake.create(small / "home")
        load_file(lake, "region_industry", file_of(tmp_path / "first.csv", 1), analyst)
        (small / "ballast").write_bytes(b"x" * 400_000)
        with pytest.raises(StorageFailed, match="disk is full"):
            load_until_full(lake, tmp_path, analyst)
        rows = Lake.open(small / "home").read("region_industry", analyst).to_pyarrow()
        assert {1} <= set(rows["employment_persons"].to_pylist())
        assert set(rows["load_id"].to_pylist()) <= set(lake.live_loads())
    finally:
        subprocess.run(["umount", str(small)], check=False)
