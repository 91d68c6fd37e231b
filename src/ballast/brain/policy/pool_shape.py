"""What the pool of a rung is: how many hold it, how many can, how many lack one thing, and who.

Apart from ``pool``, which makes it, because pages, commands and the sealed
cube all speak of the same figures, and only one of them may know names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ballast.terms.label import Label

__all__ = [
    "PUBLISHED",
    "Candidate",
    "Count",
    "Lacking",
    "Pool",
    "PoolBy",
    "PoolCell",
    "Rung",
    "Standing",
]


class Standing(StrEnum):
    """Where an enterprise stands before a rung; it stands in exactly one place."""

    HOLDS = "holds"  # a valid title on the day
    ELIGIBLE = "eligible"  # every criterion met
    REVIEW = "review"  # all that can be computed is met; people decide the rest
    NEAR = "near"  # one criterion is not met, and no other is unknown
    UNKNOWN = "unknown"  # facts are missing
    FAR = "far"  # two criteria or more are not met

    @property
    def label(self) -> Label:
        """Its name."""
        return _LABELS[self]


_LABELS = {
    Standing.HOLDS: Label("已获得", "holders"),
    Standing.ELIGIBLE: Label("已达标", "eligible"),
    Standing.REVIEW: Label("待人工审核", "for people to review"),
    Standing.NEAR: Label("只差一项", "one criterion away"),
    Standing.UNKNOWN: Label("数据不足", "facts missing"),
    Standing.FAR: Label("差两项及以上", "two criteria away or more"),
}

PUBLISHED: tuple[Standing, ...] = (
    Standing.HOLDS,
    Standing.ELIGIBLE,
    Standing.REVIEW,
    Standing.NEAR,
)
"""What is sealed and published; the rest is known to those who may see units alone."""


class PoolBy(StrEnum):
    """How the pool is cut beside the whole."""

    COUNTY = "county"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Rung:
    """A scheme of the pool, and the version of it that was applied.

    Parameters
    ----------
    scheme, label, place
        Its key, its name, and its place on the ladder from 1 (None: beside it).
    version, instrument
        Which version of the law.
    confirmed
        Whether the whole of it is.
    """

    scheme: str
    label: Label
    place: int | None
    version: str
    instrument: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many enterprises; ``value`` is None where it is withheld, or not known to the reader."""

    value: int | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class PoolCell:
    """The pool of one rung in one place.

    Parameters
    ----------
    scheme
        The rung.
    region, region_kind
        Code and kind (province, city, county); of the whole where ``whole``.
    cluster
        The key of a cluster; empty: the region.
    label
        The name of the place.
    counts
        By `Standing`; those of `PUBLISHED` alone where the pool is read from the sealed cube.
    whole
        Whether it is all enterprises of the pool.
    """

    scheme: str
    region: str
    region_kind: str
    cluster: str
    label: Label
    counts: tuple[tuple[Standing, Count], ...]
    whole: bool = False

    def count(self, standing: Standing) -> Count | None:
        """Return a count, or None where it is not in the pool."""
        return dict(self.counts).get(standing)


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many enterprises of the whole lack one criterion of a rung and no other."""

    scheme: str
    criterion: str
    label: Label
    article: str
    count: Count


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise that is eligible, for review, or one criterion away; for analysts alone.

    ``lacks`` is the id of the one criterion, where it is near.
    """

    scheme: str
    uscc: str
    name: str
    standing: Standing
    county: str
    clusters: tuple[str, ...] = ()
    lacks: str | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool at each rung.

    Parameters
    ----------
    day
        The day it is decided on.
    rungs, cells, lacking
        What it is made of; the whole is the first cell of each rung.
    candidates
        By name, for whoever may read units; empty for everybody else.
    sealed
        Whether it was read from the sealed cube, whose ``vintage`` is then named.
    synthetic
        Whether what it is made of is invented.
    refused
        Schemes without a law in force on the day, with the reason.
    """

    day: date
    rungs: tuple[Rung, ...]
    cells: tuple[PoolCell, ...]
    lacking: tuple[Lacking, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    sealed: bool = False
    vintage: str | None = None
    synthetic: bool = False
    refused: tuple[tuple[str, Label], ...] = ()

    def of(self, scheme: str) -> tuple[PoolCell, ...]:
        """Return the cells of a rung, the whole first."""
        return tuple(cell for cell in self.cells if cell.scheme == scheme)
