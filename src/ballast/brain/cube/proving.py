"""A proof that a withheld cell stays in doubt, made of as many moves as it takes.

One move (``disclosure.moves``) changes four leaves by one amount, so it can do
no more than the smallest of them allows. Beside a smelter that uses half of a
city's energy no leaf is large enough, and the only single move left would
withhold the city's total. Many small leaves together are large enough: a proof
is a sum of moves, and its reach is how far all of them together can go.

Whoever is alone in a leaf knows it, and for him it does not change. A proof
that leans on such leaves gets a second one beside it that leans on none of
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ballast.brain.disclosure.grid import Cell, Grid
from ballast.brain.disclosure.ledger import Ledger
from ballast.brain.disclosure.moves import Move, Mover
from ballast.brain.disclosure.rules import Floats

__all__ = ["Leaf", "Proof", "Prover", "reaches", "remaining"]

Leaf = tuple[int, int]
_EXACT = 1 - 1e-9
_PARTS = 24
_SHARES = (1.0, 0.5, 0.25, 0.1)
_SMALL = 20_000.0  # a cost (of the ledger) below which no cheaper way is looked for


@dataclass(frozen=True, slots=True)
class Proof:
    """How a cell can change unseen.

    Parameters
    ----------
    cells
        What changes, each once: to be withheld.
    change
        By how much each leaf changes where the cell changes by one: leaf to amount, signed.
    """

    cells: tuple[Cell, ...]
    change: tuple[tuple[Leaf, float], ...]

    def leans_on(self, leaves: Iterable[Leaf]) -> bool:
        """Return whether any of some leaves changes."""
        mine = {leaf for leaf, _ in self.change}
        return any(leaf in mine for leaf in leaves)


def reaches(proofs: Sequence[Proof], leaves: Floats) -> Floats:
    """Return how far proofs reach with other amounts in the leaves.

    Parameters
    ----------
    proofs
        The proofs.
    leaves
        Shape (rows, columns): the amounts, ≥ 0.

    Returns
    -------
    Floats
        Shape (proofs,): the largest amount by which the cell of each can change both up and down
        without a leaf below zero.

    Examples
    --------
    >>> import numpy as np
    >>> proof = Proof((), (((0, 0), 1.0), ((0, 1), -0.5), ((0, 2), -0.5)))
    >>> reaches([proof], np.array([[9.0, 3.0, 8.0]])).tolist()
    [6.0]
    """
    if not proofs:
        return np.zeros(0)
    wide = leaves.shape[1]
    at = np.array([r * wide + c for proof in proofs for (r, c), _ in proof.change], dtype=np.intp)
    by = np.abs(np.array([amount for proof in proofs for _, amount in proof.change]))
    starts = np.cumsum([0, *(len(proof.change) for proof in proofs[:-1])])
    return np.asarray(np.minimum.reduceat(leaves.ravel()[at] / by, starts))


class Prover:
    """Finds proofs in one table, and keeps the ledger of what they withhold.

    Parameters
    ----------
    grid
        The table.
    leaves, contributors
        Shape (rows, columns): amounts, and how many enterprises stand behind each.
    ledger
        What is withheld so far, and what more would cost.
    """

    def __init__(self, grid: Grid, leaves: Floats, contributors: Floats, ledger: Ledger) -> None:
        self._grid, self._leaves, self._alone = grid, leaves, contributors == 1
        self._left = leaves.copy()  # the mover sees what is not yet used up by a proof
        self._ledger = ledger
        self._mover = Mover(grid, self._left, np.asarray(leaves > 0))

    def proofs(self, cell: Cell, need: float) -> tuple[Proof, ...]:
        """Return a proof of a cell, and a second one for who is alone in a leaf of the first.

        Parameters
        ----------
        cell
            The cell.
        need
            How far it must be able to change. For who is alone in a leaf of the cell, what is not
            its own must be able to change by as large a share.

        Returns
        -------
        tuple of Proof
            Their cells are noted in the ledger; none where there is no way but through what
            must not be withheld.
        """
        first = self._proof(cell, need, ())
        if first is None:
            return ()
        lonely = self.lonely(cell, first)
        if not lonely:
            return (first,)
        rest = remaining(self._grid, self._leaves, cell, lonely)
        second = self._proof(cell, need * rest, lonely) if rest > 0 else None
        return (first,) if second is None else (first, second)

    def lonely(self, cell: Cell, proof: Proof) -> tuple[Leaf, ...]:
        """Return the leaves of a proof in which one enterprise is alone, the cell itself apart."""
        return tuple(
            leaf for leaf, _ in proof.change if self._alone[leaf] and (0, 0, *leaf) != cell
        )

    def _proof(self, cell: Cell, need: float, without: Iterable[Leaf]) -> Proof | None:
        """Return a proof in parts, or in one where these do not come to the whole."""
        for leaf in without:
            self._left[leaf] = 0
        found = None
        for shares in (_SHARES, (1.0,)):
            kept = self._left.copy()
            parts = self._parts(cell, need, shares)
            self._left[:] = kept
            if parts:
                found = _summed(parts)
                break
        self._left[:] = self._leaves
        return found

    def _parts(self, cell: Cell, need: float, shares: tuple[float, ...]) -> list[Move]:
        parts: list[Move] = []
        missing = need
        while missing > need * 1e-9 and len(parts) < _PARTS:
            found = self._part(cell, missing, shares)
            if found is None:
                break
            self._ledger.use(found.cells)
            parts.append(found)
            missing -= found.amount
            for leaf, _ in found.corners:
                self._left[leaf] = max(0.0, float(self._left[leaf]) - found.amount)
        if missing <= need * 1e-9:
            return parts
        for part in parts:
            self._ledger.give_back(part.cells)
        return []

    def _part(self, cell: Cell, missing: float, shares: tuple[float, ...]) -> Move | None:
        best: tuple[float, float, Leaf, Move] | None = None
        for start in self._mover.starts(cell, self._ledger, missing):
            for share in shares:
                cheap = False
                for look in (self._mover.find, self._mover.across):
                    if (
                        cheap
                        or (answer := look(cell, start, self._ledger, missing * share)) is None
                    ):
                        continue
                    cost, move = answer
                    cheap = cost < _SMALL
                    # Many small parts cost less together than each by itself: they share cells.
                    worth = (cost + 1) * (missing / move.amount) ** 0.5
                    if len(shares) == 1:  # whatever it costs, in few parts
                        worth = -move.amount
                    if best is None or (worth, -move.amount, start) < best[:3]:
                        best = (worth, -move.amount, start, move)
                if cheap and share == 1 and move.amount >= missing * _EXACT:
                    return move
                if cheap:
                    break
        return None if best is None else best[3]


def remaining(grid: Grid, leaves: Floats, cell: Cell, without: Iterable[Leaf]) -> float:
    """Return which share of a cell's amount does not stand in some leaves, 0 to 1.

    Parameters
    ----------
    grid
        The table.
    leaves
        Shape (rows, columns): the amounts.
    cell
        The cell.
    without
        The leaves; those that are not of the cell do not matter.
    """
    a, b, row, column = cell
    down, beside = grid.rows.above[a] == row, grid.columns.above[b] == column
    whole = float(leaves[np.ix_(down, beside)].sum())
    own = sum(float(leaves[r, c]) for r, c in set(without) if down[r] and beside[c])
    return (whole - own) / whole if whole > 0 else 0.0


def _summed(parts: Sequence[Move]) -> Proof:
    whole = sum(part.amount for part in parts)
    change: dict[Leaf, float] = {}
    for part in parts:
        for leaf, sign in part.corners:
            change[leaf] = change.get(leaf, 0.0) + sign * part.amount / whole
    cells = sorted({cell for part in parts for cell in part.cells})
    return Proof(tuple(cells), tuple((leaf, by) for leaf, by in change.items() if abs(by) > 1e-12))
