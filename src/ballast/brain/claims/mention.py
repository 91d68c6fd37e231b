"""A number in a text with its unit and its bound, before it is known what it is a figure of.

Chinese and English write numbers too differently for one pattern; what both
find is this, and everything behind reads nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.brain.claims.statement import Amount, Bound
from ballast.terms.label import Label
from ballast.terms.unit import (
    CNY,
    CNY_1E4,
    CNY_1E6,
    CNY_1E8,
    CNY_1E9,
    COUNT,
    KWH,
    KWH_1E4,
    PERCENT,
    PERCENTAGE_POINTS,
    PERSONS,
    PERSONS_1E4,
    TCE,
    TCE_1E4,
    TCO2,
    TONNES,
    TONNES_1E4,
    USD,
    USD_1E4,
    Unit,
)

__all__ = ["PER_PERSON", "PLACES", "TIMES", "Form", "Mention", "scaled"]

TIMES = Unit("times", "multiple", Decimal(1), Label("倍", "times"))
PLACES = Unit("place", "place", Decimal(1), Label("位", "places"))
_ENERGY = Unit("tce_per_1e4_cny", "energy_per_money", Decimal(1), Label("吨标准煤/万元", ""))
_CARBON = Unit("tco2_per_1e4_cny", "carbon_per_money", Decimal(1), Label("吨二氧化碳/万元", ""))
_CNY_PER_PERSON = Unit("cny_per_person", "money_per_person", Decimal("1e-4"), Label("元/人", ""))
PER_PERSON = Unit("1e4_cny_per_person", "money_per_person", Decimal(1), Label("万元/人", ""))
# Of each dimension the units in which figures are said, the largest first.
_FAMILIES: dict[str, tuple[Unit, ...]] = {
    "cny": (CNY_1E8, CNY_1E4, CNY),
    "cny_en": (CNY_1E9, CNY_1E6, CNY),
    "usd": (USD_1E4, USD),
    "persons": (PERSONS_1E4, PERSONS),
    "kwh": (KWH_1E4, KWH),
    "tce": (TCE_1E4, TCE),
    "tonnes": (TONNES_1E4, TONNES),
    "tco2": (TCO2,),
    "count": (COUNT,),
    "percent": (PERCENT,),
    "points": (PERCENTAGE_POINTS,),
    "times": (TIMES,),
    "place": (PLACES,),
    "energy_per_money": (_ENERGY,),
    "carbon_per_money": (_CARBON,),
    "per_person": (PER_PERSON, _CNY_PER_PERSON),
}


class Form(StrEnum):
    """What sort of number it is."""

    AMOUNT = "amount"  # money, persons, energy, a count
    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    GROWTH = "growth"  # says by itself that something grew: 翻番, doubled, 持平
    PLACE = "place"  # a rank
    RISING = "rising"  # in how many places something rose, of how many
    PLACES = "places"  # a rank's change
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Mention:
    """One number.

    Parameters
    ----------
    start, end
        Where it stands in the mended text, bounds and unit included.
    form, amount
        What it is.
    listing
        Of a list: its name.
    """

    start: int
    end: int
    form: Form
    amount: Amount
    listing: str | None = None


def scaled(
    family: str, low: Decimal, high: Decimal | None, step: Decimal, bound: Bound, words: str
) -> Amount:
    """Return an amount in the largest unit of its family that it reaches.

    Parameters
    ----------
    family
        ``cny``, ``persons`` …; anything else is no unit of ours and stays as it is.
    low, high, step
        In ones: 1.2e9 for 12亿元.
    bound, words
        As written.

    Examples
    --------
    >>> found = scaled("cny", Decimal("1.25e9"), None, Decimal("1e7"), Bound.EXACT, "亿元")
    >>> str(found.low), found.unit.name, str(found.step)
    ('12.5', '1e8_cny', '0.1')
    """
    units = _FAMILIES.get(family)
    if units is None:
        return Amount(low, high, bound, None, words, step)
    least = _FAMILIES[family][-1]
    reached = [u for u in units if abs(low) * least.factor >= u.factor] or [least]
    unit = reached[0]
    worth = unit.factor / least.factor
    return Amount(
        _plain(low / worth), None if high is None else _plain(high / worth), bound, unit, words,
        _plain(step / worth),
    )  # fmt: skip


def _plain(value: Decimal) -> Decimal:
    return Decimal(f"{value.normalize():f}")
