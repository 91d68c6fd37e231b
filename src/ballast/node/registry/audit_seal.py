"""Seals of the audit trail: how far it went at a moment, signed with a key that is kept apart.

The chain alone cannot show that somebody rewrote all of it. A seal says "so
many entries, the last with this digest, at this time", authenticated with a key
of the node; the file of seals lies beside the keys and not in the registry, and
its lines can be printed or sent away. A trail that no longer holds what a seal
says was rewritten or cut.

What it can show: any change to entries up to the last seal, by anyone who has
not the key, and, where seals were copied elsewhere, by anyone at all. What it
cannot: entries cut off that were written after the last seal, if the registry's
own note of its end was rewritten with them. Seal often.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from ballast.errors import Refused
from ballast.node.registry.audit import Fault, audit_head
from ballast.node.registry.store import Snapshot

__all__ = ["Seal", "check_seals", "make_seal", "parse_seals"]

_PURPOSE = b"ballast audit seal 1\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """How far the trail went at a moment.

    Parameters
    ----------
    count
        Entries.
    digest
        SHA-256 of the last one.
    at
        Epoch milliseconds.
    mac
        HMAC-SHA256 of the rest under the node's audit key.
    """

    count: int
    digest: bytes
    at: int
    mac: bytes

    def line(self) -> str:
        """Return the seal as one line of text: count, time, digest, code."""
        return f"{self.count} {self.at} {self.digest.hex()} {self.mac.hex()}"


def _mac(key: bytes, count: int, digest: bytes, at: int) -> bytes:
    return hmac.digest(key, _PURPOSE + f"{count} {at} ".encode() + digest, hashlib.sha256)


def make_seal(snapshot: Snapshot, key: bytes, at: int) -> Seal:
    """Return a seal of the trail as it stands.

    Parameters
    ----------
    key
        The node's audit key.
    at
        Epoch milliseconds.
    """
    head = audit_head(snapshot)
    return Seal(head.count, head.digest, at, _mac(key, head.count, head.digest, at))


def parse_seals(text: str) -> tuple[Seal, ...]:
    """Return the seals of a file, one a line.

    Raises
    ------
    Refused
        If a line is no seal; it says which.
    """
    found: list[Seal] = []
    for row, line in enumerate(text.splitlines(), 1):
        try:
            count, at, digest, mac = line.split()
            found.append(Seal(int(count), bytes.fromhex(digest), int(at), bytes.fromhex(mac)))
        except ValueError:
            raise Refused(
                "line {row} of the file of seals is no seal; was it edited?", row=row
            ) from None
    return tuple(found)


FORGED = "the seal over {number} entries was not made with the key of this node"
CUT_BELOW = "a seal was made over {other} entries, but the trail ends with entry {number}"
REWRITTEN = "the trail was rewritten: entry {number} is not the one that was sealed"


def check_seals(snapshot: Snapshot, seals: Sequence[Seal], key: bytes) -> tuple[Fault, ...]:
    """Return where the trail is not what was sealed, seal by seal.

    ``audit.verify`` is due as well: a seal says what the chain ended with, the chain what
    stands before it.
    """
    faults: list[Fault] = []
    held = snapshot.audit_last()
    last = 0 if held is None else held[0]
    for seal in seals:
        if not hmac.compare_digest(seal.mac, _mac(key, seal.count, seal.digest, seal.at)):
            faults.append(Fault(seal.count, FORGED))
        elif seal.count > last:
            faults.append(Fault(last, CUT_BELOW, seal.count))
        elif seal.count and not _stands(snapshot, seal):
            faults.append(Fault(seal.count, REWRITTEN))
    return tuple(faults)


def _stands(snapshot: Snapshot, seal: Seal) -> bool:
    found = snapshot.audit_entries(seal.count - 1, 1)
    if not found or found[0][0] != seal.count:
        return False
    return hmac.compare_digest(hashlib.sha256(found[0][1]).digest(), seal.digest)
