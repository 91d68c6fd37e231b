"""How many refused attempts are noted: enough to see them, not so many as to fill the disk.

Each attempt that lacks the right to do something leaves an entry in the audit
trail, which is never shortened. Whoever may try as often as he likes could so
make a node write until its disk is full, and hide one attempt among a million
others. So in a minute each source has its share and all of them together
another; what is passed over is counted, and the count is noted.

What was counted stands in the registry and not in memory: it is part of the
same commit as the entries, and outlives the writer.
"""

from __future__ import annotations

import msgspec

from ballast.node.registry import audit
from ballast.node.registry.store import Transaction
from ballast.node.service.caller import Caller
from ballast.node.wire.codes import ResponseCode

__all__ = ["OF_ALL", "OF_ONE", "is_noted"]

OF_ONE = 30
OF_ALL = 600
_NAME = "audit-refused"
_SECONDS = 60


class _Minute(msgspec.Struct, array_like=True):
    """What was refused in one minute: which, by whom, how many were passed over."""

    number: int = 0
    by_source: dict[str, int] = {}
    passed_over: int = 0


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(_Minute).decode


def is_noted(transaction: Transaction, caller: Caller, at: float) -> bool:
    """Count a refusal; return whether it is to be noted by itself.

    Parameters
    ----------
    transaction
        What is being committed; the count of an earlier minute is noted in it.
    caller
        Who was refused: as he has proved to be, otherwise his address.
    at
        Epoch s.
    """
    packed = transaction.meta(_NAME)
    try:
        minute = _Minute() if packed is None else _unpack(packed)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        minute = _Minute()
    number = int(at) // _SECONDS
    if minute.number != number:
        _note_passed_over(transaction, minute, at)
        minute = _Minute(number, {})
    source = (caller.name or caller.address)[:200]
    count = minute.by_source.get(source, 0)
    noted = count < OF_ONE and sum(minute.by_source.values()) < OF_ALL
    if noted:
        minute.by_source[source] = count + 1
    else:
        minute.passed_over += 1
    transaction.put_meta(_NAME, _pack(minute))
    return noted


def _note_passed_over(transaction: Transaction, minute: _Minute, at: float) -> None:
    if minute.passed_over:
        audit.note(
            transaction,
            at=int(at * 1000),
            action="refused",
            subject="",
            outcome=int(ResponseCode.INSUFFICIENT_PERMISSIONS),
            detail=f"{minute.passed_over} more attempts in one minute, not noted one by one",
        )
