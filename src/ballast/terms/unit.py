"""Units of the figures, and money that is never silently rounded.

A unit is a dimension and an exact decimal factor to that dimension's own
unit. Converting is multiplication by a ``Decimal``; what does not fit is
refused, never guessed. The spellings are the ones that stand in the headers
of Chinese statistical forms: 万元, （千元）, 单位：亿元.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact

from ballast.errors import InvalidTerm, UnitMismatch
from ballast.terms.label import Label


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Parameters
    ----------
    name
        The machine name, also the suffix of a column (``1e4_cny``).
    dimension
        Only units of one dimension convert into each other.
    factor
        How many of the dimension's own unit one of this is, exactly.
    label
        As shown to people.
    spellings
        Other ways in which forms write it, lower case.
    """

    name: str
    dimension: str
    factor: Decimal
    label: Label
    spellings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def _unit(name: str, dimension: str, factor: str, zh: str, en: str, *spellings: str) -> Unit:
    return Unit(name, dimension, Decimal(factor), Label(zh, en), spellings)


CNY = _unit("cny", "money_cny", "1", "元", "CNY", "人民币元", "yuan", "rmb")
CNY_1E3 = _unit("1e3_cny", "money_cny", "1e3", "千元", "thousand CNY")
CNY_1E4 = _unit("1e4_cny", "money_cny", "1e4", "万元", "10,000 CNY", "人民币万元", "万人民币")
CNY_1E6 = _unit("1e6_cny", "money_cny", "1e6", "百万元", "million CNY")
CNY_1E8 = _unit("1e8_cny", "money_cny", "1e8", "亿元", "100 million CNY", "人民币亿元")
CNY_1E9 = _unit("1e9_cny", "money_cny", "1e9", "十亿元", "billion CNY")
USD = _unit("usd", "money_usd", "1", "美元", "USD")
USD_1E4 = _unit("1e4_usd", "money_usd", "1e4", "万美元", "10,000 USD")
PERSONS = _unit("persons", "persons", "1", "人", "persons")
PERSONS_1E4 = _unit("1e4_persons", "persons", "1e4", "万人", "10,000 persons")
COUNT = _unit("count", "count", "1", "个", "count", "家", "户", "项", "件", "个数")
FRACTION = _unit("fraction", "ratio", "1", "比值", "fraction")
PERCENT = _unit("percent", "ratio", "0.01", "%", "%", "％", "百分比")
PERCENTAGE_POINTS = _unit("pp", "ratio_difference", "1", "个百分点", "pp", "百分点")
TCE = _unit("tce", "energy", "1", "吨标准煤", "tce", "吨标煤", "tonne of coal equivalent")
TCE_1E4 = _unit("1e4_tce", "energy", "1e4", "万吨标准煤", "10,000 tce", "万吨标煤")
KWH = _unit("kwh", "electricity", "1", "千瓦时", "kWh", "度")
KWH_1E4 = _unit("1e4_kwh", "electricity", "1e4", "万千瓦时", "10,000 kWh", "万度")
MWH = _unit("mwh", "electricity", "1e3", "兆瓦时", "MWh")
TONNES = _unit("tonnes", "mass", "1", "吨", "t")
TONNES_1E4 = _unit("1e4_tonnes", "mass", "1e4", "万吨", "10,000 t")
YEARS = _unit("years", "duration", "1", "年", "years")

UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        CNY, CNY_1E3, CNY_1E4, CNY_1E6, CNY_1E8, CNY_1E9, USD, USD_1E4, PERSONS, PERSONS_1E4,
        COUNT, FRACTION, PERCENT, PERCENTAGE_POINTS, TCE, TCE_1E4, KWH, KWH_1E4, MWH,
        TONNES, TONNES_1E4, YEARS,
    )
}  # fmt: skip

_WRAPPING = re.compile(r"(?:计量单位|单位|unit)?[:]?\(?([^()]*)\)?", re.IGNORECASE)


def _fold(text: str) -> str:
    """Return a spelling without what does not matter: width, blanks, case, brackets, 单位：."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    wrapped = _WRAPPING.fullmatch(folded)
    return folded if wrapped is None else wrapped[1]


_BY_SPELLING: dict[str, Unit] = {
    _fold(spelling): unit
    for unit in UNITS.values()
    for spelling in (unit.name, unit.label.zh, unit.label.en, *unit.spellings)
}


def parse_unit(text: str) -> Unit:
    """Return the unit that a form means.

    Parameters
    ----------
    text
        A name or spelling: ``"万元"``, ``"1e4_cny"``, ``"（千元）"``, ``"单位：亿元"``.

    Raises
    ------
    InvalidTerm
        If nothing is known by that spelling.

    Examples
    --------
    >>> parse_unit("亿元").name, parse_unit("单位：（千元）").name
    ('1e8_cny', '1e3_cny')
    """
    found = _BY_SPELLING.get(_fold(text))
    if found is None:
        raise InvalidTerm(
            "{text}: no known unit; write one of {known}",
            text=text,
            known=", ".join(sorted({unit.label.zh for unit in UNITS.values()})),
        )
    return found


# The default context rounds to 28 digits without a word; factors are powers of ten, so with
# room enough nothing is rounded, and if something were it would be an error.
_EXACT = Context(prec=400, traps=[Inexact])


def ratio(source: Unit, target: Unit) -> Decimal:
    """Return how many of ``target`` one of ``source`` is, exactly.

    Raises
    ------
    UnitMismatch
        If the two do not share a dimension.

    Examples
    --------
    >>> ratio(CNY_1E8, CNY_1E4)
    Decimal('10000')
    """
    if source.dimension != target.dimension:
        raise UnitMismatch(
            "{source} cannot be converted into {target}: give the figure in {target}",
            source=source.label.zh,
            target=target.label.zh,
        )
    return Decimal(f"{_EXACT.divide(source.factor, target.factor):f}")


def convert(amount: Decimal, source: Unit, target: Unit) -> Decimal:
    """Return an amount in another unit, exactly.

    Examples
    --------
    >>> convert(Decimal("1.5"), CNY_1E8, CNY_1E4)
    Decimal('15000.0')
    """
    return _EXACT.multiply(amount, ratio(source, target))
