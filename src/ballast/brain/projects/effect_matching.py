"""Whom an enterprise with a finished project is held against: like ones that never had one.

A regression over all enterprises would let the largest smelter stand in for a
workshop and leave the model to make up the difference. Matching says instead,
enterprise by enterprise, who is compared with whom; who has no like is left
out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Panel", "Sets", "Window", "matched_sets"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Which quarters count, seen from the one in which the project was finished.

    Parameters
    ----------
    level
        Quarters, the earliest, over which the size that is matched on is averaged.
    before
        Quarters between these and the finish; the last of them is the point of comparison.
    after
        Quarters after the finish.
    """

    level: int = 4
    before: int = 4
    after: int = 4

    @property
    def past(self) -> int:
        """Quarters needed before the finish."""
        return self.level + self.before

    @property
    def steps(self) -> tuple[int, ...]:
        """The quarters that are estimated, 0 being that of the finish."""
        return tuple(range(-self.before, self.after + 1))


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of enterprises over quarters.

    Parameters
    ----------
    units
        Codes.
    strata
        What must be the same in a match: the industry's division.
    values : float, units x quarters
        Logarithms; NaN where a quarter was not wholly reported.
    finished : int, one a unit
        Index of the quarter in which its first project was finished; -1: none.
    eligible : bool, one a unit
        Whether it may be held against: it has no project, finished or under way.
    """

    units: tuple[str, ...]
    strata: tuple[str, ...]
    values: Floats
    finished: Ints
    eligible: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sets:
    """Who is compared with whom.

    Parameters
    ----------
    treated, quarter : int, one a set
        Index of the enterprise, and of the quarter in which its project was finished.
    others : tuple of int arrays, one a set
        Indices of those it is held against, nearest first.
    outside
        Finished projects too near to the ends of the data to be looked at.
    gaps
        Finished ones of enterprises that did not report every quarter.
    alone
        Those for whom nobody like was found.
    """

    treated: Ints
    quarter: Ints
    others: tuple[Ints, ...]
    outside: int
    gaps: int
    alone: int

    def __len__(self) -> int:
        return len(self.treated)


def matched_sets(panel: Panel, window: Window, *, most: int = 3, caliper: float = 0.5) -> Sets:
    """Return for each enterprise with a finished project the nearest without one.

    Near is by the mean level over the first ``window.level`` quarters, two years to one year
    before the finish, within one stratum. What happens between then and the finish is not
    matched on: it is kept for the test of whether the two moved alike.

    Parameters
    ----------
    panel, window
        The data and which quarters of them count.
    most
        At most so many others for each.
    caliper
        How far levels may differ, in logarithms: 0.5 is a factor of 1.65.
    """
    rows = panel.values.shape[1]
    treated: list[int] = []
    quarter: list[int] = []
    others: list[Ints] = []
    outside = gaps = alone = 0
    by_stratum = _members(panel.strata, panel.eligible)
    for unit in np.flatnonzero(panel.finished >= 0).tolist():
        when = int(panel.finished[unit])
        first, last = when - window.past, when + window.after
        if first < 0 or last >= rows:
            outside += 1
            continue
        if not np.isfinite(panel.values[unit, first : last + 1]).all():
            gaps += 1
            continue
        found = _nearest(panel, by_stratum.get(panel.strata[unit]), unit, first, last, window,
                         most, caliper)  # fmt: skip
        if not len(found):
            alone += 1
            continue
        treated.append(unit)
        quarter.append(when)
        others.append(found)
    return Sets(
        np.array(treated, dtype=np.int64),
        np.array(quarter, dtype=np.int64),
        tuple(others),
        outside,
        gaps,
        alone,
    )


def _members(strata: Sequence[str], eligible: npt.NDArray[np.bool_]) -> dict[str, Ints]:
    found: dict[str, list[int]] = {}
    for at in np.flatnonzero(eligible).tolist():
        found.setdefault(strata[at], []).append(at)
    return {name: np.array(members, dtype=np.int64) for name, members in found.items()}


def _nearest(
    panel: Panel,
    pool: Ints | None,
    unit: int,
    first: int,
    last: int,
    window: Window,
    most: int,
    caliper: float,
) -> Ints:
    if pool is None:
        return np.empty(0, dtype=np.int64)
    whole = np.isfinite(panel.values[pool, first : last + 1]).all(axis=1)
    pool = pool[whole & (pool != unit)]
    early = slice(first, first + window.level)
    apart = np.abs(panel.values[pool, early].mean(axis=1) - panel.values[unit, early].mean())
    near = np.argsort(apart, kind="stable")[:most]
    return np.asarray(pool[near[apart[near] <= caliper]], dtype=np.int64)
