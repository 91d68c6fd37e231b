"""What is asked of a node without changing it: resolve, list, where the node is.

Which values are answered:

* Index and type are alternatives: a value is asked for if its index or its type is named;
  all are where nothing is named. Types compare with ASCII letters folded; one that ends in
  "." means every type that begins so ("URL." means URL.a and not URL).
* A value that anyone may read is answered to anyone. Of the others:

  ============================  =====================================================
  who asks                      what becomes of a value that is asked for, not public
  ============================  =====================================================
  with the flag PUBL            left out
  anybody                       402 if there is nothing else to answer, else left out
  somebody without the right    401 if there is nothing else to answer, else left out
  administrator (READ_VALUE)    answered, if administrators may read it
  ============================  =====================================================

  Why left out and not 402 as soon as there is one: the clients of China ask with no flag at
  all (captured), so a record with a key in it could no longer be resolved by them. Who wants
  the others names them, by index or by type, and is asked to prove who he is.
* A secret key is never answered as public, even where it was stored so.
* Nothing to answer: 200, where the handle exists; 100 where it does not. A value that nobody
  may read is as if it were not there.
* Of a record that is not valid, the status value is answered besides (``lifecycle``).

Answers repeat the spelling that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ballast.node.registry.entries import PrefixState
from ballast.node.registry.records import Record
from ballast.node.registry.store import Snapshot
from ballast.node.service.aliases import ALIAS_TYPE, follow
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.caller import Caller
from ballast.node.service.founding import SITE_META
from ballast.node.service.lifecycle import status_value
from ballast.node.service.prefixes import (
    AUTHORITY,
    away,
    entry_of,
    prefix_named,
    record_of_handle,
)
from ballast.node.service.rights import Rights, node_rights, rights_over
from ballast.node.service.values import SECRET_TYPE
from ballast.node.wire.admin import AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Value, values_from_wire
from ballast.terms.handle import fold, prefix_handle

__all__ = ["PAGE", "asked_for", "list_handles", "list_prefixes", "resolve", "site_info"]

PAGE = 1000
MAX_PAGE = 10_000
_SECRET = SECRET_TYPE.encode().lower()


def resolve(
    snapshot: Snapshot,
    request: ResolveRequest,
    caller: Caller,
    now: float,
    *,
    public_only: bool = False,
    refer: bool = True,
    follow_aliases: bool = False,
) -> Answer:
    """Return the values of a handle that are asked for and may be seen.

    Parameters
    ----------
    request
        What is asked.
    caller
        Who asks.
    now
        Epoch s.
    public_only
        The flag PUBL: leave out what is not public, and never ask who it is.
    refer
        Not the flag DNRF: say where a delegated prefix is kept (303).
    follow_aliases
        Answer for the handle that this one stands for (``aliases``); the answer names it.
    """
    handle = request.handle
    elsewhere = away(snapshot, handle, refer=refer)
    if elsewhere is not None:
        return elsewhere
    record = record_of_handle(snapshot, handle)
    if record is None:
        return turned_down(ResponseCode.HANDLE_NOT_FOUND, "{handle}: is not registered", handle)
    if follow_aliases and ALIAS_TYPE not in {kind.upper() for kind in request.types}:
        end = follow(snapshot, handle, record, now)
        if isinstance(end, Answer):
            return end
        handle, record = end
    if not (request.indexes or request.types or (caller.known and record.restricted_count)):
        answer = _all_public(handle, record, now)
        if answer is not None:
            return answer
    return _selected(snapshot, request, handle, record, caller, now, public_only)


def _all_public(handle: bytes, record: Record, now: float) -> Answer | None:
    """Return everything that anyone may read, as it lies; None where it must be looked through."""
    if not record.public_count or _SECRET in record.public.lower():
        return None
    status = status_value(record, now)
    if status is None:
        return Answer(
            ResponseCode.SUCCESS, handle=handle, values=record.public, count=record.public_count
        )
    return Answer(
        ResponseCode.SUCCESS,
        handle=handle,
        values=record.public + status.to_wire(),
        count=record.public_count + 1,
    )


def _selected(
    snapshot: Snapshot,
    request: ResolveRequest,
    handle: bytes,
    record: Record,
    caller: Caller,
    now: float,
    public_only: bool,
) -> Answer:
    """Return the values that are named, as far as the caller may see them."""
    wanted = asked_for(request.indexes, request.types)
    public: list[Value] = []
    others: list[Value] = []
    for value in values_from_wire(record.public, record.public_count):
        if wanted(value):
            (others if value.type.upper() == SECRET_TYPE else public).append(value)
    others += filter(wanted, values_from_wire(record.restricted, record.restricted_count))
    obtainable = [value for value in others if value.admin_read or caller.local]
    rights = Rights()
    if obtainable and caller.known and not public_only:
        rights = rights_over(snapshot, caller, handle, record, now)
        if rights.may(AdminPermission.READ_VALUE):
            public = sorted([*public, *obtainable], key=lambda value: value.index)
            obtainable = []
    status = status_value(record, now)
    if not public and obtainable and not public_only:
        return _hidden(caller, handle)
    if not public and (status is None or not wanted(status)):
        return turned_down(
            ResponseCode.VALUES_NOT_FOUND, "{handle}: has no value of what was asked for", handle
        )
    shown = public if status is None else [*public, status]
    return Answer(
        ResponseCode.SUCCESS,
        handle=handle,
        values=b"".join([value.to_wire() for value in shown]),
        count=len(shown),
    )


def _hidden(caller: Caller, handle: bytes) -> Answer:
    if caller.known:
        return turned_down(
            ResponseCode.INSUFFICIENT_PERMISSIONS,
            "{handle}: {who} may not read these values",
            handle,
            who=caller.name,
        )
    return turned_down(
        ResponseCode.AUTHENTICATION_NEEDED,
        "{handle}: these values are for its administrators; prove to be one",
        handle,
    )


def asked_for(indexes: Iterable[int], types: Iterable[str]) -> Callable[[Value], bool]:
    """Return whether a value is asked for.

    Parameters
    ----------
    indexes, types
        Either is enough; a type that ends in "." means every type that begins so. None of
        both: every value is.

    Examples
    --------
    >>> wanted = asked_for([], ["url", "DESC."])
    >>> [wanted(Value(1, kind, b"")) for kind in ("URL", "desc.zh", "DESC")]
    [True, True, False]
    """
    numbers = frozenset(indexes)
    folded = [fold(kind.encode()) for kind in types]
    whole = frozenset(kind for kind in folded if not kind.endswith(b"."))
    beginnings = tuple(kind for kind in folded if kind.endswith(b"."))
    if not numbers and not folded:
        return _every

    def wanted(value: Value) -> bool:
        if value.index in numbers:
            return True
        kind = fold(value.type.encode())
        return kind in whole or kind.startswith(beginnings)

    return wanted


def _every(_: Value) -> bool:
    return True


def list_handles(
    snapshot: Snapshot,
    handle: bytes,
    caller: Caller,
    now: float,
    *,
    cursor: bytes = b"",
    limit: int = PAGE,
) -> Answer:
    """Return handles under a prefix, in the order of their folded forms.

    For administrators with LIST_HANDLES in the prefix's record, and for those of the node.

    Parameters
    ----------
    handle
        ``0.NA/<prefix>``, or the prefix alone.
    cursor
        That of the page before; empty begins.
    limit
        At most so many.
    """
    prefix = prefix_named(handle)
    if prefix is None:
        prefix = fold(handle)
    named = prefix_handle(prefix.decode("utf-8", "replace")).encode()
    entry = snapshot.prefix(prefix)
    if entry is None or entry.state is not PrefixState.HOMED:
        if prefix != AUTHORITY:
            return away(snapshot, prefix + b"/", refer=True) or _unknown_prefix(handle)
        rights = node_rights(snapshot, caller, now)
    else:
        record = record_of_handle(snapshot, named)
        rights = rights_over(snapshot, caller, named, record, now)
    if not rights.may(AdminPermission.LIST_HANDLES):
        return _not_listed(caller, handle)
    most = max(1, min(limit, MAX_PAGE))
    found = snapshot.handles(prefix, cursor or None, most + 1)
    page = found[:most]
    return Answer(
        ResponseCode.SUCCESS,
        handle=handle,
        handles=tuple([spelling for _, spelling in page]),
        more=len(found) > most,
        cursor=page[-1][0] if page else b"",
    )


def list_prefixes(
    snapshot: Snapshot,
    caller: Caller,
    now: float,
    *,
    under: bytes | None = None,
    cursor: bytes = b"",
    limit: int = PAGE,
) -> Answer:
    """Return prefixes as handles ``0.NA/<prefix>``, in the order of their folded forms.

    For administrators of the node with LIST_HANDLES; of those under one prefix also for its own.

    Parameters
    ----------
    under
        Those derived from this prefix (``88.118`` or ``0.NA/88.118``), whatever their state;
        None: those whose handles are kept here.
    cursor
        That of the page before; empty begins.
    limit
        At most so many.
    """
    above = None if under is None else prefix_named(under) or fold(under)
    if above is None:
        rights = node_rights(snapshot, caller, now)
        subject = AUTHORITY
    else:
        subject = prefix_handle(above.decode("utf-8", "replace")).encode()
        if entry_of(snapshot, subject) is None:
            return _unknown_prefix(under or b"")
        record = record_of_handle(snapshot, subject)
        rights = rights_over(snapshot, caller, subject, record, now)
    if not rights.may(AdminPermission.LIST_HANDLES):
        return _not_listed(caller, subject)
    most = max(1, min(limit, MAX_PAGE))
    page: list[bytes] = []
    at = cursor
    more = False
    while True:
        entries = snapshot.prefixes(at or None, MAX_PAGE)
        for entry in entries:
            folded = fold(entry.prefix.encode())
            at_end = len(page) >= most
            shown = (
                entry.state is PrefixState.HOMED
                if above is None
                else folded.startswith(above + b".")
            )
            if shown and at_end:
                more = True
                break
            at = folded
            if shown:
                page.append(prefix_handle(entry.prefix).encode())
        if more or len(entries) < MAX_PAGE:
            break
    return Answer(ResponseCode.SUCCESS, handles=tuple(page), more=more, cursor=at)


def site_info(snapshot: Snapshot) -> Answer:
    """Return where this node is: the data of its HS_SITE value, as ``values``; for anyone."""
    site = snapshot.meta(SITE_META)
    if not site:
        return turned_down(
            ResponseCode.ERROR, "this node has no site; found it with ballast node init"
        )
    return Answer(ResponseCode.SUCCESS, values=site, count=1)


def _unknown_prefix(handle: bytes) -> Answer:
    return turned_down(
        ResponseCode.SERVER_NOT_RESPONSIBLE, "{handle}: was not allotted by this node", handle
    )


def _not_listed(caller: Caller, handle: bytes) -> Answer:
    if caller.known:
        return turned_down(
            ResponseCode.INSUFFICIENT_PERMISSIONS,
            "{handle}: {who} may not list what is there",
            handle,
            who=caller.name,
        )
    return turned_down(
        ResponseCode.AUTHENTICATION_NEEDED,
        "{handle}: only its administrators may list what is there; prove to be one",
        handle,
    )
