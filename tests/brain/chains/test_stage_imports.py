from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.brain.chains.region import load

from ballast.brain.chains.region_chain import loaded_chains
from ballast.brain.chains.stage_imports import stage_imports
from ballast.cli.app import run
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    home = tmp_path_factory.mktemp("imports") / "home"
    load(Lake.create(home), [])
    file = shared_data / "io" / "china_2020_42.csv"
    assert run(["load", "--home", str(home), "--recipe", "china-io", str(file)]) == 0
    return home


def share_in_the_file(path: Path, name: str) -> float:
    """Return Σ imported / Σ (domestic + imported) of a product's rows, added up from the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["row_kind"] == "intermediate" and row["row_name_zh"] == name
        ]
    used = {
        row["origin"]: sum(float(v or 0) for k, v in row.items() if k.startswith("sector_"))
        for row in rows
    }
    return used["imported"] / (used["imported"] + used["domestic"])


def test_a_stage_is_told_the_imports_of_its_sector_as_the_real_table_has_them(
    home: Path, shared_data: Path
) -> None:
    lake = Lake.open(home)
    found = stage_imports(lake, PUBLIC, loaded_chains(lake).chains)
    assert found is not None
    assert (found.table, found.year) == ("china_2020_42", 2020)
    for stage in ("steel", "bearings"):
        [sector] = found.of("bearings", stage)
        file = shared_data / "io" / "china_2020_42.csv"
        assert sector.share == pytest.approx(share_in_the_file(file, sector.label.zh))
    assert [s.label.zh for s in found.of("bearings", "bearings")] == ["通用设备"]
    assert found.of("bearings", "nowhere") == ()


def test_a_table_without_imports_or_none_at_all_tells_nothing(
    shared_data: Path, tmp_path: Path
) -> None:
    lake = Lake.create(tmp_path / "home")
    load(lake, [])
    assert stage_imports(lake, PUBLIC, loaded_chains(lake).chains) is None
    file = shared_data / "io" / "china_2020_153.csv"
    where = ["--home", str(tmp_path / "home"), "--recipe", "china-io", str(file)]
    assert run(["load", *where]) == 0
    again = Lake.open(tmp_path / "home")
    assert stage_imports(again, PUBLIC, loaded_chains(again).chains) is None
