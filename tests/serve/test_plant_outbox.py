"""The plant's log arrives in the lake whole and once, whenever the shipper is killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.serve.plant_log import BEGUN, ME, TAGS, all_once, event_of, samples_of, written

from ballast.errors import StorageFailed
from ballast.lake import sorted_store
from ballast.lake.lake import Lake
from ballast.lake.ordering import ordered
from ballast.lake.shipper import position, ship
from ballast.lake.tables import table
from ballast.plant.measures.rollup import MINUTE_MS, joined, merge_parts, roll_up
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Spool
from ballast.serve.plant_outbox import PlantSamples, owner_of, plant_outboxes
from ballast.serve.plant_rollups import COMBINED, Owner, merged_rows, rollup_rows

SCRIPT = Path(__file__).with_name("plant_ship_and_die.py")
ROOT = Path(__file__).resolve().parents[2]
SURVIVES = 10_000


def ship_all(lake: Lake, *, limit: int = 100_000) -> int:
    told: list[object] = []
    outboxes = plant_outboxes(lake, missing=lambda *one: told.append(one), damaged=told.append)
    rows = sum(ship(lake, one, limit=limit, combine=COMBINED).rows for one in outboxes)
    assert told == []
    return rows


def test_samples_roll_ups_and_events_are_shipped_whole(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=500)
    lake = Lake.open(home)
    ship_all(lake, limit=120)
    assert all_once(lake, 500, 5)
    assert ship_all(lake) == 0
    row = lake.read("telemetry", ME).filter(lambda t: t.tag == TAGS[2]).order_by("time")
    first = row.limit(1).to_pyarrow().to_pylist()[0]
    assert (first["uscc"], first["provenance"], first["ordinal"]) == (None, "real", 0)
    assert round(first["time"].timestamp() * 1000) == BEGUN
    assert round(first["received_at"].timestamp() * 1000) == BEGUN + 30


def test_a_home_without_a_log_has_nothing_to_ship(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    assert plant_outboxes(lake, missing=print, damaged=print) == ()
    (tmp_path / "home" / "plant" / "spool").mkdir(parents=True)
    assert plant_outboxes(lake, missing=print, damaged=print) == ()


def test_what_is_shipped_is_forgotten_by_the_log(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=90)
    ship_all(Lake.open(home))
    waiting = SpoolReader(home / "plant" / "spool").waiting()
    assert (waiting.samples, waiting.events) == (0, 0)


def test_a_log_older_than_the_lake_is_refused(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=60)
    shutil.copytree(home / "plant", tmp_path / "older")
    written(home, upto=120)
    lake = Lake.open(home)
    ship_all(lake)
    shutil.rmtree(home / "plant")
    shutil.copytree(tmp_path / "older", home / "plant")
    with pytest.raises(StorageFailed, match="older than the lake"):
        ship_all(lake)


def test_a_log_begun_anew_is_another_outbox(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=60, events=0)
    lake = Lake.open(home)
    ship_all(lake)
    shutil.rmtree(home / "plant")
    written(home, upto=30, events=0)
    assert ship_all(lake) > 30
    assert lake.read("telemetry", ME).count().to_pyarrow().as_py() == 90


def test_samples_that_the_log_has_lost_are_told(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=60, commits=1)
    reader = SpoolReader(home / "plant" / "spool")
    told: list[tuple[int, int]] = []

    class Short(SpoolReader):
        def samples(self, after: int, limit: int) -> Iterator[tuple[int, Samples]]:
            return super().samples(max(after, 9), limit)

    short = Short(home / "plant" / "spool")
    outbox = PlantSamples(short, Owner, lambda _: (), lambda *one: told.append(one))
    assert [batch.last for batch in outbox.batches(-1, 100)] == [59]
    assert told == [(0, 9)]
    assert reader.last(Stream.SAMPLES) == 59


def test_a_batch_ends_wherever_a_table_of_the_outbox_stands(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=300, commits=4)
    reader = SpoolReader(home / "plant" / "spool")
    outbox = PlantSamples(reader, Owner, lambda _: (19, 100, 41), print)
    assert [batch.last for batch in outbox.batches(19, 1000)] == [41, 100, 299]
    assert [batch.last for batch in outbox.batches(19, 30)][:3] == [41, 49, 74]


def test_the_mapping_says_whose_the_samples_are(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=10)
    assert owner_of(home) == Owner()
    (home / "plant" / "site.toml").write_text("this is no mapping", encoding="utf-8")
    assert owner_of(home) == Owner()


# 240 samples in batches of 120 over three tables, and five events: the steps of each append, of
# the merges that follow it where two files make one, and of forgetting.
STEPS = 59


class Killed(BaseException):
    """Ends a shipper between two steps as a kill would: nothing of it is caught on the way."""


def ship_and_stop(home: Path, limit: int, last: int) -> int:
    """Ship, and stop when the step of a number begins; return how many steps there were."""
    steps = 0

    def step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            raise Killed

    lake = Lake.open(home)
    for outbox in plant_outboxes(lake, missing=print, damaged=print):
        ship(lake, outbox, limit=limit, combine=COMBINED, step=step)
    return steps


@pytest.fixture
def merged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_store, "FANS", (2, 2))


@pytest.mark.usefixtures("merged_at_once")
def test_a_shipper_that_lives_takes_the_steps_that_are_stopped_at_below(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=240)
    assert ship_and_stop(home, 120, SURVIVES) == STEPS
    assert all_once(Lake.open(home), 240, 5)


@pytest.mark.usefixtures("merged_at_once")
@pytest.mark.parametrize("begin", range(1, 13))
def test_a_shipper_stopped_at_every_step_loses_and_doubles_nothing(
    tmp_path: Path, begin: int
) -> None:
    """After each stop more has come, so that the batch that is tried again could be another."""
    upto = 240
    home = written(tmp_path / "home", upto=upto)
    for step in range(begin, STEPS + 1, 12):
        with suppress(Killed):
            ship_and_stop(home, 120, step)
        upto += 31
        written(home, upto=upto)
    lake = Lake.open(home)
    ship_all(lake)
    assert all_once(lake, upto, 5)
    for outbox in plant_outboxes(lake, missing=print, damaged=print):
        assert position(lake, outbox) == outbox.last()


def test_a_shipper_that_is_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    upto = 240
    home = written(tmp_path / "home", upto=upto)
    codes = []
    for step in (3, 8, 13, 2, 16, 9, SURVIVES):
        done = subprocess.run(
            [sys.executable, str(SCRIPT), str(home), "120", str(step)],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode in (0, -9), done.stderr
        codes.append(done.returncode)
        upto += 150
        written(home, upto=upto)
    assert codes == [-9] * 6 + [0]
    lake = Lake.open(home)
    ship_all(lake)
    assert all_once(lake, upto, 5)


def stored_parts(*parts: pa.Table) -> pa.Table:
    whole = pa.concat_tables([part.drop_columns(["seq"]) for part in parts])
    declared = table("telemetry_1min")
    rows = whole.select(declared.stored_schema.names).cast(declared.stored_schema)
    return ordered(rows, ("tag", "time"))


def test_parts_of_a_minute_become_one_when_files_are_merged() -> None:
    names = pa.array(TAGS, pa.string())
    pieces = [samples_of(0, 100), samples_of(100, 200), samples_of(300, 33)]
    made = [
        rollup_rows(piece, names, MINUTE_MS, n, Owner("91371500YL0000001X", "synthetic"))
        for n, piece in enumerate(pieces)
    ]
    merged = merged_rows(stored_parts(*made))
    whole = merge_parts(
        joined([roll_up(p.tag, p.time, np.where(p.null, np.nan, p.value), MINUTE_MS)
                for p in pieces])
    ).rollup  # fmt: skip
    assert merged.num_rows == len(whole) < sum(part.num_rows for part in made)
    by_key = {(row["tag"], row["time"].timestamp() * 1000): row for row in merged.to_pylist()}
    for n in range(len(whole)):
        row = by_key[(TAGS[whole.tag[n]], float(whole.window[n]))]
        assert (row["count"], row["finite"]) == (whole.count[n], whole.finite[n])
        assert row["rise"] == pytest.approx(whole.rise[n])
        assert row["sum_squares"] == pytest.approx(whole.sum_squares[n])
        assert (row["uscc"], row["provenance"]) == ("91371500YL0000001X", "synthetic")
    assert merged.equals(ordered(merged, ("tag", "time")))


def test_parts_that_interleave_stay_parts() -> None:
    names = pa.array(TAGS, pa.string())
    whole = samples_of(0, 90)
    odd, even = whole.take(slice(0, 90, 2)), whole.take(slice(1, 90, 2))
    made = [rollup_rows(p, names, MINUTE_MS, n, Owner()) for n, p in enumerate((odd, even))]
    rows = stored_parts(*made)
    assert merged_rows(rows).sort_by("ordinal").equals(rows.sort_by("ordinal"))


def test_an_event_says_what_it_said(tmp_path: Path) -> None:
    home = written(tmp_path / "home", upto=3, events=20)
    lake = Lake.open(home)
    ship_all(lake)
    for row in lake.read("telemetry_event", ME).to_pyarrow().to_pylist():
        event = event_of(row["seq"])
        assert (row["kind"], row["source"], row["tag"], row["count"], row["detail"] or "") == (
            event.kind, event.source, event.tag, event.count, event.detail,
        )  # fmt: skip
        assert (row["until"] is None) == (event.until is None)


def test_a_collector_that_begins_a_log_later_is_seen(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    Spool.open(tmp_path / "home" / "plant" / "spool").close()
    first, _ = plant_outboxes(lake, missing=print, damaged=print)
    assert (first.last(), ship(lake, first).rows) == (-1, 0)
