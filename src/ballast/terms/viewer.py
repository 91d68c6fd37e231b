"""Who asks, and what they may see.

Every read of the lake takes a viewer. Unit data (单位数据: what one
enterprise reported) is guarded by two rights: all units, or the units with
the codes listed. Without either, a viewer reads only public tables and, once
it exists, the sealed cube of published indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """One thing that a viewer may do."""

    READ_UNITS = "read-units"  # every enterprise's own figures
    READ_AGGREGATES = "read-aggregates"  # tables that hold no unit data but are not published
    LOAD = "load"  # commit and withdraw loads


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, with which rights.

    Parameters
    ----------
    name
        How the ledger and the audit trail know the viewer.
    rights
        What the viewer may do everywhere.
    enterprises
        Codes (USCC) of the enterprises whose unit data the viewer may read
        although ``READ_UNITS`` is missing.

    Examples
    --------
    >>> Viewer("owner", enterprises=frozenset({"91371500MA0000000X"})).may(Right.READ_UNITS)
    False
    """

    name: str
    rights: frozenset[Right] = frozenset()
    enterprises: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        """Return whether the viewer has a right everywhere."""
        return right in self.rights


PUBLIC = Viewer("public")


def operator(name: str) -> Viewer:
    """Return the viewer of someone at the command line of the home: every right.

    Whoever can run commands in the home can read its files; a narrower
    viewer there would only pretend.
    """
    return Viewer(name, frozenset(Right))
