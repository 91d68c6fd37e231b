from __future__ import annotations

import csv
from pathlib import Path

from ballast.sample.structure import ABSENT_GROUPS, COUNTIES, COUNTY_WEIGHTS, TRAITS, ZONES
from ballast.terms import industry, region


def test_every_division_of_industry_has_traits() -> None:
    assert set(TRAITS) == {d.code for section in "BCD" for d in industry.children(section)}


def test_the_absent_groups_are_groups_of_divisions_present() -> None:
    assert len(ABSENT_GROUPS) == 42
    for group in ABSENT_GROUPS:
        assert industry.level_of(group) == "group"
        assert TRAITS[group[:2]].firms > 0


def test_the_counties_are_those_of_the_city(shared_data: Path) -> None:
    with (shared_data / "regions" / "liaocheng.csv").open(encoding="utf-8") as file:
        real = {row["county_code"]: row["county_name"] for row in csv.DictReader(file)}
    assert set(COUNTIES) == set(real)
    assert all(real[code].startswith(name.removesuffix("县")) for code, name in COUNTIES.items())
    assert abs(sum(COUNTY_WEIGHTS) - 1) < 1e-12


def test_the_zones_are_extensions_of_the_city() -> None:
    for zone in ZONES:
        assert region.is_extension(zone.code)
        assert region.extension_parent(zone.code) == "371500"
