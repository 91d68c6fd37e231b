"""Charts of measured values: X̄-R, X̄-S, I-MR, with subgroups of any size and values missing.

Every chart is computed from the mean and the standard deviation of one piece
rather than from A2, D3, D4 and their kin: those constants are the same limits
for subgroups of one size only, and real subgroups lose a piece now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.control_charts import (
    Baseline,
    Chart,
    ChartKind,
    Judge,
    Phase,
    Rows,
    in_phases,
    known,
    limited,
)
from ballast.plant.measures.control_charts_subgroups import Subgroups
from ballast.plant.measures.ratios import Floats, ratio
from ballast.plant.measures.spc_constants import c4, d2, d3, of_sizes
from ballast.words import Sentence

__all__ = [
    "Pair",
    "baseline_of_deviations",
    "baseline_of_individuals",
    "baseline_of_ranges",
    "individuals",
    "judge_deviations",
    "judge_individuals",
    "judge_means",
    "judge_moving_ranges",
    "judge_ranges",
    "located",
    "moving_ranges",
    "xbar_r",
    "xbar_s",
]

# Of the moving range of two: its relative variance, and the covariance of neighbours that share
# a value, E|U||V| − E|U|E|V| for normal U, V of variance 2 and correlation −1/2.
_MOVING_VARIANCE = 2.0 - 4.0 / np.pi
_MOVING_COVARIANCE = 4.0 / np.pi * (np.sqrt(0.75) + np.pi / 12.0) - 4.0 / np.pi


@dataclass(frozen=True, slots=True)
class Pair:
    """The two charts that belong together: where the process lies, and how far it strays."""

    location: Chart
    spread: Chart


def baseline_of_ranges(rows: Subgroups) -> Baseline:
    """Return the process as the ranges of its subgroups tell it.

    Notes
    -----
    Mean: Σ nᵢ x̄ᵢ / Σ nᵢ. Standard deviation: Σ fᵢ Rᵢ/d2(nᵢ) / Σ fᵢ with
    fᵢ = d2(nᵢ)² / d3(nᵢ)², the weights of least variance; with subgroups of one
    size that is R̄/d2. Its relative variance is 1/Σ fᵢ, so that it is as sure as
    a χ² estimate with Σ fᵢ / 2 degrees of freedom (to first order).

    Source: for subgroups of one size, SAS/QC User's Guide, SHEWHART procedure,
    XRCHART and RCHART, whose printed standard deviations the tests meet; the
    weights follow from the Gauss–Markov theorem.
    """
    useful = rows[np.flatnonzero(rows.sizes > 1)]
    means, spreads = of_sizes(d2, useful.sizes), of_sizes(d3, useful.sizes)
    return _baseline(rows, useful.ranges / means, (means / spreads) ** 2)


def baseline_of_deviations(rows: Subgroups) -> Baseline:
    """Return the process as the standard deviations of its subgroups tell it.

    Notes
    -----
    As `baseline_of_ranges`, with sᵢ/c4(nᵢ) and weights c4² / (1 − c4²); with
    subgroups of one size the standard deviation is s̄/c4.
    """
    useful = rows[np.flatnonzero(rows.sizes > 1)]
    means = of_sizes(c4, useful.sizes)
    return _baseline(rows, useful.deviations / means, means**2 / (1.0 - means**2))


def _baseline(rows: Subgroups, estimates: Floats, weights: Floats) -> Baseline:
    count = int(rows.sizes.sum())
    total = np.where(rows.sizes > 0, rows.sizes * rows.means, 0.0).sum()
    mean = float(ratio(total, count))
    if not len(estimates):
        return Baseline(
            mean, count=count, why=Sentence("no subgroup has two values that are known")
        )
    sigma = float((weights * estimates).sum() / weights.sum())
    return _checked(Baseline(mean, sigma, float(weights.sum() / 2.0), count))


def baseline_of_individuals(values: npt.ArrayLike) -> Baseline:
    """Return the process as single values and their moving ranges tell it.

    Parameters
    ----------
    values
        Of shape (rows,), in order of time; nan where missing.

    Notes
    -----
    Standard deviation: mean moving range of two / d2(2), over the pairs of
    neighbours that are both known. Moving ranges that share a value are
    correlated; with m of them the relative variance of the estimate is
    (v + 2 (m − 1) c / m) / (m d2²), v = 2 − 4/π the variance of one and
    c = (4/π)(√¾ + π/12 − 1) the covariance of neighbours (the mean product of
    the absolute values of two normal numbers with correlation −½), taken as
    if no value were missing; the degrees of freedom are half its inverse.

    Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2.
    """
    points = known(values)
    ranges = moving_ranges(points)
    pairs = int(np.isfinite(ranges).sum())
    count = int(np.isfinite(points).sum())
    mean = float(ratio(np.nansum(points), count))
    if pairs == 0:
        return Baseline(mean, count=count, why=Sentence("no two neighbours are both known"))
    sigma = float(np.nansum(ranges) / pairs / d2(2))
    variance = _MOVING_VARIANCE + 2.0 * (pairs - 1) / pairs * _MOVING_COVARIANCE
    return _checked(Baseline(mean, sigma, float(pairs * d2(2) ** 2 / (2.0 * variance)), count))


def _checked(found: Baseline) -> Baseline:
    if found.sigma > 0:
        return found
    why = Sentence("the values of the baseline do not differ: there are no limits to judge by")
    return Baseline(found.mean, np.nan, np.nan, found.count, why)


def moving_ranges(values: Floats, before: float = np.nan) -> Floats:
    """Return how far each value lies from the one before it.

    Parameters
    ----------
    values
        Of shape (rows,); nan where missing.
    before
        The value before the first, where a stream goes on.

    Examples
    --------
    >>> moving_ranges(np.array([49.6, 47.6, 49.9])).round(1)
    array([nan, 2. , 2.3])
    """
    return np.abs(np.diff(values, prepend=before))


def judge_means(rows: Subgroups, baseline: Baseline) -> Chart:
    """Return the points of X̄: mean ± 3 σ/√n."""
    sigma = ratio(baseline.sigma, np.sqrt(rows.sizes))
    return limited(ChartKind.MEANS, rows.means, _flat(baseline.mean, rows.means), sigma)


def judge_ranges(rows: Subgroups, baseline: Baseline) -> Chart:
    """Return the points of R: d2 σ ± 3 d3 σ, cut at 0."""
    centre = of_sizes(d2, rows.sizes) * baseline.sigma
    sigma = of_sizes(d3, rows.sizes) * baseline.sigma
    return limited(ChartKind.RANGES, rows.ranges, centre, sigma, least=0.0)


def judge_deviations(rows: Subgroups, baseline: Baseline) -> Chart:
    """Return the points of S: c4 σ ± 3 σ √(1 − c4²), cut at 0."""
    mean = of_sizes(c4, rows.sizes)
    sigma = baseline.sigma * np.sqrt(1.0 - mean**2)
    return limited(ChartKind.DEVIATIONS, rows.deviations, mean * baseline.sigma, sigma, least=0.0)


def judge_individuals(values: npt.ArrayLike, baseline: Baseline) -> Chart:
    """Return the points of I: mean ± 3 σ."""
    points = known(values)
    return limited(
        ChartKind.INDIVIDUALS,
        points,
        _flat(baseline.mean, points),
        _flat(baseline.sigma, points),
    )


def judge_moving_ranges(values: npt.ArrayLike, baseline: Baseline, before: float = np.nan) -> Chart:
    """Return the points of MR: d2(2) σ ± 3 d3(2) σ, cut at 0; ``before`` as in `moving_ranges`."""
    points = moving_ranges(known(values), before)
    centre, sigma = _flat(d2(2) * baseline.sigma, points), _flat(d3(2) * baseline.sigma, points)
    return limited(ChartKind.MOVING_RANGES, points, centre, sigma, least=0.0)


def xbar_r(rows: Subgroups, phases: Sequence[Phase] = ()) -> Pair:
    """Return the X̄ and R charts of a series of subgroups.

    Parameters
    ----------
    rows
        From `subgroups` or `subgroups_by`.
    phases
        As in `in_phases`.

    Raises
    ------
    Refused
        If phases do not fit the series.

    Notes
    -----
    X̄: x̿ ± 3 σ̂/√n, R: d2 σ̂ ± 3 d3 σ̂, σ̂ from `baseline_of_ranges`. With
    subgroups of one size these are x̿ ± A2 R̄ and D3 R̄, D4 R̄.

    Source: SAS/QC User's Guide, SHEWHART procedure, "XRCHART: Saving Control
    Limits", whose printed limits of wafers and disks the tests meet.

    Examples
    --------
    >>> from ballast.plant.measures.control_charts_subgroups import subgroups
    >>> pair = xbar_r(subgroups([[1.0, 3.0], [2.0, 4.0], [2.0, 2.0]]))
    >>> print(f"{pair.location.centre[0]:.3f} {pair.spread.upper[0]:.3f}")
    2.333 4.355
    """
    return _pair(rows, phases, ranges=True)


def xbar_s(rows: Subgroups, phases: Sequence[Phase] = ()) -> Pair:
    """Return the X̄ and S charts of a series of subgroups; all else as `xbar_r`.

    Notes
    -----
    X̄: x̿ ± 3 σ̂/√n, S: c4 σ̂ ± 3 σ̂ √(1 − c4²), σ̂ from `baseline_of_deviations`.
    With subgroups of one size these are x̿ ± A3 s̄ and B3 s̄, B4 s̄.

    Source: SAS/QC User's Guide, SHEWHART procedure, "SCHART: Saving Control
    Limits", whose printed limits of twenty turbines the tests meet.
    """
    return _pair(rows, phases, ranges=False)


def _pair(rows: Subgroups, phases: Sequence[Phase], *, ranges: bool) -> Pair:
    estimate = baseline_of_ranges if ranges else baseline_of_deviations
    judge = judge_ranges if ranges else judge_deviations
    location = in_phases(
        len(rows),
        phases,
        lambda at: estimate(rows[at]),
        lambda at, baseline: judge_means(rows[at], baseline),
    )
    return Pair(location, _beside(location, lambda at, baseline: judge(rows[at], baseline)))


def _beside(chart: Chart, judge: Judge) -> Chart:
    """Return the chart of the same rows, phases and baselines, judged another way."""
    known_by = zip(chart.starts, chart.baselines, strict=True)
    phases = [Phase(first, baseline) for first, baseline in known_by]
    return in_phases(len(chart.values), phases, lambda _: Baseline(np.nan), judge)


def individuals(values: npt.ArrayLike, phases: Sequence[Phase] = ()) -> Pair:
    """Return the I and MR charts of a series of single values.

    Parameters
    ----------
    values
        Of shape (rows,), in order of time; nan where missing.
    phases
        As in `in_phases`. The first moving range of a phase reaches back into
        the phase before it and is left out.

    Raises
    ------
    Refused
        If phases do not fit the series.

    Notes
    -----
    I: x̄ ± 3 MR̄/d2(2), MR: D3 MR̄ = 0 and D4 MR̄.

    Sources: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2; SAS/QC
    User's Guide, SHEWHART procedure, "IRCHART: Saving Control Limits".

    Examples
    --------
    >>> flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    >>> chart = individuals(flow).location
    >>> print(f"{chart.centre[0]:.2f} {chart.lower[0]:.2f} {chart.upper[0]:.2f}")
    50.81 45.82 55.80
    """
    points = known(values)
    location = in_phases(
        len(points),
        phases,
        lambda at: baseline_of_individuals(_with_gaps(points, at)),
        lambda at, baseline: judge_individuals(points[at], baseline),
    )
    spread = _beside(location, lambda at, baseline: judge_moving_ranges(points[at], baseline))
    return Pair(location, spread)


def located(
    rows: Subgroups | npt.ArrayLike,
) -> tuple[Floats, Floats, Callable[[Rows], Baseline]]:
    """Return means and sizes of subgroups or single values, and what estimates their baseline.

    What the charts with a memory (`ewma`, `cusum`) need of either.
    """
    if isinstance(rows, Subgroups):
        return rows.means, rows.sizes.astype(np.float64), lambda at: baseline_of_ranges(rows[at])
    points = known(rows)
    return points, np.ones(points.shape), lambda at: baseline_of_individuals(_with_gaps(points, at))


def _with_gaps(points: Floats, rows: Rows) -> Floats:
    """Return rows with nan where some are left out: what stood on either side are no neighbours."""
    if not len(rows):
        return points[:0]
    found = np.full(int(rows[-1] - rows[0]) + 1, np.nan)
    found[rows - rows[0]] = points[rows]
    return found


def _flat(value: float, like: Floats) -> Floats:
    return np.full(like.shape, value)
