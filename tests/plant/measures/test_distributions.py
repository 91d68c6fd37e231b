from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from ballast.plant.measures.distributions import (
    beta_quantile,
    chi_square_quantile,
    f_quantile,
    log_normal_cdf,
    normal_cdf,
    normal_quantile,
)

shares = st.floats(1e-6, 1.0 - 1e-6)


@given(shares, st.floats(0.5, 1e5))
def test_the_quantile_of_chi_square_is_that_of_scipy(share: float, freedom: float) -> None:
    expected = float(stats.chi2.ppf(share, freedom))
    assert chi_square_quantile(share, freedom) == pytest.approx(expected, rel=1e-9)


@given(shares, st.floats(0.5, 1e4), st.floats(0.5, 1e4))
def test_the_quantile_of_beta_is_that_of_scipy(share: float, a: float, b: float) -> None:
    expected = float(stats.beta.ppf(share, a, b))
    assert beta_quantile(share, a, b) == pytest.approx(expected, rel=1e-9)


@given(st.floats(0.5, 1.0 - 1e-6), st.integers(1, 30), st.integers(1, 5000))
def test_the_quantile_of_f_is_that_of_scipy(share: float, over: int, under: int) -> None:
    expected = float(stats.f.ppf(share, over, under))
    assert f_quantile(share, over, under) == pytest.approx(expected, rel=1e-9)


@given(shares)
def test_the_normal_quantile_is_that_of_scipy(share: float) -> None:
    expected = float(stats.norm.ppf(share))
    assert normal_quantile(share) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_normal_distribution_keeps_its_digits_far_in_the_tail() -> None:
    z = np.array([-300.0, -40.0, -37.5, -37.0, -36.9, -8.0, 0.0, 3.0, 9.0])
    assert normal_cdf(z[3:]) == pytest.approx(stats.norm.cdf(z[3:]), rel=1e-12)
    assert log_normal_cdf(z) == pytest.approx(stats.norm.logcdf(z), rel=1e-10)
