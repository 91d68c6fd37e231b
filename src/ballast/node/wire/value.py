"""Handle values: what a handle stands for, one typed item at a time.

The layout is the one that servers in the field write, which orders the fields
otherwise than RFC 3651, section 3.1: index, timestamp, kind of TTL, TTL,
permissions, type, data, references. Data stay bytes here; what a type means
by them is the matter of ``admin``, ``site``, ``keys`` and ``vlist``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import MAX_ARRAY_BYTES, MAX_VALUES, Buffer, Reader, string

__all__ = [
    "ADMIN_READ",
    "ADMIN_WRITE",
    "DEFAULT_PERMISSIONS",
    "MAX_TYPE_BYTES",
    "PUBLIC_READ",
    "PUBLIC_WRITE",
    "SECRET_PERMISSIONS",
    "VALUE_HEAD",
    "Reference",
    "Value",
    "values_from_wire",
    "values_to_wire",
]

ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE = 8, 4, 2, 1
DEFAULT_PERMISSIONS = ADMIN_READ | ADMIN_WRITE | PUBLIC_READ
# A secret key with the usual permissions can be read by anyone.
SECRET_PERMISSIONS = ADMIN_READ | ADMIN_WRITE
MAX_TYPE_BYTES = 2048  # a type may itself be a handle

# Index u32, timestamp u32, kind of TTL u8, TTL u32, permissions u8, length of the type u32:
# the 18 bytes in front of the type's own. Permissions stand at byte 13.
VALUE_HEAD = Struct(">IIBIBI")
_U32 = Struct(">I")
_SMALLEST = VALUE_HEAD.size + 8
_SMALLEST_REFERENCE = 8


@dataclass(frozen=True, slots=True)
class Reference:
    """One value of one handle: an administrator, a member of a list, a source.

    Parameters
    ----------
    handle
        The handle.
    index
        The index of its value; 0 for all of them.

    Examples
    --------
    >>> str(Reference("88.118.8/ADMIN", 300))
    '300:88.118.8/ADMIN'
    """

    handle: str
    index: int

    def to_wire(self) -> bytes:
        """Return the bytes: handle as a string, index u32."""
        return string(self.handle.encode()) + _U32.pack(self.index)

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the reference that stands next."""
        return cls(reader.handle().decode(), reader.u32())

    def __str__(self) -> str:
        return f"{self.index}:{self.handle}"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a handle.

    Parameters
    ----------
    index
        Its number within the handle, 1 to 2^32 - 1.
    type
        What the data mean: ``URL``, ``HS_ADMIN``, or a handle that defines it.
    data
        The data, as the type has them.
    permissions
        Sum of ``ADMIN_READ``, ``ADMIN_WRITE``, ``PUBLIC_READ``, ``PUBLIC_WRITE``.
    ttl
        How long it may be cached, in s; an epoch second where ``ttl_absolute``.
    ttl_absolute
        Whether ``ttl`` is a point in time.
    timestamp
        When the server last changed it, epoch s.
    references
        Where more about it is to be found.

    Examples
    --------
    >>> value = Value(1, "URL", b"https://example.cn", timestamp=1_750_000_000)
    >>> Value.parse(Reader(value.to_wire())) == value
    True
    """

    index: int
    type: str
    data: bytes
    permissions: int = DEFAULT_PERMISSIONS
    ttl: int = 86_400
    ttl_absolute: bool = False
    timestamp: int = 0
    references: tuple[Reference, ...] = ()

    @property
    def public_read(self) -> bool:
        """Whether anyone may read it."""
        return bool(self.permissions & PUBLIC_READ)

    @property
    def public_write(self) -> bool:
        """Whether anyone may change it."""
        return bool(self.permissions & PUBLIC_WRITE)

    @property
    def admin_read(self) -> bool:
        """Whether an administrator may read it."""
        return bool(self.permissions & ADMIN_READ)

    @property
    def admin_write(self) -> bool:
        """Whether an administrator may change it."""
        return bool(self.permissions & ADMIN_WRITE)

    def to_wire(self) -> bytes:
        """Return the bytes of the value."""
        kind = self.type.encode()
        head = VALUE_HEAD.pack(
            self.index, self.timestamp, self.ttl_absolute, self.ttl, self.permissions, len(kind)
        )
        parts = [head, kind, string(self.data), _U32.pack(len(self.references))]
        parts += [reference.to_wire() for reference in self.references]
        return b"".join(parts)

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the value that stands next.

        Raises
        ------
        MalformedMessage
            With code 202 where the value contradicts its own layout, 102 for a bad reference.
        """
        at = reader.at
        index, timestamp, ttl_kind, ttl, permissions, size = reader.unpack(VALUE_HEAD)
        if ttl_kind > 1:
            raise MalformedMessage(
                "the value at byte {at} has a TTL of kind {kind}; 0 (relative) and 1 (absolute) "
                "are the kinds there are",
                response_code=ResponseCode.INVALID_VALUE,
                at=at,
                kind=ttl_kind,
            )
        if size > MAX_TYPE_BYTES:
            raise MalformedMessage(
                "the type of the value at byte {at} has {size} bytes; at most {most} are allowed",
                response_code=ResponseCode.INVALID_VALUE,
                at=at,
                size=size,
                most=MAX_TYPE_BYTES,
            )
        try:
            kind = reader.take(size).decode()
        except UnicodeDecodeError as error:
            raise MalformedMessage(
                "the type of the value at byte {at} is not UTF-8",
                response_code=ResponseCode.INVALID_VALUE,
                at=at,
            ) from error
        data = reader.string(MAX_ARRAY_BYTES, ResponseCode.INVALID_VALUE)
        references = reader.list(Reference.parse, _SMALLEST_REFERENCE)
        return cls(index, kind, data, permissions, ttl, ttl_kind == 1, timestamp, references)


def values_to_wire(values: Iterable[Value]) -> bytes:
    """Return the bytes of several values one behind the other, without a count."""
    return b"".join([value.to_wire() for value in values])


def read_values(reader: Reader) -> tuple[Value, ...]:
    """Return the values of a list: a 32-bit count, then so many values."""
    return reader.list(Value.parse, _SMALLEST, MAX_VALUES)


def write_values(values: tuple[Value, ...]) -> bytes:
    """Return the bytes of a list of values, with its count."""
    return _U32.pack(len(values)) + values_to_wire(values)


def values_from_wire(data: Buffer, count: int) -> tuple[Value, ...]:
    """Return the values that bytes hold, one behind the other.

    Parameters
    ----------
    data
        What ``values_to_wire`` returned.
    count
        How many values it holds.

    Raises
    ------
    MalformedMessage
        If it holds fewer, or more.
    """
    reader = Reader(data)
    if count * _SMALLEST > reader.left:
        raise MalformedMessage(
            "{count} values do not fit in {size} bytes", count=count, size=reader.left
        )
    values = tuple([Value.parse(reader) for _ in range(count)])
    reader.finish()
    return values
