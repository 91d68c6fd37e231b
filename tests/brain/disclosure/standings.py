"""Enterprises that stand before two rungs, and an attacker who counts in whole numbers."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from ballast.brain.disclosure.census import Census, Target, count
from ballast.brain.disclosure.rules import Bools, Floats

LEAST = 3


def census(seed: int, *, enterprises: int = 160) -> Census:
    """Return counties with clusters across them, and two rungs of which one needs the other.

    Marks: of the lower rung held, eligible, near; of the upper one the same. Whoever holds,
    reaches or is near the upper one holds the lower one, as the law has it.
    """
    random = np.random.default_rng(seed)
    counties, clusters = 4, 2
    places = [(c, k) for c in range(counties) for k in (-1, *range(clusters))]
    areas = np.array(
        [[True] * len(places)]
        + [[place[0] == c for place in places] for c in range(counties)]
        + [[place[1] == k for place in places] for k in range(clusters)]
    )
    profiles = [  # lower: holds, eligible, near; upper: holds, eligible, near
        (0, 0, 0, 0, 0, 0), (1, 0, 0, 0, 0, 0), (0, 1, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0),
        (1, 0, 0, 1, 0, 0), (1, 0, 0, 0, 1, 0), (1, 0, 0, 0, 0, 1),
    ]  # fmt: skip
    chance = random.dirichlet([12, 3, 1.5, 1.5, 0.8, 0.5, 0.8])
    where = random.dirichlet(np.full(len(places), 0.7))
    drawn = np.stack(
        [random.choice(len(places), enterprises, p=where),
         random.choice(len(profiles), enterprises, p=chance)]
    )  # fmt: skip
    kinds, size = np.unique(drawn, axis=1, return_counts=True)
    return Census(
        areas=areas,
        marks=np.array(profiles, dtype=np.bool_).T.copy(),
        leaf=kinds[0],
        profile=kinds[1],
        size=size.astype(np.float64),
        shown=np.ones((6, len(areas)), dtype=np.bool_),
        open_marks=np.array([True, False, False, True, False, False]),
        rungs=((0, 1, 2), (3, 4, 5)),
    )


class Attacker:
    """Knows who stands in which place, which standings occur together, and what is published.

    How many of each place have each standing is the unknown; ``insider`` is a kind of which one
    enterprise knows where it stands; ``possible`` are profiles, in shape (marks, profiles), that do
    not occur and that he cannot rule out.
    """

    def __init__(
        self, of: Census, withheld: Bools, insider: int = -1, possible: Bools | None = None
    ) -> None:
        self._marks = of.marks if possible is None else np.hstack([of.marks, possible])
        self._leaves, self._profiles = of.areas.shape[1], self._marks.shape[1]
        wide = self._leaves * self._profiles
        lines: list[Floats] = []
        known: list[float] = []
        values = count(of)
        for mark, area in np.argwhere(~withheld & of.shown).tolist():
            lines.append(self.line(self._marks[mark], of.areas[area]))
            known.append(values[mark, area])
        everybody = np.ones(self._profiles, dtype=np.bool_)
        for leaf in range(self._leaves):
            lines.append(self.line(everybody, np.arange(self._leaves) == leaf))
            known.append(float(of.size[of.leaf == leaf].sum()))
        self._equations = csr_matrix(np.array(lines))
        self._known = np.array(known)
        self._least = np.zeros(wide)
        if insider >= 0:
            self._least[of.leaf[insider] * self._profiles + of.profile[insider]] = 1

    def line(self, mark: Bools, area: Bools) -> Floats:
        return np.outer(area, mark).ravel().astype(np.float64)

    def bounds(self, target: Target) -> tuple[float, float]:
        aim = self.line(target.among(self._marks), target.area)
        found = []
        for sign in (1, -1):
            answer = milp(
                sign * aim,
                constraints=LinearConstraint(self._equations, self._known, self._known),
                integrality=np.ones(len(aim)),
                bounds=Bounds(self._least, np.inf),
            )
            assert answer.status == 0, answer.message
            found.append(round(sign * answer.fun))
        return found[0], found[1]


def in_doubt(of: Census, target: Target, bounds: tuple[float, float]) -> bool:
    everybody = not (~target.among(of.marks)[of.profile] & target.area[of.leaf]).any()
    return bounds[0] < target.value and (bounds[1] > target.value or everybody)


def possible_beside(of: Census) -> Bools:
    """Return profiles that do not occur, made of standings that occur together in pairs."""
    seen = {tuple(profile) for profile in of.marks.T.tolist()}
    found: set[tuple[bool, ...]] = set()
    for one in list(seen):
        for other in list(seen):
            for at, family in enumerate(of.families):
                mixed = list(one)
                for mark in family:
                    mixed[mark] = other[mark]
                own = [mixed[mark] for mark in of.rungs[at]]
                rest = [rung for place, rung in enumerate(of.rungs) if place != at]
                fits = all(
                    any(
                        [each[m] for m in of.rungs[at]] == own
                        and [each[m] for m in rung] == [mixed[m] for m in rung]
                        for each in seen
                    )
                    for rung in rest
                )
                if fits and tuple(mixed) not in seen:
                    found.add(tuple(mixed))
    return np.array(sorted(found), dtype=np.bool_).reshape(-1, len(of.marks)).T
