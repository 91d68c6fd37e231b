"""Subgroups (子组): pieces taken together, reduced to size, mean, range and standard deviation.

A table with nan where a piece is missing, and not a list of arrays: real
subgroups differ in size by a piece or two, and one table is reduced in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.control_charts import Rows, known
from ballast.plant.measures.ratios import Floats, ratio

__all__ = ["Subgroups", "subgroups", "subgroups_by"]


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Subgroups reduced to what charts need; arrays of shape (subgroups,).

    Parameters
    ----------
    sizes
        How many pieces of each are known.
    means
        nan where none is known.
    ranges, deviations
        Largest less smallest, and standard deviation with divisor n − 1; nan
        where fewer than two are known.
    """

    sizes: npt.NDArray[np.int64]
    means: Floats
    ranges: Floats
    deviations: Floats

    def __getitem__(self, rows: slice | Rows) -> Subgroups:
        return Subgroups(
            self.sizes[rows], self.means[rows], self.ranges[rows], self.deviations[rows]
        )

    def __len__(self) -> int:
        return len(self.sizes)


def subgroups(values: npt.ArrayLike) -> Subgroups:
    """Return the subgroups of a table with one subgroup a row.

    Parameters
    ----------
    values
        Of shape (subgroups, pieces); nan where a piece is missing.

    Raises
    ------
    Refused
        If the table has not two dimensions.

    Examples
    --------
    >>> two = subgroups([[1.0, 2.0, 3.0], [4.0, 6.0, float("nan")]])
    >>> two.sizes, two.means, two.ranges
    (array([3, 2]), array([2., 5.]), array([2., 2.]))
    """
    table = known(values)
    if table.ndim != 2:
        raise Refused(
            "subgroups need a table with one subgroup a row; this has {dimensions} dimensions",
            dimensions=table.ndim,
        )
    there = np.isfinite(table)
    sizes = there.sum(axis=1, dtype=np.int64)
    means = ratio(np.where(there, table, 0.0).sum(axis=1), sizes)
    off = np.where(there, table - means[:, None], 0.0)
    deviations = np.sqrt(ratio((off**2).sum(axis=1), np.maximum(sizes - 1, 0)))
    highest = np.where(there, table, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(there, table, np.inf).min(axis=1, initial=np.inf)
    ranges = np.where(sizes > 1, highest - lowest, np.nan)
    return Subgroups(sizes, means, ranges, deviations)


def subgroups_by(values: npt.ArrayLike, keys: npt.ArrayLike) -> Subgroups:
    """Return the subgroups of a long list: neighbours with the same key belong together.

    Parameters
    ----------
    values
        Of shape (pieces,); nan where missing.
    keys
        Of shape (pieces,): a batch, an hour. A key that comes back later is
        another subgroup.

    Raises
    ------
    Refused
        If the two are not equally long.

    Examples
    --------
    >>> subgroups_by([1.0, 3.0, 5.0, 6.0, 7.0], [8, 8, 9, 9, 9]).means
    array([2., 6.])
    """
    points, groups = known(values), np.asarray(keys)
    if points.ndim != 1 or points.shape != groups.shape:
        raise Refused(
            "{values} values have {keys} keys of subgroups; give each value one",
            values=points.size,
            keys=groups.size,
        )
    if not points.size:
        return subgroups(np.empty((0, 1)))
    first = np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1])))
    lengths = np.diff(np.append(first, points.size))
    place = np.arange(points.size) - np.repeat(first, lengths)
    table = np.full((first.size, int(lengths.max())), np.nan)
    table[np.repeat(np.arange(first.size), lengths), place] = points
    return subgroups(table)
