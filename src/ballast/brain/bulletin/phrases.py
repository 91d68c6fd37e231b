"""How figures and their movement are put in words: with enough digits that an error shows.

A headline has three digits (``words.numbers.written``); a report that others
quote needs more, and one form for each kind of movement, so that what was
written can be read back and checked against the data.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ballast.brain.indicators.growth import Growth
from ballast.terms.label import Label
from ballast.terms.unit import PERCENTAGE_POINTS, Unit
from ballast.words.numbers import Number, scale_for

__all__ = [
    "DASH",
    "amount",
    "counted",
    "direction",
    "joined",
    "moved",
    "moved_on_year",
    "moved_or_dash",
    "percents",
]

_DIGITS = 4
DASH = Label("—", "–")


def amount(value: Number, unit: Unit) -> Label:
    """Return a figure with its unit, four digits at least of what is no whole number.

    Examples
    --------
    >>> from ballast.terms.unit import CNY_1E4, PERCENT
    >>> amount(Decimal("21783591.1219"), CNY_1E4)
    Label(zh='2178.4亿元', en='CNY 217.8 billion')
    >>> amount(4.5775, PERCENT)
    Label(zh='4.58%', en='4.58%')
    """
    return Label(_zh(value, unit), _en(value, unit))


def _zh(value: Number, unit: Unit) -> str:
    scale = scale_for(unit, "zh", value)
    return f"{_number(Decimal(str(value)) / scale.size, unit)}{scale.name}"


def _en(value: Number, unit: Unit) -> str:
    scale = scale_for(unit, "en", value)
    number = _number(Decimal(str(value)) / scale.size, unit, group=True)
    if scale.name.startswith("CNY"):
        size = {"CNY bn": " billion", "CNY m": " million"}.get(scale.name, "")
        return f"CNY {number}{size}"
    if unit.name == "1e4_cny_per_person":  # thousands are what English readers know
        return f"CNY {_number(Decimal(str(value)) * 10, unit)} thousand per person"
    if scale.name in ("%", ""):
        return f"{number}{scale.name}"
    return f"{number} {scale.name}"


def _number(amount: Decimal, unit: Unit, *, group: bool = False) -> str:
    """Return a number rounded half up: whole if it is a count, else to four digits or more."""
    if unit.dimension in ("count", "persons") and amount == amount.to_integral_value():
        places = 0
    else:
        exponent = amount.adjusted() if amount else 0
        places = min(max(_DIGITS - 1 - exponent, 1), 3 if unit.dimension != "ratio" else 2)
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,f}" if group else f"{rounded:f}"


def counted(count: int, zh: str, en: str) -> Label:
    """Return a count of things: 3家, 3 enterprises."""
    return Label(f"{count}{zh}", f"{count:,} {en}")


def percents(fraction: Number, places: int = 1) -> Label:
    """Return a share as a percentage."""
    text = f"{_rounded(Decimal(str(fraction)) * 100, places):f}%"
    return Label(text, text)


def direction(growth: Growth | None, places: int = 1) -> int | None:
    """Return 1 for a rise, −1 for a fall, 0 for what rounds to none, None where it is not known."""
    if growth is None or growth.value is None:
        return None
    rounded = _rounded(Decimal(str(growth.value)), places)
    return (rounded > 0) - (rounded < 0)


def moved(growth: Growth) -> Label:
    """Return how a figure moved, without saying since when: 增长6.3%, up 6.3%.

    A growth that has no value must not come here: its sentence says why instead.
    """
    points = growth.unit is PERCENTAGE_POINTS
    size = _rounded(abs(Decimal(str(growth.value))), 1)
    unit = growth.unit.label
    zh_size = f"{size:f}{unit.zh}"
    en_size = f"{size:f} percentage points" if points else f"{size:f}{unit.en}"
    way = direction(growth)
    if way == 0:
        return Label("持平", "unchanged")
    if way == 1:
        return Label(f"{'提高' if points else '增长'}{zh_size}", f"up {en_size}")
    return Label(f"{'回落' if points else '下降'}{zh_size}", f"down {en_size}")


def moved_on_year(growth: Growth) -> Label:
    """Return how a figure moved on the same period last year: 同比增长6.3%."""
    how = moved(growth)
    if direction(growth) == 0:
        return Label("与上年同期持平", "unchanged on a year before")
    before = "比上年同期" if growth.unit is PERCENTAGE_POINTS else "同比"
    return Label(f"{before}{how.zh}", f"{how.en} on a year before")


def moved_or_dash(growth: Growth | None) -> Label:
    """Return how a figure moved, as a cell of a table: a dash where it is not known."""
    return DASH if growth is None or direction(growth) is None else moved(growth)


def joined(labels: list[Label]) -> Label:
    """Return names in a row: 甲、乙和丙; A, B and C."""
    zh, en = [one.zh for one in labels], [one.text("en") for one in labels]
    return Label(_row(zh, "、", "和"), _row(en, ", ", " and "))


def _row(names: list[str], between: str, last: str) -> str:
    return names[0] if len(names) == 1 else between.join(names[:-1]) + last + names[-1]


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
