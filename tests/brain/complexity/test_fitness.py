"""Fitness: the iteration's own fixed point, its means, and the order of a nested matrix."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.complexity.fitness import fitness


@given(st.integers(0, 2**32 - 1), st.integers(3, 15), st.integers(3, 15))
def test_what_has_settled_is_a_fixed_point_of_both_equations(
    seed: int, places: int, industries: int
) -> None:
    random = np.random.default_rng(seed)
    present = random.uniform(size=(places, industries)) < 0.8
    present[0] = present[:, 0] = True
    found = fitness(present, rounds=3000)
    assert abs(found.fitness.mean() - 1) < 1e-9
    if not found.settled:
        return
    again = present @ found.complexity
    np.testing.assert_allclose(found.fitness, again / again.mean(), atol=1e-7)


def test_a_product_that_only_the_fittest_has_is_the_most_complex() -> None:
    present = np.tril(np.ones((6, 6), dtype=bool))[::-1]
    found = fitness(present, rounds=50)
    assert np.argsort(-found.fitness).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.argsort(-found.complexity).tolist() == [5, 4, 3, 2, 1, 0]


def test_a_nested_matrix_never_settles_and_says_so() -> None:
    """All but one fitness go to 0, each round more slowly."""
    found = fitness(np.tril(np.ones((6, 6), dtype=bool)), rounds=50)
    assert not found.settled
    assert found.rounds == 50


def test_a_place_without_an_industry_has_no_fitness() -> None:
    found = fitness(np.array([[True, False], [False, False], [True, False]]))
    assert np.isnan(found.fitness[1])
    assert np.isnan(found.complexity[1])
    assert found.fitness[[0, 2]].tolist() == [1.0, 1.0]


def test_nothing_at_all_is_nothing() -> None:
    found = fitness(np.zeros((2, 3), dtype=bool))
    assert np.isnan(found.fitness).all()
    assert found.rounds == 0
