"""What stands in an address: the handle of its path, and its query.

Granian decodes the path before we see it and puts U+FFFD where the bytes were
no UTF-8. Such a path is refused rather than looked up: two different wrong
spellings would otherwise name one handle, and a handle that truly contains
U+FFFD is damaged text already. A "%" that begins no escape stays a "%", as
browsers have it (WHATWG URL, "percent-decode").

The query comes as it was sent and is decoded here, strictly: ``parse_qs``
would replace what is no UTF-8 and turn "+" into a blank, which in a handle or
a type is a plus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote_to_bytes

from ballast.errors import BadHandle, HttpRefused
from ballast.terms.handle import MAX_HANDLE_BYTES

__all__ = ["Query", "handle_of", "parse_query"]

_MAX_PARAMETERS = 4096
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def handle_of(rest: str) -> bytes:
    """Return the handle that the rest of a decoded path spells.

    Parameters
    ----------
    rest
        The path behind ``/api/handles/`` or ``/``, percent-decoded once.

    Raises
    ------
    BadHandle
        If it is no UTF-8, empty, or longer than a handle can be.

    Examples
    --------
    >>> handle_of("88.118.8/阀门#1?a/b").decode()
    '88.118.8/阀门#1?a/b'
    """
    if "\ufffd" in rest:
        raise BadHandle("the handle in the address is not UTF-8; escape its bytes as %XX")
    try:
        encoded = rest.encode()
    except UnicodeEncodeError:
        raise BadHandle("the handle in the address is not UTF-8; escape its bytes as %XX") from None
    if not encoded:
        raise BadHandle("the address names no handle; write prefix/suffix behind it")
    if len(encoded) > MAX_HANDLE_BYTES:
        raise BadHandle(
            "the handle has {bytes} bytes; at most {most} are possible",
            bytes=len(encoded),
            most=MAX_HANDLE_BYTES,
        )
    return encoded


class Query:
    """The parameters of an address, each perhaps more than once.

    Parameters
    ----------
    values
        Values by name, in the order in which they were given.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def all(self, name: str) -> Sequence[str]:
        """Return every value of a parameter."""
        return self._values.get(name, ())

    def last(self, name: str) -> str | None:
        """Return the last value of a parameter; None where it is not given."""
        values = self._values.get(name)
        return values[-1] if values else None

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or a no; the bare name is a yes.

        Raises
        ------
        HttpRefused
            If it is neither ``true`` nor ``false``.
        """
        value = self.last(name)
        if value is None:
            return default
        told = value.lower()
        if told in ("", "true", "1"):
            return True
        if told in ("false", "0"):
            return False
        raise HttpRefused("“{name}” is “{value}”; write true or false", name=name, value=value)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds.

        Raises
        ------
        HttpRefused
            If it is no number, or outside.
        """
        value = self.last(name)
        if value is None or value == "":
            return default
        return _number(name, value, least, most)

    def indexes(self) -> tuple[int, ...]:
        """Return the indexes asked for, without ``various``.

        Raises
        ------
        HttpRefused
            If one is no number.
        """
        given = [value for value in self.all("index") if value != "various"]
        return tuple([_number("index", value, 0, 0xFFFFFFFF) for value in given])

    def types(self) -> tuple[str, ...]:
        """Return the types asked for."""
        return tuple(self.all("type"))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __bool__(self) -> bool:
        return bool(self._values)


def _number(name: str, value: str, least: int, most: int) -> int:
    # isdigit() alone takes digits of any script, and int() takes a thousand of them.
    if value.isascii() and value.removeprefix("-").isdigit() and len(value) <= 11:
        number = int(value)
        if least <= number <= most:
            return number
    raise HttpRefused(
        "“{name}” is “{value}”; write a number from {least} to {most}",
        name=name,
        value=value[:40],
        least=least,
        most=most,
    )


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    if _ESCAPE.search(text):
        raise HttpRefused("the query holds a % that begins no escape; write it as %25")
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise HttpRefused("the query is not UTF-8; escape its bytes as %XX") from None


def parse_query(text: str) -> Query:
    """Return the parameters of a query as it was sent.

    Parameters
    ----------
    text
        What stands behind "?", still escaped.

    Raises
    ------
    HttpRefused
        If an escape is none, or the bytes are no UTF-8.

    Examples
    --------
    >>> query = parse_query("type=URL&index=1&index=2&pretty")
    >>> query.types(), query.indexes(), query.flag("pretty")
    (('URL',), (1, 2), True)
    >>> parse_query("type=a+b%2Bc").types()
    ('a+b+c',)
    """
    values: dict[str, list[str]] = {}
    if not text:
        return Query(values)
    parts = text.split("&")
    if len(parts) > _MAX_PARAMETERS:
        raise HttpRefused(
            "the query has more than {most} parameters; ask in parts", most=_MAX_PARAMETERS
        )
    for part in parts:
        if part:
            name, _, value = part.partition("=")
            values.setdefault(_decoded(name), []).append(_decoded(value))
    return Query(values)
