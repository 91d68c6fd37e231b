"""How a figure moved: its growth, named after what it is the growth of, from when to when.

Two growths of the same indicator are both true. The published one compares the
levels that were published; the comparable one (同口径) compares the enterprises
that were above scale in both periods. A bare number called growth would hide
which of them it is, so none leaves this module: each carries its basis, its two
periods, its two levels and, where it does not exist, the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ballast.brain.indicators.declared import Comparison
from ballast.brain.indicators.ranks import known
from ballast.errors import Refused
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS, Unit
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = ["BASIS_LABELS", "Basis", "Growth", "YearlyGrowth", "grown", "yearly_growth"]


class Basis(StrEnum):
    """What a growth is the growth of."""

    PUBLISHED = "published"
    COMPARABLE = "comparable"


BASIS_LABELS = {
    Basis.PUBLISHED: Label("按公布数", "of the published levels"),
    Basis.COMPARABLE: Label("同口径", "on the comparable sample"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How a figure differs from an earlier one.

    Parameters
    ----------
    basis
        Of which levels.
    value
        In ``unit``; ``None`` where ``reason`` says why.
    unit
        Percent; percentage points for the difference of two percentages; else the figure's own.
    base, end
        The two periods.
    base_value, end_value
        The two levels that are compared: on the comparable sample they are its sums.
    enterprises
        How many enterprises the comparable sample holds.
    """

    basis: Basis
    value: float | None
    unit: Unit
    base: Period
    end: Period
    base_value: Number | None = None
    end_value: Number | None = None
    enterprises: int | None = None
    reason: Sentence | None = None


def grown(
    base_value: Number | None,
    end_value: Number | None,
    *,
    base: Period,
    end: Period,
    comparison: Comparison,
    unit: Unit,
    basis: Basis = Basis.PUBLISHED,
) -> Growth:
    """Return how a figure differs from an earlier one, by the rule its indicator declares.

    Parameters
    ----------
    base_value, end_value
        The two levels, in ``unit``.
    base, end
        Their periods, of one kind.
    comparison
        Growth in percent, points between percentages, or a plain difference.
    unit
        Of the levels.
    basis
        What to call it.

    Returns
    -------
    Growth
        GROWTH: (x1 / x0 − 1) × 100 in percent, undefined from nothing or from a loss;
        POINTS: x1 − x0 in percentage points; DIFFERENCE: x1 − x0 in ``unit``.

    Raises
    ------
    InvalidTerm
        If the periods are of different kinds: a quarter is not compared with a year to date.

    Examples
    --------
    >>> from ballast.terms.unit import CNY_1E4
    >>> def of(base, end):
    ...     return grown(base, end, base=Period.parse("2025-05ytd"), unit=CNY_1E4,
    ...                  end=Period.parse("2026-05ytd"), comparison=Comparison.GROWTH)
    >>> of(80, 100).value, of(80, 100).unit.label.en
    (25.0, '%')
    >>> print(of(-5, 1).reason.text("en"))
    the base of 2025-05ytd is -5: there is no rate of growth from nothing or from a loss
    """
    base.steps_to(end)
    shown = {
        Comparison.GROWTH: PERCENT,
        Comparison.POINTS: PERCENTAGE_POINTS,
        Comparison.DIFFERENCE: unit,
    }[comparison]

    def found(value: float | None, reason: Sentence | None = None) -> Growth:
        return Growth(
            basis=basis, value=value, unit=shown, base=base, end=end, base_value=base_value,
            end_value=end_value, reason=reason,
        )  # fmt: skip

    for level, period in ((end_value, end), (base_value, base)):
        if level is None or not known(level):
            return found(None, Sentence("there is no figure of {period}", {"period": str(period)}))
    if base_value is None or end_value is None:
        raise ValueError("both levels are known here")
    if comparison is not Comparison.GROWTH:
        return found(float(end_value) - float(base_value))
    if base_value <= 0:
        said = {"period": str(base), "value": base_value}
        return found(None, Sentence(
            "the base of {period} is {value}: there is no rate of growth from nothing or from a "
            "loss", said,
        ))  # fmt: skip
    return found((float(end_value) - float(base_value)) / float(base_value) * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyGrowth:
    """A compound annual growth rate (年均增速), with the years between which it holds.

    Parameters
    ----------
    value
        Percent a year; ``None`` where ``reason`` says why.
    base, end
        The two periods; nothing between them counts.
    years
        How many years lie between.
    """

    value: float | None
    base: Period
    end: Period
    years: int
    base_value: Number | None = None
    end_value: Number | None = None
    reason: Sentence | None = None

    @property
    def label(self) -> Label:
        """What it is, so that it is never quoted without its years."""
        return Label(
            f"{self.base.label.zh}至{self.end.label.zh}年均增速",
            f"compound annual growth from {self.base.label.en} to {self.end.label.en}",
        )


def yearly_growth(
    base_value: Number | None, end_value: Number | None, *, base: Period, end: Period
) -> YearlyGrowth:
    """Return the compound annual growth rate between two periods of the same part of the year.

    Parameters
    ----------
    base_value, end_value
        The two levels, in one unit.
    base, end
        Two years, or the same month, quarter or year to date of two years; the base is earlier.

    Returns
    -------
    YearlyGrowth
        ((x1 / x0)^(1 / n) − 1) × 100 with n whole years between. Undefined where the base is zero
        or negative, where the end is negative, or where one of the two is not known.

    Raises
    ------
    Refused
        If the periods are not whole years apart, or the base is not the earlier.

    Examples
    --------
    >>> found = yearly_growth(100, 121, base=Period.parse("2023"), end=Period.parse("2025"))
    >>> round(found.value, 9), found.years, found.label.zh
    (10.0, 2, '2023年至2025年年均增速')
    """
    years = end.year - base.year
    if (base.kind, base.number) != (end.kind, end.number) or years < 1:
        raise Refused(
            "from {base} to {end}: annual growth needs the same part of the year in two years, "
            "the earlier first, such as 2021 and 2025",
            base=base,
            end=end,
        )

    def found(value: float | None, reason: Sentence | None = None) -> YearlyGrowth:
        return YearlyGrowth(
            value=value, base=base, end=end, years=years, base_value=base_value,
            end_value=end_value, reason=reason,
        )  # fmt: skip

    for level, period in ((end_value, end), (base_value, base)):
        if level is None or not known(level):
            return found(None, Sentence("there is no figure of {period}", {"period": str(period)}))
    first, last = float(base_value or 0), float(end_value or 0)
    for bad, level, period in ((first <= 0, first, base), (last < 0, last, end)):
        if bad:
            said = {"period": str(period), "value": level}
            return found(
                None,
                Sentence("{period} is {value}: no rate a year leads from there to there", said),
            )
    if last == 0:
        return found(-100.0)
    # Near no change, log1p keeps the digits of the rate; far from it, the change has lost the end.
    change = (last - first) / first
    steps = math.log1p(change) if abs(change) < 0.5 else math.log(last) - math.log(first)
    return found(math.expm1(steps / years) * 100)
