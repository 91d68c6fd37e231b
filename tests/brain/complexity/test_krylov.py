"""The largest eigenvalue beside known ones: against the solver that finds all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.complexity.indices import complexity
from ballast.brain.complexity.krylov import krylov_largest
from ballast.brain.complexity.presence import Floats
from ballast.errors import Undefined


def made(seed: int, values: Floats) -> tuple[Floats, Floats]:
    """Return a symmetric matrix with these eigenvalues, and its vectors, one a row."""
    random = np.random.default_rng(seed)
    vectors = np.linalg.qr(random.standard_normal((len(values), len(values))))[0].T
    return vectors.T @ (values[:, None] * vectors), vectors


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.9))
def test_it_finds_the_value_below_the_known_ones_and_its_vector(seed: int, second: float) -> None:
    values = np.concatenate([np.linspace(0.0, second * 0.9, 58), [second, 1.0]])
    square, vectors = made(seed, values)
    found = krylov_largest(square, vectors[-1:])
    assert found is not None
    value, vector = found
    assert value == pytest.approx(second, abs=1e-12)
    assert abs(vector @ vectors[-2]) == pytest.approx(1, abs=1e-10)
    assert abs(vector @ vectors[-1]) < 1e-12


def test_a_value_that_stands_twice_is_found_again_beside_its_first_vector() -> None:
    square, vectors = made(1, np.concatenate([np.linspace(0, 0.3, 77), [0.6, 0.6, 1.0]]))
    first = krylov_largest(square, vectors[-1:])
    assert first is not None
    second = krylov_largest(square, np.stack([vectors[-1], first[1]]))
    assert second is not None
    assert second[0] == pytest.approx(first[0], abs=1e-12)


def test_where_the_vectors_run_out_it_says_so() -> None:
    assert krylov_largest(np.eye(40) * 0.5, np.eye(40)[:1]) is None


def test_two_groups_of_many_places_that_share_nothing_are_refused() -> None:
    random = np.random.default_rng(3)
    present = np.zeros((420, 440), dtype=bool)
    present[:210, :220] = random.uniform(size=(210, 220)) < 0.5
    present[210:, 220:] = random.uniform(size=(210, 220)) < 0.5
    with pytest.raises(Undefined, match="share no industry"):
        complexity(present)


def test_many_places_of_which_two_rankings_fit_equally_well_are_refused() -> None:
    # Every place has its own industry and one that all have: a wheel, without a first and a last.
    present = np.eye(240, dtype=bool) | np.roll(np.eye(240, dtype=bool), 1, axis=1)
    present = np.hstack([present, np.ones((240, 1), dtype=bool)])
    with pytest.raises(Undefined, match="two rankings"):
        complexity(present)
