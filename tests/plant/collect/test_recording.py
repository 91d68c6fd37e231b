"""Files of readings as loggers write them."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ballast.errors import Refused, UnreadableFile, WrongUsage
from ballast.plant.collect.recording import read_recording


def written(folder: Path, text: str) -> Path:
    path = folder / "log.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_of_numbers_are_tags_and_the_label_is_none(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "time;load;note;flow;bad\n"
        "2026-11-23 08:00:00;1.5;ok;7;0\n"
        "2026-11-23 08:00:01;-;ok;8;0.0\n"
        "2026-11-23 08:00:02;2.5;;9;1\n",
    )
    found = read_recording(path, label="bad")
    assert found.tags == ("load", "flow")
    assert found.times.tolist() == [1795420800000, 1795420801000, 1795420802000]
    np.testing.assert_array_equal(found.values[:, 0], [1.5, np.nan, 2.5])
    assert found.labels is not None
    assert found.labels.tolist() == [False, False, True]
    assert [note.text("en") for note in found.notes] == [
        "load: cells that are no numbers: 1; taken as missing"
    ]


def test_rows_are_put_in_order_and_a_time_that_comes_twice_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "t,x\n2026-01-02 00:01,3\n2026-01-02 00:00,1\n2026-01-02 00:00,2\n")
    found = read_recording(path)
    assert found.values[:, 0].tolist() == [1.0, 3.0]
    assert [note.text("en").split(":")[0] for note in found.notes] == [
        "rows that are earlier than the one before",
        "rows with the time of another",
    ]


def test_the_zone_says_whose_clock_it_was(tmp_path: Path) -> None:
    path = written(tmp_path, "t,x\n2026-01-02 08:00:00,1\n2026-01-02 08:00:01,2\n")
    assert read_recording(path, zone=ZoneInfo("Asia/Shanghai")).times[0] == 1767312000000


def test_infinities_are_missing(tmp_path: Path) -> None:
    path = written(tmp_path, "t,x,y\n2026-01-02 08:00:00,inf,1\n2026-01-02 08:00:01,2,nan\n")
    assert np.isnan(read_recording(path).values).tolist() == [[True, False], [False, True]]


def test_only_the_columns_named_are_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "t,x,y\n2026-01-02 08:00:00,3,1\n2026-01-02 08:00:01,2,4\n")
    assert read_recording(path, tags=("y",)).tags == ("y",)
    assert read_recording(path, without=("y",)).tags == ("x",)
    with pytest.raises(WrongUsage, match="there is no column z; its columns are: t, x, y"):
        read_recording(path, tags=("z",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n3,4\n", "no column holds a time in every row"),
        ("t,b\n2026-01-02 08:00:00,x\n2026-01-02 08:00:01,y\n", "no column of numbers"),
        ("t,b\n01-02-2026 08:00,1\n02-02-2026 08:00,1\n", "the day or the month first"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read_recording(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_recording(tmp_path / "none.csv")


def test_the_real_recordings_are_read_whole(shared_data: Path) -> None:
    folder = shared_data / "telemetry"
    valve = read_recording(
        folder / "skab_valve1" / "0.csv", label="anomaly", without=("changepoint",)
    )
    assert valve.values.shape == (1147, 8)
    assert valve.labels is not None
    assert int(valve.labels.sum()) == 401
    machine = read_recording(folder / "machine_temperature.csv")
    assert machine.values.shape == (22683, 1)  # twelve times are told twice
    steel = read_recording(folder / "steel_energy.csv")
    assert steel.values.shape == (35040, 7)
    assert "Load_Type" not in steel.tags
