"""Who stands where before which rung, counted; and which of the counts would tell too much.

A table of two trees (``grid``) cannot hold these counts: clusters lie across
counties, and one enterprise stands before every rung at once. So they are kept
as what they are made of: kinds of enterprise, each of a place and a profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ballast.brain.disclosure.rules import Bools, Floats

__all__ = ["Census", "Target", "count", "targets"]


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
    #: For each of the rungs all marks that speak of it, its standings and what refines them.
    families: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, eq=False)
class Target:
    """Something that must stay in doubt: how many of an area have a mark.

    It is the mark ``plus`` (None: everybody) less the marks ``minus``; ``area`` has shape
    (leaves,); ``tells`` are the published counts (mark and area) that tell it together, one of
    which must go.
    """

    plus: int | None
    minus: tuple[int, ...]
    area: Bools
    value: float
    tells: tuple[tuple[int, int], ...] = field(default=())

    def among(self, marks: Bools) -> Bools:
        """Return which of some profiles, in shape (marks, profiles), are meant."""
        found: Bools = np.ones(marks.shape[1], dtype=np.bool_)
        if self.plus is not None:
            found = marks[self.plus]
        for mark in self.minus:
            found = np.asarray(found & ~marks[mark])
        return found


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
        yield Target(mark, (), census.areas[area], float(values[mark, area]), ((mark, area),))


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
                        yield Target(None if other == known else other, some, inside, value, tells)


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
                        mark, (), outer & ~inner, float(left[mark]), ((mark, large), (mark, small))
                    )
