"""Values of a record: add, modify, remove.

A value is told by its index. What a caller needs:

=========  =====================================  ==================================
change     of a value                             of an HS_ADMIN, before or after
=========  =====================================  ==================================
add        ADD_VALUE                              ADD_ADMIN
modify     MODIFY_VALUE, and the value's          MODIFY_ADMIN, likewise
           permission *administrators write*
remove     REMOVE_VALUE, and that permission      REMOVE_ADMIN, likewise
=========  =====================================  ==================================

or the value's permission *anyone writes*, as ``rights`` says. All or nothing:
one value that may not be changed refuses the request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ballast.errors import RequestDeclined
from ballast.node.registry.entries import EventKind
from ballast.node.registry.records import Record, RecordState, pack_record, record_of
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.changes import AddValues, ModifyValues, RemoveValues
from ballast.node.service.lifecycle import LifeState, life_of
from ballast.node.service.plans import Moment, Plan
from ballast.node.service.prefixes import away, entry_of, record_of_handle
from ballast.node.service.rights import (
    ADMIN_TYPE,
    AUTHORITY_TYPES,
    NO_PERMISSION,
    demand,
    rights_over,
)
from ballast.node.service.values import refuse_excess, refuse_indexes, settled
from ballast.node.wire.admin import AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Value

__all__ = ["add", "modify", "remove"]


def add(moment: Moment, change: AddValues) -> Plan | Answer:
    """Judge the addition of values; with the flag, those that exist are modified instead."""
    record = _held(moment, change.handle, change.count)
    if isinstance(record, Answer):
        return record
    values = settled(change.values, change.count, moment.now)
    held = {value.index: value for value in record.values()}
    if not change.overwrite:
        _demand(moment, change.handle, record, values, {})
        refuse_indexes((value.index for value in values), held, exist=False)
    else:
        _demand(moment, change.handle, record, values, held)
    return _rewritten(moment, change.handle, record, _merged(held, values))


def modify(moment: Moment, change: ModifyValues) -> Plan | Answer:
    """Judge the replacement of values by others of the same index."""
    record = _held(moment, change.handle, change.count)
    if isinstance(record, Answer):
        return record
    values = settled(change.values, change.count, moment.now)
    held = {value.index: value for value in record.values()}
    known = [value for value in values if value.index in held]
    # Who may not change anything here is told that, and not which indexes there are.
    _demand(moment, change.handle, record, known, held, least=AdminPermission.MODIFY_VALUE)
    refuse_indexes((value.index for value in values), held, exist=True)
    return _rewritten(moment, change.handle, record, _merged(held, values))


def remove(moment: Moment, change: RemoveValues) -> Plan | Answer:
    """Judge the removal of values."""
    record = _held(moment, change.handle, len(change.indexes))
    if isinstance(record, Answer):
        return record
    held = {value.index: value for value in record.values()}
    gone = [held[index] for index in set(change.indexes) if index in held]
    _demand_removal(moment, change.handle, record, gone)
    refuse_indexes(change.indexes, held, exist=True)
    if len(set(change.indexes)) < len(change.indexes):
        raise RequestDeclined(
            "an index stands twice in the request; name each once",
            response_code=ResponseCode.INVALID_VALUE,
        )
    left = [value for value in held.values() if value.index not in set(change.indexes)]
    return _rewritten(moment, change.handle, record, left)


def _held(moment: Moment, handle: bytes, count: int) -> Record | Answer:
    """Return the record a change of so many values is about, or why there is none to change."""
    elsewhere = away(moment.snapshot, handle)
    if elsewhere is not None:
        return elsewhere
    record = record_of_handle(moment.snapshot, handle)
    if record is None:
        return turned_down(ResponseCode.HANDLE_NOT_FOUND, "{handle}: is not registered", handle)
    # Before values are parsed: a stranger's request must be cheap to turn away.
    if not moment.caller.known:
        open_to_all = _valid(moment, record) and any(v.public_write for v in record.values())
        demand(
            moment.caller,
            open_to_all,
            "{handle}: {who} lacks the right to change these values",
            handle,
        )
    if not count:
        raise RequestDeclined(
            "{handle}: no value is named; name one at least",
            response_code=ResponseCode.INVALID_VALUE,
            handle=handle,
        )
    refuse_excess(count, 0)
    return record


def _valid(moment: Moment, record: Record) -> bool:
    return life_of(record.state, record.expires_at, moment.at) is LifeState.VALID


def _merged(held: Mapping[int, Value], values: Iterable[Value]) -> list[Value]:
    return list({**held, **{value.index: value for value in values}}.values())


def _is_admin(value: Value) -> bool:
    return value.type.upper() == ADMIN_TYPE


def _demand(
    moment: Moment,
    handle: bytes,
    record: Record,
    values: Iterable[Value],
    held: Mapping[int, Value],
    *,
    least: AdminPermission = NO_PERMISSION,
) -> None:
    """Refuse who may not put these values in the place of those held, or beside them.

    Parameters
    ----------
    held
        Those of which some are replaced, by index.
    least
        What is needed where no value says anything else.
    """
    valid = _valid(moment, record)
    wanted = NO_PERMISSION
    frozen: list[int] = []
    free = False
    for value in values:
        old = held.get(value.index)
        if old is None:
            wanted |= AdminPermission.ADD_ADMIN if _is_admin(value) else AdminPermission.ADD_VALUE
            continue
        if valid and _anyone_may(old, value):
            free = True
            continue
        if not old.admin_write:
            frozen.append(old.index)
        if _is_admin(old) or _is_admin(value):
            wanted |= AdminPermission.MODIFY_ADMIN
        if not (_is_admin(old) and _is_admin(value)):
            wanted |= AdminPermission.MODIFY_VALUE
    _demand_rights(moment, handle, record, wanted or (NO_PERMISSION if free else least), frozen)


def _demand_removal(moment: Moment, handle: bytes, record: Record, gone: Iterable[Value]) -> None:
    valid = _valid(moment, record)
    wanted = NO_PERMISSION
    frozen: list[int] = []
    free = False
    for value in gone:
        if valid and _anyone_may(value, value):
            free = True
            continue
        if not value.admin_write:
            frozen.append(value.index)
        wanted |= AdminPermission.REMOVE_ADMIN if _is_admin(value) else AdminPermission.REMOVE_VALUE
    least = NO_PERMISSION if free else AdminPermission.REMOVE_VALUE
    _demand_rights(moment, handle, record, wanted or least, frozen)


def _anyone_may(old: Value, new: Value) -> bool:
    """Whether anyone may put one value in the place of another: data and references alone."""
    return (
        old.public_write
        and old.type.upper() not in AUTHORITY_TYPES
        and old.type == new.type
        and old.permissions == new.permissions
    )


def _demand_rights(
    moment: Moment,
    handle: bytes,
    record: Record,
    wanted: AdminPermission,
    frozen: list[int],
) -> None:
    rights = rights_over(moment.snapshot, moment.caller, handle, record, moment.at)
    valid = _valid(moment, record)
    demand(
        moment.caller,
        rights.may(wanted),
        "{handle}: {who} lacks the right to change these values"
        if valid
        else "{handle}: is no longer valid; {who} may not change it, administrators of its "
        "prefix may",
        handle,
    )
    if frozen and not rights.operator:
        raise RequestDeclined(
            "{handle}: the permissions of value {index} let nobody change it",
            response_code=ResponseCode.INSUFFICIENT_PERMISSIONS,
            handle=handle,
            index=frozen[0],
        )


def _rewritten(moment: Moment, handle: bytes, record: Record, values: list[Value]) -> Plan:
    """Return the plan to put a record with these values."""
    changed = record_of(
        record.handle,
        values,
        moment.now,
        expires_at=record.expires_at,
        created_at=record.created_at,
        state=record.state,
    )
    refuse_excess(len(values), len(changed.public) + len(changed.restricted))
    if record.state is RecordState.REVOKED:
        # Since when it is revoked is read off here, and must stay.
        changed = replace(changed, changed_at=record.changed_at)
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=handle),
        handle,
        puts=((changed.key, pack_record(changed)),),
        events=(EventKind.CHANGED,),
        under=entry_of(moment.snapshot, handle),
        handle=record.handle,
        counted="changed",
    )
