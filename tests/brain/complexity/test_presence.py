"""Advantage is the location quotient; a long table becomes a rectangle or is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.complexity.presence import advantage, presence, rectangle
from ballast.errors import Refused


@given(st.integers(0, 2**32 - 1))
def test_advantage_weighted_by_the_whole_is_one(seed: int) -> None:
    """Σ_c (x_c / x) RCA_cp = 1 for each product, by the definition."""
    values = np.random.default_rng(seed).uniform(0.1, 9, (6, 8))
    weight = values.sum(axis=1) / values.sum()
    np.testing.assert_allclose(weight @ advantage(values), 1)


def test_what_has_no_sum_has_no_advantage_and_is_not_present() -> None:
    values = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert np.isnan(advantage(values)[1]).all()
    assert presence(values).tolist() == [[True, False], [False, False]]


def test_a_cell_without_a_row_is_zero_and_names_are_sorted() -> None:
    rows, columns, values = rectangle(["b", "a", "b"], ["y", "x", "x"], [1.0, 2.0, 3.0])
    assert (list(rows), list(columns)) == (["a", "b"], ["x", "y"])
    assert values.tolist() == [[2.0, 0.0], [3.0, 1.0]]


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_a_value_that_is_no_amount_is_refused_with_its_place(value: float) -> None:
    with pytest.raises(Refused, match="a, y"):
        rectangle(["a", "a"], ["x", "y"], [1.0, value])


def test_two_values_of_one_cell_are_refused_rather_than_added() -> None:
    with pytest.raises(Refused, match="b, x: there are several"):
        rectangle(["a", "b", "b"], ["x", "x", "x"], [1.0, 2.0, 2.0])


def test_a_row_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="has no name"):
        rectangle(["a", None], ["x", "y"], [1.0, 2.0])


def test_no_rows_make_an_empty_rectangle() -> None:
    assert rectangle([], [], [])[2].shape == (0, 0)
