"""One tag judged by how far its recent course lies from every course it took in training.

For a single tag principal components see little but its level; the distance to
the nearest courses known also sees a shape that never was: a cycle left out, a
start-up that hangs. It has no model to be wrong about, only a memory, whose
size is bounded so that a stream can be judged as fast as it comes.
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

__all__ = ["NEIGHBOURS", "SHAPE", "Nearest", "train_nearest"]

NAMES = ("distance",)
SHAPE = Shape(lags=19, smooth=1, hold=5)
NEIGHBOURS = 27
"""Window and neighbours as KNN-CAD has them."""

MEMORY = 1000
"""Courses kept; of more training rows every second, third … is."""

_ROUNDING = 1e-6
_LEAST = 4
# Windows measured at once: their distances to all courses then fit a processor's cache.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Nearest:
    """A trained detector of one tag, frozen.

    Parameters
    ----------
    shape
        Over which rows it looks back.
    pause
        A step in time, ms, that ends all windows.
    centre
        The mean of the training rows.
    whitener
        W of shape (lags, lags): the distance of windows a, b is ‖W (a − b)‖.
    courses
        The training windows W e, of shape (courses, lags).
    neighbours
        How many of the nearest count.
    limit
        Of the mean distance to them.
    tags
        One.
    """

    shape: Shape
    pause: int
    centre: float
    whitener: Floats
    courses: Floats
    neighbours: int
    limit: float
    tags: int = 1

    @property
    def without(self) -> dict[int, Sentence]:
        """What it does not judge: nothing."""
        return {}

    def findings(self, times: Times, values: Floats) -> Findings:
        """Return what it finds in rows; see `train_nearest` for the equations."""
        windows, good = _windows(times, values, self.centre, self.pause, self.shape)
        distance = np.full(len(times), np.nan)
        distance[good] = _distances(_white(windows[:, good], self.whitener), self.courses,
                                    self.neighbours)  # fmt: skip
        severity = np.minimum(distance / self.limit, MOST_SEVERE)
        limits = np.array([self.limit])
        return Findings(NAMES, distance[None], limits, severity, severity > 1.0)


def train_nearest(
    times: Times,
    values: Floats,
    *,
    shape: Shape = SHAPE,
    neighbours: int = NEIGHBOURS,
    false_alarms: float = FALSE_ALARMS,
) -> Nearest:
    """Return a detector of one tag, trained on rows in which nothing is wrong.

    Parameters
    ----------
    times
        Epoch ms UTC, of shape (rows,), rising.
    values
        Of shape (rows, 1); nan and infinities are missing values.
    shape
        Over which rows it looks back.
    neighbours
        How many of the nearest courses count, k.
    false_alarms
        The share of undisturbed rows to be beyond the limit.

    Raises
    ------
    Refused
        If rows are not in order, too few, or the tag cannot be judged.

    Notes
    -----
    A window e is the row with the rows before it. The distance of two is that of
    Mahalanobis, d(a, b)² = (a − b)ᵀ S⁻¹ (a − b), S the mean of e eᵀ over the training
    windows less the training's mean, with a thousandth of its mean diagonal
    added so that it has an inverse. A row's statistic is the mean distance to
    the k nearest training windows. The limit is the conformal one (`limit_of`)
    of four stretches of training windows, each measured against those of the
    others that share no row with it.

    Source: KNN-CAD, README and detector in the Numenta Anomaly Benchmark
    (V. Ishimtsev, E. Burnaev), window 19 and k = 27 as there. Unlike there the
    memory and the limit stay those of the training rows, distances are square
    roots, and after an alarm nothing is silenced.
    """
    moments, table = readings(times, values, 1)
    without = left_out(table, keep_wandering=True)
    if without:
        raise Refused("the tag cannot be judged: {why}", why=reasons(without))
    centre = float(np.nanmean(table))
    pause = pause_of(moments)
    every, good = _windows(moments, table, centre, pause, shape)
    windows = every[:, good]
    least = max(_LEAST * shape.span, 2 * neighbours)
    if windows.shape[1] < least or neighbours < 1:
        raise Refused(
            "{rows} training rows give {windows} whole windows; it takes {least}. "
            "Train on more rows",
            rows=len(moments),
            windows=windows.shape[1],
            least=least,
        )
    spread = windows @ windows.T / windows.shape[1]
    if not np.trace(spread) > 0.0:
        # It varied only beside holes, where there is no whole window.
        flat = {0: Sentence("it does not vary over the training rows")}
        raise Refused("the tag cannot be judged: {why}", why=reasons(flat))
    spread += np.eye(len(spread)) * (np.trace(spread) / len(spread) * 1e-3)
    whitener = np.linalg.inv(np.linalg.cholesky(spread))
    white = _white(windows, whitener)
    scores = [
        _distances(white[:, at], _thinned(white[:, fit].T), neighbours)
        for at, fit in stretches(windows.shape[1], shape.span, STRETCHES)
    ]
    # Rows that repeat exactly are at no distance from each other; then any distance is news.
    limit = max(limit_of(np.concatenate(scores), false_alarms), _ROUNDING)
    return Nearest(shape, pause, centre, whitener, _thinned(white.T), neighbours, limit)


def _windows(
    times: Times, values: Floats, centre: float, pause: int, shape: Shape
) -> tuple[Floats, Flags]:
    filled = held(times, values, pause, shape.hold)
    good = whole(times, filled, pause, shape.span)
    means = smoothed(np.ascontiguousarray((filled - centre).T), shape.smooth)
    return lagged(means, shape.lags), good


def _thinned(courses: Floats) -> Floats:
    """Return at most so many courses as are remembered, evenly spread over the training."""
    every = -(-len(courses) // MEMORY)
    return np.ascontiguousarray(courses[::every])


def _white(windows: Floats, whitener: Floats) -> Floats:
    """Return W e of every window, of shape (lags, rows), added up one number after another."""
    found = np.zeros(windows.shape)
    for at, row in enumerate(windows):
        found += whitener[:, at, None] * row
    return found


def _distances(white: Floats, courses: Floats, neighbours: int) -> Floats:
    """Return the mean distance of each window to its nearest courses."""
    found = np.empty(white.shape[1])
    least = min(neighbours, len(courses))
    for first in range(0, len(found), _AT_ONCE):
        some = white[:, first : first + _AT_ONCE]
        squares = np.zeros((len(courses), some.shape[1]))
        step = np.empty_like(squares)
        for at, row in enumerate(some):
            np.subtract(row, courses[:, at, None], out=step)
            np.multiply(step, step, out=step)
            np.add(squares, step, out=squares)
        nearest = np.sort(np.partition(squares, least - 1, axis=0)[:least], axis=0)
        total = np.zeros(some.shape[1])
        for square in nearest:
            total += np.sqrt(square)
        found[first : first + _AT_ONCE] = total / least
    return found
