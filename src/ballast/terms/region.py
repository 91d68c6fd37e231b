"""Regions by the codes of GB/T 2260 (行政区划代码), and the years in which these are valid.

A list of today's codes would not do: figures of 2018 name 371523 茌平县 and
figures of 2020 name 371503 茌平区. So a code is asked for at a date, and a
code that was not in force then is refused with the one that was.

- The list has years, no dates (see ``region_list``). In the year of a change
  the old and the new code are both valid.
- A unit renamed keeps its code; it is shown under its newest name of that time.
- The pseudo units 市辖区 (``xxyy01``), all districts of a city together, are valid codes.
- ``NATION`` (000000, 全国) is a convention of ours: GB/T 2260 has no code of the nation.
- A zone that GB/T 2260 does not know (开发区, 高新区) gets an extension code: the
  code of the region that runs it, a hyphen, and two to eight capital letters or
  digits, ``371500-KFQ``. It is valid while that region's code is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ballast.errors import InvalidTerm
from ballast.terms.label import Label
from ballast.terms.region_changes import forerunner, heir
from ballast.terms.region_list import (
    NATION,
    RegionLevel,
    Tenure,
    codes_below,
    level_of,
    newest_name,
    parent_of,
    tenures_by_code,
)
from ballast.terms.region_names import ENGLISH
from ballast.terms.scheme import RegionScheme

__all__ = [
    "NATION",
    "Region",
    "RegionLevel",
    "children",
    "exists",
    "extension_code",
    "extension_parent",
    "is_extension",
    "predecessor",
    "region",
    "successor",
    "valid_on",
]


@dataclass(frozen=True, slots=True)
class Region:
    """A region, as known at the time that was asked for.

    Parameters
    ----------
    code
        Six digits, or an extension of them.
    scheme
        ``GB2260``, or ``EXT`` for an extension.
    label
        Its name; English only where ``region_names`` has it.
    level
        Nation, province, prefecture, county or zone.
    parent
        The code one level up; the nation has none.
    valid_from_year, valid_to_year
        First and last year in which the code was valid, both included; None
        where the list knows none.
    """

    code: str
    scheme: RegionScheme
    label: Label
    level: RegionLevel
    parent: str | None
    valid_from_year: int | None
    valid_to_year: int | None


_DISTRICTS = "市辖区"  # of a city, all together
_EXTENSION = re.compile(r"([0-9]{6})-([A-Z0-9]{2,8})")


def region(code: str, on: date | None = None) -> Region:
    """Return a region by its code.

    Parameters
    ----------
    code
        A code of GB/T 2260, ``NATION``, or an extension code.
    on
        The day at which the code must be valid; its year decides. None asks
        for the code at any time, under its newest name.

    Raises
    ------
    InvalidTerm
        If no such code is known, or it was not in force then; with the code
        that was, where it is known.

    Examples
    --------
    >>> region("371503").label.text("en")
    'Chiping District'
    >>> region("371523", on=date(2020, 1, 1))
    Traceback (most recent call last):
    ...
    ballast.errors.InvalidTerm: 371523 was valid until 2019; since 2019 it is 371503 茌平区
    """
    return _region(code, None if on is None else on.year)


@lru_cache(maxsize=16384)
def _region(code: str, year: int | None) -> Region:
    if is_extension(code):
        plain, suffix = code.split("-")
        parent = _region(plain, year)
        english = f"{parent.label.en} {suffix}" if parent.label.en else ""
        return Region(
            code=code,
            scheme=RegionScheme.EXT,
            label=Label(f"{parent.label.zh}{suffix}", english),
            level=RegionLevel.ZONE,
            parent=plain,
            valid_from_year=parent.valid_from_year,
            valid_to_year=parent.valid_to_year,
        )
    tenures = tenures_by_code().get(code)
    if tenures is None:
        raise _unknown(code)
    for tenure in reversed(tenures):
        if (name := tenure.name(year)) is not None:
            return Region(
                code=code,
                scheme=RegionScheme.GB2260,
                label=Label(name, ENGLISH.get(code, "")),
                level=level_of(code),
                parent=parent_of(code),
                valid_from_year=tenure.since,
                valid_to_year=tenure.until,
            )
    raise _out_of_force(code, tenures, year or 0)


def exists(code: str) -> bool:
    """Return whether a code is or ever was one, extensions of such codes included.

    Examples
    --------
    >>> exists("371523"), exists("371500-KFQ"), exists("371599")
    (True, True, False)
    """
    return (code.split("-")[0] if is_extension(code) else code) in tenures_by_code()


def valid_on(code: str, on: date) -> bool:
    """Return whether a code exists and was in force in the year of a date.

    Examples
    --------
    >>> [valid_on("371523", date(year, 6, 30)) for year in (1996, 1997, 2019, 2020)]
    [False, True, True, False]
    """
    plain = code.split("-")[0] if is_extension(code) else code
    return any(tenure.name(on.year) is not None for tenure in tenures_by_code().get(plain, ()))


def children(code: str, on: date | None = None) -> tuple[str, ...]:
    """Return the codes one level below a region, in order.

    The county-level 市辖区 (``xxyy01``), which stand for the districts of a
    city together and overlap with them, are left out; so are extension
    codes, of which there is no list.

    Parameters
    ----------
    code
        A code of GB/T 2260, or ``NATION`` for the provinces.
    on
        The day at which the children must be valid; None asks for those
        that have not ended.

    Raises
    ------
    InvalidTerm
        If no such code is known.

    Examples
    --------
    >>> children("371500")
    ('371502', '371503', '371521', '371522', '371524', '371525', '371526', '371581')
    """
    region(code)
    found = []
    for child in codes_below().get(code, ()):
        for tenure in tenures_by_code()[child]:
            now = tenure.until is None if on is None else tenure.name(on.year) is not None
            if now and not (tenure.names[-1].zh == _DISTRICTS and child.endswith("01")):
                found.append(child)
                break
    return tuple(found)


def successor(code: str) -> str | None:
    """Return the code that replaced one, where the list tells.

    It tells when the code ended in the year in which another began whose
    name is the same but for the kind of unit (茌平县, 茌平区), in the same
    prefecture or, failing that, in the same province; ``region_changes`` has
    the rule. None: the code is in force, or nothing stands out as following
    it (a unit divided, or merged under another name).

    Raises
    ------
    InvalidTerm
        If no such code is known.

    Examples
    --------
    >>> successor("371523"), successor("371503")
    ('371503', None)
    """
    region(code)
    return None if is_extension(code) else heir(code)


def predecessor(code: str) -> str | None:
    """Return the code that one replaced, by the same rule as ``successor``.

    Raises
    ------
    InvalidTerm
        If no such code is known.

    Examples
    --------
    >>> predecessor("371503")
    '371523'
    """
    region(code)
    return None if is_extension(code) else forerunner(code)


def extension_code(parent: str, suffix: str) -> str:
    """Return the code of a zone that GB/T 2260 does not know.

    Parameters
    ----------
    parent
        The code of the region that runs the zone.
    suffix
        Two to eight capital letters or digits, unique below the parent.

    Raises
    ------
    InvalidTerm
        If the parent is no code of GB/T 2260 or the suffix has another form.

    Examples
    --------
    >>> extension_code("371500", "KFQ")
    '371500-KFQ'
    """
    code = f"{parent}-{suffix}"
    if tenures_by_code().get(parent) is None:
        raise _unknown(parent)
    if not is_extension(code):
        raise InvalidTerm(
            "“{suffix}”: an extension is two to eight capital letters or digits, as KFQ",
            suffix=suffix,
        )
    return code


def is_extension(code: str) -> bool:
    """Return whether a code has the form of an extension code; its parent may be unknown.

    Examples
    --------
    >>> is_extension("371500-KFQ"), is_extension("371500")
    (True, False)
    """
    return _EXTENSION.fullmatch(code) is not None


def extension_parent(code: str) -> str:
    """Return the code of the region that runs a zone.

    Raises
    ------
    InvalidTerm
        If it has not the form of an extension code.

    Examples
    --------
    >>> extension_parent("371500-KFQ")
    '371500'
    """
    if not is_extension(code):
        raise _malformed(code)
    return code.split("-")[0]


def _malformed(code: str) -> InvalidTerm:
    return InvalidTerm(
        "“{code}”: a region code is six digits, as 371500, or these with an extension, "
        "as 371500-KFQ",
        code=code,
    )


def _unknown(code: str) -> InvalidTerm:
    """Say why a code is unknown, and where to look for the right one."""
    names = tenures_by_code()
    if re.fullmatch("[0-9]{9}|[0-9]{12}", code) and code[:6] in names:
        return InvalidTerm(
            "{code} is a statistical code of a town or village; write that of its county, "
            "{right} {name}",
            code=code,
            right=code[:6],
            name=newest_name(code[:6]),
        )
    if not re.fullmatch("[0-9]{6}", code):
        return _malformed(code)
    nearest = next(c for c in (code[:4] + "00", code[:2] + "0000", NATION) if c in names)
    if code[4] == "7" and nearest != NATION:
        return InvalidTerm(
            "{code}: a fifth digit 7 marks zones in statistics, GB/T 2260 has no such code; "
            "write an extension of {parent} {name}, as {example}",
            code=code,
            parent=nearest,
            name=newest_name(nearest),
            example=f"{nearest}-KFQ",
        )
    known = [f"{child} {newest_name(child)}" for child in children(nearest)]
    return InvalidTerm(
        "{code}: GB/T 2260 has no such code; {name} has {known}",
        code=code,
        name=newest_name(nearest),
        known=", ".join(known[:12]) + ("…" if len(known) > 12 else ""),
    )


def _out_of_force(code: str, tenures: tuple[Tenure, ...], year: int) -> InvalidTerm:
    """Say when a code was in force, and which one is in the year asked for."""
    past = [t for t in tenures if t.until is not None and t.until < year]
    right = _in_force_instead(code, year, forward=bool(past))
    if past and right is not None:
        return InvalidTerm(
            "{code} was valid until {year}; since {since} it is {right} {name}",
            code=code,
            year=past[-1].until,
            since=_region(right, year).valid_from_year,
            right=right,
            name=_region(right, year).label.zh,
        )
    if past:
        return InvalidTerm(
            "{code} {name} was valid until {year}; give the code that was in force in {on}",
            code=code,
            name=past[-1].name(None),
            year=past[-1].until,
            on=year,
        )
    if right is not None:
        return InvalidTerm(
            "{code} {name} is valid since {year}; in {on} it was {right} {former}",
            code=code,
            name=tenures[0].names[0].zh,
            year=tenures[0].since,
            on=year,
            right=right,
            former=_region(right, year).label.zh,
        )
    return InvalidTerm(
        "{code} {name} is valid since {year}; give the code that was in force in {on}",
        code=code,
        name=tenures[0].names[0].zh,
        year=tenures[0].since,
        on=year,
    )


def _in_force_instead(code: str, year: int, *, forward: bool) -> str | None:
    """Follow the changes, which can be several, to the code of a year."""
    seen = {code}
    other = heir(code) if forward else forerunner(code)
    while other is not None and other not in seen:
        if any(tenure.name(year) is not None for tenure in tenures_by_code()[other]):
            return other
        seen.add(other)
        other = heir(other) if forward else forerunner(other)
    return None
