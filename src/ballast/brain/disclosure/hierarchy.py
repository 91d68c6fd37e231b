"""One dimension of a published table: leaves, and the sums above them, level by level.

Every leaf has one node on every level. Where a branch is shorter (a county
without towns), its node is repeated upwards and marked as not published: the
published cell stands once, and no walk up the levels needs a special case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused

__all__ = ["Hierarchy", "hierarchy"]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Leaves on level 0, and the levels above.

    Parameters
    ----------
    names
        For each level the names of its nodes; level 0 are the leaves.
    above
        For each level, shape (leaves,): the node of the level that a leaf belongs to.
    published
        For each level, shape (nodes,): whether the sum over a node is published.
    """

    names: tuple[tuple[str, ...], ...]
    above: tuple[npt.NDArray[np.intp], ...]
    published: tuple[npt.NDArray[np.bool_], ...]

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return len(self.names)

    @property
    def leaves(self) -> int:
        """How many leaves there are."""
        return len(self.names[0])


def hierarchy(parents: Mapping[str, str | None], *, leaves: Sequence[str]) -> Hierarchy:
    """Return the hierarchy of names that each know the one above them.

    Parameters
    ----------
    parents
        The name above each name; None for one that has none. A name that is only a parent must
        stand here too if its sum is published.
    leaves
        The names of level 0, in the order of the table.

    Raises
    ------
    Refused
        If a leaf stands above another name, or names run in a circle.

    Examples
    --------
    >>> h = hierarchy({"a": "all", "b": "all", "all": None}, leaves=["a", "b"])
    >>> h.names
    (('a', 'b'), ('all',))
    """
    paths = [_path(leaf, parents) for leaf in leaves]
    inner = {name for path in paths for name in path[1:]}
    for leaf in leaves:
        if leaf in inner:
            raise Refused("{name}: it is a leaf and has names below it", name=leaf)
    depth = max((len(path) for path in paths), default=1)
    names: list[tuple[str, ...]] = []
    above: list[npt.NDArray[np.intp]] = []
    published: list[npt.NDArray[np.bool_]] = []
    for level in range(depth):
        found: dict[tuple[str, bool], int] = {}
        places = [found.setdefault(_node(path, level, depth), len(found)) for path in paths]
        names.append(tuple(name for name, _ in found))
        above.append(np.array(places, dtype=np.intp))
        published.append(np.array([real for _, real in found], dtype=np.bool_))
    return Hierarchy(tuple(names), tuple(above), tuple(published))


def _path(leaf: str, parents: Mapping[str, str | None]) -> list[str]:
    path = [leaf]
    while (up := parents.get(path[-1])) is not None:
        if up in path:
            raise Refused("{name}: the names above it run in a circle", name=leaf)
        path.append(up)
    return path


def _node(path: list[str], level: int, depth: int) -> tuple[str, bool]:
    """Return the node of a level, and whether it is itself and not a repetition from below.

    A short branch is stretched at its foot, so that nodes of one height stand on one level.
    """
    if level == 0:
        return path[0], True
    place = level - (depth - len(path))
    return (path[place], True) if place > 0 else (path[0], False)
