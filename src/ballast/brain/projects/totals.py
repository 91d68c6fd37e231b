"""What projects come to: counts and amounts by one of their features, and in which places.

Beside the declared indicators, which count by period and can be published:
these are of the ledger as it stands, for whoever may read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ballast.brain.projects.ledger import Project
from ballast.brain.projects.status import Status
from ballast.terms.region import NATION

__all__ = ["BY", "Total", "in_region", "totals"]

BY = ("kind", "status", "region", "industry", "year")


def in_region(code: str, place: str) -> bool:
    """Return whether a region lies in another, or is it, by the shape of GB/T 2260 codes.

    Examples
    --------
    >>> in_region("371502", "371500"), in_region("371502", "371521"), in_region("371502", "000000")
    (True, False, True)
    """
    if place == NATION:
        return True
    stem = place[:2] if place.endswith("0000") else place[:4] if place.endswith("00") else place
    return code.startswith(stem)


@dataclass(frozen=True, slots=True)
class Total:
    """What the projects of one group come to; amounts in 10,000 CNY."""

    key: str
    projects: int
    under_way: int
    finished: int
    planned: Decimal
    invested: Decimal


def totals(projects: Iterable[Project], by: str) -> tuple[Total, ...]:
    """Return counts and amounts of projects by one of their features, largest plan first.

    Parameters
    ----------
    projects
        Each counts once.
    by
        ``kind``, ``status``, ``region``, ``industry`` (division), or ``year`` (of the start, as it
        was or is planned).
    """
    groups: dict[str, list[Project]] = {}
    for one in projects:
        groups.setdefault(_feature(one, by), []).append(one)
    found = [
        Total(
            key,
            len(members),
            sum(p.status is Status.BUILDING for p in members),
            sum(p.status is Status.FINISHED for p in members),
            sum((p.planned for p in members), Decimal(0)),
            sum((p.invested or Decimal(0) for p in members), Decimal(0)),
        )
        for key, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda total: (-total.planned, total.key)))


def _feature(one: Project, by: str) -> str:
    if by == "industry":
        return one.industry[:2]
    if by == "year":
        day = one.started or one.planned_start
        return "" if day is None else str(day.year)
    return str({"kind": one.kind, "status": one.status.value, "region": one.region}[by])
