"""Clusters by employment; the golden values are those of ../shared/data/README.md.

They come from US County Business Patterns 2018 (US Census Bureau) and the
benchmark definitions of the US Cluster Mapping Project (Harvard Business School).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from ballast.brain.clusters import Base, clusters_by_employment
from ballast.lake.engine import DuckEngine
from ballast.lake.recipes import RECIPES
from ballast.lake.tables import TABLES
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

CBP: dict[str, Any] = {
    "region_scheme": RegionScheme.US_CBSA,
    "industry_scheme": IndustryScheme.NAICS_2017,
    "level": IndustryLevel.NAICS6,
    "period": "2018",
}
OWN: dict[str, Any] = {
    "region_scheme": RegionScheme.GB2260,
    "industry_scheme": IndustryScheme.GBT4754_2017,
    "level": IndustryLevel.CLASS,
    "period": "2025",
    "definition": "own",
}


def loaded(name: str, recipe: str, path: Path, **options: str) -> pa.Table:
    """Return a recipe's rows with all declared columns, as the lake stores them."""
    frame = RECIPES[recipe].read([path], options).frames[name]
    declared = TABLES[name].arrow_schema
    found = frame.to_arrow()
    return pa.table(
        {
            field.name: found[field.name].cast(field.type)
            if field.name in found.column_names
            else pa.nulls(found.num_rows, field.type)
            for field in declared
        }
    )


@pytest.fixture(scope="module")
def united_states(shared_data: Path) -> tuple[ir.Table, ir.Table]:
    """Return cells at six digits with the totals of the regions beside them, and definitions."""
    path = shared_data / "clusters" / "us_cbp_2018.parquet"
    cells = pa.concat_tables(
        loaded("region_industry", "us-cbp", path, level=level) for level in ("6", "0")
    )
    porter = shared_data / "clusters" / "porter_clusters_naics.csv"
    definitions = loaded("cluster_definition", "porter-clusters", porter)
    engine = DuckEngine()
    return engine.memory(cells), engine.memory(definitions)


@pytest.mark.parametrize(
    ("area", "cluster", "employed", "quotient"),
    [
        ("48620", "aerospace_vehicles_and_defense", 25_705, 30.04),  # Wichita
        ("19820", "automotive", 95_759, 11.08),  # Detroit
        ("26420", "upstream_chemical_products", 20_125, 8.62),  # Houston
        ("41940", "information_technology_and_analytical_instruments", 90_029, 5.22),  # San Jose
    ],
)
def test_known_clusters_of_the_united_states(
    united_states: Any, rows: Any, area: str, cluster: str, employed: int, quotient: float
) -> None:
    found = clusters_by_employment(*united_states, **CBP, definition="porter", regions=[area])
    [row] = rows(found.filter(found.cluster == cluster))
    assert row["employment_persons"] == employed
    assert round(row["location_quotient"], 2) == quotient
    assert row["star_specialisation"] is True


@pytest.mark.parametrize(
    ("area", "cluster", "quotient"),
    [("48620", "aerospace_vehicles_and_defense", 29.95), ("19820", "automotive", 14.03)],
)
def test_the_same_against_the_published_totals(
    united_states: Any, rows: Any, area: str, cluster: str, quotient: float
) -> None:
    found = clusters_by_employment(
        *united_states, **CBP, definition="porter", base=Base.TOTAL, regions=[area]
    )
    [row] = rows(found.filter(found.cluster == cluster))
    assert round(row["location_quotient"], 2) == quotient


def test_stars_of_the_united_states_go_to_the_top_tenth_of_each_category(
    united_states: Any, rows: Any
) -> None:
    found = rows(clusters_by_employment(*united_states, **CBP, definition="porter"))
    assert {r["traded"] for r in found} == {True}
    by_cluster: dict[str, list[Any]] = {}
    for row in found:
        by_cluster.setdefault(row["cluster"], []).append(row)
    assert len(by_cluster) == 51
    for category in by_cluster.values():
        sizes = sorted((r["employment_persons"] for r in category), reverse=True)
        tenth = sum(size > 0 for size in sizes) // 10
        # The smallest size that earns the star is that at the tenth's last place.
        assert {r["employment_persons"] for r in category if r["star_size"]} == set(sizes[:tenth])
    present = [r for r in found if r["employment_persons"] > 0]
    assert 0 < sum(r["star_focus"] for r in found) <= len(present) / 10
    [wichita] = [r for r in by_cluster["aerospace_vehicles_and_defense"] if r["region"] == "48620"]
    assert wichita["stars"] == 3


def test_local_clusters_appear_when_the_base_is_all_employment(
    united_states: Any, rows: Any
) -> None:
    found = clusters_by_employment(
        *united_states, **CBP, definition="porter", base=Base.INDUSTRIES, regions=["48620"]
    )
    found_rows = rows(found)
    assert {r["traded"] for r in found_rows} == {True, False}
    # Porter's clusters do not overlap: with all industries as base the shares fill the region.
    assert sum(r["region_share"] for r in found_rows) == pytest.approx(1, rel=1e-12)


def cells(*given: tuple[str, str, int | None]) -> dict[str, list[Any]]:
    count = len(given)
    return {
        "region_scheme": ["gb2260"] * count,
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry_level": ["class"] * count,
        "period": ["2025"] * count,
        "region": [region for region, _, _ in given],
        "industry": [industry for _, industry, _ in given],
        "employment_persons": pa.array([persons for _, _, persons in given], pa.int64()),
        "establishments": [1] * count,
    }


def definitions(*given: tuple[str, str, str]) -> dict[str, list[Any]]:
    count = len(given)
    return {
        "definition": ["own"] * count,
        "cluster": [cluster for cluster, _, _ in given],
        "name_zh": ["集群"] * count,
        "name_en": ["cluster"] * count,
        "traded": [True] * count,
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry": [industry for _, industry, _ in given],
        "region_scheme": ["gb2260" if place else "" for _, _, place in given],
        "region": [place for _, _, place in given],
    }


def test_an_industry_in_two_clusters_counts_whole_in_both_and_once_in_the_region(
    table: Any, rows: Any
) -> None:
    t = table(cells(("371502", "3451", 60), ("371502", "3216", 40), ("371503", "3216", 100)))
    d = table(definitions(("a", "3451", ""), ("b", "34", ""), ("b", "32", "")))
    found = rows(clusters_by_employment(t, d, **OWN), "region", "cluster")
    assert [(r["region"], r["cluster"], r["employment_persons"]) for r in found] == [
        ("371502", "a", 60),
        ("371502", "b", 100),
        ("371503", "b", 100),
    ]
    assert [r["region_share"] for r in found] == [0.6, 1.0, 1.0]
    assert [r["reference_share"] for r in found] == [0.3, 1.0, 1.0]


def test_an_industry_named_by_division_and_by_class_counts_once(table: Any, rows: Any) -> None:
    t = table(cells(("371502", "3451", 60), ("371502", "3459", 40)))
    d = table(definitions(("a", "34", ""), ("a", "3451", ""), ("a", "3451", "371500")))
    [row] = rows(clusters_by_employment(t, d, **OWN))
    assert (row["employment_persons"], row["establishments"], row["industries"]) == (100, 2, 2)


def test_a_row_restricted_to_a_place_counts_there_alone(table: Any, rows: Any) -> None:
    t = table(cells(("371502", "3451", 60), ("371581", "3451", 40), ("410102", "3451", 100)))
    d = table(definitions(("linqing", "345", "371581"), ("city", "345", "371500")))
    found = rows(clusters_by_employment(t, d, **OWN), "cluster", "region")
    assert [(r["cluster"], r["region"], r["employment_persons"]) for r in found] == [
        ("city", "371502", 60),
        ("city", "371581", 40),
        ("linqing", "371581", 40),
    ]
    # The reference counts the industry everywhere, or the cluster would be its own measure.
    assert found[2]["location_quotient"] == pytest.approx((40 / 40) / (200 / 200))


def test_a_city_beside_its_counties_is_not_counted_twice_in_the_reference(
    table: Any, rows: Any
) -> None:
    t = cells(("371502", "3451", 30), ("371502", "3216", 10), ("371503", "3216", 60))
    d = table(definitions(("a", "3451", ""), ("b", "3216", "")))
    both = cells(
        ("371502", "3451", 30), ("371502", "3216", 10), ("371503", "3216", 60),
        ("371500", "3451", 30), ("371500", "3216", 70),
    )  # fmt: skip
    apart = rows(clusters_by_employment(table(t), d, **OWN), "region", "cluster")
    found = rows(clusters_by_employment(table(both), d, **OWN), "region", "cluster")
    quotients = {(r["region"], r["cluster"]): r["location_quotient"] for r in found}
    assert quotients["371500", "a"] == pytest.approx(1.0)
    for row in apart:
        assert quotients[row["region"], row["cluster"]] == row["location_quotient"]


def test_unknown_persons_are_said_and_not_taken_for_zero(table: Any, rows: Any) -> None:
    t = table(cells(("371502", "3451", 60), ("371502", "3459", None), ("371503", "3451", None)))
    d = table(definitions(("a", "345", "")))
    found = rows(clusters_by_employment(t, d, **OWN), "region")
    assert (found[0]["industries"], found[0]["industries_known"]) == (2, 1)
    assert found[0]["employment_persons"] == 60
    assert (found[1]["employment_persons"], found[1]["stars"]) == (None, None)
