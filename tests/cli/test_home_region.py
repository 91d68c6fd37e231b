"""The region a home is about: the one asked for, or the only city that has figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ballast.brain.home_city import cities_with_figures
from ballast.cli.home_region import home_region
from ballast.errors import WrongUsage
from ballast.lake.checks import Known
from ballast.lake.lake import Lake
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.terms.viewer import operator


def lake_of(path: Path, *regions: str) -> Lake:
    lake = Lake.create(path / "home")
    if regions:
        cells = pl.DataFrame(
            {"region": regions, "industry": "34", "period": "2024", "employment_persons": "7"}
        )
        rows = sift(table("region_industry"), [Cells(cells)], Known()).accepted
        lake.commit({"region_industry": rows}, operator("test"))
    return lake


def test_the_only_city_with_figures_is_the_home_s(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, "000000", "370000", "371500", "371502")
    assert cities_with_figures(lake) == ("371500",)
    assert home_region(lake, "") == "371500"


def test_a_name_is_asked_for_before_anything_is_looked_up(tmp_path: Path) -> None:
    assert home_region(lake_of(tmp_path), "聊城市") == "371500"


def test_of_several_cities_one_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="there are figures of: 370100 Jinan, 371500 Liaocheng"):
        home_region(lake_of(tmp_path, "371500", "370100"), "")


def test_a_home_without_figures_says_what_to_load(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no region has figures here yet: load the table"):
        home_region(lake_of(tmp_path), "")
