"""The space of products: proximity, density, outlook and gain, by hand and by their properties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.complexity.space import density, outlook, proximity


@given(st.integers(0, 2**32 - 1))
def test_proximity_is_the_smaller_conditional_probability(seed: int) -> None:
    present = np.random.default_rng(seed).uniform(size=(9, 6)) < 0.6
    present[0] = True
    found = proximity(present)
    for p in range(6):
        for q in range(6):
            both = (present[:, p] & present[:, q]).sum()
            wanted = min(both / present[:, p].sum(), both / present[:, q].sum())
            assert found[p, q] == wanted


def test_density_is_the_share_of_the_neighbourhood_that_a_place_has() -> None:
    present = np.array([[True, True, False], [True, False, False], [False, False, True]])
    near = proximity(present)
    assert near.tolist() == [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]
    np.testing.assert_allclose(density(present, near)[1], [1 / 1.5, 0.5 / 1.5, 0])


def test_a_place_that_has_everything_is_dense_everywhere_and_has_nothing_to_gain() -> None:
    present = np.random.default_rng(2).uniform(size=(8, 5)) < 0.5
    present[0] = True
    near = proximity(present)
    close = density(present, near)
    np.testing.assert_allclose(close[0], 1)
    found = outlook(present, near, close, np.linspace(-1, 1, 5))
    assert found.outlook[0] == 0
    assert not found.gain[0].any()


def test_gain_and_outlook_by_hand() -> None:
    """φ is 1 on the diagonal and ½ between the first two; sums of rows are 1.5, 1.5, 1."""
    present = np.array([[True, True, False], [True, False, False], [False, False, True]])
    near = proximity(present)
    close = density(present, near)
    found = outlook(present, near, close, np.array([1.0, 2.0, 4.0]))
    np.testing.assert_allclose(found.outlook[1], 2 * (0.5 / 1.5) + 4 * 0)
    np.testing.assert_allclose(found.gain[1], [0, 2 / 1.5, 4])


def test_an_industry_present_nowhere_is_undefined_and_adds_nothing() -> None:
    present = np.array([[True, False, True], [True, False, False]])
    near = proximity(present)
    close = density(present, near)
    assert np.isnan(near[1]).all()
    assert np.isnan(close[:, 1]).all()
    found = outlook(present, near, close, np.array([1.0, np.nan, 2.0]))
    assert np.isfinite(found.outlook).all()
    assert np.isfinite(found.gain).all()
