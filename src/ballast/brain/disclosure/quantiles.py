"""Quantiles of a set of enterprises that tell nobody what one of them reported.

The median of an odd number of enterprises *is* what one of them reported, and
the quartiles of a small set are two or three more. So what is given out here
is never an order statistic but the mean of several enterprises that stand
around it, rounded; and nothing is given out of a set too small for that. Two
things are left out on purpose. The set is not chosen by who asks and the asker
is not taken out of it: quantiles "of the others" would differ from asker to
asker, and their difference would be one enterprise. And the ends of the set
(largest, smallest, the outer quarters) are not described at all.

The rule is our own. It rests on the bounds of ``rules`` and on the practice of
statistical offices to publish percentiles as means of the units around them
(from memory; no text was opened).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules
from ballast.words import Sentence

__all__ = [
    "QUARTERS",
    "ShieldedQuantile",
    "least_members",
    "rounded",
    "shielded_quantiles",
    "window",
]

QUARTERS: Final = (0.25, 0.5, 0.75)
_DIGITS = 2


@dataclass(frozen=True, slots=True)
class ShieldedQuantile:
    """A quantile that may be shown, or the reason why it may not.

    Parameters
    ----------
    share
        The share of the set below it, 0 to 1.
    value
        In the unit of the values; ``None`` where it is withheld.
    why
        Why it is withheld.
    """

    share: float
    value: float | None
    why: Sentence | None = None


def window(rules: PrimaryRules) -> int:
    """Return of how many enterprises a quantile is the mean.

    Two more than the least number of a cell: whoever stands among them, and one who tells him
    what he reported, can take themselves out, and as many are left as a cell must have.

    Examples
    --------
    >>> window(PrimaryRules())
    5
    """
    return rules.least + 2


def least_members(rules: PrimaryRules) -> int:
    """Return how many enterprises a set must have: each quarter as many as stand behind a quantile.

    Examples
    --------
    >>> least_members(PrimaryRules())
    20
    """
    return 4 * window(rules)


def rounded(value: float, digits: int = _DIGITS) -> float:
    """Return a number rounded half up to significant digits.

    Examples
    --------
    >>> rounded(0.0449), rounded(-12_345.0), rounded(0.0)
    (0.045, -12000.0, 0.0)
    """
    if not value:
        return 0.0
    scale = digits - 1 - math.floor(math.log10(abs(value)))
    # Of a power of ten below one, 10 ** -scale is the exact number and 10 ** scale is not.
    if scale > 0:
        return math.copysign(math.floor(abs(value) * 10**scale + 0.5) / 10**scale, value)
    return math.copysign(math.floor(abs(value) / 10**-scale + 0.5) * 10**-scale, value)


def shielded_quantiles(
    values: npt.ArrayLike,
    rules: PrimaryRules,
    shares: tuple[float, ...] = QUARTERS,
    *,
    seen: npt.ArrayLike | None = None,
) -> tuple[ShieldedQuantile, ...]:
    """Return quantiles of a set that may be shown to a member of it.

    Parameters
    ----------
    values
        One for each enterprise that has one; ``NaN`` is no value and counts for nobody.
    rules
        The bounds of a publisher.
    shares
        Shares of the set, 0 to 1, rising, and not nearer to each other or to the ends than a
        quarter of the set.
    seen
        Whether whoever is shown the quantiles knows the value already, one for each; ``None``:
        nobody's. A cluster's operator knows those that agreed to it, and could take them out.

    Returns
    -------
    tuple of ShieldedQuantile
        One for each share. A quantile is the mean of `window` neighbours by value, rounded to two
        significant digits. It is withheld where the set has fewer than `least_members`, where one
        of the neighbours makes more than the share ``rules.dominance`` of their absolute sum,
        where some but fewer than ``rules.least`` of them are not ``seen``, and where all quantiles
        are alike, because half the set would then be known to have reported that.

    Notes
    -----
    With x_(1) ≤ … ≤ x_(n) and w = `window`: Q(p) = (1/w) Σ x_(i), i from s + 1 to s + w, where
    s = ⌊p n − w/2⌋.

    Examples
    --------
    >>> found = shielded_quantiles(range(1, 41), PrimaryRules())
    >>> [one.value for one in found]
    [10.0, 20.0, 30.0]
    >>> shielded_quantiles(range(19), PrimaryRules())[0].why.text("en")
    'withheld: fewer than 20 enterprises have a figure'
    """
    held = np.asarray(values, dtype=np.float64)
    told = np.zeros(held.shape, dtype=np.bool_) if seen is None else np.asarray(seen, np.bool_)
    finite = np.isfinite(held)
    order = np.argsort(held[finite], kind="stable")
    known: Floats = held[finite][order]
    known_to: Bools = told[finite][order]
    least, width = least_members(rules), window(rules)
    if known.size < least:
        few = Sentence("withheld: fewer than {least} enterprises have a figure", {"least": least})
        return tuple(ShieldedQuantile(share, None, few) for share in shares)
    found = []
    for share in shares:
        start = min(max(math.floor(share * known.size - width / 2), 0), known.size - width)
        part = slice(start, start + width)
        found.append(_one(known[part], known_to[part], share, rules))
    shown = {one.value for one in found}
    if len(shares) > 1 and len(shown) == 1 and None not in shown:
        alike = Sentence("withheld: the middle half of the set reported nearly the same")
        return tuple(ShieldedQuantile(share, None, alike) for share in shares)
    return tuple(found)


def _one(around: Floats, seen: Bools, share: float, rules: PrimaryRules) -> ShieldedQuantile:
    size = np.abs(around)
    if size.max() > rules.dominance * size.sum():
        one = Sentence("withheld: one enterprise makes nearly all of it")
        return ShieldedQuantile(share, None, one)
    if 0 < int(np.count_nonzero(~seen)) < rules.least:
        left = Sentence(
            "withheld: with what you may see already, too few enterprises would be left in it"
        )
        return ShieldedQuantile(share, None, left)
    return ShieldedQuantile(share, rounded(float(around.mean())))
