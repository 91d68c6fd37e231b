"""The list of GB/T 2260 codes with their years, as python-stdnum carries it.

Apart from ``ballast.terms.region`` because reading somebody's list, with its
irregularities, is another matter than asking questions about regions. The
list (``cn/loc.dat``) is made from zh.wikipedia: 6,885 codes since 1980.

- It has years, no dates.
- ``[1983-2019]桥东区,[2020-]襄都区`` is one unit renamed: the years follow each other.
  ``[-1982]丽水县,[1982-1986]临海县`` is a code given to another unit: they do not.
- A stretch that ends before it starts (``[1983-1982]``, 14 of them) has an unknown start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from stdnum import numdb

NATION = "000000"
_YEARS_AND_NAME = re.compile(r"(?:\[([0-9]*)-([0-9]*)\])?(.+)")


class RegionLevel(StrEnum):
    """How far down a region is; a zone is an extension code of any of them."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a code had, with its years."""

    since: int | None
    until: int | None
    zh: str

    def covers(self, year: int) -> bool:
        """Return whether the code had this name in a year."""
        return (self.since or year) <= year <= (self.until or year)


@dataclass(frozen=True, slots=True)
class Tenure:
    """A stretch of years in which a code stood for one unit, under one or several names.

    A rename continues the year after; where two names share a year or leave
    a gap, the code was given to another unit.
    """

    names: tuple[Name, ...]

    @property
    def since(self) -> int | None:
        """The first year, where it is known."""
        return self.names[0].since

    @property
    def until(self) -> int | None:
        """The last year; None while the code is in force."""
        return self.names[-1].until

    def name(self, year: int | None) -> str | None:
        """Return the newest name valid in a year, or ever."""
        return next((n.zh for n in reversed(self.names) if year is None or n.covers(year)), None)


@cache
def tenures_by_code() -> Mapping[str, tuple[Tenure, ...]]:
    """Read the list: every code with its tenures, oldest first."""
    found: dict[str, tuple[Tenure, ...]] = {NATION: (Tenure((Name(None, None, "全国"),)),)}
    for _, province, _, _, places in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in places:
            tenures: list[Tenure] = []
            for name in map(_read_name, properties["county"].split(",")):
                if tenures and name.since == (tenures[-1].until or 0) + 1:
                    tenures[-1] = Tenure((*tenures[-1].names, name))
                else:
                    tenures.append(Tenure((name,)))
            found[province + rest] = tuple(tenures)
    return found


def _read_name(text: str) -> Name:
    matched = _YEARS_AND_NAME.fullmatch(text)
    if matched is None:  # pragma: no cover - an empty name, which the list does not have
        raise ValueError(f"{text!r}: the list of regions has changed its form")
    since, until = (int(year) if year else None for year in matched.groups()[:2])
    if since is not None and until is not None and until < since:
        since = None
    return Name(since, until, matched[3])


@cache
def codes_below() -> Mapping[str, tuple[str, ...]]:
    """Return every code's codes one level down, past ones included."""
    found: dict[str, list[str]] = {}
    for code in sorted(tenures_by_code()):
        if (parent := parent_of(code)) is not None:
            found.setdefault(parent, []).append(code)
    return {parent: tuple(codes) for parent, codes in found.items()}


def level_of(code: str) -> RegionLevel:
    """Return the level of six digits, whether or not the list has them."""
    if code == NATION:
        return RegionLevel.NATION
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.PREFECTURE if code.endswith("00") else RegionLevel.COUNTY


def parent_of(code: str) -> str | None:
    """Return the code one level up of six digits; the nation has none."""
    match level_of(code):
        case RegionLevel.NATION:
            return None
        case RegionLevel.PROVINCE:
            return NATION
        case RegionLevel.PREFECTURE:
            return code[:2] + "0000"
        case _:
            return code[:4] + "00"


def newest_name(code: str) -> str:
    """Return the last name that a code of the list had."""
    return tenures_by_code()[code][-1].names[-1].zh
