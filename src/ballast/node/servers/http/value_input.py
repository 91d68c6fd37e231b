"""Handle values out of the JSON of a request, as Handle.Net's REST interface takes them.

Lenient where its clients are (a number written as text, a bare string for
text, a single value for a list), strict in everything else: a field whose name
is not known is a spelling mistake and not to be passed over.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from ballast.errors import BadValue, BallastError
from ballast.node.servers.http.data_json import data_of_json, is_shaped
from ballast.node.wire.reader import MAX_VALUES
from ballast.node.wire.value import (
    DEFAULT_PERMISSIONS,
    MAX_TYPE_BYTES,
    SECRET_PERMISSIONS,
    Reference,
    Value,
)

__all__ = ["values_of_json"]

_Number = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]
_PERMISSIONS = re.compile(r"[01]{4}")
_DEFAULT_TTL = 86_400


class _Reference(msgspec.Struct, forbid_unknown_fields=True):
    handle: str
    index: _Number


class _Formatted(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    value: msgspec.Raw


class _Value(msgspec.Struct, forbid_unknown_fields=True):
    index: _Number
    type: str
    data: msgspec.Raw
    permissions: str | None = None
    ttl: msgspec.Raw = msgspec.Raw(b"null")
    # Shown by every look-up and so sent back by clients that change one; the node sets its own.
    timestamp: msgspec.Raw = msgspec.Raw(b"null")
    references: list[_Reference] = []


class _Values(msgspec.Struct):
    values: list[_Value]


_list = msgspec.json.Decoder(list[_Value], strict=False)
_object = msgspec.json.Decoder(_Values, strict=False)
_single = msgspec.json.Decoder(_Value, strict=False)
_formatted = msgspec.json.Decoder(_Formatted)


def values_of_json(body: bytes) -> tuple[Value, ...]:
    """Return the values that the body of a request describes.

    Parameters
    ----------
    body
        A list of values, an object with such a list under ``values``, or one value.

    Raises
    ------
    BadValue
        If it is none of these, or a value contradicts itself.

    Examples
    --------
    >>> values_of_json(b'{"values":[{"index":1,"type":"URL","data":"https://a.cn"}]}')[0].data
    b'https://a.cn'
    """
    given = _given(body)
    if len(given) > MAX_VALUES:
        raise BadValue(
            "{count} values; a handle has at most {most}", count=len(given), most=MAX_VALUES
        )
    values = tuple([_value(one) for one in given])
    seen: set[int] = set()
    for value in values:
        index = value.index
        if index in seen:
            raise BadValue("two values have the index {index}; give each its own", index=index)
        seen.add(index)
    return values


def _given(body: bytes) -> list[_Value]:
    begin = body.lstrip()[:1]
    if not begin:
        raise BadValue("the request has no body; send the values as a list in JSON")
    try:
        if begin == b"[":
            return _list.decode(body)
        try:
            return _object.decode(body).values
        except msgspec.ValidationError:
            if b'"values"' in body:
                raise
            return [_single.decode(body)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadValue("the body is no JSON of handle values: {reason}", reason=error) from error


def _value(given: _Value) -> Value:
    index = given.index
    if not 1 <= len(given.type.encode("utf-8", "replace")) <= MAX_TYPE_BYTES:
        raise BadValue(
            "value {index}: a type has 1 to {most} bytes", index=index, most=MAX_TYPE_BYTES
        )
    references = tuple([Reference(one.handle, one.index) for one in given.references])
    ttl, absolute = _ttl(index, given.ttl)
    try:
        data = _data(given)
    except BadValue:
        raise
    except (BallastError, msgspec.MsgspecError, ValueError) as error:
        raise BadValue(
            "value {index} ({type}): {reason}", index=index, type=given.type[:60], reason=error
        ) from error
    return Value(
        index,
        given.type,
        data,
        permissions=_permissions(given),
        ttl=ttl,
        ttl_absolute=absolute,
        references=references,
    )


def _data(given: _Value) -> bytes:
    raw = bytes(given.data)
    if raw[:1] == b'"':
        if is_shaped(given.type):
            raise BadValue(
                "value {index}: data of {type} are given with their format, not as text",
                index=given.index,
                type=given.type[:60],
            )
        text: str = msgspec.json.decode(raw)
        return text.encode()
    formatted = _formatted.decode(raw)
    return data_of_json(given.type, formatted.format, bytes(formatted.value))


def _permissions(given: _Value) -> int:
    if given.permissions is None:
        # A secret with the usual permissions could be read by anyone.
        return SECRET_PERMISSIONS if given.type.upper() == "HS_SECKEY" else DEFAULT_PERMISSIONS
    if not _PERMISSIONS.fullmatch(given.permissions):
        raise BadValue(
            "value {index}: the permissions are “{given}”; write 4 digits 0 or 1 (administrator "
            "read, administrator write, public read, public write)",
            index=given.index,
            given=given.permissions[:20],
        )
    return int(given.permissions, 2)


def _ttl(index: int, raw: msgspec.Raw) -> tuple[int, bool]:
    if bytes(raw) == b"null":
        return _DEFAULT_TTL, False
    try:
        given = msgspec.json.decode(raw, type=int | str)
        if isinstance(given, int):
            if 0 <= given <= 0xFFFFFFFF:
                return given, False
        elif given.isascii() and given.isdigit() and len(given) <= 10:
            if int(given) <= 0xFFFFFFFF:
                return int(given), False
        else:
            moment = datetime.fromisoformat(given)
            if moment.tzinfo is not None:
                seconds = timegm(moment.astimezone(UTC).timetuple())
                if 0 <= seconds <= 0xFFFFFFFF:
                    return seconds, True
    except (msgspec.MsgspecError, ValueError, OverflowError):
        pass
    raise BadValue(
        "value {index}: the TTL is neither seconds (0 to 4294967295) nor a point in time such as "
        "2030-01-01T00:00:00Z",
        index=index,
    )
