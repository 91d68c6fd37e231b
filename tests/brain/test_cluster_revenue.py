from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ballast.brain.cluster_revenue import (
    cluster_weights,
    clusters_by_revenue,
    industry_weights,
    registered,
)

MONTHS = ["2025-01..02", *(f"2025-{m:02}" for m in range(3, 13))]


def enterprises(*given: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "valid_from": date(2020, 1, 1),
        "region": "371502",
        "zone": None,
        "industry_scheme": "gbt4754-2017",
        "other_industries": None,
    }
    full = [plain | each for each in given]
    columns: dict[str, Any] = {name: [each[name] for each in full] for name in full[0]}
    for name in ("zone", "other_industries"):
        columns[name] = pa.array(columns[name], pa.string())
    return columns


def figures(revenue: dict[str, Any], periods: list[str] | None = None) -> dict[str, Any]:
    periods = periods or ["2025"]
    return {
        "uscc": [code for code in revenue for _ in periods],
        "period": periods * len(revenue),
        "revenue_1e4_cny": pa.array(
            [None if v is None else Decimal(v) for v in revenue.values() for _ in periods],
            pa.decimal128(24, 4),
        ),
        "above_scale": [code != "small" for code in revenue for _ in periods],
    }


def definitions(*given: tuple[str, ...]) -> dict[str, list[Any]]:
    """Return rows of (cluster, industry, place, scheme of the place)."""
    full = [(*each, "", "")[:4] if len(each) < 4 else each for each in given]
    count = len(full)
    return {
        "definition": ["own"] * count,
        "cluster": [each[0] for each in full],
        "name_zh": ["集群"] * count,
        "name_en": ["cluster"] * count,
        "traded": [True] * count,
        "industry_scheme": ["gbt4754-2017"] * count,
        "industry": [each[1] for each in full],
        "region": [each[2] for each in full],
        "region_scheme": [each[3] for each in full],
    }


def revenues(table: Any, rows: Any, e: Any, p: Any, d: Any, **options: Any) -> dict[str, Any]:
    found = clusters_by_revenue(
        table(e), table(p), table(d), definition="own", year=2025, **options
    )
    return {r["cluster"]: r for r in rows(found)}


def test_an_enterprise_named_by_many_rows_of_a_cluster_counts_once(table: Any, rows: Any) -> None:
    e = enterprises({"uscc": "a", "industry": "3451"})
    d = definitions(
        ("k", "3451"), ("k", "345"), ("k", "34"), ("k", "C"), ("k", "3451", "371500", "gb2260")
    )
    found = revenues(table, rows, e, figures({"a": 500}), d)
    assert (found["k"]["revenue_1e4_cny"], found["k"]["enterprises"]) == (500.0, 1)


def test_months_do_not_multiply_with_industries_and_rows(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451", "other_industries": "3452:0.25;2929:0.25"},
        {"uscc": "b", "industry": "3452"},
    )
    d = definitions(("k", "3451"), ("k", "345"), ("k", "3452"), ("m", "2929"))
    found = revenues(table, rows, e, figures({"a": 8, "b": 2}, MONTHS), d)
    assert found["k"]["revenue_1e4_cny"] == pytest.approx(11 * (8 * 0.75 + 2))
    assert found["m"]["revenue_1e4_cny"] == pytest.approx(11 * 8 * 0.25)
    assert (found["k"]["enterprises"], found["m"]["enterprises"]) == (2, 1)
    # Nothing lies outside the two: what they count is what was reported.
    total = sum(r["revenue_1e4_cny"] for r in found.values())
    assert total == pytest.approx(11 * (8 + 2), rel=1e-12)


def test_in_overlapping_clusters_it_counts_whole_in_each(table: Any, rows: Any) -> None:
    e = enterprises({"uscc": "a", "industry": "3451"})
    found = revenues(table, rows, e, figures({"a": 500}), definitions(("k", "3451"), ("m", "34")))
    assert [found[c]["revenue_1e4_cny"] for c in "km"] == [500.0, 500.0]


def test_every_change_of_the_register_is_not_another_enterprise(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451", "valid_from": date(2019, 1, 1), "region": "371523"},
        {"uscc": "a", "industry": "3451", "valid_from": date(2023, 1, 1), "region": "371503"},
        {"uscc": "a", "industry": "1711", "valid_from": date(2026, 1, 1), "region": "371503"},
    )
    d = definitions(("k", "345", "371503", "gb2260"), ("old", "345", "371523", "gb2260"))
    found = revenues(table, rows, e, figures({"a": 500}), d)
    assert found["k"]["revenue_1e4_cny"] == 500.0
    assert (found["old"]["enterprises"], found["old"]["revenue_1e4_cny"]) == (0, None)


def test_a_register_that_begins_later_still_places_the_enterprise(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451", "valid_from": date(2026, 3, 1)},
        {"uscc": "a", "industry": "1711", "valid_from": date(2026, 9, 1)},
    )
    [row] = rows(registered(table(e), on=date(2025, 12, 31)))
    assert row["industry"] == "3451"


def test_a_zone_counts_the_enterprises_in_it(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451", "zone": "371500-KFQ"},
        {"uscc": "b", "industry": "3451"},
        {"uscc": "c", "industry": "3451", "zone": "371500-GXQ"},
    )
    d = definitions(("k", "345", "371500-KFQ", "ext"))
    found = revenues(table, rows, e, figures({"a": 1, "b": 10, "c": 100}), d)
    assert found["k"]["revenue_1e4_cny"] == 1.0


def test_the_tier_follows_the_revenue_of_the_year(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451"},
        {"uscc": "b", "industry": "3216"},
        {"uscc": "c", "industry": "1711"},
    )
    d = definitions(("bearings", "3451"), ("aluminium", "32"), ("cotton", "17"), ("none", "0610"))
    p = figures({"a": "999999.9999", "b": 10_000_000, "c": 1_000_000})
    found = revenues(table, rows, e, p, d)
    assert {c: r["tier"] for c, r in found.items()} == {
        "bearings": "below",
        "aluminium": "100-billion",
        "cotton": "10-billion",
        "none": None,
    }


def test_who_has_not_reported_is_counted_and_not_taken_for_zero(table: Any, rows: Any) -> None:
    e = enterprises(*({"uscc": c, "industry": "3451"} for c in ("a", "b", "c")))
    p = figures({"a": 5, "b": None})
    [row] = revenues(table, rows, e, p, definitions(("k", "345"))).values()
    assert (row["enterprises"], row["enterprises_reporting"]) == (3, 1)
    assert (row["revenue_1e4_cny"], row["months_least"]) == (5.0, 12)


def test_a_part_of_the_year_is_said(table: Any, rows: Any) -> None:
    e = enterprises({"uscc": "a", "industry": "3451"}, {"uscc": "b", "industry": "3451"})
    p = figures({"a": 1, "b": 1}, MONTHS)
    p = {k: v[:15] for k, v in p.items()}
    [row] = revenues(table, rows, e, p, definitions(("k", "345"))).values()
    assert (row["revenue_1e4_cny"], row["months_least"]) == (15.0, 5)


def test_the_above_scale_scope_and_a_region_narrow_it(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451"},
        {"uscc": "small", "industry": "3451"},
        {"uscc": "c", "industry": "3451", "region": "410102"},
    )
    p, d = figures({"a": 1, "small": 10, "c": 100}), definitions(("k", "345"))
    assert revenues(table, rows, e, p, d)["k"]["revenue_1e4_cny"] == 111.0
    city = revenues(table, rows, e, p, d, region="371500")
    assert city["k"]["revenue_1e4_cny"] == 11.0
    scale = revenues(table, rows, e, p, d, region="371500", above_scale_only=True)
    assert scale["k"]["revenue_1e4_cny"] == 1.0


def test_weights_of_an_enterprise_sum_to_one(table: Any, rows: Any) -> None:
    e = enterprises(
        {"uscc": "a", "industry": "3451", "other_industries": "3452:0.3;2929:0.1;3451:0.2"},
        {"uscc": "b", "industry": "3451", "other_industries": ""},
    )
    found = rows(industry_weights(table(e)), "uscc", "industry")
    assert [(r["uscc"], r["industry"], round(r["weight"], 12)) for r in found] == [
        ("a", "2929", 0.1),
        ("a", "3451", 0.6),
        ("a", "3452", 0.3),
        ("b", "3451", 1.0),
    ]


def test_no_enterprise_weighs_more_than_once_in_a_cluster(table: Any, rows: Any) -> None:
    e = enterprises({"uscc": "a", "industry": "3451", "other_industries": "3452:0.3;3453:0.3"})
    d = definitions(("k", "345"), ("k", "3452"), ("k", "C"))
    [row] = rows(cluster_weights(table(e), table(d), definition="own"))
    assert row["weight"] == pytest.approx(1, rel=1e-12)
