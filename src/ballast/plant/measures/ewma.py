"""The exponentially weighted moving average: small lasting shifts, sooner than a Shewhart chart.

The recursion runs in a plain loop over numbers: each point needs the one
before it, closed forms with powers of 1 − λ lose their digits after a few
hundred points, and a loop that is interrupted and taken up again gives the
very same numbers, so that a stream and a batch agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from ballast.plant.measures.control_charts_subgroups import Subgroups
from ballast.plant.measures.control_charts_variables import located

__all__ = ["EWMA_START", "EwmaState", "ewma", "judge_ewma"]

WEIGHT = 0.2
WIDTH = 3.0


@dataclass(frozen=True, slots=True)
class EwmaState:
    """Where the average stands after a point: all that a stream must keep.

    Parameters
    ----------
    off
        The average less the mean of the baseline.
    variance
        Of the average, in variances of one piece.
    """

    off: float = 0.0
    variance: float = 0.0


EWMA_START = EwmaState()


def judge_ewma(
    means: npt.ArrayLike,
    sizes: npt.ArrayLike,
    baseline: Baseline,
    state: EwmaState = EWMA_START,
    *,
    weight: float = WEIGHT,
    width: float = WIDTH,
) -> tuple[Chart, EwmaState]:
    """Return the points of an EWMA chart, and the state from which it goes on.

    Parameters
    ----------
    means
        Single values or means of subgroups, of shape (rows,); nan where missing.
    sizes
        Pieces under each; broadcasts with ``means``.
    baseline
        Of the process.
    state
        After the row before the first one here.
    weight
        λ, above 0 and at most 1.
    width
        Half the width of the limits in standard deviations, L.

    Raises
    ------
    Refused
        If the weight is out of bounds.

    Notes
    -----
    zᵢ = λ xᵢ + (1 − λ) zᵢ₋₁, z₀ = μ; var zᵢ = λ² σ²/nᵢ + (1 − λ)² var zᵢ₋₁,
    var z₀ = 0; limits μ ± L √var zᵢ. With subgroups of one size that is
    σ² λ/((2 − λ) n) (1 − (1 − λ)²ⁱ). A missing row leaves the average where it was
    and has no point.

    Sources: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4, for
    average and limits; SAS/QC User's Guide, MACONTROL procedure, EWMACHART,
    whose printed averages the tests meet; the exact variance from the recursion.
    """
    if not 0.0 < weight <= 1.0:
        raise Refused("the weight of an EWMA is {weight}; it must be above 0, at most 1",
                      weight=weight)  # fmt: skip
    points, pieces = np.broadcast_arrays(known(means), known(sizes))
    taken = np.isfinite(points) & (pieces > 0)
    off, variance = state.off, state.variance
    rest, square = 1.0 - weight, (1.0 - weight) ** 2
    added = (weight**2 / np.where(taken, pieces, 1.0)).tolist()
    averages: list[float] = []
    variances: list[float] = []
    if np.isfinite(baseline.mean):
        for there, deviation, more in zip(
            taken.tolist(), (points - baseline.mean).tolist(), added, strict=True
        ):
            if there:
                off = weight * deviation + rest * off
                variance = more + square * variance
            averages.append(off)
            variances.append(variance)
    else:
        averages = variances = [np.nan] * len(points)
    values = np.where(taken, baseline.mean + np.asarray(averages), np.nan)
    sigma = baseline.sigma * np.sqrt(np.asarray(variances))
    centre = np.full(values.shape, baseline.mean)
    chart = limited(ChartKind.EWMA, values, centre, sigma, width=width)
    return chart, EwmaState(off, variance)


def ewma(
    rows: Subgroups | npt.ArrayLike,
    phases: Sequence[Phase] = (),
    *,
    weight: float = WEIGHT,
    width: float = WIDTH,
) -> Chart:
    """Return the EWMA chart of a series; the average starts anew with every phase.

    Parameters
    ----------
    rows
        Subgroups, or single values of shape (rows,).
    phases, weight, width
        As in `in_phases` and `judge_ewma`.

    Raises
    ------
    Refused
        If phases do not fit the series, or the weight is out of bounds.

    Examples
    --------
    >>> given = Phase(0, Baseline(99.13187, 0.8))
    >>> print(ewma([99.0, 99.5], [given], weight=0.1).lower.round(3))
    [98.892 98.809]
    """
    means, sizes, estimate = located(rows)
    return in_phases(
        len(means),
        phases,
        estimate,
        lambda at, baseline: judge_ewma(means[at], sizes[at], baseline, weight=weight, width=width)[
            0
        ],
    )
