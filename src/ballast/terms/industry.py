"""The industries of GB/T 4754-2017, China's industrial classification, at all four levels.

The codes and the Chinese names are facts of the standard and stand in the
package's own table (``industry_table``). A package of codes from elsewhere
would not do: the circulating ones drop levels, mix editions, or carry
machine-made English. Nor is the classification a table of the lake: codes
are checked before there is a home to look into.

The 2017 text as published is meant, without its first amendment of 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ballast.errors import InvalidTerm
from ballast.terms.industry_table import (
    LEVEL_LABELS,
    LEVELS,
    TRANSLATION_NOTE,
    Industry,
    named,
    search,
    table,
    unknown,
)
from ballast.terms.scheme import IndustryLevel

__all__ = [
    "INDUSTRIAL_SECTIONS",
    "LEVELS",
    "LEVEL_LABELS",
    "TRANSLATION_NOTE",
    "Industry",
    "children",
    "exists",
    "industries",
    "industry",
    "is_industrial",
    "level_of",
    "roll_up",
    "roll_up_table",
    "search",
    "section_of",
]

INDUSTRIAL_SECTIONS: tuple[str, ...] = ("B", "C", "D")
"""What Chinese statistics call industry (工业): mining, manufacturing, utilities."""


def industry(code: str) -> Industry:
    """Return the industry of a code.

    Parameters
    ----------
    code
        Exactly as the standard writes it: ``"C"``, ``"34"``, ``"345"``, ``"3451"``.

    Raises
    ------
    InvalidTerm
        If the standard has no such code; the message names the nearest ones.

    Examples
    --------
    >>> industry("345").label.en
    'Manufacture of bearings, gears and transmission elements'
    >>> industry("3451").parent
    '345'
    >>> industry("610")
    Traceback (most recent call last):
    ballast.errors.InvalidTerm: 610 is no code of GB/T 4754-2017; did you mean 0610 (烟煤和无烟煤开采洗选)?
    """  # noqa: E501 - a doctest shows the message whole
    found = table().get(code)
    if found is None:
        raise unknown(code)
    return found


def exists(code: str) -> bool:
    """Return whether the standard has a code.

    Examples
    --------
    >>> exists("3451"), exists("345X")
    (True, False)
    """
    return code in table()


def level_of(code: str) -> IndustryLevel:
    """Return the level of a code.

    Raises
    ------
    InvalidTerm
        If the standard has no such code.

    Examples
    --------
    >>> level_of("06").value
    'division'
    """
    return industry(code).level


def industries(
    level: IndustryLevel | None = None, within: str | None = None
) -> tuple[Industry, ...]:
    """Return industries in the order of the standard.

    Parameters
    ----------
    level
        Only those of one level; of all levels if left out.
    within
        Only this code and what stands under it.

    Raises
    ------
    InvalidTerm
        If ``within`` is no code, or ``level`` is a level of another classification.

    Examples
    --------
    >>> len(industries(IndustryLevel.GROUP, within="C"))
    179
    >>> [each.code for each in industries(within="431")]
    ['431', '4310']
    """
    chosen: Iterable[Industry] = table().values()
    if within is not None:
        chosen = _under(industry(within))
    if level is not None:
        _rank(level)
        chosen = (each for each in chosen if each.level == level)
    return tuple(chosen)


def children(code: str) -> tuple[Industry, ...]:
    """Return the industries one level below a code; none for a class.

    Raises
    ------
    InvalidTerm
        If the standard has no such code.

    Examples
    --------
    >>> [child.code for child in children("D")]
    ['44', '45', '46']
    """
    return _children().get(industry(code).code, ())


def roll_up(code: str, level: IndustryLevel) -> str:
    """Return the code that a code belongs to at a level.

    Parameters
    ----------
    code
        A code at that level or below.
    level
        The level wanted.

    Raises
    ------
    InvalidTerm
        If the code is unknown, coarser than the level, or the level is
        one of another classification.

    Examples
    --------
    >>> roll_up("3451", IndustryLevel.DIVISION), roll_up("3451", IndustryLevel.SECTION)
    ('34', 'C')
    >>> roll_up("34", IndustryLevel.DIVISION)
    '34'
    """
    start = industry(code)
    target = _rank(level)
    here = start
    while _rank(here.level) > target:
        here = _parent(here)
    if here.level != level:
        raise InvalidTerm(
            "{code} is a {level} of GB/T 4754-2017 and belongs to no single {target}: "
            "give a code of that level or below, or ask for a coarser level",
            code=named(start),
            level=_level_name(start.level),
            target=_level_name(level),
        )
    return here.code


def roll_up_table(level: IndustryLevel) -> dict[str, str]:
    """Return every code at a level or below, with the code it belongs to at that level.

    For whole columns: a join or a replacement by this mapping is ``roll_up``
    of each row, and a code that is missing from it cannot be rolled up.

    Raises
    ------
    InvalidTerm
        If the level is one of another classification.

    Examples
    --------
    >>> groups = roll_up_table(IndustryLevel.GROUP)
    >>> groups["3451"], groups["345"], "34" in groups
    ('345', '345', False)
    """
    target = _rank(level)
    return {
        each.code: roll_up(each.code, level)
        for each in table().values()
        if _rank(each.level) >= target
    }


def section_of(code: str) -> str:
    """Return the letter of the section that a code belongs to.

    Raises
    ------
    InvalidTerm
        If the standard has no such code.

    Examples
    --------
    >>> section_of("0610")
    'B'
    """
    return roll_up(code, IndustryLevel.SECTION)


def is_industrial(code: str) -> bool:
    """Return whether a code belongs to industry (工业), the sections B, C and D.

    Raises
    ------
    InvalidTerm
        If the standard has no such code.

    Examples
    --------
    >>> is_industrial("3451"), is_industrial("65")
    (True, False)
    """
    return section_of(code) in INDUSTRIAL_SECTIONS


@cache
def _children() -> dict[str, tuple[Industry, ...]]:
    gathered: dict[str, list[Industry]] = {}
    for each in table().values():
        if each.parent is not None:
            gathered.setdefault(each.parent, []).append(each)
    return {parent: tuple(found) for parent, found in gathered.items()}


def _under(top: Industry) -> Iterator[Industry]:
    yield top
    for child in _children().get(top.code, ()):
        yield from _under(child)


def _parent(of: Industry) -> Industry:
    return table()[of.parent or ""]


def _rank(level: IndustryLevel) -> int:
    """Return 0 for a section … 3 for a class; refuse levels of other classifications."""
    if level not in LEVELS:
        raise InvalidTerm(
            "{level} is no level of GB/T 4754-2017; its levels are {known}",
            level=str(level),
            known=", ".join(_level_name(each) for each in LEVELS),
        )
    return LEVELS.index(level)


def _level_name(level: IndustryLevel) -> str:
    return f"{LEVEL_LABELS[level].en} ({LEVEL_LABELS[level].zh})"
