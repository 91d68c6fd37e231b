"""The constants of control charts, from their definition and not from a table.

Printed tables end at 25 and hold three or four digits; a subgroup may have any
size here, and sizes may differ from point to point. The integrals are smooth,
so that a few thousand nodes give twelve digits at the sizes of a table and
eight at a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.distributions import normal_cdf
from ballast.plant.measures.ratios import Floats

__all__ = ["LARGEST", "ChartConstants", "c4", "chart_constants", "d2", "d3", "of_sizes"]

LARGEST = 1000
"""The largest subgroup of which a range is judged; beyond, the range is a poor measure anyway."""

# The outer integral runs over the position of the smallest value, the inner over the range.
_STEP, _FAR = 0.1, 9.0
_NODES = 80
_WIDEST = 18.0


@dataclass(frozen=True, slots=True)
class ChartConstants:
    """What a quality manual prints for one size of subgroup.

    Parameters
    ----------
    size
        The number of pieces in a subgroup, n.
    d2, d3, c4
        Mean and standard deviation of the range, mean of the standard
        deviation, of n standard normal numbers.
    """

    size: int
    d2: float
    d3: float
    c4: float

    @property
    def a2(self) -> float:
        """Half the width of the limits of X̄, in mean ranges: 3 / (d2 √n)."""
        return 3.0 / (self.d2 * math.sqrt(self.size))

    @property
    def a3(self) -> float:
        """Half the width of the limits of X̄, in mean standard deviations: 3 / (c4 √n)."""
        return 3.0 / (self.c4 * math.sqrt(self.size))

    @property
    def b3(self) -> float:
        """The lower limit of S in mean standard deviations: max(0, 1 − 3 √(1 − c4²) / c4)."""
        return max(0.0, 1.0 - 3.0 * math.sqrt(1.0 - self.c4**2) / self.c4)

    @property
    def b4(self) -> float:
        """The upper limit of S in mean standard deviations: 1 + 3 √(1 − c4²) / c4."""
        return 1.0 + 3.0 * math.sqrt(1.0 - self.c4**2) / self.c4

    @property
    def d3_lower(self) -> float:
        """D3, the lower limit of R in mean ranges: max(0, 1 − 3 d3 / d2)."""
        return max(0.0, 1.0 - 3.0 * self.d3 / self.d2)

    @property
    def d4_upper(self) -> float:
        """D4, the upper limit of R in mean ranges: 1 + 3 d3 / d2."""
        return 1.0 + 3.0 * self.d3 / self.d2


def chart_constants(size: int) -> ChartConstants:
    """Return the constants of one size of subgroup.

    Raises
    ------
    Refused
        If the size is not between 2 and `LARGEST`.

    Examples
    --------
    >>> five = chart_constants(5)
    >>> print(f"{five.d2:.3f} {five.d3:.3f} {five.c4:.4f} {five.a2:.3f} {five.d4_upper:.3f}")
    2.326 0.864 0.9400 0.577 2.114
    """
    return ChartConstants(size, d2(size), d3(size), c4(size))


def d2(size: int) -> float:
    """Return the mean range of ``size`` standard normal numbers.

    Notes
    -----
    The range W of n numbers with density φ and distribution Φ has
    P(W ≤ w) = n ∫ φ(x) (Φ(x + w) − Φ(x))ⁿ⁻¹ dx, and d2 = E[W] = ∫₀^∞ (1 − P) dw.

    Source: L. H. C. Tippett, "On the extreme individuals and the range of
    samples taken from a normal population", Biometrika 17 (1925), from memory
    of the definition.

    Examples
    --------
    >>> math.isclose(d2(2), 2 / math.sqrt(math.pi), rel_tol=1e-9)
    True
    """
    return _range_moments(_checked(size))[0]


def d3(size: int) -> float:
    """Return the standard deviation of the range of ``size`` standard normal numbers.

    Notes
    -----
    d3² = E[W²] − d2², with E[W²] = 2 ∫₀^∞ w (1 − P(W ≤ w)) dw; see `d2`.

    Examples
    --------
    >>> math.isclose(d3(2), math.sqrt(2 - 4 / math.pi), rel_tol=1e-9)
    True
    """
    return _range_moments(_checked(size))[1]


def c4(size: int) -> float:
    """Return the mean standard deviation (divisor n − 1) of ``size`` standard normal numbers.

    Notes
    -----
    c4 = √(2 / (n − 1)) Γ(n/2) / Γ((n − 1)/2).

    Examples
    --------
    >>> math.isclose(c4(2), math.sqrt(2 / math.pi), rel_tol=1e-12)
    True
    """
    if size < 2:
        raise Refused("a subgroup of {size} has no spread; it takes 2 or more", size=size)
    half = math.lgamma(size / 2.0) - math.lgamma((size - 1) / 2.0)
    return math.sqrt(2.0 / (size - 1)) * math.exp(half)


def of_sizes(constant: Callable[[int], float], sizes: npt.NDArray[np.int64]) -> Floats:
    """Return a constant for every subgroup; nan where there are fewer than two pieces.

    Examples
    --------
    >>> of_sizes(c4, np.array([2, 1])).round(4)
    array([0.7979,    nan])
    """
    different, place = np.unique(sizes, return_inverse=True)
    found = [constant(int(size)) if size > 1 else np.nan for size in different]
    return np.asarray(found, dtype=np.float64)[place]


def _checked(size: int) -> int:
    if size < 2:
        raise Refused("a subgroup of {size} has no spread; it takes 2 or more", size=size)
    if size > LARGEST:
        raise Refused(
            "a range of {size} pieces tells little; take an S chart above {most}",
            size=size,
            most=LARGEST,
        )
    return size


@cache
def _grid() -> tuple[Floats, Floats, Floats, Floats]:
    """Return ranges, their weights, φ at the smallest value, and Φ(x + w) − Φ(x) for each pair."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    ranges = (nodes + 1.0) * _WIDEST / 2.0
    # The trapezoid rule is exact beyond every digit for a density that dies out on both sides.
    smallest = np.arange(-_FAR, _FAR + _STEP / 2.0, _STEP)
    density = np.exp(-(smallest**2) / 2.0) / math.sqrt(2.0 * math.pi) * _STEP
    # Φ(x + w) − Φ(x) from the lower tails of the mirrored points loses no digits above zero.
    between = normal_cdf(-smallest)[None, :] - normal_cdf(-(smallest[None, :] + ranges[:, None]))
    return ranges, weights * _WIDEST / 2.0, density, between


@cache
def _range_moments(size: int) -> tuple[float, float]:
    ranges, weights, density, between = _grid()
    beyond = 1.0 - size * (between ** (size - 1) @ density)
    mean = float(weights @ beyond)
    square = float(weights @ (2.0 * ranges * beyond))
    return mean, math.sqrt(square - mean**2)
