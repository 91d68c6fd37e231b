from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures import herfindahl


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(lambda v: sum(v) > 0))
def test_the_index_lies_between_one_nth_and_one(table: Any, rows: Any, values: Any) -> None:
    [row] = rows(herfindahl(table({"n": values}), value="n"))
    assert 1 / len(values) - 1e-12 <= row["herfindahl"] <= 1 + 1e-12
    assert row["herfindahl"] == pytest.approx(sum((v / sum(values)) ** 2 for v in values))


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 50), st.integers(1, 1000))
def test_equal_units_give_one_nth_and_nothing_when_normalised(
    table: Any, rows: Any, count: Any, size: Any
) -> None:
    [row] = rows(herfindahl(table({"n": [size] * count}), value="n"))
    assert row["herfindahl"] == pytest.approx(1 / count, rel=1e-12)
    assert row["herfindahl_normalised"] == pytest.approx(0, abs=1e-12)


def test_rows_of_a_unit_are_added_first_when_units_are_named(table: Any, rows: Any) -> None:
    t = table({"region": ["a"] * 3, "industry": ["x", "x", "y"], "n": [1, 1, 2]})
    [by_industry] = rows(herfindahl(t, value="n", within=["region"], of=["industry"]))
    [by_row] = rows(herfindahl(t, value="n", within=["region"]))
    assert (by_industry["units"], by_industry["herfindahl"]) == (2, 0.5)
    assert (by_row["units"], by_row["herfindahl"]) == (3, 6 / 16)


def test_unknown_units_are_left_out_and_not_counted(table: Any, rows: Any) -> None:
    [row] = rows(herfindahl(table({"n": [1, None, 1]}), value="n"))
    assert (row["units"], row["herfindahl"]) == (2, 0.5)


def test_one_unit_cannot_be_normalised(table: Any, rows: Any) -> None:
    [row] = rows(herfindahl(table({"n": [7]}), value="n"))
    assert (row["herfindahl"], row["herfindahl_normalised"]) == (1.0, None)


def test_nothing_has_no_index(table: Any, rows: Any) -> None:
    [row] = rows(herfindahl(table({"n": [0, 0]}), value="n"))
    assert (row["herfindahl"], row["herfindahl_normalised"]) == (None, None)
