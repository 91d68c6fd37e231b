"""Which place a figure has, among whom: a rank is only said with the set it ranks within.

The place alone is what is quoted and misquoted. So a rank carries its set, how
many of it had a figure, how many share the place, and from which end it counts.
Figures that are undefined, missing or withheld do not rank, and are counted.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from ballast.terms.label import Label
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = ["First", "Rank", "known", "ranks"]

Key = TypeVar("Key", bound=Hashable)
First = Literal["highest", "lowest"]


@dataclass(frozen=True, slots=True)
class Rank:
    """A place within a named set.

    Parameters
    ----------
    place
        From 1; equal figures share the better place, and the next one is counted on (1, 2, 2, 4).
        ``None`` where ``reason`` says why.
    of
        How many of the set have a figure.
    within
        The set.
    first
        Which figure has place 1.
    tied
        How many others share the place.
    without
        How many of the set have no figure, for whatever reason.
    """

    place: int | None
    of: int
    within: Label
    first: First
    tied: int = 0
    without: int = 0
    reason: Sentence | None = None


def known(value: Number | None) -> bool:
    """Return whether there is a figure; what is not a number, or infinite, is none.

    Examples
    --------
    >>> [known(value) for value in (0, None, float("nan"), float("inf"))]
    [True, False, False, False]
    """
    return value is not None and math.isfinite(value)


def ranks(
    values: Mapping[Key, Number | None], within: Label, first: First = "highest"
) -> dict[Key, Rank]:
    """Return the place of every member of a set.

    Parameters
    ----------
    values
        Member to figure, all in one unit and of one period; ``None`` where there is none.
    within
        What the set is called.
    first
        Which figure has place 1: the highest output, the lowest energy intensity.

    Returns
    -------
    dict
        Every member, also those without a figure. In a set of one there is no rank.

    Examples
    --------
    >>> found = ranks({"a": 3, "b": 5, "c": 5, "d": None}, Label("全省各市", "the province"))
    >>> [(key, each.place, each.of, each.tied) for key, each in found.items()]
    [('a', 3, 3, 0), ('b', 1, 3, 1), ('c', 1, 3, 1), ('d', None, 3, 0)]
    """
    figures = {key: value for key, value in values.items() if value is not None and known(value)}
    line = sorted(figures.values())
    of, without = len(figures), len(values) - len(figures)
    found = {}
    for key in values:
        own = figures.get(key)
        if own is None:
            reason: Sentence | None = Sentence("it has no figure to rank")
        elif of == 1:
            reason = Sentence("nobody else in {within} has a figure", {"within": within})
        else:
            reason = None
        place, tied = None, 0
        if own is not None and reason is None:
            upto, behind = bisect_left(line, own), bisect_right(line, own)
            place = 1 + (of - behind if first == "highest" else upto)
            tied = behind - upto - 1
        found[key] = Rank(place, of, within, first, tied, without, reason)
    return found
