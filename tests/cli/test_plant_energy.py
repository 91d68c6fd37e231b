"""``ballast plant energy`` on a real year: totals, months and bands against sums made elsewhere."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ballast.cli.app import run

MAPPING = """
[site]
name = "钢厂"
uscc = "91371500MA0000000X"
zone = "Asia/Seoul"
[[tariff]]
since = 2018-01-01
prices = { peak = "0.9876", flat = "0.6543", valley = "0.3210" }
demand_price = "38.4"
[[tariff.season]]
peak = ["08:00-11:00", "18:00-21:00"]
valley = ["23:00-07:00"]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    path = tmp_path_factory.mktemp("steel") / "home"
    file = shared_data / "telemetry" / "steel_energy.csv"
    assert run(["load", "--recipe", "uci-steel-energy", str(file), "--home", str(path)]) == 0
    (path / "plant").mkdir()
    (path / "plant" / "site.toml").write_text(MAPPING, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], home: Path, *more: str) -> Any:
    capsys.readouterr()
    assert run(["plant", "energy", "--home", str(home), "--format", "json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_whole_year_in_one_object_and_every_digit_of_it(
    capsys: pytest.CaptureFixture[str], home: Path, shared_data: Path
) -> None:
    report = asked(capsys, home)
    # Of midnight the file says 00:00 of the day that ends: in its month all the same.
    months: dict[str, Decimal] = defaultdict(Decimal)
    with (shared_data / "telemetry" / "steel_energy.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            months[f"2018-{row['date'][3:5]}"] += Decimal(row["Usage_kWh"])
    assert {row["period"]: Decimal(row["kwh"]) for row in report["months"]} == months
    assert Decimal(report["whole"]["kwh"]) == sum(months.values())
    assert sum(Decimal(row["kwh"]) for row in report["bands"]) == sum(months.values())
    assert sum(Decimal(row["cny"]) for row in report["bands"]) == Decimal(
        report["whole"]["energy_cny"]
    )
    assert report["from"] == "2018-01-01T00:00:00+09:00"
    assert len(report["hours"]) == 96
    assert report["provenance"] == "real"
    assert any("no emission factor" in note for note in report["notes"])
    assert report["whole"]["carbon_kg"] is None


def test_a_month_and_a_table_of_it_can_be_asked_for(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    rows = asked(capsys, home, "--from", "2018-03-01", "--to", "2018-03-31", "--by", "month")
    assert [row["period"] for row in rows] == ["2018-03"]
    assert Decimal(rows[0]["kwh"]) == Decimal("80230.41")
    assert rows[0]["max_demand_at"] == "2018-03-23T09:00+09:00"
    meters = asked(capsys, home, "--by", "meter")
    assert [(row["meter"], row["counts"], row["covered"]) for row in meters] == [
        ("steel-plant", True, 1.0)
    ]


def test_eyes_get_months_total_and_bands_and_what_is_missing(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    capsys.readouterr()
    assert run(["plant", "energy", "--home", str(home)]) == 0
    said = capsys.readouterr()
    for word in ("2018-12", "合计", "959636.71", "最大需量", "峰", "谷"):
        assert word in said.out
    assert "碳排放因子" in said.err


@pytest.mark.parametrize(
    "wrong",
    [["--from", "2018-13-01"], ["--zone", "Mars"], ["--from", "2019-01-01", "--to", "2018-01-01"]],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], home: Path, wrong: list[str]
) -> None:
    capsys.readouterr()
    assert run(["plant", "energy", "--home", str(home), *wrong]) in (1, 2)
    assert capsys.readouterr().err.count("\n") == 1
