from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.control_charts import Baseline, Phase
from ballast.plant.measures.control_charts_subgroups import subgroups
from ballast.plant.measures.cusum import CUSUM_START, CusumState, cusum, judge_cusum

# D. C. Montgomery, G. C. Runger, "Applied Statistics and Probability for Engineers", example 16-6
# and table 16-8: target 99, K = 1, H = 10; concentration and the two sums with their counters.
CONCENTRATION = [
    102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1, 101.3, 98.7, 101.1, 98.4, 97.0,
    96.7, 100.3, 101.4, 97.2, 101.0,
]  # fmt: skip
UPPER = [2.0, 0, 0, 0, 2.0, 0.5, 0, 0, 0, 0, 1.3, 0, 1.1, 0, 0, 0, 0.3, 1.7, 0, 1.0]
LOWER = [0, 3.2, 2.9, 2.5, 0, 0, 0, 0.3, 0, 0, 0, 0, 0, 0, 1.0, 2.3, 0, 0, 0.8, 0]
# The table prints 0 for row 20, whose sum is 1.0: a slip, since the sum is above zero.
UPPER_ROWS = [1, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 2, 0, 1]
LOWER_ROWS = [0, 1, 2, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 1, 0]
UNIT = Baseline(0.0, 1.0)
numbers = st.one_of(st.floats(-10, 10), st.just(math.nan))


def test_the_sums_of_the_textbook() -> None:
    found = cusum(CONCENTRATION, [Phase(0, Baseline(99.0, 1.0))], slack=1.0, bound=10.0)
    assert found.high == pytest.approx(UPPER, abs=1e-9)
    assert found.low == pytest.approx(LOWER, abs=1e-9)
    # 98.1 lies 0.1 above the slack: rounding must not leave a sum of 1e-15 behind.
    assert [round(v, 9) > 0 for v in found.high] == [n > 0 for n in found.high_rows]
    assert found.high_rows.tolist() == UPPER_ROWS
    assert found.low_rows.tolist() == LOWER_ROWS
    assert not found.beyond.any()


def test_a_head_start_signals_earlier() -> None:
    """Table 24.1 of "Six Sigma: Advanced Tools for Black Belts", after Lucas and Crosier."""
    values = [0.8, 1.9, 1.4, 2.0, 1.1, 0.7, 2.6]
    plain = cusum(values, [Phase(0, UNIT)])
    fast = cusum(values, [Phase(0, UNIT)], head_start=2.5)
    assert plain.high == pytest.approx([0.3, 1.7, 2.6, 4.1, 4.7, 4.9, 7.0], abs=1e-9)
    assert fast.high == pytest.approx([2.8, 4.2, 5.1, 6.6, 7.2, 7.4, 9.5], abs=1e-9)
    assert np.flatnonzero(plain.beyond).tolist() == [6]
    assert np.flatnonzero(fast.beyond).tolist() == [2, 3, 4, 5, 6]


@given(st.lists(numbers, max_size=60), st.lists(st.integers(0, 20), max_size=6))
def test_a_stream_in_any_portions_gives_the_very_sums_of_a_batch(
    values: list[float], cuts: list[int]
) -> None:
    whole, end = judge_cusum(values, 1.0, UNIT)
    state, at, parts = CUSUM_START, 0, []
    for portion in [*cuts, len(values)]:
        found, state = judge_cusum(values[at : at + portion], 1.0, UNIT, state)
        parts.append(found)
        at += portion
    for name in ("high", "low", "high_rows", "low_rows"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(joined, getattr(whole, name))
    assert state == end


@given(st.lists(numbers, max_size=40))
def test_the_sums_are_those_of_the_recursion_as_it_is_written(values: list[float]) -> None:
    found, _ = judge_cusum(values, 1.0, UNIT, CusumState(1.0, 0.5, 2, 1), slack=0.25)
    high, low, since = 1.0, 0.5, 2
    for row, value in enumerate(values):
        if math.isnan(value):
            assert math.isnan(found.high[row])
        else:
            high, low = max(0.0, high + value - 0.25), max(0.0, low - value - 0.25)
            since = since + 1 if high > 0 else 0
            assert found.high[row] == pytest.approx(high, abs=1e-9)
            assert found.low[row] == pytest.approx(low, abs=1e-9)
        if high == 0.0 or high > 1e-9:
            assert found.high_rows[row] == since


def test_the_shift_is_estimated_where_the_chart_signals() -> None:
    found = cusum([2.0] * 6, [Phase(0, UNIT)])
    assert np.isnan(found.shift[:3]).all()
    assert found.shift[3:] == pytest.approx([2.0, 2.0, 2.0])
    assert cusum([-3.0] * 3, [Phase(0, UNIT)]).shift[2] == pytest.approx(-3.0)


def test_the_mean_of_a_subgroup_weighs_by_the_root_of_its_size() -> None:
    rows = subgroups([[1.0] * 4, [1.0, 1.0, 1.0, 1.0]])
    found = cusum(rows, [Phase(0, UNIT)])
    assert found.high == pytest.approx([1.5, 3.0])


def test_the_sums_start_anew_with_a_phase() -> None:
    found = cusum([2.0, 2.0, 2.0], [Phase(0, UNIT), Phase(2, UNIT)])
    assert found.high == pytest.approx([1.5, 3.0, 1.5])
    assert found.starts == (0, 2)


def test_without_a_spread_there_are_no_sums_and_no_signal() -> None:
    found = cusum([5.0] * 9)
    assert np.isnan(found.high).all()
    assert not found.beyond.any()
    assert found.baselines[0].why is not None


def test_slack_and_bound_out_of_bounds_are_refused() -> None:
    for slack, bound in ((-0.1, 5.0), (0.5, 0.0), (0.5, math.nan), (math.nan, 5.0)):
        with pytest.raises(Refused, match="CUSUM"):
            cusum([1.0], slack=slack, bound=bound)
