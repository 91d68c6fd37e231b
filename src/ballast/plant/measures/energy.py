"""Energy laid on the clock: what meters counted, by quarter of an hour, order and product.

A meter tells an interval and what flowed in it; a tariff, an order and a day
ask for stretches of their own. All of it goes through one rule: what an
interval counted is spread evenly over it. Adding whole intervals to whatever
they start in would be simpler, and wrong at each end of each order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.ratios import Floats, ratio
from ballast.plant.measures.tariff import QUARTER_MS

__all__ = ["Quarters", "energy_within", "quarters", "specific_energy"]

Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Quarters:
    """Energy by the quarter of an hour; arrays of shape (n,), in order of time, no quarter twice.

    Parameters
    ----------
    start
        When each quarter starts, epoch ms UTC.
    kwh
        Energy that flowed in it.
    seconds
        How much of its 900 s the meter's intervals cover; less: some of it is not known.
    """

    start: Times
    kwh: Floats
    seconds: Floats

    @property
    def whole(self) -> npt.NDArray[np.bool_]:
        """Which quarters are covered to the last second (to the millisecond)."""
        return self.seconds >= QUARTER_MS / 1000 - 1e-3


def quarters(
    start_ms: npt.ArrayLike,
    end_ms: npt.ArrayLike,
    kwh: npt.ArrayLike,
    *,
    grid_ms: int = QUARTER_MS,
) -> Quarters:
    """Return the energy of a meter's intervals by the quarter of an hour.

    Parameters
    ----------
    start_ms, end_ms
        Shape (n,): of each interval, epoch ms UTC; in any order, not overlapping.
    kwh
        Shape (n,): energy of each interval; nan: not known, the interval does not count.
    grid_ms
        Another grid than that of the quarters, such as minutes.

    Raises
    ------
    Refused
        If an interval does not end later than it starts, or overlaps another: its energy
        would count twice.

    Notes
    -----
    Equation: E_q = Σ_i kWh_i · |i ∩ q| / |i|. An interval that lies in one quarter is added as
    it stands, without any arithmetic on it.

    Examples
    --------
    >>> found = quarters([0], [1_800_000], [6.0])
    >>> found.start.tolist(), found.kwh.tolist()
    ([0, 900000], [3.0, 3.0])
    """
    begins, ends, energy = _sorted(start_ms, end_ms, kwh)
    first, last = begins // grid_ms, (ends - 1) // grid_ms
    parts = last - first + 1
    which = np.repeat(np.arange(len(begins)), parts)
    within = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts)
    quarter = first[which] + within
    cut = np.minimum(ends[which], (quarter + 1) * grid_ms) - np.maximum(
        begins[which], quarter * grid_ms
    )
    share = cut / (ends - begins)[which]
    flowed = np.where(parts[which] == 1, energy[which], energy[which] * share)
    distinct, where = np.unique(quarter, return_inverse=True)
    return Quarters(
        distinct * grid_ms,
        np.bincount(where, flowed, minlength=len(distinct)).astype(np.float64),
        np.bincount(where, cut / 1000.0, minlength=len(distinct)).astype(np.float64),
    )


def _sorted(
    start_ms: npt.ArrayLike, end_ms: npt.ArrayLike, kwh: npt.ArrayLike
) -> tuple[Times, Times, Floats]:
    begins = np.asarray(start_ms, dtype=np.int64)
    ends = np.asarray(end_ms, dtype=np.int64)
    energy = np.asarray(kwh, dtype=np.float64)
    known = np.isfinite(energy)
    order = np.flatnonzero(known)[np.argsort(begins[known], kind="stable")]
    begins, ends, energy = begins[order], ends[order], energy[order]
    if (ends <= begins).any():
        raise Refused(
            "a meter's interval that starts at {start} ms does not end later; mend the record",
            start=int(begins[ends <= begins][0]),
        )
    over = np.flatnonzero(begins[1:] < ends[:-1])
    if over.size:
        raise Refused(
            "two intervals of a meter overlap at {start} ms, so its energy would count twice; "
            "mend the record",
            start=int(begins[over[0] + 1]),
        )
    return begins, ends, energy


def energy_within(
    start_ms: npt.ArrayLike,
    end_ms: npt.ArrayLike,
    kwh: npt.ArrayLike,
    since_ms: npt.ArrayLike,
    until_ms: npt.ArrayLike,
) -> tuple[Floats, Floats]:
    """Return the energy of stretches of one's own, such as orders, and how much of each is known.

    Parameters
    ----------
    start_ms, end_ms, kwh
        Shape (n,): the intervals of a meter, as in `quarters`.
    since_ms, until_ms
        Shape (m,): the stretches, epoch ms UTC; they may overlap each other.

    Returns
    -------
    kwh
        Shape (m,): energy within each; nan where nothing of it is known.
    covered
        Shape (m,): the share of each stretch that the meter's intervals cover, 0 to 1.

    Notes
    -----
    Equation: E = F(until) - F(since), F(t) the energy counted up to t, which rises evenly within
    an interval and stands still between intervals. What flowed in a gap is not guessed: the
    energy is that of the covered part, and ``covered`` says how large that is.

    Examples
    --------
    >>> kwh, covered = energy_within([0], [1000], [2.0], [500, 0], [1000, 4000])
    >>> kwh.tolist(), covered.tolist()
    ([1.0, 2.0], [1.0, 0.25])
    """
    begins, ends, energy = _sorted(start_ms, end_ms, kwh)
    since = np.asarray(since_ms, dtype=np.float64)
    until = np.asarray(until_ms, dtype=np.float64)
    if not len(begins):
        return np.full(since.shape, np.nan), np.zeros(since.shape)
    at = np.column_stack((begins, ends)).ravel().astype(np.float64)
    flowed = np.repeat(np.cumsum(energy), 2)
    flowed[::2] -= energy
    lengths = (ends - begins).astype(np.float64)
    known = np.repeat(np.cumsum(lengths), 2)
    known[::2] -= lengths
    covered = np.interp(until, at, known) - np.interp(since, at, known)
    used = np.interp(until, at, flowed) - np.interp(since, at, flowed)
    share = ratio(covered, until - since)
    return np.where(covered > 0, used, np.nan), np.where(np.isfinite(share), share, 0.0)


def specific_energy(kwh: npt.ArrayLike, pieces: npt.ArrayLike) -> Floats:
    """Return the energy a piece (单位产品电耗), kWh; nan where nothing was made.

    Examples
    --------
    >>> specific_energy([12.0, 3.0], [24.0, 0.0])
    array([0.5, nan])
    """
    return ratio(kwh, pieces)
