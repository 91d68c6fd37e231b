"""Entry, exit and those that stay: contributions that sum to the growth; how far shares moved."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures.turnover import structural_change, turnover

_amount = st.one_of(st.none(), st.floats(0, 1e6).map(lambda value: round(value, 2)))


@given(st.lists(st.tuples(_amount, _amount), min_size=1, max_size=12))
@settings(deadline=None, max_examples=40)
def test_contributions_sum_to_the_published_growth(table: Any, rows: Any, units: Any) -> None:
    start, end = (pa.array(column, pa.float64()) for column in zip(*units, strict=True))
    [found] = rows(
        turnover(table({"region": ["r"] * len(units), "a": start, "b": end}), start="a", end="b")
    )
    before = sum(unit[0] or 0 for unit in units)
    after = sum(unit[1] or 0 for unit in units)
    assert found["level_start"] == pytest.approx(before, abs=1e-6)
    assert found["level_end"] == pytest.approx(after, abs=1e-6)
    if not before:
        assert found["growth_published"] is None
        return
    parts = found["from_stayed"] + found["from_entered"] + found["from_left"]
    assert parts == pytest.approx(found["growth_published"], rel=1e-9, abs=1e-9)
    assert found["growth_published"] == pytest.approx(after / before - 1, rel=1e-9, abs=1e-9)


def test_a_shrinking_list_hides_the_growth_of_those_that_stayed(table: Any, rows: Any) -> None:
    units = table({"region": ["r"] * 3, "a": [100.0, 50.0, 10.0], "b": [120.0, None, 12.0]})
    [found] = rows(turnover(units, start="a", end="b"))
    assert found["growth_published"] == pytest.approx(132 / 160 - 1)
    assert found["growth_comparable"] == pytest.approx(0.2)
    assert (found["stayed"], found["entered"], found["left"]) == (2, 0, 1)


def test_zero_is_an_amount_and_missing_is_absence(table: Any, rows: Any) -> None:
    units = table({"region": ["r", "r"], "a": [0.0, 10.0], "b": [5.0, 10.0]})
    [found] = rows(turnover(units, start="a", end="b"))
    assert (found["stayed"], found["entered"]) == (2, 0)


def test_where_nobody_stayed_the_comparable_growth_is_undefined(table: Any, rows: Any) -> None:
    units = table({"region": ["r", "r"], "a": [4.0, None], "b": [None, 6.0]})
    [found] = rows(turnover(units, start="a", end="b"))
    assert found["growth_comparable"] is None
    assert found["growth_published"] == pytest.approx(0.5)


def test_structure_that_turns_over_altogether_moves_by_one(table: Any, rows: Any) -> None:
    cells = table({"region": ["r", "r"], "a": [3.0, 0.0], "b": [0.0, 8.0]})
    [found] = rows(structural_change(cells, start="a", end="b"))
    assert found["moved"] == 1


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=9), st.floats(0.01, 100))
@settings(deadline=None, max_examples=25)
def test_growth_that_is_even_moves_no_structure(
    table: Any, rows: Any, amounts: Any, factor: float
) -> None:
    end = [amount * factor for amount in amounts]
    cells = table({"region": ["r"] * len(amounts), "a": amounts, "b": end})
    [found] = rows(structural_change(cells, start="a", end="b"))
    assert found["moved"] == pytest.approx(0, abs=1e-9)


def test_an_empty_year_has_no_structure_to_compare(table: Any, rows: Any) -> None:
    cells = table({"region": ["r"], "a": [0.0], "b": [5.0]})
    assert rows(structural_change(cells, start="a", end="b"))[0]["moved"] is None
