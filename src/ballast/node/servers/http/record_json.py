"""Handle values as JSON, in the form that Handle.Net's REST interface gives them.

The values come in wire form, as the registry keeps them, and are walked here by
their layout instead of being made into ``Value`` objects first: this is what a
look-up by HTTP mostly costs. What repeats from record to record (the
administrator; index, type and time stamp in a load) is rendered once and kept.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

import msgspec

from ballast.errors import BallastError
from ballast.node.servers.http.data_json import SHAPES
from ballast.node.wire.value import DEFAULT_PERMISSIONS, VALUE_HEAD

__all__ = ["instant", "record_body", "rendered", "text_of"]

_U32 = Struct(">I")
_HEAD = VALUE_HEAD.size
_TYPE_AT = _HEAD - 4
_NONE = bytes(4)
_KEPT_FRAMES = 16_384
_TEXT = b'{"format":"string","value":'
_encode = msgspec.json.Encoder().encode
# What no editor shows, and no one means as text.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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
def _shaped(kind: str, data: bytes) -> bytes | None:
    """Return the data of an administrative type in its own shape; None if they are damaged."""
    try:
        return _encode(SHAPES[kind](data))
    except BallastError:
        return None


def _plain_text(data: bytes) -> bytes | None:
    """Return as JSON data that are text without a doubt; None for what ``_data`` looks at."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return _encode(text) if text.isprintable() else None


def _data(kind: str, data: bytes) -> bytes:
    if kind in SHAPES:
        shaped = _shaped(kind, data)
        if shaped is not None:
            return shaped
    text = text_of(data)
    if text is None:
        return b'{"format":"base64","value":"%b"}' % base64.b64encode(data)
    return b'{"format":"string","value":%b}' % _encode(text)


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


class _Frame(NamedTuple):
    """What stands around the data of a value: the same for most values of a load.

    ``text`` and ``end`` stand around data that are text, ``before`` and ``after`` around any;
    both ends leave the value open, because references may follow.
    """

    text: bytes
    end: bytes
    before: bytes
    after: bytes
    kind: str
    ttl: int
    absolute: bool


_frames: dict[bytes, _Frame] = {}


def _frame(head: bytes) -> _Frame:
    """Return what stands around the data, by the bytes in front of them, and keep it."""
    index, timestamp, absolute, ttl, permissions, _ = VALUE_HEAD.unpack_from(head)
    kind = head[_HEAD:].decode()
    told = b'"ttl":%b,"timestamp":"%b"' % (
        _encode(instant(ttl) if absolute else ttl),
        instant(timestamp).encode(),
    )
    if permissions != DEFAULT_PERMISSIONS:
        told = b'"permissions":"%b",%b' % (f"{permissions & 15:04b}".encode(), told)
    before = b',{"index":%d,"type":%b,"data":' % (index, _encode(kind))
    text = b"" if kind in SHAPES else before + _TEXT
    after = b"," + told
    made = _Frame(text, b"}" + after, before, after, kind, ttl, bool(absolute))
    if len(_frames) >= _KEPT_FRAMES:
        _frames.clear()
    _frames[head] = made
    return made


def _references(wire: bytes, at: int, count: int) -> tuple[bytes, int]:
    """Return the references of a value, and where they end."""
    found: list[bytes] = []
    for _ in range(count):
        (size,) = _U32.unpack_from(wire, at)
        handle = _encode(wire[at + 4 : at + 4 + size].decode())
        at += 4 + size
        found.append(b'{"handle":%b,"index":%d}' % (handle, _U32.unpack_from(wire, at)[0]))
        at += 4
    return b',"references":[' + b",".join(found) + b"]}", at


def rendered(wire: bytes, count: int, now: float = 0.0) -> tuple[bytes, int]:
    """Return values as a JSON list, and for how many seconds all of them may be kept.

    Parameters
    ----------
    wire
        The values in wire form, one after the other, as the registry keeps them.
    count
        How many there are.
    now
        Epoch seconds, for values that may be kept until a point in time.
    """
    found: list[bytes] = []
    least = 0xFFFFFFFF if count else 0
    at = 0
    for _ in range(count):
        end = at + _HEAD + _U32.unpack_from(wire, at + _TYPE_AT)[0]
        head = wire[at:end]
        frame = _frames.get(head)
        if frame is None:
            frame = _frame(head)
        text, closing, _, _, _, ttl, absolute = frame
        at = end + 4
        end = at + _U32.unpack_from(wire, end)[0]
        shown = _plain_text(wire[at:end]) if text else None
        if shown is not None:
            found += (text, shown, closing)
        else:
            found += (frame.before, _data(frame.kind, wire[at:end]), frame.after)
        if wire[end : end + 4] == _NONE:
            at = end + 4
            found.append(b"}")
        else:
            references, at = _references(wire, end + 4, _U32.unpack_from(wire, end)[0])
            found.append(references)
        if absolute:
            ttl = max(0, ttl - int(now))
        if ttl < least:
            least = ttl
    return b"[" + b"".join(found)[1:] + b"]", least


def record_body(handle: bytes, wire: bytes, count: int, now: float = 0.0) -> tuple[bytes, int]:
    """Return the body of a successful look-up, and for how many seconds it may be kept.

    Parameters
    ----------
    handle
        The handle as it was asked for.
    wire, count
        Its values in wire form, and how many.
    now
        Epoch seconds.
    """
    values, ttl = rendered(wire, count, now)
    body = b'{"responseCode":1,"handle":%b,"values":%b}' % (_encode(handle.decode()), values)
    return body, ttl
