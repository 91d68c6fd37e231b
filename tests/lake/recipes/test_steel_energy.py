"""A steel plant's year: its midnights, its sums, and what is refused."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ballast.errors import RefusedRows, WrongColumns, WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.loading import load_recipe
from ballast.lake.recipes.steel_energy import COLUMNS, STEEL_ENERGY
from ballast.terms.viewer import operator

ME = operator("test")
END = "0,0,73,100,{nsm},Weekday,Monday,Light_Load"


def made(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "steel.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8-sig")
    return path


def row(moment: str, nsm: int, kwh: str = "1.5") -> str:
    return f"{moment},{kwh},2.5,{END.format(nsm=nsm)}"


def starts(path: Path, **options: str) -> list[str]:
    frame = STEEL_ENERGY.read([path], options).frames["energy_meter"]
    return [f"{moment:%m-%dT%H:%M}" for moment in frame["start"]]


def test_midnight_is_the_end_of_its_day(tmp_path: Path) -> None:
    path = made(tmp_path, row("03-02-2018 00:15", 900), row("03-02-2018 23:45", 85500),
                row("03-02-2018 00:00", 0), row("04-02-2018 00:15", 900))  # fmt: skip
    assert starts(path, zone="UTC") == ["02-03T00:00", "02-03T23:30", "02-03T23:45", "02-04T00:00"]
    assert starts(path)[0] == "02-02T15:00"


@pytest.mark.parametrize(
    "wrong",
    [row("31-02-2018 00:15", 900), row("02-13-2018 00:15", 900), row("01-02-2018 00:15", 901),
     row("01-02-2018 00:15", 1800), row("01-02-2018 00:10", 600), row("2018-02-01 00:15", 900)],
)  # fmt: skip
def test_a_row_that_contradicts_itself_is_named(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(RefusedRows, match="row 3"):
        STEEL_ENERGY.read([made(tmp_path, row("01-02-2018 00:30", 1800), wrong)], {})


def test_other_files_zones_and_doubled_rows_are_refused(tmp_path: Path) -> None:
    twice = row("01-02-2018 00:30", 1800)
    with pytest.raises(RefusedRows, match="a second time"):
        STEEL_ENERGY.read([made(tmp_path, twice, twice)], {})
    with pytest.raises(WrongUsage, match="no such time zone"):
        STEEL_ENERGY.read([made(tmp_path, twice)], {"zone": "Asia/Atlantis"})
    (tmp_path / "other.csv").write_text("a,b\n1,2", encoding="utf-8")
    with pytest.raises(WrongColumns):
        STEEL_ENERGY.read([tmp_path / "other.csv"], {})


def test_the_year_is_loaded_whole_and_adds_up_to_the_file(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "telemetry" / "steel_energy.csv"
    lake = Lake.create(tmp_path / "home")
    report = load_recipe(lake, "uci-steel-energy", [path], ME)
    assert report.accepted == 35_040
    rows = lake.read("energy_meter", ME)
    with path.open(encoding="utf-8-sig") as file:
        told = [Decimal(one["Usage_kWh"]) for one in csv.DictReader(file)]
    found = rows.aggregate(
        first=rows.start.min(), last=rows.start.max(), kwh=rows.kwh.sum(), many=rows.start.nunique()
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    assert found["many"] == len(told)
    assert found["kwh"] == pytest.approx(float(sum(told)), rel=1e-12)
    assert found["first"] == datetime(2017, 12, 31, 15, 0, tzinfo=UTC)
    assert found["last"] == datetime(2018, 12, 31, 14, 45, tzinfo=UTC)
