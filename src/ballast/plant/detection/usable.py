"""Which tags can be judged at all, and why the others cannot.

A tag that never moved while a detector learnt has no spread to compare with.
A tag that wandered all the while (a motor warming up) has no level: whatever
comes next is far from where it was, and a detector that keeps it warns of
every hour of the day. Both are left out and said, not silently scored.
"""

from __future__ import annotations

import numpy as np

from ballast.plant.measures.ratios import Floats, ratio
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["WANDERING", "left_out", "reasons", "wandering_share"]

WANDERING = 0.25
"""A tag wanders if more than this share of its variance lies between quarters of the training."""

# The square of a smaller spread is no longer a number above zero.
_LEAST_SPREAD = 1e-100
_QUARTERS = 4
_MISSING = 0.5


def wandering_share(values: Floats) -> float:
    """Return the share of the variance that lies between quarters of a series.

    Parameters
    ----------
    values
        Of shape (rows,), in order of time; nan where missing.

    Returns
    -------
    float
        Between 0 and 1; nan where the values do not differ or are too few.

    Notes
    -----
    The variance of the means of four equal stretches, over the variance of all:
    the between-group share of an analysis of variance (η²). Rows that do not
    depend on each other have about 3/n; a straight line has 15/16.

    Examples
    --------
    >>> round(wandering_share(np.arange(400.0)), 3), wandering_share(np.tile([0.0, 1.0], 200))
    (0.938, 0.0)
    """
    known = values[np.isfinite(values)]
    if len(known) < _QUARTERS:
        return float("nan")
    parts = np.array_split(known, _QUARTERS)
    means = np.array([part.mean() for part in parts])
    sizes = np.array([len(part) for part in parts])
    between = (sizes * (means - known.mean()) ** 2).sum() / len(known)
    return float(ratio(between, known.var()))


def left_out(values: Floats, *, keep_wandering: bool = False) -> dict[int, Sentence]:
    """Return the tags that cannot be judged, by number, each with the reason.

    Parameters
    ----------
    values
        Training rows, of shape (rows, tags); nan where missing.
    keep_wandering
        Judge tags that wander as well.
    """
    found: dict[int, Sentence] = {}
    for tag in range(values.shape[1]):
        column = values[:, tag]
        known = column[np.isfinite(column)]
        if len(known) <= _MISSING * len(column):
            found[tag] = Sentence("more than half of its training rows are missing")
        elif known.max() - known.min() < _LEAST_SPREAD:
            found[tag] = Sentence("it does not vary over the training rows")
        elif not keep_wandering and (share := wandering_share(column)) > WANDERING:
            found[tag] = Sentence(
                "it wanders over the training rows (share of the variance between quarters: "
                "{share}); it has no level to be judged by",
                {"share": f"{share:.3f}"},
            )
    return found


def reasons(without: dict[int, Sentence]) -> Label:
    """Return why tags were left out, each reason once, as something an error can say."""
    once = {sentence.text("en"): sentence.text("zh") for sentence in without.values()}
    return Label("；".join(once.values()), "; ".join(once))
