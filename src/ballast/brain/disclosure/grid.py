"""A published table of two hierarchies: every cell on every pair of levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.hierarchy import Hierarchy
from ballast.brain.disclosure.rules import Floats
from ballast.errors import Refused

__all__ = ["Cell", "Grid", "added_up"]

#: Level of the row, level of the column, row, column.
Cell = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Grid:
    """The frame of a table.

    Parameters
    ----------
    rows, columns
        Its two hierarchies.
    """

    rows: Hierarchy
    columns: Hierarchy

    def level_pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of levels, the leaves first."""
        for a in range(self.rows.levels):
            for b in range(self.columns.levels):
                yield a, b

    def shape(self, a: int, b: int) -> tuple[int, int]:
        """Return how many rows and columns a pair of levels has."""
        return len(self.rows.names[a]), len(self.columns.names[b])

    def published(self, a: int, b: int) -> npt.NDArray[np.bool_]:
        """Return which cells of a pair of levels are published at all, in its shape."""
        return np.asarray(self.rows.published[a][:, None] & self.columns.published[b])


def added_up(grid: Grid, leaves: Floats) -> dict[tuple[int, int], Floats]:
    """Return the sums of every pair of levels over the cells of the leaves.

    Raises
    ------
    Refused
        If the leaves have another shape, or hold what is negative or no number.
    """
    wanted = grid.shape(0, 0)
    if leaves.shape != wanted:
        raise Refused(
            "the table has {found} cells and its dimensions ask for {wanted}",
            found=" × ".join(map(str, leaves.shape)),
            wanted=" × ".join(map(str, wanted)),
        )
    if not np.isfinite(leaves).all() or (leaves < 0).any():
        row, column = np.argwhere(~np.isfinite(leaves) | (leaves < 0))[0]
        raise Refused(
            "{row}, {column}: the value is {value}; suppression needs known values that are not "
            "negative",
            row=grid.rows.names[0][row],
            column=grid.columns.names[0][column],
            value=leaves[row, column],
        )
    found: dict[tuple[int, int], Floats] = {}
    for a, b in grid.level_pairs():
        n, m = grid.shape(a, b)
        flat = (grid.rows.above[a][:, None] * m + grid.columns.above[b]).ravel()
        found[a, b] = np.bincount(flat, leaves.ravel(), n * m).reshape(n, m).astype(np.float64)
    return found
