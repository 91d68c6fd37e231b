"""What a change comes to, worked out before anything is written.

Judging reads a snapshot and returns a plan; only ``carry_out`` writes. So a
change cannot be half done: there is no place in the code where one thing has
been put and the next can still be refused. And what is judged can be tested
without a writer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ballast.node.registry import audit
from ballast.node.registry.entries import EventDraft, EventKind, PrefixEntry, PrefixState
from ballast.node.registry.store import Snapshot, Transaction
from ballast.node.service.answers import Answer
from ballast.node.service.caller import Caller
from ballast.node.service.lifecycle import day_of
from ballast.node.service.refusals import is_noted
from ballast.node.wire.codes import ResponseCode
from ballast.terms.handle import fold, prefix_of

__all__ = ["Moment", "Plan", "carry_out", "note_refusal"]

Counted: TypeAlias = Literal["registered", "changed", "deleted", ""]
# What came of a lack of rights is noted, whoever was refused; 402 is only the question who asks.
_NOTED = frozenset(
    {
        ResponseCode.INVALID_ADMIN,
        ResponseCode.INSUFFICIENT_PERMISSIONS,
        ResponseCode.AUTHENTICATION_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """In what a change is judged.

    Parameters
    ----------
    snapshot
        The registry, with what was changed before in the same commit.
    caller
        Who asks.
    at
        Epoch s.
    random
        Gives that many unpredictable bytes.
    """

    snapshot: Snapshot
    caller: Caller
    at: float
    random: Callable[[int], bytes]

    @property
    def now(self) -> int:
        """Epoch s, whole."""
        return int(self.at)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change comes to.

    Parameters
    ----------
    answer
        What is answered once it is done.
    subject
        The handle or prefix it is about, for the audit trail.
    detail
        What else the trail should say.
    puts
        Keys and packed records.
    deletes
        Keys of records.
    entry
        The prefix to put.
    withdrawn
        The folded prefix to delete.
    events
        What happened, in order.
    under
        The prefix the events are under; as it is after the change, or was before it was deleted.
    handle
        The handle the events are about.
    counted
        As what the day counts it.
    """

    answer: Answer
    subject: bytes
    detail: str = ""
    puts: tuple[tuple[bytes, bytes], ...] = ()
    deletes: tuple[bytes, ...] = ()
    entry: PrefixEntry | None = None
    withdrawn: bytes | None = None
    events: tuple[EventKind, ...] = ()
    under: PrefixEntry | None = None
    handle: bytes = b""
    counted: Counted = ""


def carry_out(transaction: Transaction, plan: Plan, moment: Moment, action: str) -> Answer:
    """Write what a plan says, with its events, counts and audit entry; return its answer.

    Parameters
    ----------
    action
        The name of the change, for the audit trail.
    """
    for key, packed in plan.puts:
        transaction.put_record(key, packed)
    for key in plan.deletes:
        transaction.delete_record(key)
    if plan.withdrawn is not None:
        transaction.delete_prefix(plan.withdrawn)
    if plan.entry is not None:
        transaction.put_prefix(plan.entry)
    at = int(moment.at * 1000)
    under = plan.under or PrefixEntry(prefix_of(plan.handle).decode(), PrefixState.HOMED)
    if plan.events:
        transaction.append_events(
            [
                EventDraft(at, kind, under.prefix, (plan.handle,), moment.caller.name, under.uscc)
                for kind in plan.events
            ]
        )
    if plan.counted:
        transaction.add_daily(
            day_of(moment.at),
            fold(under.prefix.encode()),
            registered=int(plan.counted == "registered"),
            changed=int(plan.counted == "changed"),
            deleted=int(plan.counted == "deleted"),
        )
    _note(transaction, moment, action, plan.subject, plan.answer.code, plan.detail)
    return plan.answer


def note_refusal(
    transaction: Transaction, moment: Moment, action: str, subject: bytes, answer: Answer
) -> None:
    """Put a refusal for lack of rights into the audit trail; other refusals leave no trace."""
    if answer.code in _NOTED and is_noted(transaction, moment.caller, moment.at):
        _note(transaction, moment, action, subject, answer.code, answer.message)


def _note(
    transaction: Transaction,
    moment: Moment,
    action: str,
    subject: bytes,
    outcome: ResponseCode,
    detail: str,
) -> None:
    caller = moment.caller
    audit.note(
        transaction,
        at=int(moment.at * 1000),
        action=action,
        subject=subject.decode("utf-8", "replace"),
        outcome=int(outcome),
        actor=caller.name,
        address=caller.address,
        channel=caller.channel,
        detail=detail,
    )
