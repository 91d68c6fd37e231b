from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures import theil

GROUPED = {
    "group": ["a", "a", "a", "b", "b"],
    "gdp": [3.0, 5.0, 8.0, 30.0, 1.0],
    "people": [2.0, 2.0, 3.0, 1.0, 4.0],
}


def test_equal_values_have_no_inequality(table: Any, rows: Any) -> None:
    [row] = rows(theil(table({"n": [4, 4, 4]}), value="n"))
    assert row["theil_t"] == pytest.approx(0, abs=1e-15)
    assert row["theil_l"] == pytest.approx(0, abs=1e-15)


def test_all_in_one_of_n_gives_t_the_logarithm_of_n_and_leaves_l_undefined(
    table: Any, rows: Any
) -> None:
    [row] = rows(theil(table({"n": [0, 0, 9, 0]}), value="n"))
    assert row["theil_t"] == pytest.approx(math.log(4), rel=1e-15)
    assert row["theil_l"] is None


def test_t_and_l_are_different_numbers(table: Any, rows: Any) -> None:
    [row] = rows(theil(table({"n": [1, 9]}), value="n"))
    assert row["theil_t"] == pytest.approx(0.1 * math.log(0.2) + 0.9 * math.log(1.8), rel=1e-13)
    assert row["theil_l"] == pytest.approx(0.5 * math.log(5) + 0.5 * math.log(5 / 9), rel=1e-13)


@pytest.mark.parametrize(("index", "weigh_by"), [("theil_t", "gdp"), ("theil_l", "people")])
def test_inequality_is_that_between_groups_plus_that_within(
    table: Any, rows: Any, index: Any, weigh_by: Any
) -> None:
    t = table(GROUPED)
    [all_of_it] = rows(theil(t, value="gdp", weight="people"))
    sums = t.aggregate(gdp=t.gdp.sum(), people=t.people.sum(), by="group")
    [between] = rows(theil(sums, value="gdp", weight="people"))
    within = rows(theil(t, value="gdp", weight="people", within=["group"]), "group")
    shares = rows(sums, "group")
    whole = sum(s[weigh_by] for s in shares)
    parts = sum(s[weigh_by] / whole * w[index] for s, w in zip(shares, within, strict=True))
    assert between[index] > 0.01
    assert parts > 0.01
    assert all_of_it[index] == pytest.approx(between[index] + parts, rel=1e-12)


def test_a_unit_of_unknown_value_or_weight_is_left_out(table: Any, rows: Any) -> None:
    t = table({"gdp": [3.0, 5.0, None, 9.0], "people": [1.0, 2.0, 3.0, None]})
    known = table({"gdp": [3.0, 5.0], "people": [1.0, 2.0]})
    expected = rows(theil(known, value="gdp", weight="people"))
    assert rows(theil(t, value="gdp", weight="people")) == expected


def test_a_value_where_nothing_weighs_leaves_t_undefined(table: Any, rows: Any) -> None:
    t = table({"gdp": [3.0, 5.0], "people": [1.0, 0.0]})
    [row] = rows(theil(t, value="gdp", weight="people"))
    assert row["theil_t"] is None
    assert row["theil_l"] == pytest.approx(math.log(8 / 3), rel=1e-13)


def test_nothing_at_all_has_neither(table: Any, rows: Any) -> None:
    [row] = rows(theil(table({"n": [0, 0]}), value="n"))
    assert (row["units"], row["theil_t"], row["theil_l"]) == (2, None, None)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_neither_is_negative_nor_does_it_depend_on_the_unit_of_measure(
    table: Any, rows: Any, values: Any
) -> None:
    [row] = rows(theil(table({"n": values}), value="n"))
    [scaled] = rows(theil(table({"n": [v * 1000 for v in values]}), value="n"))
    for index in ("theil_t", "theil_l"):
        assert row[index] >= -1e-12
        assert row[index] == pytest.approx(scaled[index], abs=1e-12)
