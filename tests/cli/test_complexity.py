"""``ballast complexity``: on the real cells of the United States, and where it cannot answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ballast.cli.app import run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    home = tmp_path_factory.mktemp("complexity") / "home"
    file = shared_data / "clusters" / "us_cbp_2018.parquet"
    assert run(["load", "--home", str(home), "--recipe", "us-cbp", str(file)]) == 0
    return home


def asked(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["complexity", "--home", str(home), "--format", "json", *arguments]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_regions_are_ranked_by_complexity(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(home, capsys, "--limit", "2000")
    assert len(rows) == 933
    values = [row["eci"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(0, abs=1e-6)
    assert "Chicago" in rows[0]["region_name"]


def test_a_region_gets_industries_to_strengthen_attract_and_watch(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    rows = asked(home, capsys, "--region", "48620", "--limit", "9")
    assert [row["path"] for row in rows] == ["strengthen"] * 3 + ["attract"] * 3 + ["watch"] * 3
    assert all(row["rca"] < 1 for row in rows)
    assert run(["complexity", "--home", str(home), "--region", "48620", "--explain"]) == 0
    said = capsys.readouterr().err
    assert "upper quarter" in said
    assert "us_cbp_2018.parquet" in said


def test_what_cannot_be_answered_is_said_in_a_line(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["complexity", "--home", str(home), "--region", "nowhere"]) == 1
    assert run(["complexity", "--home", str(tmp_path / "none")]) == 1
    assert "Traceback" not in capsys.readouterr().err
