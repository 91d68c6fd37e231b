"""Do the values look normal? Capability and three-sigma limits promise shares only if they do.

Anderson–Darling and not a test of skewness or a histogram's looks: it weighs
the tails, and the tails are where a capability index makes its promise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.control_charts import known
from ballast.plant.measures.distributions import log_normal_cdf
from ballast.words import Sentence

__all__ = ["FEWEST", "LEVEL", "Normality", "normality"]

FEWEST = 8
"""Below, the formula for the probability does not hold."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Normality:
    """The answer of the test.

    Parameters
    ----------
    statistic
        A²; ``None`` where it does not exist.
    probability
        Of a statistic as large or larger from a normal process.
    warning
        What a reader must know before trusting a capability index; ``None``: nothing.
    """

    statistic: float | None
    probability: float | None
    warning: Sentence | None


def normality(values: npt.ArrayLike, *, level: float = LEVEL) -> Normality:
    """Return how far values lie from a normal distribution with their own mean and deviation.

    Parameters
    ----------
    values
        Of any shape; nan where missing.
    level
        The probability below which to warn.

    Notes
    -----
    A² = −n − (1/n) Σ (2i − 1)(ln Φ(zᵢ) + ln Φ(−zₙ₊₁₋ᵢ)) over ordered z = (x − x̄)/s,
    A* = A² (1 + 0.75/n + 2.25/n²), and

    p = 1 − exp(−13.436 + 101.14 A* − 223.73 A*²) for A* < 0.2,
    p = 1 − exp(−8.318 + 42.796 A* − 59.938 A*²) for A* < 0.34,
    p = exp(0.9177 − 4.279 A* − 1.38 A*²) for A* < 0.6,
    p = exp(1.2937 − 5.709 A* + 0.0186 A*²) above. The last is a parabola that
    turns at A* = 153; from there on p is its least value.

    Source: M. A. Stephens, in R. B. D'Agostino, M. A. Stephens (eds.),
    "Goodness-of-Fit Techniques" (1986), table 4.9, with the coefficients as the
    R package nortest (ad.test) has them.

    With very many values every process fails: the test then sees rounding and
    shifts of no consequence.

    Examples
    --------
    >>> normality([1.0] * 10).warning.text("en")
    'the values do not differ: whether they are normal cannot be said'
    """
    given = known(values)
    points = np.sort(given[np.isfinite(given)])
    count = len(points)
    if count < FEWEST:
        few = Sentence(
            "{count} values are too few to say whether they are normal; it takes {least}",
            {"count": count, "least": FEWEST},
        )
        return Normality(None, None, few)
    sigma = float(points.std(ddof=1)) if points[0] < points[-1] else 0.0
    if not (sigma > 0.0 and math.isfinite(sigma)):
        same = Sentence("the values do not differ: whether they are normal cannot be said")
        return Normality(None, None, same)
    # Measured values are rounded, so that few of very many differ: each is looked up once.
    distinct, often = np.unique(points, return_counts=True)
    z = (distinct - points.mean()) / sigma
    weights = 2.0 * np.arange(1, count + 1) - 1.0
    below, above = np.repeat(log_normal_cdf(z), often), np.repeat(log_normal_cdf(-z), often)
    logarithms = below + above[::-1]
    statistic = float(-count - (weights * logarithms).sum() / count)
    probability = _probability(statistic * (1.0 + 0.75 / count + 2.25 / count**2))
    if probability >= level:
        return Normality(statistic, probability, None)
    doubt = Sentence(
        "the values do not look normal (Anderson–Darling p = {p}): indices and limits promise "
        "shares that may not hold",
        {"p": f"{probability:.2g}"},
    )
    return Normality(statistic, probability, doubt)


def _probability(adjusted: float) -> float:
    a = min(adjusted, 5.709 / (2.0 * 0.0186))
    if a < 0.2:
        return 1.0 - math.exp(-13.436 + 101.14 * a - 223.73 * a**2)
    if a < 0.34:
        return 1.0 - math.exp(-8.318 + 42.796 * a - 59.938 * a**2)
    if a < 0.6:
        return math.exp(0.9177 - 4.279 * a - 1.38 * a**2)
    return math.exp(1.2937 - 5.709 * a + 0.0186 * a**2)
