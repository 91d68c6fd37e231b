"""``ballast cube``: sealing a home, what it says of what is withheld, and showing vintages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.brain.cube.world import loaded, region

from ballast.cli.app import run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cube") / "home"
    loaded(path, region(5, enterprises=40, periods=("2026-01..02",)))
    assert run(["cube", "seal", "--home", str(path), "--vintage", "first"]) == 0
    return path


def test_sealing_says_what_is_withheld_and_against_which_bound(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    arguments = ["cube", "seal", "--home", str(home), "--explain", "--format", "json", "--anew"]
    assert run(arguments) == 0
    printed = capsys.readouterr()
    rows = {row["indicator"]: row for row in json.loads(printed.out)}
    assert rows["revenue"]["primary"] > 0
    assert rows["revenue"]["secondary"] >= rows["revenue"]["least"] > 0
    assert "figures published" in printed.err
    assert "n = 3, k = 0.85, p = 0.15" in printed.err


def test_show_lists_vintages_and_what_one_holds(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    capsys.readouterr()
    assert run(["cube", "show", "--home", str(home), "--format", "json"]) == 0
    names = [row["vintage"] for row in json.loads(capsys.readouterr().out)]
    assert names[0] == "first"
    assert run(["cube", "show", "first", "--home", str(home), "--explain", "--format", "json"]) == 0
    printed = capsys.readouterr()
    rows = {row["indicator"]: row for row in json.loads(printed.out)}
    assert rows["revenue"]["suppressed"] > 0
    assert "sensitive themselves" in printed.err
    assert "made from the loads L0000001" in printed.err


def test_what_cannot_be_sealed_or_shown_is_refused_in_one_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cube", "seal", "--home", str(home), "--vintage", "first"]) == 1
    assert run(["cube", "show", "other", "--home", str(home)]) == 1
    assert run(["cube", "seal", "--home", str(home), "--least", "1"]) == 1
    assert run(["cube", "seal", "--home", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) < 12
