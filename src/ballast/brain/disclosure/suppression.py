"""Secondary suppression (二次抑制): what else is withheld so that sensitive cells stay in doubt.

Each sensitive cell gets a move of its own (``moves``), the cheapest beside what
is withheld already; then each in turn gives its move back and looks again,
because the first ones chose before the others had withheld anything. An
optimal pattern is the answer to an integer program that no solver finishes for
a table of a hundred thousand cells; this one is near enough and, other than a
solver's heuristic, can show why each cell is safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from ballast.brain.disclosure.grid import Cell, Grid, added_up
from ballast.brain.disclosure.ledger import Ledger
from ballast.brain.disclosure.moves import Move, Mover
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules
from ballast.errors import Undefined

__all__ = ["Pattern", "Status", "suppress"]


class Status(IntEnum):
    """What becomes of a cell."""

    PUBLISHED = 0
    PRIMARY = 1
    SECONDARY = 2


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is withheld.

    Parameters
    ----------
    grid
        The table.
    values
        Its sums on every pair of levels.
    status
        For each pair of levels the `Status` of its cells, int8.
    moves
        Why each sensitive cell is safe; several where one who is alone in a cell could undo one.
    """

    grid: Grid
    values: Mapping[tuple[int, int], Floats]
    status: Mapping[tuple[int, int], np.ndarray[tuple[int, ...], np.dtype[np.int8]]]
    moves: Mapping[Cell, tuple[Move, ...]] = field(repr=False)

    def count(self, status: Status) -> int:
        """Return how many published or withheld cells there are."""
        return sum(
            int(((self.status[pair] == status) & self.grid.published(*pair)).sum())
            for pair in self.status
        )

    def lost(self) -> float:
        """Return the value of the secondarily withheld leaves over that of all leaves."""
        whole = float(self.values[0, 0].sum())
        gone = float(self.values[0, 0][self.status[0, 0] == Status.SECONDARY].sum())
        return gone / whole if whole else 0.0


def suppress(
    grid: Grid,
    leaves: Floats,
    enterprises: Floats,
    primary: Mapping[tuple[int, int], Bools],
    rules: PrimaryRules,
    *,
    known: Mapping[tuple[int, int], Bools] | None = None,
    rounds: int = 1,
) -> Pattern:
    """Return what to withhold of a table, so that no sensitive cell can be worked out.

    Parameters
    ----------
    grid, leaves
        The table and the values of its leaves, ≥ 0; zeros are published as zeros.
    enterprises
        How many enterprises stand in each leaf: one that is alone knows its own value.
    primary
        For each pair of levels the sensitive cells.
    rules
        ``protection`` says how far a sensitive cell must stay in doubt.
    known
        Cells that readers know from what was published before; they cannot be withheld.
    rounds
        How often every cell looks again for a cheaper move.

    Returns
    -------
    Pattern
        Whoever knows everything that is published, that nothing is negative, and at most one
        enterprise's own cell, finds each sensitive cell possible anywhere between its value less
        and its value plus the amount of its moves.

    Raises
    ------
    Undefined
        If a sensitive cell cannot be protected, because every way passes what is known already.

    Notes
    -----
    The moves are those of the hypercube method (S. Giessing and D. Repsilber, "Tools and Strategies
    to Protect Multiple Tables with the GHQUAR Cell Suppression Engine", 2002; from memory), taken
    through the hierarchies at once instead of table by table, so that no sum above is left open.
    """
    values = added_up(grid, leaves)
    shown = {pair: np.asarray(primary[pair] & (values[pair] > 0)) for pair in values}
    costs = {pair: 1 + np.log1p(value) for pair, value in values.items()}
    for pair, cells in (known or {}).items():
        costs[pair] = np.where(cells, np.inf, costs[pair])
    ledger = Ledger(grid, costs, shown)
    steady = np.asarray((leaves > 0) & (enterprises >= 2))
    mover = Mover(grid, leaves, steady)
    moves: dict[Cell, tuple[Move, ...]] = {}
    order = _in_order(grid, values, shown)
    for _ in range(1 + rounds):
        for cell in order:
            for move in moves.pop(cell, ()):
                ledger.give_back(move.cells)
            a, b, row, column = cell
            need = rules.protection * float(values[a, b][row, column])
            moves[cell] = _protect(grid, mover, ledger, cell, need, enterprises)
    status = {}
    for pair, sensitive in shown.items():
        withheld = ledger.withheld(pair)
        kind = np.where(sensitive, Status.PRIMARY, np.where(withheld, Status.SECONDARY, 0))
        status[pair] = kind.astype(np.int8)
    return Pattern(grid, values, status, moves)


def _in_order(
    grid: Grid, values: Mapping[tuple[int, int], Floats], primary: Mapping[tuple[int, int], Bools]
) -> list[Cell]:
    """Return the sensitive cells, sums first: what they need is dear, and helps those below."""
    found: list[tuple[int, float, Cell]] = []
    for (a, b), sensitive in primary.items():
        for row, column in np.argwhere(sensitive & grid.published(a, b)):
            cell = (a, b, int(row), int(column))
            found.append((-(a + b), -float(values[a, b][row, column]), cell))
    return [cell for _, _, cell in sorted(found)]


def _protect(
    grid: Grid, mover: Mover, ledger: Ledger, cell: Cell, need: float, enterprises: Floats
) -> tuple[Move, ...]:
    """Return the moves of a cell, noted in the ledger."""
    starts = mover.starts(cell, ledger, need)
    best = _best(mover, ledger, cell, starts, need)
    if best is None:
        a, b, row, column = cell
        raise Undefined(
            "{row}, {column}: it must be withheld and cannot be protected, since what was "
            "published before tells too much; withdraw the earlier publication or leave out a "
            "level of the table",
            row=grid.rows.names[a][row],
            column=grid.columns.names[b][column],
        )
    start, move = best
    ledger.use(move.cells)
    if cell[:2] == (0, 0) or enterprises[start] >= 2:
        return (move,)
    # Who is alone in the leaf that moves knows it: for him the sum moves through another one.
    others = [each for each in starts if each != start]
    second = _best(mover, ledger, cell, others, need)
    if second is None:
        return (move,)
    ledger.use(second[1].cells)
    return move, second[1]


def _best(
    mover: Mover, ledger: Ledger, cell: Cell, starts: list[tuple[int, int]], need: float
) -> tuple[tuple[int, int], Move] | None:
    """Return the start that lets the cell change furthest, the cheapest of these, and its move."""
    found = []
    for start in starts:
        if (answer := mover.find(cell, start, ledger, need)) is not None:
            cost, move = answer
            found.append((-move.amount, cost, start, move))
    if not found:
        return None
    _, _, start, move = min(found, key=lambda each: each[:3])
    return start, move
