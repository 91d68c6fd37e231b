"""Which cut answers a cell: the counties of a city are one question, not one for each.

Planning a question takes a hundred times what reading its rows does, and a
report names every county once. A cut is only taken where the language of
questions gives the same figure in its cell as it gives alone: the county by
the counties of its city, the zone by the places (of which it is one), the
cluster by the clusters, the division by those of the same region. Anything
else is asked alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.restrict import same_place
from ballast.terms.region import is_extension

__all__ = ["Codes", "Cut", "Where", "cut_of"]

Where = tuple[tuple[Dimension, tuple[str, ...]], ...]
Codes = tuple[str, ...]
_REPORTS = "enterprise_period"
_SCOPES = (Dimension.INDUSTRY_DIVISION, Dimension.CLUSTER, Dimension.OWNERSHIP)
_AREAS = (Dimension.REGION, Dimension.ZONE, Dimension.PLACE)


@dataclass(frozen=True, slots=True)
class Cut:
    """What a question is cut by, and restricted to beside; its cells are codes in that order."""

    by: tuple[Dimension, ...]
    rest: Where

    def other_names(self, codes: Codes) -> tuple[Codes, ...]:
        """Return the cells of the codes that a county had before or has now: alone they are one."""
        at = next((n for n, d in enumerate(self.by) if d is Dimension.REGION), None)
        if at is None or not self.rest:  # macro items follow a region through its codes themselves
            return ()
        others = (code for code in same_place(codes[at]) if code != codes[at])
        return tuple((*codes[:at], code, *codes[at + 1 :]) for code in others)


def cut_of(one: Indicator, where: Where) -> tuple[Cut, Codes] | None:
    """Return the cut of which a cell is the figure of a restriction, and the codes of that cell.

    Parameters
    ----------
    one
        The indicator.
    where
        What it is restricted to.

    Returns
    -------
    tuple or None
        ``None`` where the figure is to be asked for alone: of a whole city, of
        several places taken together, of what rests on other tables.

    Examples
    --------
    >>> from ballast.brain.indicators.registry import indicator
    >>> cut, codes = cut_of(indicator("revenue"), ((Dimension.REGION, ("371581",)),))
    >>> [str(d) for d in cut.by], cut.rest[0][1], codes
    (['region'], ('371500',), ('371581',))
    >>> cut_of(indicator("revenue"), ((Dimension.REGION, ("371500",)),)) is None
    True
    """
    if any(len(codes) != 1 for _, codes in where):
        return None
    named = {dimension: codes[0] for dimension, codes in where}
    if not one.of_enterprises:
        alone = set(named) == {Dimension.REGION}
        return (Cut((Dimension.REGION,), ()), (named[Dimension.REGION],)) if alone else None
    if any(term.table != _REPORTS for term in one.terms) or not one.needs <= set(named):
        return None
    areas = [d for d in _AREAS if d in named]
    scopes = [d for d in _SCOPES if d in named]
    if len(areas) > 1 or len(scopes) > 1 or len(named) > len(areas) + len(scopes):
        return None
    found = _placed(named, areas, scopes)
    if found is None or not {*found[0].by, *(d for d, _ in found[0].rest)} <= one.dimensions:
        return None
    return found


def _placed(
    named: dict[Dimension, str], areas: list[Dimension], scopes: list[Dimension]
) -> tuple[Cut, Codes] | None:
    own = tuple(named[d] for d in scopes)
    if not areas:
        return (Cut(tuple(scopes), ()), own) if scopes else None
    (area,) = areas
    code = named[area]
    if Dimension.CLUSTER in named:
        return None
    if area is Dimension.REGION and (is_extension(code) or code.endswith("00")):
        # A whole: its divisions are cells, itself is none.
        return (Cut(tuple(scopes), ((area, (code,)),)), own) if scopes else None
    city = ((Dimension.REGION, (f"{code[:4]}00",)),)
    by = Dimension.PLACE if area is Dimension.ZONE else area
    return Cut((*scopes, by), city), (*own, code)
