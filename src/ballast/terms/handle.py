"""Handles (标识): the names that the node registers, ``88.118.8/ABC-001``.

A handle is compared as bytes with the ASCII letters folded (RFC 3651,
section 2: by default a handle is case sensitive, but services may fold; every
public one folds ASCII and nothing else). ``str.lower`` or ``casefold`` would
also fold letters outside ASCII and so join handles that other servers keep
apart; that is why folding is defined here, on the bytes, once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from ballast.errors import InvalidTerm

__all__ = ["MAX_HANDLE_BYTES", "Handle", "fold", "prefix_handle", "prefix_of"]

MAX_HANDLE_BYTES = 2048
PREFIX_AUTHORITY = "0.NA"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def fold(handle: bytes) -> bytes:
    """Return a handle as it is compared: ASCII letters in lower case, all else untouched.

    Examples
    --------
    >>> fold("88.118.8/ABC-É".encode()).decode()
    '88.118.8/abc-É'
    """
    return handle.lower()


def prefix_of(handle: bytes) -> bytes:
    """Return what stands before the first slash; the whole where there is none.

    Examples
    --------
    >>> prefix_of(b"88.118.8/a/b"), prefix_of(b"noslash")
    (b'88.118.8', b'noslash')
    """
    return handle.partition(b"/")[0]


def prefix_handle(prefix: str) -> str:
    """Return the handle under which a prefix itself is registered.

    Examples
    --------
    >>> prefix_handle("88.118.8")
    '0.NA/88.118.8'
    """
    return f"{PREFIX_AUTHORITY}/{prefix}"


@dataclass(frozen=True, slots=True)
class Handle:
    """One handle in the spelling that was given.

    Parameters
    ----------
    text
        The whole handle. Use ``Handle.parse`` for text from outside.

    Examples
    --------
    >>> handle = Handle.parse("88.118.8/ABC-001")
    >>> handle.prefix, handle.suffix, handle.folded
    ('88.118.8', 'ABC-001', b'88.118.8/abc-001')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the handle that a text spells.

        Raises
        ------
        InvalidTerm
            If it is not prefix, slash, suffix; too long; or holds characters that no text holds.

        Examples
        --------
        >>> Handle.parse("88.118.8")
        Traceback (most recent call last):
        ...
        ballast.errors.InvalidTerm: “88.118.8” is no handle; write prefix/suffix, \
such as 88.118.8/A-1
        """
        prefix, _, suffix = text.partition("/")
        if not prefix or not suffix:
            raise InvalidTerm(
                "“{text}” is no handle; write prefix/suffix, such as 88.118.8/A-1", text=text[:80]
            )
        if _CONTROL.search(text):
            raise InvalidTerm(
                "“{text}” holds a control character; a handle is printable text", text=text[:80]
            )
        try:
            length = len(text.encode())
        except UnicodeEncodeError as error:
            raise InvalidTerm(
                "“{text}” cannot be written as UTF-8; a handle is printable text", text=text[:80]
            ) from error
        if length > MAX_HANDLE_BYTES:
            raise InvalidTerm(
                "“{text}…” has {length} bytes; a handle has at most {most}",
                text=text[:80],
                length=length,
                most=MAX_HANDLE_BYTES,
            )
        return cls(text)

    @property
    def prefix(self) -> str:
        """What stands before the first slash."""
        return self.text.partition("/")[0]

    @property
    def suffix(self) -> str:
        """What stands behind the first slash."""
        return self.text.partition("/")[2]

    @property
    def encoded(self) -> bytes:
        """The handle as the wire carries it, in UTF-8."""
        return self.text.encode()

    @property
    def folded(self) -> bytes:
        """The handle as it is compared."""
        return fold(self.encoded)

    def __str__(self) -> str:
        return self.text
