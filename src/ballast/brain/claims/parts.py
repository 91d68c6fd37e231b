"""Statements of a part and its whole: what share it has, and what it gave to the growth.

Part and whole are asked of the same period, so that a share is never one of
another month's whole. What a figure is a part of must be said or be the home;
a share of something else (of GDP, of a market) is none of these figures.
"""

from __future__ import annotations

from collections.abc import Iterator

from ballast.brain.claims.agreeing import agrees, comparable
from ballast.brain.claims.asking import Asked, Unasked, where_of
from ballast.brain.claims.attempt import Missing, Try, figure_label, missing, ours
from ballast.brain.claims.figures import Figures, Where
from ballast.brain.claims.growing import base_of
from ballast.brain.claims.statement import Place, Statement
from ballast.terms.label import Label
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS
from ballast.words import Sentence

__all__ = ["contributed", "shares"]

_BY_ZERO = Sentence("undefined: it would be divided by zero")


def _whole(statement: Statement, ask: Asked, home: str) -> tuple[Where, Label] | Unasked:
    """Return of what a figure is a part, and what that is called."""
    one, place = ask.indicator, statement.place
    whole = statement.against or Place("", (home,))
    of_itself = statement.scope is None and (place is None or place.codes == whole.codes)
    if of_itself or one.unit.dimension in ("ratio", "none"):
        said = {"indicator": one.label}
        return Unasked(Sentence("of what {indicator} is a share is not kept here", said))
    where = where_of(statement, one, home, whole)
    if isinstance(where, Unasked):
        return where
    return where, Label(whole.words or "全市", whole.words or "the city")


def shares(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    """Yield what the figures say to a share of a whole, in percent.

    Parameters
    ----------
    statement, ask
        What was read, and the question that it puts.
    figures
        Where figures come from.
    home
        The whole where the text names none.
    """
    amount, one = statement.amount, ask.indicator
    whole = _whole(statement, ask, home)
    if amount is None or isinstance(whole, Unasked):
        if isinstance(whole, Unasked):
            yield whole
        return
    other, words = whole
    for period in ask.periods:
        part, all_ = (figures.one(one.key, where, period) for where in (ask.where, other))
        if part.value is None or all_.value is None:
            yield missing(part if part.value is None else all_, one)
        elif all_.value <= 0:
            yield Missing(figure_label(all_, one), _BY_ZERO)
        else:
            share = float(part.value) / float(all_.value) * 100
            note = Label(f"占{words.zh}的比重", f", share of {words.en}")
            label = figure_label(part, one, note)
            yield ours(label, share, PERCENT, agrees(amount, share), part, all_)


def contributed(
    statement: Statement, ask: Asked, figures: Figures, home: str
) -> Iterator[Try | Unasked]:
    """Yield how many points of the growth of a whole a part gave.

    Parameters
    ----------
    statement, ask, figures, home
        As for `shares`.

    Notes
    -----
    Equation: (part now - part before) / whole before * 100; an identity, as of
    ``indicators.contribution``.
    """
    amount, one = statement.amount, ask.indicator
    whole = _whole(statement, ask, home)
    if isinstance(whole, Unasked):
        yield whole
        return
    if amount is None or not comparable(amount, PERCENTAGE_POINTS):
        said = {"indicator": one.label}
        yield Unasked(
            Sentence("what gave to the growth of {indicator} is said in percentage points", said)
        )
        return
    other, words = whole
    for period in ask.periods:
        base = base_of(statement, period)
        now, then = (figures.one(one.key, ask.where, each) for each in (period, base))
        all_ = figures.one(one.key, other, base)
        gone = next((figure for figure in (now, then, all_) if figure.value is None), None)
        if gone is not None or now.value is None or then.value is None or all_.value is None:
            yield missing(gone or now, one)
        elif all_.value <= 0:
            yield Missing(figure_label(all_, one), _BY_ZERO)
        else:
            points = (float(now.value) - float(then.value)) / float(all_.value) * 100
            note = Label(f"对{words.zh}增长的拉动", f", given to the growth of {words.en}")
            label = figure_label(now, one, note)
            agreed = agrees(amount, points)
            yield ours(label, points, PERCENTAGE_POINTS, agreed, now, then, all_)
