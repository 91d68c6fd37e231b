"""What every control chart shares: a baseline that is frozen, phases, and points with their limits.

A chart is split in two on purpose. Estimating (phase I) looks at many rows and
gives a small frozen `Baseline`; judging (phase II) looks at rows one by one
and needs nothing but the baseline. A live stream keeps the baseline and judges
what arrives with the very function that judges a batch. Charting programs that
estimate and judge in one call give other limits every time a row arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.ratios import Floats, ratio
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = [
    "CHART_LABELS",
    "Baseline",
    "Chart",
    "ChartKind",
    "Judge",
    "Phase",
    "Rows",
    "in_phases",
    "known",
    "limited",
    "plan",
]

Rows = npt.NDArray[np.int64]
"""Numbers of rows, from 0."""


class ChartKind(StrEnum):
    """What the points of a chart are."""

    MEANS = "xbar"
    RANGES = "r"
    DEVIATIONS = "s"
    INDIVIDUALS = "i"
    MOVING_RANGES = "mr"
    PROPORTIONS = "p"
    NONCONFORMING = "np"
    DEFECTS = "c"
    DEFECTS_PER_UNIT = "u"
    EWMA = "ewma"
    CUSUM = "cusum"


CHART_LABELS: dict[ChartKind, Label] = {
    ChartKind.MEANS: Label("均值图（X̄）", "mean chart (X̄)"),
    ChartKind.RANGES: Label("极差图（R）", "range chart (R)"),
    ChartKind.DEVIATIONS: Label("标准差图（S）", "standard deviation chart (S)"),
    ChartKind.INDIVIDUALS: Label("单值图（I）", "individuals chart (I)"),
    ChartKind.MOVING_RANGES: Label("移动极差图（MR）", "moving range chart (MR)"),
    ChartKind.PROPORTIONS: Label("不合格品率图（p）", "proportion nonconforming chart (p)"),
    ChartKind.NONCONFORMING: Label("不合格品数图（np）", "number nonconforming chart (np)"),
    ChartKind.DEFECTS: Label("不合格数图（c）", "number of nonconformities chart (c)"),
    ChartKind.DEFECTS_PER_UNIT: Label("单位不合格数图（u）", "nonconformities per unit chart (u)"),
    ChartKind.EWMA: Label("指数加权移动平均图（EWMA）", "EWMA chart"),
    ChartKind.CUSUM: Label("累积和图（CUSUM）", "CUSUM chart"),
}


@dataclass(frozen=True, slots=True)
class Baseline:
    """What phase I found, frozen: the process as it is when nothing disturbs it.

    Parameters
    ----------
    mean
        Of one piece, in the unit of the values; for counts, the rate a piece or unit.
    sigma
        Standard deviation of one piece; nan where it does not exist. Counts
        have none of their own: their spread follows from the rate.
    freedom
        Degrees of freedom of a χ² estimate of variance as sure as ``sigma`` is.
    count
        How many pieces were looked at; 0 where the baseline is a given standard.
    why
        Why there are no limits, where there are none.
    """

    mean: float
    sigma: float = np.nan
    freedom: float = np.nan
    count: int = 0
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the series that is judged by one baseline.

    Parameters
    ----------
    first
        The first row that it judges; it lasts until the next phase begins.
    baseline
        The rows ``(from, to)`` of the whole series from which the limits are
        estimated, ``to`` excluded; a `Baseline` that is given; or ``None``:
        the phase's own rows.
    without
        Rows left out of the estimate: those with a cause that was found and removed.
    """

    first: int = 0
    baseline: tuple[int, int] | Baseline | None = None
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """The points of a control chart with their limits, all arrays of shape (points,).

    Parameters
    ----------
    kind
        What the points are.
    values
        The points; nan: not known.
    centre, sigma
        Mean and standard deviation of the point when nothing disturbs the
        process; they differ where subgroups differ in size.
    lower, upper
        The limits, centre ∓ 3 sigma, cut where the statistic cannot go; nan:
        there is no limit.
    starts
        The first row of each phase.
    baselines
        The baseline of each phase.
    """

    kind: ChartKind
    values: Floats
    centre: Floats
    sigma: Floats
    lower: Floats
    upper: Floats
    starts: tuple[int, ...] = (0,)
    baselines: tuple[Baseline, ...] = ()

    @property
    def standardised(self) -> Floats:
        """The points in standard deviations from the centre; nan where sigma is zero."""
        return ratio(self.values - self.centre, self.sigma)

    @property
    def beyond(self) -> npt.NDArray[np.bool_]:
        """Which points lie beyond a limit; what is not known does not."""
        return (self.values > self.upper) | (self.values < self.lower)


Judge = Callable[[slice, Baseline], Chart]
"""Rows of the series and the baseline they are judged by, to their points."""


def limited(
    kind: ChartKind,
    values: Floats,
    centre: Floats,
    sigma: Floats,
    *,
    width: float = 3.0,
    least: float = -np.inf,
    most: Floats | float = np.inf,
) -> Chart:
    """Return a chart with limits ``width`` standard deviations on either side of the centre.

    Parameters
    ----------
    kind
        What the points are.
    values, centre, sigma
        As in `Chart`; they may broadcast.
    width
        In standard deviations.
    least, most
        What the statistic cannot go beyond.

    Notes
    -----
    Where sigma is zero there are no limits: rows that never differ do not say
    how far an undisturbed process strays.
    """
    points, middle, spread = np.broadcast_arrays(values, centre, np.where(sigma > 0, sigma, np.nan))
    lower = np.maximum(middle - width * spread, least)
    upper = np.minimum(middle + width * spread, most)
    return Chart(kind, points, middle, spread, lower, upper)


def known(values: npt.ArrayLike) -> Floats:
    """Return values as numbers of which every one is finite or nan: infinity is no measurement.

    Examples
    --------
    >>> known([1.0, float("inf")])
    array([ 1., nan])
    """
    found = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(found), found, np.nan)


def in_phases(
    count: int,
    phases: Sequence[Phase],
    estimate: Callable[[Rows], Baseline],
    judge: Judge,
) -> Chart:
    """Return the chart of a whole series, each phase judged by its own baseline.

    Parameters
    ----------
    count
        The number of rows.
    phases
        In order; the first begins at row 0. None: one phase, judged by its own rows.
    estimate
        From rows to a baseline.
    judge
        From rows and a baseline to points.

    Raises
    ------
    Refused
        If phases are not in order, or a baseline has rows that there are not.
    """
    stretches = plan(count, phases, estimate)
    return _joined([judge(at, baseline) for at, baseline in stretches], stretches)


def plan(
    count: int, phases: Sequence[Phase], estimate: Callable[[Rows], Baseline]
) -> list[tuple[slice, Baseline]]:
    """Return the rows of each phase with the baseline that judges them; all as in `in_phases`.

    Raises
    ------
    Refused
        If phases are not in order, or a baseline has rows that there are not.
    """
    wanted = list(phases) or [Phase()]
    starts = [phase.first for phase in wanted]
    if starts[0] != 0 or any(after <= first for first, after in pairwise(starts)):
        raise Refused(
            "phases start at rows {starts}; the first must start at 0, each after the one before",
            starts=", ".join(map(str, starts)),
        )
    ends = [*starts[1:], max(count, starts[-1])]
    found = []
    for phase, end in zip(wanted, ends, strict=True):
        if isinstance(phase.baseline, Baseline):
            baseline = phase.baseline
        else:
            baseline = estimate(_rows(phase, min(end, count), count))
        found.append((slice(phase.first, end), baseline))
    return found


def _rows(phase: Phase, end: int, count: int) -> Rows:
    """Return the rows from which a phase is estimated."""
    given = phase.baseline if isinstance(phase.baseline, tuple) else (phase.first, end)
    if not 0 <= given[0] <= given[1] <= count:
        raise Refused(
            "the baseline has rows {first} to {last}; the series has {count} rows",
            first=given[0],
            last=given[1],
            count=count,
        )
    rows = np.arange(*given, dtype=np.int64)
    return rows[~np.isin(rows, phase.without)] if phase.without else rows


def _joined(parts: list[Chart], stretches: list[tuple[slice, Baseline]]) -> Chart:
    def whole(name: str) -> Floats:
        return np.concatenate([np.asarray(getattr(part, name)) for part in parts])

    return Chart(
        parts[0].kind,
        whole("values"),
        whole("centre"),
        whole("sigma"),
        whole("lower"),
        whole("upper"),
        tuple(int(at.start) for at, _ in stretches),
        tuple(baseline for _, baseline in stretches),
    )
