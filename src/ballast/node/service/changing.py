"""Every change of a node goes through ``apply``: judged whole, then written whole.

It runs in the writer alone, in the transaction of whatever group of changes is
being committed; it sees what those before it in the group have done. How each
change is judged stands in ``changing_records``, ``changing_values`` and
``changing_prefixes``; what is common to all of them here.

A change that is refused writes nothing but, where rights were lacking, its
entry in the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from ballast.errors import InvalidTerm, MalformedMessage, Refused
from ballast.node.registry.records import MAX_PREFIX_BYTES
from ballast.node.registry.store import Transaction
from ballast.node.service import changing_prefixes, changing_records, changing_values
from ballast.node.service.answers import Answer, declined
from ballast.node.service.caller import Caller
from ballast.node.service.changes import (
    AddDaily,
    AddValues,
    AllotPrefix,
    Change,
    ChangePrefix,
    CreateHandle,
    DeleteHandle,
    ForgetOutbox,
    HomePrefix,
    ModifyValues,
    NoteAudit,
    RemoveValues,
    SetState,
    UnhomePrefix,
    WithdrawPrefix,
)
from ballast.node.service.lifecycle import day_of
from ballast.node.service.plans import Moment, Plan, carry_out, note_refusal
from ballast.node.service.refusals import is_noted
from ballast.node.wire.codes import ResponseCode
from ballast.terms.handle import prefix_handle

__all__ = ["apply"]


def apply(
    transaction: Transaction,
    change: Change,
    caller: Caller,
    now: float,
    random: Callable[[int], bytes],
) -> Answer:
    """Judge a change and carry it out; return what became of it.

    Never raises for what was asked, only where the store fails.

    Parameters
    ----------
    transaction
        What is being committed.
    change
        What is wanted.
    caller
        Who wants it.
    now
        Epoch s.
    random
        Gives that many unpredictable bytes.
    """
    moment = Moment(transaction, caller, now, random)
    match change:
        case AddDaily() | ForgetOutbox() | NoteAudit():
            return _keep_books(transaction, change, moment)
        case _:
            pass
    action, subject = type(change).__name__, _subject(change)
    try:
        plan = _judged(moment, change)
    except MalformedMessage as error:
        return declined(error, ResponseCode.PROTOCOL_ERROR, subject)
    except InvalidTerm as error:
        return declined(error, ResponseCode.INVALID_HANDLE, subject)
    except Refused as error:
        answer = declined(error, ResponseCode.INVALID_VALUE, subject)
        note_refusal(transaction, moment, action, subject, answer)
        return answer
    if isinstance(plan, Answer):
        note_refusal(transaction, moment, action, subject, plan)
        return plan
    return carry_out(transaction, plan, moment, action)


_Judged = (
    CreateHandle
    | DeleteHandle
    | AddValues
    | ModifyValues
    | RemoveValues
    | HomePrefix
    | UnhomePrefix
    | AllotPrefix
    | ChangePrefix
    | WithdrawPrefix
    | SetState
)


def _subject(change: _Judged) -> bytes:
    match change:
        case AllotPrefix() | ChangePrefix() | WithdrawPrefix():
            return prefix_handle(change.prefix).encode("utf-8", "replace")
        case _:
            return change.handle


# longer than 30 lines because every change has its line
def _judged(moment: Moment, change: _Judged) -> Plan | Answer:
    match change:
        case CreateHandle():
            return changing_records.create(moment, change)
        case DeleteHandle():
            return changing_records.delete(moment, change)
        case SetState():
            return changing_records.set_state(moment, change)
        case AddValues():
            return changing_values.add(moment, change)
        case ModifyValues():
            return changing_values.modify(moment, change)
        case RemoveValues():
            return changing_values.remove(moment, change)
        case AllotPrefix():
            return changing_prefixes.allot(moment, change)
        case ChangePrefix():
            return changing_prefixes.change_prefix(moment, change)
        case WithdrawPrefix():
            return changing_prefixes.withdraw(moment, change)
        case HomePrefix():
            return changing_prefixes.home(moment, change)
        case UnhomePrefix():
            return changing_prefixes.unhome(moment, change)
        case _:
            assert_never(change)


def _keep_books(
    transaction: Transaction, change: AddDaily | ForgetOutbox | NoteAudit, moment: Moment
) -> Answer:
    """Do what the node's own processes ask for; no request from outside is made of these."""
    match change:
        case AddDaily():
            day = day_of(moment.at)
            for prefix, count in change.resolved.items():
                if 0 < len(prefix) <= MAX_PREFIX_BYTES and count > 0:
                    transaction.add_daily(day, prefix, resolved=count)
        case ForgetOutbox():
            transaction.forget_outbox(change.up_to)
        case NoteAudit():
            answer = Answer(ResponseCode(change.outcome), change.detail)
            if not answer.ok and not is_noted(transaction, moment.caller, moment.at):
                return Answer(ResponseCode.SUCCESS)
            subject = change.subject.encode("utf-8", "replace")
            plan = Plan(answer, subject, change.detail)
            carry_out(transaction, plan, moment, change.action)
    return Answer(ResponseCode.SUCCESS)
