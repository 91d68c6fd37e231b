from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.control_charts import Baseline, Phase
from ballast.plant.measures.control_charts_subgroups import subgroups
from ballast.plant.measures.ewma import EWMA_START, ewma, judge_ewma

STANDARD = Baseline(10.0, 2.0)
numbers = st.one_of(st.floats(-100, 100), st.just(math.nan))


def test_the_limits_are_those_that_qcc_prints() -> None:
    """Output of R's qcc::ewma with weight 0.1 and deviation 0.8, at homeworklib.com 1911204.

    It prints the limits of rows 1, 2 and 16; the centre is the mean of the sixteen values.
    """
    values = [500, 500, 255, 106, 88.8, 35.9, 31.3, 17.5, 15.9, 10.3, 6.53, 6.09, 4.36, 3.63,
              2.87, 1.93]  # fmt: skip
    mean = sum(values) / 16
    assert mean == pytest.approx(99.13187, abs=6e-6)
    chart = ewma(values, [Phase(0, Baseline(mean, 0.8))], weight=0.1)
    printed = {0: (98.89187, 99.37187), 1: (98.80899, 99.45476), 15: (98.59081, 99.67294)}
    for row, (lower, upper) in printed.items():
        assert chart.lower[row] == pytest.approx(lower, abs=6e-6)
        assert chart.upper[row] == pytest.approx(upper, abs=6e-6)


def test_the_averages_are_those_that_sas_prints() -> None:
    """SAS/QC, EWMACHART statement, "Saving Summary Statistics", figure 20.5 (okstate.edu/sas/v8).

    Means of five gaps a day and their averages with weight 0.3; the mean of all is 14.952. The
    means are printed to three decimals, the averages to four.
    """
    means = [
        14.904, 15.014, 14.866, 15.048, 15.024, 15.126, 15.220, 14.902, 14.910, 14.932, 15.096,
        14.912, 15.138, 14.798, 14.944, 14.896, 14.734, 15.046, 14.702, 14.788,
    ]  # fmt: skip
    printed = [
        14.9362, 14.9595, 14.9315, 14.9664, 14.9837, 15.0264, 15.0845, 15.0297, 14.9938, 14.9753,
        15.0115, 14.9816, 15.0285, 14.9594, 14.9548, 14.9371, 14.8762, 14.9271, 14.8596, 14.8381,
    ]  # fmt: skip
    mean = sum(means) / len(means)
    assert mean == pytest.approx(14.95, abs=5e-4)
    chart, _ = judge_ewma(means, 5.0, Baseline(mean, 0.21108), weight=0.3)
    assert chart.values == pytest.approx(printed, abs=6e-5)


def test_the_average_is_the_weighted_sum_written_out() -> None:
    values = np.random.default_rng(3).normal(10, 2, size=40)
    chart = ewma(values, [Phase(0, STANDARD)], weight=0.3)
    for i in (0, 1, 7, 39):
        sum_ = sum(0.3 * 0.7 ** (i - j) * values[j] for j in range(i + 1)) + 0.7 ** (i + 1) * 10.0
        assert chart.values[i] == pytest.approx(sum_, rel=1e-12)
        factor = 0.3 / 1.7 * (1 - 0.7 ** (2 * (i + 1)))
        assert chart.sigma[i] == pytest.approx(2.0 * math.sqrt(factor), rel=1e-12)


def test_with_weight_one_it_is_the_individuals_chart() -> None:
    chart = ewma([9.0, 17.0], [Phase(0, STANDARD)], weight=1.0)
    assert chart.values.tolist() == [9.0, 17.0]
    assert chart.upper.tolist() == [16.0, 16.0]
    assert chart.beyond.tolist() == [False, True]


@given(st.lists(numbers, max_size=60), st.lists(st.integers(0, 20), max_size=6))
def test_a_stream_in_any_portions_gives_the_very_numbers_of_a_batch(
    values: list[float], cuts: list[int]
) -> None:
    whole, end = judge_ewma(values, 1.0, STANDARD)
    state, at, parts = EWMA_START, 0, []
    for portion in [*cuts, len(values)]:
        chart, state = judge_ewma(values[at : at + portion], 1.0, STANDARD, state)
        parts.append(chart)
        at += portion
    for name in ("values", "lower", "upper"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name))
    assert state == end


def test_a_missing_row_has_no_point_and_leaves_the_average_where_it_was() -> None:
    with_gap = ewma([11.0, math.nan, 12.0], [Phase(0, STANDARD)])
    without = ewma([11.0, 12.0], [Phase(0, STANDARD)])
    assert math.isnan(with_gap.values[1])
    assert with_gap.values[2] == without.values[1]
    assert with_gap.upper[2] == without.upper[1]


def test_larger_subgroups_have_narrower_limits_and_the_variance_adds_up() -> None:
    rows = subgroups([[10.0, 11.0, 12.0, 9.0], [10.0, 11.0, np.nan, np.nan]])
    chart = ewma(rows, [Phase(0, STANDARD)], weight=0.5)
    first = 0.25 * 4.0 / 4
    assert chart.sigma.tolist() == pytest.approx(
        [math.sqrt(first), math.sqrt(0.25 * 4.0 / 2 + 0.25 * first)], rel=1e-12
    )


def test_the_average_starts_anew_with_a_phase() -> None:
    chart = ewma([14.0, 14.0, 14.0], [Phase(0, STANDARD), Phase(2, STANDARD)], weight=0.2)
    assert chart.values[2] == chart.values[0] == pytest.approx(10.8)


def test_the_limits_are_estimated_from_the_rows_of_the_phase() -> None:
    chart = ewma([1.0, 2.0, 1.0, 2.0, 9.0], [Phase(0, (0, 4))])
    assert chart.centre[0] == 1.5
    assert chart.beyond.tolist() == [False] * 4 + [True]


def test_a_process_without_spread_has_no_limits_and_one_without_mean_no_points() -> None:
    assert np.isnan(ewma([5.0, 5.0]).upper).all()
    empty = ewma([math.nan, math.nan])
    assert np.isnan(empty.values).all()
    assert not empty.beyond.any()


@pytest.mark.parametrize("weight", [0.0, -0.1, 1.1, math.nan])
def test_a_weight_out_of_bounds_is_refused(weight: float) -> None:
    with pytest.raises(Refused, match="above 0, at most 1"):
        ewma([1.0], weight=weight)
