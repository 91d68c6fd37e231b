"""How people write periods: the canonical text, and the forms' many others.

Apart from ``ballast.terms.period`` because reading is a table of spellings
and refusals, and a period is arithmetic; neither helps to understand the
other. A spelling is accepted only when it means exactly one period.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from ballast.errors import InvalidTerm

FIRST_YEAR = 1900
LAST_YEAR = 2199


class PeriodKind(StrEnum):
    """A kind of period; the order here is the last criterion of the order of periods."""

    MONTH = "month"
    JOINED = "joined"
    YEAR_TO_DATE = "ytd"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


# Every spelling that means exactly one period, after _plain: year, then one of these.
_SPELLINGS: tuple[tuple[PeriodKind, str], ...] = (
    (PeriodKind.YEAR, r"(?:年|年度|年?全年)?"),
    (PeriodKind.HALF, r"-?H(?P<n>[12])"),
    (PeriodKind.HALF, r"年?(?P<n>[上下])半年"),
    (PeriodKind.QUARTER, r"-?Q(?P<n>[1-4])"),
    (PeriodKind.QUARTER, r"年第?(?P<n>[1-4一二三四])季度?"),
    (PeriodKind.MONTH, r"[-/](?P<n>[0-9]{1,2})"),
    (PeriodKind.MONTH, r"(?P<n>[0-9]{2})"),
    (PeriodKind.MONTH, r"年(?P<n>[0-9]{1,2})月份?"),
    (PeriodKind.MONTH, r"-(?P<n>[0-9]{2})-01(?:T?00:00(?::00(?:\.0+)?)?)?"),  # as a spreadsheet
    (PeriodKind.MONTH, r"/(?P<n>[0-9]{1,2})/0?1(?:00?:00(?::00)?)?"),  # writes a month
    (PeriodKind.JOINED, r"-01\.\.02"),
    (PeriodKind.JOINED, r"年0?1月?-0?2月份?"),
    (PeriodKind.JOINED, r"-1-2"),
    (PeriodKind.YEAR_TO_DATE, r"-(?P<n>[0-9]{2})YTD"),
    (PeriodKind.YEAR_TO_DATE, r"年(?:0?1月?-)?(?P<n>[0-9]{1,2})月份?累计"),
    (PeriodKind.YEAR_TO_DATE, r"年0?1月?-0?(?P<n>[3-9]|1[0-9])月份?"),
    (PeriodKind.YEAR_TO_DATE, r"-1-(?P<n>[3-9]|1[0-9])"),
    (PeriodKind.YEAR_TO_DATE, r"年?(?P<n>前)[三3]个?季度"),
)
_FORMS = tuple((kind, re.compile(r"(?P<y>[0-9]{4})" + rest)) for kind, rest in _SPELLINGS)
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2, "前": 9}
_DASHES = re.compile(r"[‐‑‒–—―−~至到]")

# Spellings that are refused, because what they mean is no period or is open.
_PAIR = re.compile(
    r"(?P<y>[0-9]{4})(?P<by>[-/年])(?P<a>[0-9]{1,2})月?[-/月](?P<b>[0-9]{1,2})(?P<z>.*)"
)
_POINT = re.compile(r"(?P<y>[0-9]{4})\.(?P<a>[0-9]{1,2})")


# What a refused stretch from one month to another should have been.
_STRETCHES: dict[tuple[int, int], tuple[tuple[PeriodKind, int], ...]] = {
    (1, 1): ((PeriodKind.MONTH, 1), (PeriodKind.YEAR_TO_DATE, 1)),
    (1, 2): ((PeriodKind.JOINED, 1), (PeriodKind.YEAR_TO_DATE, 2)),
    (1, 3): ((PeriodKind.YEAR_TO_DATE, 3), (PeriodKind.QUARTER, 1)),
    **{(1, n): ((PeriodKind.YEAR_TO_DATE, n),) for n in range(4, 13)},
    (4, 6): ((PeriodKind.QUARTER, 2),),
    (7, 9): ((PeriodKind.QUARTER, 3),),
    (10, 12): ((PeriodKind.QUARTER, 4),),
    (7, 12): ((PeriodKind.HALF, 2),),
}


@lru_cache(maxsize=8192)
def read(text: str) -> tuple[PeriodKind, int, int]:
    """Return kind, year and number within the year of the period that a text means.

    Raises
    ------
    InvalidTerm
        If it means none, or could mean two; with what would be right.

    Examples
    --------
    >>> read("2026年1-5月")
    (<PeriodKind.YEAR_TO_DATE: 'ytd'>, 2026, 5)
    """
    folded = unicodedata.normalize("NFKC", text)
    plain = _DASHES.sub("-", "".join(folded.split())).upper()
    for kind, form in _FORMS:
        found = form.fullmatch(plain)
        if found is None:
            continue
        year, digits = int(found["y"]), found.groupdict().get("n", "1")
        number = _NUMBERS.get(digits) or int(digits)
        if not 1 <= number <= 12:
            raise InvalidTerm(
                "{text}: there is no month {number}; months run from 1 to 12",
                text=text,
                number=number,
            )
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidTerm(
                "{text}: no year of a period; periods run from {first} to {last}",
                text=text,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        return kind, year, number
    raise _cut_by_spreadsheet(text, plain) or _pair_of_numbers(text, plain) or _no_period(text)


def spell(kind: PeriodKind, year: int, number: int) -> str:
    """Return the canonical text, which the lake stores.

    Examples
    --------
    >>> spell(PeriodKind.YEAR_TO_DATE, 2026, 5)
    '2026-05ytd'
    """
    match kind:
        case PeriodKind.MONTH:
            return f"{year}-{number:02d}"
        case PeriodKind.JOINED:
            return f"{year}-01..02"
        case PeriodKind.YEAR_TO_DATE:
            return f"{year}-{number:02d}ytd"
        case PeriodKind.QUARTER:
            return f"{year}Q{number}"
        case PeriodKind.HALF:
            return f"{year}H{number}"
        case PeriodKind.YEAR:
            return f"{year}"


def _no_period(text: str) -> InvalidTerm:
    return InvalidTerm(
        "“{text}” is no period; write one like {examples}",
        text=text,
        examples="2026-05, 2026-01..02, 2026-05ytd, 2026Q2, 2026H1, 2026",
    )


def _cut_by_spreadsheet(text: str, plain: str) -> InvalidTerm | None:
    """Refuse 2026.1: a number cell makes the same of January and of October."""
    found = _POINT.fullmatch(plain)
    if found is None:
        return None
    meant = (1, 10) if found["a"] == "1" else (int(found["a"]),)
    right = [spell(PeriodKind.MONTH, int(found["y"]), n) for n in meant if 1 <= n <= 12]
    if not right:
        return None
    return InvalidTerm(
        "{text}: a spreadsheet cuts 2026.10 to 2026.1, so points are not read; write {right}",
        text=text,
        right=" / ".join(right),
    )


def _pair_of_numbers(text: str, plain: str) -> InvalidTerm | None:
    """Refuse a day, a stretch of months that has no kind, and what could be either."""
    found = _PAIR.fullmatch(plain)
    if found is None:
        return None
    year, first, last = (int(found[name]) for name in "yab")
    stretches, day = [], None
    if found["by"] != "/" and not found["z"].startswith(("日", "T")):
        stretches = [spell(kind, year, n) for kind, n in _STRETCHES.get((first, last), ())]
    if not found["z"].startswith("月") and 1 <= first <= 12 and 1 <= last <= 31:
        day = spell(PeriodKind.MONTH, year, first)
    if day is not None and not stretches:
        return InvalidTerm(
            "{text} is a day, and figures are of a period; write {right}", text=text, right=day
        )
    right = dict.fromkeys([day, *stretches] if day is not None else stretches)
    if not right:
        return None
    return InvalidTerm(
        "{text} is not written as one period; write {right}", text=text, right=" / ".join(right)
    )
