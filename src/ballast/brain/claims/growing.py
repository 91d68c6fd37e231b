"""How a figure of ours grew: every growth that a text may mean by one number.

年均增长 without a base may start in any year, 同比 may be of the published levels
or of the comparable sample. Each is made by the rules of ``indicators.growth``
and named after its base, and the one that agrees is shown with its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ballast.brain.claims.agreeing import agrees
from ballast.brain.claims.asking import Asked, Unasked
from ballast.brain.claims.attempt import Missing, Try, figure_label, ours
from ballast.brain.claims.figures import Figure, Figures, Where, reason_of
from ballast.brain.claims.statement import Statement
from ballast.brain.indicators.declared import Comparison, Indicator
from ballast.brain.indicators.growth import grown, yearly_growth
from ballast.errors import InvalidTerm, Refused
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, month
from ballast.terms.unit import PERCENT
from ballast.terms.viewer import Right
from ballast.words import Sentence

__all__ = ["Grown", "base_of", "growth_of", "growths", "published", "years_before"]

_FURTHEST = 5  # years that a base may lie back where the text names none
_ON_SAMPLE = Label("同口径同比变化", ", change on the comparable sample")
_NO_SAMPLE = Sentence("the comparable sample is made of single enterprises that you may not read")


@dataclass(frozen=True, slots=True)
class Grown:
    """A growth with what it is of."""

    value: float | None
    label: Label
    of: tuple[Figure, ...]
    reason: Sentence | None = None
    withheld: bool = False


def growth_of(
    statement: Statement, one: Indicator, where: Where, period: Period, figures: Figures
) -> Iterator[Grown]:
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
    if statement.comparable:
        found = list(_comparable(one, where, period, figures, now))
        label = figure_label(now, one, _ON_SAMPLE)
        yield from found or [Grown(None, label, (now,), _NO_SAMPLE)]
        return
    for base, yearly in _bases(statement, period):
        then = figures.one(one.key, where, base)
        yield _between(now, then, one, yearly=yearly)
    plain = statement.since is None and not statement.previous and not statement.yearly
    if plain and statement.years is None and one.of_enterprises:
        yield from _comparable(one, where, period, figures, now)


def _between(now: Figure, then: Figure, one: Indicator, *, yearly: bool) -> Grown:
    note = Label(
        f"较{then.period.label.zh}{'年均' if yearly else ''}增速",
        f", {'growth a year' if yearly else 'growth'} since {then.period.label.en}",
    )
    label = figure_label(now, one, note)
    gone = next((f for f in (now, then) if f.value is None), None)
    if gone is not None:
        return Grown(None, label, (now, then), reason_of(gone), gone.withheld)
    try:
        if yearly:
            found = yearly_growth(then.value, now.value, base=then.period, end=now.period)
            return Grown(found.value, label, (now, then), found.reason)
        kinds = then.period.kind == now.period.kind
        base = then.period if kinds else now.period
        made = grown(then.value, now.value, base=base, end=now.period,
                     comparison=Comparison.GROWTH, unit=one.unit)  # fmt: skip
        return Grown(made.value, label, (now, then), made.reason)
    except (Refused, InvalidTerm) as error:
        return Grown(None, label, (now, then), Sentence(error.template, dict(error.values)))


def _bases(statement: Statement, period: Period) -> Iterator[tuple[Period, bool]]:
    """Yield the earlier ends that a growth may have, and whether it is a rate a year."""
    if statement.since is not None:
        yield statement.since, statement.yearly
    elif statement.previous:
        yield period - 1, False
    elif statement.years is not None:
        yield years_before(period, statement.years), statement.yearly
    elif statement.yearly or (statement.amount is not None and statement.amount.words == "番"):
        # 年均, 翻番 without a base: every base of the last years is looked at.
        for back in range(2 if statement.yearly else 1, _FURTHEST + 1):
            yield years_before(period, back), statement.yearly
    else:
        yield period.same_period_last_year(), False


def years_before(period: Period, years: int) -> Period:
    """Return the same part of the year, so many years before."""
    for _ in range(years):
        period = period.same_period_last_year()
    return period


def base_of(statement: Statement, period: Period) -> Period:
    """Return with which period a change compares: the one said, or that of a year ago.

    Parameters
    ----------
    statement
        Says what it is compared with.
    period
        Of the figure.
    """
    if statement.since is not None:
        return statement.since
    if statement.previous:
        return period - 1
    to_year_end = any(word in statement.words for word in ("年初", "年末", "年底"))
    if to_year_end and period.kind is not PeriodKind.YEAR:
        return month(period.year - 1, 12)
    return years_before(period, statement.years or 1)


def _comparable(
    one: Indicator, where: Where, period: Period, figures: Figures, now: Figure
) -> Iterator[Grown]:
    """Yield the growth on the comparable sample, for who may read units."""
    if not figures.viewer.may(Right.READ_UNITS) or one.numerator.table != "enterprise_period":
        return
    if now.value is None:
        return
    growth = figures.sample(one.key, where, period)
    if growth is not None:
        yield Grown(growth, figure_label(now, one, _ON_SAMPLE), (now,))


def growths(statement: Statement, ask: Asked, figures: Figures) -> Iterator[Try | Unasked]:
    """Yield what the figures say to a growth, the likeliest reading first.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    figures
        Where figures come from.
    """
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
                yield Missing(found.label, found.reason, found.withheld)
            else:
                agreed = _grew_so(amount.words, amount.low, found.value) or agrees(
                    amount, found.value
                )
                yield ours(found.label, found.value, PERCENT, agreed, *found.of)


def _grew_so(words: str, low: Decimal | None, ours: float) -> bool:
    """Return whether something doubled: 翻番 and 倍增 are said of what at least did."""
    return words == "番" and low is not None and ours >= float(low) * 0.995


def published(one: Indicator, where: Where, period: Period, figures: Figures) -> Grown:
    """Return the growth of the published level over that of the same period last year.

    Parameters
    ----------
    one, where, period
        Of what.
    figures
        Where figures come from.
    """
    now = figures.one(one.key, where, period)
    then = figures.one(one.key, where, period.same_period_last_year())
    return _between(now, then, one, yearly=False)
