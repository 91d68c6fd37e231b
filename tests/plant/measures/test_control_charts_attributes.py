from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.control_charts import Baseline, ChartKind, Phase
from ballast.plant.measures.control_charts_attributes import (
    baseline_of_counts,
    c_chart,
    judge_counts,
    np_chart,
    p_chart,
    u_chart,
)
from ballast.plant.measures.run_rules import Rule, check_chart

# Defective wafers among 200 in 50 lots, with what the R package qcc 2.7 prints for them: centre
# 7.14, limits 0 and 15.01184 (rstudio-pubs-static.s3.amazonaws.com/1407328_…html).
WAFERS = [
    8, 7, 11, 3, 6, 11, 4, 4, 5, 8, 8, 6, 7, 6, 10, 7, 9, 5, 6, 8, 8, 10, 4, 11, 4, 11, 6, 6, 9, 5,
    4, 7, 5, 7, 8, 5, 10, 9, 7, 9, 4, 9, 4, 7, 11, 8, 10, 8, 7, 5,
]  # fmt: skip
# Surface defects on 25 steel plates: an exercise of D. C. Montgomery, "Introduction to
# Statistical Quality Control", worked at deming.eng.clemson.edu/pub/tutorials/qctools/egt1.htm.
PLATES = [1, 0, 4, 3, 1, 2, 5, 0, 2, 1, 1, 0, 8, 0, 2, 1, 3, 5, 4, 6, 3, 1, 0, 2, 4]

# SAS/QC User's Guide, SHEWHART procedure (support.sas.com/documentation/cdl/en/qcug): "PCHART:
# Reading Preestablished Control Limits", batches 31 to 50 of 500 circuits; "CCHART: Applying Tests
# for Special Causes", paint defects on 20 trucks; "UCHART: Applying Tests for Special Causes",
# defects on 20 rolls of 30 square metres of fabric.
CIRCUITS = [12, 9, 16, 9, 3, 8, 20, 4, 8, 6, 12, 16, 9, 2, 10, 8, 14, 10, 11, 9]
TRUCKS = [12, 4, 4, 3, 4, 2, 3, 3, 2, 4, 9, 13, 5, 4, 6, 15, 8, 9, 6, 8]
FABRIC = [6, 9, 14, 17, 3, 8, 9, 2, 14, 1, 3, 5, 6, 9, 10, 12, 11, 4, 9, 4]


def test_the_p_chart_of_the_circuits_is_the_one_that_sas_prints() -> None:
    """The data set Cirlim: 0.000930786, 0.019467, 0.038003; batch 37 lies beyond."""
    chart = p_chart(CIRCUITS, 500, [Phase(0, Baseline(292 / 15_000))])
    assert chart.lower[0] == pytest.approx(0.000930786, abs=5e-10)
    assert chart.centre[0] == pytest.approx(0.019467, abs=5e-7)
    assert chart.upper[0] == pytest.approx(0.038003, abs=5e-7)
    assert (np.flatnonzero(chart.beyond) + 31).tolist() == [37]


def test_the_c_chart_of_the_trucks_is_the_one_that_sas_prints() -> None:
    """Output 17.8.2: limits 0 and 13.669940."""
    chart = c_chart(TRUCKS)
    assert chart.lower[0] == 0.0
    assert chart.upper[0] == pytest.approx(13.669940, abs=5e-7)
    assert np.flatnonzero(chart.beyond).tolist() == [15]


def test_the_u_chart_of_the_fabric_is_the_one_that_sas_prints() -> None:
    """Output 17.31.2: limits 0 and 0.53928480; test 1 positive at roll 4, test 3 at roll 15.

    The rolls go on rising: by the wording of the rule it is broken once more at roll 16.
    """
    chart = u_chart(FABRIC, 30)
    assert chart.values[:3] == pytest.approx([0.2, 0.3, 0.46666667], abs=5e-9)
    assert chart.lower[0] == 0.0
    assert chart.upper[0] == pytest.approx(0.53928480, abs=5e-9)
    found = check_chart(chart, [Rule.NELSON_1, Rule.NELSON_2, Rule.NELSON_3, Rule.NELSON_4])
    told = [(one.rule, one.point + 1) for one in found.violations()]
    assert told == [(Rule.NELSON_1, 4), (Rule.NELSON_3, 15), (Rule.NELSON_3, 16)]


def test_the_np_chart_of_the_wafers() -> None:
    chart = np_chart(WAFERS, 200)
    assert chart.centre[0] == pytest.approx(7.14, rel=1e-12)
    assert chart.upper[0] == pytest.approx(15.01184, abs=5e-6)
    assert chart.lower[0] == 0.0
    assert not chart.beyond.any()


def test_the_c_chart_of_the_steel_plates() -> None:
    chart = c_chart(PLATES)
    assert chart.centre[0] == pytest.approx(2.36, rel=1e-12)
    # The page prints 6.968; 2.36 + 3 √2.36 is 6.96868.
    assert chart.upper[0] == pytest.approx(6.968, abs=1e-3)
    assert chart.lower[0] == 0.0
    assert np.flatnonzero(chart.beyond).tolist() == [12]


counts = st.lists(st.tuples(st.integers(0, 20), st.integers(20, 300)), min_size=2, max_size=20)


@given(counts)
def test_p_is_np_a_piece_and_c_is_u_of_one_unit(rows: list[tuple[int, int]]) -> None:
    found, pieces = np.array(rows).T
    shares, numbers = p_chart(found, pieces), np_chart(found, pieces)
    for name in ("values", "centre", "lower", "upper"):
        np.testing.assert_allclose(
            getattr(shares, name) * pieces, getattr(numbers, name), rtol=1e-9, atol=1e-9
        )
    np.testing.assert_allclose(shares.standardised, numbers.standardised, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(c_chart(found).upper, u_chart(found, 1.0).upper)


def test_limits_follow_the_number_of_pieces_and_are_computed_by_hand() -> None:
    chart = p_chart([5.0, 10.0, 5.0], [100, 400, 25], [Phase(0, Baseline(0.05))])
    for row, pieces in enumerate((100, 400, 25)):
        half = 3 * math.sqrt(0.05 * 0.95 / pieces)
        assert chart.upper[row] == pytest.approx(0.05 + half, rel=1e-12)
        assert chart.lower[row] == pytest.approx(max(0.0, 0.05 - half), rel=1e-12)
    units = u_chart([12.0], [2.5], [Phase(0, Baseline(4.0))])
    assert units.values[0] == pytest.approx(4.8)
    assert units.upper[0] == pytest.approx(4.0 + 3 * math.sqrt(4.0 / 2.5), rel=1e-12)


def test_the_rate_is_that_of_all_pieces_not_the_mean_of_the_shares() -> None:
    assert baseline_of_counts(ChartKind.PROPORTIONS, [1, 30], [10, 90]).mean == 0.31


def test_a_share_has_no_limit_above_one() -> None:
    chart = p_chart([9.0, 9.0], [10, 10])
    assert chart.upper.tolist() == [1.0, 1.0]
    assert np_chart([9.0, 9.0], [10, 10]).upper.tolist() == [10.0, 10.0]


def test_missing_counts_and_rows_without_inspection_have_no_point() -> None:
    chart = p_chart([1.0, np.nan, 0.0, 2.0], [10, 10, 0, 10])
    assert np.isfinite(chart.values).tolist() == [True, False, False, True]
    assert chart.baselines[0].mean == pytest.approx(0.15)
    assert not chart.beyond[1:3].any()
    assert np.isnan(np_chart([0.0, 1.0], [0, 10]).values[0])


@pytest.mark.parametrize(
    ("found", "pieces", "why"),
    [([0, 0], [10, 10], "do not differ"), ([5, 5], [5, 5], "do not differ"), ([0], [0], "nothing")],
)
def test_where_the_rate_leaves_no_room_there_are_no_limits_and_a_reason(
    found: list[int], pieces: list[int], why: str
) -> None:
    chart = p_chart(found, pieces)
    assert chart.baselines[0].why is not None
    assert why in chart.baselines[0].why.text("en")
    assert np.isnan(chart.upper).all()


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(Refused, match="negative"):
        c_chart([-1.0])
    with pytest.raises(Refused, match="negative"):
        u_chart([1.0], [-2.0])
    with pytest.raises(Refused, match="more pieces"):
        np_chart([11.0], [10.0])
    for rate in (-0.1, 1.1):
        with pytest.raises(Refused, match="a rate of"):
            p_chart([1.0], [10.0], [Phase(0, Baseline(rate))])
    assert u_chart([11.0, 12.0], 10.0).values[0] == 1.1


def test_rows_judged_one_by_one_are_judged_as_in_a_batch() -> None:
    baseline = baseline_of_counts(ChartKind.PROPORTIONS, WAFERS, 200.0)
    whole = p_chart(WAFERS, 200)
    for row, count in enumerate(WAFERS):
        one = judge_counts(ChartKind.PROPORTIONS, [count], [200.0], baseline)
        assert one.values[0] == whole.values[row]
        assert one.upper[0] == whole.upper[row]
