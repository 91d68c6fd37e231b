"""``ballast clusters --explain`` says what made a cluster grow, below the table and not in it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.brain.cluster_town import ME, frames, settle

from ballast.cli.app import run
from ballast.lake.lake import Lake


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALLAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, str]:
    assert run(["clusters", "--explain", "--format", "json", *more]) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err.replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")


def test_parts_and_enterprises_each_sum_to_the_growth(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(Lake.create(home))
    out, said = told(capsys, "--region", "371500")
    assert {row["cluster"] for row in json.loads(out)} == {"bearings", "copper"}
    assert "from 2024 to 2025, percentage points:" in said
    # 1500 to 2030: see the calculation in the tests of the profile.
    assert (
        "Linqing bearings: ↑ +35.33 = ↑ +7.50 as China + ↑ +6.50 industry mix + "
        "↑ +21.33 own lead + → 0.00 new industries" in said
    )
    assert (
        "Yanggu copper: ↓ -16.00 = ↑ +4.00 of 1 in scope in both years + → 0.00 of 0 that "
        "entered + ↓ -20.00 of 1 that left; comparable sample ↑ +5.00" in said
    )


def test_some_months_of_a_year_are_said_to_be_no_base(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = frames()
    tables["enterprise_period"] = tables["enterprise_period"].with_columns(
        period=pl.col("period").replace({"2024": "2024-12"})
    )
    Lake.create(home).commit(tables, ME)
    _, said = told(capsys)
    assert "output was not reported for the whole of 2024 and 2025" in said
    assert "own lead" not in said


def test_without_a_reference_there_is_who_made_it_and_no_parts(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = frames()
    del tables["region_industry"]
    Lake.create(home).commit(tables, ME)
    _, said = told(capsys)
    assert "comparable sample" in said
    assert "own lead" not in said
