"""Chance that can be asked again: the same for whoever asks, and of the shape it claims."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ballast.sample.factory.noise import key, normal, slow, uniform

SERIES = key(7, "lathe-1", "power")


def test_a_number_does_not_depend_on_what_else_is_asked_for() -> None:
    whole = normal(SERIES, np.arange(1000))
    assert normal(SERIES, [3, 999]).tolist() == whole[[3, 999]].tolist()
    assert normal(SERIES, [5], salt=1) != normal(SERIES, [5])
    assert normal(key(8, "lathe-1", "power"), [5]) != normal(SERIES, [5])


def test_uniform_numbers_are_uniform_and_never_at_the_ends() -> None:
    drawn = uniform(SERIES, np.arange(50_000))
    assert drawn.min() > 0
    assert drawn.max() < 1
    assert stats.kstest(drawn, "uniform").pvalue > 0.01


def test_normal_numbers_are_normal_and_neighbours_are_strangers() -> None:
    drawn = normal(SERIES, np.arange(50_000))
    assert stats.kstest(drawn, "norm").pvalue > 0.01
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.02
    assert np.isfinite(drawn).all()


def test_negative_and_huge_indexes_are_numbers_too() -> None:
    assert np.isfinite(normal(SERIES, [-1, 2**62, 1_795_000_000_000])).all()


@pytest.mark.parametrize("step", [1000, 240_000])
def test_slow_noise_moves_in_straight_lines(step: int) -> None:
    at = np.array([0, step // 2, step], dtype=np.int64) + 50 * step
    ends = slow(SERIES, at, step)
    assert ends[1] == pytest.approx((ends[0] + ends[2]) / 2)
    assert ends[0] == pytest.approx(normal(SERIES, [50])[0])
