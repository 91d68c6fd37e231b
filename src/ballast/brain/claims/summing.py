"""Statements of several years together: 三年累计, over three years.

Laid beside the newest year alone, a true sum would be called wrong. What adds
over time is summed over the years that are meant; a stock or a percentage is
not, and of a stretch that is not whole years nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ballast.brain.claims.agreeing import agrees
from ballast.brain.claims.asking import Asked, Unasked
from ballast.brain.claims.attempt import Try, figure_label, missing, ours
from ballast.brain.claims.figures import Figures
from ballast.brain.claims.statement import Amount, Kind, Statement
from ballast.brain.indicators.declared import Adds
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, whole_year
from ballast.words import Sentence

__all__ = ["adds_up", "in_one", "summed"]

_IN_ONE = re.compile(
    r"累计|合计|总计|共计|总共|一共|altogether|in total|in all\b|cumulative|combined|together",
    re.IGNORECASE,
)
_RUNNING = re.compile(r"连续|consecutive|running|straight|successive|in a row", re.IGNORECASE)


def in_one(statement: Statement) -> bool:
    """Return whether the words leave no doubt that several years are summed."""
    return _IN_ONE.search(statement.words) is not None


def adds_up(statement: Statement) -> bool:
    """Return whether a level may be that of several years together.

    Parameters
    ----------
    statement
        What was read. 连续三年 is of each year; 2023-2025年 alone is no sum.
    """
    if statement.kind is not Kind.LEVEL or _RUNNING.search(statement.words):
        return False
    return statement.years is not None or (statement.since is not None and in_one(statement))


def summed(
    statement: Statement, amount: Amount, ask: Asked, figures: Figures
) -> Iterator[Try | Unasked]:
    """Yield the sum of the years that a statement speaks of, or why there is none.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    amount
        In the indicator's unit.
    figures
        Where figures come from.
    """
    one = ask.indicator
    if one.adds is not Adds.FLOW:
        if in_one(statement):
            said = {"indicator": one.label}
            yield Unasked(Sentence("{indicator} does not add up over years", said))
        return
    years = _years(statement, ask, figures)
    if not years:
        if in_one(statement):
            yield Unasked(Sentence("which whole years are summed is not said"))
        return
    found = [figures.one(one.key, ask.where, year) for year in years]
    gone = next((figure for figure in found if figure.value is None), None)
    if gone is not None:
        yield missing(gone, one)
        return
    total = sum(float(figure.value or 0) for figure in found)
    first = years[0].label
    note = Label(
        f"（自{first.zh}起{len(years)}年合计）", f", sum of {len(years)} years from {first.en}"
    )
    yield ours(figure_label(found[-1], one, note), total, one.unit, agrees(amount, total), *found)


def _years(statement: Statement, ask: Asked, figures: Figures) -> tuple[Period, ...]:
    """Return the years that are summed; none where the stretch is not of whole years."""
    if statement.period is not None:
        last = statement.period if statement.period.kind is PeriodKind.YEAR else None
    else:
        last = next(iter(figures.newest.years(ask.indicator)), None) if statement.years else None
    if last is None:
        return ()
    if statement.years is not None:
        first = last.year - statement.years + 1
    elif statement.since is not None and statement.since.kind is PeriodKind.YEAR:
        first = statement.since.year
    else:
        return ()
    return tuple(whole_year(year) for year in range(first, last.year + 1))
