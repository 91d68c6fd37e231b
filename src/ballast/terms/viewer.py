"""Who asks, and what they may see.

Every read of the lake takes a viewer. Unit data (单位数据: what one
enterprise reported) is guarded by two rights: all units, or the units with
the codes listed. Without either, a viewer reads only public tables and, once
it exists, the sealed cube of published indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ballast.terms.role import Role


class Right(StrEnum):
    """One thing that a viewer may do."""

    READ_UNITS = "read-units"  # every enterprise's own figures
    READ_AGGREGATES = "read-aggregates"  # what was loaded and how complete it is; no figure of it
    LOAD = "load"  # commit and withdraw loads
    MANAGE_USERS = "manage-users"  # accounts, their roles and keys
    READ_AUDIT = "read-audit"  # who saw which unit data


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
    role
        What the viewer is to the house; rights do not follow from it here,
        ``viewer_for`` gives them.
    clusters
        Keys of ``cluster_definition`` that the viewer runs.

    Examples
    --------
    >>> Viewer("owner", enterprises=frozenset({"91371500MA0000000X"})).may(Right.READ_UNITS)
    False
    """

    name: str
    rights: frozenset[Right] = frozenset()
    enterprises: frozenset[str] = frozenset()
    role: Role = Role.PUBLIC
    clusters: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        """Return whether the viewer has a right everywhere."""
        return right in self.rights


PUBLIC = Viewer("public")

# The administrator of accounts reads no unit data: who gives rights does not use them.
ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.PUBLIC: frozenset(),
    Role.ENTERPRISE: frozenset(),
    Role.OPERATOR: frozenset(),
    Role.ANALYST: frozenset({Right.READ_UNITS, Right.READ_AGGREGATES, Right.LOAD}),
    Role.ADMINISTRATOR: frozenset({Right.READ_AGGREGATES, Right.MANAGE_USERS, Right.READ_AUDIT}),
}


def viewer_for(
    role: Role,
    name: str,
    enterprises: frozenset[str] = frozenset(),
    clusters: frozenset[str] = frozenset(),
) -> Viewer:
    """Return the viewer of someone with a role.

    Parameters
    ----------
    role
        What the person is to the house.
    name
        How the ledger and the audit trail know the viewer.
    enterprises
        Codes whose unit data may be read: an enterprise's own, or those of a
        cluster operator's clusters that consented. Ignored for other roles.
    clusters
        Keys of the clusters that an operator runs. Ignored for other roles.

    Examples
    --------
    >>> viewer_for(Role.ANALYST, "zhao").may(Right.READ_UNITS)
    True
    >>> viewer_for(Role.ADMINISTRATOR, "qian").may(Right.READ_UNITS)
    False
    """
    by_code = role in (Role.ENTERPRISE, Role.OPERATOR)
    return Viewer(
        name,
        ROLE_RIGHTS[role],
        enterprises if by_code else frozenset(),
        role,
        clusters if role is Role.OPERATOR else frozenset(),
    )


def operator(name: str) -> Viewer:
    """Return the viewer of someone at the command line of the home: every right.

    Whoever can run commands in the home can read its files; a narrower
    viewer there would only pretend.
    """
    return Viewer(name, frozenset(Right), role=Role.ADMINISTRATOR)
