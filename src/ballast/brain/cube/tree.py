"""The two trees that the cube is cut along: regions down to places, industries down to groups.

A development zone is not a level of GB/T 2260, yet a county less its zones is
a figure as soon as county and zones are. So the leaves of the regions are
places: each zone, and what is left of each county, which is decided on like
any other region. A zone that lies in two counties fits into no tree; its parts
are leaves that nobody publishes, and its total is decided on as clusters are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ballast.brain.cube.cuts import region_kind
from ballast.brain.disclosure.grid import Grid
from ballast.brain.disclosure.hierarchy import Hierarchy, hierarchy
from ballast.brain.disclosure.rules import Bools
from ballast.terms.industry import roll_up
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel

__all__ = ["RegionNode", "Tree", "tree"]

_REST, _PART = "~", "@"  # occur in no code
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RegionNode:
    """A region of the cube: its code, its kind, and the code of the region it lies in."""

    code: str
    kind: str
    parent: str


@dataclass(frozen=True, eq=False)
class Tree:
    """The grid of the cube and what its rows and columns are called.

    Parameters
    ----------
    grid
        Places by industry groups, and the levels above.
    places
        County and zone (empty: none) to the row of the leaves.
    groups
        Division and group (empty: not known) to the column of the leaves.
    regions
        For each level of rows the regions; ``None`` for what is in no publication.
    industries
        For each level of columns the codes; ``None`` for what is in no publication.
    straddling
        Zones that lie in several counties, each with its rows of leaves.
    """

    grid: Grid
    places: dict[Place, int]
    groups: dict[tuple[str, str], int]
    regions: tuple[tuple[RegionNode | None, ...], ...]
    industries: tuple[tuple[str | None, ...], ...]
    straddling: dict[str, tuple[int, ...]]

    @property
    def inner(self) -> dict[tuple[int, int], Bools]:
        """For each pair of levels the cells that stand in no publication."""
        return {
            (a, b): np.array([node is None for node in self.regions[a]])[:, None]
            | np.array([code is None for code in self.industries[b]])
            for a, b in self.grid.level_pairs()
        }

    @property
    def root(self) -> str:
        """The code of the region that everything lies in."""
        return next(n.code for n in self.regions[-1] if n is not None)


def tree(places: Iterable[Place], groups: Iterable[tuple[str, str]]) -> Tree:
    """Return the trees over places and industries that occur.

    Parameters
    ----------
    places
        County and zone; an empty zone for none.
    groups
        Division and group; an empty group where only the division is known.

    Examples
    --------
    >>> found = tree([("371502", "371500-KFQ"), ("371502", ""), ("371503", "")], [("32", "325")])
    >>> [node.kind for node in found.regions[0]]
    ['zone', 'rest', 'county']
    >>> found.root
    '371500'
    """
    wanted, kinds = sorted(set(places)), sorted(set(groups))
    within: dict[str, set[str]] = {}
    for county, zone in wanted:
        if zone:
            within.setdefault(zone, set()).add(county)
    split = {county for county, zone in wanted if zone}
    straddling = {zone for zone, counties in within.items() if len(counties) > 1}
    names: dict[Place, str] = {}
    for county, zone in wanted:
        if zone in straddling:
            names[county, zone] = f"{zone}{_PART}{county}"
        else:
            names[county, zone] = zone or (f"{county}{_REST}" if county in split else county)
    parents = _region_parents({county for county, _ in wanted})
    for (county, _), name in names.items():
        if name != county:
            parents[name] = county
    rows = hierarchy(parents, leaves=sorted(names.values()))
    columns = _industries(kinds)
    row_at = {name: at for at, name in enumerate(rows.names[0])}
    column_at = {name: at for at, name in enumerate(columns.names[0])}
    return Tree(
        grid=Grid(rows, columns),
        places={place: row_at[name] for place, name in names.items()},
        groups={(d, g): column_at[g or f"{d}{_REST}"] for d, g in kinds},
        regions=tuple(tuple(_node(n, parents) for n in level) for level in rows.names),
        industries=tuple(
            tuple(None if n.endswith(_REST) else n.removeprefix("=") for n in level)
            for level in columns.names
        ),
        straddling={
            zone: tuple(row_at[names[place]] for place in wanted if place[1] == zone)
            for zone in sorted(straddling)
        },
    )


def _region_parents(counties: set[str]) -> dict[str, str | None]:
    """Return the regions above counties, up to the first that holds all of them."""
    parents: dict[str, str | None] = {}
    above = {county: _above(county) for county in counties}
    level = set(counties)
    while len(level) > 1 or next(iter(level)) in counties:
        for code in level:
            parents[code] = above.get(code, _above(code))
        if level == {NATION}:
            break
        level = {parent for code in level if (parent := parents[code]) is not None}
    for code in level:
        parents[code] = None
    return parents


def _above(code: str) -> str | None:
    kind = region_kind(code)
    if kind == "county":
        return f"{code[:4]}00"
    if kind == "city":
        return f"{code[:2]}0000"
    return NATION if kind == "province" else None


def _industries(kinds: list[tuple[str, str]]) -> Hierarchy:
    parents: dict[str, str | None] = {"=": None}  # the total, whose code is empty
    for division, group in kinds:
        section = roll_up(division, IndustryLevel.SECTION)
        parents |= {group or f"{division}{_REST}": division, division: section, section: "="}
    return hierarchy(parents, leaves=[group or f"{division}{_REST}" for division, group in kinds])


def _node(name: str, parents: dict[str, str | None]) -> RegionNode | None:
    if _PART in name:
        return None
    parent = parents[name] or ""
    if name.endswith(_REST):
        return RegionNode(name.removesuffix(_REST), "rest", parent)
    return RegionNode(name, region_kind(name), parent)
