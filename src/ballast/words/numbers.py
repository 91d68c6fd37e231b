"""How a number is written for people, in Chinese and in English.

One place, because the same figure appears in the terminal, on a page and in a
picture, and must read the same in all three. Python's own formatting is not
used on floats: three significant digits of 0.1 + 0.2 are a matter of decimal
rounding, and what reaches a reader is rounded half up, as statistics are.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.terms.unit import Unit

__all__ = [
    "Absence",
    "Number",
    "Scale",
    "Written",
    "exact",
    "exact_scale",
    "fixed",
    "grouped",
    "movement",
    "percent",
    "scale_for",
    "significant",
    "written",
]

Number = Decimal | int | float

NARROW_SPACE = "\u202f"
UNBROKEN = "\u00a0"
MINUS = "\u2212"
DIGITS = 3


class Absence(StrEnum):
    """Why there is no number where one is asked for."""

    NO_DATA = "no-data"  # nobody has loaded what it rests on
    UNDEFINED = "undefined"  # it does not exist for these data, such as a ratio to zero
    SUPPRESSED = "suppressed"  # it exists and would disclose what one enterprise reported

    @property
    def label(self) -> Label:
        """The word that stands in the number's place."""
        return _ABSENT[self]


_ABSENT = {
    Absence.NO_DATA: Label("无数据", "no data"),
    Absence.UNDEFINED: Label("无定义", "undefined"),
    Absence.SUPPRESSED: Label("不予公布", "suppressed"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit as people read it: its name, and how many of the figure's own unit it is."""

    name: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Written:
    """A number and its unit, ready to be shown apart or together.

    Examples
    --------
    >>> str(Written("51.2", "亿元")), str(Written("5.12", "CNY bn")), str(Written("3", "%"))
    ('51.2亿元', 'CNY 5.12 bn', '3%')
    """

    number: str
    unit: str

    def __str__(self) -> str:
        currency, _, size = self.unit.partition(" ")
        if currency == "CNY":  # stands before the amount, as in English prose
            return f"CNY {self.number} {size}".rstrip()
        close = not self.unit or self.unit[0] == "%" or ord(self.unit[0]) > 0x2E7F
        return f"{self.number}{'' if close else ' '}{self.unit}"


_ZH_MONEY = (("亿元", "1e8"), ("万元", "1e4"), ("元", "1"))
_EN_MONEY = (("CNY bn", "1e9"), ("CNY m", "1e6"), ("CNY", "1"))
_SCALES: dict[tuple[str, Language], tuple[tuple[str, str], ...]] = {
    ("money_cny", "zh"): _ZH_MONEY,
    ("money_cny", "en"): _EN_MONEY,
    ("persons", "zh"): (("万人", "1e4"), ("人", "1")),
    ("persons", "en"): (("thousand persons", "1e3"), ("persons", "1")),
    ("electricity", "zh"): (("亿千瓦时", "1e8"), ("万千瓦时", "1e4"), ("千瓦时", "1")),
    ("electricity", "en"): (("GWh", "1e6"), ("MWh", "1e3"), ("kWh", "1")),
    ("carbon", "zh"): (("万吨二氧化碳", "1e7"), ("吨二氧化碳", "1e3")),
    ("carbon", "en"): (("thousand tCO2", "1e6"), ("tCO2", "1e3")),
    ("energy", "zh"): (("万吨标准煤", "1e4"), ("吨标准煤", "1")),
    ("energy", "en"): (("thousand tce", "1e3"), ("tce", "1")),
}
_EXACT: dict[tuple[str, Language], tuple[str, str]] = {
    # The largest power of ten in which an English table still holds a yuan exactly in the
    # decimals that the lake keeps, and that an English reader knows.
    ("money_cny", "en"): ("CNY m", "1e6"),
    ("persons", "en"): ("persons", "1"),
    ("persons", "zh"): ("人", "1"),
}


def scale_for(unit: Unit, language: Language, largest: Number) -> Scale:
    """Return the unit in which figures up to a size are best read.

    Parameters
    ----------
    unit
        Of the figures.
    language
        Decides between 亿元 and CNY bn.
    largest
        The largest figure that will stand beside the others.

    Examples
    --------
    >>> scale_for(units.CNY_1E4, "zh", 5_120_000)
    Scale(name='亿元', size=Decimal('10000'))
    >>> scale_for(units.CNY_1E4, "en", 5_120_000).name
    'CNY bn'
    """
    if unit.dimension == "count":
        return Scale(unit.label.zh if language == "zh" else "", Decimal(1))
    choices = _SCALES.get((unit.dimension, language))
    if choices is None:
        name = "" if unit is units.FRACTION else unit.label.text(language)
        return Scale(name, Decimal(1))
    amount = abs(_decimal(largest)) * unit.factor
    for name, size in choices:
        # A tenth of the larger unit reads better than hundreds of the smaller: 0.25 bn.
        if amount >= Decimal(size) * (Decimal("0.1") if language == "en" else 1):
            return Scale(name, _plain(Decimal(size) / unit.factor))
    name, size = choices[-1]
    return Scale(name, _plain(Decimal(size) / unit.factor))


def exact_scale(unit: Unit, language: Language) -> Scale:
    """Return the unit of full-precision tables: the figure's own, in English a known multiple.

    Examples
    --------
    >>> exact_scale(units.CNY_1E4, "zh").name, exact_scale(units.CNY_1E4, "en").name
    ('万元', 'CNY m')
    """
    if (known := _EXACT.get((unit.dimension, language))) is not None:
        return Scale(known[0], _plain(Decimal(known[1]) / unit.factor))
    if unit.dimension == "count":
        return Scale(unit.label.zh if language == "zh" else "", Decimal(1))
    return Scale("" if unit is units.FRACTION else unit.label.text(language), Decimal(1))


def written(
    value: Number,
    unit: Unit,
    language: Language,
    *,
    scale: Scale | None = None,
    noun: Label | None = None,
) -> Written:
    """Return a number as a headline shows it: three significant digits, a unit people use.

    Parameters
    ----------
    value, unit
        The figure.
    language
        In which it is read.
    scale
        The unit to write it in, where several figures share one.
    noun
        What is counted, in place of a bare 个: 家, 个行业.

    Examples
    --------
    >>> str(written(Decimal("51234567.89"), units.CNY_1E4, "zh"))
    '5123亿元'
    >>> str(written(Decimal("123456.789"), units.CNY_1E4, "en"))
    'CNY 1.23 bn'
    >>> str(written(2013, units.COUNT, "zh", noun=Label("家", "")))
    '2013家'
    """
    chosen = scale or scale_for(unit, language, value)
    name = chosen.name if noun is None else (noun.zh if language == "zh" else noun.en)
    amount = _decimal(value) / chosen.size
    return Written(
        grouped(amount if _is_whole(value, unit) else significant(amount), language), name
    )


def exact(value: Number, unit: Unit, language: Language) -> Written:
    """Return a number with all its digits, for the tables behind charts.

    Binary floating point has no last digit of its own; six decimals are kept.

    Examples
    --------
    >>> exact(Decimal("123456.7890"), units.CNY_1E4, "zh").number
    '123456.789'
    >>> exact(Decimal("123456.7890"), units.CNY_1E4, "en").number.replace(NARROW_SPACE, " ")
    '1 234.56789'
    """
    scale = exact_scale(unit, language)
    amount = _decimal(value) / scale.size
    if isinstance(value, float):
        amount = amount.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return Written(grouped(_plain(amount), language), scale.name)


def significant(amount: Decimal, digits: int = DIGITS) -> Decimal:
    """Return a number rounded to significant digits, its whole part never rounded away.

    3,456.7 stays 3457: to write 3460 would look exact and be wrong.

    Examples
    --------
    >>> [str(significant(Decimal(x))) for x in ("3456.7", "34.567", "0.034567", "0")]
    ['3457', '34.6', '0.0346', '0.00']
    """
    exponent = amount.adjusted() if amount else 0
    places = max(0, digits - 1 - exponent)
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded and rounded.adjusted() > exponent and places:  # 9.996 → 10.00 → 10.0
        rounded = rounded.quantize(Decimal(1).scaleb(1 - places), ROUND_HALF_UP)
    return rounded


def fixed(value: Number, places: int, language: Language) -> str:
    """Return a number with a fixed number of decimals, rounded half up.

    Examples
    --------
    >>> fixed(1234.565, 2, "en").replace(NARROW_SPACE, " "), fixed(-0.001, 2, "zh")
    ('1 234.57', '0.00')
    """
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return grouped(rounded, language)


def percent(fraction: Number, *, places: int = 1) -> str:
    """Return a fraction as a percentage with a fixed number of decimals.

    Examples
    --------
    >>> percent(0.2135), percent(-0.0004)
    ('21.4%', '0.0%')
    """
    return _signless(_decimal(fraction) * 100, places) + "%"


def movement(
    change: Number, unit: Unit, language: Language, *, places: int = 1, bare: bool = False
) -> str:
    """Return a rise or a fall with arrow and sign, never by colour alone.

    Parameters
    ----------
    change
        In percent or percentage points.
    unit
        ``PERCENT`` or ``PERCENTAGE_POINTS``.
    language
        In which it is read.
    places
        Decimals.
    bare
        Without the unit, where a caption names it.

    Examples
    --------
    >>> print(movement(5.25, units.PERCENT, "zh"), movement(0.01, units.PERCENT, "en"))
    ↑ +5.3% → 0.0%
    >>> print(movement(-0.42, units.PERCENTAGE_POINTS, "en"))
    ↓ −0.4 pp
    """
    rounded = _decimal(change).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    arrow, sign = ("→", "") if not rounded else ("↑", "+") if rounded > 0 else ("↓", MINUS)
    name = "" if bare else unit.label.text(language)
    return f"{arrow}{UNBROKEN}{Written(f'{sign}{abs(rounded)}', name)}"


def grouped(amount: Decimal, language: Language) -> str:
    """Return a decimal as text: thin spaces at thousands in English, none in Chinese.

    Examples
    --------
    >>> grouped(Decimal("-1234567.5"), "zh")
    '−1234567.5'
    >>> grouped(Decimal("1234567.5"), "en").replace(NARROW_SPACE, " ")
    '1 234 567.5'
    """
    text = f"{abs(amount):f}" if language == "zh" else f"{abs(amount):,f}"
    return (MINUS if amount < 0 else "") + text.replace(",", NARROW_SPACE)


def _signless(amount: Decimal, places: int) -> str:
    return fixed(amount, places, "zh")


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(amount: Decimal) -> Decimal:
    """Return the same number without trailing zeros and without an exponent."""
    return Decimal(f"{amount.normalize():f}")


def _is_whole(value: Number, unit: Unit) -> bool:
    return unit.dimension == "count" and value == int(value)
