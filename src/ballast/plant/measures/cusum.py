"""The tabular cumulative sum: how far the process has drifted, and since which row.

The tabular form and not the V-mask: the mask looks back over all points, the
two sums need only themselves, and their counters tell when the shift began. It
is a kind of its own beside `Chart` because two sums against one bound are no
point between two limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.control_charts import (
    Baseline,
    Phase,
    known,
    plan,
)
from ballast.plant.measures.control_charts_subgroups import Subgroups
from ballast.plant.measures.control_charts_variables import located
from ballast.plant.measures.ratios import Floats, ratio
from ballast.terms.label import Label

__all__ = ["CUSUM_START", "LABEL", "Cusum", "CusumState", "cusum", "judge_cusum"]

LABEL = Label("累积和图（CUSUM）", "CUSUM chart")
SLACK = 0.5
BOUND = 5.0
"""k and h in standard deviations: a shift of one of them is found after some ten points."""


@dataclass(frozen=True, slots=True)
class CusumState:
    """Where the sums stand after a row: all that a stream must keep.

    Parameters
    ----------
    high, low
        The sums, in standard deviations. Started at half the bound, they give a
        fast initial response.
    high_rows, low_rows
        For how many known rows each has been above zero.
    """

    high: float = 0.0
    low: float = 0.0
    high_rows: int = 0
    low_rows: int = 0


@dataclass(frozen=True, slots=True)
class Cusum:
    """The two sums of every row, arrays of shape (rows,), in standard deviations of the point.

    Parameters
    ----------
    high, low
        C⁺ and C⁻; nan where the row is missing or there is no standard deviation.
    high_rows, low_rows
        For how many known rows each has been above zero: N⁺ and N⁻.
    bound
        h.
    slack
        k.
    starts, baselines
        The first row of each phase, and its baseline.
    """

    high: Floats
    low: Floats
    high_rows: npt.NDArray[np.int64]
    low_rows: npt.NDArray[np.int64]
    bound: float
    slack: float
    starts: tuple[int, ...] = (0,)
    baselines: tuple[Baseline, ...] = ()

    @property
    def beyond(self) -> npt.NDArray[np.bool_]:
        """Which rows have a sum above the bound."""
        return (self.high > self.bound) | (self.low > self.bound)

    @property
    def shift(self) -> Floats:
        """How far the process seems to have shifted, in standard deviations, where it signals.

        k + C⁺/N⁺ upwards, −k − C⁻/N⁻ downwards; nan elsewhere, and where both
        sums signal.
        """
        up, down = self.high > self.bound, self.low > self.bound
        upwards = self.slack + ratio(self.high, self.high_rows)
        downwards = -self.slack - ratio(self.low, self.low_rows)
        return np.where(up & ~down, upwards, np.where(down & ~up, downwards, np.nan))


CUSUM_START = CusumState()


def judge_cusum(
    means: npt.ArrayLike,
    sizes: npt.ArrayLike,
    baseline: Baseline,
    state: CusumState = CUSUM_START,
    *,
    slack: float = SLACK,
    bound: float = BOUND,
) -> tuple[Cusum, CusumState]:
    """Return the sums of rows, and the state from which they go on.

    Parameters
    ----------
    means
        Single values or means of subgroups, of shape (rows,); nan where missing.
    sizes
        Pieces under each; broadcasts with ``means``.
    baseline
        Of the process; its mean is the target.
    state
        After the row before the first one here.
    slack, bound
        k, at least 0, and h, above 0, in standard deviations of the point.

    Raises
    ------
    Refused
        If slack or bound are out of bounds.

    Notes
    -----
    yᵢ = (xᵢ − μ) √nᵢ / σ, C⁺ᵢ = max(0, yᵢ − k + C⁺ᵢ₋₁), C⁻ᵢ = max(0, −yᵢ − k + C⁻ᵢ₋₁);
    a signal where one exceeds h. The sums run on after a signal; who has found
    and removed the cause starts again from `CusumState`. A missing row leaves
    the sums where they were.

    Source: D. C. Montgomery, G. C. Runger, "Applied Statistics and Probability
    for Engineers", 3rd ed., section 16-10, equations 16-30 and 16-31.
    """
    if not (slack >= 0.0 and bound > 0.0):
        raise Refused(
            "the slack of a CUSUM is {slack} and its bound {bound}; "
            "the one must be at least 0, the other above 0",
            slack=slack,
            bound=bound,
        )
    points, pieces = np.broadcast_arrays(known(means), known(sizes))
    off = ratio((points - baseline.mean) * np.sqrt(np.maximum(pieces, 0.0)), baseline.sigma)
    taken = np.isfinite(off) & (pieces > 0)
    steps = off[taken].tolist()
    high = _summed(steps, state.high, slack)
    low = _summed([-step for step in steps], state.low, slack)
    since_high, since_low = _since(high, state.high_rows), _since(low, state.low_rows)
    # A missing row has no sums; its counters are those of the row before it.
    place = np.cumsum(taken)
    sums = np.full((2, len(taken)), np.nan)
    sums[:, taken] = high, low
    rows = np.array([[state.high_rows, *since_high], [state.low_rows, *since_low]])[:, place]
    end = CusumState(
        high[-1] if steps else state.high,
        low[-1] if steps else state.low,
        int(rows[0, -1]) if steps else state.high_rows,
        int(rows[1, -1]) if steps else state.low_rows,
    )
    return Cusum(sums[0], sums[1], rows[0], rows[1], bound, slack), end


def _summed(steps: list[float], start: float, slack: float) -> list[float]:
    """Return the one-sided sums: a plain loop, for the same bits in a stream and in a batch."""
    total, sums = start, []
    for step in steps:
        total += step - slack
        if total < 0.0:
            total = 0.0
        sums.append(total)
    return sums


def _since(sums: list[float], before: int) -> npt.NDArray[np.int64]:
    """Return for how many rows each sum has been above zero."""
    place = np.arange(len(sums))
    zero = np.maximum.accumulate(np.where(np.asarray(sums) > 0.0, -1 - before, place))
    return np.asarray(place - zero, dtype=np.int64)


def cusum(
    rows: Subgroups | npt.ArrayLike,
    phases: Sequence[Phase] = (),
    *,
    slack: float = SLACK,
    bound: float = BOUND,
    head_start: float = 0.0,
) -> Cusum:
    """Return the tabular CUSUM of a series; the sums start anew with every phase.

    Parameters
    ----------
    rows
        Subgroups, or single values of shape (rows,).
    phases, slack, bound
        As in `in_phases` and `judge_cusum`.
    head_start
        Where the sums start, in standard deviations; half the bound gives a
        fast initial response.

    Raises
    ------
    Refused
        If phases do not fit the series, or slack and bound are out of bounds.

    Examples
    --------
    >>> given = Phase(0, Baseline(0.0, 1.0))
    >>> print(cusum([0.8, 1.9, 1.4], [given]).high.round(1))
    [0.3 1.7 2.6]
    """
    means, sizes, estimate = located(rows)
    stretches = plan(len(means), phases, estimate)
    start = CusumState(head_start, head_start)
    parts = [
        judge_cusum(means[at], sizes[at], baseline, start, slack=slack, bound=bound)[0]
        for at, baseline in stretches
    ]
    return Cusum(
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high_rows for part in parts]),
        np.concatenate([part.low_rows for part in parts]),
        bound,
        slack,
        tuple(int(at.start) for at, _ in stretches),
        tuple(baseline for _, baseline in stretches),
    )
