"""Who may do what: read off HS_ADMIN values, of the handle itself and of its prefix.

Two records give rights over ``88.118.8/A``: its own, and that of its prefix,
``0.NA/88.118.8``. The reference server asks the first alone once a handle
exists; here the prefix counts as well, because an enterprise registers
millions of handles and answers for all of them: a handle without an HS_ADMIN
of its own must not be out of everybody's hands. Over ``0.NA/<prefix>`` itself
the node's own prefix stands in that place, so that a node can give an
enterprise a new key when the old one is lost.

* An HS_ADMIN names a value of a handle. It means a caller who proved to be that very value;
  with index 0, any value of the handle; if the value is an HS_VLIST kept here, everybody on
  it, and on the lists on it. A value is looked up once, at most ``MAX_LOOKUPS``
  values and ``MAX_MEMBERS`` members in all: beyond that nobody is found, which refuses.
* A record that is revoked or has expired gives nobody rights: its HS_ADMIN do not count and
  its HS_VLIST is empty. So the record's own administrators cannot change it any more; those
  of its prefix can. Why not the own ones: a record is revoked over the head of whoever keeps
  it, and one that could restore itself was never revoked.
* Who proved to be somebody is that one only while the key stands by which it was proved, in a
  record that is valid: a connection or a session that is open when a key is taken away or
  changed has no rights any more.
* The operator at the command line may do everything.

Of the permissions of a value: a value without *administrators read* is read by
nobody, one without *administrators write* changed by nobody but the operator.
*Anyone writes* lets anyone change the data and take the value away, while the
record is valid; never type or permissions, and never a value that decides who
may do what (``AUTHORITY_TYPES``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.errors import MalformedMessage, RequestDeclined
from ballast.node.registry.records import Record
from ballast.node.registry.store import Snapshot
from ballast.node.service.caller import Caller, proof_of
from ballast.node.service.lifecycle import LifeState, life_of
from ballast.node.service.prefixes import node_handle, prefix_named, record_of_handle
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin, AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Reference, Value
from ballast.node.wire.vlist import vlist_from_wire
from ballast.terms.handle import fold, prefix_handle, prefix_of

__all__ = [
    "ADMIN_TYPE",
    "AUTHORITY_TYPES",
    "NO_PERMISSION",
    "Rights",
    "demand",
    "node_rights",
    "rights_over",
    "rights_under",
]

ADMIN_TYPE = "HS_ADMIN"
LIST_TYPE = "HS_VLIST"
KEY_TYPES = frozenset({"HS_SECKEY", "HS_PUBKEY"})
AUTHORITY_TYPES = frozenset({ADMIN_TYPE, LIST_TYPE}) | KEY_TYPES
"""Types, in capitals, of values that decide who may do what."""

MAX_LOOKUPS = 64
MAX_MEMBERS = 4096
NO_PERMISSION = AdminPermission(0)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may do with one handle.

    Parameters
    ----------
    own
        By the HS_ADMIN values of the handle.
    prefix
        By those of its prefix; of ``0.NA/<prefix>``, by those of the node's own prefix.
    operator
        Whether the caller is the operator.
    """

    own: AdminPermission = NO_PERMISSION
    prefix: AdminPermission = NO_PERMISSION
    operator: bool = False

    def may(self, wanted: AdminPermission) -> bool:
        """Whether everything wanted is given, by the handle or by its prefix."""
        return self.operator or not wanted & ~(self.own | self.prefix)

    def may_by_prefix(self, wanted: AdminPermission) -> bool:
        """Whether everything wanted is given by the prefix alone."""
        return self.operator or not wanted & ~self.prefix


def rights_over(
    snapshot: Snapshot, caller: Caller, handle: bytes, record: Record | None, now: float
) -> Rights:
    """Return what a caller may do with a handle.

    Parameters
    ----------
    handle
        In any spelling.
    record
        Its record, if there is one.
    now
        Epoch s.
    """
    if caller.local:
        return Rights(ALL_PERMISSIONS, ALL_PERMISSIONS, operator=True)
    if caller.identity is None or not _stands(snapshot, caller, caller.identity, now):
        return Rights()
    above = (
        node_handle(snapshot)
        if prefix_named(handle) is not None
        else prefix_handle(prefix_of(handle).decode("utf-8", "replace")).encode()
    )
    by_prefix = NO_PERMISSION
    # What is above the node's own prefix is not kept here: it has only its own administrators,
    # and for them its record is also the one that decides when it is not valid.
    if above is not None and fold(above) == fold(handle):
        above = None
    if above is not None:
        upper = record_of_handle(snapshot, above)
        by_prefix = _granted(snapshot, caller.identity, upper, now)
    return Rights(_granted(snapshot, caller.identity, record, now), by_prefix)


def rights_under(snapshot: Snapshot, caller: Caller, prefix: bytes, now: float) -> Rights:
    """Return what a caller may do with a handle under a prefix that has no record yet.

    Parameters
    ----------
    prefix
        In any spelling.
    now
        Epoch s.
    """
    return rights_over(snapshot, caller, prefix + b"/", None, now)


def node_rights(snapshot: Snapshot, caller: Caller, now: float) -> Rights:
    """Return what a caller may do with the node: the rights over its own prefix, as ``own``."""
    own = node_handle(snapshot)
    if own is None:
        return Rights(ALL_PERMISSIONS, ALL_PERMISSIONS, operator=True) if caller.local else Rights()
    return rights_over(snapshot, caller, own, record_of_handle(snapshot, own), now)


def demand(caller: Caller, allowed: bool, template: str, handle: bytes) -> None:
    """Refuse what is not allowed: 402 to who has not said who he is, 401 to who has.

    Parameters
    ----------
    allowed
        What the rights say.
    template
        What is missing, with the place ``{handle}``.
    handle
        What it is about.

    Raises
    ------
    RequestDeclined
        If it is not allowed.
    """
    if allowed:
        return
    if not caller.known:
        raise RequestDeclined(
            "{handle}: only an administrator may do this; prove to be one",
            response_code=ResponseCode.AUTHENTICATION_NEEDED,
            handle=handle,
        )
    raise RequestDeclined(
        template,
        response_code=ResponseCode.INSUFFICIENT_PERMISSIONS,
        handle=handle,
        who=caller.name,
    )


def _stands(snapshot: Snapshot, caller: Caller, identity: Reference, now: float) -> bool:
    """Return whether the key by which a caller was proved is still what it was."""
    if not caller.proof:
        return True  # somebody's word within the node, and no proof at a door
    record = record_of_handle(snapshot, identity.handle.encode("utf-8", "surrogatepass"))
    if record is None or life_of(record.state, record.expires_at, now) is not LifeState.VALID:
        return False
    key = _value_at(record, identity.index)
    return key is not None and key.type.upper() in KEY_TYPES and proof_of(key.data) == caller.proof


def _granted(
    snapshot: Snapshot, identity: Reference, record: Record | None, now: float
) -> AdminPermission:
    """Return the permissions that the HS_ADMIN values of a record give to an identity."""
    granted = NO_PERMISSION
    if record is None or life_of(record.state, record.expires_at, now) is not LifeState.VALID:
        return granted
    lists = _Lists(snapshot, identity, now)
    for value in record.values():
        if value.type.upper() != ADMIN_TYPE:
            continue
        try:
            admin = Admin.parse(value.data)
        except MalformedMessage:
            continue  # stored before it was judged; it names nobody
        if admin.permissions & ~granted and lists.mean(admin.reference):
            granted |= admin.permissions
    return granted & ALL_PERMISSIONS


class _Lists:
    """Whether references mean an identity; lists already opened for one are not opened again."""

    def __init__(self, snapshot: Snapshot, identity: Reference, now: float) -> None:
        self._snapshot, self._now = snapshot, now
        self._who = fold(identity.handle.encode("utf-8", "surrogatepass"))
        self._index = identity.index
        self._members = 0
        self._lists: dict[tuple[bytes, int], tuple[Reference, ...]] = {}

    def mean(self, reference: Reference) -> bool:
        """Whether a reference is the identity, or a list on which it stands, at any depth."""
        waiting = [reference]
        seen: set[tuple[bytes, int]] = set()
        while waiting:
            one = waiting.pop()
            place = (fold(one.handle.encode()), one.index)
            if place[0] == self._who and one.index in (0, self._index):
                return True
            if place not in seen:
                seen.add(place)
                waiting += self._members_of(*place)
        return False

    def _members_of(self, handle: bytes, index: int) -> tuple[Reference, ...]:
        known = self._lists.get((handle, index))
        if known is not None:
            return known
        if not index or len(self._lists) >= MAX_LOOKUPS or self._members >= MAX_MEMBERS:
            return ()
        members = self._open(handle, index)[: MAX_MEMBERS - self._members]
        self._members += len(members)
        self._lists[handle, index] = members
        return members

    def _open(self, handle: bytes, index: int) -> tuple[Reference, ...]:
        record = record_of_handle(self._snapshot, handle)
        if record is None:
            return ()
        if life_of(record.state, record.expires_at, self._now) is not LifeState.VALID:
            return ()
        value = _value_at(record, index)
        if value is None or value.type.upper() != LIST_TYPE:
            return ()
        try:
            return vlist_from_wire(value.data)
        except MalformedMessage:
            return ()


def _value_at(record: Record, index: int) -> Value | None:
    return next((value for value in record.values() if value.index == index), None)
