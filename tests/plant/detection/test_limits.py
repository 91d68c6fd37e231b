"""Limits from training rows alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.detection.limits import limit_of, stretches


def test_the_share_beyond_the_limit_is_the_one_asked_for() -> None:
    rng = np.random.default_rng(1)
    beyond = [
        (rng.normal(size=200) > limit_of(rng.normal(size=199), 0.05)).mean() for _ in range(400)
    ]
    assert np.mean(beyond) == pytest.approx(0.05, abs=0.003)


def test_of_too_few_scores_the_largest_is_the_limit() -> None:
    assert limit_of(np.array([3.0, 1.0, 2.0]), 0.0027) == 3.0


def test_no_scores_have_no_limit() -> None:
    with pytest.raises(Refused, match="nothing to take a limit from"):
        limit_of(np.empty(0))


@given(st.integers(0, 200), st.integers(1, 30), st.integers(1, 6))
def test_windows_that_are_fitted_share_no_row_with_those_that_are_scored(
    count: int, apart: int, parts: int
) -> None:
    found = stretches(count, apart, parts)
    scored = [row for at, _ in found for row in range(count)[at]]
    assert scored == [*range(count)]
    for at, fit in found:
        for row in np.flatnonzero(fit):
            assert all(abs(int(row) - other) >= apart for other in range(count)[at])
