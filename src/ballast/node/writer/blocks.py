"""A block of a bulk load: thousands of new records, judged and put as one.

Not a ``Change`` of the service, whose ``apply`` judges one handle at a time: a
block carries records that the worker has packed already, is judged once a
prefix, leaves one entry in the outbox and one in the audit trail, and is
answered line by line. ``service.changes.CreateBlock`` is therefore not applied
by ``service.changing``: this module does it with the service's rights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, repeat

import msgspec

from ballast.node.registry.audit import note
from ballast.node.registry.entries import BulkProgress, BulkRefusal, EventDraft, EventKind
from ballast.node.registry.records import unpack_record
from ballast.node.registry.store import Transaction
from ballast.node.service.answers import Answer, turned_down
from ballast.node.service.caller import Caller
from ballast.node.service.changes import CreateHandle
from ballast.node.service.changing import apply
from ballast.node.service.lifecycle import day_of
from ballast.node.service.prefixes import AUTHORITY, away
from ballast.node.service.rights import rights_under
from ballast.node.wire.admin import AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.writer.idempotency import add_checkpoint

__all__ = ["Block", "Judged", "Outcome", "apply_block"]

_SUCCESS = int(ResponseCode.SUCCESS)


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Records of one block, in the order in which they are to be judged.

    Parameters
    ----------
    load
        Under what the progress of the load is kept; empty: it keeps none.
    first_line, lines
        Number of its first line in the load, from 1; how many lines it has.
    size_bytes
        Their bytes.
    digest
        Digest of all bytes of the load up to the end of the block.
    last
        Whether the load ends here.
    overwrite
        Whether a record that stands already is replaced.
    prefixes
        The prefixes of the items, folded, each with how many items in turn have it.
    items
        Key and packed record of each handle.
    handles
        The spelling of each, UTF-8.
    refused
        What the worker refused itself: line in the load, handle, code, packed sentence.
    numbers
        Line of each item in the load; empty: they follow one another from the first line.
    """

    load: bytes
    first_line: int
    lines: int
    size_bytes: int
    digest: bytes
    last: bool
    overwrite: bool
    prefixes: list[tuple[bytes, int]]
    items: list[tuple[bytes, bytes]]
    handles: list[bytes]
    refused: list[tuple[int, str, int, str]] = []
    numbers: list[int] = []


class Judged(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of one item that was not registered: its place, code, and a packed sentence."""

    item: int
    code: int
    message: str


class Outcome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of a block.

    Parameters
    ----------
    code
        SUCCESS: the block is on the disk; anything else: none of it is.
    message
        Why not, a packed sentence.
    refused
        The items that were not registered; all others were.
    done
        How many lines of the load are done.
    """

    code: int
    message: str = ""
    refused: list[Judged] = []
    done: int = 0


def apply_block(
    transaction: Transaction,
    block: Block,
    caller: Caller,
    now: float,
    random: Callable[[int], bytes],
) -> Outcome:
    """Judge a block and put what may be put; return what became of it.

    Parameters
    ----------
    transaction
        The commit that it becomes part of, with its events and the progress of its load.
    block
        The block.
    caller
        Who loads.
    now
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.
    """
    before = transaction.bulk(block.load) if block.load else None
    if block.load and (late := _out_of_turn(block, before or BulkProgress())):
        return late
    items, judged = block.items, list[Judged]()
    places: Sequence[int] = range(len(items))
    allowed = _allowed(transaction, block, caller, now, judged)
    if judged:
        places = [place for place in places if allowed[place]]
        items = [items[place] for place in places]
    put = transaction.put_new_records(items)
    if put is not None:
        stood = [place for place, new in zip(places, put, strict=True) if not new]
        judged += _standing(transaction, block, stood, caller, now, random)
        places = [place for place, new in zip(places, put, strict=True) if new]
    _record(transaction, block, places, caller, now, len(judged))
    done = 0
    if block.load:
        done = _note_progress(transaction, block, before or BulkProgress(), judged, now)
    judged.sort(key=lambda one: one.item)
    return Outcome(_SUCCESS, "", judged, done)


def _out_of_turn(block: Block, before: BulkProgress) -> Outcome | None:
    """Return why a block cannot be next in its load; None where it is."""
    if block.first_line == before.lines + 1 and not before.finished:
        return None
    if block.first_line > before.lines + 1:
        said = turned_down(
            ResponseCode.SERVER_BUSY, "lines before this block are still to be written; try again"
        )
    elif before.finished and block.first_line > before.lines:
        said = turned_down(
            ResponseCode.PROTOCOL_ERROR,
            "the load under this idempotency key ended with line {lines}; "
            "send further lines under a new key",
            lines=before.lines,
        )
    else:
        said = turned_down(
            ResponseCode.PROTOCOL_ERROR,
            "the load under this idempotency key stands at line {lines} already; "
            "send it again from its beginning",
            lines=before.lines,
        )
    return Outcome(int(said.code), said.sentence, [], before.lines)


def _allowed(
    transaction: Transaction, block: Block, caller: Caller, now: float, judged: list[Judged]
) -> list[bool]:
    """Judge each prefix once, and note the items that may not be registered."""
    verdicts = {
        prefix: _prefix_verdict(transaction, prefix, caller, now) for prefix, _ in block.prefixes
    }
    if not any(verdicts.values()):
        return []
    allowed: list[bool] = []
    for prefix, count in block.prefixes:
        said = verdicts[prefix]
        if said is not None:
            first = len(allowed)
            judged += [
                Judged(item, int(said.code), said.sentence) for item in range(first, first + count)
            ]
        allowed += repeat(said is None, count)
    return allowed


def _prefix_verdict(
    transaction: Transaction, prefix: bytes, caller: Caller, now: float
) -> Answer | None:
    """Return why a caller may register nothing under a prefix; None where he may."""
    if prefix == AUTHORITY:
        return turned_down(
            ResponseCode.OPERATION_NOT_SUPPORTED,
            "{prefix}: prefixes are allotted one at a time, not loaded",
            prefix=prefix,
        )
    if (elsewhere := away(transaction, prefix + b"/", refer=False)) is not None:
        return turned_down(
            elsewhere.code, "{prefix}: this node does not keep handles of it", prefix=prefix
        )
    if rights_under(transaction, caller, prefix, now).may_by_prefix(AdminPermission.ADD_HANDLE):
        return None
    if not caller.known:
        return turned_down(
            ResponseCode.AUTHENTICATION_NEEDED,
            "{prefix}: only its administrators register handles; prove to be one",
            prefix=prefix,
        )
    return turned_down(
        ResponseCode.INSUFFICIENT_PERMISSIONS,
        "{prefix}: {who} may not register handles under it",
        prefix=prefix,
        who=caller.name,
    )


def _standing(
    transaction: Transaction,
    block: Block,
    places: list[int],
    caller: Caller,
    now: float,
    random: Callable[[int], bytes],
) -> list[Judged]:
    """Return what becomes of items whose handles exist: refused, or overwritten one at a time."""
    judged: list[Judged] = []
    for place in places:
        handle = block.handles[place]
        if block.overwrite:
            record = unpack_record(*block.items[place])
            answer = apply(
                transaction,
                CreateHandle(
                    handle,
                    record.public + record.restricted,
                    record.public_count + record.restricted_count,
                    overwrite=True,
                    expires_at=record.expires_at,
                ),
                caller,
                now,
                random,
            )
            if answer.ok:
                continue
        else:
            answer = turned_down(
                ResponseCode.HANDLE_ALREADY_EXISTS, "{handle}: exists already", handle
            )
        judged.append(Judged(place, int(answer.code), answer.sentence or answer.message))
    return judged


def _record(
    transaction: Transaction,
    block: Block,
    places: Sequence[int],
    caller: Caller,
    now: float,
    refused: int,
) -> None:
    """Put what was registered into the outbox, the counts of the day and the audit trail."""
    if len(places) == len(block.handles):
        by_prefix = _by_prefix(block.prefixes, block.handles)
    else:
        prefixes = list(chain.from_iterable(repeat(name, n) for name, n in block.prefixes))
        by_prefix = _by_prefix(
            [(prefixes[place], 1) for place in places], [block.handles[p] for p in places]
        )
    day = day_of(now)
    drafts: list[EventDraft] = []
    for prefix, handles in by_prefix.items():
        entry = transaction.prefix(prefix)
        drafts.append(
            EventDraft(
                int(now * 1000),
                EventKind.REGISTERED,
                entry.prefix if entry is not None else prefix.decode(),
                tuple(handles),
                caller.name,
                entry.uscc if entry is not None else "",
            )
        )
        transaction.add_daily(day, prefix, registered=len(handles))
    if drafts:
        transaction.append_events(drafts)
    refused += len(block.refused)
    if places:
        note(
            transaction,
            at=int(now * 1000),
            action="CreateBlock",
            subject=", ".join(prefix.decode() for prefix in by_prefix),
            outcome=_SUCCESS,
            actor=caller.name,
            address=caller.address,
            channel=caller.channel,
            detail=(
                f"lines {block.first_line}-{block.first_line + block.lines - 1}, "
                f"{len(places)} registered, {refused} refused, "
                f"load {block.load.hex()[:16] or '-'}, digest {block.digest.hex()[:32]}"
            ),
        )


def _by_prefix(prefixes: list[tuple[bytes, int]], handles: list[bytes]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    at = 0
    for prefix, count in prefixes:
        found.setdefault(prefix, []).extend(handles[at : at + count])
        at += count
    return found


def _note_progress(
    transaction: Transaction, block: Block, before: BulkProgress, judged: list[Judged], now: float
) -> int:
    """Keep how far the load has come, and what was refused; return its lines so far."""
    numbers = block.numbers or range(block.first_line, block.first_line + block.lines)
    refusals = [BulkRefusal(*one) for one in block.refused]
    refusals += [
        BulkRefusal(numbers[one.item], block.handles[one.item].decode(), one.code, one.message)
        for one in judged
    ]
    done = block.first_line + block.lines - 1
    progress = BulkProgress(
        lines=done,
        size_bytes=before.size_bytes + block.size_bytes,
        digest=add_checkpoint(before.digest, done, block.digest) if block.lines else before.digest,
        created=before.created + len(block.items) - len(judged),
        refused=before.refused + len(refusals),
        changed_at=int(now),
        finished=block.last,
    )
    transaction.put_bulk(block.load, progress, refusals)
    return done
