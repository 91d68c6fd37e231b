"""Which counts of people's standing may be published together, so that none of one or two is told.

The suppression of amounts (``suppression``) leaves a cell in doubt by a share
of its value: for a count of one that is a fraction of an enterprise, and who
knows that counts are whole knows the count. Here a count is left in doubt by
whole enterprises: for every sensitive one there is another world, in which
some enterprises stand otherwise, all published counts are the same, and this
one is one less; and another in which it is one more.

Such a world is made by letting two enterprises of different places change all
their standings (a *swap*), or by giving one another's standings, or another standing
before one rung that occurs together with its own before each other rung (a
*change*): so what is known of how the rungs hang together stays true. What
stands in the way of the cheapest such world is withheld. Withholding more never
takes a world away, so one pass is enough.

The counts may overlap in any way: places in places, clusters across them,
rungs in rungs. What is sensitive is a count of fewer than ``least``; the
difference of two published ones of which one holds the other (of one place and
two rungs, or of one rung and two places); and a count that is everybody of its
place, since it tells the standing of each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.census import Census, Target, count, targets
from ballast.brain.disclosure.rules import Bools, Floats

__all__ = ["Withheld", "withhold"]

_TRIED = 24  # kinds of enterprise that are tried as the other side of a world
_WHOLE = 300.0  # what withholding a count of everybody costs, where its parts are shown too
_NEVER = 1e12  # what withholding costs that cannot be undone: it was published before


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


def withhold(
    census: Census,
    least: int,
    *,
    kept: Bools | None = None,
    known: Bools | None = None,
    also: Bools | None = None,
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
    also
        Shape (marks, areas): sensitive for another reason, such as that a count of an earlier
        vintage differs from them by one or two.

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
    if also is not None:
        wanted += tuple(
            Target(m, (), census.areas[a], float(values[m, a]), ((m, a),))
            for m, a in np.argwhere(also & census.shown & (values > 0)).tolist()
        )
        mask = mask | also
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
        wide = np.asarray(census.areas.all(axis=1))
        parted = np.asarray(census.shown.sum(axis=1) > 1)
        dear = np.where(np.outer(parted, wide), _WHOLE, 1.0)
        price = (1 + np.log1p(values)) * dear
        self._price = price if known is None else np.where(known, _NEVER, price)
        self._in = census.areas[:, census.leaf].T  # kinds by areas
        self._has: Bools = np.asarray(census.marks[:, census.profile].T)  # kinds by marks
        self._together = _pairs(census)
        self._variants: dict[int, Bools] = {}

    def protect(self, target: Target) -> bool:
        """Make sure that a target can be one lower and one higher; False where it cannot."""
        mark = target.among(self._census.marks)[self._census.profile]
        area = target.area[self._census.leaf]
        lower = self._both_ways(np.flatnonzero(mark & area), target, False)
        higher = self._both_ways(np.flatnonzero(~mark & area), target, True)
        everybody = not (~mark & area).any()
        return lower and (higher or everybody)

    def _both_ways(self, movers: npt.NDArray[np.intp], target: Target, wanted: bool) -> bool:
        """Withhold what is in the way of one of ``movers`` being counted (``wanted``), or not.

        A second world is looked for that does without each enterprise that is the only one of its
        kind in the first: whoever runs it knows where it stands.
        """
        if not len(movers):
            return False
        first = self._cheapest(movers, target, wanted, -1)
        if first is None:
            return False
        self._use(first)
        size = self._census.size
        for alone in {kind for kind in (first.mover, first.other) if kind >= 0 and size[kind] == 1}:
            rest = movers[movers != alone]
            if not len(rest):
                continue  # he is all of it: there is nobody left whose standing he could learn
            if (second := self._cheapest(rest, target, wanted, alone)) is None:
                return False
            self._use(second)
        return True

    def _cheapest(
        self, movers: npt.NDArray[np.intp], target: Target, wanted: bool, without: int
    ) -> _World | None:
        best: _World | None = None
        prices = np.where(self.mask, 0.0, self._price)
        marked = target.among(self._census.marks)[self._census.profile] == wanted
        outside = np.flatnonzero(marked & ~target.area[self._census.leaf])
        outside = outside[outside != without]
        for mover in movers.tolist():
            best = _cheaper(best, self._change(mover, self._into(mover, target, wanted), prices))
            if best is not None and best.cost == 0:
                return best
        for mover in self._largest(movers).tolist():
            best = _cheaper(best, self._swap(mover, outside, prices))
            if best is not None and best.cost == 0:
                return best
        return best

    def _into(self, mover: int, target: Target, wanted: bool) -> Bools:
        """Return the profiles that a kind can be changed into, of those that count, or do not."""
        variants = self._changes(int(self._census.profile[mover]))
        return np.asarray(variants[target.among(variants.T) == wanted])

    def _swap(self, mover: int, others: npt.NDArray[np.intp], prices: Floats) -> _World | None:
        """Return the cheapest swap of a kind with one of others."""
        if not len(others):
            return None
        changed = self._has[others] != self._has[mover]
        touched = self._in[others] != self._in[mover]
        cost = ((changed @ prices) * touched).sum(axis=1)
        at = int(np.argmin(cost))
        return _World(float(cost[at]), mover, int(others[at]), changed[at], touched[at])

    def _change(self, mover: int, variants: Bools, prices: Floats) -> _World | None:
        """Return the cheapest change of a kind's standings."""
        if not len(variants):
            return None
        changed = variants != self._has[mover]
        cost = (changed @ prices) @ self._in[mover].astype(np.float64)
        at = int(np.argmin(cost))
        return _World(float(cost[at]), mover, -1, changed[at], self._in[mover])

    def _changes(self, profile: int) -> Bools:
        """Return the profiles, in shape (profiles, marks), that one can be changed into."""
        if profile not in self._variants:
            own = self._census.marks[:, profile]
            found = [
                np.where(family, pattern, own)
                for family, patterns, fits in self._together
                for pattern in patterns[fits(own)]
                if (pattern[family] != own[family]).any()
            ]
            near = np.array(found, dtype=np.bool_).reshape(-1, len(own))
            self._variants[profile] = near
        return self._variants[profile]

    def _largest(self, movers: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        order = np.argsort(-self._census.size[movers], kind="stable")
        return np.asarray(movers[order[:_TRIED]])

    def _use(self, world: _World) -> None:
        self.mask |= world.marks[:, None] & world.areas[None, :]


def _cheaper(one: _World | None, other: _World | None) -> _World | None:
    """Return the cheaper of two worlds; one that cannot be had is none."""
    possible = [each for each in (one, other) if each is not None and each.cost < _NEVER]
    return min(possible, key=lambda each: each.cost, default=None)


Fits = Callable[[Bools], Bools]


def _pairs(census: Census) -> list[tuple[Bools, Bools, Fits]]:
    """Return for each rung its marks, what of them occurs, and which of that fits to a profile.

    A standing fits where it occurs together with the profile's standing before each other rung;
    what refines a standing is a matter of its own rung.
    """
    single = tuple((mark,) for mark in range(len(census.marks)))
    rungs = census.rungs or single
    places = np.arange(len(census.marks))
    bare = [np.isin(places, rung) for rung in rungs]
    profiles = census.marks.T
    found: list[tuple[Bools, Bools, Fits]] = []
    for family, own_rung in zip(census.families or rungs, bare, strict=True):
        mask = np.isin(places, family)
        patterns = np.unique(profiles & mask, axis=0)

        def fits(own: Bools, own_rung: Bools = own_rung, patterns: Bools = patterns) -> Bools:
            good = np.ones(len(patterns), dtype=np.bool_)
            wanted = patterns & own_rung
            for other in bare:
                if other is not own_rung:
                    alike = ((profiles & other) == (own & other)).all(axis=1)
                    beside = profiles[alike] & own_rung
                    good &= (wanted[:, None, :] == beside[None, :, :]).all(axis=2).any(axis=1)
            return good

        found.append((mask, patterns, fits))
    return found


@dataclass(frozen=True, eq=False)
class _World:
    """A change that leaves everything but ``marks`` in ``areas`` as it is."""

    cost: float
    mover: int
    other: int
    marks: Bools
    areas: Bools
