"""The same expression gives the same rows on both engines, over larger seeded data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ballast.brain import measures
from ballast.brain.clusters import Base, clusters_by_employment, clusters_by_revenue
from ballast.brain.picture_facts import above_scale, fetched, industrial
from ballast.brain.picture_headline import headline
from ballast.brain.picture_items import MONEY
from ballast.brain.picture_periods import frame_of
from ballast.brain.specialisation import region_quotients
from ballast.lake.declare import PROVENANCE
from ballast.terms.industry import industries
from ballast.terms.period import Period
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

SEED = 4754
COUNTIES = [f"3715{i:02}" for i in range(2, 22)]
CLASSES = [each.code for each in industries(IndustryLevel.CLASS)][200:280]


def establishments(count: int = 20_000) -> dict[str, Any]:
    generator = np.random.default_rng(SEED)
    size = np.floor(generator.lognormal(2, 1.5, count))
    return {
        "period": generator.choice(["2024", "2025"], count),
        "region": generator.choice(COUNTIES, count, p=generator.dirichlet(np.ones(len(COUNTIES)))),
        "industry": generator.choice(CLASSES, count, p=generator.dirichlet(np.ones(len(CLASSES)))),
        "size": pa.array(size.astype(np.int64), mask=generator.random(count) < 0.03),
        "later": pa.array(
            np.floor(size * generator.lognormal(0.05, 0.3, count)).astype(np.int64),
            mask=generator.random(count) < 0.03,
        ),
    }


YEARS = {"start": "e0", "end": "e1", "peer_start": "n0", "peer_end": "n1"}


def years(t: Any) -> Any:
    """Return cells of region and industry in two years, beside those of all regions."""
    cells = t.aggregate(e0=t["size"].sum(), e1=t.later.sum(), by=["region", "industry"])
    return cells.group_by("industry").mutate(n0=cells.e0.sum(), n1=cells.e1.sum())


MEASURES = {
    "shares": lambda t: measures.shares(t, value="size", of=["industry"], within=["period"]),
    "location quotients": lambda t: measures.location_quotients(t, value="size", within=["period"]),
    "herfindahl": lambda t: measures.herfindahl(
        t, value="size", within=["period", "region"], of=["industry"]
    ),
    "krugman": lambda t: measures.krugman(t, value="size", within=["period"]),
    "hoover": lambda t: measures.hoover_localisation(t, value="size", within=["period"]),
    "gini": lambda t: measures.locational_gini(t, value="size", within=["period"]),
    "theil": lambda t: measures.theil(t, value="size", within=["period", "region"]),
    "shift-share": lambda t: measures.shift_share(years(t), **YEARS, within=["region"]),
    "turnover": lambda t: measures.turnover(t, start="size", end="later", within=["period"]),
    "structural change": lambda t: measures.structural_change(
        years(t), start="e0", end="e1", within=["region"]
    ),
    "ellison-glaeser": lambda t: measures.ellison_glaeser(t, size="size", within=["period"]),
}


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_over_many_rows(
    name: str, duckdb_side: Any, spark_side: Any, assert_same: Any
) -> None:
    expected, found = (
        measure_rows(each, MEASURES[name](each.table(establishments())))
        for each in (duckdb_side, spark_side)
    )
    assert len(found) > 1
    assert_same(found, expected)


def measure_rows(side: Any, answer: Any) -> Any:
    keys = [k for k in ("period", "region", "industry", "cluster") if k in answer.columns]
    return side.rows(answer, *keys)


def definitions() -> dict[str, list[Any]]:
    given = [
        ("all", "C", "", ""),
        ("all", CLASSES[0], "", ""),
        ("first", CLASSES[0][:3], "", ""),
        ("placed", CLASSES[5][:2], "371503", "gb2260"),
        ("placed", CLASSES[5], "371500", "gb2260"),
        ("zone", CLASSES[9][:2], "371500-KFQ", "ext"),
        ("empty", "0610", "", ""),
    ]
    count = len(given)
    return {
        "definition": ["own"] * count,
        "cluster": [g[0] for g in given],
        "name_zh": ["集群"] * count,
        "name_en": pa.array([None] * count, pa.string()),
        "traded": [g[0] != "first" for g in given],
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry": [g[1] for g in given],
        "region": [g[2] for g in given],
        "region_scheme": [g[3] for g in given],
    }


def cells() -> dict[str, Any]:
    generator = np.random.default_rng(SEED)
    pairs = [(r, i) for r in [*COUNTIES, "371500"] for i in CLASSES if generator.random() < 0.6]
    count = len(pairs)
    persons = generator.integers(0, 900, count)
    return {
        "region_scheme": ["gb2260"] * count,
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry_level": ["class"] * count,
        "period": ["2025"] * count,
        "region": [r for r, _ in pairs],
        "industry": [i for _, i in pairs],
        "employment_persons": pa.array(persons, pa.int64(), mask=generator.random(count) < 0.05),
        "establishments": generator.integers(1, 9, count),
        "employment_share": pa.array(np.where(generator.random(count) < 0.5, 0.01, 0.02)),
        "basis": generator.choice(["reported", "estimated"], count),
    }


OWN: dict[str, Any] = {
    "region_scheme": RegionScheme.GB2260,
    "industry_scheme": IndustryScheme.GBT4754_2017,
    "level": IndustryLevel.CLASS,
    "period": "2025",
}


def test_clusters_of_regions(duckdb_side: Any, spark_side: Any, assert_same: Any) -> None:
    expected, found = (
        measure_rows(
            each,
            clusters_by_employment(
                each.table(cells()),
                each.table(definitions()),
                definition="own",
                base=Base.INDUSTRIES,
                **OWN,
            ),
        )
        for each in (duckdb_side, spark_side)
    )
    assert {r["cluster"] for r in found} == {"all", "first", "placed"}
    assert_same(found, expected)


def test_specialisation_of_regions(duckdb_side: Any, spark_side: Any, assert_same: Any) -> None:
    expected, found = (
        measure_rows(each, region_quotients(each.table(cells()), **OWN))
        for each in (duckdb_side, spark_side)
    )
    assert any(r["location_quotient"] is not None for r in found)
    assert_same(found, expected)


def enterprises(count: int = 300) -> tuple[dict[str, Any], dict[str, Any]]:
    generator = np.random.default_rng(SEED)
    others = [
        None if generator.random() < 0.5 else
        f"{generator.choice(CLASSES)}:0.25;{generator.choice(CLASSES)}:0.125"
        for _ in range(count)
    ]  # fmt: skip
    register = {
        "uscc": [f"{i:018}" for i in range(count)] * 2,
        "valid_from": [date(2020, 1, 1)] * count + [date(2025, 7, 1)] * count,
        "region": [*generator.choice(COUNTIES, count), *generator.choice(COUNTIES, count)],
        "zone": pa.array(["371500-KFQ" if i % 3 == 0 else None for i in range(2 * count)]),
        "industry_scheme": ["gbt4754-2017"] * (2 * count),
        "industry": [*generator.choice(CLASSES, count)] * 2,
        "other_industries": pa.array(others * 2, pa.string()),
    }
    periods = ["2025-01..02", *(f"2025-{m:02}" for m in range(3, 13))]
    reports = [(u, p) for u in register["uscc"][:count] for p in periods] + [
        (u, "2025") for u in register["uscc"][: count // 4]
    ]
    revenue = [Decimal(int(v)) / 10_000 for v in generator.integers(0, 10**9, len(reports))]
    figures = {
        "uscc": [u for u, _ in reports],
        "period": [p for _, p in reports],
        "revenue_1e4_cny": pa.array(revenue, pa.decimal128(24, 4)),
        "above_scale": generator.random(len(reports)) < 0.8,
    }
    return register, figures


def test_revenue_of_clusters(duckdb_side: Any, spark_side: Any, assert_same: Any) -> None:
    register, figures = enterprises()
    expected, found = (
        measure_rows(
            each,
            clusters_by_revenue(
                each.table(register),
                each.table(figures),
                each.table(definitions()),
                definition="own",
                year=2025,
                above_scale_only=True,
            ),
        )
        for each in (duckdb_side, spark_side)
    )
    assert [r["cluster"] for r in found] == ["all", "empty", "first", "placed", "zone"]
    assert {r["tier"] for r in found} >= {None, "10-billion"}
    assert_same(found, expected)


def test_the_headline_of_a_picture(duckdb_side: Any, spark_side: Any) -> None:
    months = ["2025-01..02", "2025-03", "2026-01..02", "2026-03"]
    firms = {
        "uscc": ["a", "b", "c"],
        "industry_scheme": ["gbt4754-2017"] * 3,
        "industry": ["3451", "3252", "3252"],
        "region": ["371581", "371503", "371502"],
        "zone": pa.array([None, None, "371500-KFQ"], pa.string()),
        "closed": pa.array([None] * 3, pa.date32()),
    }
    pairs = [(u, p) for u in firms["uscc"] for p in months if (u, p) != ("c", "2025-03")]
    money = {
        name: pa.array([Decimal(1 + n * k) / 8 for n in range(len(pairs))], pa.decimal128(24, 4))
        for k, name in enumerate(MONEY, start=3)
    }
    rows = {
        "uscc": [u for u, _ in pairs],
        "period": [p for _, p in pairs],
        "above_scale": [True] * len(pairs),
        "employment_persons": list(range(len(pairs))),
        **money,
        **{name: ["x"] * len(pairs) for name in PROVENANCE},
    }
    frame = frame_of([Period.parse(text) for text in months])
    assert frame is not None
    answers = []
    for side in (duckdb_side, spark_side):
        engine = side.memory.__self__
        reported = side.table(rows)
        facts = above_scale(reported, industrial(side.table(firms), "371500"), frame.stored)
        answers.append(headline(engine, reported, fetched(engine, facts), frame, ""))
    duck, spark = answers
    assert spark == duck
    output = next(each for each in spark if each.name == "output")
    assert output.value == sum(
        m
        for (_, p), m in zip(pairs, money[MONEY[0]].to_pylist(), strict=True)
        if p.startswith("2026")
    )
