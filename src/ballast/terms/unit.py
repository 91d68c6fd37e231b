"""Units of the figures, and money that is never silently rounded.

A unit is a dimension and an exact decimal factor to that dimension's own
unit. Converting is multiplication by a ``Decimal``; what does not fit is
refused, never guessed. The spellings are the ones that stand in the headers
of Chinese statistical forms: 万元, （千元）, 单位：亿元.

What machines measure (`MEASURED`) is read by `parse_measured` alone: its symbols
are single letters whose case counts (mV is no MV, s no S), and in the header of
a form 指标（A） must not become amperes.
"""

from __future__ import annotations

import difflib
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
DAYS = _unit("days", "days", "1", "天", "days", "日")
POINTS = _unit("points", "points", "1", "分", "points")
KVARH = _unit("kvarh", "reactive_electricity", "1", "千乏时", "kVArh")
KW = _unit("kw", "power", "1", "千瓦", "kW")
KVA = _unit("kva", "apparent_power", "1", "千伏安", "kVA")
SECONDS = _unit("s", "time", "1", "秒", "s")
KGCO2 = _unit("kgco2", "carbon", "1", "千克二氧化碳", "kgCO2")
TCO2 = _unit("tco2", "carbon", "1e3", "吨二氧化碳", "tCO2")
ONE = _unit("one", "none", "1", "无量纲", "1", "-", "无单位")

UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        CNY, CNY_1E3, CNY_1E4, CNY_1E6, CNY_1E8, CNY_1E9, USD, USD_1E4, PERSONS, PERSONS_1E4,
        COUNT, FRACTION, PERCENT, PERCENTAGE_POINTS, TCE, TCE_1E4, KWH, KWH_1E4, MWH,
        TONNES, TONNES_1E4, YEARS, DAYS, POINTS,
    )
}  # fmt: skip

# What machines measure. Temperatures in °C and K differ by an offset: they do not convert.
MEASURED: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        # 分 is minutes where machines speak, and they give no points.
        *(one for one in UNITS.values() if one is not POINTS),
        KVARH, KW, KVA, SECONDS, KGCO2, TCO2, ONE,
        _unit("celsius", "temperature_celsius", "1", "摄氏度", "°C", "℃", "degC"),
        _unit("kelvin", "temperature_kelvin", "1", "开尔文", "K"),
        _unit("ms", "time", "1e-3", "毫秒", "ms"),
        _unit("min", "time", "60", "分钟", "min", "分"),
        _unit("h", "time", "3600", "小时", "h", "时"),
        _unit("pa", "pressure", "1", "帕", "Pa"),
        _unit("hpa", "pressure", "1e2", "百帕", "hPa"),
        _unit("kpa", "pressure", "1e3", "千帕", "kPa"),
        _unit("bar", "pressure", "1e5", "巴", "bar"),
        _unit("mbar", "pressure", "1e2", "毫巴", "mbar"),
        _unit("mpa", "pressure", "1e6", "兆帕", "MPa"),
        _unit("um", "length", "1e-6", "微米", "µm", "um"),
        _unit("mm", "length", "1e-3", "毫米", "mm"),
        _unit("cm", "length", "1e-2", "厘米", "cm"),
        _unit("m", "length", "1", "米", "m"),
        _unit("mm_s", "velocity", "1e-3", "毫米每秒", "mm/s"),
        _unit("m_s", "velocity", "1", "米每秒", "m/s"),
        _unit("m_min", "feed", "1", "米每分", "m/min"),
        _unit("mm_min", "feed", "1e-3", "毫米每分", "mm/min"),
        _unit("m_s2", "acceleration", "1", "米每二次方秒", "m/s²", "m/s2"),
        _unit("g_n", "acceleration", "9.80665", "重力加速度", "gn"),
        _unit("rpm", "rotation", "1", "转每分", "rpm", "r/min", "转/分"),
        _unit("hz", "frequency", "1", "赫兹", "Hz"),
        _unit("khz", "frequency", "1e3", "千赫", "kHz"),
        _unit("mamp", "current", "1e-3", "毫安", "mA"),
        _unit("amp", "current", "1", "安", "A", "安培"),
        _unit("mvolt", "voltage", "1e-3", "毫伏", "mV"),
        _unit("volt", "voltage", "1", "伏", "V", "伏特"),
        _unit("kvolt", "voltage", "1e3", "千伏", "kV"),
        _unit("ohm", "resistance", "1", "欧姆", "Ω", "ohm"),
        _unit("watt", "power", "1e-3", "瓦", "W"),
        _unit("megawatt", "power", "1e3", "兆瓦", "MW"),
        _unit("kvar", "reactive_power", "1", "千乏", "kvar", "kVAr"),
        _unit("wh", "electricity", "1e-3", "瓦时", "Wh"),
        _unit("kvah", "apparent_electricity", "1", "千伏安时", "kVAh"),
        _unit("mj", "heat", "1", "兆焦", "MJ"),
        _unit("gj", "heat", "1e3", "吉焦", "GJ", "百万千焦"),
        _unit("l", "volume", "1e-3", "升", "L", "l"),
        _unit("ml", "volume", "1e-6", "毫升", "mL", "ml"),
        _unit("m3", "volume", "1", "立方米", "m³", "m3"),
        _unit("l_min", "flow", "1", "升每分", "L/min", "l/min", "lpm", "LPM"),
        _unit("ml_min", "flow", "1e-3", "毫升每分", "mL/min", "ml/min"),
        _unit("m3_h", "flow_hourly", "1", "立方米每小时", "m³/h", "m3/h"),
        _unit("mg", "mass", "1e-9", "毫克", "mg"),
        _unit("gram", "mass", "1e-6", "克", "g"),
        _unit("kg", "mass", "1e-3", "千克", "kg", "公斤"),
        _unit("kg_h", "mass_flow", "1", "千克每小时", "kg/h"),
        _unit("newton", "force", "1", "牛", "N"),
        _unit("knewton", "force", "1e3", "千牛", "kN"),
        _unit("newton_metre", "torque", "1", "牛米", "N·m", "Nm", "N.m"),
        _unit("deg", "angle", "1", "角度", "°", "deg"),
        _unit("ppm", "ratio", "1e-6", "百万分之一", "ppm"),
        _unit("percent_rh", "humidity", "1", "相对湿度", "%RH"),
        _unit("db", "level", "1", "分贝", "dB"),
        _unit("lux", "illuminance", "1", "勒克斯", "lx", "lux"),
        _unit("ph", "acidity", "1", "酸碱度", "pH"),
        _unit("pieces", "count", "1", "件数", "pcs", "只", "台", "套", "pieces"),
        _unit("per_min", "rate", "1", "件每分", "1/min", "pcs/min", "件/分"),
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


def _symbol(text: str) -> str:
    """Return a symbol without what does not matter: width and blanks. Its case does."""
    return "".join(unicodedata.normalize("NFKC", text).split())


_BY_SYMBOL: dict[str, Unit] = {
    _symbol(spelling): unit
    for unit in MEASURED.values()
    for spelling in (unit.name, unit.label.zh, *unit.spellings, unit.label.en)
}


def parse_measured(text: str) -> Unit:
    """Return the unit that a machine or its mapping means; the case of letters counts.

    Parameters
    ----------
    text
        A symbol, name or Chinese word: ``"°C"``, ``"MPa"``, ``"转/分"``; or
        anything that `parse_unit` reads.

    Raises
    ------
    InvalidTerm
        If nothing is known by that spelling; the message names units spelled alike.

    Examples
    --------
    >>> parse_measured("℃").name, parse_measured("μm").name, parse_measured("kWh").name
    ('celsius', 'um', 'kwh')
    """
    symbol = _symbol(text)
    found = _BY_SYMBOL.get(symbol)
    if found is None and len(symbol) > 1:
        found = _BY_SPELLING.get(_fold(text))  # T is no tonne
    if found is not None:
        return found
    alike = [s for s in _BY_SYMBOL if s.casefold() == symbol.casefold()]
    alike += difflib.get_close_matches(symbol[:40], list(_BY_SYMBOL), n=3, cutoff=0.5)
    raise InvalidTerm(
        "“{text}” is no unit that is known here; write one such as {known}",
        text=text[:40],
        known=", ".join(dict.fromkeys([*alike, "°C", "bar", "MPa", "rpm", "mm/s", "kW", "%"])),
    )


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
