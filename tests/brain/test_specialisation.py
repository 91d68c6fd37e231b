"""Specialisation of regions; the census shares are those of ../shared/data/regions."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ballast.brain.specialisation import region_quotients
from ballast.lake.engine import DuckEngine
from ballast.lake.recipes import RECIPES
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

CENSUS: dict[str, Any] = {
    "region_scheme": (RegionScheme.GB2260, RegionScheme.EXT),
    "industry_scheme": IndustryScheme.GBT4754_2017,
    "level": IndustryLevel.SECTION,
    "period": "2020",
}
LIAOCHENG = ["371502", "371503", "371521", "371522", "371524", "371525", "371526", "371581"]


def cells(*given: tuple[Any, ...]) -> dict[str, Any]:
    """Return rows of (region, industry, persons, share, basis)."""
    count = len(given)
    columns = list(zip(*given, strict=True))
    return {
        "region_scheme": ["gb2260"] * count,
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry_level": ["section"] * count,
        "period": ["2020"] * count,
        "region": list(columns[0]),
        "industry": list(columns[1]),
        "employment_persons": pa.array(columns[2], pa.int64()),
        "employment_share": pa.array(columns[3], pa.float64()),
        "basis": list(columns[4]),
    }


def test_the_counties_of_liaocheng_against_the_nation(shared_data: Path, rows: Any) -> None:
    folder = shared_data / "regions"
    files = [folder / f"china_counties_2020_{what}.csv" for what in ("employment", "population")]
    frame = RECIPES["china-census-employment"].read(files, {}).frames["region_industry"]
    t = DuckEngine().memory(frame.to_arrow())
    found = rows(region_quotients(t, **CENSUS, regions=LIAOCHENG), "region")

    # The same from the files: LQ = share / mean share weighted by population x employment ratio.
    with files[1].open(encoding="utf-8") as lines:
        weight = {
            row["county_code"]: float(row["population_persons"])
            * float(row["employment_ratio_16plus"])
            for row in csv.DictReader(lines)
            if row["population_persons"] and row["employment_ratio_16plus"]
        }
    share: dict[tuple[str, str], float] = {}
    with files[0].open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            share[row["county_code"], row["section"]] = float(row["employment_share"])
    nation = {
        section: sum(weight.get(c, 0) * s for (c, i), s in share.items() if i == section)
        for section in "ABCDEFGHIJKLMNOPQRST"
    }
    whole = sum(nation.values())
    assert len(found) == 8 * 20
    for row in found:
        expected = share[row["region"], row["industry"]]
        assert row["region_share"] == expected
        if nation[row["industry"]] > 0:
            lq = expected / (nation[row["industry"]] / whole)
            # Counts are whole persons: the sections' national shares agree to their rounding.
            assert row["location_quotient"] == pytest.approx(lq, rel=2e-3, abs=1e-9)
    manufacturing = {r["region"]: r for r in found if r["industry"] == "C"}
    # Shares of section C as listed in ../shared/data/README.md.
    stated = [0.1432, 0.2536, 0.1391, 0.1010, 0.1388, 0.1764, 0.2071, 0.2761]
    assert [manufacturing[c]["region_share"] for c in LIAOCHENG] == stated
    assert manufacturing["371581"]["reference_regions"] > 2_980


def test_reported_persons_come_before_a_stated_share(table: Any, rows: Any) -> None:
    t = table(cells(("371502", "A", 1, 0.9, "reported"), ("371502", "C", 3, 0.1, "reported")))
    found = rows(region_quotients(t, **CENSUS), "industry")
    assert [r["region_share"] for r in found] == [0.25, 0.75]


def test_a_stated_share_comes_before_estimated_persons(table: Any, rows: Any) -> None:
    t = table(
        cells(("371502", "A", 1, 0.3333, "estimated"), ("371502", "C", 2, 0.6667, "estimated"))
    )
    found = rows(region_quotients(t, **CENSUS), "industry")
    assert [r["region_share"] for r in found] == [0.3333, 0.6667]
    assert [r["reference_share"] for r in found] == pytest.approx([1 / 3, 2 / 3])


def test_a_region_with_shares_alone_is_measured_but_does_not_weigh(table: Any, rows: Any) -> None:
    t = table(
        cells(
            ("371502", "A", 60, None, "reported"),
            ("371502", "C", 40, None, "reported"),
            ("371503", "A", None, 0.3, "reported"),
            ("371503", "C", None, 0.7, "reported"),
        )
    )
    found = rows(region_quotients(t, **CENSUS, regions=["371503"]), "industry")
    assert [r["location_quotient"] for r in found] == pytest.approx([0.3 / 0.6, 0.7 / 0.4])
    assert {r["reference_regions"] for r in found} == {1}


def test_without_any_count_all_regions_together_have_no_share(table: Any, rows: Any) -> None:
    t = table(cells(("371502", "A", None, 0.3, "reported"), ("371502", "C", None, 0.7, "reported")))
    assert [r["location_quotient"] for r in rows(region_quotients(t, **CENSUS))] == [None, None]


def test_a_named_region_is_the_reference_by_its_own_shares(table: Any, rows: Any) -> None:
    t = table(
        cells(
            ("000000", "A", None, 0.2, "reported"),
            ("000000", "C", None, 0.8, "reported"),
            ("371502", "A", 60, None, "reported"),
            ("371502", "C", 40, None, "reported"),
        )
    )
    found = rows(region_quotients(t, **CENSUS, reference="000000", regions=["371502"]), "industry")
    assert [r["location_quotient"] for r in found] == pytest.approx([3.0, 0.5])
    assert {r["reference"] for r in found} == {"000000"}


def test_a_province_beside_its_counties_is_not_counted_twice(table: Any, rows: Any) -> None:
    t = table(
        cells(
            ("370000", "A", 900, None, "reported"),
            ("370000", "C", 100, None, "reported"),
            ("371502", "A", 60, None, "reported"),
            ("371502", "C", 40, None, "reported"),
        )
    )
    found = rows(region_quotients(t, **CENSUS, regions=["370000"]), "industry")
    assert [r["reference_share"] for r in found] == pytest.approx([0.6, 0.4])


def test_a_reference_that_is_not_loaded_gives_nothing_rather_than_something(
    table: Any, rows: Any
) -> None:
    t = table(cells(("371502", "A", 60, None, "reported")))
    [row] = rows(region_quotients(t, **CENSUS, reference="000000"))
    assert (row["location_quotient"], row["reference_regions"]) == (None, 0)
