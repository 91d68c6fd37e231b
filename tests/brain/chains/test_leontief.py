"""The two inverses: published examples, identities, and tables that have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.chains.leontief import inverses
from ballast.brain.chains.table import InputOutput
from ballast.errors import Refused

from .tables import made


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_final_use_times_the_leontief_inverse_is_output(seed: int, sectors: int) -> None:
    table = made(np.random.default_rng(seed), sectors)
    final = table.output - table.flows.sum(axis=1)
    np.testing.assert_allclose(inverses(table).leontief @ final, table.output, rtol=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_value_added_times_the_ghosh_inverse_is_output(seed: int, sectors: int) -> None:
    """Which the transposed inverse, a common slip, does not give."""
    table = made(np.random.default_rng(seed), sectors)
    primary = table.output - table.flows.sum(axis=0)
    np.testing.assert_allclose(primary @ inverses(table).ghosh, table.output, rtol=1e-9)


def test_the_ghosh_inverse_is_the_inverse_of_one_less_the_allocation() -> None:
    found = inverses(made(np.random.default_rng(3), 7))
    product = found.ghosh @ (np.eye(7) - found.allocation)
    np.testing.assert_allclose(product, np.eye(7), atol=1e-12)


def test_a_sector_without_output_is_undefined_and_disturbs_no_other() -> None:
    table = made(np.random.default_rng(4), 5)
    wider = InputOutput(
        "wider",
        (*table.sectors, "none"),
        np.pad(table.flows, (0, 1)),
        np.append(table.output, 0.0),
        np.append(table.value_added, 0.0),
    )
    found = inverses(wider)
    assert np.isnan(found.leontief[5]).all()
    assert np.isnan(found.ghosh[:, 5]).all()
    np.testing.assert_array_equal(found.leontief[:5, :5], inverses(table).leontief)


def test_a_sector_that_buys_without_output_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="sector b: it has no output"):
        InputOutput("t", ("a", "b"), np.ones((2, 2)), np.array([9.0, 0.0]), np.ones(2))


@pytest.mark.parametrize("flows", [[[5.0, 5.0], [5.0, 5.0]], [[9.0, 9.0], [9.0, 9.0]]])
def test_a_table_that_uses_more_than_it_makes_is_refused_not_solved(
    flows: list[list[float]],
) -> None:
    """The first is singular; the second has an inverse, with negative outputs in it."""
    table = InputOutput("t", ("a", "b"), np.array(flows), np.array([10.0, 10.0]), np.zeros(2))
    with pytest.raises(Refused, match="use more than they make"):
        inverses(table)


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_a_flow_that_is_no_amount_is_refused_with_its_place(value: float) -> None:
    flows = np.zeros((2, 2))
    flows[0, 1] = value
    with pytest.raises(Refused, match="flows of a → b"):
        InputOutput("t", ("a", "b"), flows, np.ones(2), np.ones(2))


def test_arrays_of_another_size_are_refused() -> None:
    with pytest.raises(Refused, match="output has the shape"):
        InputOutput("t", ("a", "b"), np.zeros((2, 2)), np.ones(3), np.ones(2))
