"""Sums that cut across the trees: clusters, and zones that lie in several counties.

A cluster counts some industries of some places, in part, and overlaps with
others; a published sum of it is one more equation for whoever works with what
is published. So it is published only where every sensitive cell keeps a proof
that leaves this sum as it is: a proof that changes it is set off by another
one that changes it back. Where none is to be had, the cluster is withheld;
nothing else is, so that clusters cost no cell of the trees.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.brain.cube.protecting import Shield
from ballast.brain.cube.proving import Proof
from ballast.brain.disclosure.grid import Cell, Grid
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules, sensitive

__all__ = ["Across", "across", "published_across"]

_EXACT = 1 - 1e-9
_LEAST = 0.2  # how much of a proof must be left when others have set off what it changes
_CHOICE = 3  # how many proofs are tried for setting off a change of one sum


@dataclass(frozen=True, eq=False)
class Across:
    """Sums across the trees, of one magnitude in one period.

    Parameters
    ----------
    parts
        Shape (sums, leaves): how much of each leaf's amount the sum holds, 0 to 1.
    totals
        Shape (sums,): the absolute amounts in each.
    barred
        Shape (sums,): those that are sensitive, or whose difference to a published cell is.
    primary
        Shape (sums,): those that are sensitive themselves.
    """

    parts: Floats
    totals: Floats
    barred: Bools
    primary: Bools


def across(
    grid: Grid,
    shield: Shield,
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    amounts: Floats,
    weights: Floats,
    rules: PrimaryRules,
) -> Across:
    """Return sums across the trees, with those that may not be published whatever else is.

    Parameters
    ----------
    grid, shield
        The trees, and what is withheld of them.
    rows, columns, amounts
        Shape (n,): of each enterprise the leaf and what it reported.
    weights
        Shape (sums, n): how much of each enterprise a sum counts, 0 to 1.
    rules
        The bounds.

    Notes
    -----
    A sum K beside a published cell C that holds it tells C − K, and one that lies in it K − C:
    where such a difference is sensitive, K is barred. So is K beside a smaller sum across. What a
    difference of three or more sums tells is not looked at here; the attack tests do.
    """
    size = np.abs(np.nan_to_num(amounts))
    there = size > 0
    rows, columns, size, weights = rows[there], columns[there], size[there], weights[:, there]
    wide = grid.shape(0, 0)[1]
    flat = rows * wide + columns
    leaves = shield.monthly.leaves.ravel()
    held = weights * size
    parts = np.zeros((len(weights), leaves.size))
    for at, own in enumerate(held):
        parts[at] = np.bincount(flat, own, leaves.size)
    parts = np.divide(parts, leaves, out=np.zeros_like(parts), where=leaves > 0)
    primary = np.array([_is_sensitive(own, rules) for own in held], dtype=np.bool_)
    barred = primary.copy()
    for at, weight in enumerate(weights):
        if not barred[at]:
            barred[at] = _tells_apart(grid, shield, rows, columns, size, weight, rules)
    for at in np.argsort(-held.sum(axis=1)):
        for other in range(len(held)):
            if other != at and not barred[at] and not barred[other]:
                less = held[at] - held[other]
                if held[other].any() and (less >= 0).all() and _is_sensitive(less, rules):
                    barred[at] = True
    return Across(parts, held.sum(axis=1), barred, primary)


def _is_sensitive(own: Floats, rules: PrimaryRules) -> bool:
    there = own[own > 0]
    top = there.max() if len(there) else 0.0
    return bool(sensitive(len(there), top, there.sum(), rules))


def _tells_apart(
    grid: Grid,
    shield: Shield,
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    size: Floats,
    weight: Floats,
    rules: PrimaryRules,
) -> bool:
    """Return whether a sum and one published cell together tell what is sensitive."""
    counted = weight > 0
    if not counted.any():
        return False
    for (a, b), withheld in shield.withheld.items():
        up, over = grid.rows.above[a][rows], grid.columns.above[b][columns]
        nodes = set(zip(up[counted].tolist(), over[counted].tolist(), strict=True))
        for row, column in nodes:
            if withheld[row, column] or not grid.published(a, b)[row, column]:
                continue
            inside = (up == row) & (over == column)
            if len(nodes) == 1 and _is_sensitive(size * (inside - weight * inside), rules):
                return True
            if (weight[inside] == 1).all() and _is_sensitive(size * weight * ~inside, rules):
                return True
    return False


def published_across(
    grid: Grid,
    shield: Shield,
    sums: Across,
    allowed: Bools,
    rules: PrimaryRules,
    *,
    known: Bools | None = None,
) -> Bools:
    """Return which sums across the trees are published.

    Parameters
    ----------
    grid, shield
        The trees, and what is withheld of them, with the proofs.
    sums
        The sums.
    allowed
        Shape (sums,): those that may be, because no earlier period of the year and no earlier
        vintage withheld them.
    rules
        The bounds.
    known
        Shape (sums,): those that an earlier vintage published, which proofs must leave alone.

    Returns
    -------
    Bools
        Shape (sums,). With them every sensitive cell of the trees that had a proof has one still.
    """
    setting = _Setting(grid, shield, sums, rules)
    chosen = np.zeros(len(sums.totals), dtype=np.bool_)
    candidates = allowed & ~sums.barred & (sums.totals > 0)
    if candidates.any() and setting.holds(candidates):
        return candidates
    first = np.zeros_like(chosen) if known is None else known
    # Those that are known anyway, then the largest: what is lost counts by value.
    for at in sorted(np.flatnonzero(candidates), key=lambda k: (not first[k], -sums.totals[k])):
        chosen[at] = True
        if not setting.holds(chosen):
            chosen[at] = False
    return chosen


class _Setting:
    """The proofs of one table beside the sums that should stay as they are."""

    def __init__(self, grid: Grid, shield: Shield, sums: Across, rules: PrimaryRules) -> None:
        self._grid, self._sums = grid, sums
        self._leaves = shield.monthly.leaves
        wide = self._leaves.shape[1]
        self._proofs: list[Proof] = []
        self._cells: list[Cell] = []
        for cell, proofs in shield.proofs.items():
            for proof in proofs:
                self._cells.append(cell)
                self._proofs.append(proof)
        totals = shield.monthly.totals
        self._needs = np.array([rules.protection * totals[c[:2]][c[2:]] for c in self._cells])
        at = np.array([r * wide + c for p in self._proofs for (r, c), _ in p.change], dtype=np.intp)
        by = np.array([by for p in self._proofs for _, by in p.change])
        ends = np.cumsum([0, *(len(p.change) for p in self._proofs)])
        self._at = [at[i:j] for i, j in itertools.pairwise(ends.tolist())]
        self._by = [by[i:j] for i, j in itertools.pairwise(ends.tolist())]
        self._effects = np.zeros((len(self._proofs), len(sums.totals)))
        alone = np.asarray(shield.monthly.contributors == 1).ravel()
        self._lonely = np.zeros(len(self._proofs), dtype=np.bool_)
        self._reach = np.zeros(len(self._proofs))
        if self._proofs:
            self._effects = np.add.reduceat(sums.parts[:, at] * by, ends[:-1], axis=1).T
            self._effects[np.abs(self._effects) < 1e-9] = 0
            self._lonely = np.asarray(np.logical_or.reduceat(alone[at], ends[:-1]))
            self._reach = np.minimum.reduceat(self._leaves.ravel()[at] / np.abs(by), ends[:-1])
        self._protection = rules.protection
        nothing = np.zeros(len(sums.totals), dtype=np.bool_)
        # Sensitive sums that stay in doubt beside the trees alone must do so beside sums across.
        self.guarded = np.array(
            [bool(own) and self._moves_enough(at, nothing) for at, own in enumerate(sums.primary)],
            dtype=np.bool_,
        )

    def holds(self, chosen: Bools) -> bool:
        """Return whether every proof stands, or can be mended, with some sums published."""
        touched = np.flatnonzero((self._effects[:, chosen] != 0).any(axis=1))
        steadying = self._steadying(chosen)
        if not all(self._mended(place, chosen, steadying) for place in touched.tolist()):
            return False
        return all(self._moves_enough(at, chosen) for at in np.flatnonzero(self.guarded).tolist())

    def _steadying(self, chosen: Bools) -> dict[int, list[int]]:
        """Return for each chosen sum the proofs that change it and no other, the furthest first."""
        found: dict[int, list[int]] = {}
        within = self._effects * chosen
        only_one = (within != 0).sum(axis=1) == 1
        for at in np.flatnonzero(chosen):
            able = np.flatnonzero(only_one & (within[:, at] != 0))
            # One who is alone in a leaf undoes what leans on it: such proofs come last.
            far = self._reach[able] * np.abs(within[able, at])
            order = np.lexsort((-far, self._lonely[able]))
            found[int(at)] = [int(able[place]) for place in order[:_CHOICE]]
        return found

    def _mended(self, place: int, chosen: Bools, steadying: dict[int, list[int]]) -> bool:
        """Return whether a proof that changes chosen sums can be set off by others."""
        cell = self._cells[place]
        whole = np.zeros(self._leaves.size)
        whole[self._at[place]] = self._by[place]
        for at in np.flatnonzero(chosen & (self._effects[place] != 0)):
            if not steadying[int(at)]:
                return False
        for turn in range(_CHOICE):
            change = whole.copy()
            for at in np.flatnonzero(chosen & (self._effects[place] != 0)):
                others = [other for other in steadying[int(at)] if other != place]
                if not others:
                    return False
                other = others[min(turn, len(others) - 1)]
                share = self._effects[place, at] / self._effects[other, at]
                change[self._at[other]] -= share * self._by[other]
            if self._is_enough(cell, change, self._needs[place]):
                return True
        return False

    def _is_enough(self, cell: Cell, change: Floats, need: float) -> bool:
        left = abs(float(change[self._members(cell)].sum()))
        if left < _LEAST:
            return False
        moved = np.abs(change) > 1e-12
        reach = (self._leaves.ravel()[moved] / np.abs(change[moved])).min() * left
        return bool(reach >= need * _EXACT)

    def _members(self, cell: Cell) -> npt.NDArray[np.intp]:
        a, b, row, column = cell
        down, beside = self._grid.rows.above[a] == row, self._grid.columns.above[b] == column
        return np.flatnonzero(down[:, None] & beside)

    def _moves_enough(self, at: int, chosen: Bools) -> bool:
        """Return whether a sensitive sum stays in doubt beside the chosen ones."""
        quiet = ~(self._effects[:, chosen] != 0).any(axis=1)
        far = self._reach * np.abs(self._effects[:, at])
        need = self._protection * float(self._sums.totals[at])
        return bool((far[quiet] >= need * _EXACT).any())
