"""The audit trail: who did what, each entry bound to the one before it.

A table of lines can be edited by whoever can write the file, and nobody would
see. Here each entry carries the SHA-256 digest of the entry before it, so that
an entry that was changed, taken out, put in or moved breaks the chain behind
it; count and digest of the last one stand apart (``meta``), so that a trail cut
off at its end is noticed too. Whoever rewrites every entry *and* what stands
apart leaves a chain without a fault: against that there are seals
(``audit_seal``), made with a key and kept outside the registry.

Why not a signature on each entry: it costs more than the change it records,
and the process that could be broken into holds the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from ballast.errors import Refused
from ballast.node.registry.store import Snapshot, Transaction

__all__ = [
    "GENESIS",
    "AuditEntry",
    "AuditHead",
    "Fault",
    "Verified",
    "audit_head",
    "entries",
    "note",
    "verify",
]

GENESIS = bytes(32)
"""What the first entry carries in the place of a digest."""

# Of bytes that were changed, msgspec lets the error of a text through that is no UTF-8.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)
_HEAD_NAME = "audit-head"
_PAGE = 2_000
_MAX_FAULTS = 100
_MAX_TEXT = 4_096


class AuditEntry(msgspec.Struct, frozen=True, array_like=True):
    """One thing that was done, or tried.

    Parameters
    ----------
    number
        From 1, without gaps.
    at
        Epoch milliseconds.
    actor
        Who: ``300:0.NA/88.118.8``, a name of the command line; empty for anybody.
    address, channel
        Whence, and through which door.
    action
        What: the name of a change, ``login``, ``refused``.
    subject
        To what: a handle, a prefix.
    outcome
        The protocol's response code.
    detail
        Whatever else a reader of the trail should know; never a secret.
    previous
        SHA-256 of the stored bytes of the entry before it; ``GENESIS`` in the first.
    """

    number: int
    at: int
    actor: str
    address: str
    channel: str
    action: str
    subject: str
    outcome: int
    detail: str
    previous: bytes


class AuditHead(msgspec.Struct, frozen=True, array_like=True):
    """Where the trail ends: how many entries there are, and the digest of the last."""

    count: int = 0
    digest: bytes = GENESIS


_pack = msgspec.msgpack.Encoder().encode
_unpack_entry = msgspec.msgpack.Decoder(AuditEntry).decode
_unpack_head = msgspec.msgpack.Decoder(AuditHead).decode


def _digest(stored: bytes) -> bytes:
    return hashlib.sha256(stored).digest()


def audit_head(snapshot: Snapshot) -> AuditHead:
    """Return where the trail ends by what stands apart from it; the beginning where nothing does.

    Raises
    ------
    Refused
        If what stands apart was damaged; ``verify`` says where.
    """
    packed = snapshot.meta(_HEAD_NAME)
    if packed is None:
        return AuditHead()
    try:
        return _unpack_head(packed)
    except UNREADABLE:
        raise Refused(
            "the audit trail is damaged; `ballast node audit --verify` says where"
        ) from None


def note(
    transaction: Transaction,
    *,
    at: int,
    action: str,
    subject: str,
    outcome: int,
    actor: str = "",
    address: str = "",
    channel: str = "",
    detail: str = "",
) -> int:
    """Append an entry in the transaction of the change it records; return its number.

    Parameters
    ----------
    at
        Epoch milliseconds.
    action, subject, outcome, actor, address, channel, detail
        As in ``AuditEntry``; texts are cut at 4,096 characters.
    """
    head = audit_head(transaction)
    entry = AuditEntry(
        head.count + 1,
        at,
        actor[:_MAX_TEXT],
        address[:_MAX_TEXT],
        channel[:_MAX_TEXT],
        action[:_MAX_TEXT],
        subject[:_MAX_TEXT],
        outcome,
        detail[:_MAX_TEXT],
        head.digest,
    )
    stored = _pack(entry)
    number = transaction.append_audit(stored)
    transaction.put_meta(_HEAD_NAME, _pack(AuditHead(number, _digest(stored))))
    return number


def entries(snapshot: Snapshot, after: int = 0, limit: int = 1000) -> list[AuditEntry]:
    """Return entries above a number, in order; those that cannot be read are left to ``verify``."""
    found: list[AuditEntry] = []
    for _, stored in snapshot.audit_entries(after, limit):
        try:
            found.append(_unpack_entry(stored))
        except UNREADABLE:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the trail is not as it was written.

    Parameters
    ----------
    number
        Of the entry at which it shows.
    template
        What shows, as a template of ``words``; ``number`` and ``other`` are its places.
    other
        A second number where the sentence has one.
    """

    number: int
    template: str
    other: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a verification.

    Parameters
    ----------
    count
        Entries that were read.
    head
        Digest of the last of them.
    faults
        Where it is broken, at most the first hundred; none: it is as it was written, up to a cut
        or a whole rewriting that only a seal can show.
    """

    count: int
    head: bytes
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


CHANGED = "entry {number} cannot be read; its bytes were changed"
MISSING = "entries {number} to {other} are missing"
MOVED = "entry {number} stands in another's place; it was written as entry {other}"
BROKEN = "entry {number} does not follow on the one before it; one of the two was changed"
CUT = "the trail ends with entry {number}, but {other} entries were written"
LAST = "entry {number}, the last, was changed"
UNNOTED = "the trail holds {other} entries, but notes that it ends with {number}"
HEAD_LOST = "the note where the trail ends is damaged or gone"


def _pages(snapshot: Snapshot) -> Iterator[tuple[int, bytes]]:
    after = 0
    while page := snapshot.audit_entries(after, _PAGE):
        yield from page
        after = page[-1][0]


def verify(snapshot: Snapshot) -> Verified:
    """Read the whole trail and return where it is not as it was written.

    Finds an entry that was changed, removed, put in or moved, and entries cut off at the end as
    long as the note of the end was not rewritten with them. It does not find a trail that was
    rewritten as a whole, together with that note: compare with a seal for that.
    """
    faults: list[Fault] = []
    expected, last, count = 1, GENESIS, 0
    for number, stored in _pages(snapshot):
        if number != expected:
            faults.append(Fault(expected, MISSING, number - 1))
        try:
            entry = _unpack_entry(stored)
        except UNREADABLE:
            faults.append(Fault(number, CHANGED))
        else:
            if entry.number != number:
                faults.append(Fault(number, MOVED, entry.number))
            if number == expected and not hmac.compare_digest(entry.previous, last):
                faults.append(Fault(number, BROKEN))
        expected, last, count = number + 1, _digest(stored), count + 1
        if len(faults) >= _MAX_FAULTS:
            return Verified(count, last, tuple(faults[:_MAX_FAULTS]))
    faults += _end_faults(snapshot, expected - 1, last)
    return Verified(count, last, tuple(faults[:_MAX_FAULTS]))


def _end_faults(snapshot: Snapshot, last_number: int, last: bytes) -> list[Fault]:
    try:
        head = audit_head(snapshot)
    except Refused:
        return [Fault(last_number, HEAD_LOST)]
    if head.count > last_number:
        return [Fault(last_number, CUT, head.count)]
    if head.count < last_number:
        return [Fault(head.count, HEAD_LOST if head.count == 0 else UNNOTED, last_number)]
    if not hmac.compare_digest(head.digest, last):
        return [Fault(last_number, LAST)]
    return []
