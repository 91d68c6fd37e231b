from __future__ import annotations

import numpy as np
import pytest

from ballast.errors import Refused
from ballast.plant.measures.control_charts import (
    CHART_LABELS,
    Baseline,
    ChartKind,
    Phase,
    known,
    limited,
    plan,
)
from ballast.plant.measures.control_charts_variables import individuals

RISING = np.array([1.0, 2.0, 1.0, 2.0, 11.0, 12.0, 11.0, 12.0])


def test_limits_are_frozen_in_phase_one_and_judge_phase_two() -> None:
    chart = individuals(RISING, [Phase(0, (0, 4))]).location
    assert chart.centre.tolist() == [1.5] * 8
    assert np.ptp(chart.upper) == 0.0
    assert chart.beyond.tolist() == [False] * 4 + [True] * 4
    alone = individuals(RISING[:4]).location
    assert chart.upper[0] == alone.upper[0]


def test_each_phase_has_its_own_limits_by_default() -> None:
    chart = individuals(RISING, [Phase(0), Phase(4)]).location
    assert chart.centre.tolist() == [1.5] * 4 + [11.5] * 4
    assert not chart.beyond.any()
    assert chart.starts == (0, 4)
    assert [b.mean for b in chart.baselines] == [1.5, 11.5]


def test_a_given_standard_is_used_as_it_is() -> None:
    chart = individuals(RISING, [Phase(0, Baseline(6.0, 2.0))]).location
    assert (chart.lower[0], chart.centre[0], chart.upper[0]) == (0.0, 6.0, 12.0)


def test_rows_with_a_known_cause_are_left_out_of_the_estimate_but_judged() -> None:
    values = [1.0, 2.0, 1.0, 50.0, 3.0, 2.0, 3.0, -50.0]
    chart = individuals(values, [Phase(0, without=(3, 7))]).location
    assert chart.baselines[0].mean == 2.0
    # Rows 2 and 4 are no neighbours once row 3 is gone: four moving ranges of 1 are left.
    assert chart.baselines[0].sigma == pytest.approx(1.0 / (2.0 / np.sqrt(np.pi)), rel=1e-11)
    # Above one limit and below the other alike.
    assert np.flatnonzero(chart.beyond).tolist() == [3, 7]


@pytest.mark.parametrize("starts", [(1,), (0, 4, 4), (0, 5, 2)])
def test_phases_out_of_order_are_refused(starts: tuple[int, ...]) -> None:
    with pytest.raises(Refused, match="the first must start at 0"):
        individuals(RISING, [Phase(first) for first in starts])


@pytest.mark.parametrize("rows", [(0, 9), (-1, 3), (5, 4)])
def test_a_baseline_of_rows_that_there_are_not_is_refused(rows: tuple[int, int]) -> None:
    with pytest.raises(Refused, match="the series has 8 rows"):
        individuals(RISING, [Phase(0, rows)])


def test_a_phase_that_is_yet_to_come_has_no_rows() -> None:
    stretches = plan(
        3, [Phase(0), Phase(5, Baseline(0.0, 1.0))], lambda at: Baseline(float(len(at)))
    )
    assert [np.arange(3)[at].tolist() for at, _ in stretches] == [[0, 1, 2], []]
    chart = individuals([1.0, 2.0, 3.0], [Phase(0), Phase(5, Baseline(0.0, 1.0))]).location
    assert len(chart.values) == 3


def test_where_sigma_is_zero_there_are_no_limits_and_nothing_is_beyond_them() -> None:
    chart = limited(ChartKind.INDIVIDUALS, np.array([1.0, 9.0]), np.array(1.0), np.array(0.0))
    assert np.isnan(chart.upper).all()
    assert np.isnan(chart.standardised).all()
    assert not chart.beyond.any()


def test_an_infinity_is_no_measurement() -> None:
    assert np.isnan(known([np.inf, -np.inf, np.nan])).all()


def test_every_kind_of_chart_has_a_name() -> None:
    assert set(CHART_LABELS) == set(ChartKind)
