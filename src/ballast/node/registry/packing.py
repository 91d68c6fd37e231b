"""The bytes of everything but the records: keys that sort as they should, values in msgpack.

Numbers in keys are big-endian, so that the order of the bytes is that of the numbers.
Values carry the names of their fields where there are few of them, so that a later
version can add one; events come by the thousand and are packed as arrays.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import msgspec

from ballast.errors import Refused
from ballast.node.registry.entries import (
    BulkProgress,
    BulkRefusal,
    DayCount,
    Event,
    EventDraft,
    EventKind,
    PrefixEntry,
)
from ballast.node.registry.records import MAX_PREFIX_BYTES

MAX_BULK_KEY_BYTES = 255
_U64 = struct.Struct(">Q")
_DAY = struct.Struct(">I")
_COUNTS = struct.Struct(">QQQQ")
_encode = msgspec.msgpack.Encoder().encode
_prefix_decode = msgspec.msgpack.Decoder(PrefixEntry).decode
_bulk_decode = msgspec.msgpack.Decoder(BulkProgress).decode
_refusal_decode = msgspec.msgpack.Decoder(tuple[int, str, int, str]).decode
_block_decode = msgspec.msgpack.Decoder(tuple[int, int, int, str, str, str, list[bytes]]).decode


def number(value: int) -> bytes:
    """Return a number as eight bytes that sort like it."""
    return _U64.pack(value)


def of_number(packed: bytes) -> int:
    """Return the number that eight bytes stand for."""
    return int(_U64.unpack(packed)[0])


def prefix_key(folded: bytes) -> bytes:
    """Return the key of a prefix.

    Raises
    ------
    Refused
        If it is empty or too long.
    """
    if not 0 < len(folded) <= MAX_PREFIX_BYTES:
        raise Refused(
            "a prefix of {count} bytes cannot be kept; 1 to {most} are possible",
            count=len(folded),
            most=MAX_PREFIX_BYTES,
        )
    return folded


def pack_prefix(entry: PrefixEntry) -> bytes:
    """Return the bytes of a prefix without its count, which is kept apart."""
    fields = asdict(entry)
    del fields["count"]
    return _encode(fields)


def unpack_prefix(packed: bytes, count: int) -> PrefixEntry:
    """Return a prefix from its bytes and its count."""
    return replace(_prefix_decode(packed), count=count)


def pack_block(first: int, draft: EventDraft, handles: tuple[bytes, ...]) -> bytes:
    """Return the bytes of events that are alike but for their handles.

    Parameters
    ----------
    first
        The number of the first.
    """
    return _encode(
        (first, draft.at, int(draft.kind), draft.prefix, draft.actor, draft.uscc, handles)
    )


def unpack_block(packed: bytes, after: int, limit: int) -> list[Event]:
    """Return events of a block whose number is above ``after``, at most so many."""
    first, at, kind, prefix, actor, uscc, handles = _block_decode(packed)
    skipped = max(0, after + 1 - first)
    known = EventKind(kind)
    return [
        Event(seq, at, known, prefix, handle.decode(), actor, uscc)
        for seq, handle in enumerate(handles[skipped : skipped + limit], first + skipped)
    ]


def without_first(packed: bytes, up_to: int) -> bytes:
    """Return a block of events without those up to a number."""
    first, *fields, handles = _block_decode(packed)
    gone = up_to + 1 - first
    return packed if gone <= 0 else _encode((first + gone, *fields, handles[gone:]))


def day_key(day: date, prefix: bytes) -> bytes:
    """Return the key of the counts of a prefix on a day."""
    return _DAY.pack(day.toordinal()) + prefix


def pack_counts(counts: tuple[int, int, int, int]) -> bytes:
    """Return the bytes of the counts of a day."""
    return _COUNTS.pack(*counts)


def unpack_counts(packed: bytes | None) -> tuple[int, int, int, int]:
    """Return the counts of a day; nothing stored is nothing counted."""
    if packed is None:
        return (0, 0, 0, 0)
    registered, changed, deleted, resolved = _COUNTS.unpack(packed)
    return registered, changed, deleted, resolved


def unpack_day(key: bytes, packed: bytes) -> DayCount:
    """Return the counts of a prefix on a day."""
    day = date.fromordinal(_DAY.unpack_from(key)[0])
    return DayCount(day, key[_DAY.size :].decode(), *unpack_counts(packed))


def bulk_key(key: bytes) -> bytes:
    """Return the key of a bulk load.

    Raises
    ------
    Refused
        If it is empty or too long.
    """
    if not 0 < len(key) <= MAX_BULK_KEY_BYTES:
        raise Refused(
            "an idempotency key of {count} bytes cannot be kept; 1 to {most} are possible",
            count=len(key),
            most=MAX_BULK_KEY_BYTES,
        )
    return key


def refusals_key(key: bytes, line: int) -> bytes:
    """Return the key of a refused line; a digest keeps one load's lines apart from another's."""
    return hashlib.blake2b(bulk_key(key), digest_size=16).digest() + number(line)


def pack_bulk(progress: BulkProgress) -> bytes:
    """Return the bytes of a bulk load's progress."""
    return _encode(progress)


def unpack_bulk(packed: bytes) -> BulkProgress:
    """Return a bulk load's progress."""
    return _bulk_decode(packed)


def pack_refusal(refusal: BulkRefusal) -> bytes:
    """Return the bytes of a refused line."""
    return _encode((refusal.line, refusal.handle, refusal.code, refusal.message))


def unpack_refusal(packed: bytes) -> BulkRefusal:
    """Return a refused line."""
    fields: tuple[Any, ...] = _refusal_decode(packed)
    return BulkRefusal(*fields)
