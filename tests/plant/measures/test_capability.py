from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from ballast.errors import Refused
from ballast.plant.measures.capability import (
    INDEX_LABELS,
    Index,
    Specification,
    capability,
)
from ballast.plant.measures.control_charts import Baseline
from ballast.plant.measures.control_charts_subgroups import subgroups
from ballast.plant.measures.control_charts_variables import (
    baseline_of_individuals,
    baseline_of_ranges,
)

BOTH = Specification(90.0, 110.0)


def sample(count: int = 60, mean: float = 101.0, sigma: float = 2.0) -> list[float]:
    """Return values with exactly this mean and standard deviation."""
    values = np.random.default_rng(4).normal(size=count)
    values = (values - values.mean()) / values.std(ddof=1)
    return [float(v) for v in mean + sigma * values]


def known(index: Index | None) -> tuple[float, float, float]:
    assert index is not None
    assert index.value is not None
    assert index.low is not None
    assert index.high is not None
    return index.value, index.low, index.high


def test_the_indices_are_those_worked_out_by_hand() -> None:
    found = capability(sample(), BOTH, Baseline(101.0, 1.5, 40.0, 60), machine_run=True)
    assert known(found.pp)[0] == pytest.approx(20 / 12, rel=1e-9)
    assert known(found.ppk)[0] == pytest.approx(9 / 6, rel=1e-9)
    assert known(found.cp)[0] == pytest.approx(20 / 9, rel=1e-9)
    assert known(found.cpk)[0] == pytest.approx(9 / 4.5, rel=1e-9)
    assert (found.cm, found.cmk) == (found.pp, found.ppk)
    assert capability(sample(), BOTH, found.within).cm is None


def test_the_indices_of_the_gap_widths_are_those_that_sas_prints() -> None:
    """SAS/QC, "XCHART: Control Limits with Capability Indices", the data set Gaplim2.

    Mean 259.667 and sigma 13.1028, limits 240 and 270: Cp 0.38160, Cpk 0.26288, which is CPU; CPL
    is 0.50032.
    """
    process = Baseline(259.667, 13.1028)
    values = sample(105, 259.667, 13.1028)
    found = capability(values, Specification(240.0, 270.0), process)
    assert found.cp.value == pytest.approx(0.38160, abs=5.1e-6)
    assert found.cpk.value == pytest.approx(0.26288, abs=1e-5)
    below = capability(values, Specification(lower=240.0), process)
    assert below.cpk.value == pytest.approx(0.50032, abs=1e-5)


def test_the_interval_of_cp_is_the_one_that_the_sas_sample_library_computes() -> None:
    """SAS/QC sample library, CPCON, after Chou, Owen and Borrego (1990), on its fifty values."""
    hardness = [
        1.38, 1.49, 1.43, 1.60, 1.59, 1.34, 1.44, 1.64, 1.83, 1.57, 1.45, 1.74, 1.61, 1.39, 1.63,
        1.73, 1.61, 1.35, 1.51, 1.47, 1.46, 1.41, 1.56, 1.40, 1.58, 1.43, 1.53, 1.53, 1.58, 1.62,
        1.58, 1.46, 1.26, 1.57, 1.41, 1.53, 1.36, 1.63, 1.36, 1.66, 1.49, 1.55, 1.67, 1.41, 1.39,
        1.75, 1.37, 1.36, 1.86, 1.49,
    ]  # fmt: skip
    value, low, high = known(
        capability(hardness, Specification(0.8, 2.4), Baseline(np.nan, np.nan)).pp
    )
    cp = 1.6 / (6 * np.std(hardness, ddof=1))
    assert value == pytest.approx(cp, rel=1e-12)
    assert low == pytest.approx(cp * math.sqrt(stats.chi2.ppf(0.025, 49) / 49), rel=1e-9)
    assert high == pytest.approx(cp * math.sqrt(stats.chi2.ppf(0.975, 49) / 49), rel=1e-9)


def test_the_intervals_of_cp_and_pp_are_those_of_chi_square_by_scipy() -> None:
    found = capability(sample(), BOTH, Baseline(101.0, 1.5, 37.5, 60), confidence=0.9)
    for index, freedom in ((found.pp, 59.0), (found.cp, 37.5)):
        value, low, high = known(index)
        ends = stats.chi2.ppf([0.05, 0.95], freedom) / freedom
        assert (low, high) == pytest.approx(tuple(value * np.sqrt(ends)), rel=1e-9)


def test_the_intervals_of_cpk_are_those_of_bissell() -> None:
    value, low, high = known(capability(sample(), BOTH, Baseline(101.0, 1.5, 40.0)).ppk)
    half = stats.norm.ppf(0.975) * math.sqrt(1 / (9 * 60) + value**2 / (2 * 59))
    assert (low, high) == pytest.approx((value - half, value + half), rel=1e-9)


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """By simulation: 500 studies of 25 subgroups of 4, 95 %, within four standard errors."""
    true = {"cp": 4 / 3, "cpk": 1.0, "pp": 4 / 3, "ppk": 1.0}
    within = dict.fromkeys(true, 0)
    for draw in np.random.default_rng(9).normal(size=(500, 25, 4)):
        base = baseline_of_ranges(subgroups(draw))
        found = capability(draw, Specification(-5.0, 3.0), base)
        for name, value in true.items():
            _, low, high = known(getattr(found, name))
            within[name] += low <= value <= high
    assert all(abs(held / 500 - 0.95) < 0.039 for held in within.values()), within


def test_with_one_limit_there_is_no_cp_and_cpk_looks_at_that_limit() -> None:
    upper = capability(sample(), Specification(upper=110.0), Baseline(101.0, 1.5, 40.0))
    lower = capability(sample(), Specification(lower=90.0), Baseline(101.0, 1.5, 40.0))
    for found in (upper, lower):
        assert found.cp.value is found.pp.value is None
        assert found.cp.why is not None
        assert "one limit" in found.cp.why.text("en")
    assert known(upper.cpk)[0] == pytest.approx(9 / 4.5, rel=1e-9)
    assert known(lower.cpk)[0] == pytest.approx(11 / 4.5, rel=1e-9)


def test_a_mean_beyond_a_limit_has_an_index_below_zero() -> None:
    assert known(capability(sample(mean=112.0), BOTH, Baseline(112.0, 2.0, 40.0)).cpk)[0] < 0


@pytest.mark.parametrize("value", [5.0, 0.1])
def test_where_sigma_is_zero_no_index_exists_and_each_says_why(value: float) -> None:
    values = [value] * 1001
    found = capability(values, BOTH, baseline_of_individuals(values), machine_run=True)
    for index in (found.cp, found.cpk, found.pp, found.ppk, found.cm, found.cmk):
        assert index is not None
        assert index.value is index.low is index.high is None
        assert index.why is not None
        assert "do not differ" in index.why.text("en")


@pytest.mark.parametrize("values", [[], [1.0], [math.nan, math.inf]])
def test_too_few_values_have_no_index_and_a_reason(values: list[float]) -> None:
    found = capability(values, BOTH, baseline_of_individuals(values))
    assert found.ppk.value is None
    assert found.ppk.why is not None
    assert "too few" in found.ppk.why.text("en")
    assert found.cpk.why is not None
    assert "no two neighbours" in found.cpk.why.text("en")


def test_missing_values_are_left_out() -> None:
    with_gaps = [math.nan, *sample(), math.inf]
    base = Baseline(101.0, 1.5, 40.0)
    assert capability(with_gaps, BOTH, base).ppk == capability(sample(), BOTH, base).ppk


def test_a_given_sigma_has_an_index_but_no_interval() -> None:
    found = capability(sample(), BOTH, Baseline(101.0, 1.5))
    assert found.cp.value == pytest.approx(20 / 9)
    assert found.cp.low is found.cp.high is found.cpk.low is found.cpk.high is None


def test_values_that_do_not_look_normal_bring_a_warning() -> None:
    skewed = np.random.default_rng(3).exponential(size=300)
    found = capability(skewed, Specification(0.0, 9.0), baseline_of_individuals(skewed))
    assert found.normal.warning is not None
    assert capability(sample(), BOTH, Baseline(101.0, 2.0, 40.0)).normal.warning is None


def test_specifications_that_are_none_are_refused() -> None:
    base = Baseline(101.0, 1.5, 40.0)
    with pytest.raises(Refused, match="needs a lower limit"):
        capability(sample(), Specification(), base)
    with pytest.raises(Refused, match="must be below"):
        capability(sample(), Specification(5.0, 5.0), base)
    with pytest.raises(Refused, match="confidence"):
        capability(sample(), BOTH, base, confidence=1.0)
    with pytest.raises(Refused, match="confidence"):
        capability(sample(), BOTH, base, confidence=math.nan)


def test_every_index_has_a_name() -> None:
    assert set(INDEX_LABELS) == {"cp", "cpk", "pp", "ppk", "cm", "cmk"}
