"""Tables to protect, made of enterprises; and an attacker who has everything that is published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from ballast.brain.disclosure.grid import Cell, Grid, added_up
from ballast.brain.disclosure.hierarchy import hierarchy
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules, sensitive
from ballast.brain.disclosure.suppression import Pattern, Status


@dataclass(frozen=True)
class Made:
    """A table and who stands in it."""

    grid: Grid
    leaves: Floats
    enterprises: Floats
    primary: dict[tuple[int, int], Bools]


def tree(leaves: int, branches: int, prefix: str) -> dict[str, str | None]:
    """Return names in branches under one whole."""
    found: dict[str, str | None] = {f"{prefix}all": None}
    for number in range(leaves):
        branch = f"{prefix}{number % branches}"
        found[branch] = f"{prefix}all"
        found[f"{branch}.{number}"] = branch
    return found


def made(
    random: np.random.Generator, rows: int, columns: int, enterprises: int, rules: PrimaryRules
) -> Made:
    """Return a table of enterprises that are spread unevenly, as they are."""
    trees = tree(rows, max(1, rows // 4), "r"), tree(columns, max(1, columns // 3), "c")
    grid = Grid(*(hierarchy(each, leaves=[n for n in each if "." in n]) for each in trees))
    weight = random.dirichlet(np.full(rows * columns, 0.5))
    place = random.choice(rows * columns, enterprises, p=weight)
    size = np.round(random.lognormal(3, 1.5, enterprises), 1) + 0.1
    leaves = np.bincount(place, size, rows * columns).reshape(rows, columns).astype(float)
    counts = np.bincount(place, minlength=rows * columns).reshape(rows, columns).astype(float)
    largest = np.zeros(rows * columns)
    np.maximum.at(largest, place, size)
    tops = largest.reshape(rows, columns)
    values, numbers = added_up(grid, leaves), added_up(grid, counts)
    primary = {
        pair: sensitive(numbers[pair], _top(grid, tops, pair), values[pair], rules)
        for pair in values
    }
    return Made(grid, leaves, counts, primary)


def _top(grid: Grid, tops: Floats, pair: tuple[int, int]) -> Floats:
    found = np.zeros(grid.shape(*pair))
    above = grid.rows.above[pair[0]], grid.columns.above[pair[1]]
    np.maximum.at(found, (above[0][:, None], above[1][None, :]), tops)
    return found


class Attacker:
    """Works out what a withheld cell can be, by linear programming.

    Parameters
    ----------
    pattern
        What was withheld; everything else is published.
    also_known
        Leaves that this attacker knows besides: its own.
    """

    def __init__(self, pattern: Pattern, also_known: tuple[tuple[int, int], ...] = ()) -> None:
        grid = pattern.grid
        n, m = grid.shape(0, 0)
        self._grid, self._size = grid, (n, m)
        rows, entries = [], []
        known: list[float] = []
        for pair, status in pattern.status.items():
            for row, column in np.argwhere((status == Status.PUBLISHED) & grid.published(*pair)):
                members = self.members((*pair, int(row), int(column)))
                rows.append(np.full(len(members), len(known)))
                entries.append(members)
                known.append(float(pattern.values[pair][row, column]))
        for row, column in also_known:
            rows.append(np.array([len(known)]))
            entries.append(np.array([row * m + column]))
            known.append(float(pattern.values[0, 0][row, column]))
        self._known = np.array(known)
        shape = (len(known), n * m)
        ones = np.ones(sum(map(len, entries)))
        self._equations = csr_matrix(
            (ones, (np.concatenate(rows), np.concatenate(entries))), shape=shape
        )

    def members(self, cell: Cell) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        """Return the places of the leaves below a cell."""
        a, b, row, column = cell
        down = self._grid.rows.above[a] == row
        across = self._grid.columns.above[b] == column
        return np.flatnonzero(down[:, None] & across)

    def bounds(self, cell: Cell) -> tuple[float, float]:
        """Return the least and the greatest value that a cell can have."""
        aim = np.zeros(self._size[0] * self._size[1])
        aim[self.members(cell)] = 1
        found = []
        for sign in (1, -1):
            answer = linprog(
                sign * aim, A_eq=self._equations, b_eq=self._known, bounds=(0, None), method="highs"
            )
            # Without any bound the cell may be anything.
            found.append(sign * answer.fun if answer.status == 0 else sign * -np.inf)
        return found[0], found[1]
