from __future__ import annotations

import numpy as np
import pytest

from ballast.plant.measures.control_charts import Baseline, Chart, Phase
from ballast.plant.measures.control_charts_subgroups import Subgroups, subgroups
from ballast.plant.measures.control_charts_variables import (
    baseline_of_deviations,
    baseline_of_individuals,
    baseline_of_ranges,
    individuals,
    judge_deviations,
    judge_individuals,
    judge_means,
    judge_moving_ranges,
    judge_ranges,
    moving_ranges,
    xbar_r,
    xbar_s,
)
from ballast.plant.measures.spc_constants import c4, chart_constants, d2

# Inside diameters of piston rings, mm: D. C. Montgomery, "Introduction to Statistical Quality
# Control", table 6.3, the first sixteen samples with the printed means and standard deviations,
# as reprinted at transtutors.com/questions/…-686305.htm.
PISTON_RINGS = np.array([
    [74.030, 74.002, 74.019, 73.992, 74.008], [73.995, 73.992, 74.001, 74.011, 74.004],
    [73.988, 74.024, 74.021, 74.005, 74.002], [74.002, 73.996, 73.993, 74.015, 74.009],
    [73.992, 74.007, 74.015, 73.989, 74.014], [74.009, 73.994, 73.997, 73.985, 73.993],
    [73.995, 74.006, 73.994, 74.000, 74.005], [73.985, 74.003, 73.993, 74.015, 73.988],
    [74.008, 73.995, 74.009, 74.005, 74.004], [73.998, 74.000, 73.990, 74.007, 73.995],
    [73.994, 73.998, 73.994, 73.995, 73.990], [74.004, 74.000, 74.007, 74.000, 73.996],
    [73.983, 74.002, 73.998, 73.997, 74.012], [74.006, 73.967, 73.994, 74.000, 73.984],
    [74.012, 74.014, 73.998, 73.999, 74.007], [74.000, 73.984, 74.005, 73.998, 73.996],
])  # fmt: skip
PRINTED_MEANS = [
    74.010, 74.001, 74.008, 74.003, 74.003, 73.996, 74.000, 73.997, 74.004, 73.998, 73.994,
    74.001, 73.998, 73.990, 74.006, 73.997,
]  # fmt: skip
PRINTED_DEVIATIONS = [
    0.0148, 0.0075, 0.0147, 0.0091, 0.0122, 0.0087, 0.0055, 0.0123, 0.0055, 0.0063, 0.0029,
    0.0042, 0.0105, 0.0153, 0.0073, 0.0078,
]  # fmt: skip
# SAS/QC User's Guide (13.1), SHEWHART procedure, support.sas.com/documentation/cdl/en/qcug/65562:
# "XRCHART: Creating Charts for Means and Ranges from Raw Data" (diameters of wafers, hundredths of
# a millimetre above 34.90), "Reading Preestablished Control Limits" (the second lot of them), and
# "RCHART: Creating Range Charts from Raw Data" (disk times, hundredths of a ms above 7.80).
WAFERS = 34.90 + 0.01 * np.array([
    [10, 9, 9, 8, 10], [11, 9, 9, 8, 10], [9, 10, 10, 10, 10], [11, 10, 9, 9, 10],
    [10, 9, 8, 9, 10], [9, 9, 10, 10, 10], [11, 8, 10, 10, 9], [10, 10, 9, 8, 9],
    [9, 8, 8, 11, 10], [9, 10, 11, 9, 11], [11, 10, 10, 8, 9], [9, 9, 10, 8, 11],
    [11, 9, 8, 9, 9], [10, 10, 9, 11, 9], [8, 9, 9, 8, 10], [9, 10, 10, 11, 10],
    [8, 8, 9, 9, 8], [11, 12, 10, 8, 10], [9, 8, 10, 9, 8], [9, 10, 10, 9, 9],
    [10, 9, 9, 8, 10], [10, 10, 11, 10, 10], [12, 10, 8, 12, 10], [10, 10, 9, 11, 8],
    [9, 9, 9, 10, 10],
])  # fmt: skip
MORE_WAFERS = 34.90 + 0.01 * np.array([
    [9, 9, 10, 9, 10], [9, 11, 8, 8, 7], [10, 9, 9, 9, 11], [8, 6, 8, 8, 9],
    [8, 10, 8, 8, 9], [10, 10, 9, 11, 11], [10, 9, 8, 8, 10], [8, 10, 9, 10, 11],
    [10, 7, 10, 9, 11], [9, 9, 8, 9, 8], [11, 8, 9, 9, 10], [11, 9, 7, 8, 10],
    [8, 9, 10, 8, 10], [9, 9, 9, 9, 11], [9, 11, 10, 11, 9], [9, 10, 9, 8, 9],
    [10, 9, 8, 9, 10], [9, 8, 8, 9, 9], [10, 10, 8, 10, 9], [9, 9, 10, 9, 9],
])  # fmt: skip
DISKS = 7.80 + 0.01 * np.array([
    [25, 10, 24, 26, 21, 19], [23, 26, 22, 22, 17, 23], [20, 14, 17, 15, 20, 21],
    [20, 26, 26, 19, 17, 16], [13, 21, 20, 29, 26, 22], [18, 19, 21, 29, 20, 17],
    [20, 14, 13, 23, 13, 28], [21, 18, 18, 27, 25, 29], [17, 16, 21, 31, 26, 27],
    [13, 23, 23, 20, 13, 23], [20, 20, 22, 12, 18, 21], [18, 13, 21, 17, 22, 20],
    [26, 13, 18, 18, 22, 16], [25, 18, 25, 19, 15, 19], [14, 21, 17, 24, 11, 23],
    [23, 23, 22, 26, 20, 17], [23, 14, 25, 25, 24, 14], [19, 19, 6, 19, 26, 23],
    [15, 16, 19, 16, 14, 32], [23, 27, 18, 17, 20, 24], [24, 10, 23, 22, 18, 17],
    [15, 25, 18, 21, 17, 35], [26, 20, 23, 22, 19, 15], [17, 22, 20, 16, 16, 20],
    [32, 17, 19, 29, 25, 20],
])  # fmt: skip
# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_the_individuals_chart_of_the_handbook() -> None:
    pair = individuals(FLOW)
    assert pair.location.centre[0] == pytest.approx(50.81, abs=5e-5)
    # The Handbook divides by 1.128, which is d2 to three decimals.
    assert pair.location.upper[0] == pytest.approx(55.8041, abs=3e-3)
    assert pair.location.lower[0] == pytest.approx(45.8159, abs=3e-3)
    assert pair.location.upper[0] == pytest.approx(50.81 + 3 * 1.87778 / d2(2), abs=5e-5)
    assert pair.spread.centre[0] == pytest.approx(1.8778, abs=5e-5)
    assert pair.spread.values[1:] == pytest.approx([2.0, 2.3, 1.4, 3.5, 3.4, 1.4, 0.2, 1.2, 1.5])
    assert np.isnan(pair.spread.values[0])
    assert not pair.location.beyond.any()


def limits_of(chart: Chart) -> tuple[float, float, float]:
    return float(chart.lower[0]), float(chart.centre[0]), float(chart.upper[0])


def test_the_mean_and_range_charts_of_the_wafers_are_those_that_sas_prints() -> None:
    """SAS/QC, "XRCHART: Saving Control Limits": the data set Waferlim."""
    pair = xbar_r(subgroups(WAFERS))
    assert limits_of(pair.location) == pytest.approx((34.9823, 34.9950, 35.0077), abs=5e-5)
    assert limits_of(pair.spread) == pytest.approx((0.0, 0.022, 0.046519), abs=5e-7)
    assert pair.location.baselines[0].sigma == pytest.approx(0.009458586, abs=5e-10)
    # "the mean diameter of the 29th batch lies below the lower control limit"
    more = judge_means(subgroups(MORE_WAFERS), pair.location.baselines[0])
    assert (np.flatnonzero(more.beyond) + 26).tolist() == [29]


def test_the_range_chart_of_six_disks_is_the_one_that_sas_prints() -> None:
    """SAS/QC, "RCHART: Saving Control Limits": the data set Disklim."""
    pair = xbar_r(subgroups(DISKS))
    assert limits_of(pair.location) == pytest.approx((7.94314, 8.00307, 8.06299), abs=5.1e-6)
    assert limits_of(pair.spread) == pytest.approx((0.0, 0.124, 0.24847), abs=5e-6)
    assert pair.location.baselines[0].sigma == pytest.approx(0.048927, abs=5e-7)


def test_the_mean_and_deviation_charts_of_twenty_are_those_that_sas_prints() -> None:
    """SAS/QC, "SCHART: Saving Control Limits": the data set Turblim, from its mean and sigma."""
    twenty = Subgroups(np.array([20]), np.array([3485.41]), np.array([np.nan]), np.array([196.396]))
    process = Baseline(3485.41, 198.996)
    location, spread = judge_means(twenty, process), judge_deviations(twenty, process)
    assert limits_of(location) == pytest.approx((3351.92, 3485.41, 3618.90), abs=5.1e-3)
    assert limits_of(spread) == pytest.approx((100.207, 196.396, 292.584), abs=2e-3)
    # … and sigma from the mean deviation, which is that of the one subgroup here.
    assert baseline_of_deviations(twenty).sigma == pytest.approx(198.996, abs=1e-3)


def test_the_individuals_chart_of_the_jets_is_the_one_that_sas_prints() -> None:
    """SAS/QC, "IRCHART: Saving Control Limits": the data set Jetlim, from its mean and sigma."""
    process = Baseline(80.39, 4.72032)
    assert limits_of(judge_individuals([80.0], process)) == pytest.approx(
        (66.2290, 80.39, 94.5510), abs=5.1e-5
    )
    ranges = judge_moving_ranges([80.0, 81.0], process)
    assert limits_of(ranges) == pytest.approx((0.0, 5.32632, 17.3986), abs=5e-5)


def test_means_and_deviations_of_the_piston_rings_are_the_printed_ones() -> None:
    rings = subgroups(PISTON_RINGS)
    assert rings.means == pytest.approx(PRINTED_MEANS, abs=5.1e-4)
    assert rings.deviations == pytest.approx(PRINTED_DEVIATIONS, abs=5.1e-5)


def test_subgroups_of_one_size_have_the_limits_of_the_textbook_constants() -> None:
    rings, k = subgroups(PISTON_RINGS), chart_constants(5)
    mean = PISTON_RINGS.mean()
    by_range, by_deviation = xbar_r(rings), xbar_s(rings)
    r, s = np.ptp(PISTON_RINGS, axis=1).mean(), PISTON_RINGS.std(axis=1, ddof=1).mean()
    assert by_range.location.upper == pytest.approx([mean + k.a2 * r] * 16, rel=1e-12)
    assert by_range.spread.lower == pytest.approx([k.d3_lower * r] * 16, abs=1e-15)
    assert by_range.spread.centre == pytest.approx([r] * 16, rel=1e-12)
    assert by_range.spread.upper == pytest.approx([k.d4_upper * r] * 16, rel=1e-12)
    assert by_deviation.location.lower == pytest.approx([mean - k.a3 * s] * 16, rel=1e-12)
    assert by_deviation.spread.lower == pytest.approx([k.b3 * s] * 16, abs=1e-15)
    assert by_deviation.spread.upper == pytest.approx([k.b4 * s] * 16, rel=1e-12)


def test_a_missing_piece_widens_the_limits_of_its_own_point_only() -> None:
    table = PISTON_RINGS.copy()
    table[3, 1:3] = np.nan
    chart = xbar_s(subgroups(table))
    width = chart.location.upper - chart.location.centre
    assert width[3] / width[0] == pytest.approx(np.sqrt(5 / 3), rel=1e-12)
    sigma = chart.location.baselines[0].sigma
    assert chart.spread.centre[3] == pytest.approx(c4(3) * sigma, rel=1e-12)
    assert np.ptp(np.delete(width, 3)) < 1e-15


def test_a_subgroup_of_one_piece_has_a_mean_but_no_spread_and_an_empty_one_has_neither() -> None:
    table = PISTON_RINGS[:4].copy()
    table[1, 1:] = np.nan
    table[2] = np.nan
    pair = xbar_r(subgroups(table))
    assert np.isfinite(pair.location.upper).tolist() == [True, True, False, True]
    assert np.isfinite(pair.spread.values).tolist() == [True, False, False, True]
    assert not pair.location.beyond[2]


@pytest.mark.parametrize(
    ("estimate", "sizes"),
    [(baseline_of_ranges, (2, 5, 9)), (baseline_of_deviations, (2, 3, 6))],
)
def test_sigma_is_unbiased_and_as_sure_as_it_says(estimate: object, sizes: tuple[int, ...]) -> None:
    """By simulation: mean 1, and a variance of 1/(2ν), within what 2,000 repetitions can tell."""
    draws = np.random.default_rng(20).normal(size=(2000, 12, max(sizes)))
    for row in range(12):
        draws[:, row, sizes[row % len(sizes)] :] = np.nan
    assert callable(estimate)
    found = [estimate(subgroups(draw)) for draw in draws]
    sigmas = np.array([one.sigma for one in found])
    assert sigmas.mean() == pytest.approx(1.0, abs=4 * sigmas.std() / np.sqrt(2000))
    assert sigmas.var() == pytest.approx(1.0 / (2.0 * found[0].freedom), rel=0.12)


def test_sigma_from_moving_ranges_is_unbiased_and_as_sure_as_it_says() -> None:
    draws = np.random.default_rng(21).normal(size=(2000, 40))
    found = [baseline_of_individuals(draw) for draw in draws]
    sigmas = np.array([one.sigma for one in found])
    assert sigmas.mean() == pytest.approx(1.0, abs=4 * sigmas.std() / np.sqrt(2000))
    assert sigmas.var() == pytest.approx(1.0 / (2.0 * found[0].freedom), rel=0.12)


def test_a_missing_value_leaves_out_two_moving_ranges_and_no_more() -> None:
    values = np.array([1.0, 3.0, np.nan, 4.0, 5.0])
    np.testing.assert_array_equal(moving_ranges(values), [np.nan, 2.0, np.nan, np.nan, 1.0])
    assert baseline_of_individuals(values).sigma == pytest.approx(1.5 / d2(2), rel=1e-12)


def test_rows_judged_one_by_one_are_judged_as_in_a_batch() -> None:
    rows = subgroups(np.where(np.random.default_rng(5).random((16, 5)) < 0.1, np.nan, PISTON_RINGS))
    baseline = baseline_of_ranges(rows)
    for judge in (judge_means, judge_ranges, judge_deviations):
        whole = judge(rows, baseline)
        for row in range(16):
            one = judge(rows[row : row + 1], baseline)
            for name in ("values", "centre", "lower", "upper", "standardised"):
                np.testing.assert_array_equal(getattr(one, name)[0], getattr(whole, name)[row])
    single, before = baseline_of_individuals(FLOW), np.nan
    whole = judge_moving_ranges(FLOW, single)
    for row, value in enumerate(FLOW):
        one = judge_moving_ranges([value], single, before)
        np.testing.assert_array_equal(one.values[0], whole.values[row])
        assert judge_individuals([value], single).upper[0] == single.mean + 3 * single.sigma
        before = value


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([5.0, 5.0, 5.0], "do not differ"),
        ([5.0, np.nan, 5.1], "no two neighbours"),
        ([], "no two neighbours"),
    ],
)
def test_without_a_spread_there_are_no_limits_and_a_reason(values: list[float], why: str) -> None:
    pair = individuals(values)
    baseline = pair.location.baselines[0]
    assert baseline.why is not None
    assert why in baseline.why.text("en")
    assert np.isnan(baseline.sigma)
    assert np.isnan(pair.location.upper).all()
    assert not pair.location.beyond.any()


def test_subgroups_of_one_have_no_limits_and_a_reason() -> None:
    found = xbar_r(subgroups([[1.0], [2.0]])).location.baselines[0]
    assert found.why is not None
    assert "two values" in found.why.text("en")


def test_the_spread_chart_has_the_phases_of_the_chart_of_location() -> None:
    pair = xbar_r(subgroups(PISTON_RINGS), [Phase(0), Phase(8, Baseline(74.0, 0.01))])
    assert pair.spread.starts == pair.location.starts == (0, 8)
    assert pair.spread.centre[8] == pytest.approx(d2(5) * 0.01, rel=1e-12)
