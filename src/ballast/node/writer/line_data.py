"""What a line of a bulk load may give as the data of a value, and the bytes that makes.

Text stands for itself. Everything else says its format, as the REST interface
of Handle servers does, so that a line can hold whatever such a server shows:
``{"format": "base64", "value": "…"}``. What of it may be kept is judged by
``service.values``, as for every other way in.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Annotated

import msgspec

from ballast.errors import InvalidTerm, Refused
from ballast.node.wire.admin import Admin
from ballast.node.wire.value import Reference

__all__ = ["FormattedData", "data_of"]

Index = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]


class FormattedData(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """Data that say how they are written; the value is read once the format is known."""

    format: str
    value: msgspec.Raw


class _Admin(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    handle: str
    index: Index
    permissions: str


class _Reference(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    handle: str
    index: Index


def _of_string(raw: msgspec.Raw) -> bytes:
    return msgspec.json.decode(raw, type=str).encode()


def _of_base64(raw: msgspec.Raw) -> bytes:
    return b64decode(msgspec.json.decode(raw, type=str), validate=True)


def _of_hex(raw: msgspec.Raw) -> bytes:
    return bytes.fromhex(msgspec.json.decode(raw, type=str))


def _of_admin(raw: msgspec.Raw) -> bytes:
    given = msgspec.json.decode(raw, type=_Admin)
    return Admin(Admin.from_bit_string(given.permissions), given.handle, given.index).to_wire()


def _of_vlist(raw: msgspec.Raw) -> bytes:
    given = msgspec.json.decode(raw, type=list[_Reference])
    members = [Reference(one.handle, one.index).to_wire() for one in given]
    return len(members).to_bytes(4, "big") + b"".join(members)


_FORMATS: dict[str, Callable[[msgspec.Raw], bytes]] = {
    "string": _of_string,
    "base64": _of_base64,
    "hex": _of_hex,
    "admin": _of_admin,
    "vlist": _of_vlist,
}


def data_of(given: FormattedData) -> bytes:
    """Return the bytes of data that say their format.

    Raises
    ------
    Refused
        If the format is unknown or the value is not of it.

    Examples
    --------
    >>> data_of(FormattedData("hex", msgspec.Raw(b'"00ff"')))
    b'\\x00\\xff'
    """
    if (read := _FORMATS.get(given.format)) is None:
        raise Refused(
            "the data have the format “{format}”; the formats are {known}",
            format=given.format[:40],
            known=", ".join(_FORMATS),
        )
    try:
        return read(given.value)
    except InvalidTerm:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(
            "the data are not of the format “{format}” ({reason})",
            format=given.format,
            reason=error,
        ) from error
