"""Statements of how much, by how much more, and how far from another, held against figures.

Each returns tries: one for every period or base that the text may mean, with
whether it agrees. Which of them decides is the business of ``checking``; none
is dropped, so that a reader sees what else was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ballast.brain.claims.agreeing import agrees, comparable, in_unit
from ballast.brain.claims.asking import Asked, Unasked, where_of
from ballast.brain.claims.attempt import Missing, Try, figure_label, missing, ours
from ballast.brain.claims.figures import Figures, Where
from ballast.brain.claims.growing import base_of, growth_of, growths, published, years_before
from ballast.brain.claims.mention import TIMES
from ballast.brain.claims.parts import contributed, shares
from ballast.brain.claims.rising import rising
from ballast.brain.claims.statement import Amount, Kind, Statement
from ballast.brain.claims.summing import adds_up, in_one, summed
from ballast.brain.indicators.declared import Indicator
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import PERCENTAGE_POINTS, Unit
from ballast.words import Sentence

__all__ = ["tries"]

_BY_ZERO = Sentence("undefined: it would be divided by zero")


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
            yield from growths(statement, ask, figures)
        case Kind.CHANGE:
            yield from _changes(statement, ask, figures)
        case Kind.DISTANCE:
            yield from _distances(statement, ask, figures, home)
        case Kind.RATIO:
            yield from _ratios(statement, ask, figures)
        case Kind.RISING:
            yield from rising(statement, ask, figures)
        case Kind.CONTRIBUTION:
            yield from contributed(statement, ask, figures, home)
        case _:
            yield from shares(statement, ask, figures, home)


def _levels(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    if amount is None or not comparable(amount, one.unit):
        yield _other_unit(statement, one)
        return
    wanted = in_unit(amount, one.unit)
    if adds_up(statement):
        yield from summed(statement, wanted, ask, figures)
        if in_one(statement):
            return
    for period in ask.periods:
        figure = figures.one(one.key, ask.where, period)
        if figure.value is None:
            yield missing(figure, one)
        else:
            agreed = agrees(wanted, figure.value)
            yield ours(figure_label(figure, one), figure.value, one.unit, agreed, figure)


def _other_unit(statement: Statement, one: Indicator) -> Unasked:
    said = {"indicator": one.label, "unit": one.unit.label, "words": _unit_words(statement)}
    return Unasked(Sentence("{indicator} is kept in {unit}; the text gives it in {words}", said))


def _unit_words(statement: Statement) -> str | Label:
    amount = statement.amount
    if amount is None:
        return ""
    return amount.unit.label if amount.unit is not None else amount.words


def _difference(statement: Statement, one: Indicator) -> tuple[Amount, Unit] | Unasked:
    """Return by how much something differs, in the unit that differences of it have."""
    points = statement.of_growth or one.unit.dimension == "ratio"
    unit = PERCENTAGE_POINTS if points else one.unit
    amount = statement.amount
    if amount is None or not comparable(amount, unit):
        said = {"indicator": one.label, "unit": unit.label, "words": _unit_words(statement)}
        return Unasked(
            Sentence(
                "a change of {indicator} is said in {unit}; the text gives it in {words}", said
            )
        )
    return in_unit(amount, unit), unit


def _changes(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    one = ask.indicator
    wanted = _difference(statement, one)
    if isinstance(wanted, Unasked):
        yield wanted
        return
    amount, unit = wanted
    for period in ask.periods:
        base = base_of(statement, period)
        if statement.comparable:
            yield from _on_sample(statement, amount, unit, ask, figures, period)
            continue
        if statement.of_growth:
            yield _faster(amount, ask, figures, period, base)
            continue
        now, then = (figures.one(one.key, ask.where, p) for p in (period, base))
        if now.value is None or then.value is None:
            yield missing(now if now.value is None else then, one)
            continue
        change = float(now.value) - float(then.value)
        note = Label(f"较{base.label.zh}增减", f", change since {base.label.en}")
        yield ours(figure_label(now, one, note), change, unit, agrees(amount, change), now, then)


def _on_sample(
    statement: Statement, amount: Amount, unit: Unit, ask: Asked, figures: Figures, period: Period
) -> Iterator[Try]:
    """Yield the change on the comparable sample, in the indicator's own way."""
    for found in growth_of(statement, ask.indicator, ask.where, period, figures):
        if found.value is None:
            yield Missing(found.label, found.reason, withheld=found.withheld)
        else:
            yield ours(found.label, found.value, unit, agrees(amount, found.value), *found.of)


def _faster(amount: Amount, ask: Asked, figures: Figures, period: Period, base: Period) -> Try:
    """Return how much faster it grew than in an earlier period, in points."""
    now, then = (published(ask.indicator, ask.where, p, figures) for p in (period, base))
    for found in (now, then):
        if found.value is None:
            return Missing(found.label, found.reason, withheld=found.withheld)
    points = (now.value or 0.0) - (then.value or 0.0)
    note = Label(f"增速较{base.label.zh}变化", f", change of its growth since {base.label.en}")
    label = figure_label(now.of[0], ask.indicator, note)
    return ours(label, points, PERCENTAGE_POINTS, agrees(amount, points), *now.of, *then.of)


def _distances(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    one, against = ask.indicator, statement.against
    if against is None or not against.codes:
        said = {"indicator": one.label}
        yield Unasked(Sentence("with what {indicator} is compared is not said", said))
        return
    other = where_of(statement, one, home, against)
    wanted = _difference(statement, one)
    for refused in (other, wanted):
        if isinstance(refused, Unasked):
            yield refused
            return
    if isinstance(other, Unasked) or isinstance(wanted, Unasked):
        return
    for period in ask.periods:
        yield _apart(replace(statement, amount=wanted[0]), ask, figures, other, period, wanted[1])


def _apart(
    statement: Statement, ask: Asked, figures: Figures, other: Where, period: Period, unit: Unit
) -> Try:
    """Return how far a figure, or its growth, lies from that of another place."""
    one, amount = ask.indicator, statement.amount
    against = statement.against.words if statement.against is not None else ""
    if statement.of_growth:
        pair = [published(one, where, period, figures) for where in (ask.where, other)]
        for found in pair:
            if found.value is None:
                return Missing(found.label, found.reason, withheld=found.withheld)
        values = [found.value for found in pair]
        of = tuple(figure for found in pair for figure in found.of)
    else:
        both = [figures.one(one.key, where, period) for where in (ask.where, other)]
        for figure in both:
            if figure.value is None:
                return missing(figure, one)
        values = [None if figure.value is None else float(figure.value) for figure in both]
        of = tuple(both)
    distance = (values[0] or 0.0) - (values[1] or 0.0)
    growth = Label("增速", " growth") if statement.of_growth else Label("", "")
    note = Label(f"{growth.zh}与{against}之差", f"{growth.en}, distance to {against}")
    agreed = None if amount is None else agrees(amount, distance)
    return ours(figure_label(of[0], one, note), distance, unit, agreed, *of)


def _ratios(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    amount, one = statement.amount, ask.indicator
    if amount is None or (statement.since is None and statement.years is None):
        said = {"indicator": one.label}
        yield Unasked(Sentence("with what {indicator} is compared is not said", said))
        return
    for period in ask.periods:
        base = statement.since or years_before(period, statement.years or 1)
        now, then = (figures.one(one.key, ask.where, p) for p in (period, base))
        if now.value is None or then.value is None:
            yield missing(now if now.value is None else then, one)
        elif then.value <= 0:
            yield Missing(figure_label(then, one), _BY_ZERO)
        else:
            times = float(now.value) / float(then.value)
            note = Label(f"为{base.label.zh}的倍数", f", times {base.label.en}")
            label = figure_label(now, one, note)
            yield ours(label, times, TIMES, agrees(amount, times), now, then)
