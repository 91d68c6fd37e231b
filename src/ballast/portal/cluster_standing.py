"""Cards of indicators: where a cluster or an industry stands, and what is published of all.

Figures come as answers to questions about indicators, each with its status; a
withheld one is its word here, whoever looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.cluster_position import COMPARED, SIZES, Position
from ballast.brain.cluster_shape import Kind
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.registry import indicator
from ballast.brain.tiers import HUNDRED_BILLION_1E4_CNY, TEN_BILLION_1E4_CNY, TIER_LABELS, Tier
from ballast.portal.cluster_tables import Address
from ballast.portal.cluster_view import Card
from ballast.portal.cluster_words import HEADS, number
from ballast.portal.picture_words import tier_text
from ballast.terms.label import Label, Language
from ballast.terms.period import Period, PeriodKind
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, Number, Written, written

__all__ = ["position_card", "published_card", "standings_card", "value_text"]

_ABSENT = {
    Status.SUPPRESSED: Absence.SUPPRESSED,
    Status.UNDEFINED: Absence.UNDEFINED,
    Status.MISSING: Absence.NO_DATA,
}
_TEN_THOUSAND, _THOUSAND = "10,000 CNY per", "thousand CNY per"
_HEADS = {
    "indicator": Label("指标", "indicator"),
    "own": Label("本项", "own"),
    "middle": Label("中位数", "median"),
    "place": Label("位次", "place"),
    "name": Label("名称", "name"),
    "tier": Label("级别", "tier"),
}
_BY = {
    Kind.CLUSTER: Dimension.CLUSTER,
    Kind.DIVISION: Dimension.INDUSTRY_DIVISION,
    Kind.GROUP: Dimension.INDUSTRY_GROUP,
}


def value_text(value: Value | None, language: Language) -> str:
    """Return a value with its unit, or the word for why there is none."""
    if value is None:
        return Absence.NO_DATA.label.text(language)
    if value.value is None:
        return _ABSENT.get(value.status, Absence.NO_DATA).label.text(language)
    return str(_written(value.value, indicator(value.indicator), language))


def _written(value: Number, declared: Indicator, language: Language) -> Written:
    """Return a figure and its unit; English counts CNY in thousands where the unit is 万元/…."""
    amount = value if isinstance(value, Decimal) else Decimal(str(round(float(value), 6)))
    unit = declared.unit
    if unit.dimension == "count" and amount == int(amount):
        return written(int(amount), unit, language, noun=declared.noun)
    figure = written(amount, unit, language)
    if language == "en" and figure.unit.startswith(_TEN_THOUSAND):
        rest = figure.unit.removeprefix(_TEN_THOUSAND)
        return Written(written(amount * 10, unit, language).number, _THOUSAND + rest)
    return figure


def position_card(
    held: Sequence[Position], period: Label, source: str, language: Language
) -> Card | None:
    """Return where one stands among those it is compared with; ``None`` where nothing is known.

    Parameters
    ----------
    held
        Its indicators.
    period, source
        Of the figures.
    language
        The reader's.
    """
    if not held:
        return None
    ranked = [p for p in held if p.rank.place is not None]
    within = held[0].rank.within
    heading = say("Beside {within}", language, within=within)
    if ranked:
        best = min(ranked, key=lambda p: (p.rank.place or 0) / p.rank.of)
        heading = say(
            "Best in {indicator}: place {place} of {of} with figures among {within}.",
            language,
            indicator=_inline(best.indicator.label, language),
            place=best.rank.place,
            of=best.rank.of,
            within=within,
        )
    rows = tuple(
        (
            _named(each, language),
            value_text(each.value, language)
            if each.value.value is None
            else _written(each.value.value, each.indicator, language).number,
            _absent(each, language)
            if each.middle is None
            else _written(each.middle, each.indicator, language).number,
            _place(each, language),
        )
        for each in held
    )
    return Card(
        "position",
        heading,
        say("{period}; place 1 is the better end", language, period=period),
        source,
        tuple(_HEADS[name].text(language) for name in ("indicator", "own", "middle", "place")),
        rows,
    )


def published_card(
    found: Answer, before: Answer | None, kind: Kind, key: str, language: Language
) -> Card | None:
    """Return how large one is, as far as that is published; ``None`` where nothing is known of it.

    Parameters
    ----------
    found, before
        What `standings` returned, and the same of the year before where it is published.
    kind, key
        Of which.
    language
        The reader's.
    """
    cell = {_BY[kind]: key}
    held = {name: found.value(name, cell) for name in SIZES[kind]}
    if all(value is None for value in held.values()):
        return None
    size = SIZES[kind][0]
    rows = [
        (
            indicator(name).label.text(language),
            value_text(value, language),
            _growth(value, None if before is None else before.value(name, cell), language),
        )
        for name, value in held.items()
    ]
    if kind is Kind.CLUSTER:
        tier = _tier(held[size], language, found.question.period)
        rows.insert(1, (_HEADS["tier"].text(language), tier, ""))
    synthetic = any(value is not None and value.synthetic for value in held.values())
    return Card(
        "published",
        say("What is published of it", language),
        say("Above-scale enterprises, {period}", language, period=found.question.period.label),
        SYNTHETIC.text(language) if synthetic else "",
        (
            _HEADS["indicator"].text(language),
            _HEADS["own"].text(language),
            HEADS["growth"].text(language),
        ),
        tuple(rows),
    )


def standings_card(
    found: Answer,
    kind: Kind,
    names: Mapping[str, Label],
    before: Answer | None,
    language: Language,
    address: Address,
) -> Card:
    """Return what was answered of all clusters or industries, the largest published first.

    Parameters
    ----------
    found
        What `standings` returned.
    kind
        Of what.
    names
        Code to name; a code that is not in it is shown as it stands.
    before
        The same of the year before, where it is published: growth is that of published figures.
    language
        The reader's.
    address
        Makes addresses of the page.
    """
    by = _BY[kind]
    keys = (*SIZES[kind], *COMPARED[:2])
    cells: dict[str, dict[str, Value]] = {}
    for value in found.values:
        cells.setdefault(value.cell[by], {})[value.indicator] = value
    size = SIZES[kind][0]
    order = sorted(cells, key=lambda code: (-_amount(cells[code].get(size)), code))
    year = found.question.period.label
    withheld = sum(v.status is Status.SUPPRESSED for v in found.values)
    rows = []
    earlier = (
        {} if before is None else {v.cell[by]: v for v in before.values if v.indicator == size}
    )
    for code in order:
        link = address(kind=kind.value, key=code)
        name = names.get(code, Label(code, code)).text(language)
        tier = (
            (_tier(cells[code].get(size), language, found.question.period),)
            if kind is Kind.CLUSTER
            else (code,)
        )
        rows.append(
            (
                Markup('<a href="{}">{}</a>').format(link, name),
                *tier,
                value_text(cells[code].get(size), language),
                _growth(cells[code].get(size), earlier.get(code), language),
                *(value_text(cells[code].get(key), language) for key in keys[1:]),
            )
        )
    heads = [_HEADS["name"].text(language)]
    heads.append((_HEADS["tier"] if kind is Kind.CLUSTER else Label("代码", "code")).text(language))
    titles = [indicator(key).label.text(language) for key in keys]
    heads += [titles[0], HEADS["growth"].text(language), *titles[1:]]
    synthetic = any(v.synthetic for v in found.values)
    return Card(
        "standings",
        say(
            "{count} with published figures; {withheld} figures withheld so that nobody is "
            "disclosed",
            language,
            count=len(order),
            withheld=withheld,
        ),
        say("Above-scale enterprises, {period}", language, period=year),
        SYNTHETIC.text(language) if synthetic else "",
        tuple(heads),
        tuple(rows),
        names=2,
        wide=True,
    )


def _inline(label: Label, language: Language) -> str:
    text = label.text(language)
    return text if language == "zh" or text[:2].isupper() else text[:1].lower() + text[1:]


def _named(each: Position, language: Language) -> str:
    """Return an indicator with its unit, so that its figures need none."""
    name = each.indicator.label.text(language)
    unit = _written(Decimal(1), each.indicator, language).unit
    return f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"


def _absent(each: Position, language: Language) -> str:
    """Return the word for a middle or a place that there is not: withheld, or too few figures."""
    withheld = each.value.status is Status.SUPPRESSED
    return (Absence.SUPPRESSED if withheld else Absence.UNDEFINED).label.text(language)


def _place(each: Position, language: Language) -> str:
    if each.rank.place is None:
        return _absent(each, language)
    tied = "=" if each.rank.tied else ""
    return f"{tied}{each.rank.place} / {each.rank.of}"


def _growth(now: Value | None, before: Value | None, language: Language) -> str:
    """Return the growth of a published figure; withheld where one of the two is."""
    for value in (now, before):
        if value is not None and value.status is Status.SUPPRESSED:
            return Absence.SUPPRESSED.label.text(language)
    if now is None or before is None or now.value is None or before.value is None:
        return Absence.NO_DATA.label.text(language)
    base = float(before.value)
    return number((float(now.value) / base - 1) * 100 if base else None, 2, language)


def _amount(value: Value | None) -> float:
    return -1.0 if value is None or value.value is None else float(value.value)


def _tier(value: Value | None, language: Language, period: Period) -> str:
    """Return the tier that a published revenue reaches, which only that of a whole year does."""
    if period.kind is not PeriodKind.YEAR:
        return Absence.NO_DATA.label.text(language)
    if value is None or value.value is None:
        return value_text(value, language)
    revenue = Decimal(str(round(float(value.value), 4)))
    found = Tier.BELOW
    if revenue >= TEN_BILLION_1E4_CNY:
        found = Tier.TEN_BILLION
    if revenue >= HUNDRED_BILLION_1E4_CNY:
        found = Tier.HUNDRED_BILLION
    return tier_text(TIER_LABELS[found], language)
