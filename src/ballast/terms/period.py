"""What stretch of time a figure is of.

Statistics of enterprises know more than months: January and February are
reported joined, most forms show the year to date, some figures exist per
quarter, half or year only. A pair of dates would not do instead: the first
quarter and the year to date of March cover the same days, but one is
compared with the fourth quarter and the other with the year to date of
February. So the kind belongs to the period, and arithmetic stays in it.

====================  ==============  =========================  ==================
kind                  canonical text  Chinese forms              one step further
====================  ==============  =========================  ==================
month                 ``2026-05``     2026年5月                  next month
January–February      ``2026-01..02`` 2026年1-2月                next year's
year to date          ``2026-05ytd``  2026年1-5月                one month longer; after
                                                                 December: January
quarter               ``2026Q2``      2026年二季度               next quarter
half                  ``2026H1``      2026年上半年               next half
year                  ``2026``        2026年                     next year
====================  ==============  =========================  ==================

1-2月 is read as the joined months, because that is how they are published;
the year to date of February is ``2026-02ytd`` or 2026年2月累计.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ballast.errors import InvalidTerm
from ballast.terms.label import Label
from ballast.terms.period_spelling import FIRST_YEAR, LAST_YEAR, PeriodKind, read, spell

__all__ = [
    "Period",
    "PeriodKind",
    "half",
    "joined",
    "month",
    "periods",
    "quarter",
    "whole_year",
    "year_to_date",
]

_PER_YEAR: dict[PeriodKind, int] = {
    PeriodKind.MONTH: 12,
    PeriodKind.JOINED: 1,
    PeriodKind.YEAR_TO_DATE: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.YEAR: 1,
}
_RANK = {kind: rank for rank, kind in enumerate(PeriodKind)}


@dataclass(frozen=True, slots=True)
class Period:
    """A month, joined January–February, year to date, quarter, half or year.

    Periods have one total order: by last day, then by first day, then by
    kind as ``PeriodKind`` lists them. The canonical text does not sort that
    way; sort periods, not their texts.

    Parameters
    ----------
    kind
        Which of the six.
    year
        The calendar year, 1900 to 2199.
    number
        Which of its kind within the year, from 1: the month, the last month
        of a year to date, the quarter, the half; 1 for joined and year.

    Raises
    ------
    InvalidTerm
        If the year or the number is out of range.

    Examples
    --------
    >>> first_quarter = Period.parse("2026年一季度")
    >>> str(first_quarter), str(first_quarter - 1)
    ('2026Q1', '2025Q4')
    >>> to_march = Period.parse("2026-03ytd")
    >>> to_march.span == first_quarter.span, to_march == first_quarter
    (True, False)
    """

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise InvalidTerm(
                "{text}: no year of a period; periods run from {first} to {last}",
                text=self.year,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        most = _PER_YEAR[self.kind]
        if not 1 <= self.number <= most:
            raise InvalidTerm(
                "{number}: periods like {example} are numbered from 1 to {most} in a year",
                number=self.number,
                example=spell(self.kind, self.year, 1),
                most=most,
            )

    @staticmethod
    def parse(text: str) -> Period:
        """Return the period that a form means.

        Parameters
        ----------
        text
            Canonical text, or a spelling of Chinese forms: ``2026年5月``,
            ``2026年1-5月``, ``2026-1-5``, ``2026年5月累计``, ``202605``,
            ``2026/05``, ``2026年一季度``, ``2026年上半年``,
            ``2026年前三季度``. Full-width characters, blanks and letter
            case do not matter. The first day of a month with four-digit
            year, as a spreadsheet makes of a month (``2026-05-01``,
            ``2026/5/1``), is that month.

        Raises
        ------
        InvalidTerm
            If it means none, or could mean two; with what would be right.

        Examples
        --------
        >>> [str(Period.parse(t)) for t in ("2026年1-5月", "2026-1-5", "２０２６年１－２月")]
        ['2026-05ytd', '2026-05ytd', '2026-01..02']
        >>> Period.parse("2026-05-17")
        Traceback (most recent call last):
        ...
        ballast.errors.InvalidTerm: 2026-05-17 is a day, and figures are of a period; write 2026-05
        """
        return Period(*read(text))

    def __str__(self) -> str:
        """Return the canonical text, which the lake stores."""
        return spell(self.kind, self.year, self.number)

    @property
    def label(self) -> Label:
        """How it is written for people; the Chinese parses back to the period."""
        y, n = self.year, self.number
        match self.kind:
            case PeriodKind.MONTH:
                return Label(f"{y}年{n}月", f"{_MONTH_NAMES[n]} {y}")
            case PeriodKind.JOINED:
                return Label(f"{y}年1-2月", f"January–February {y}")
            case PeriodKind.YEAR_TO_DATE:
                zh = f"{y}年{n}月累计" if n <= 2 else f"{y}年1-{n}月"
                return Label(zh, f"{y} to the end of {_MONTH_NAMES[n]}")
            case PeriodKind.QUARTER:
                return Label(f"{y}年{'一二三四'[n - 1]}季度", f"Q{n} {y}")
            case PeriodKind.HALF:
                return Label(
                    f"{y}年{'上下'[n - 1]}半年", f"{('first', 'second')[n - 1]} half of {y}"
                )
            case PeriodKind.YEAR:
                return Label(f"{y}年", f"{y}")

    @property
    def first_month(self) -> int:
        """The number of its first month, 1 to 12."""
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return 1
        return (self.number - 1) * (12 // _PER_YEAR[self.kind]) + 1

    @property
    def last_month(self) -> int:
        """The number of its last month, 1 to 12."""
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return self.number
        if self.kind is PeriodKind.JOINED:
            return 2
        return self.number * (12 // _PER_YEAR[self.kind])

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.first_month, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return date(self.year, self.last_month, monthrange(self.year, self.last_month)[1])

    @property
    def span(self) -> tuple[date, date]:
        """First and last day; periods of different kinds may share it."""
        return self.start, self.end

    @property
    def months(self) -> tuple[Period, ...]:
        """Its months, in order."""
        numbers = range(self.first_month, self.last_month + 1)
        return tuple(Period(PeriodKind.MONTH, self.year, number) for number in numbers)

    def contains(self, other: Period) -> bool:
        """Return whether every day of the other is one of its own.

        Examples
        --------
        >>> Period.parse("2026H1").contains(Period.parse("2026Q2"))
        True
        """
        return self.start <= other.start and other.end <= self.end

    def same_period_last_year(self) -> Period:
        """Return what a year-on-year rate (同比) compares with.

        Examples
        --------
        >>> str(Period.parse("2026-05ytd").same_period_last_year())
        '2025-05ytd'
        """
        return Period(self.kind, self.year - 1, self.number)

    def __add__(self, steps: int) -> Period:
        """Return the period so many steps later in its own kind.

        Examples
        --------
        >>> [str(Period.parse(t) + 1) for t in ("2026-12", "2026-01..02", "2026-12ytd")]
        ['2027-01', '2027-01..02', '2027-01ytd']
        """
        year, index = divmod(self._index + steps, _PER_YEAR[self.kind])
        return Period(self.kind, year, index + 1)

    def __sub__(self, steps: int) -> Period:
        """Return the period so many steps earlier in its own kind."""
        return self + -steps

    def steps_to(self, later: Period) -> int:
        """Return how many steps in its own kind lead to another; negative if it is earlier.

        Raises
        ------
        InvalidTerm
            If the two are of different kinds.

        Examples
        --------
        >>> Period.parse("2025Q4").steps_to(Period.parse("2026Q2"))
        2
        """
        if self.kind is not later.kind:
            raise InvalidTerm(
                "{first} and {last} are of different kinds; give two periods of one kind",
                first=self,
                last=later,
            )
        return later._index - self._index

    def __lt__(self, other: Period) -> bool:
        return self._order < other._order

    def __le__(self, other: Period) -> bool:
        return self._order <= other._order

    def __gt__(self, other: Period) -> bool:
        return self._order > other._order

    def __ge__(self, other: Period) -> bool:
        return self._order >= other._order

    @property
    def _index(self) -> int:
        return self.year * _PER_YEAR[self.kind] + self.number - 1

    @property
    def _order(self) -> tuple[int, int, int, int]:
        return self.year, self.last_month, self.first_month, _RANK[self.kind]


def month(year: int, number: int) -> Period:
    """Return a month."""
    return Period(PeriodKind.MONTH, year, number)


def joined(year: int) -> Period:
    """Return January and February of a year, reported as one."""
    return Period(PeriodKind.JOINED, year)


def year_to_date(year: int, last_month: int) -> Period:
    """Return January up to and with a month."""
    return Period(PeriodKind.YEAR_TO_DATE, year, last_month)


def quarter(year: int, number: int) -> Period:
    """Return a quarter."""
    return Period(PeriodKind.QUARTER, year, number)


def half(year: int, number: int) -> Period:
    """Return a half of a year."""
    return Period(PeriodKind.HALF, year, number)


def whole_year(year: int) -> Period:
    """Return a year."""
    return Period(PeriodKind.YEAR, year)


def periods(first: Period, last: Period) -> Iterator[Period]:
    """Yield every period of one kind from the first to the last, both included.

    Raises
    ------
    InvalidTerm
        If the two are of different kinds.

    Examples
    --------
    >>> [str(p) for p in periods(Period.parse("2025Q4"), Period.parse("2026Q2"))]
    ['2025Q4', '2026Q1', '2026Q2']
    """
    return (first + steps for steps in range(first.steps_to(last) + 1))


_MONTH_NAMES = (
    "", "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
