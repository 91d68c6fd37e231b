"""What is asked: which indicators, cut how, restricted to what, of which period.

One object rather than arguments, because the same question is put to the
facts, to the sealed cube and to the API, and is what an answer carries with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ballast.brain.indicators.declared import Form, Indicator
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.indicators.registry import indicator
from ballast.errors import WrongUsage
from ballast.terms.period import Period, PeriodKind, joined, month, year_to_date

__all__ = ["Compare", "Question", "checked", "target"]


class Compare(StrEnum):
    """With what a value is compared; levels are `evaluate`'s, comparisons `growth`'s."""

    PUBLISHED = "published"  # the published level of the same period last year
    COMPARABLE = "comparable"  # the enterprises in scope in both periods (同口径)


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Parameters
    ----------
    indicators
        Keys of the registry.
    by
        The cut; without one there is one cell, the whole.
    where
        What the figures are restricted to: of each dimension the codes that
        count. Several codes of one dimension are taken together, and an
        enterprise that belongs to two of them counts once.
    period
        What time; `Form` says how it is read.
    form
        The period as it stands, its year to date, or its last month.
    compare
        What `growth` sets the values against; `evaluate` gives levels only.
    definition
        Which set of cluster definitions; the region's own where it is ``None``.
    weighted
        Split an enterprise over its industries by their weights, rather than
        count it whole under its main industry.
    """

    indicators: tuple[str, ...]
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    period: Period = field(kw_only=True)
    form: Form = field(default=Form.PERIOD, kw_only=True)
    compare: Compare | None = field(default=None, kw_only=True)
    definition: str | None = field(default=None, kw_only=True)
    weighted: bool = field(default=False, kw_only=True)


def target(period: Period, form: Form) -> Period:
    """Return the period that a form makes of a question's.

    Examples
    --------
    >>> to_march = Period.parse("2026-03ytd")
    >>> str(target(to_march, Form.MONTH)), str(target(Period.parse("2026-03"), Form.YEAR_TO_DATE))
    ('2026-03', '2026-03ytd')
    >>> str(target(Period.parse("2026-02ytd"), Form.MONTH))
    '2026-01..02'
    """
    if form is Form.PERIOD:
        return period
    if form is Form.YEAR_TO_DATE:
        return year_to_date(period.year, period.last_month)
    if period.kind is PeriodKind.MONTH:
        return period
    if period.last_month == 2:
        return joined(period.year)
    return month(period.year, period.last_month)


def checked(question: Question) -> tuple[Indicator, ...]:
    """Return the declarations of the indicators asked for, the question being one they answer.

    Raises
    ------
    NotFound
        If there is no indicator of a key.
    WrongUsage
        If no indicator is asked for, a cut is named twice, or one cannot be cut,
        restricted or formed so; the message says which way it can.
    """
    if not question.indicators:
        raise WrongUsage("no indicator is asked for: name at least one")
    if len(set(question.by)) < len(question.by):
        raise WrongUsage(
            "a cut names {dimension} twice: name it once",
            dimension=DIMENSION_LABELS[max(question.by, key=question.by.count)],
        )
    found = tuple(indicator(key) for key in question.indicators)
    for one in found:
        _check(one, question)
    return found


def _check(one: Indicator, question: Question) -> None:
    for dimension in (*question.by, *question.where):
        if dimension not in one.dimensions:
            raise WrongUsage(
                "{indicator} cannot be cut by {dimension}; it can be cut by {known}",
                indicator=one.label,
                dimension=DIMENSION_LABELS[dimension],
                known=", ".join(sorted(one.dimensions)),
            )
    if missing := sorted(one.needs - set(question.by) - set(question.where)):
        raise WrongUsage(
            "{indicator} has no value without a {dimension}: add it to the cut, or name one",
            indicator=one.label,
            dimension=DIMENSION_LABELS[missing[0]],
        )
    if question.form not in one.forms:
        raise WrongUsage(
            "{indicator} does not exist as {form}; it exists as {known}",
            indicator=one.label,
            form=question.form.value,
            known=", ".join(sorted(one.forms)),
        )
    if one.yearly and question.period.kind is not PeriodKind.YEAR:
        raise WrongUsage(
            "{indicator} exists for whole years only; ask for a year such as {year}",
            indicator=one.label,
            year=question.period.year - 1,
        )
