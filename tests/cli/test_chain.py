"""``ballast chain``: on the real tables of China, and where there is nothing to answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ballast.cli.app import run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    home = tmp_path_factory.mktemp("chain") / "home"
    for name in ("china_2020_42", "china_2020_153"):
        file = shared_data / "io" / f"{name}.csv"
        assert run(["load", "--home", str(home), "--recipe", "china-io", str(file)]) == 0
    return home


def asked(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    capsys.readouterr()
    assert run(["chain", "--home", str(home), "--format", "json", *arguments]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def test_it_names_the_sectors_that_depend_on_imports(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures are the known ones of 2020, in 42 sectors."""
    rows = asked(home, capsys, "--limit", "50")
    assert [row["sector"] for row in rows[:3]] == ["20", "11", "25"]
    by_code = {row["sector"]: row for row in rows}
    assert len(by_code) == 42
    assert by_code["14"]["imports"] == pytest.approx(0.236, abs=0.0006)
    assert by_code["19"]["imports"] == pytest.approx(0.211, abs=0.0006)


def test_it_tells_how_much_of_the_exports_was_imported(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    assert run(["chain", "--home", str(home), "--explain"]) == 0
    said = capsys.readouterr().err
    assert "imported inputs make 19.5% of the exports" in said
    assert "china_2020_42.csv" in said


def test_a_table_without_imports_still_has_its_linkages(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = asked(home, capsys, "--table", "china_2020_153", "--by", "forward", "--limit", "200")
    pumps = next(row for row in rows if row["sector"] == "070")
    assert pumps["backward"] == pytest.approx(1.18, abs=0.005)
    assert pumps["forward"] == pytest.approx(0.96, abs=0.005)
    assert "imports" not in pumps
    arguments = ["chain", "--home", str(home), "--table", "china_2020_153", "--by", "imports"]
    assert run(arguments) == 1


@pytest.mark.parametrize("asked_for", ["16", "通用设备", "general purpose"])
def test_a_sector_is_found_by_code_name_or_part_of_it(
    home: Path, capsys: pytest.CaptureFixture[str], asked_for: str
) -> None:
    rows = asked(home, capsys, asked_for, "--limit", "1")
    assert rows[0]["sector"] == "14"


def test_a_name_of_several_sectors_or_of_none_is_answered_with_what_there_is(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    assert run(["chain", "metal", "--home", str(home)]) == 1
    assert "6 sectors" in capsys.readouterr().err
    assert run(["chain", "unicorns", "--home", str(home)]) == 1
    assert run(["chain", "--table", "none", "--home", str(home)]) == 1
    assert "china_2020_153" in capsys.readouterr().err
    assert run(["chain", "--by", "colour", "--home", str(home)]) == 2
