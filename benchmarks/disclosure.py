"""Secondary suppression of 3,000 counties × 41 divisions with their margins, and how near the best.

Claim: under 60 seconds. The counties stand in cities, provinces and the nation, the divisions in
sections. What is lost is compared with a bound that no pattern can go below: in every sum with
just one sensitive part another part (or the sum) must be withheld; a fractional cover of all such
sums, by linear programming, costs no more than the best whole one. The bound does not ask that the
doubt be wide enough nor that moves close, so the best pattern lies well above it.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from ballast.brain.disclosure.grid import Grid, added_up
from ballast.brain.disclosure.hierarchy import Hierarchy, hierarchy
from ballast.brain.disclosure.rules import Bools, Floats, PrimaryRules, sensitive
from ballast.brain.disclosure.suppression import Pattern, Status, suppress

COUNTIES, DIVISIONS, ENTERPRISES, CLAIM_SECONDS = 3000, 41, 450_000, 60.0


def nation() -> tuple[Grid, Floats, Floats, dict[tuple[int, int], Bools]]:
    """Return a made-up nation of enterprises above scale, spread as unevenly as real ones."""
    random = np.random.default_rng(41)
    rows: dict[str, str | None] = {"nation": None}
    for county in range(COUNTIES):
        city = county // 9
        rows |= {f"p{city // 11}": "nation", f"c{city}": f"p{city // 11}", f"k{county}": f"c{city}"}
    columns: dict[str, str | None] = {"industry": None, "B": "industry", "C": "industry"}
    columns |= {"D": "industry"}
    columns |= {f"d{n}": "B" if n < 7 else "D" if n > 37 else "C" for n in range(DIVISIONS)}
    grid = Grid(
        hierarchy(rows, leaves=[f"k{n}" for n in range(COUNTIES)]),
        hierarchy(columns, leaves=[f"d{n}" for n in range(DIVISIONS)]),
    )
    weight = np.outer(random.dirichlet(np.full(COUNTIES, 1.0)), random.dirichlet(np.full(41, 1.5)))
    weight *= random.lognormal(0, 1.2, weight.shape)
    place = random.choice(weight.size, ENTERPRISES, p=(weight / weight.sum()).ravel())
    size = random.lognormal(8.5, 1.3, ENTERPRISES) + 2000
    shape = grid.shape(0, 0)
    leaves = np.bincount(place, size, weight.size).reshape(shape).astype(float)
    counts = np.bincount(place, minlength=weight.size).reshape(shape).astype(float)
    largest = np.zeros(weight.size)
    np.maximum.at(largest, place, size)
    values, numbers = added_up(grid, leaves), added_up(grid, counts)
    primary = {}
    for pair in values:
        top = np.zeros(grid.shape(*pair))
        up, over = grid.rows.above[pair[0]], grid.columns.above[pair[1]]
        np.maximum.at(top, (up[:, None], over[None, :]), largest.reshape(shape))
        primary[pair] = sensitive(numbers[pair], top, values[pair], PrimaryRules())
    return grid, leaves, counts, primary


def sums(grid: Grid, pattern: Pattern) -> tuple[list[list[int]], np.ndarray, np.ndarray]:
    """Return the members of every sum over siblings, and weight and sensitivity of each cell."""
    base, start = {}, 0
    for pair in grid.level_pairs():
        base[pair] = start
        start += int(np.prod(grid.shape(*pair)))
    weight, primary = np.ones(start), np.zeros(start, dtype=bool)
    for pair, status in pattern.status.items():
        end = base[pair] + status.size
        weight[base[pair] : end] = 1 + np.log1p(pattern.values[pair].ravel())
        primary[base[pair] : end] = (status == Status.PRIMARY).ravel()
        weight[base[pair] : end][pattern.values[pair].ravel() == 0] = np.inf
    found: list[list[int]] = []
    for a, b in grid.level_pairs():
        n, m = grid.shape(a, b)
        if a + 1 < grid.rows.levels:
            for parent, children in _families(grid.rows, a):
                for column in range(m):
                    cells = [base[a, b] + child * m + column for child in children]
                    found.append([*cells, base[a + 1, b] + parent * m + column])
        if b + 1 < grid.columns.levels:
            wide = grid.shape(a, b + 1)[1]
            for parent, children in _families(grid.columns, b):
                for row in range(n):
                    cells = [base[a, b] + row * m + child for child in children]
                    found.append([*cells, base[a, b + 1] + row * wide + parent])
    return found, weight, primary


def _families(one: Hierarchy, level: int) -> list[tuple[int, list[int]]]:
    pairs = sorted(set(zip(one.above[level + 1].tolist(), one.above[level].tolist(), strict=True)))
    families: dict[int, list[int]] = {}
    for parent, child in pairs:
        families.setdefault(parent, []).append(child)
    return list(families.items())


def bound(grid: Grid, pattern: Pattern) -> float:
    """Return a cost below which no pattern can be."""
    found, weight, primary = sums(grid, pattern)
    needy = [each for each in found if primary[each].sum() == 1]
    rows = np.repeat(np.arange(len(needy)), [len(each) for each in needy])
    members = np.concatenate([np.array(each) for each in needy])
    usable = ~primary[members] & np.isfinite(weight[members])
    cells, place = np.unique(members[usable], return_inverse=True)
    cover = csr_matrix((-np.ones(len(place)), (rows[usable], place)), (len(needy), len(cells)))
    coverable = np.asarray(cover.sum(axis=1)).ravel() < 0
    cover = cover[coverable]
    answer = linprog(
        weight[cells], A_ub=cover, b_ub=-np.ones(cover.shape[0]), bounds=(0, 1), method="highs"
    )
    return float(answer.fun)


def main() -> None:
    """Measure and print."""
    grid, leaves, counts, primary = nation()
    for rounds in (0, 1):
        began = time.perf_counter()
        pattern = suppress(grid, leaves, counts, primary, PrimaryRules(), rounds=rounds)
        seconds = time.perf_counter() - began
        spent = sum(
            float((1 + np.log1p(pattern.values[pair]))[status == Status.SECONDARY].sum())
            for pair, status in pattern.status.items()
        )
        print(
            f"rounds {rounds}: {seconds:.1f} s (claim {CLAIM_SECONDS:.0f}"
            f"{'' if seconds < CLAIM_SECONDS else ': MISSED'}); sensitive "
            f"{pattern.count(Status.PRIMARY):,}, further {pattern.count(Status.SECONDARY):,} of "
            f"{sum(int(np.prod(grid.shape(*pair))) for pair in grid.level_pairs()):,} cells, "
            f"{pattern.lost():.1%} of the value; cost {spent:,.0f}"
        )
    least = bound(grid, pattern)
    print(
        f"no pattern costs less than {least:,.0f}: ours is at most {spent / least:.2f} times that"
    )


if __name__ == "__main__":
    main()
