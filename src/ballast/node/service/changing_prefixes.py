"""Prefixes: to whom they are allotted, and where their handles are kept.

Behind every prefix but the node's own stands one enterprise at a time, by its
name and its unified social credit code, which is checked; each change of it
leaves an event with its date, so that the lake knows whose handles were whose
at any time. A prefix is therefore not made by registering ``0.NA/<prefix>``,
as with the reference server, but allotted.

All of it is for administrators of the node: ADD_DERIVED_PREFIX in the record
of the node's own prefix to allot, change and home, DELETE_DERIVED_PREFIX to
unhome and withdraw. A prefix given away with all its handles would still obey
the keys of whoever had it, so with another enterprise the old administrators
and keys are taken off.

The record of a prefix: at 1 where its handles are kept (HS_SERV, the node's
own prefix, or HS_SITE, the enterprise's node), at 100 and 101 the rights of
the keys at 300 (HS_PUBKEY) and 301 (HS_SECKEY).
"""

from __future__ import annotations

from dataclasses import replace

from ballast.errors import InvalidTerm, MalformedMessage, RequestDeclined
from ballast.node.registry.entries import EventKind, PrefixEntry, PrefixState
from ballast.node.registry.records import RecordState, pack_record, record_of
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.changes import (
    AllotPrefix,
    ChangePrefix,
    HomePrefix,
    UnhomePrefix,
    WithdrawPrefix,
)
from ballast.node.service.plans import Moment, Plan
from ballast.node.service.prefixes import (
    node_handle,
    parse_prefix,
    prefix_named,
    record_of_handle,
)
from ballast.node.service.rights import (
    ADMIN_TYPE,
    AUTHORITY_TYPES,
    demand,
    node_rights,
)
from ballast.node.service.values import SECRET_TYPE, refuse_excess
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin, AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.keys import OpaquePublicKey, parse_public_key
from ballast.node.wire.site import Site
from ballast.node.wire.value import DEFAULT_PERMISSIONS, SECRET_PERMISSIONS, Value
from ballast.terms.enterprise_code import parse_uscc
from ballast.terms.handle import fold, prefix_handle

__all__ = ["allot", "change_prefix", "home", "unhome", "withdraw"]

_PLACE, _RIGHTS, _SECRET_RIGHTS, _PUBLIC_KEY, _SECRET = 1, 100, 101, 300, 301
_SERVICE_TYPE, _SITE_TYPE, _KEY_TYPE = "HS_SERV", "HS_SITE", "HS_PUBKEY"
# Derived prefixes are allotted by the node alone.
_ENTERPRISE_RIGHTS = ALL_PERMISSIONS & ~(
    AdminPermission.ADD_DERIVED_PREFIX | AdminPermission.DELETE_DERIVED_PREFIX
)
_MAX_TEXT = 200
_SECRET_BYTES = range(8, 4097)


def _declined(template: str, **values: object) -> RequestDeclined:
    return RequestDeclined(template, response_code=ResponseCode.INVALID_VALUE, **values)


def _demand(moment: Moment, wanted: AdminPermission, handle: bytes) -> None:
    demand(
        moment.caller,
        node_rights(moment.snapshot, moment.caller, moment.at).may(wanted),
        "{handle}: {who} is no administrator of this node with the right to do this",
        handle,
    )


def allot(moment: Moment, change: AllotPrefix) -> Plan | Answer:
    """Judge the allotment of a prefix to an enterprise."""
    prefix = parse_prefix(change.prefix)
    handle = prefix_handle(prefix).encode()
    _demand(moment, AdminPermission.ADD_DERIVED_PREFIX, handle)
    known = moment.snapshot.prefix(fold(prefix.encode()))
    if known is not None:
        return turned_down(
            ResponseCode.HANDLE_ALREADY_EXISTS,
            "{prefix}: is allotted already, to {enterprise}; change or withdraw it",
            prefix=prefix,
            enterprise=known.enterprise or known.prefix,
        )
    if record_of_handle(moment.snapshot, handle) is not None:
        return turned_down(
            ResponseCode.HANDLE_ALREADY_EXISTS, "{handle}: is registered already", handle
        )
    site = change.delegated_site
    if site is not None:
        _refuse_site(site)
    entry = PrefixEntry(
        prefix,
        PrefixState.HOMED if site is None else PrefixState.DELEGATED,
        uscc=_uscc(change.uscc),
        enterprise=_name(change.enterprise),
        contact=_contact(change.contact),
        allotted_at=moment.now,
        site=site or b"",
    )
    values = {_PLACE: _place(moment, site)}
    values |= _keys(moment, prefix, change.public_key, change.secret)
    if not {_RIGHTS, _SECRET_RIGHTS} & values.keys():
        # So that the key can be added later without touching the rights.
        values[_RIGHTS] = _rights(moment, prefix, _RIGHTS, _PUBLIC_KEY)
    return _plan(moment, entry, values, EventKind.PREFIX_ALLOTTED, change.uscc)


def change_prefix(moment: Moment, change: ChangePrefix) -> Plan | Answer:
    """Judge a change of the enterprise, the keys or the place of a prefix."""
    handle = prefix_handle(change.prefix).encode("utf-8", "replace")
    _demand(moment, AdminPermission.ADD_DERIVED_PREFIX, handle)
    entry = _entry(moment, handle)
    if isinstance(entry, Answer):
        return entry
    values = _values_of(moment, entry)
    if change.uscc is not None:
        uscc = _uscc(change.uscc)
        if uscc != entry.uscc:
            if change.enterprise is None:
                raise _declined("another code means another enterprise; give its name as well")
            values = {
                index: value
                for index, value in values.items()
                if value.type.upper() not in AUTHORITY_TYPES
            }
        entry = replace(entry, uscc=uscc)
    if change.enterprise is not None:
        entry = replace(entry, enterprise=_name(change.enterprise))
    if change.contact is not None:
        entry = replace(entry, contact=_contact(change.contact))
    values |= _keys(moment, entry.prefix, change.public_key, change.secret)
    if not any(value.type.upper() == ADMIN_TYPE for value in values.values()):
        values[_RIGHTS] = _rights(moment, entry.prefix, _RIGHTS, _PUBLIC_KEY)
    if change.delegated_site is not None:
        if _is_own(moment, entry):
            raise _declined("the node's own prefix cannot be kept elsewhere")
        entry, values = _moved(moment, entry, values, change.delegated_site or None)
    return _plan(moment, entry, values, EventKind.PREFIX_CHANGED, change.uscc or "")


def home(moment: Moment, change: HomePrefix) -> Plan | Answer:
    """Judge that the handles of a prefix are kept here again."""
    _demand(moment, AdminPermission.ADD_DERIVED_PREFIX, change.handle)
    entry = _entry(moment, change.handle)
    if isinstance(entry, Answer):
        return entry
    if entry.state is PrefixState.HOMED:
        return Plan(Answer(ResponseCode.SUCCESS, handle=change.handle), change.handle)
    entry, values = _moved(moment, entry, _values_of(moment, entry), None)
    return _plan(moment, entry, values, EventKind.PREFIX_CHANGED, "homed")


def unhome(moment: Moment, change: UnhomePrefix) -> Plan | Answer:
    """Judge that the node answers no more for the handles of a prefix; it keeps them."""
    _demand(moment, AdminPermission.DELETE_DERIVED_PREFIX, change.handle)
    entry = _entry(moment, change.handle)
    if isinstance(entry, Answer):
        return entry
    if _is_own(moment, entry):
        raise _declined("the node's own prefix stays; without it nobody could administer the node")
    if entry.state is PrefixState.UNHOMED:
        return Plan(Answer(ResponseCode.SUCCESS, handle=change.handle), change.handle)
    gone = replace(entry, state=PrefixState.UNHOMED, site=b"")
    return _plan(moment, gone, _values_of(moment, entry), EventKind.PREFIX_CHANGED, "unhomed")


def withdraw(moment: Moment, change: WithdrawPrefix) -> Plan | Answer:
    """Judge that a prefix is taken back for good."""
    handle = prefix_handle(change.prefix).encode("utf-8", "replace")
    _demand(moment, AdminPermission.DELETE_DERIVED_PREFIX, handle)
    entry = _entry(moment, handle)
    if isinstance(entry, Answer):
        return entry
    if _is_own(moment, entry):
        raise _declined("the node's own prefix stays; without it nobody could administer the node")
    if entry.count:
        raise _declined(
            "{prefix}: {count} handles stand under it; delete them first, or unhome the prefix",
            prefix=entry.prefix,
            count=entry.count,
        )
    record = record_of_handle(moment.snapshot, handle)
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=handle),
        handle,
        deletes=() if record is None else (record.key,),
        withdrawn=fold(entry.prefix.encode()),
        events=(EventKind.PREFIX_WITHDRAWN,),
        under=entry,
        handle=prefix_handle(entry.prefix).encode(),
    )


def _entry(moment: Moment, handle: bytes) -> PrefixEntry | Answer:
    named = prefix_named(handle)
    entry = moment.snapshot.prefix(fold(handle) if named is None else named)
    if entry is None:
        return turned_down(
            ResponseCode.HANDLE_NOT_FOUND,
            "{handle}: this prefix was not allotted here; allot it to an enterprise first "
            "(ballast node prefix)",
            handle,
        )
    return entry


def _is_own(moment: Moment, entry: PrefixEntry) -> bool:
    own = node_handle(moment.snapshot)
    return own is not None and fold(own) == fold(prefix_handle(entry.prefix).encode())


def _values_of(moment: Moment, entry: PrefixEntry) -> dict[int, Value]:
    record = record_of_handle(moment.snapshot, prefix_handle(entry.prefix).encode())
    return {} if record is None else {value.index: value for value in record.values()}


def _moved(
    moment: Moment, entry: PrefixEntry, values: dict[int, Value], site: bytes | None
) -> tuple[PrefixEntry, dict[int, Value]]:
    """Return entry and values of a prefix whose handles are kept elsewhere, or here (None)."""
    if site is not None:
        _refuse_site(site)
    state = PrefixState.HOMED if site is None else PrefixState.DELEGATED
    stay = {
        index: value
        for index, value in values.items()
        if value.type.upper() not in (_SITE_TYPE, _SERVICE_TYPE) and index != _PLACE
    }
    if not _is_own(moment, entry):
        stay[_PLACE] = _place(moment, site)
    return replace(entry, state=state, site=site or b""), stay


def _place(moment: Moment, site: bytes | None) -> Value:
    if site is not None:
        return Value(_PLACE, _SITE_TYPE, site, DEFAULT_PERMISSIONS, timestamp=moment.now)
    own = node_handle(moment.snapshot) or b""
    return Value(_PLACE, _SERVICE_TYPE, own, DEFAULT_PERMISSIONS, timestamp=moment.now)


def _rights(moment: Moment, prefix: str, index: int, key: int) -> Value:
    data = Admin(_ENTERPRISE_RIGHTS, prefix_handle(prefix), key).to_wire()
    return Value(index, ADMIN_TYPE, data, DEFAULT_PERMISSIONS, timestamp=moment.now)


def _keys(
    moment: Moment, prefix: str, public_key: bytes | None, secret: bytes | None
) -> dict[int, Value]:
    """Return the values of the keys given, with their rights, by index."""
    made: dict[int, Value] = {}
    if public_key is not None:
        try:
            known = not isinstance(parse_public_key(public_key), OpaquePublicKey)
        except MalformedMessage:
            known = False
        if not known:
            raise _declined("the public key is not the data of an HS_PUBKEY value")
        made[_PUBLIC_KEY] = Value(
            _PUBLIC_KEY, _KEY_TYPE, public_key, DEFAULT_PERMISSIONS, timestamp=moment.now
        )
        made[_RIGHTS] = _rights(moment, prefix, _RIGHTS, _PUBLIC_KEY)
    if secret is not None:
        if len(secret) not in _SECRET_BYTES:
            raise _declined(
                "the secret has {size} bytes; {least} to {most} are allowed",
                size=len(secret),
                least=_SECRET_BYTES[0],
                most=_SECRET_BYTES[-1],
            )
        made[_SECRET] = Value(
            _SECRET, SECRET_TYPE, secret, SECRET_PERMISSIONS, timestamp=moment.now
        )
        made[_SECRET_RIGHTS] = _rights(moment, prefix, _SECRET_RIGHTS, _SECRET)
    return made


def _uscc(text: str) -> str:
    try:
        return parse_uscc(text)
    except InvalidTerm as error:
        raise _declined(error.template, **error.values) from error


def _name(text: str) -> str:
    """Return the name of an enterprise without blanks at its ends."""
    name = text.strip()
    if not name or not name.isprintable() or len(name) > _MAX_TEXT:
        raise _declined(
            "the name of the enterprise must be one line of 1 to {most} characters",
            most=_MAX_TEXT,
        )
    return name


def _contact(text: str) -> str:
    contact = text.strip()
    if not contact.isprintable() or len(contact) > _MAX_TEXT:
        raise _declined("the contact must be one line of at most {most} characters", most=_MAX_TEXT)
    return contact


def _refuse_site(site: bytes) -> None:
    try:
        servers = Site.parse(site).servers
    except MalformedMessage as error:
        raise _declined(
            "the site of the enterprise's node is no HS_SITE ({reason})", reason=str(error)
        ) from error
    if not servers:
        raise _declined("the site of the enterprise's node names no server; give its address")


def _plan(
    moment: Moment,
    entry: PrefixEntry,
    values: dict[int, Value],
    event: EventKind,
    detail: str,
) -> Plan:
    handle = prefix_handle(entry.prefix).encode()
    before = record_of_handle(moment.snapshot, handle)
    record = record_of(
        handle,
        values.values(),
        moment.now,
        created_at=moment.now if before is None else before.created_at,
        state=RecordState.VALID if before is None else before.state,
        expires_at=0 if before is None else before.expires_at,
    )
    refuse_excess(len(values), len(record.public) + len(record.restricted))
    return Plan(
        Answer(ResponseCode.SUCCESS, handle=handle),
        handle,
        detail=detail,
        puts=((record.key, pack_record(record)),),
        entry=entry,
        events=(event,),
        under=entry,
        handle=handle,
    )
