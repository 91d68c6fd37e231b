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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ballast.node.wire.value import Value

HEAD = struct.Struct(">BIIIHIHH")
"""state, expires_at, created_at, changed_at, public_count, public_length, restricted_count,
spelling_length."""

MAX_KEY_BYTES = 511
MAX_PREFIX_BYTES = 255
_LONGEST_PLAIN = 510
_KEPT_OF_LONG = 478
_LAST_SECOND = 0xFFFFFFFF
_MOST_VALUES = 0xFFFF


class RecordState(IntEnum):
    """The state of a record; that it has expired is read off its date."""

    VALID = 0
    REVOKED = 1


def record_key(folded: bytes) -> bytes:
    """Return the key of a record.

    Up to 510 bytes the folded handle is its own key. A longer one keeps its first
    478 bytes, so that it is listed where it belongs, then 0xFF, which no UTF-8 holds,
    and a digest of 32 bytes.

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
        return folded
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
        raise NotImplementedError


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
    """
    raise NotImplementedError


def pack_record(record: Record) -> bytes:
    """Return the bytes of a record as they are stored (see the module for the layout)."""
    raise NotImplementedError


def unpack_record(key: bytes, packed: bytes) -> Record:
    """Return the record behind a key and its stored bytes."""
    raise NotImplementedError


def spelling_of(key: bytes, packed: bytes) -> bytes:
    """Return the spelling under which a record was registered, UTF-8."""
    raise NotImplementedError
