from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.measures import location_quotients

CELLS: dict[str, list[Any]] = {
    "region": ["a", "a", "b", "b"],
    "industry": ["x", "y", "x", "y"],
    "n": [30, 10, 10, 50],
}


def quotients(found: Any) -> Any:
    return {(r["region"], r["industry"]): r["location_quotient"] for r in found}


def test_the_quotient_compares_the_regions_share_with_that_of_all_regions(
    table: Any, rows: Any
) -> None:
    found = quotients(rows(location_quotients(table(CELLS), value="n")))
    assert found["a", "x"] == pytest.approx((30 / 40) / (40 / 100), rel=1e-15)
    assert found["b", "x"] == pytest.approx((10 / 60) / (40 / 100), rel=1e-15)


def test_establishments_are_added_into_cells(table: Any, rows: Any) -> None:
    split = {
        "region": ["a", "a", "a", "b", "b"],
        "industry": ["x", "x", "y", "x", "y"],
        "n": [10, 20, 10, 10, 50],
    }
    whole = rows(location_quotients(table(CELLS), value="n"), "region", "industry")
    assert rows(location_quotients(table(split), value="n"), "region", "industry") == whole


def test_a_reference_of_its_own_replaces_all_regions(table: Any, rows: Any) -> None:
    nation = table({"industry": ["x", "y"], "n": [1, 3]})
    found = quotients(rows(location_quotients(table(CELLS), value="n", reference=nation)))
    assert found["a", "x"] == pytest.approx((30 / 40) / (1 / 4), rel=1e-15)


def test_an_industry_that_the_reference_does_not_have_has_no_quotient(
    table: Any, rows: Any
) -> None:
    nation = table({"industry": ["x", "z"], "n": [1, 3]})
    found = quotients(rows(location_quotients(table(CELLS), value="n", reference=nation)))
    assert found["a", "y"] is None
    assert found["a", "x"] == pytest.approx(3.0)


def test_an_unknown_cell_has_no_quotient_and_is_left_out_of_the_totals(
    table: Any, rows: Any
) -> None:
    with_unknown = {k: [*v, u] for (k, v), u in zip(CELLS.items(), ("a", "z", None), strict=True)}
    found = quotients(rows(location_quotients(table(with_unknown), value="n")))
    assert found.pop(("a", "z")) is None
    assert found == quotients(rows(location_quotients(table(CELLS), value="n")))


def test_a_region_where_nobody_works_has_no_quotients(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "b", "b"], "industry": ["x", "x", "y"], "n": [0, 1, 1]})
    found = quotients(rows(location_quotients(t, value="n")))
    assert found["a", "x"] is None


def test_a_known_zero_is_a_quotient_of_zero(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "a", "b"], "industry": ["x", "y", "x"], "n": [0, 1, 1]})
    assert quotients(rows(location_quotients(t, value="n")))["a", "x"] == 0.0


def test_an_industry_that_nobody_works_in_has_no_quotient(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "a"], "industry": ["x", "y"], "n": [0, 1]})
    assert quotients(rows(location_quotients(t, value="n")))["a", "x"] is None


def test_periods_are_kept_apart(table: Any, rows: Any) -> None:
    twice = {k: [*v, *v] for k, v in CELLS.items()} | {"period": ["2024"] * 4 + ["2025"] * 4}
    twice["n"] = [*CELLS["n"], 5, 5, 5, 5]
    found = rows(location_quotients(table(twice), value="n", within=["period"]), "period")
    assert [r["location_quotient"] for r in found if r["period"] == "2025"] == [1.0] * 4
    first = [r for r in found if r["period"] == "2024"]
    assert quotients(first) == quotients(rows(location_quotients(table(CELLS), value="n")))


def test_overlapping_cells_need_and_take_totals_of_their_own(table: Any, rows: Any) -> None:
    everything = table({"region": ["a", "b"], "n": [50, 50]})
    found = rows(location_quotients(table(CELLS), value="n", region_totals=everything))
    assert quotients(found)["a", "x"] == pytest.approx((30 / 50) / (40 / 100))
