"""Finding a region of GB/T 2260 by its name, for people who do not know its code."""

from __future__ import annotations

from functools import cache

from ballast.terms.label import Label
from ballast.terms.region import NATION, children, region

__all__ = ["search_regions"]


@cache
def _all_labels() -> tuple[tuple[str, Label], ...]:
    found: list[tuple[str, Label]] = []
    waiting = [NATION]
    while waiting:
        code = waiting.pop(0)
        found.append((code, region(code).label))
        waiting += children(code)
    return tuple(found)


def search_regions(text: str) -> tuple[str, ...]:
    """Return the codes of the regions in force whose name holds a text, whole names first.

    Parameters
    ----------
    text
        A Chinese or English name, or part of one.

    Examples
    --------
    >>> search_regions("茌平")
    ('371503',)
    """
    wanted = text.strip().lower()
    if not wanted:
        return ()
    holding = [
        (wanted not in (label.zh.lower(), label.en.lower()), code)
        for code, label in _all_labels()
        if wanted in label.zh.lower() or wanted in label.en.lower()
    ]
    return tuple(code for _, code in sorted(holding, key=lambda found: found[0]))
