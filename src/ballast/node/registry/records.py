"""The bytes of one record, kept in the form in which they are sent.

A record is read a hundred thousand times for each time it is written, so the
values stand in it as they go over the wire, those that anyone may read before
the others: a look-up finds the answer's body, it does not make one. Why not a
serialisation such as msgpack of the values: each answer would then decode and
encode what nobody looks at.

The layout, big-endian, ``HEAD`` first:

====== ======== ==========================================================
offset type     what
====== ======== ==========================================================
0      u8       state (``RecordState``)
1      u32      expires at, epoch seconds, 0 never
5      u32      created at, epoch seconds
9      u32      changed at, epoch seconds
13     u16      number of the values with public read
15     u32      length of these in bytes
19     u16      number of the other values
21     u16      length of the spelling in bytes
23     …        the public values, on the wire's form, by index
…      …        the other values, likewise
end    …        the spelling
====== ======== ==========================================================

The length of the other values is what is left. The key holds the folded handle,
so the spelling says only which letters are capitals: one bit a byte, nothing
when none is; with a key that is a digest it is the whole handle. The format of
the layout is that of the store (``store.FORMAT``), not repeated in each record.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter

from ballast.errors import Refused
from ballast.node.wire.value import PUBLIC_READ, Value, values_from_wire
from ballast.terms.handle import MAX_HANDLE_BYTES

HEAD = struct.Struct(">BIIIHIHH")
"""state, expires_at, created_at, changed_at, public_count, public_length, restricted_count,
spelling_length."""

MAX_KEY_BYTES = 511
MAX_PREFIX_BYTES = 255
_LONGEST_PLAIN = 510
_KEPT_OF_LONG = 478
_LAST_SECOND = 0xFFFFFFFF
_MOST_VALUES = 0xFFFF
_CAPITAL = 0x20  # the bit in which a capital of ASCII differs from its small letter
_TO_BITS = bytes(0x31 if byte else 0x30 for byte in range(256))
_FROM_BITS = bytes(_CAPITAL if byte == 0x31 else 0 for byte in range(256))
_by_index = attrgetter("index")


class RecordState(IntEnum):
    """The state of a record; that it has expired is read off its date."""

    VALID = 0
    REVOKED = 1


def record_key(folded: bytes) -> bytes:
    """Return the key of a record.

    Up to 510 bytes the folded handle is its own key. A longer one keeps its first
    478 bytes, so that it is listed where it belongs, then 0xFF, which no UTF-8 holds,
    and a digest of 32 bytes. Nothing at all becomes a lone 0xFF, under which nothing stands:
    whatever is asked for, its key is one that a store takes.

    Parameters
    ----------
    folded
        The handle in lower case, UTF-8.

    Examples
    --------
    >>> record_key(b"88.118.8/abc-001")
    b'88.118.8/abc-001'
    >>> len(record_key(b"88.118.8/" + b"x" * 2000))
    511
    """
    if len(folded) <= _LONGEST_PLAIN:
        return folded or b"\xff"
    digest = hashlib.blake2b(folded, digest_size=32).digest()
    return folded[:_KEPT_OF_LONG] + b"\xff" + digest


@dataclass(frozen=True, slots=True)
class Record:
    """One registered handle with its values.

    Parameters
    ----------
    handle
        The spelling under which it was registered, UTF-8.
    state
        Valid or revoked.
    expires_at, created_at, changed_at
        Epoch seconds; ``expires_at`` 0 means never.
    public_count, public
        The values that anyone may read, as on the wire, by index.
    restricted_count, restricted
        The others, likewise.
    """

    handle: bytes
    state: RecordState
    expires_at: int
    created_at: int
    changed_at: int
    public_count: int
    public: bytes
    restricted_count: int
    restricted: bytes

    @property
    def key(self) -> bytes:
        """The key under which it is kept."""
        return record_key(self.handle.lower())

    def values(self) -> tuple[Value, ...]:
        """Return all values, by index."""
        public = values_from_wire(self.public, self.public_count)
        if not self.restricted_count:
            return public
        restricted = values_from_wire(self.restricted, self.restricted_count)
        return tuple(sorted((*public, *restricted), key=_by_index))


def record_of(
    handle: bytes,
    values: Iterable[Value],
    now: int,
    *,
    expires_at: int = 0,
    created_at: int | None = None,
    state: RecordState = RecordState.VALID,
) -> Record:
    """Return the record of a handle and its values.

    Parameters
    ----------
    handle
        The spelling to register, UTF-8.
    values
        Its values, in any order.
    now
        Epoch seconds of this change.
    expires_at
        Epoch seconds after which it is no longer valid; 0 for never.
    created_at
        Epoch seconds of the first registration, if that is not now.

    Raises
    ------
    Refused
        If two values have one index, or a part is too long to be kept.

    Examples
    --------
    >>> record = record_of(b"88.118.8/A-1", [Value(1, "URL", b"https://example.cn")], 1_750_000_000)
    >>> unpack_record(record.key, pack_record(record)) == record
    True
    """
    _check_handle(handle)
    ordered = sorted(values, key=_by_index)
    if len({value.index for value in ordered}) < len(ordered):
        raise Refused(
            "{handle}: two values have the same index; give each its own",
            handle=_shown(handle),
        )
    if len(ordered) > _MOST_VALUES:
        raise Refused(
            "{handle}: {count} values; a record holds at most {most}",
            handle=_shown(handle),
            count=len(ordered),
            most=_MOST_VALUES,
        )
    public = [value.to_wire() for value in ordered if value.permissions & PUBLIC_READ]
    restricted = [value.to_wire() for value in ordered if not value.permissions & PUBLIC_READ]
    return Record(
        handle,
        state,
        expires_at,
        now if created_at is None else created_at,
        now,
        len(public),
        b"".join(public),
        len(restricted),
        b"".join(restricted),
    )


def _check_handle(handle: bytes) -> None:
    slash = handle.find(b"/")
    if (
        not 0 < slash <= MAX_PREFIX_BYTES
        or len(handle) > MAX_HANDLE_BYTES
        or not (handle.isascii() or _is_utf8(handle))
    ):
        raise Refused(
            "{handle}: is no handle that can be kept: a prefix of at most {prefix} bytes, "
            "a slash, and at most {most} bytes of UTF-8 in all",
            handle=_shown(handle),
            prefix=MAX_PREFIX_BYTES,
            most=MAX_HANDLE_BYTES,
        )


def _is_utf8(handle: bytes) -> bool:
    try:
        handle.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(handle: bytes) -> str:
    text = handle.decode(errors="replace")
    return text if len(text) <= 80 else text[:79] + "…"


def pack_record(record: Record) -> bytes:
    """Return the bytes of a record as they are stored (see the module for the layout).

    Raises
    ------
    Refused
        If a moment lies before 1970 or behind 2106, where 32 bits end.
    """
    handle = record.handle
    spelling = _packed_spelling(handle, handle.lower())
    try:
        head = HEAD.pack(
            record.state,
            record.expires_at,
            record.created_at,
            record.changed_at,
            record.public_count,
            len(record.public),
            record.restricted_count,
            len(spelling),
        )
    except struct.error:
        raise Refused(
            "{handle}: a moment of its record lies before 1970 or behind 2106; correct it",
            handle=_shown(handle),
        ) from None
    return b"".join((head, record.public, record.restricted, spelling))


def unpack_record(key: bytes, packed: bytes) -> Record:
    """Return the record behind a key and its stored bytes."""
    state, expires_at, created_at, changed_at, public_count, public_length, restricted_count, _ = (
        HEAD.unpack_from(packed)
    )
    public_end = HEAD.size + public_length
    return Record(
        spelling_of(key, packed),
        RecordState(state),
        expires_at,
        created_at,
        changed_at,
        public_count,
        packed[HEAD.size : public_end],
        restricted_count,
        packed[public_end : len(packed) - spelling_length(packed)],
    )


def spelling_length(packed: bytes) -> int:
    """Return how many bytes at the end of a packed record are its spelling."""
    return packed[HEAD.size - 2] << 8 | packed[HEAD.size - 1]


def spelling_of(key: bytes, packed: bytes) -> bytes:
    """Return the spelling under which a record was registered, UTF-8."""
    length = spelling_length(packed)
    if not length:
        return key
    packed_spelling = packed[-length:]
    if len(key) > _LONGEST_PLAIN:
        return packed_spelling
    size = len(key)
    bits = format(int.from_bytes(packed_spelling, "big"), f"0{size}b").encode()
    return _differing(key, bits.translate(_FROM_BITS))


def _packed_spelling(handle: bytes, folded: bytes) -> bytes:
    if len(handle) > _LONGEST_PLAIN:
        return handle
    if handle == folded:
        return b""
    bits = _differing(handle, folded).translate(_TO_BITS)
    return int(bits, 2).to_bytes((len(handle) + 7) // 8, "big")


def _differing(one: bytes, other: bytes) -> bytes:
    """Return two equally long texts added bit by bit without carry."""
    both = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return both.to_bytes(len(one), "big")
