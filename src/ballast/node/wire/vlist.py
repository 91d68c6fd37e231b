"""Values whose data point elsewhere: HS_VLIST (a list of values), HS_ALIAS and HS_SERV (a handle).

They stand together because each is a line or two; only the list is a
structure of its own. An alias has no length before it: the value's own says
where it ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

from ballast.node.wire.reader import Buffer, Reader
from ballast.node.wire.value import Reference

__all__ = ["alias_from_wire", "alias_to_wire", "vlist_from_wire", "vlist_to_wire"]

_U32 = Struct(">I")
_SMALLEST_REFERENCE = 8


def vlist_to_wire(members: Iterable[Reference]) -> bytes:
    """Return the data of an HS_VLIST value.

    Parameters
    ----------
    members
        The values on the list.

    Examples
    --------
    >>> vlist_to_wire([Reference("88.118.8/A", 300)]).hex()
    '000000010000000a38382e3131382e382f410000012c'
    """
    written = [member.to_wire() for member in members]
    return _U32.pack(len(written)) + b"".join(written)


def vlist_from_wire(data: Buffer) -> tuple[Reference, ...]:
    """Return the values on the list that the data of an HS_VLIST value hold.

    Raises
    ------
    MalformedMessage
        If they are not the data of one.
    """
    reader = Reader(data)
    members = reader.list(Reference.parse, _SMALLEST_REFERENCE)
    reader.finish()
    return members


def alias_to_wire(handle: str) -> bytes:
    """Return the data of an HS_ALIAS or HS_SERV value: the other handle, without a length.

    Examples
    --------
    >>> alias_to_wire("88.118.8/B")
    b'88.118.8/B'
    """
    return handle.encode()


def alias_from_wire(data: bytes) -> bytes:
    """Return the handle that the data of an HS_ALIAS or HS_SERV value name.

    Raises
    ------
    MalformedMessage
        With code 102, if it is not UTF-8 or too long.
    """
    return Reader(len(data).to_bytes(4, "big") + data).handle()
