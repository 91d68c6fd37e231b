"""Text on its way into the file: what UTF-8 cannot hold becomes a question mark.

JSON and file names can bring half of a surrogate pair; SQLite would refuse it
with an error that is no user's business.
"""

from __future__ import annotations

import json


def storable(text: str) -> str:
    """Return a text without what UTF-8 cannot hold.

    Examples
    --------
    >>> storable("a\\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def json_text(value: object) -> str:
    """Return what JSON holds as text that can be stored.

    Raises
    ------
    ValueError
        If it holds a number that JSON has not: a fault of the caller.
    TypeError
        If it holds what JSON has no word for.

    Examples
    --------
    >>> json_text({"市": 1})
    '{"市":1}'
    """
    return storable(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
