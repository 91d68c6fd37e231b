"""Values that somebody wants to store, judged and put in the form in which they are kept.

One place for what holds of every value however it came in, so that a bulk
load, the native protocol and the REST interface cannot differ:

* an index is 1 to 2^32 - 1, given once in a request, and not 1900 (``lifecycle``);
* the node sets the timestamp;
* a secret key is never for anyone to read or write, whatever the request says: clients in
  the field send it with the usual permissions, which would show it to the world;
* what decides about rights (HS_ADMIN, HS_VLIST), or leads elsewhere (HS_ALIAS), must have its
  layout: an HS_ADMIN that cannot be read would lock its owner out;
* a record must fit into one native message, at most 2,048 values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ballast.errors import MalformedMessage, RequestDeclined
from ballast.node.service.lifecycle import STATUS_INDEX
from ballast.node.wire.admin import Admin
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import MAX_VALUES
from ballast.node.wire.value import PUBLIC_READ, PUBLIC_WRITE, Value, values_from_wire
from ballast.node.wire.vlist import alias_from_wire, vlist_from_wire

__all__ = [
    "MAX_RECORD_BYTES",
    "SECRET_TYPE",
    "kept",
    "kept_permissions",
    "refuse_excess",
    "refuse_indexes",
    "settled",
]

MAX_RECORD_BYTES = 196_608
"""Of all values of a record together, in wire form: a message holds 262,144, with the handle."""
SECRET_TYPE = "HS_SECKEY"  # noqa: S105 - the name of a type
_LAYOUTS: dict[str, Callable[[bytes], object]] = {
    "HS_ADMIN": Admin.parse,
    "HS_VLIST": vlist_from_wire,
    "HS_ALIAS": alias_from_wire,
}


def _declined(template: str, **values: object) -> RequestDeclined:
    return RequestDeclined(template, response_code=ResponseCode.INVALID_VALUE, **values)


def kept_permissions(kind: str, permissions: int) -> int:
    """Return the permissions with which a value of a type is kept.

    Examples
    --------
    >>> kept_permissions("HS_SECKEY", 0b1111), kept_permissions("URL", 0b1110)
    (12, 14)
    """
    if kind.upper() == SECRET_TYPE:
        return permissions & ~(PUBLIC_READ | PUBLIC_WRITE)
    return permissions


def kept(value: Value, now: int) -> Value:
    """Return one value in the form in which it is kept.

    Parameters
    ----------
    value
        As somebody sent it.
    now
        Epoch s.

    Raises
    ------
    RequestDeclined
        With code 202, if it cannot be kept.
    """
    if value.index == 0:
        raise _declined("a value has the index 0; give it one from 1 on")
    if value.index == STATUS_INDEX:
        raise _declined(
            "index {index} says what has become of a record, and nobody can store it; "
            "take another index",
            index=STATUS_INDEX,
        )
    if not value.type:
        raise _declined("value {index} has no type; give it one, such as URL", index=value.index)
    if value.permissions & ~0x0F:
        raise _declined(
            "value {index} has permissions that do not exist ({permissions}); four bits do",
            index=value.index,
            permissions=value.permissions,
        )
    layout = _LAYOUTS.get(value.type.upper())
    if layout is not None:
        try:
            layout(value.data)
        except MalformedMessage as error:
            raise _declined(
                "value {index}: its data are no {type} ({reason})",
                index=value.index,
                type=value.type.upper(),
                reason=str(error),
            ) from error
    return replace(
        value, permissions=kept_permissions(value.type, value.permissions), timestamp=now
    )


def settled(data: bytes, count: int, now: int) -> tuple[Value, ...]:
    """Return the values of a request in the form in which they are kept.

    Parameters
    ----------
    data, count
        The values in wire form, and how many.
    now
        Epoch s.

    Raises
    ------
    MalformedMessage
        If the bytes hold something else.
    RequestDeclined
        With code 202, if one cannot be kept.
    """
    if count > MAX_VALUES or len(data) > MAX_RECORD_BYTES:
        refuse_excess(count, len(data))
    values = tuple([kept(value, now) for value in values_from_wire(data, count)])
    if len({value.index for value in values}) < len(values):
        raise _declined("two values of the request have the same index; give each its own")
    return values


def refuse_excess(count: int, size_bytes: int) -> None:
    """Refuse more values, or longer ones, than one message can hold.

    Raises
    ------
    RequestDeclined
        With code 202.
    """
    if count > MAX_VALUES:
        raise _declined("{count} values; a handle has at most {most}", count=count, most=MAX_VALUES)
    if size_bytes > MAX_RECORD_BYTES:
        raise _declined(
            "the values of the handle have {size} bytes together; at most {most} fit into an "
            "answer. Keep large things elsewhere, and their address here",
            size=size_bytes,
            most=MAX_RECORD_BYTES,
        )


def refuse_indexes(indexes: Iterable[int], held: Iterable[int], *, exist: bool) -> None:
    """Refuse indexes that are not there, or those that are.

    Parameters
    ----------
    indexes
        Those of the request.
    held
        Those of the record.
    exist
        Whether they must be there (code 200 if not), or must not (201 if one is).

    Raises
    ------
    RequestDeclined
        Naming the first that is wrong.
    """
    there = set(held)
    wrong = [index for index in indexes if (index in there) is not exist]
    if not wrong:
        return
    if exist:
        raise RequestDeclined(
            "there is no value with the index {index}; nothing was changed",
            response_code=ResponseCode.VALUES_NOT_FOUND,
            index=wrong[0],
        )
    raise RequestDeclined(
        "there is a value with the index {index} already; modify it, or take another index",
        response_code=ResponseCode.VALUE_ALREADY_EXISTS,
        index=wrong[0],
    )
