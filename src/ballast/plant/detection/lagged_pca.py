"""Several tags judged together and over time: principal components of lagged windows, T² and Q.

Few machines have labelled faults, and a model that is trained in a second on
four hundred rows can be trained again after every repair. Principal components
of lagged windows are also near the top of large public comparisons, where deep
networks were not better by default. Control charts of single tags
(`ballast.plant.measures`) stay what a quality engineer asks for; this looks for
what no single tag shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.errors import Refused
from ballast.plant.detection.findings import MOST_SEVERE, Findings, Flags, Times
from ballast.plant.detection.limits import FALSE_ALARMS, STRETCHES, limit_of, stretches
from ballast.plant.detection.usable import left_out, reasons
from ballast.plant.detection.windows import (
    Shape,
    held,
    lagged,
    pause_of,
    readings,
    smoothed,
    whole,
)
from ballast.plant.measures.ratios import Floats
from ballast.words import Sentence

__all__ = ["SHAPE", "VARIANCE", "Contributions", "LaggedPca", "contributions", "train_pca"]

NAMES = ("t2", "q")
SHAPE = Shape(lags=3, smooth=10, hold=5)
VARIANCE = 0.6
"""The share of the variance that the components kept explain."""

# Windows that a training needs, in windows that share no row.
_LEAST = 8
# A residual below a thousandth of a standard deviation is rounding, not a machine.
_ROUNDING = 1e-6
# As far off as can be, in standard deviations: the squares of more are no numbers.
_FAR = 1e9


@dataclass(frozen=True, slots=True)
class _Space:
    """A fit: x = (window − mean) / scale, components of shape (components, lags × tags)."""

    mean: Floats
    scale: Floats
    components: Floats
    variances: Floats


@dataclass(frozen=True, slots=True)
class LaggedPca:
    """A trained detector, frozen; `ballast.plant.detection.streaming.judge` asks it.

    Parameters
    ----------
    shape
        Over which rows it looks back.
    tags
        How many it was trained on.
    used
        The numbers of those it judges.
    without
        The others, each with the reason.
    pause
        A step in time, ms, that ends all windows.
    centre
        The mean of each used tag, of shape (used,).
    space
        The principal components.
    typical
        The median of T² and of Q over training rows, of shape (2,): what they
        are divided by before they are added.
    limits
        Of T² and of Q, of shape (2,).
    limit
        Of the sum of the two after division.
    windows
        How many training windows there were.
    """

    shape: Shape
    tags: int
    used: tuple[int, ...]
    without: dict[int, Sentence]
    pause: int
    centre: Floats
    space: _Space
    typical: Floats
    limits: Floats
    limit: float
    windows: int

    def findings(self, times: Times, values: Floats) -> Findings:
        """Return what it finds in rows; see `train_pca` for the equations."""
        windows, good = _windows(times, values[:, self.used], self.centre, self.pause, self.shape)
        statistics = _statistics(windows, self.space)
        statistics[:, ~good] = np.nan
        severity = np.minimum(
            (statistics / self.typical[:, None]).sum(axis=0) / self.limit, MOST_SEVERE
        )
        return Findings(NAMES, statistics, self.limits, severity, severity > 1.0)


def train_pca(
    times: Times,
    values: Floats,
    *,
    shape: Shape = SHAPE,
    variance: float = VARIANCE,
    false_alarms: float = FALSE_ALARMS,
    keep_wandering: bool = False,
) -> LaggedPca:
    """Return a detector trained on rows in which nothing is wrong.

    Parameters
    ----------
    times
        Epoch ms UTC, of shape (rows,), rising.
    values
        Of shape (rows, tags); nan and infinities are missing values.
    shape
        Over which rows it looks back.
    variance
        The share of the variance that the components kept explain, above 0, at most 1.
    false_alarms
        The share of undisturbed rows to be beyond the limit.
    keep_wandering
        Judge tags that wander over the training rows as well.

    Raises
    ------
    Refused
        If rows are not in order, too few, or no tag can be judged.

    Notes
    -----
    Each tag is averaged over the last ``smooth`` rows; ``lags`` rows of that make
    a window e of K = lags × tags numbers (dynamic principal components). With the
    means μ of the training windows and one standard deviation s a tag,
    x = (e − μ)/s; the covariance of x is P Λ Pᵀ, of whose components those k
    largest are kept that explain the wanted share of the variance, at most K − 1.
    With t = Pₖᵀ x: T² = Σ tᵢ²/λᵢ, Q = ‖x‖² − Σ tᵢ² (the squared prediction error).
    The alarm is on φ = T²/m_T + Q/m_Q, m the medians over training windows.

    Limits: the training windows are cut into four stretches; each is scored by a
    fit to those windows of the others that share no row with it, and the limit
    of T², of Q and of φ is the conformal one of those scores (`limit_of`).

    What it costs: of undisturbed invented rows, 0.26 % raise an alarm after a
    training on 1,000 rows or more, 1.0 % after 400 (0.27 % are aimed at), up to
    11 % in the worst of twenty trainings on 400. Q adds up residuals and weighs
    none: with few components kept, two tags that part company are found only
    when they part by about as much as other tags stray. A relation between tags
    that breaks while each stays in its range wants ``variance`` of 0.95; a level
    that shifts wants the 0.6 that is set.

    The shape, the share of variance and the four stretches were chosen with the
    labels of every second recording of that benchmark's first valve in view, the
    share at which a tag wanders before any label was.

    Sources: T² and Q of principal components as the SKAB benchmark's module
    ``core/t2.py`` computes them; lagged windows after W. Ku, R. H. Storer,
    C. Georgakis, "Disturbance detection and isolation by dynamic principal
    component analysis" (1995), and adding T² and Q after H. H. Yue, S. J. Qin,
    "Reconstruction-based fault identification using a combined index" (2001),
    who divide by the limits instead of the medians: both from memory.
    """
    if not 0.0 < variance <= 1.0:
        raise Refused(
            "the share of variance to keep is {share}; it must be above 0, at most 1",
            share=variance,
        )
    moments, table = readings(times, values, np.shape(values)[-1])
    without = left_out(table, keep_wandering=keep_wandering)
    used = tuple(tag for tag in range(table.shape[1]) if tag not in without)
    if not used:
        raise Refused(
            "none of {tags} tags can be judged: {why}. Give other tags or more training rows",
            tags=table.shape[1],
            why=reasons(without),
        )
    chosen = table[:, used]
    centre = np.nanmean(chosen, axis=0)
    pause = pause_of(moments)
    every, good = _windows(moments, chosen, centre, pause, shape)
    windows = every[:, good]
    least = _LEAST * shape.span
    if windows.shape[1] < least:
        raise Refused(
            "{rows} training rows give {windows} whole windows; it takes {least}. "
            "Train on more rows",
            rows=len(moments),
            windows=windows.shape[1],
            least=least,
        )
    tags = len(used)
    parts = [
        _statistics(windows[:, at], _fit(windows[:, fit], tags, variance))
        for at, fit in stretches(windows.shape[1], shape.span, STRETCHES)
    ]
    scores = np.concatenate(parts, axis=1)
    typical = np.maximum(np.median(scores, axis=1), _ROUNDING)
    both = (scores / typical[:, None]).sum(axis=0)
    return LaggedPca(
        shape,
        table.shape[1],
        used,
        without,
        pause,
        centre,
        _fit(windows, tags, variance),
        typical,
        np.array([max(limit_of(one, false_alarms), _ROUNDING) for one in scores]),
        max(limit_of(both, false_alarms), 1.0),
        windows.shape[1],
    )


def _windows(
    times: Times, values: Floats, centre: Floats, pause: int, shape: Shape
) -> tuple[Floats, Flags]:
    """Return windows of shape (lags × tags, rows), and which of them are whole."""
    filled = held(times, values, pause, shape.hold)
    good = whole(times, filled, pause, shape.span)
    # A value that is missing spoils the sums of its own windows only, and those are not whole.
    means = smoothed(np.ascontiguousarray((filled - centre).T), shape.smooth)
    return lagged(means, shape.lags), good


def _fit(windows: Floats, tags: int, variance: float) -> _Space:
    """Return the principal components of windows, of shape (lags × tags, windows)."""
    mean = windows.mean(axis=1)
    spread = windows[:tags].std(axis=1)
    # What does not vary in this stretch is left as it is: it then adds nothing to any component.
    scale = np.tile(np.where(spread > 0.0, spread, 1.0), len(windows) // tags)
    x = (windows - mean[:, None]) / scale[:, None]
    values, vectors = np.linalg.eigh(x @ x.T / max(windows.shape[1] - 1, 1))
    order = np.argsort(values)[::-1]
    sizes = np.maximum(values[order], 0.0)
    explained = np.cumsum(sizes) / max(sizes.sum(), np.finfo(np.float64).tiny)
    kept = min(int(np.searchsorted(explained, variance) + 1), max(len(sizes) - 1, 1))
    kept = min(kept, max(int((sizes > sizes[0] * 1e-12).sum()), 1))
    return _Space(mean, scale, vectors[:, order[:kept]].T, np.maximum(sizes[:kept], 1e-300))


def _statistics(windows: Floats, space: _Space) -> Floats:
    """Return T² and Q, of shape (2, rows), added up one number after another.

    The products are written out on purpose: a library's matrix product rounds
    differently for one row and for a thousand (`ballast.plant.detection.windows`).
    """
    kept, count = len(space.components), windows.shape[1]
    scores = np.zeros((kept, count))
    squares = np.zeros(count)
    x = np.empty(count)
    term = np.empty((kept, count))
    for at, row in enumerate(windows):
        np.subtract(row, space.mean[at], out=x)
        with np.errstate(over="ignore"):
            np.divide(x, space.scale[at], out=x)
        np.clip(x, -_FAR, _FAR, out=x)
        np.multiply(space.components[:, at, None], x, out=term)
        np.add(scores, term, out=scores)
        np.multiply(x, x, out=x)
        np.add(squares, x, out=squares)
    found = np.zeros((2, count))
    for score, size in zip(scores, space.variances, strict=True):
        square = score * score
        found[0] += square / size
        squares -= square
    found[1] = np.maximum(squares, 0.0)
    return found


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each tag adds to T² and Q; arrays of shape (rows, tags); a tag not judged adds nothing.

    Parameters
    ----------
    t2, q
        At least 0; over the tags they sum to the statistic.
    """

    t2: Floats
    q: Floats


def contributions(
    detector: LaggedPca, times: Times, values: Floats, rows: list[int]
) -> Contributions:
    """Return what each tag adds to the statistics of some rows.

    Parameters
    ----------
    detector
        Trained.
    times, values
        Rows with those before them, as for `judge`.
    rows
        The numbers of those to be explained.

    Notes
    -----
    With D the square root of the matrix of the statistic xᵀ D² x, the part of
    number i is ((D x)ᵢ)²: for Q, D = I − Pₖ Pₖᵀ; for T², D = Pₖ Λ^−½ Pₖᵀ. The parts of
    a tag are summed over its lags.

    Source: complete decomposition contributions, C. F. Alcala, S. J. Qin,
    "Analysis and generalization of fault diagnosis methods for process
    monitoring", Journal of Process Control 21 (2011), from memory.
    """
    moments, table = readings(times, values, detector.tags)
    space, used = detector.space, detector.used
    windows, good = _windows(
        moments, table[:, used], detector.centre, detector.pause, detector.shape
    )
    with np.errstate(over="ignore"):
        x = (windows[:, rows] - space.mean[:, None]) / space.scale[:, None]
    x = np.clip(x, -_FAR, _FAR)
    scores = space.components @ x
    q = (x - space.components.T @ scores) ** 2
    t2 = (space.components.T @ (scores / np.sqrt(space.variances)[:, None])) ** 2
    found = np.zeros((2, len(rows), detector.tags))
    for part, squares in zip(found, (t2, q), strict=True):
        by_tag = squares.reshape(detector.shape.lags, len(used), len(rows)).sum(axis=0)
        part[:, used] = np.where(good[rows, None], by_tag.T, np.nan)
    return Contributions(found[0], found[1])
