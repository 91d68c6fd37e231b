"""The few distributions that limits and intervals lean on, without scipy at run time.

scipy would be the obvious choice; it weighs more than the rest of the measures
together, in a platform that a small factory starts in a minute. Limits and intervals are
computed once a phase, not once a point, so plain scalar code is fast enough.
The tests hold every function against scipy to a relative error of 1e-9.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from ballast.plant.measures.ratios import Floats

__all__ = [
    "beta_quantile",
    "chi_square_quantile",
    "f_quantile",
    "log_normal_cdf",
    "normal_cdf",
    "normal_quantile",
]

_TINY = 1e-300
_ENOUGH = 1e-16
_STEPS = 10_000
_MANY, _NEWTON = 100.0, 20
# Below, erfc underflows; the first terms of the asymptotic series are then exact to 1e-11.
_DEEP = -37.0
_ERFC = np.frompyfunc(math.erfc, 1, 1)


def normal_cdf(z: Floats) -> Floats:
    """Return the probability that a standard normal number is at most z.

    Notes
    -----
    Φ(z) = erfc(−z/√2)/2, which keeps its digits in the lower tail.

    Examples
    --------
    >>> normal_cdf(np.array([0.0]))
    array([0.5])
    """
    return np.asarray(0.5 * _ERFC(-z / math.sqrt(2.0)), dtype=np.float64)


def log_normal_cdf(z: Floats) -> Floats:
    """Return the logarithm of `normal_cdf`, also where the probability itself underflows.

    Notes
    -----
    Below z = −37: ln Φ(z) ≈ −z²/2 − ln(−z) − ln(2π)/2 + ln(1 − 1/z² + 3/z⁴).
    """
    inside = np.log(normal_cdf(np.maximum(z, _DEEP)))
    tail = np.minimum(z, _DEEP)
    series = np.log1p(-1.0 / tail**2 + 3.0 / tail**4)
    outside = -(tail**2) / 2.0 - np.log(-tail) - math.log(2.0 * math.pi) / 2.0 + series
    return np.where(z > _DEEP, inside, outside)


def normal_quantile(probability: float) -> float:
    """Return z with Φ(z) = probability: Wichura's AS 241, as the standard library has it.

    Examples
    --------
    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    return NormalDist().inv_cdf(probability)


def chi_square_quantile(probability: float, freedom: float) -> float:
    """Return the quantile of χ² with ``freedom`` degrees of freedom, not necessarily whole.

    Parameters
    ----------
    probability
        Strictly between 0 and 1.
    freedom
        Above 0.

    Notes
    -----
    Bisection of the regularised lower incomplete gamma function P(ν/2, x/2):
    its power series for x below a + 1, the continued fraction of its complement
    above (A. R. DiDonato, A. H. Morris, ACM TOMS 12 (1986), from memory of the
    method), the fraction by Lentz's algorithm.

    Examples
    --------
    >>> round(chi_square_quantile(0.95, 10), 4)
    18.307
    """
    if freedom > _MANY and (found := _near_normal(probability, freedom)) is not None:
        return found
    return 2.0 * _inverted(lambda x: _gamma_lower(freedom / 2.0, x), probability, freedom)


def _near_normal(probability: float, freedom: float) -> float | None:
    """Return a quantile of χ² by Newton's method from where Wilson and Hilferty put it.

    Halving takes fifty sums of a thousand terms where a day of samples gives the freedom; from
    so near, Newton takes three. ``None`` where it strays.
    """
    shape, ninth = freedom / 2.0, 2.0 / (9.0 * freedom)
    x = freedom * (1.0 - ninth + normal_quantile(probability) * math.sqrt(ninth)) ** 3
    for _ in range(_NEWTON):
        if not x > 0.0:
            return None
        density = 0.5 * math.exp((shape - 1.0) * math.log(x / 2.0) - x / 2.0 - math.lgamma(shape))
        if not density > 0.0:
            return None
        step = (_gamma_lower(shape, x / 2.0) - probability) / density
        x -= step
        if abs(step) < 1e-11 * x:
            return x
    return None


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the quantile of the beta distribution with parameters a and b, both above 0.

    Notes
    -----
    Bisection of the regularised incomplete beta function, by its continued
    fraction with Lentz's algorithm (M. Abramowitz, I. Stegun, 26.5.8, from
    memory).

    Examples
    --------
    >>> round(beta_quantile(0.5, 2.0, 2.0), 12)
    0.5
    """
    return _between(lambda x: _beta_lower(a, b, x), probability, 0.0, 1.0)


def f_quantile(probability: float, over: float, under: float) -> float:
    """Return the quantile of F with ``over`` and ``under`` degrees of freedom.

    Notes
    -----
    If B is Beta(ν₁/2, ν₂/2), then ν₂ B / (ν₁ (1 − B)) is F(ν₁, ν₂). The upper
    tail is read from the beta distribution of 1 − B, which keeps its digits
    where B is near one.

    Examples
    --------
    >>> round(f_quantile(0.95, 2, 10), 4)
    4.1028
    """
    rest = beta_quantile(1.0 - probability, under / 2.0, over / 2.0)
    return under * (1.0 - rest) / (over * rest)


def _inverted(below: Callable[[float], float], probability: float, start: float) -> float:
    """Return x above 0 with below(x) = probability, for a function that rises from 0 to 1."""
    low, high = 0.0, max(start, 1.0)
    while below(high) < probability:
        low, high = high, 2.0 * high
    return _between(below, probability, low, high)


def _between(below: Callable[[float], float], probability: float, low: float, high: float) -> float:
    """Halve the interval until no number is left within it: slower than Newton, never astray."""
    while low < (middle := (low + high) / 2.0) < high:
        if below(middle) < probability:
            low = middle
        else:
            high = middle
    return high


def _gamma_lower(a: float, x: float) -> float:
    """Return P(a, x), the regularised lower incomplete gamma function."""
    if x <= 0.0:
        return 0.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1.0:
        term = total = 1.0 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < total * _ENOUGH:
                break
        return scale * total
    b = x + 1.0 - a
    c, d = 1.0 / _TINY, 1.0 / b
    fraction = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b += 2.0
        d = 1.0 / _away(factor * d + b)
        c = _away(b + factor / c)
        fraction *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return 1.0 - scale * fraction


def _beta_lower(a: float, b: float, x: float) -> float:
    """Return I_x(a, b), the regularised incomplete beta function."""
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1.0) / (a + b + 2.0):  # the fraction converges fast on the other side only
        return 1.0 - _beta_lower(b, a, 1.0 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    scale = math.exp(front + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    fraction = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for factor in (even, odd):
            d = 1.0 / _away(1.0 + factor * d)
            c = _away(1.0 + factor / c)
            fraction *= c * d
        if abs(c * d - 1.0) < _ENOUGH:
            break
    return scale * fraction


def _away(value: float) -> float:
    """Keep a denominator of a continued fraction away from zero, as Lentz's algorithm asks."""
    return value if abs(value) > _TINY else _TINY
