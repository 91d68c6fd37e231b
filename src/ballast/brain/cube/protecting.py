"""What is withheld of one magnitude, period after period of a year, and the proof for each cell.

A pattern found for each month by itself would come and go, and a cell that
is withheld in March and published in the year to date of April is told. So
within a year a cell that is once withheld stays withheld, and its year to
date with it: what is published of a month is then all that can be known of
that month, and each month is protected as a table of its own.

Each sensitive cell has a proof (``proving``): withheld leaves that can change
against each other while every published sum stays. One that still reaches far
enough in the next month, the next year or the next magnitude is used again;
only where none does is a new one looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ballast.brain.cube.proving import Proof, Prover, reaches, remaining
from ballast.brain.disclosure.grid import Cell, Grid, added_up
from ballast.brain.disclosure.ledger import Ledger
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules, sensitive

__all__ = ["Monthly", "Proofs", "Shield", "monthly", "nothing_withheld", "protected"]

Pair = tuple[int, int]
Masks = dict[Pair, Bools]
Proofs = dict[Cell, tuple[Proof, ...]]
_EXACT = 1 - 1e-9
_DEAR = 1e5  # what withholding the whole costs, beside 1 for an empty cell
_BEARABLE = 200.0  # what a proof of another table may cost before a new one is looked for
_HABIT = 0.02  # of its cost, for a cell that was withheld the year before
_CHEAP = 0.01  # what withholding a cell costs that stands in no publication, but can be worked out


@dataclass(frozen=True, eq=False)
class Monthly:
    """One magnitude in one period.

    Parameters
    ----------
    leaves
        Shape (rows, columns): the sum of the absolute amounts of each leaf.
    contributors
        Shape (rows, columns): how many enterprises stand behind it with an amount that is not 0.
    totals
        For each pair of levels the sums of ``leaves``.
    primary
        For each pair of levels which cells are sensitive.
    """

    leaves: Floats
    contributors: Floats
    totals: Mapping[Pair, Floats]
    primary: Masks


@dataclass(frozen=True, eq=False)
class Shield:
    """What is withheld of one magnitude in one period.

    Parameters
    ----------
    monthly
        The magnitude.
    withheld
        For each pair of levels which cells are.
    proofs
        For each sensitive cell its proofs.
    told
        Sensitive cells for which there is none, because an earlier vintage told too much.
    """

    monthly: Monthly
    withheld: Masks
    proofs: Proofs
    told: tuple[Cell, ...] = field(default=())


def monthly(
    grid: Grid,
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    amounts: Floats,
    rules: PrimaryRules,
) -> Monthly:
    """Return one magnitude in one period, summed, with what is sensitive by itself.

    Parameters
    ----------
    grid
        The table.
    rows, columns
        Shape (n,): of each enterprise the leaf that it stands in; no enterprise twice.
    amounts
        Shape (n,): what it reported; 0 and nothing (NaN) contribute nothing, but a 0 was reported.
    rules
        The bounds.

    Notes
    -----
    A loss takes away from a sum what another's profit adds, and a share of such a sum says
    nothing: shares are of the sum of the absolute amounts.
    """
    shape = grid.shape(0, 0)
    told = ~np.isnan(amounts)
    reporting = added_up(
        grid, _counted((rows * shape[1] + columns)[told], np.ones(int(told.sum())), shape)
    )
    size = np.abs(np.nan_to_num(amounts))
    there = size > 0
    rows, columns, size = rows[there], columns[there], size[there]
    flat = rows * shape[1] + columns
    leaves = _counted(flat, size, shape)
    counts = _counted(flat, np.ones(len(flat)), shape)
    totals, numbers = added_up(grid, leaves), added_up(grid, counts)
    # The largest of each cell: the last of its rows where these stand in order of size.
    order = np.argsort(size, kind="stable")
    primary = {}
    for pair in grid.level_pairs():
        wide = grid.shape(*pair)[1]
        place = grid.rows.above[pair[0]][rows] * wide + grid.columns.above[pair[1]][columns]
        top = np.zeros(totals[pair].size)
        top[place[order]] = size[order]
        found = sensitive(numbers[pair], top.reshape(totals[pair].shape), totals[pair], rules)
        # A zero of one or two is what one or two reported.
        few = (reporting[pair] > 0) & (reporting[pair] < rules.least)
        primary[pair] = np.asarray((found | few) & grid.published(*pair))
    return Monthly(leaves, counts, totals, primary)


def _counted(flat: npt.NDArray[np.intp], size: Floats, shape: tuple[int, int]) -> Floats:
    found = np.bincount(flat, size, shape[0] * shape[1]).reshape(shape)
    return found.astype(np.float64)


def nothing_withheld(grid: Grid) -> Masks:
    """Return for each pair of levels that no cell is withheld."""
    return {pair: np.zeros(grid.shape(*pair), dtype=np.bool_) for pair in grid.level_pairs()}


def protected(
    grid: Grid,
    months: Sequence[Monthly],
    rules: PrimaryRules,
    *,
    kept: Sequence[Masks | None] | None = None,
    known: Sequence[Masks | None] | None = None,
    tried: Proofs | None = None,
    inner: Masks | None = None,
    habit: Masks | None = None,
) -> list[Shield]:
    """Return what is withheld of one magnitude in the periods of one year.

    Parameters
    ----------
    grid
        The table.
    months
        The periods in order.
    rules
        ``protection`` says how far a sensitive cell must stay in doubt, up and down.
    kept, known
        For each period what earlier vintages withheld, and what they published: the first stays
        withheld, and no proof may rest on the second.
    tried
        Proofs to try first.
    inner
        Cells that stand in no publication and cost nothing, though they can be worked out.
    habit
        What was withheld the year before: to be preferred, so that readers see long series.

    Returns
    -------
    list of Shield
        One for each period. Whoever knows everything that is published of the year, of any
        vintage, and that nothing is negative, and at most one enterprise's own figures, finds the
        amount of every sensitive cell (that is not ``told``) possible anywhere between its value
        less and its value plus ``rules.protection`` of it.

    Notes
    -----
    Not proven: that several enterprises who put their figures together learn nothing; that a
    whole number (of enterprises) cannot be told where its neighbours are small; anything of a
    cell whose amount is 0.
    """
    found: list[Shield] = []
    held = nothing_withheld(grid)
    last: Proofs = {}
    proofs: Proofs = dict(tried or {})
    for place, month in enumerate(months):
        told_before = (known or [None] * len(months))[place]
        before = (kept or [None] * len(months))[place]
        held = {
            pair: held[pair] | month.primary[pair] | (before[pair] if before else False)
            for pair in held
        }
        costs = _costs(month, told_before, inner, habit)
        shield = _one(grid, month, rules, held, proofs, last, told_before, costs)
        proofs.update(shield.proofs)
        last = shield.proofs
        held = shield.withheld
        found.append(shield)
    return found


def _one(
    grid: Grid,
    month: Monthly,
    rules: PrimaryRules,
    held: Masks,
    proofs: Proofs,
    last: Proofs,
    known: Masks | None,
    costs: dict[Pair, Floats],
) -> Shield:
    """Return the shield of one period; ``held`` is withheld anyway, ``last`` are its proofs."""
    targets = _targets(month)
    good = _still_good(grid, month, rules, targets, proofs)
    used: Proofs = {}
    withheld = {pair: mask.copy() for pair, mask in held.items()}
    for cell in targets:
        if known is None and cell in good and last.get(cell) is proofs[cell]:
            used[cell] = proofs[cell]  # what it rests on is withheld since the month before
        elif cell in good and _extra(proofs[cell], costs, withheld, known) <= _BEARABLE:
            used[cell] = proofs[cell]
            for proof in proofs[cell]:
                for a, b, row, column in proof.cells:
                    withheld[a, b][row, column] = True
    open_cells = [cell for cell in targets if cell not in used]
    if not open_cells:
        return Shield(month, withheld, used)
    # What readers know already serves no proof, though it be withheld now.
    free = withheld if known is None else {p: withheld[p] & ~known[p] for p in withheld}
    ledger = Ledger(grid, costs, free)
    prover = Prover(grid, month.leaves, month.contributors, ledger)
    told = []
    for cell in open_cells:
        need = rules.protection * float(month.totals[cell[:2]][cell[2:]])
        if chosen := prover.proofs(cell, need):
            used[cell] = chosen
        else:
            told.append(cell)
    final = {pair: ledger.withheld(pair) | withheld[pair] for pair in withheld}
    return Shield(month, final, used, tuple(told))


def _targets(month: Monthly) -> list[Cell]:
    """Return the sensitive cells, sums first: what they need is dear, and helps those below."""
    found: list[tuple[int, float, Cell]] = []
    for (a, b), mask in month.primary.items():
        rows, columns = np.nonzero(mask & (month.totals[a, b] > 0))
        totals = month.totals[a, b]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            found.append((-(a + b), -float(totals[row, column]), (a, b, row, column)))
    return [cell for _, _, cell in sorted(found)]


def _costs(
    month: Monthly, known: Masks | None, inner: Masks | None, habit: Masks | None
) -> dict[Pair, Floats]:
    whole = max(float(month.leaves.sum()), 1e-9)
    costs = {pair: 1 + _DEAR * total / whole for pair, total in month.totals.items()}
    for pair in costs:
        if inner is not None:
            costs[pair] = np.where(inner[pair], _CHEAP, costs[pair])
        if habit is not None:
            costs[pair] = np.where(habit[pair], _HABIT * costs[pair], costs[pair])
        if known is not None:
            costs[pair] = np.where(known[pair], np.inf, costs[pair])
    return costs


def _extra(
    proofs: tuple[Proof, ...], costs: dict[Pair, Floats], withheld: Masks, known: Masks | None
) -> float:
    """Return what proofs would withhold beside what is withheld already."""
    cells = {cell for proof in proofs for cell in proof.cells}
    return sum(
        float(costs[a, b][row, column])
        for a, b, row, column in cells
        if not withheld[a, b][row, column] or (known is not None and known[a, b][row, column])
    )


def _still_good(
    grid: Grid, month: Monthly, rules: PrimaryRules, targets: list[Cell], proofs: Proofs
) -> set[Cell]:
    """Return the cells whose proofs reach far enough in a period, for insiders too."""
    known = [cell for cell in targets if cell in proofs]
    tried = [(cell, place, proof) for cell in known for place, proof in enumerate(proofs[cell])]
    far = reaches([proof for _, _, proof in tried], month.leaves).tolist()
    alone = month.contributors == 1
    wrong = set()
    for (cell, place, _), reach in zip(tried, far, strict=True):
        need = rules.protection * float(month.totals[cell[:2]][cell[2:]])
        if reach >= need * _EXACT:
            continue
        # The second proof is for who is alone in a leaf of the first, and about the others only.
        first = [leaf for leaf, _ in proofs[cell][0].change if alone[leaf]]
        if place == 0 or reach < need * remaining(grid, month.leaves, cell, first) * _EXACT:
            wrong.add(cell)
    return set(known) - wrong
