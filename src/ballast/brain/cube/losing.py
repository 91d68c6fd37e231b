"""How much is withheld, and how little could be: what a publisher must be able to say of a cube."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ballast.brain.cube.deciding import Decision
from ballast.brain.cube.protecting import Masks, Shield
from ballast.brain.cube.tree import Tree
from ballast.brain.disclosure.grid import Grid

__all__ = ["Loss", "least_secondary", "loss"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is withheld of one magnitude over all its periods.

    Parameters
    ----------
    cells
        Cells of the trees with an amount, over all periods.
    primary, secondary
        Those that are sensitive themselves, and those withheld for the sake of others.
    least
        Below this many secondary ones no pattern of single periods can go.
    value, value_lost
        The amounts of all leaves that are published or withheld, and of those withheld though not
        sensitive.
    told
        Sensitive cells that earlier vintages had told already.
    across, across_withheld
        Clusters with an amount, and those of them that are withheld.
    """

    cells: int
    primary: int
    secondary: int
    least: int
    value: float
    value_lost: float
    told: int
    across: int
    across_withheld: int

    def __add__(self, other: Loss) -> Loss:
        """Return what two magnitudes lose together."""
        return Loss(
            *(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__)
        )


def loss(tree: Tree, decisions: Sequence[Decision], clusters: int) -> Loss:
    """Return what is withheld of one magnitude.

    Parameters
    ----------
    tree
        The trees.
    decisions
        What is published of it in each period.
    clusters
        How many of the sums across are clusters.
    """
    found = Loss(0, 0, 0, 0, 0.0, 0.0, 0, 0, 0)
    inner = tree.inner
    for decision in decisions:
        shield = decision.shield
        counts = [0, 0, 0]
        for pair, total in shield.monthly.totals.items():
            shown = tree.grid.published(*pair) & ~inner[pair] & (total > 0)
            primary = shield.monthly.primary[pair] & shown
            secondary = shield.withheld[pair] & shown & ~primary
            for at, mask in enumerate((shown, primary, secondary)):
                counts[at] += int(mask.sum())
        leaves = shield.monthly.leaves
        only = shield.withheld[0, 0] & ~shield.monthly.primary[0, 0]
        found += Loss(
            cells=counts[0],
            primary=counts[1],
            secondary=counts[2],
            least=least_secondary(tree.grid, shield, inner),
            value=float(leaves.sum()),
            value_lost=float(leaves[only].sum()),
            told=len(shield.told),
            across=clusters,
            across_withheld=int((~decision.across[:clusters]).sum()),
        )
    return found


def least_secondary(grid: Grid, shield: Shield, inner: Masks) -> int:
    """Return a number of secondary cells below which no pattern of one period can go.

    Notes
    -----
    In every sum with its parts of which exactly one has an amount and is sensitive, one more must
    be withheld. Sums of one direction whose totals stand on every other level have no cell in
    common, so what they ask for adds up; the largest of these four counts is the bound. A cell
    in no publication may serve, so that sums with such a part ask for nothing.
    """
    best = 0
    for down in (True, False):
        hierarchy = grid.rows if down else grid.columns
        asked = [_asking(grid, shield, inner, level, down) for level in range(1, hierarchy.levels)]
        best = max(best, sum(asked[::2]), sum(asked[1::2]))
    return best


def _asking(grid: Grid, shield: Shield, inner: Masks, level: int, down: bool) -> int:
    """Return how many sums with their total on a level hold exactly one sensitive cell."""
    hierarchy, other = (grid.rows, grid.columns) if down else (grid.columns, grid.rows)
    below = np.zeros(len(hierarchy.names[level - 1]), dtype=np.intp)
    below[hierarchy.above[level - 1]] = hierarchy.above[level]
    # A branch that is shorter repeats its leaf: the sum has that one part, and asks for nothing.
    whole = hierarchy.published[level]
    found = 0
    for across in range(other.levels):
        high, low = ((level, across), (level - 1, across))
        pairs = (high, low) if down else (high[::-1], low[::-1])
        sensitive, free = [], []
        for pair in pairs:
            there = shield.monthly.totals[pair] > 0
            mask, open_to_all = shield.monthly.primary[pair] & there, inner[pair] & there
            sensitive.append(mask if down else mask.T)
            free.append(open_to_all if down else open_to_all.T)
        counts, frees = sensitive[0].astype(int), free[0].astype(int)
        np.add.at(counts, below, sensitive[1].astype(int))
        np.add.at(frees, below, free[1].astype(int))
        one = (counts == 1) & (frees == 0)
        found += int(one[whole][:, other.published[across]].sum())
    return found
