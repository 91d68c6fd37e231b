"""What may be made of published cells: shares, growth, contributions, classes of size.

Each is computed of published levels alone, so it tells nothing that they do
not tell already; where a level is withheld, so is all that would need it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ballast.brain.indicators.answer import Status, Value
from ballast.brain.tiers import HUNDRED_BILLION_1E4_CNY, TEN_BILLION_1E4_CNY, TIER_LABELS, Tier
from ballast.terms.label import Label
from ballast.words.numbers import Absence, Number

__all__ = [
    "Cells",
    "absence_of",
    "amount",
    "codes_of",
    "contribution",
    "count",
    "growth",
    "growth_absence",
    "ratio",
    "tier_label",
]

Cells = Mapping[tuple[str, str], Value]
"""Values by indicator and by the code of their cell; of the whole the empty code."""

_ABSENCES = {
    Status.SUPPRESSED: Absence.SUPPRESSED,
    Status.UNDEFINED: Absence.UNDEFINED,
    Status.MISSING: Absence.NO_DATA,
}


def codes_of(cells: Cells, key: str) -> list[str]:
    """Return the codes of the cells that an indicator has, withheld ones too."""
    return sorted(code for what, code in cells if what == key)


def amount(cells: Cells, code: str, key: str = "output") -> Number | None:
    """Return a published value, or ``None``."""
    value = cells.get((key, code))
    return None if value is None or value.status is not Status.PUBLISHED else value.value


def count(cells: Cells, code: str) -> int | None:
    """Return how many enterprises a cell rests on, where that is published."""
    value = amount(cells, code, "enterprises")
    return None if value is None else int(value)


def absence_of(value: Value) -> Absence | None:
    """Return why a value is not there; ``None`` where it is."""
    return _ABSENCES.get(value.status)


def growth_absence(now: Cells, base: Cells, which: tuple[str, str]) -> Absence | None:
    """Return why two levels have no growth, where one of them is withheld."""
    held = (cells[which] for cells in (now, base) if which in cells)
    withheld = any(value.status is Status.SUPPRESSED for value in held)
    return Absence.SUPPRESSED if withheld else None


def ratio(part: Number | None, whole: Number | None) -> float | None:
    """Return a part of a whole; ``None`` where one is withheld or the whole is not positive.

    Examples
    --------
    >>> ratio(1, 4), ratio(None, 4), ratio(1, 0)
    (0.25, None, None)
    """
    return None if part is None or whole is None or whole <= 0 else float(part) / float(whole)


def growth(now: Number | None, base: Number | None) -> float | None:
    """Return the change in percent; from nothing, from a loss and from what is withheld, none.

    Examples
    --------
    >>> growth(110, 100), growth(110, -100), growth(None, 100)
    (10.000000000000009, None, None)
    """
    share = ratio(now, base)
    return None if share is None else (share - 1) * 100


def contribution(now: Number | None, base: Number | None, whole: Number | None) -> float | None:
    """Return the percentage points of the growth of a whole's base that a change makes.

    Examples
    --------
    >>> contribution(60, 50, 200)
    5.0
    """
    if now is None or base is None:
        return None
    share = ratio(float(now) - float(base), whole)
    return None if share is None else share * 100


def tier_label(revenue: Number | None) -> Label | None:
    """Return the class of size of a year's revenue in 1e4 CNY; none below the lowest.

    Examples
    --------
    >>> tier_label(1_000_000).en, tier_label(999_999) is None
    ('10-billion class', True)
    """
    if revenue is None or revenue < TEN_BILLION_1E4_CNY:
        return None
    large = revenue >= HUNDRED_BILLION_1E4_CNY
    return TIER_LABELS[Tier.HUNDRED_BILLION if large else Tier.TEN_BILLION]
