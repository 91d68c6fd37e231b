"""Growth taken apart: against numbers worked out by hand, and as sums that must close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.cluster_growth import (
    KEYS,
    belonging,
    both_years,
    cells,
    entry_and_exit,
    growth_parts,
    known_peers,
    of_clusters,
    peer_years,
    structure_moved,
)
from ballast.brain.measures.shift_share import summed
from ballast.lake.engine import DuckEngine
from ballast.terms.scheme import IndustryLevel


def firms(*given: tuple[str, str, str | None]) -> dict[str, Any]:
    """Return enterprises of (code, main industry, other industries)."""
    return {
        "uscc": [each[0] for each in given],
        "industry_scheme": ["gbt4754-2017"] * len(given),
        "industry": [each[1] for each in given],
        "other_industries": pa.array([each[2] for each in given], pa.string()),
        "region": ["371581"] * len(given),
        "zone": pa.array([None] * len(given), pa.string()),
    }


def definition(*industries: str) -> dict[str, Any]:
    return {
        "definition": ["own"] * len(industries),
        "cluster": ["k"] * len(industries),
        "industry_scheme": ["gbt4754-2017"] * len(industries),
        "industry": list(industries),
        "region": [""] * len(industries),
        "region_scheme": [""] * len(industries),
    }


def outputs(given: dict[str, tuple[float | None, float | None]]) -> dict[str, Any]:
    """Return years' figures of enterprises: of 2024 and of 2025."""
    rows = [
        (code, str(2024 + i), value)
        for code, both in given.items()
        for i, value in enumerate(both)
        if value is not None
    ]
    return {
        "uscc": [row[0] for row in rows],
        "period": [row[1] for row in rows],
        "output_1e4_cny": [row[2] for row in rows],
    }


def references(
    given: Mapping[str, tuple[float | None, float | None]], **more: str
) -> dict[str, Any]:
    """Return ``region_industry`` of the nation, by group."""
    rows = [(code, str(2024 + i), value) for code, b in given.items() for i, value in enumerate(b)]
    level = more.get("level", "group")
    return {
        "region_scheme": ["gb2260"] * len(rows),
        "region": [more.get("region", "000000")] * len(rows),
        "industry_scheme": ["gbt4754-2017"] * len(rows),
        "industry_level": [level] * len(rows),
        "industry": [row[0] for row in rows],
        "period": [row[1] for row in rows],
        "output_1e4_cny": pa.array([row[2] for row in rows], pa.float64()),
    }


def both(table: Any, given: dict[str, tuple[float | None, float | None]]) -> Any:
    return both_years(table(outputs(given)), value="output_1e4_cny", year=2025)


def test_a_cluster_counts_weights_and_an_industry_counts_whole_enterprises(
    table: Any, rows: Any
) -> None:
    e = table(firms(("a", "3451", "3393:0.25;2929:0.25")))
    found = {
        (r["kind"], r["key"], r["industry"]): r["weight"]
        for r in rows(belonging(e, table(definition("345", "3451", "3393")), definition="own"))
    }
    assert found == {
        ("cluster", "k", "3451"): 0.5,
        ("cluster", "k", "3393"): 0.25,
        ("division", "34", "3451"): 1.0,
        ("group", "345", "3451"): 1.0,
    }


def test_without_a_definition_there_are_industries_alone(table: Any, rows: Any) -> None:
    e = table(firms(("a", "3451", None), ("b", "34", None)))
    found = rows(belonging(e, table(definition("345")), definition=None))
    assert {(r["kind"], r["key"]) for r in found} == {("division", "34"), ("group", "345")}


def test_parts_are_what_a_calculation_by_hand_gives(table: Any, rows: Any) -> None:
    """Nation: 345 grows 20 %, 339 falls 10 %, all 10 %; here 100 → 130 and 50 → 40."""
    e = table(firms(("a", "3451", None), ("b", "3393", None)))
    belongs = of_clusters(e, table(definition("345", "3393")), definition="own")
    years = both(table, {"a": (100.0, 130.0), "b": (50.0, 40.0)})
    nation = {"345": (200.0, 240.0), "339": (100.0, 90.0), "131": (100.0, 110.0)}
    peers = peer_years(
        table(references(nation)), reference="000000", level=IndustryLevel.GROUP, year=2025
    )
    [found] = rows(summed(growth_parts(cells(belongs, years, digits=3), peers), KEYS))
    assert found["change"] == pytest.approx(20)
    assert found["national"] == pytest.approx(150 * 0.10)
    assert found["industry_mix"] == pytest.approx(100 * (0.20 - 0.10) + 50 * (-0.10 - 0.10))
    assert found["competitive_shift"] == pytest.approx(100 * (0.30 - 0.20) + 50 * (-0.20 + 0.10))
    assert found["entered"] == 0
    # Homothetic: 150 × 200/400 and 150 × 100/400.
    assert found["competitive"] == pytest.approx(75 * 0.10 + 37.5 * -0.10)


amounts = st.one_of(st.just(0.0), st.floats(min_value=0.1, max_value=1e6))


@settings(max_examples=6, deadline=None)
@given(
    own=st.lists(st.tuples(amounts, amounts), min_size=2, max_size=4),
    peers=st.lists(
        st.tuples(st.floats(min_value=1, max_value=1e6), amounts), min_size=4, max_size=4
    ),
)
def test_parts_sum_to_the_change_whatever_the_figures(
    own: list[tuple[float, float]], peers: list[tuple[float, float]], table: Any, rows: Any
) -> None:
    industries = ["3451", "3393", "3521", "1312"]
    e = table(firms(*((f"e{i}", industries[i], None) for i in range(len(own)))))
    belongs = of_clusters(e, table(definition(*industries)), definition="own")
    years = both(table, {f"e{i}": pair for i, pair in enumerate(own)})
    nation = {code[:3]: pair for code, pair in zip(industries, peers, strict=True)}
    peer = peer_years(
        table(references(dict(nation))), reference="000000", level=IndustryLevel.GROUP, year=2025
    )
    [found] = rows(summed(growth_parts(cells(belongs, years, digits=3), peer), KEYS))
    change = sum(pair[1] - pair[0] for pair in own)
    parts = [found[n] for n in ("national", "industry_mix", "competitive", "allocation", "entered")]
    largest = max(abs(part) for part in [*parts, 1.0])
    assert sum(parts) == pytest.approx(change, abs=1e-9 * largest + 1e-6)


def test_an_industry_of_which_the_reference_has_nothing_leaves_the_parts_unsaid(
    table: Any, rows: Any
) -> None:
    e = table(firms(("a", "3451", None), ("b", "3393", None)))
    belongs = of_clusters(e, table(definition("345", "3393")), definition="own")
    years = both(table, {"a": (100.0, 130.0), "b": (50.0, 40.0)})
    peers = peer_years(
        table(references({"345": (1.0, 2.0), "339": (5.0, None)})),
        reference="000000", level=IndustryLevel.GROUP, year=2025,
    )  # fmt: skip
    each = growth_parts(cells(belongs, years, digits=3), peers)
    assert {r["industry"] for r in rows(each) if r["industry_mix"] is None} == {"339"}
    [found] = rows(summed(each, KEYS))
    assert (found["undefined"], found["national"]) == (1, None)


def test_who_enters_who_leaves_and_who_stays_sum_to_the_growth(table: Any, rows: Any) -> None:
    e = table(firms(("a", "3451", "3393:0.5"), ("b", "3451", None), ("c", "3451", None)))
    belongs = of_clusters(e, table(definition("345", "3393")), definition="own")
    years = both(table, {"a": (100.0, 120.0), "b": (60.0, None), "c": (None, 20.0)})
    [found] = rows(entry_and_exit(belongs, years))
    # An enterprise with two industries that count is one enterprise, and counts once.
    assert (found["stayed"], found["entered"], found["left"]) == (1, 1, 1)
    assert (found["level_start"], found["level_end"]) == (160.0, 140.0)
    assert found["from_stayed"] == pytest.approx(20 / 160)
    parts = found["from_stayed"] + found["from_entered"] + found["from_left"]
    assert parts == pytest.approx(found["growth_published"])
    assert found["growth_comparable"] == pytest.approx(0.2)


def test_reports_of_several_kinds_count_a_year_once(table: Any, rows: Any) -> None:
    figures = {
        "uscc": ["a"] * 4,
        "period": ["2024", "2025-01..02", "2025-03", "2025-03ytd"],
        "output_1e4_cny": [10.0, 2.0, 1.0, 3.5],
    }
    [found] = rows(both_years(table(figures), value="output_1e4_cny", year=2025))
    assert (found["start"], found["end"]) == (10.0, 3.5)


def test_structure_moves_between_classes_of_one_group(table: Any, rows: Any) -> None:
    e = table(firms(("a", "3451", None), ("b", "3452", None)))
    belongs = of_clusters(e, table(definition("345")), definition="own")
    years = both(table, {"a": (50.0, 75.0), "b": (50.0, 25.0)})
    [fine] = rows(structure_moved(cells(belongs, years, digits=4)))
    [coarse] = rows(structure_moved(cells(belongs, years, digits=3)))
    assert fine["moved"] == pytest.approx(0.25)
    assert coarse["moved"] == 0


def test_references_are_the_nation_and_the_province_at_the_finest_level_they_hold(
    table: Any,
) -> None:
    nation = references({"345": (1.0, 2.0)})
    province = references({"34": (1.0, 2.0)}, region="370000", level="division")
    merged = {
        name: pa.concat_arrays([pa.array(nation[name]), pa.array(province[name])])
        for name in nation
    }
    engine = DuckEngine()
    both_known = table(merged)
    found = known_peers(engine, engine.memory(both_known.to_pyarrow()), region="371500", year=2025)
    assert list(found) == [("000000", IndustryLevel.GROUP), ("370000", IndustryLevel.DIVISION)]
    of_province = known_peers(
        engine, engine.memory(both_known.to_pyarrow()), region="370000", year=2025
    )
    assert [reference for reference, _ in of_province] == ["000000"]
    assert (
        known_peers(engine, engine.memory(table(nation).to_pyarrow()), region=None, year=2024) == {}
    )
