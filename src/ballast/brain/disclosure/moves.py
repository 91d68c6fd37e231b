"""A move: how the cells of a table can change while everything published stays the same.

Adding an amount to one cell of the leaves, taking it from another in its row
and from another in its column, and adding it where these two meet, leaves every
sum over them alone, above the nodes in which they meet. If all the cells that
do change are withheld, nobody who adds and subtracts what is published can
tell the table from the one so changed. A move is therefore a proof that a cell
is protected, and a suppression that consists of moves needs no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.grid import Cell, Grid
from ballast.brain.disclosure.hierarchy import Hierarchy
from ballast.brain.disclosure.ledger import Ledger
from ballast.brain.disclosure.rules import Bools, Floats

__all__ = ["Move", "Mover"]

_Places = npt.NDArray[np.intp]
_STARTS = 4


@dataclass(frozen=True, slots=True)
class Move:
    """How a cell can change unseen.

    Parameters
    ----------
    cells
        What changes, each once: to be withheld.
    corners
        The changed leaves with their sign: ((row, column), +1 or −1).
    amount
        By how much each can change, up and down.
    """

    cells: tuple[Cell, ...]
    corners: tuple[tuple[tuple[int, int], int], ...]
    amount: float


@dataclass(frozen=True, slots=True)
class _Choice:
    cost: float
    up: int
    over: int
    row: int | None
    column: int | None


class Mover:
    """Finds the cheapest move for a cell.

    Parameters
    ----------
    grid, leaves
        The table and the values of its leaves.
    steady
        Which leaves may be corners: those that somebody knows (an enterprise that is alone in
        its cell, readers of what was published before) do not change for that somebody.
    """

    def __init__(self, grid: Grid, leaves: Floats, steady: Bools) -> None:
        self._grid, self._leaves, self._steady = grid, leaves, steady
        self._rows, self._columns = _Kin(grid.rows), _Kin(grid.columns)

    def starts(self, cell: Cell, ledger: Ledger, need: float) -> list[tuple[int, int]]:
        """Return leaves below a cell from which it can be moved, the best first."""
        a, b, row, column = cell
        rows, columns = self._rows.below(a, row), self._columns.below(b, column)
        chosen = np.ix_(rows, columns)
        value = self._leaves[chosen].ravel()
        cost = ledger.along[a + 1, b + 1][chosen].ravel()
        reach = np.minimum(value, need)
        order = np.lexsort((cost, -reach))[:_STARTS]
        return [
            (int(rows[place // len(columns)]), int(columns[place % len(columns)]))
            for place in order
            if value[place] > 0 and np.isfinite(cost[place])
        ]

    def find(
        self, cell: Cell, start: tuple[int, int], ledger: Ledger, need: float
    ) -> tuple[float, Move] | None:
        """Return the cheapest move of a cell from a leaf below it, and what it costs.

        Returns
        -------
        tuple | None
            None where every way up passes a cell that must not be withheld.
        """
        a, b, _, _ = cell
        row, column = start
        amount = min(need, float(self._leaves[start]))
        best: _Choice | None = None
        for own, up, over in self._ways(a, b, start, ledger):
            if best is not None and own >= best.cost:
                break
            found = self._cheapest(start, up, over, own, amount, ledger)
            if found is not None and (best is None or found.cost < best.cost):
                best = found
        if best is None:
            return None
        ends = ((row, 1), (best.row, -1)), ((column, 1), (best.column, -1))
        corners = tuple(
            ((r, c), sign * over_sign)
            for r, sign in ends[0]
            if r is not None
            for c, over_sign in ends[1]
            if c is not None
        )
        cells = {each for (r, c), _ in corners for each in self._way(r, c, best.up, best.over)}
        return best.cost, Move(tuple(sorted(cells)), corners, amount)

    def across(
        self, cell: Cell, start: tuple[int, int], ledger: Ledger, need: float
    ) -> tuple[float, Move] | None:
        """Return the cheapest move to one leaf of another row and column, and what it costs.

        Two leaves and the sums over either that are not over both: dearer than four leaves where
        these are to be had, and all there is beside an enterprise that is larger than the rest of
        its row and of its column.

        Returns
        -------
        tuple | None
            None where every way passes a cell that must not be withheld.
        """
        a, b, _, _ = cell
        row, column = start
        amount = min(need, float(self._leaves[start]))
        best: tuple[float, int, int, int, int] | None = None
        for up in range(1, self._grid.rows.levels):
            for over in range(1, self._grid.columns.levels):
                rows, columns = self._rows.meeting(up, row), self._columns.meeting(over, column)
                if (up <= a and over <= b) or rows is None or columns is None:
                    continue
                if not len(rows) or not len(columns):
                    continue
                own = float(self._beside(ledger, up, over, (row, column)))
                chosen = rows[:, None], columns
                able = self._steady[chosen] & (self._leaves[chosen] >= amount)
                cost = own + np.where(able, self._beside(ledger, up, over, chosen), np.inf)
                at = int(cost.argmin())
                least = float(cost.flat[at])
                if np.isfinite(least) and (best is None or least < best[0]):
                    r, c = int(rows[at // len(columns)]), int(columns[at % len(columns)])
                    best = (least, up, over, r, c)
        if best is None:
            return None
        _, up, over, r, c = best
        cells = {*self._way_beside(row, column, up, over), *self._way_beside(r, c, up, over)}
        return best[0], Move(tuple(sorted(cells)), ((start, 1), ((r, c), -1)), amount)

    def _beside(
        self, ledger: Ledger, up: int, over: int, chosen: tuple[_Places | int, _Places | int]
    ) -> Floats:
        """Return the costs of all cells over leaves that are not above both levels."""
        high, wide = self._grid.rows.levels, self._grid.columns.levels
        along = ledger.along
        both = along[up, over][chosen]
        # What is without bound is so on both ways: taken off once, it would be no number.
        both = np.where(np.isfinite(both), both, 0.0)
        return np.asarray(along[up, wide][chosen] + along[high, over][chosen] - both)

    def _way_beside(self, row: int, column: int, up: int, over: int) -> Iterator[Cell]:
        high, wide = self._grid.rows.levels, self._grid.columns.levels
        for a, b, r, c in self._way(row, column, high, wide):
            if a < up or b < over:
                yield a, b, r, c

    def _ways(
        self, a: int, b: int, start: tuple[int, int], ledger: Ledger
    ) -> list[tuple[float, int, int]]:
        ways = [
            (float(ledger.along[up, over][start]), up, over)
            for up in range(a + 1, self._grid.rows.levels + 1)
            for over in range(b + 1, self._grid.columns.levels + 1)
        ]
        return sorted(way for way in ways if np.isfinite(way[0]))

    def _cheapest(
        self, start: tuple[int, int], up: int, over: int, own: float, amount: float, ledger: Ledger
    ) -> _Choice | None:
        """Return the cheapest opposite corner whose branches meet those of the start at a level."""
        row, column = start
        along = ledger.along[up, over]
        rows, columns = self._rows.meeting(up, row), self._columns.meeting(over, column)
        if rows is None and columns is None:
            return _Choice(own, up, over, None, None)
        if rows is None:
            cost = self._usable(along, np.array([row]), columns, amount)[0]
            return _choice(own + cost, up, over, None, columns)
        if columns is None:
            cost = self._usable(along, rows, np.array([column]), amount)[:, 0]
            return _choice(own + cost, up, over, rows, None)
        if not len(rows) or not len(columns):
            return None
        beside = self._usable(along, np.array([row]), columns, amount)
        below = self._usable(along, rows, np.array([column]), amount)
        # Most tables of one kind have few usable cells beside and below: look at no others.
        wide, deep = np.isfinite(beside[0]), np.isfinite(below[:, 0])
        if not wide.any() or not deep.any():
            return None
        rows, columns = rows[deep], columns[wide]
        cost = own + beside[:, wide] + below[deep] + self._usable(along, rows, columns, amount)
        at = int(cost.argmin())
        least = float(cost.flat[at])
        if not np.isfinite(least):
            return None
        return _Choice(
            least, up, over, int(rows[at // len(columns)]), int(columns[at % len(columns)])
        )

    def _usable(
        self, along: Floats, rows: _Places, columns: _Places | None, amount: float
    ) -> Floats:
        """Return the costs of corners; infinite for those that cannot change by the amount."""
        chosen = rows[:, None], columns if columns is not None else np.array([], np.intp)
        able = self._steady[chosen] & (self._leaves[chosen] >= amount)
        return np.where(able, along[chosen], np.inf)

    def _way(self, row: int, column: int, up: int, over: int) -> Iterator[Cell]:
        for a in range(up):
            for b in range(over):
                r, c = self._rows.node(a, row), self._columns.node(b, column)
                if self._rows.published(a, r) and self._columns.published(b, c):
                    yield a, b, r, c


def _choice(
    cost: Floats, up: int, over: int, rows: _Places | None, columns: _Places | None
) -> _Choice | None:
    at = int(cost.argmin()) if len(cost) else -1
    if at < 0 or not np.isfinite(cost[at]):
        return None
    return _Choice(
        float(cost[at]),
        up,
        over,
        None if rows is None else int(rows[at]),
        None if columns is None else int(columns[at]),
    )


class _Kin:
    """Who is related to whom in a hierarchy, looked up and not searched."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self._under: list[list[_Places]] = []
        for above in hierarchy.above:
            order = np.argsort(above, kind="stable")
            self._under.append(np.split(order, np.cumsum(np.bincount(above))[:-1]))
        self._met: dict[tuple[int, int], _Places] = {}

    def node(self, level: int, leaf: int) -> int:
        return int(self._hierarchy.above[level][leaf])

    def published(self, level: int, node: int) -> bool:
        return bool(self._hierarchy.published[level][node])

    def below(self, level: int, node: int) -> _Places:
        return self._under[level][node]

    def meeting(self, level: int, leaf: int) -> _Places | None:
        """Return the leaves whose lowest common node with a leaf is on a level.

        None above the top: whatever is outside of the table, which nothing published tells.
        """
        if level == self._hierarchy.levels:
            return None
        child = self.node(level - 1, leaf)
        if (level, child) not in self._met:
            whole = self._under[level][self.node(level, leaf)]
            own = self._hierarchy.above[level - 1][whole] == child
            self._met[level, child] = whole[~own]
        return self._met[level, child]
