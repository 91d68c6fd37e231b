from __future__ import annotations

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from ballast.plant.measures.normality import normality


@pytest.mark.parametrize("count", [8, 20, 500])
@pytest.mark.parametrize("kind", ["normal", "exponential", "uniform"])
def test_the_statistic_is_that_of_scipy(kind: str, count: int) -> None:
    values = getattr(np.random.default_rng(count), kind)(size=count)
    z = np.sort((values - values.mean()) / values.std(ddof=1))
    weights = 2 * np.arange(1, count + 1) - 1
    logs = stats.norm.logcdf(z) + stats.norm.logsf(z[::-1])
    expected = -count - float((weights * logs).mean())
    assert normality(values).statistic == pytest.approx(expected, rel=1e-9)


def test_the_probability_agrees_with_the_printed_points_of_the_adjusted_statistic() -> None:
    """Points of A* for 10, 5, 2.5 and 1 %: 0.631, 0.752, 0.873, 1.035 (Stephens, table 4.7)."""
    from ballast.plant.measures.normality import _probability

    for point, share in ((0.631, 0.10), (0.752, 0.05), (0.873, 0.025), (1.035, 0.01)):
        assert _probability(point) == pytest.approx(share, rel=0.03)


def test_a_small_sample_is_adjusted_for_its_size() -> None:
    """With the factor and the polynomial of nortest's ad.test, written out for ten values."""
    found = normality([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 5.0])
    assert found.statistic is not None
    a = found.statistic * (1 + 0.075 + 0.0225)
    assert a > 0.6
    assert found.probability == pytest.approx(np.exp(1.2937 - 5.709 * a + 0.0186 * a**2), rel=1e-12)


def test_the_probability_falls_all_the_way_and_without_jumps() -> None:
    from ballast.plant.measures.normality import _probability

    found = np.array([_probability(a) for a in np.linspace(0.05, 400.0, 40_001)])
    assert (np.diff(found) < 2e-3).all()
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_normal_values_are_suspected_as_often_as_the_level_says() -> None:
    """By simulation: 2,000 samples of 25, the share below 5 % within four standard errors."""
    draws = np.random.default_rng(12).normal(size=(2000, 25))
    suspected = sum(normality(draw).warning is not None for draw in draws)
    assert suspected / 2000 == pytest.approx(0.05, abs=0.02)


def test_skewed_values_bring_a_warning() -> None:
    found = normality(np.random.default_rng(1).exponential(size=200))
    assert found.warning is not None
    assert "do not look normal" in found.warning.text("en")
    assert "正态" in found.warning.text("zh")


def test_an_outlier_far_beyond_what_a_probability_can_hold_does_no_harm() -> None:
    values = np.concatenate([np.random.default_rng(2).normal(size=86_399), [1e12]])
    found = normality(values)
    assert found.statistic is not None
    assert np.isfinite(found.statistic)
    assert found.warning is not None


@pytest.mark.parametrize("values", [[1.0] * 7, [np.nan] * 20, [*range(7), np.inf]])
def test_too_few_values_are_no_answer_and_say_so(values: list[float]) -> None:
    found = normality(values)
    assert found.statistic is found.probability is None
    assert found.warning is not None
    assert "too few" in found.warning.text("en")


def test_equal_values_are_no_answer_and_say_so() -> None:
    # A mean of many equal values may miss them by a rounding: the deviation is still none.
    found = normality([0.1] * 1001)
    assert found.statistic is None
    assert found.warning is not None
    assert "do not differ" in found.warning.text("en")
