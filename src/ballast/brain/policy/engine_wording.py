"""How the engine names what it found: facts with their year, values in the unit of the law.

Kept apart from the sentences of ``telling``: a finding carries its words with
it (what would turn it, why it is undefined) and these words must be the same
in a terminal, on a page and in a file.

A value beside its threshold keeps as many digits as it takes to tell the two
apart: 2.996 % that fails 3 % is never written 3.00 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cache

from ballast.brain.policy.facts import Fact
from ballast.brain.policy.finding import Missing
from ballast.brain.policy.shape import LAW_UNITS, Words
from ballast.lake.tables.bureau import TITLE
from ballast.terms import unit as units
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, FactKind
from ballast.terms.unit import Unit
from ballast.words import say, visible
from ballast.words.numbers import MINUS, NARROW_SPACE

__all__ = [
    "POINTS",
    "bilingual",
    "fact_name",
    "fact_value",
    "factor",
    "gap",
    "joined",
    "label_of",
    "missing_name",
    "rounded",
    "title_name",
    "value_of",
]

POINTS = "points"
MOST_PLACES = 10
_BARE = {"count", "none", "ratio"}
_HOLDS = "holds_"
_ROOM = Context(prec=80)


@cache
def unit_named(name: str) -> Unit:
    """Return a unit of the law by its name; one that is not known is shown bare."""
    return LAW_UNITS.get(name, units.ONE)


@cache
def factor(name: str) -> Decimal:
    """Return how many of the facts' own unit one of a unit is: 1 % is 0.01, 1 亿元 is 10,000.

    Examples
    --------
    >>> factor("percent"), factor("1e4_cny"), factor("1e8_cny"), factor("persons")
    (Decimal('0.01'), Decimal('1'), Decimal('10000'), Decimal('1'))
    """
    unit = unit_named(name)
    if unit.dimension == units.CNY_1E4.dimension:
        return units.ratio(unit, units.CNY_1E4)
    return unit.factor


def bilingual(template: str, **values: object) -> Label:
    """Return a sentence of the catalogue in both languages."""
    return Label(say(template, "zh", **values), say(template, "en", **values))


def label_of(words: Words) -> Label:
    """Return the words of a law as a label."""
    return Label(words.zh, words.en)


def fact_name(key: str, year: int | None = None) -> Label:
    """Return a fact's name with its year.

    Examples
    --------
    >>> fact_name("revenue", 2025).zh, fact_name("revenue", 2025).en
    ('2025年营业收入', 'revenue of 2025')
    """
    declared = FACTS.get(key)
    label = _as_given(key) if declared is None else declared.label
    if year is None:
        return label
    return Label(f"{year}年{label.zh}", f"{label.en} of {year}")


def title_name(scheme: str) -> Label:
    """Return the name of a title."""
    choices = next(column.choices for column in TITLE.columns if column.name == "scheme")
    return next((each.label for each in choices if each.value == scheme), Label(scheme, scheme))


def missing_name(missing: Missing) -> Label:
    """Return the name of what is missing: a fact with its year, or whether a title is held."""
    if missing.key.startswith(_HOLDS):
        title = title_name(missing.key.removeprefix(_HOLDS))
        return Label(
            f"是否持有有效的“{title.zh}”证书", f"whether it holds a valid {title.en} title"
        )
    return fact_name(missing.key, missing.year)


def fact_value(fact: Fact) -> Label:
    """Return a fact's value as its form writes it, with all its decimals.

    Examples
    --------
    >>> fact_value(Fact("revenue", Decimal(6000), Label("", ""), 2025)).zh
    '6000万元'
    """
    declared, value = FACTS.get(fact.key), fact.value
    if isinstance(value, bool):
        return Label("是", "yes") if value else Label("否", "no")
    if isinstance(value, Decimal):
        unit = units.ONE if declared is None else declared.shown or declared.unit
        return value_of(value / factor(unit.name), unit.name, places=MOST_PLACES)
    if isinstance(value, str) and declared is not None and declared.kind is FactKind.CHOICE:
        return next((name for key, name in declared.choices if key == value), _as_given(value))
    return _as_given(str(value))


def value_of(value: Decimal, unit: str, beside: Decimal | None = None, *, places: int = 2) -> Label:
    """Return a value with its unit; ``beside`` it stands one that it must not be taken for.

    Parameters
    ----------
    value
        In the unit.
    unit
        Its name.
    beside
        Another value in the same unit, such as the threshold.
    places
        Decimals to which it is rounded, at least.

    Examples
    --------
    >>> value_of(Decimal("2.9961"), "percent", Decimal(3)).zh, value_of(Decimal(5000), "1e4_cny").en
    ('2.996%', 'CNY 50 m')
    """
    text = _plain(_told_apart(value, beside, places))
    known = unit_named(unit)
    if known.dimension == "money_cny":
        millions = _plain(_told_apart(value, beside, places) * known.factor / Decimal("1e6"))
        return Label(f"{_signed(text, '')}{known.label.zh}", f"CNY {_signed(millions, ',')} m")
    zh, en = _signed(text, ""), _signed(text, ",")
    if known is units.PERCENT:
        return Label(f"{zh}%", f"{en}%")
    if known.dimension in _BARE:
        return Label(zh, en)
    name = known.label.en
    return Label(f"{zh}{known.label.zh}", f"{en} {name.removesuffix('s') if en == '1' else name}")


def gap(short: Decimal, unit: str) -> Label:
    """Return a difference of two values: percentages differ by percentage points.

    Examples
    --------
    >>> gap(Decimal("0.4"), "percent").zh, gap(Decimal(300), "1e4_cny").zh
    ('0.4个百分点', '300万元')
    """
    known = unit_named(unit)
    if known is units.PERCENT or known is units.FRACTION:
        points = _plain(_told_apart(short * known.factor * 100, Decimal(0)))
        return Label(f"{points}个百分点", f"{points} percentage points")
    return value_of(short, unit, Decimal(0))


def rounded(value: Decimal, key: str, *, up: bool) -> Decimal:
    """Return a value that a fact can have, rounded to the side that is safe.

    Counts are whole; money and shares keep two decimals of the unit in which people write them.
    """
    declared = FACTS.get(key)
    toward = ROUND_CEILING if up else ROUND_FLOOR
    if declared is not None and declared.kind is FactKind.COUNT:
        return value.to_integral_value(toward, _ROOM)
    size = Decimal(1) if declared is None else factor((declared.shown or declared.unit).name)
    return (value / size).quantize(Decimal("0.01"), toward, _ROOM) * size


def joined(labels: Iterable[Label]) -> Label:
    """Return names one after the other."""
    found = list(dict.fromkeys(labels))
    return Label("、".join(each.zh for each in found), ", ".join(each.en for each in found))


def _as_given(text: str) -> Label:
    """Return what somebody wrote, in which nothing hides."""
    return Label(visible(text), visible(text))


def _told_apart(value: Decimal, beside: Decimal | None, least: int = 2) -> Decimal:
    """Return a value of so many decimals, or of as many as tell it from another, up to ten."""
    for places in range(least, MOST_PLACES + 1):
        shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _ROOM)
        if beside is None or value == beside or shown != beside:
            return shown
    return shown


def _plain(value: Decimal) -> Decimal:
    return Decimal(f"{value.normalize():f}")


def _signed(value: Decimal, grouping: str) -> str:
    text = f"{abs(value):{grouping}f}".replace(",", NARROW_SPACE)
    return (MINUS if value < 0 else "") + text
