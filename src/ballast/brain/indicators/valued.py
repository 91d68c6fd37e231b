"""What a row of sums says: a value, or that there is none and why.

Here and nowhere else a missing figure, a ratio to nothing and a count of none
are told apart, so that no caller can hush one into the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.declared import How, Indicator, Measure
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.tiers import (
    HUNDRED_BILLION_1E4_CNY,
    TEN_BILLION_1E4_CNY,
    TIER_LABELS,
    Tier,
)
from ballast.terms.period import Period
from ballast.words import Sentence, pack

__all__ = ["Cell", "Row", "nobody", "nothing", "value_of"]

Row = Mapping[str, Any]
Cell = tuple[str, ...]


def value_of(
    one: Indicator,
    question: Question,
    wanted: Period,
    cell: Cell,
    row: Row,
    expected: Mapping[Cell, int] | None,
) -> Value:
    """Return the value that a row of sums makes.

    Parameters
    ----------
    one, question, wanted
        The indicator, what was asked, and the period after its form.
    cell
        The codes of the cell, in the order of the cut.
    row
        What `compile.expression` gives for the cell; empty where it has none.
    expected
        How many enterprises should have reported, by cell; ``None``: nobody knows.
    """
    above, below = _amount(row.get("numerator")), _amount(row.get("denominator"))
    if above is None and _counts(one):
        above = Decimal(0)  # the table is there, and nothing of it lies in the cell
    where = dict(zip(question.by, cell, strict=True))
    base = Value(
        indicator=one.key,
        cell=where,
        period=wanted,
        value=None,
        numerator=above,
        denominator=below,
        status=Status.MISSING,
        reporting=row.get("reporting") or 0,
        expected=None if expected is None else expected.get(cell, 0),
        incomplete=row.get("incomplete") or 0,
    )
    needs_both = one.measure in (Measure.RATIO, Measure.CONCENTRATION)
    if above is None or (needs_both and below is None) or not _anybody(one, row):
        return replace(base, numerator=None, denominator=None, reason=nobody(wanted))
    if not needs_both:
        return _plain(one, base, above)
    if below is None or below <= 0:
        reason = pack(
            [
                Sentence(
                    "the denominator is {value}: a ratio to nothing, or to a loss, does not exist",
                    {"value": f"{float(below or 0):g}"},
                )
            ]
        )
        return replace(base, status=Status.UNDEFINED, reason=reason)
    return replace(base, status=Status.PUBLISHED, value=_over(above, below) * float(one.scale))


def _plain(one: Indicator, base: Value, amount: Decimal | float) -> Value:
    if one.measure is Measure.TIER:
        tier, least = _tier(amount)
        return replace(base, status=Status.PUBLISHED, value=least, name=TIER_LABELS[tier])
    return replace(base, status=Status.PUBLISHED, value=amount)


def _tier(revenue_1e4_cny: Decimal | float) -> tuple[Tier, Decimal]:
    """Return the class of size, and its lower bound in 1e8 CNY."""
    # To the yuan, as `tiers.tier` does.
    revenue = round(float(revenue_1e4_cny), 4)
    if revenue >= HUNDRED_BILLION_1E4_CNY:
        return Tier.HUNDRED_BILLION, Decimal(HUNDRED_BILLION_1E4_CNY) / 10_000
    if revenue >= TEN_BILLION_1E4_CNY:
        return Tier.TEN_BILLION, Decimal(TEN_BILLION_1E4_CNY) / 10_000
    return Tier.BELOW, Decimal(0)


def _counts(one: Indicator) -> bool:
    """Return whether nothing in a table that is there means zero rather than not reported."""
    return one.numerator.table in ("title", "plant_daily", "handle_daily", "project")


def _anybody(one: Indicator, row: Row) -> bool:
    """Return whether a count of what is present rests on anybody who reported at all."""
    if one.numerator.how is not How.DISTINCT or _counts(one):
        return True
    return bool(row.get("reporting"))


def _amount(value: object) -> Decimal | float | None:
    if value is None or isinstance(value, (Decimal, float)):
        return value
    return Decimal(str(value))


def _over(above: Decimal | float, below: Decimal | float) -> float:
    if isinstance(above, Decimal) and isinstance(below, Decimal):
        return float(above / below)
    return float(above) / float(below)


def nothing(
    one: Indicator, wanted: Period, cell: Mapping[Dimension, str], reason: str | None
) -> Value:
    """Return a value that is not there."""
    return Value(
        indicator=one.key,
        cell=cell,
        period=wanted,
        value=None,
        status=Status.MISSING,
        reason=reason,
        reporting=0,
    )


def nobody(wanted: Period) -> str | None:
    """Return the reason of a cell in which nobody reported."""
    return pack([Sentence("nobody here reported it for {period}", {"period": wanted.label})])
