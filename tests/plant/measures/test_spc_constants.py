from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats  # type: ignore[import-untyped, unused-ignore]

from ballast.errors import Refused
from ballast.plant.measures.spc_constants import LARGEST, c4, chart_constants, d2, d3, of_sizes

# "Table A.22 Factors for Constructing Control Charts", in: Statistical Tables and Proofs, p. 766
# (scribd.com/document/575462347): n, A2, A3, c4, B3, B4, d2, d3, D3, D4.
PUBLISHED = """
2 1.880 2.659 0.7979 0 3.267 1.128 0.853 0 3.267
3 1.023 1.954 0.8862 0 2.568 1.693 0.888 0 2.574
4 0.729 1.628 0.9213 0 2.266 2.059 0.880 0 2.282
5 0.577 1.427 0.9400 0 2.089 2.326 0.864 0 2.114
6 0.483 1.287 0.9515 0.030 1.970 2.534 0.848 0 2.004
7 0.419 1.182 0.9594 0.118 1.882 2.704 0.833 0.076 1.924
8 0.373 1.099 0.9650 0.185 1.815 2.847 0.820 0.136 1.864
9 0.337 1.032 0.9693 0.239 1.761 2.970 0.808 0.184 1.816
10 0.308 0.975 0.9727 0.284 1.716 3.078 0.797 0.223 1.777
15 0.223 0.789 0.9823 0.428 1.572 3.472 0.756 0.347 1.653
20 0.180 0.680 0.9869 0.510 1.490 3.735 0.729 0.415 1.585
"""


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_the_constants_are_those_of_a_printed_table(line: str) -> None:
    size, *printed = map(float, line.split())
    k = chart_constants(int(size))
    found = [k.a2, k.a3, k.c4, k.b3, k.b4, k.d2, k.d3, k.d3_lower, k.d4_upper]
    # D3 and D4 of such tables were themselves computed from rounded d2 and d3.
    allowed = [6e-4, 6e-4, 6e-5, 6e-4, 6e-4, 6e-4, 6e-4, 1.2e-3, 1.2e-3]
    assert all(abs(f - p) < a for f, p, a in zip(found, printed, allowed, strict=True)), found


@pytest.mark.parametrize("size", [2, 3, 5, 10, 25, 100, LARGEST])
def test_the_mean_range_is_that_of_another_integral_by_scipy(size: int) -> None:
    """E[max] − E[min] = ∫ 1 − Φⁿ − (1 − Φ)ⁿ, an integral that the code does not use."""

    def apart(x: float) -> float:
        return float(1.0 - stats.norm.cdf(x) ** size - stats.norm.sf(x) ** size)

    expected = integrate.quad(apart, -12, 12, epsabs=1e-12, limit=400, points=[-4, 0, 4])[0]
    assert d2(size) == pytest.approx(expected, abs=1e-7 if size > 100 else 1e-11)


@pytest.mark.parametrize("size", [2, 4, 9, 25])
def test_the_deviation_of_the_range_is_that_of_the_studentized_range_of_scipy(size: int) -> None:
    """With endless degrees of freedom the studentized range is the range itself."""

    def beyond(w: float) -> float:
        return float(2.0 * w * stats.studentized_range.sf(w, size, np.inf))

    square = integrate.quad(beyond, 0, 12, epsabs=1e-8, limit=100)[0]
    assert d3(size) == pytest.approx(math.sqrt(square - d2(size) ** 2), abs=1e-6)


def test_the_constants_of_two_are_known_in_closed_form() -> None:
    assert d2(2) == pytest.approx(2.0 / math.sqrt(math.pi), rel=1e-12)
    assert d3(2) == pytest.approx(math.sqrt(2.0 - 4.0 / math.pi), rel=1e-11)
    assert c4(2) == pytest.approx(math.sqrt(2.0 / math.pi), rel=1e-14)
    assert d2(3) == pytest.approx(3.0 / math.sqrt(math.pi), rel=1e-11)


def test_sizes_may_differ_and_one_piece_has_no_constant() -> None:
    found = of_sizes(d2, np.array([5, 1, 2, 5]))
    assert found[[0, 2, 3]].tolist() == [d2(5), d2(2), d2(5)]
    assert np.isnan(found[1])


def test_sizes_without_a_range_are_refused() -> None:
    for constant in (d2, d3, c4):
        with pytest.raises(Refused, match="has no spread"):
            constant(1)
    with pytest.raises(Refused, match="S chart"):
        d2(LARGEST + 1)
    assert 0.99 < c4(LARGEST + 1) < 1.0
