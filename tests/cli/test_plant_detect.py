"""``ballast plant detect`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ballast.cli.app import run


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a recording of two tags, one of them off in rows 500 to 579, with a verdict."""
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(700, 2))
    rows[500:580, 0] += 6.0
    lines = ["time,load,flow,anomaly"]
    for n, (load, flow) in enumerate(rows):
        clock = f"2026-11-23 {8 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}"
        lines.append(f"{clock},{load},{flow},{int(500 <= n < 580)}")
    path = tmp_path / "press.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_json_tells_rates_and_episodes(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plant", "detect", str(log), "--label", "anomaly", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["f1"] > 0.8
    assert 0 <= told["false_alarm_rate"] < 0.2
    assert 0 <= told["missed_alarm_rate"] < 0.2
    assert told["always_f1"] == pytest.approx(2 * 80 / (2 * 80 + 220))
    one = told["recordings"][0]
    assert one["tags"] == ["load", "flow"]
    assert one["training_rows"] == 400
    long = max(one["episodes"], key=lambda episode: episode["rows"])
    assert next(iter(long["tags"])) == "load"
    assert long["start"].startswith("2026-11-23T08:08:2")


def test_a_column_of_verdicts_is_no_tag_even_if_it_is_not_named(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write_text(log.read_text().replace("anomaly", "changepoint"))
    assert run(["plant", "detect", str(log), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recordings"][0]["tags"] == ["load", "flow"]
    assert "f1" not in told


def test_a_column_named_anomaly_is_compared_without_being_asked_for(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plant", "detect", str(log), "--label", "anomaly", "--format", "json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert run(["plant", "detect", str(log), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == asked
    assert run(["plant", "detect", str(log), "--tags", "anomaly,load", "--format", "json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert "f1" not in judged


def test_eyes_see_episodes_of_one_file_and_a_line_for_each_of_several(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plant", "detect", str(log), "--label", "anomaly"]) == 0
    out, err = capsys.readouterr()
    assert "load" in out
    assert "an alarm that always stands has F1 0.421" in err
    assert run(["plant", "detect", str(log), str(log), "--label", "anomaly"]) == 0
    out, _ = capsys.readouterr()
    assert out.count("press.csv") == 2
    assert run(["plant", "detect", str(log), "--format", "csv"]) == 0
    out, _ = capsys.readouterr()
    assert out.splitlines()[0] == "recording,start,end,rows,severity,statistic,tags"


def test_windows_are_read_from_a_file(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    windows = tmp_path / "windows.json"
    windows.write_text('[["2026-11-23 08:08:00", "2026-11-23T08:10:00+00:00"]]', encoding="utf-8")
    assert run(["plant", "detect", str(log), "--windows", str(windows)]) == 0
    assert "windows with an alarm: 1 of 1" in capsys.readouterr().err
    windows.write_text('{"from": 1}', encoding="utf-8")
    assert run(["plant", "detect", str(log), "--windows", str(windows)]) == 1
    assert "windows are a JSON list of pairs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ([], 2, "give recordings, or tags of the home"),
        (["LOG", "--from", "2026-01-01"], 2, "leave them out with files"),
        (["LOG", "--method", "magic"], 2, "there are pca, distance"),
        (["LOG", "--zone", "Nowhere/Land"], 2, "there is no such zone"),
        (["LOG", "--label", "verdict"], 2, "there is no column verdict"),
        (["LOG", "--train", "700"], 1, "leave rows to be judged"),
        (["LOG", "--train", "20"], 1, "press.csv cannot be judged: 20 training rows give"),
        (["LOG", "--false-alarms", "2"], 1, "must lie between 0 and 1"),
        (["--tags", "a", "--from", "yesterday"], 2, "this is no moment"),
        (["none.csv"], 1, "none.csv"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    log: Path, capsys: pytest.CaptureFixture[str], asked: list[str], code: int, told: str
) -> None:
    words = [str(log) if word == "LOG" else word for word in asked]
    assert run(["plant", "detect", *words]) == code
    err = capsys.readouterr().err
    assert told in err
    assert len(err.strip().splitlines()) == 1
