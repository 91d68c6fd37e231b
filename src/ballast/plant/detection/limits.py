"""Limits from training rows alone: how high a statistic rises where nothing is wrong.

The textbook limits of T² and Q assume normal rows that do not depend on each
other; readings of a machine are neither, and lagged windows never are. So a
limit here is one of the values that the statistic took on training rows. It
may not be taken from rows that the model was fitted to: those look better
than any row that comes after. The training rows are cut into stretches, and
each is scored by a model of the others.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ballast.errors import Refused
from ballast.plant.detection.findings import Flags
from ballast.plant.measures.ratios import Floats

__all__ = ["FALSE_ALARMS", "limit_of", "stretches"]

FALSE_ALARMS = 0.0027
"""The share of undisturbed rows beyond a limit that is aimed at: that of three sigma."""

STRETCHES = 4


def limit_of(scores: Floats, false_alarms: float = FALSE_ALARMS) -> float:
    """Return the limit that a further score exceeds with a given probability.

    Parameters
    ----------
    scores
        Of rows that the model was not fitted to, of shape (rows,); at least one.
    false_alarms
        α, strictly between 0 and 1.

    Returns
    -------
    float
        The ⌈(n + 1)(1 − α)⌉-th smallest of the n scores. Where n is too small
        for that, the largest: the probability is then 1/(n + 1), not α.

    Raises
    ------
    Refused
        If the share is none, or there is no score.

    Notes
    -----
    If the scores and the further one are exchangeable, the probability that it
    exceeds the limit is at most α. Rows near each other in time are not, so
    that a limit from few rows promises less than it says.

    Source: the conformal limit that KNN-CAD uses, in the README of its detector
    in the Numenta Anomaly Benchmark; the rank with n + 1 from memory of
    V. Vovk, A. Gammerman, G. Shafer, "Algorithmic learning in a random world".

    Examples
    --------
    >>> limit_of(np.arange(1.0, 100.0), 0.1), limit_of(np.arange(1.0, 100.0), 0.001)
    (90.0, 99.0)
    """
    if not 0.0 < false_alarms < 1.0:
        raise Refused(
            "the share of false alarms is {share}; it must lie between 0 and 1", share=false_alarms
        )
    if not len(scores):
        raise Refused("no training row can be judged: there is nothing to take a limit from")
    # A hair less, so that 0.9 × 100 is the ninetieth and not, by rounding, the ninety-first.
    rank = math.ceil((len(scores) + 1) * (1.0 - false_alarms) - 1e-9)
    return float(np.sort(scores)[min(rank, len(scores)) - 1])


def stretches(count: int, apart: int, parts: int = STRETCHES) -> list[tuple[slice, Flags]]:
    """Return stretches of training windows, each with those that share no row with it.

    Parameters
    ----------
    count
        How many windows there are, in order of time.
    apart
        How many windows after it a window shares rows with, its own included.
    parts
        Into how many the training is cut.

    Returns
    -------
    list
        The windows to score, and which to fit to.

    Examples
    --------
    >>> [(at.start, at.stop, int(fit.sum())) for at, fit in stretches(8, 2, 2)]
    [(0, 4, 3), (4, 8, 3)]
    """
    edges = [round(count * part / parts) for part in range(parts + 1)]
    place = np.arange(count)
    return [
        (slice(first, last), (place <= first - apart) | (place >= last + apart - 1))
        for first, last in pairwise(edges)
    ]
