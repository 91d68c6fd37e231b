"""Which counts of people's standing may be published together, so that none of one or two is told.

The suppression of amounts (``suppression``) leaves a cell in doubt by a share
of its value: for a count of one that is a fraction of an enterprise, and who
knows that counts are whole knows the count. Here a count is left in doubt by
whole enterprises: for every sensitive one there is another world, in which
some enterprises stand otherwise, all published counts are the same, and this
one is one less; and another in which it is one more.

Such a world is made by giving one enterprise the standing of another kind that
occurs (a *replacement*), or by letting two of different places change their
standings (a *swap*): all that is known of how standings hang together, across
all rungs, then stays true. What stands in the way of the cheapest such world
is withheld. Withholding more never takes a world away, so one pass is enough.

The counts may overlap in any way: places in places, clusters across them,
rungs in rungs. What is sensitive is a count of fewer than ``least``; the
difference of two published ones of which one holds the other (of one place and
two rungs, or of one rung and two places); and a count that is everybody of its
place, since it tells the standing of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.rules import Bools, Floats

__all__ = ["Census", "Target", "Withheld", "count", "targets", "withhold"]

_TRIED = 24  # kinds of enterprise that are tried as the other side of a world
_WHOLE = 10.0  # what withholding a count of everybody costs, beside that of a part
_NEVER = 1e12  # what withholding costs that cannot be undone: it was published before


@dataclass(frozen=True, eq=False)
class Census:
    """Who stands where.

    Parameters
    ----------
    areas
        Shape (areas, leaves): which leaves an area holds; a leaf is the smallest part of places
        and clusters.
    marks
        Shape (marks, profiles): which profiles have a mark. A mark is what is counted (holds this
        title, is near that one); a profile is all marks of one enterprise.
    leaf, profile, size
        Shape (kinds,): of each kind of enterprise that occurs the leaf, the profile and how many.
    shown
        Shape (marks, areas): which counts are published at all unless withheld.
    open_marks
        Shape (marks,): marks that anybody can see (who holds a title is on a public list); that
        everybody of a place has one is no secret.
    """

    areas: Bools
    marks: Bools
    leaf: npt.NDArray[np.intp]
    profile: npt.NDArray[np.intp]
    size: Floats
    shown: Bools
    open_marks: Bools
    #: Groups of marks of which no enterprise has two: the standings before one rung.
    rungs: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Target:
    """Something that must stay in doubt: how many of an area have a mark.

    ``mark`` has shape (profiles,), ``area`` shape (leaves,); ``tells`` are the published counts
    (mark and area) that tell it together, one of which must go.
    """

    mark: Bools
    area: Bools
    value: float
    tells: tuple[tuple[int, int], ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Withheld:
    """What is withheld.

    Parameters
    ----------
    mask
        Shape (marks, areas).
    sensitive
        Shape (marks, areas): those that are so by themselves.
    told
        Targets for which no world is left, because what was published before tells too much.
    """

    mask: Bools
    sensitive: Bools
    told: tuple[Target, ...]


def count(census: Census) -> Floats:
    """Return how many of each area have each mark, in shape (marks, areas).

    Examples
    --------
    >>> import numpy as np
    >>> two = Census(np.array([[True, True], [True, False]]), np.array([[True, False]]),
    ...              np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([2.0, 1.0, 4.0]),
    ...              np.ones((1, 2), bool), np.zeros(1, bool))
    >>> count(two).tolist()
    [[3.0, 2.0]]
    """
    having = census.marks[:, census.profile] * census.size
    return np.asarray(having @ census.areas[:, census.leaf].T.astype(np.float64))


def targets(census: Census, least: int) -> tuple[Target, ...]:
    """Return everything that must stay in doubt.

    Parameters
    ----------
    census
        Who stands where.
    least
        A count (or a difference of published counts) of fewer is sensitive; zero is not.
    """
    return (*_counts(census, least), *_between_marks(census, least), *_between_areas(census, least))


def _counts(census: Census, least: int) -> Iterator[Target]:
    values, everybody = count(census), _everybody(census)
    whole = (values == everybody) & ~census.open_marks[:, None]
    sensitive = (values > 0) & ((values < least) | whole) & census.shown
    for mark, area in np.argwhere(sensitive).tolist():
        yield Target(
            census.marks[mark], census.areas[area], float(values[mark, area]), ((mark, area),)
        )


def _everybody(census: Census) -> Floats:
    return np.asarray(census.areas[:, census.leaf].astype(np.float64) @ census.size)


def _between_marks(census: Census, least: int) -> Iterator[Target]:
    """Yield differences of marks in one area: of two rungs, or of a rung and its parts.

    Everybody of an area counts as known, so what is left beside the counts of a rung is one too.
    """
    marks = np.vstack([census.marks, np.ones((1, census.marks.shape[1]), dtype=np.bool_)])
    shown = np.vstack([census.shown, np.ones((1, census.shown.shape[1]), dtype=np.bool_)])
    known = len(census.marks)
    alone = tuple((mark,) for mark in range(known) if not any(mark in r for r in census.rungs))
    for area, inside in enumerate(census.areas):
        here = inside[census.leaf]
        own = np.zeros(marks.shape[1])
        np.add.at(own, census.profile[here], census.size[here])
        there = marks & (own > 0)
        for parts in (*census.rungs, *alone):
            told = [part for part in parts if shown[part, area] and there[part].any()]
            for some in _unions(told):
                union = there[list(some)].any(axis=0)
                for other in np.flatnonzero(shown[:, area]).tolist():
                    if other in some or (union & ~there[other]).any():
                        continue
                    left = there[other] & ~union
                    value = float(own[left].sum())
                    if 0 < value < least:
                        tells = tuple((m, area) for m in (other, *some) if m != known)
                        mark = marks[other] & ~marks[list(some)].any(axis=0)
                        yield Target(mark, inside, value, tells)


def _unions(parts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for chosen in range(1, 1 << len(parts)):
        yield tuple(part for at, part in enumerate(parts) if chosen >> at & 1)


def _between_areas(census: Census, least: int) -> Iterator[Target]:
    """Yield differences of areas of one mark: of a cluster and the county that it lies in."""
    values = count(census)
    for large, outer in enumerate(census.areas):
        for small, inner in enumerate(census.areas):
            if small == large or not inner.any() or (inner & ~outer).any():
                continue
            both = census.shown[:, large] & census.shown[:, small]
            left = values[:, large] - values[:, small]
            for mark in np.flatnonzero(both & (left > 0) & (left < least)).tolist():
                if values[mark, small] > 0:
                    yield Target(
                        census.marks[mark], outer & ~inner, float(left[mark]),
                        ((mark, large), (mark, small)),
                    )  # fmt: skip


def withhold(
    census: Census,
    least: int,
    *,
    kept: Bools | None = None,
    known: Bools | None = None,
) -> Withheld:
    """Return which counts are withheld, so that every target stays in doubt.

    Parameters
    ----------
    census
        Who stands where.
    least
        As for `targets`; 2 or more.
    kept
        Shape (marks, areas): withheld by an earlier vintage, and so still.
    known
        Shape (marks, areas): published by an earlier vintage; no world may change them.

    Returns
    -------
    Withheld
        Whoever knows all published counts, who stands in which place and cluster, which standings
        can occur together, and the standing of at most one enterprise, finds every target (that is
        not ``told``) possible one lower and one higher: lower alone where everybody has the mark,
        and higher alone where the one enterprise that he knows is all of it.
    """
    values = count(census)
    sensitive = np.zeros_like(census.shown)
    mask = ~census.shown if kept is None else (kept | ~census.shown)
    wanted = targets(census, least)
    for target in wanted:
        if len(target.tells) == 1:
            sensitive[target.tells[0]] = True
    mask = mask | (sensitive if known is None else sensitive & ~known)
    search = _Search(census, values, mask, known)
    # The dear ones first: what they need serves the others.
    order = sorted(wanted, key=lambda t: (-int(t.area.sum()), t.value))
    told = [target for target in order if not search.protect(target)]
    return Withheld(search.mask & census.shown, sensitive, tuple(told))


class _Search:
    """Looks for the cheapest worlds, and withholds what stands in their way."""

    def __init__(self, census: Census, values: Floats, mask: Bools, known: Bools | None) -> None:
        self._census, self.mask = census, mask.copy()
        wide = census.areas.all(axis=1)
        price = (1 + np.log1p(values)) * np.where(wide, _WHOLE, 1.0)[None, :]
        self._price = price if known is None else np.where(known, _NEVER, price)
        self._in = census.areas[:, census.leaf].T  # kinds by areas
        self._has = census.marks[:, census.profile].T  # kinds by marks
        by_size = np.argsort(-census.size, kind="stable")
        first = np.unique(census.profile[by_size], return_index=True)[1]
        self._examples = by_size[first]  # a kind for each profile that occurs

    def protect(self, target: Target) -> bool:
        """Make sure that a target can be one lower and one higher; False where it cannot."""
        mark = target.mark[self._census.profile]
        area = target.area[self._census.leaf]
        lower = self._both_ways(np.flatnonzero(mark & area), ~mark, area)
        higher = self._both_ways(np.flatnonzero(~mark & area), mark, area)
        everybody = not (~mark & area).any()
        return lower and (higher or everybody)

    def _both_ways(self, movers: npt.NDArray[np.intp], wanted: Bools, area: Bools) -> bool:
        """Withhold what is in the way of one of ``movers`` taking a standing in ``wanted``.

        A second world is looked for that does without each enterprise that is the only one of its
        kind in the first: whoever runs it knows where it stands.
        """
        if not len(movers):
            return False
        first = self._cheapest(movers, wanted, area, -1)
        if first is None:
            return False
        self._use(first)
        size = self._census.size
        for alone in {kind for kind in (first.mover, first.other) if kind >= 0 and size[kind] == 1}:
            rest = movers[movers != alone]
            if not len(rest):
                continue  # he is all of it: there is nobody left whose standing he could learn
            if (second := self._cheapest(rest, wanted, area, alone)) is None:
                return False
            self._use(second)
        return True

    def _cheapest(
        self, movers: npt.NDArray[np.intp], wanted: Bools, area: Bools, without: int
    ) -> _World | None:
        best: _World | None = None
        prices = np.where(self.mask, 0.0, self._price)
        outside = np.flatnonzero(wanted & ~area)
        outside = outside[outside != without]
        models = self._examples[wanted[self._examples]]
        for mover in self._tried(movers):
            for others, is_swap in ((outside, True), (models, False)):
                if not len(others):
                    continue
                changed = self._has[others] != self._has[mover]
                touched = self._in[others] != self._in[mover] if is_swap else None
                reach = changed @ prices
                cost = (
                    (reach * touched).sum(axis=1)
                    if touched is not None
                    else reach @ self._in[mover].astype(np.float64)
                )
                at = int(np.argmin(cost))
                if cost[at] < (_NEVER if best is None else best.cost):
                    other = int(others[at])
                    where = self._in[mover] if touched is None else touched[at]
                    best = _World(
                        float(cost[at]), int(mover), other if is_swap else -1, changed[at], where
                    )
                if best is not None and best.cost == 0:
                    return best
        return best

    def _tried(self, movers: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        order = np.argsort(-self._census.size[movers], kind="stable")
        return np.asarray(movers[order[:_TRIED]])

    def _use(self, world: _World) -> None:
        self.mask |= world.marks[:, None] & world.areas[None, :]


@dataclass(frozen=True, eq=False)
class _World:
    """A change that leaves everything but ``marks`` in ``areas`` as it is."""

    cost: float
    mover: int
    other: int
    marks: Bools
    areas: Bools
