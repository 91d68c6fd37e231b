"""``ballast chain`` where chains of products are loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.brain.chains.region import BEARINGS, CITY, COUNTY, RINGS, STEEL, Firm, load

from ballast.cli.app import run
from ballast.lake.lake import Lake

FIRMS = [
    *(Firm(n, STEEL, revenue=str(10 * (n + 1))) for n in range(6)),
    *(Firm(n, BEARINGS) for n in range(10, 14)),
    Firm(20, RINGS),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("chains") / "home"
    load(Lake.create(home), FIRMS, synthetic=True)
    return home


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


def rows(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["chain", "--home", str(home), "--format", "json", *arguments]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_alone_it_lists_the_chains_and_what_each_lacks(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [chain] = rows(home, capsys)
    assert chain == {
        "chain": "bearings", "name": "Bearings", "stages": 4, "strong": 1, "present": 1,
        "weak": 1, "missing": 1, "imported": 1, "few": 2,
    }  # fmt: skip


@pytest.mark.parametrize("asked", ["bearings", "轴承产业链", "bear"])
def test_a_chain_is_found_by_key_name_or_part_of_it(
    home: Path, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    stages = {row["stage"]: row for row in rows(home, capsys, asked)}
    assert stages["steel"]["status"] == "strong"
    assert stages["steel"]["revenue_1e4_cny"] == "210.0000"
    assert stages["rings"]["leaning"] is True
    assert stages["balls"]["imported"] is True
    assert stages["balls"]["largest_share"] is None
    assert stages["bearings"]["step"] == 3


def test_the_few_on_whom_most_depends_are_named_weightiest_first(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suppliers = rows(home, capsys, "bearings", "--suppliers")
    assert [row["uscc"] for row in suppliers] == [f.uscc for f in reversed(FIRMS[:6])]
    assert sum(row["weight"] for row in suppliers) == pytest.approx(1)
    # 60 of 210, behind rings and bearings: 60/210 × 500.
    assert float(suppliers[0]["behind_1e4_cny"]) == pytest.approx(60 / 210 * 500)


def test_it_explains_its_rules_its_sources_and_that_the_figures_are_invented(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["chain", "bearings", "--home", str(home), "--explain"]) == 0
    shown = capsys.readouterr()
    for sentence in ("missing: no enterprise", "weak: fewer than 3", "leans on one", "source: L"):
        assert sentence in shown.err
    assert "2 of 6 suppliers" in shown.err
    assert "no deliveries are known" in shown.err
    assert "these figures are invented" in shown.err
    assert "step" in shown.out


def test_a_county_is_a_cut_of_its_own_at_the_command_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for region in (CITY, COUNTY, "临清"):
        assert rows(home, capsys, "bearings", "--region", region)[0]["stage"] == "balls"


def test_wrong_questions_are_answered_with_what_can_be_asked(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = ["--home", str(home)]
    assert run(["chain", "--by", "loss", "--region", CITY, *where]) == 2
    assert run(["chain", "--suppliers", *where]) == 2
    assert run(["chain", "bearings", "--period", "2025-03", *where]) == 2
    assert "of a year" in capsys.readouterr().err
    assert run(["chain", "bearings", "--period", "2019", *where]) == 1
    assert "2025" in capsys.readouterr().err
    assert run(["chain", "valves", *where]) == 1
    assert "loaded are: bearings" in capsys.readouterr().err
    Lake.create(tmp_path / "empty")
    assert run(["chain", "--region", CITY, "--home", str(tmp_path / "empty")]) == 1
    assert "template chain_definition" in capsys.readouterr().err
