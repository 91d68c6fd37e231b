"""Handles that stand for others: HS_ALIAS, followed where that is asked for.

By the native protocol following is the client's part: it gets the HS_ALIAS
value and asks again. Only doors whose clients cannot do that (a browser that
scanned a code) ask the node to follow. Then:

* the alias with the lowest index counts, if anyone may read it and the record is valid;
* not where the question names the type HS_ALIAS, which asks for the alias itself;
* at most ten steps, and never to a handle twice: both are code 6, because an answer that
  stops halfway would be taken for the end;
* an alias of another node's handle is not followed: its record is the answer, and who asks
  goes on from there.
"""

from __future__ import annotations

from ballast.errors import MalformedMessage
from ballast.node.registry.records import Record
from ballast.node.registry.store import Snapshot
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.lifecycle import LifeState, life_of
from ballast.node.service.prefixes import away, record_of_handle
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import values_from_wire
from ballast.node.wire.vlist import alias_from_wire
from ballast.terms.handle import fold

__all__ = ["ALIAS_TYPE", "MAX_ALIASES", "alias_of", "follow"]

ALIAS_TYPE = "HS_ALIAS"
MAX_ALIASES = 10


def alias_of(record: Record, now: float) -> bytes | None:
    """Return the handle that a record stands for, or None.

    Parameters
    ----------
    now
        Epoch s; the alias of a record that is revoked or has expired is not followed.
    """
    if life_of(record.state, record.expires_at, now) is not LifeState.VALID:
        return None
    for value in values_from_wire(record.public, record.public_count):
        if value.type.upper() == ALIAS_TYPE:
            try:
                return alias_from_wire(value.data)
            except MalformedMessage:
                return None
    return None


def follow(
    snapshot: Snapshot, handle: bytes, record: Record, now: float
) -> tuple[bytes, Record] | Answer:
    """Return the handle and the record where a chain of aliases ends.

    Parameters
    ----------
    handle, record
        Where it begins.
    now
        Epoch s.

    Returns
    -------
    tuple or Answer
        The end, or why there is none: 100 where an alias names a handle that does not exist
        here, 6 where the chain is too long or goes round.
    """
    seen = {fold(handle)}
    while (target := alias_of(record, now)) is not None:
        if fold(target) in seen:
            return turned_down(
                ResponseCode.RECURSION_LIMIT,
                "{handle}: its aliases go round in a circle; correct one of them",
                handle,
            )
        if len(seen) > MAX_ALIASES:
            return turned_down(
                ResponseCode.RECURSION_LIMIT,
                "{handle}: more than {most} aliases follow on one another",
                handle,
                most=MAX_ALIASES,
            )
        if away(snapshot, target) is not None:
            break
        found = record_of_handle(snapshot, target)
        if found is None:
            return turned_down(
                ResponseCode.HANDLE_NOT_FOUND,
                "{handle}: stands for {target}, which is not registered",
                handle,
                target=target,
            )
        seen.add(fold(target))
        handle, record = target, found
    return handle, record
