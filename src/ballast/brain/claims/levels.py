"""Statements of how much, by how much more, and how far from another, held against figures.

Each returns tries: one for every period or base that the text may mean, with
whether it agrees. Which of them decides is the business of ``checking``; none
is dropped, so that a reader sees what else was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ballast.brain.claims.agreeing import agrees, comparable, in_unit
from ballast.brain.claims.answers import Ours
from ballast.brain.claims.asking import Asked, Unasked, where_of
from ballast.brain.claims.figures import Figure, Figures, Where, reason_of
from ballast.brain.claims.mention import TIMES
from ballast.brain.claims.statement import Kind, Place, Statement
from ballast.brain.indicators.declared import Comparison, Indicator
from ballast.brain.indicators.growth import grown, yearly_growth
from ballast.brain.indicators.question import Compare, Question
from ballast.brain.indicators.sample import sample_of
from ballast.errors import BallastError, InvalidTerm, Refused
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, month
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS, Unit
from ballast.terms.viewer import Right
from ballast.words import Sentence

__all__ = ["Missing", "figure_label", "growth_of", "tries"]

_FURTHEST = 5  # years that a base may lie back where the text names none
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Missing:
    """A try that found no figure: of what, and why."""

    label: Label
    reason: Sentence | None
    packed: str | None = None
    withheld: bool = False


Try = Ours | Missing


def tries(statement: Statement, ask: Asked, figures: Figures, home: str) -> Iterator[Try | Unasked]:
    """Yield what the figures say to a statement, the likeliest reading first.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    figures
        Where figures come from.
    home
        The region that the home is about.
    """
    match statement.kind:
        case Kind.LEVEL:
            yield from _levels(statement, ask, figures)
        case Kind.GROWTH:
            yield from _growths(statement, ask, figures)
        case Kind.CHANGE:
            yield from _changes(statement, ask, figures)
        case Kind.DISTANCE:
            yield from _distances(statement, ask, figures, home)
        case Kind.RATIO:
            yield from _ratios(statement, ask, figures)
        case _:
            yield from _shares(statement, ask, figures, home)


def figure_label(figure: Figure, one: Indicator, extra: Label | None = None) -> Label:
    """Return what a figure is called: indicator, what it is restricted to, period."""
    scope_zh = "、".join(code for d, codes in figure.where for code in codes if d.value != "region")
    more = f"（{scope_zh}）" if scope_zh else ""
    more_en = f" ({scope_zh})" if scope_zh else ""
    tail = extra or Label("", "")
    return Label(
        f"{figure.period.label.zh}{one.label.zh}{more}{tail.zh}",
        f"{one.label.en}{more_en}{tail.en}, {figure.period.label.en}",
    )


def _missing(figure: Figure, one: Indicator) -> Missing:
    packed = figure.reason if isinstance(figure.reason, str) else None
    return Missing(figure_label(figure, one), reason_of(figure), packed, figure.withheld)


def _ours(
    label: Label, value: Decimal | float, unit: Unit, agreed: bool | None, *of: Figure
) -> Ours:
    stamps = [f.as_of for f in of if f.as_of is not None]
    return Ours(
        label=label, value=value, unit=unit, agrees=agreed,
        sources=tuple(sorted({load for f in of for load in f.sources})),
        as_of=max(stamps, default=None), synthetic=any(f.synthetic for f in of),
        command=of[0].command if of else None,
    )  # fmt: skip


def _levels(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    if amount is None or not comparable(amount, one.unit):
        yield Unasked(
            Sentence(
                "{indicator} is kept in {unit}; the text gives it in {words}",
                {"indicator": one.label, "unit": one.unit.label, "words": _unit_words(statement)},
            )
        )
        return
    wanted = in_unit(amount, one.unit)
    for period in _summed(statement, ask):
        figure = figures.one(one.key, ask.where, period)
        if figure.value is None:
            yield _missing(figure, one)
        else:
            agreed = agrees(wanted, figure.value)
            yield _ours(figure_label(figure, one), figure.value, one.unit, agreed, figure)


def _summed(statement: Statement, ask: Asked) -> Sequence[Period]:
    """Return the periods; a sum of three years is no period, and stays with the newest."""
    return ask.periods


def _unit_words(statement: Statement) -> str | Label:
    amount = statement.amount
    if amount is None:
        return ""
    return amount.unit.label if amount.unit is not None else amount.words


# ---- growth


@dataclass(frozen=True, slots=True)
class _Grown:
    """A growth with what it is of."""

    value: float | None
    label: Label
    of: tuple[Figure, ...]
    reason: Sentence | None = None
    withheld: bool = False


def growth_of(
    statement: Statement, one: Indicator, where: Where, period: Period, figures: Figures
) -> Iterator[_Grown]:
    """Yield the growths that a text may mean of one figure and period.

    Parameters
    ----------
    statement
        Says since when, and whether it is a rate a year.
    one, where, period
        Of what.
    figures
        Where figures come from.
    """
    now = figures.one(one.key, where, period)
    for base, yearly in _bases(statement, one, period):
        then = figures.one(one.key, where, base)
        yield _between(now, then, one, yearly=yearly)
    plain = statement.since is None and not statement.previous and not statement.yearly
    if plain and statement.years is None and one.of_enterprises:
        yield from _comparable(one, where, period, figures, now)


def _between(now: Figure, then: Figure, one: Indicator, *, yearly: bool) -> _Grown:
    note = Label(
        f"较{then.period.label.zh}{'年均' if yearly else ''}增速",
        f", {'growth a year' if yearly else 'growth'} since {then.period.label.en}",
    )
    label = figure_label(now, one, note)
    gone = next((f for f in (now, then) if f.value is None), None)
    if gone is not None:
        return _Grown(None, label, (now, then), reason_of(gone), gone.withheld)
    try:
        if yearly:
            found = yearly_growth(then.value, now.value, base=then.period, end=now.period)
            return _Grown(found.value, label, (now, then), found.reason)
        kinds = then.period.kind == now.period.kind
        base = then.period if kinds else now.period
        made = grown(then.value, now.value, base=base, end=now.period,
                     comparison=Comparison.GROWTH, unit=one.unit)  # fmt: skip
        return _Grown(made.value, label, (now, then), made.reason)
    except (Refused, InvalidTerm) as error:
        return _Grown(None, label, (now, then), Sentence(error.template, dict(error.values)))


def _bases(statement: Statement, one: Indicator, period: Period) -> Iterator[tuple[Period, bool]]:
    """Yield the earlier ends that a growth may have, and whether it is a rate a year."""
    if statement.since is not None:
        yield statement.since, statement.yearly
    elif statement.previous:
        yield period - 1, False
    elif statement.years is not None:
        yield _years_before(period, statement.years), statement.yearly
    elif statement.yearly or (statement.amount is not None and statement.amount.words == "番"):
        # 年均, 翻番 without a base: every base of the last years is looked at.
        for back in range(2 if statement.yearly else 1, _FURTHEST + 1):
            yield _years_before(period, back), statement.yearly
    else:
        yield period.same_period_last_year(), False


def _years_before(period: Period, years: int) -> Period:
    for _ in range(years):
        period = period.same_period_last_year()
    return period


def _comparable(
    one: Indicator, where: Where, period: Period, figures: Figures, now: Figure
) -> Iterator[_Grown]:
    """Yield the growth on the comparable sample, for who may read units."""
    if not figures.viewer.may(Right.READ_UNITS) or one.numerator.table != "enterprise_period":
        return
    if one.comparison is not Comparison.GROWTH or now.value is None:
        return
    base = period.same_period_last_year()
    question = Question((one.key,), (), dict(where), period=period, compare=Compare.COMPARABLE)
    try:
        sample = sample_of(figures.lake, figures.viewer, one, question, base=base, end=period,
                           least=one.disclosure.minimum or _LEAST)  # fmt: skip
        growth = sample.growth(())
    except BallastError:
        return
    if growth.value is not None:
        note = Label("同口径同比增速", ", growth on the comparable sample")
        yield _Grown(growth.value, figure_label(now, one, note), (now,))


def _growths(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount = statement.amount
    if amount is None:
        return
    if ask.indicator.unit.dimension == "ratio":
        yield Unasked(
            Sentence(
                "{indicator} is a percentage: how it changes is said in percentage points",
                {"indicator": ask.indicator.label},
            )
        )
        return
    for period in ask.periods:
        for found in growth_of(statement, ask.indicator, ask.where, period, figures):
            if found.value is None:
                yield Missing(found.label, found.reason, None, found.withheld)
            else:
                agreed = _grew_so(amount.words, amount.low, found.value) or agrees(
                    amount, found.value
                )
                yield _ours(found.label, found.value, PERCENT, agreed, *found.of)


def _grew_so(words: str, low: Decimal | None, ours: float) -> bool:
    """Return whether something doubled: 翻番 and 倍增 are said of what at least did."""
    return words == "番" and low is not None and ours >= float(low) * 0.995


# ---- change, distance, multiple, share


def _changes(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    if amount is None:
        return
    unit = PERCENTAGE_POINTS if one.unit.dimension == "ratio" or statement.of_growth else one.unit
    if not comparable(amount, unit):
        yield Unasked(
            Sentence(
                "a change of {indicator} is said in {unit}; the text gives it in {words}",
                {"indicator": one.label, "unit": unit.label, "words": _unit_words(statement)},
            )
        )
        return
    wanted = in_unit(amount, unit)
    for period in ask.periods:
        base = _base(statement, period)
        if statement.of_growth:
            yield from _faster(statement, ask, figures, period, base)
            continue
        now, then = (figures.one(one.key, ask.where, p) for p in (period, base))
        gone = next((f for f in (now, then) if f.value is None), None)
        if gone is not None or now.value is None or then.value is None:
            yield _missing(gone or now, one)
            continue
        change = float(now.value) - float(then.value)
        note = Label(f"较{base.label.zh}增减", f", change since {base.label.en}")
        yield _ours(figure_label(now, one, note), change, unit, agrees(wanted, change), now, then)


def _base(statement: Statement, period: Period) -> Period:
    if statement.since is not None:
        return statement.since
    if statement.previous:
        return period - 1
    words = statement.words
    if (
        "年初" in words or "年末" in words or "年底" in words
    ) and period.kind is not PeriodKind.YEAR:
        return month(period.year - 1, 12)
    return _years_before(period, statement.years or 1)


def _faster(
    statement: Statement, ask: Asked, figures: Figures, period: Period, base: Period
) -> Iterator[Try]:
    """Yield how much faster it grew than in an earlier period, in points."""
    amount, one = statement.amount, ask.indicator
    now, then = (
        next(iter(_same_basis(one, ask.where, p, figures))) for p in (period, base)
    )  # fmt: skip
    for found in (now, then):
        if found.value is None:
            yield Missing(found.label, found.reason, None, found.withheld)
            return
    if amount is None or now.value is None or then.value is None:
        return
    points = now.value - then.value
    note = Label(f"，增速较{base.label.zh}变化", f", change of its growth since {base.label.en}")
    label = figure_label(now.of[0], one, note)
    yield _ours(label, points, PERCENTAGE_POINTS, agrees(amount, points), *now.of, *then.of)


def _same_basis(one: Indicator, where: Where, period: Period, figures: Figures) -> Iterator[_Grown]:
    now = figures.one(one.key, where, period)
    then = figures.one(one.key, where, period.same_period_last_year())
    yield _between(now, then, one, yearly=False)


def _distances(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    amount, one, against = statement.amount, ask.indicator, statement.against
    if amount is None:
        return
    if against is None or not against.codes:
        yield Unasked(
            Sentence("with what {indicator} is compared is not said", {"indicator": one.label})
        )
        return
    other = where_of(statement, one, home, against)
    if isinstance(other, Unasked):
        yield other
        return
    points = statement.of_growth or one.unit.dimension == "ratio"
    unit = PERCENTAGE_POINTS if points else one.unit
    if not comparable(amount, unit):
        yield Unasked(
            Sentence(
                "a change of {indicator} is said in {unit}; the text gives it in {words}",
                {"indicator": one.label, "unit": unit.label, "words": _unit_words(statement)},
            )
        )
        return
    wanted = in_unit(amount, unit)
    for period in ask.periods:
        yield _apart(statement, ask, figures, other, period, wanted_unit=unit, against=against,
                     agreed_with=wanted)  # fmt: skip


def _apart(
    statement: Statement, ask: Asked, figures: Figures, other: Where, period: Period, *,
    wanted_unit: Unit, against: Place, agreed_with: object,
) -> Try:  # fmt: skip
    one = ask.indicator
    if statement.of_growth:
        own, beside = (
            next(iter(_same_basis(one, where, period, figures))) for where in (ask.where, other)
        )
        for found in (own, beside):
            if found.value is None:
                return Missing(found.label, found.reason, None, found.withheld)
        values: tuple[float | None, float | None] = (own.value, beside.value)
        of = (*own.of, *beside.of)
    else:
        pair = [figures.one(one.key, where, period) for where in (ask.where, other)]
        for figure in pair:
            if figure.value is None:
                return _missing(figure, one)
        first, second = pair[0].value, pair[1].value
        values = (
            None if first is None else float(first),
            None if second is None else float(second),
        )
        of = tuple(pair)
    distance = (values[0] or 0.0) - (values[1] or 0.0)
    growth = Label("增速", " growth") if statement.of_growth else Label("", "")
    note = Label(f"{growth.zh}与{against.words}之差", f"{growth.en}, distance to {against.words}")
    amount = statement.amount
    agreed = None if amount is None else agrees(in_unit(amount, wanted_unit), distance)
    return _ours(figure_label(of[0], one, note), distance, wanted_unit, agreed, *of)


def _ratios(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    if amount is None:
        return
    if statement.since is None and statement.years is None:
        yield Unasked(
            Sentence("with what {indicator} is compared is not said", {"indicator": one.label})
        )
        return
    for period in ask.periods:
        base = statement.since or _years_before(period, statement.years or 1)
        now, then = (figures.one(one.key, ask.where, p) for p in (period, base))
        if now.value is None or then.value is None:
            yield _missing(now if now.value is None else then, one)
        elif then.value <= 0:
            yield Missing(
                figure_label(then, one), Sentence("undefined: it would be divided by zero")
            )
        else:
            times = float(now.value) / float(then.value)
            note = Label(f"为{base.label.zh}的倍数", f", times {base.label.en}")
            yield _ours(
                figure_label(now, one, note), times, TIMES, agrees(amount, times), now, then
            )


def _shares(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    whole = statement.against or Place("", (home,))
    of_itself = statement.scope is None and (
        statement.place is None or statement.place.codes == whole.codes
    )
    if amount is None or of_itself or one.unit.dimension in ("ratio", "none"):
        yield Unasked(
            Sentence("of what {indicator} is a share is nothing that is kept here",
                     {"indicator": one.label}),
        )  # fmt: skip
        return
    other = where_of(statement, one, home, whole)
    if isinstance(other, Unasked):
        yield other
        return
    for period in ask.periods:
        part, all_ = (figures.one(one.key, where, period) for where in (ask.where, other))
        if part.value is None or all_.value is None:
            yield _missing(part if part.value is None else all_, one)
        elif all_.value <= 0:
            yield Missing(
                figure_label(all_, one), Sentence("undefined: it would be divided by zero")
            )
        else:
            share = float(part.value) / float(all_.value) * 100
            words = whole.words or "全市"
            note = Label(f"占{words}的比重", f", share of {words}")
            yield _ours(
                figure_label(part, one, note), share, PERCENT, agrees(amount, share), part, all_
            )
