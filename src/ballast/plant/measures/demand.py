"""How hard the grid is drawn on: maximum demand (最大需量), load factor, power factor.

Demand is a mean over a demand period (需量周期) of 15 minutes in China. A meter
forms it in blocks that follow each other (区间式) or in a window that slides by a
smaller step (滑差式); sliding is never below blocks, and a bill may be made by
either, so both are here and the report says which it shows.

The definitions of demand, of both ways of forming it and of the 15 minutes:
series24forum.com/article/zhishi/1348.html, a maker's page, opened in a stored copy. The
load factor: the vignette of the R package loadshaper on CRAN, f = mean / maximum. The
power factor from active and reactive energy: easycalculation.com, power_factor,
cos φ = kW / √(kW² + kVAr²); the columns of a year of a steel plant's meter agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.ratios import Floats, ratio

__all__ = ["DEMAND_MS", "Demand", "load_factor", "maximum_demand", "power_factor"]

DEMAND_MS = 900_000


@dataclass(frozen=True, slots=True)
class Demand:
    """The highest mean power over a demand period.

    Parameters
    ----------
    kw
        The maximum demand.
    since
        When the period that has it starts, epoch ms UTC; the earliest of equals.
    periods
        Out of how many whole periods it is the largest.
    """

    kw: float
    since: int
    periods: int


def maximum_demand(
    start_ms: npt.ArrayLike,
    kwh: npt.ArrayLike,
    step_ms: int,
    *,
    period_ms: int = DEMAND_MS,
    sliding: bool = True,
) -> Demand | None:
    """Return the maximum demand of a meter.

    Parameters
    ----------
    start_ms
        Shape (n,): when each interval starts, epoch ms UTC, rising.
    kwh
        Shape (n,): energy of each; nan: not known.
    step_ms
        How long every interval is; the period is a whole number of them.
    period_ms
        The demand period.
    sliding
        Whether the window slides by one interval (滑差式); otherwise periods
        follow each other from the full period of the clock (区间式).

    Returns
    -------
    Demand or None
        ``None`` where no whole period is known: a period with a gap has no mean.

    Raises
    ------
    Refused
        If the intervals are no whole part of the period, or not in order: a mean over
        fifteen minutes cannot be had from hours.

    Notes
    -----
    Equation: P_max = max_t (1/T) ∫_t^{t+T} P dτ = max Σ kWh / T over T of step/T intervals.

    Examples
    --------
    >>> five = np.arange(6) * 300_000
    >>> maximum_demand(five, [0, 1, 2, 3, 1, 0], 300_000)
    Demand(kw=24.0, since=300000, periods=4)
    >>> maximum_demand(five, [0, 1, 2, 3, 1, 0], 300_000, sliding=False)
    Demand(kw=16.0, since=900000, periods=2)
    """
    if step_ms <= 0 or period_ms % step_ms:
        raise Refused(
            "intervals of {step} s make no demand period of {period} s; take a meter that tells "
            "a whole part of it",
            step=step_ms / 1000,
            period=period_ms / 1000,
        )
    begins = np.asarray(start_ms, dtype=np.int64)
    energy = np.asarray(kwh, dtype=np.float64)
    if (np.diff(begins) < step_ms).any():
        raise Refused(
            "intervals of {step} s overlap or are not in order of time; sort them",
            step=step_ms / 1000,
        )
    many = period_ms // step_ms
    if len(begins) < many:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(energy, many)
    firsts = begins[: len(windows)]
    # Rising by at least a step each, so the ends fit only where no interval is missing.
    unbroken = begins[many - 1 :] - firsts == (many - 1) * step_ms
    if not sliding:
        unbroken &= firsts % period_ms == 0
    means: Floats = windows.sum(axis=1) * (3_600_000 / period_ms)
    means = np.where(unbroken, means, np.nan)
    known = np.isfinite(means)
    if not known.any():
        return None
    best = int(np.nanargmax(means))
    return Demand(float(means[best]), int(firsts[best]), int(known.sum()))


def load_factor(kwh: npt.ArrayLike, seconds: npt.ArrayLike, max_kw: npt.ArrayLike) -> Floats:
    """Return the load factor (负荷率): mean power over maximum demand; nan without either.

    Parameters
    ----------
    kwh
        Energy of a stretch.
    seconds
        How much of the stretch that energy is of: what is not known is not averaged as zero.
    max_kw
        Maximum demand of the stretch.

    Notes
    -----
    Equation: f = (E / t) / P_max.

    Examples
    --------
    >>> float(load_factor(48.0, 86_400.0, 4.0))
    0.5
    """
    return ratio(ratio(np.asarray(kwh, dtype=np.float64) * 3600.0, seconds), max_kw)


def power_factor(kwh: npt.ArrayLike, kvarh: npt.ArrayLike) -> Floats:
    """Return the mean power factor (平均功率因数) of a stretch; nan where nothing flowed.

    Parameters
    ----------
    kwh
        Active energy.
    kvarh
        Reactive energy, lagging or leading; for both together the sum of the two, which is how
        electricity bills in China take them (from memory of 功率因数调整电费办法; not opened).

    Notes
    -----
    Equation: cos φ = W_P / √(W_P² + W_Q²).

    Examples
    --------
    >>> float(power_factor(4.0, 3.0))
    0.8
    """
    active = np.asarray(kwh, dtype=np.float64)
    return ratio(active, np.hypot(active, np.asarray(kvarh, dtype=np.float64)))
