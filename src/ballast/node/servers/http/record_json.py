"""Handle values as JSON, in the form that Handle.Net's REST interface gives them.

The values come in wire form, as the registry keeps them, and are walked here by
their layout instead of being made into ``Value`` objects first: this is what a
look-up by HTTP mostly costs. What repeats from record to record (the
administrator, the time stamp of a load) is rendered once and kept.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import Any

import msgspec

from ballast.errors import BallastError
from ballast.node.servers.http.data_json import SHAPES
from ballast.node.wire.value import DEFAULT_PERMISSIONS, VALUE_HEAD

__all__ = ["instant", "record_body", "text_of", "values_json"]

_U32 = Struct(">I")
_HEAD = VALUE_HEAD.size
_encode = msgspec.json.Encoder().encode
# What no editor shows, and no one means as text.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Text(msgspec.Struct):
    format: str
    value: str


class _Reference(msgspec.Struct):
    handle: str
    index: int


class _Value(msgspec.Struct):
    index: int
    type: str
    data: _Text | msgspec.Raw
    permissions: str | msgspec.UnsetType
    ttl: int | str
    timestamp: str
    references: list[_Reference] | msgspec.UnsetType = msgspec.UNSET


class _Record(msgspec.Struct):
    responseCode: int  # noqa: N815
    handle: str
    values: list[_Value]


@lru_cache(8192)
def instant(seconds: int) -> str:
    """Return a point in time as ISO 8601, UTC.

    Examples
    --------
    >>> instant(1_750_000_000)
    '2025-06-15T15:06:40Z'
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(4096)
def _shaped(kind: str, data: bytes) -> msgspec.Raw | None:
    """Return the data of an administrative type in its own shape; None if they are damaged."""
    try:
        return msgspec.Raw(_encode(SHAPES[kind](data)))
    except BallastError:
        return None


def _data(kind: str, data: bytes) -> _Text | msgspec.Raw:
    if kind in SHAPES:
        shaped = _shaped(kind, data)
        if shaped is not None:
            return shaped
    text = text_of(data)
    if text is None:
        return _Text("base64", base64.b64encode(data).decode())
    return _Text("string", text)


def text_of(data: bytes) -> str | None:
    r"""Return data as text; None where they are none.

    Examples
    --------
    >>> text_of("阀门\n".encode()), text_of(b"\xff"), text_of(b"a\0")
    ('阀门\n', None, None)
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if not text.isprintable() and _BINARY.search(text) else text


def values_json(wire: bytes, count: int) -> list[_Value]:
    """Return values in wire form as what is encoded to JSON.

    Parameters
    ----------
    wire
        The values, one after the other, as the registry keeps them.
    count
        How many there are.
    """
    found: list[_Value] = []
    at = 0
    for _ in range(count):
        index, timestamp, absolute, ttl, permissions, size = VALUE_HEAD.unpack_from(wire, at)
        at += _HEAD
        kind = wire[at : at + size].decode()
        at += size
        (size,) = _U32.unpack_from(wire, at)
        at += 4
        data = wire[at : at + size]
        at += size
        (references,) = _U32.unpack_from(wire, at)
        at += 4
        value = _Value(
            index,
            kind,
            _data(kind, data),
            msgspec.UNSET if permissions == DEFAULT_PERMISSIONS else f"{permissions & 15:04b}",
            instant(ttl) if absolute else ttl,
            instant(timestamp),
        )
        if references:
            value.references = []
            for _ in range(references):
                (size,) = _U32.unpack_from(wire, at)
                handle = wire[at + 4 : at + 4 + size].decode()
                at += 4 + size
                value.references.append(_Reference(handle, _U32.unpack_from(wire, at)[0]))
                at += 4
        found.append(value)
    return found


def record_body(handle: bytes, wire: bytes, count: int) -> bytes:
    """Return the body of a successful look-up.

    Parameters
    ----------
    handle
        The handle as it was asked for.
    wire, count
        Its values in wire form, and how many.
    """
    return _encode(_Record(1, handle.decode(), values_json(wire, count)))


def plain(values: Iterable[_Value]) -> list[dict[str, Any]]:
    """Return rendered values as plain dictionaries, for pages and tests."""
    decoded: list[dict[str, Any]] = msgspec.json.decode(_encode(list(values)))
    return decoded
