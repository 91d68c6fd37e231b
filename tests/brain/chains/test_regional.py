"""A region's table: what the quotients do to coefficients, and what RAS reaches or refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.chains.regional import Quotient, ras, regional_coefficients, trading_quotients
from ballast.errors import Refused


@pytest.mark.parametrize("method", list(Quotient))
def test_the_nation_is_its_own_region(method: Quotient) -> None:
    nation = np.array([3.0, 5.0, 2.0])
    np.testing.assert_allclose(trading_quotients(nation, nation, method), np.ones((3, 3)))


def test_flegg_cuts_the_same_region_deeper_the_smaller_it_is() -> None:
    nation = np.array([30.0, 50.0, 20.0])
    found = [trading_quotients(nation * part, nation, Quotient.FLQ) for part in (0.9, 0.5, 0.1)]
    assert found[0].max() > found[1].max() > found[2].max()
    assert found[2][0, 0] == pytest.approx(np.log2(1.1) ** 0.3)


def test_cross_industry_quotients_compare_supplier_and_buyer() -> None:
    region, nation = np.array([10.0, 10.0]), np.array([100.0, 300.0])
    found = trading_quotients(region, nation, Quotient.CILQ)
    np.testing.assert_allclose(found, [[2.0, 3.0], [1 / 3, 2 / 3]])


def test_what_a_region_has_enough_of_keeps_the_nations_coefficient() -> None:
    nation = np.array([[0.2, 0.1], [0.3, 0.1]])
    quotients = np.array([[1.7, 0.5], [1.0, 0.0]])
    np.testing.assert_allclose(regional_coefficients(nation, quotients), [[0.2, 0.05], [0.3, 0.0]])


def test_a_buyer_that_is_not_in_the_region_has_undefined_quotients() -> None:
    region, nation = np.array([10.0, 0.0]), np.array([100.0, 300.0])
    for method in Quotient:
        assert np.isnan(trading_quotients(region, nation, method)[0, 1])


@pytest.mark.parametrize(
    ("region", "nation", "delta"),
    [
        ([5.0, 1.0], [4.0, 9.0], 0.3),
        ([0.0, 0.0], [4.0, 9.0], 0.3),
        ([1.0, np.nan], [4.0, 9.0], 0.3),
        ([1.0, 1.0], [4.0, 9.0], 1.0),
    ],
)
def test_a_region_that_cannot_be_is_refused(
    region: list[float], nation: list[float], delta: float
) -> None:
    with pytest.raises(Refused):
        trading_quotients(np.array(region), np.array(nation), Quotient.FLQ, delta=delta)


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 8))
def test_ras_reaches_the_sums_and_finds_the_scaling_that_was_hidden(
    seed: int, rows: int, columns: int
) -> None:
    random = np.random.default_rng(seed)
    first = random.uniform(0.1, 5, (rows, columns))
    hidden = first * random.uniform(0.2, 5, rows)[:, None] * random.uniform(0.2, 5, columns)
    found = ras(first, hidden.sum(axis=1), hidden.sum(axis=0))
    np.testing.assert_allclose(found.flows, hidden, rtol=1e-6)


def test_a_zero_stays_zero_and_a_sum_of_zero_empties_its_row() -> None:
    found = ras(
        np.array([[1.0, 0.0], [2.0, 3.0], [1.0, 1.0]]),
        np.array([2.0, 5.0, 0.0]),
        np.array([4.0, 3.0]),
    )
    np.testing.assert_allclose(found.flows, [[2, 0], [2, 3], [0, 0]], atol=1e-8)


def test_sums_that_the_zeros_do_not_allow_are_refused() -> None:
    first = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(Refused, match="cannot be reached"):
        ras(first, np.array([5.0, 1.0]), np.array([2.0, 4.0]), rounds=200)


@pytest.mark.parametrize(
    ("flows", "rows", "columns", "why"),
    [
        ([[1.0, -1.0]], [1.0], [0.5, 0.5], "negative"),
        ([[1.0, 1.0]], [1.0], [1.0, 1.0], "must be equal"),
        ([[0.0, 1.0]], [2.0], [1.0, 1.0], "zeros"),
    ],
)
def test_sums_that_make_no_sense_are_refused(
    flows: list[list[float]], rows: list[float], columns: list[float], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        ras(np.array(flows), np.array(rows), np.array(columns))
