"""Who may see and do what with identifiers: pure functions, asked by the page and the API alike.

The table of access says who may open the page; these say what stands on it.
They live apart from both, because a right that is judged in two places is
judged in two ways before long.

Whose a prefix is, is public (``enterprise_prefix``): a name says who gave it.
How much an enterprise names, and what, is unit data, although anyone who
knows one identifier may resolve it: a list tells what no single answer does.

=============== ========================== =============================== ==================
role            sees prefixes              counts, lists, records          changes
=============== ========================== =============================== ==================
enterprise      its own                    its own, restricted ones too    its own records
operator        of those that consented    of those that consented         nothing
analyst         all                        all, restricted ones too        nothing
administrator   all                        the node's own prefix           prefixes
=============== ========================== =============================== ==================

Sums over all enterprises are for who may read each of them: with two holders a sum tells one what
the other named. Others find such sums in the sealed cube, as far as they disclose nobody.

A secret key (``HS_SECKEY``) is shown to nobody.
"""

from __future__ import annotations

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.wire.value import PUBLIC_READ, Value
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer

__all__ = [
    "changes_records",
    "counts_prefix",
    "lists_records",
    "manages_prefixes",
    "reads_restricted",
    "reads_totals",
    "reads_value",
    "registers_somewhere",
    "sees_prefix",
]

_SECRET_TYPE = "HS_SECKEY"  # noqa: S105  the name of a type, no secret


def _own(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a prefix is of an enterprise whose unit data the viewer reads by its code."""
    return bool(entry.uscc) and entry.uscc in viewer.enterprises


def sees_prefix(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a viewer sees that a prefix is there, and whose it is.

    Examples
    --------
    >>> from ballast.terms.viewer import viewer_for
    >>> entry = PrefixEntry("88.118.8", PrefixState.HOMED, uscc="91371500MA0000000X")
    >>> sees_prefix(viewer_for(Role.ADMINISTRATOR, "qian"), entry)
    True
    >>> sees_prefix(viewer_for(Role.ENTERPRISE, "sun", frozenset()), entry)
    False
    """
    return viewer.may(Right.READ_AGGREGATES) or _own(viewer, entry)


def counts_prefix(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a viewer sees how much is named and looked up under a prefix."""
    return lists_records(viewer, entry)


def lists_records(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a viewer may list, search and open the records under a prefix.

    What the node names itself is nobody's unit data.
    """
    if viewer.may(Right.READ_UNITS) or _own(viewer, entry):
        return True
    return not entry.uscc and viewer.may(Right.READ_AGGREGATES)


def reads_totals(viewer: Viewer) -> bool:
    """Return whether a viewer sees the sums over all enterprises, unsuppressed."""
    return viewer.may(Right.READ_UNITS)


def reads_restricted(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a viewer reads values that the node answers to nobody without proof.

    A cluster operator does not: consent is to what was reported, not to what was locked away.
    """
    if viewer.may(Right.READ_UNITS):
        return True
    return viewer.role is Role.ENTERPRISE and _own(viewer, entry)


def reads_value(viewer: Viewer, entry: PrefixEntry, value: Value) -> bool:
    """Return whether a viewer reads the data of one value of a record that it may open."""
    if value.type.upper() == _SECRET_TYPE:
        return False
    return bool(value.permissions & PUBLIC_READ) or reads_restricted(viewer, entry)


def changes_records(viewer: Viewer, entry: PrefixEntry) -> bool:
    """Return whether a viewer may register, revoke, restore and renew under a prefix, now.

    Examples
    --------
    >>> from ballast.terms.viewer import viewer_for
    >>> own = viewer_for(Role.ENTERPRISE, "sun", frozenset({"91371500MA0000000X"}))
    >>> changes_records(own, PrefixEntry("88.118.8", PrefixState.HOMED, "91371500MA0000000X"))
    True
    >>> changes_records(own, PrefixEntry("88.118.8", PrefixState.DELEGATED, "91371500MA0000000X"))
    False
    """
    if entry.state is not PrefixState.HOMED:
        return False
    return viewer.role is Role.ENTERPRISE and _own(viewer, entry)


def registers_somewhere(viewer: Viewer) -> bool:
    """Return whether a viewer may register at all, were there a prefix of theirs."""
    return viewer.role is Role.ENTERPRISE and bool(viewer.enterprises)


def manages_prefixes(viewer: Viewer) -> bool:
    """Return whether a viewer may allot, delegate and withdraw prefixes."""
    return viewer.role is Role.ADMINISTRATOR
