"""What is withheld so far, and what withholding one more cell would cost.

A move touches, for a pair of leaves, all cells on the way up to where their
branches meet. ``along`` keeps the sum of the costs on every such way, for every
cell of the leaves, so that a search over all moves adds four numbers each.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.grid import Cell, Grid
from ballast.brain.disclosure.rules import Bools, Floats

__all__ = ["Ledger"]

_STEPS = 1000


class Ledger:
    """Uses of each cell, and costs along the ways up.

    Parameters
    ----------
    grid
        The table.
    costs
        For each pair of levels what withholding a cell costs, > 0; infinite where it must not be.
    primary
        For each pair of levels which cells are withheld anyway.
    """

    def __init__(
        self,
        grid: Grid,
        costs: dict[tuple[int, int], Floats],
        primary: dict[tuple[int, int], Bools],
    ) -> None:
        self._grid = grid
        # Whole numbers: what is taken away and given back a thousand times leaves no rest.
        self._costs = {
            pair: np.where(grid.published(*pair), np.ceil(cost * _STEPS), 0.0)
            for pair, cost in costs.items()
        }
        self._primary = primary
        self.uses = {pair: np.zeros(grid.shape(*pair), np.int64) for pair in costs}
        self._under = [
            [_members(hierarchy.above[level]) for level in range(hierarchy.levels)]
            for hierarchy in (grid.rows, grid.columns)
        ]
        self.along = self._all_along()

    def withheld(self, pair: tuple[int, int]) -> Bools:
        """Return which cells of a pair of levels are withheld now."""
        return np.asarray(self._primary[pair] | (self.uses[pair] > 0))

    def use(self, cells: Iterable[Cell]) -> None:
        """Note that a move uses cells: they are withheld from now on, and free for other moves."""
        for a, b, row, column in cells:
            uses = self.uses[a, b]
            uses[row, column] += 1
            if uses[row, column] == 1 and not self._primary[a, b][row, column]:
                self._change((a, b, row, column), -self._costs[a, b][row, column])

    def give_back(self, cells: Iterable[Cell]) -> None:
        """Note that a move no longer uses cells; what nobody uses is published again."""
        for a, b, row, column in cells:
            uses = self.uses[a, b]
            uses[row, column] -= 1
            if uses[row, column] == 0 and not self._primary[a, b][row, column]:
                self._change((a, b, row, column), self._costs[a, b][row, column])

    def _change(self, cell: Cell, by: float) -> None:
        a, b, row, column = cell
        if by == 0:
            return
        rows, columns = self._under[0][a][row], self._under[1][b][column]
        chosen = rows[:, None], columns
        for up in range(a + 1, self._grid.rows.levels + 1):
            for over in range(b + 1, self._grid.columns.levels + 1):
                self.along[up, over][chosen] += by

    def _all_along(self) -> dict[tuple[int, int], Floats]:
        grid = self._grid
        each = {}
        for a, b in grid.level_pairs():
            cost = np.where(self._primary[a, b], 0.0, self._costs[a, b])
            each[a, b] = cost[np.ix_(grid.rows.above[a], grid.columns.above[b])]
        found: dict[tuple[int, int], Floats] = {}
        for up in range(1, grid.rows.levels + 1):
            for over in range(1, grid.columns.levels + 1):
                ways = [each[a, b] for a in range(up) for b in range(over)]
                found[up, over] = np.sum(ways, axis=0)
        return found


def _members(above: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    order = np.argsort(above, kind="stable")
    return np.split(order, np.cumsum(np.bincount(above))[:-1])
