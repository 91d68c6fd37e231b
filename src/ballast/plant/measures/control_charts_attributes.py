"""Charts of counts: p and np of nonconforming pieces, c and u of nonconformities.

The four differ in two ways only: what is counted (pieces, binomial; defects,
Poisson) and whether the point is the count or the count a piece. They are
therefore one computation with two switches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.control_charts import (
    Baseline,
    Chart,
    ChartKind,
    Phase,
    in_phases,
    known,
    limited,
)
from ballast.plant.measures.ratios import Floats, ratio
from ballast.words import Sentence

__all__ = [
    "baseline_of_counts",
    "c_chart",
    "judge_counts",
    "np_chart",
    "p_chart",
    "u_chart",
]

_BINOMIAL = {ChartKind.PROPORTIONS, ChartKind.NONCONFORMING}
_SHARES = {ChartKind.PROPORTIONS, ChartKind.DEFECTS_PER_UNIT}


def baseline_of_counts(
    kind: ChartKind, counts: npt.ArrayLike, inspected: npt.ArrayLike = 1.0
) -> Baseline:
    """Return the rate a piece, over all rows that are known: Σ counts / Σ inspected.

    Parameters
    ----------
    kind
        One of the four kinds of counts.
    counts
        Of shape (rows,); nan where missing.
    inspected
        Pieces or units looked at; broadcasts with ``counts``.

    Returns
    -------
    Baseline
        Without limits where nothing was ever found: a rate of zero leaves the
        next count no room, and rows without a fault do not say that faults
        cannot happen. A share of one is without limits alike.

    Raises
    ------
    Refused
        If a count or a number of pieces cannot be one.
    """
    found, pieces = _counts(kind, counts, inspected)
    both = np.isfinite(found) & np.isfinite(pieces)
    total = float(pieces[both].sum())
    rate = float(ratio(found[both].sum(), total))
    seen = round(total)
    if not np.isfinite(rate):
        return Baseline(np.nan, count=seen, why=Sentence("nothing was inspected"))
    if rate == 0.0 or (kind in _BINOMIAL and rate == 1.0):
        why = Sentence("the counts of the baseline do not differ: there are no limits to judge by")
        return Baseline(rate, count=seen, why=why)
    return Baseline(rate, count=seen)


def judge_counts(
    kind: ChartKind,
    counts: npt.ArrayLike,
    inspected: npt.ArrayLike,
    baseline: Baseline,
) -> Chart:
    """Return the points of a chart of counts.

    Parameters
    ----------
    kind
        One of the four kinds of counts.
    counts
        Of shape (rows,); nan where missing.
    inspected
        Pieces or units looked at; broadcasts with ``counts``.
    baseline
        The rate a piece.

    Raises
    ------
    Refused
        If a count, a number of pieces or the rate cannot be one.

    Notes
    -----
    With the rate r and n pieces: p: r ± 3 √(r (1 − r)/n); np: n r ± 3 √(n r (1 − r));
    u: r ± 3 √(r/n); c: u with n = 1. Cut at 0, and at n or 1 for p and np.

    Sources: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1 (c) and
    6.3.3.2 (p); SAS/QC User's Guide, SHEWHART procedure, PCHART, CCHART and
    UCHART, whose printed limits the tests meet; np by multiplying with n.
    """
    found, pieces = _counts(kind, counts, inspected)
    rate = baseline.mean
    if rate < 0 or (kind in _BINOMIAL and rate > 1):
        raise Refused("the baseline has a rate of {rate}, which counts cannot have", rate=rate)
    single = rate * (1.0 - rate) if kind in _BINOMIAL else rate
    number = np.where(pieces > 0, pieces, np.nan)
    most: Floats | float = np.inf
    if kind in _SHARES:
        points, centre = ratio(found, pieces), rate + 0.0 * number
        sigma = np.sqrt(single / number)
        most = 1.0 if kind in _BINOMIAL else np.inf
    else:
        points, centre = np.where(pieces > 0, found, np.nan), rate * number
        sigma = np.sqrt(single * number)
        most = number if kind in _BINOMIAL else np.inf
    return limited(kind, points, centre, sigma, least=0.0, most=most)


def p_chart(counts: npt.ArrayLike, inspected: npt.ArrayLike, phases: Sequence[Phase] = ()) -> Chart:
    """Return the chart of the share of nonconforming pieces.

    Parameters
    ----------
    counts
        Nonconforming pieces, of shape (rows,); nan where missing.
    inspected
        Pieces looked at; one number, or one a row.
    phases
        As in `in_phases`.

    Raises
    ------
    Refused
        If a count cannot be one, or phases do not fit the series.

    Notes
    -----
    Equations and source: `judge_counts`.

    Examples
    --------
    >>> chart = p_chart([4, 6, 5], [50, 50, 100])
    >>> print(f"{chart.centre[0]:.3f} {chart.upper[0]:.4f} {chart.upper[2]:.4f}")
    0.075 0.1867 0.1540
    """
    return _counted(ChartKind.PROPORTIONS, counts, inspected, phases)


def np_chart(
    counts: npt.ArrayLike, inspected: npt.ArrayLike, phases: Sequence[Phase] = ()
) -> Chart:
    """Return the chart of the number of nonconforming pieces; all as in `p_chart`."""
    return _counted(ChartKind.NONCONFORMING, counts, inspected, phases)


def c_chart(counts: npt.ArrayLike, phases: Sequence[Phase] = ()) -> Chart:
    """Return the chart of the number of nonconformities on units that are all alike.

    Examples
    --------
    >>> print(c_chart([4, 9, 8]).upper[0].round(4))
    14.9373
    """
    return _counted(ChartKind.DEFECTS, counts, 1.0, phases)


def u_chart(counts: npt.ArrayLike, units: npt.ArrayLike, phases: Sequence[Phase] = ()) -> Chart:
    """Return the chart of nonconformities a unit, where the number of units may differ.

    Parameters
    ----------
    counts
        Nonconformities, of shape (rows,); nan where missing.
    units
        Units looked at, not necessarily whole: square metres, hours.
    phases
        As in `in_phases`.

    Raises
    ------
    Refused
        If a count cannot be one, or phases do not fit the series.
    """
    return _counted(ChartKind.DEFECTS_PER_UNIT, counts, units, phases)


def _counted(
    kind: ChartKind, counts: npt.ArrayLike, inspected: npt.ArrayLike, phases: Sequence[Phase]
) -> Chart:
    found, pieces = _counts(kind, counts, inspected)
    return in_phases(
        len(found),
        phases,
        lambda at: baseline_of_counts(kind, found[at], pieces[at]),
        lambda at, baseline: judge_counts(kind, found[at], pieces[at], baseline),
    )


def _counts(
    kind: ChartKind, counts: npt.ArrayLike, inspected: npt.ArrayLike
) -> tuple[Floats, Floats]:
    found, pieces = np.broadcast_arrays(known(counts), known(inspected))
    if (found < 0).any() or (pieces < 0).any():
        raise Refused("a count is negative; mend the record")
    if kind in _BINOMIAL and (found > pieces).any():
        raise Refused("more pieces are nonconforming than were inspected; mend the record")
    return found, pieces
