"""The months that the sample covers, grouped as the monthly forms report them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ballast.errors import InvalidTerm
from ballast.terms.period import Period, PeriodKind, joined, month, whole_year

__all__ = ["DEFAULT_LAST_MONTH", "MONTHS", "SEED", "Calendar", "Slot"]

MONTHS = 60
SEED = 20260601
DEFAULT_LAST_MONTH = month(2026, 5)


@dataclass(frozen=True, slots=True)
class Slot:
    """One reporting period: its text, and where its months stand in a year of twelve."""

    period: Period
    year: int
    first: int  # index of its first month in the year, from 0
    after: int  # index after its last month


@dataclass(frozen=True, slots=True)
class Calendar:
    """The reporting periods of 60 months, and the years around them.

    Parameters
    ----------
    last_month
        The newest month that has been reported.

    Examples
    --------
    >>> calendar = Calendar(month(2026, 5))
    >>> [str(slot.period) for slot in calendar.slots][-5:]
    ['2025-12', '2026-01..02', '2026-03', '2026-04', '2026-05']
    >>> len(calendar.slots), calendar.base, calendar.full_years
    (55, 2025, (2022, 2023, 2024, 2025))
    """

    last_month: Period

    def __post_init__(self) -> None:
        if self.last_month.kind is not PeriodKind.MONTH or self.last_month.last_month == 1:
            raise InvalidTerm(
                "{period}: the sample ends with a month from February to December; write 2026-05",
                period=self.last_month,
            )

    @property
    def base(self) -> int:
        """The last full year: the one whose totals the sample is drawn to."""
        whole = self.last_month.last_month == 12
        return self.last_month.year if whole else self.last_month.year - 1

    @property
    def years(self) -> tuple[int, ...]:
        """The years that revenue is drawn for: five before the base year to one after it."""
        return tuple(range(self.base - 5, self.base + 2))

    @property
    def first_year(self) -> int:
        """The year of the first month covered."""
        return (self.last_month - (MONTHS - 1)).year

    @property
    def full_years(self) -> tuple[int, ...]:
        """The years of which all twelve months are covered."""
        whole = (self.last_month - (MONTHS - 1)).first_month == 1
        return tuple(range(self.first_year + (0 if whole else 1), self.base + 1))

    @property
    def end(self) -> date:
        """The last day covered."""
        return self.last_month.end

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The reporting periods in order, January with February."""
        found = []
        for back in range(MONTHS - 1, -1, -1):
            one = self.last_month - back
            number = one.first_month
            if number == 2:
                found.append(Slot(joined(one.year), one.year, 0, 2))
            elif number > 2:
                found.append(Slot(one, one.year, number - 1, number))
        return tuple(found)

    def year_texts(self) -> dict[int, str]:
        """Return the canonical text of each year that revenue is drawn for."""
        return {year: str(whole_year(year)) for year in self.years}
