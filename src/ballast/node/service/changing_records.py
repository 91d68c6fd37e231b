"""Records as a whole: register, delete, revoke, restore, renew.

* Register: ADD_HANDLE in the record of the prefix. Over one that exists only where that is
  asked for, and then with DELETE_HANDLE too, since what was there is gone; its date of
  registration and its state stay, a revoked record is not restored by writing over it.
* Delete: DELETE_HANDLE, of the handle or of its prefix.
* Revoke: who may delete may revoke. Restore, and set when it expires: ADD_HANDLE of the
  prefix, as if it were registered anew; the handle's own administrators cannot.
* Administrators of the node's own prefix may revoke and restore every record, because the
  node is accountable for what it answers: DELETE_DERIVED_PREFIX and ADD_DERIVED_PREFIX.
* A prefix's own record ``0.NA/<prefix>`` is neither registered nor deleted this way: a prefix
  comes with an enterprise and goes with it (``changing_prefixes``).
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from ballast.errors import InvalidTerm, RequestDeclined
from ballast.node.registry.entries import EventKind
from ballast.node.registry.records import Record, RecordState, pack_record, record_of
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.changes import CreateHandle, DeleteHandle, SetState
from ballast.node.service.plans import Moment, Plan
from ballast.node.service.prefixes import (
    away,
    entry_of,
    node_handle,
    prefix_named,
    record_of_handle,
)
from ballast.node.service.rights import demand, node_rights, rights_over
from ballast.node.service.values import settled
from ballast.node.wire.admin import AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.terms.handle import Handle, fold

__all__ = ["create", "delete", "set_state"]

_LAST_SECOND = 0xFFFFFFFF
_TRIES = 8
_BY_ALLOTMENT = (
    "{handle}: a prefix is allotted to an enterprise, changed and withdrawn by the operator of "
    "the node (ballast node prefix)"
)


def create(moment: Moment, change: CreateHandle) -> Plan | Answer:
    """Judge the registration of a handle."""
    handle = _new_handle(moment, change) if change.mint else change.handle
    Handle.parse(_text(handle))
    elsewhere = away(moment.snapshot, handle)
    if elsewhere is not None:
        return elsewhere
    if prefix_named(handle) is not None:
        return turned_down(ResponseCode.OPERATION_NOT_SUPPORTED, _BY_ALLOTMENT, handle)
    held = record_of_handle(moment.snapshot, handle)
    rights = rights_over(moment.snapshot, moment.caller, handle, held, moment.at)
    demand(
        moment.caller,
        rights.may_by_prefix(AdminPermission.ADD_HANDLE),
        "{handle}: {who} may not register handles under this prefix",
        handle,
    )
    if held is not None and not change.overwrite:
        return turned_down(
            ResponseCode.HANDLE_ALREADY_EXISTS, "{handle}: is registered already", handle
        )
    if held is not None:
        demand(
            moment.caller,
            rights.may(AdminPermission.DELETE_HANDLE),
            "{handle}: {who} may register handles, but not replace this one",
            handle,
        )
    _refuse_expiry(change.expires_at, moment)
    values = settled(change.values, change.count, moment.now)
    record = record_of(handle, values, moment.now, expires_at=change.expires_at)
    if held is not None:
        record = replace(
            record,
            handle=held.handle,
            created_at=held.created_at,
            changed_at=moment.now if held.state is RecordState.VALID else held.changed_at,
            state=held.state,
            expires_at=change.expires_at or held.expires_at,
        )
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=handle),
        handle,
        puts=((record.key, pack_record(record)),),
        events=(EventKind.REGISTERED if held is None else EventKind.CHANGED,),
        under=entry_of(moment.snapshot, handle),
        handle=record.handle,
        counted="registered" if held is None else "changed",
    )


def _text(handle: bytes) -> str:
    try:
        return handle.decode()
    except UnicodeDecodeError as error:
        raise InvalidTerm(
            "“{text}” is not UTF-8; a handle is printable text",
            text=handle[:80].decode("utf-8", "replace"),
        ) from error


def _new_handle(moment: Moment, change: CreateHandle) -> bytes:
    """Return a handle nobody has: the given beginning and a UUID of version 4 (RFC 9562)."""
    beginning = change.handle if b"/" in change.handle else change.handle + b"/"
    for _ in range(_TRIES):
        minted = uuid.UUID(bytes=moment.random(16), version=4)
        handle = beginning + str(minted).encode()
        if record_of_handle(moment.snapshot, handle) is None:
            return handle
    # Not reached with random bytes; with a broken source of them it must end.
    raise RequestDeclined(
        "no new suffix could be found; try again", response_code=ResponseCode.ERROR
    )


def _refuse_expiry(expires_at: int, moment: Moment) -> None:
    if expires_at and not moment.at < expires_at <= _LAST_SECOND:
        raise RequestDeclined(
            "the record would expire in the past, or after 2106; give a later moment or none",
            response_code=ResponseCode.INVALID_VALUE,
        )


def _held(moment: Moment, handle: bytes) -> Record | Answer:
    """Return the record a change is about, or why there is none to change."""
    elsewhere = away(moment.snapshot, handle)
    if elsewhere is not None:
        return elsewhere
    record = record_of_handle(moment.snapshot, handle)
    if record is None:
        return turned_down(ResponseCode.HANDLE_NOT_FOUND, "{handle}: is not registered", handle)
    return record


def delete(moment: Moment, change: DeleteHandle) -> Plan | Answer:
    """Judge the deletion of a handle."""
    held = _held(moment, change.handle)
    if isinstance(held, Answer):
        return held
    if prefix_named(change.handle) is not None:
        return turned_down(ResponseCode.OPERATION_NOT_SUPPORTED, _BY_ALLOTMENT, change.handle)
    rights = rights_over(moment.snapshot, moment.caller, change.handle, held, moment.at)
    demand(
        moment.caller,
        rights.may(AdminPermission.DELETE_HANDLE),
        "{handle}: {who} may not delete it",
        change.handle,
    )
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=change.handle),
        change.handle,
        deletes=(held.key,),
        events=(EventKind.DELETED,),
        under=entry_of(moment.snapshot, change.handle),
        handle=held.handle,
        counted="deleted",
    )


def set_state(moment: Moment, change: SetState) -> Plan | Answer:
    """Judge that a record is revoked, restored or renewed."""
    held = _held(moment, change.handle)
    if isinstance(held, Answer):
        return held
    own = node_handle(moment.snapshot)
    if own is not None and fold(own) == fold(change.handle):
        return turned_down(
            ResponseCode.INVALID_HANDLE,
            "{handle}: is the node's own prefix, without which nobody could administer it",
            change.handle,
        )
    try:
        state = held.state if change.state is None else RecordState(change.state)
    except ValueError as error:
        raise RequestDeclined(
            "{state} is no state of a record; 0 (valid) and 1 (revoked) are",
            response_code=ResponseCode.INVALID_VALUE,
            state=change.state,
        ) from error
    expires_at = held.expires_at if change.expires_at is None else change.expires_at
    _demand_state(moment, change, held, state, renewed=expires_at != held.expires_at)
    if expires_at != held.expires_at:
        _refuse_expiry(expires_at, moment)
    events: list[EventKind] = []
    if state is not held.state:
        revoked = state is RecordState.REVOKED
        events.append(EventKind.REVOKED if revoked else EventKind.RESTORED)
    if expires_at != held.expires_at:
        events.append(EventKind.RENEWED)
    record = replace(held, state=state, expires_at=expires_at, changed_at=moment.now)
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=change.handle),
        change.handle,
        detail=change.reason,
        puts=((record.key, pack_record(record)),) if events else (),
        events=tuple(events),
        under=entry_of(moment.snapshot, change.handle),
        handle=held.handle,
        counted="changed" if events else "",
    )


def _demand_state(
    moment: Moment, change: SetState, held: Record, state: RecordState, *, renewed: bool
) -> None:
    rights = rights_over(moment.snapshot, moment.caller, change.handle, held, moment.at)
    supervisor = node_rights(moment.snapshot, moment.caller, moment.at)
    restores = rights.may_by_prefix(AdminPermission.ADD_HANDLE) or supervisor.may(
        AdminPermission.ADD_DERIVED_PREFIX
    )
    if renewed or state is RecordState.VALID:
        demand(
            moment.caller,
            restores,
            "{handle}: {who} may not restore or renew it; administrators of its prefix may",
            change.handle,
        )
    if state is RecordState.REVOKED:
        demand(
            moment.caller,
            rights.may(AdminPermission.DELETE_HANDLE)
            or supervisor.may(AdminPermission.DELETE_DERIVED_PREFIX),
            "{handle}: {who} may not revoke it",
            change.handle,
        )
