"""Cursors: where a list goes on, opaque to the caller, worthless for another question.

A cursor is not a secret and carries no right: it says after which key to go
on, and the rows that follow are read as the caller's own viewer. It is bound
to its question so that a cursor kept from another filter is refused instead
of answered wrongly.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import TypeVar

from ballast.errors import WrongUsage

__all__ = ["page", "read_cursor", "write_cursor"]

T = TypeVar("T")


def write_cursor(question: object, after: object) -> str:
    """Return a cursor.

    Parameters
    ----------
    question
        What was asked, as JSON.
    after
        Where to go on, as JSON.
    """
    text = json.dumps([_digest(question), after], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(question: object, cursor: str) -> object:
    """Return where to go on.

    Raises
    ------
    WrongUsage
        If it is no cursor, or one of another question.

    Examples
    --------
    >>> read_cursor({"table": "x"}, write_cursor({"table": "x"}, ["371500", "2026"]))
    ['371500', '2026']
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        held = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        held = None
    if not isinstance(held, list) or len(held) != 2 or held[0] != _digest(question):
        raise WrongUsage(
            "this cursor is not of this question; ask again without one, and follow next from there"
        )
    found: object = held[1]
    return found


def page(
    items: Sequence[T], question: object, limit: int, cursor: str | None
) -> tuple[list[T], str | None]:
    """Return one page of a list that is in memory, and the cursor of the next one.

    Parameters
    ----------
    items
        The whole list.
    question, limit, cursor
        What was asked, how many, from where.

    Examples
    --------
    >>> first, on = page("abc", "q", 2, None)
    >>> first, page("abc", "q", 2, on)
    (['a', 'b'], (['c'], None))
    """
    start = 0
    if cursor is not None:
        found = read_cursor(question, cursor)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= len(items):
            raise WrongUsage("this cursor leads nowhere; ask again without one")
        start = found
    end = start + limit
    more = write_cursor(question, end) if end < len(items) else None
    return list(items[start:end]), more


def _digest(question: object) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True, default=str).encode()).hexdigest()[
        :16
    ]
