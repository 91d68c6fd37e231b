"""Statements answered from the lake: each holds, does not, or cannot be checked and why.

A text is vague where a figure is not: it leaves out the period, the base of a
growth, which of two growths it means. Every reading that fits the words is
tried, the one that agrees decides, and all are shown. What is no figure of the
house is never answered with something near it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ballast.brain.claims.answers import Checked, Ours, Verdict
from ballast.brain.claims.asking import Unasked, asked, without_zones
from ballast.brain.claims.attempt import Missing
from ballast.brain.claims.counting import counted_tries
from ballast.brain.claims.enterprise import enterprise_tries
from ballast.brain.claims.figures import Figures
from ballast.brain.claims.levels import tries
from ballast.brain.claims.noting import Noted
from ballast.brain.claims.ranking import listed_tries, rank_tries
from ballast.brain.claims.records import CONCEPT_LABELS, Records
from ballast.brain.claims.statement import Bound, Kind, Statement
from ballast.brain.claims.summing import adds_up, in_one
from ballast.brain.home_city import cities_with_figures
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["check", "conflicts"]

_Answer = Ours | Missing | Unasked


def check(
    lake: Lake,
    viewer: Viewer,
    statements: Sequence[Statement],
    today: date,
    *,
    home: str | None = None,
) -> tuple[Checked, ...]:
    """Return the answer to every statement, in their order.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: of what the viewer may not see there is no answer.
    statements
        What was read.
    today
        Until when records count, and what a target lies behind.
    home
        The region that 全市 means; the only city with figures by default.
    """
    with still(lake) as standing:
        return _answers(standing, viewer, statements, today, home or _only_city(standing))


def _answers(
    lake: Lake, viewer: Viewer, statements: Sequence[Statement], today: date, region: str
) -> tuple[Checked, ...]:
    figures, records = Figures(lake, viewer), Records(lake, viewer)
    # What came in after the newest month nobody has told: a title that lapsed since may be renewed.
    today = min(today, max((p.end for p in figures.newest.stored()), default=today))
    against = conflicts(statements)
    found = _found(statements, figures, records, region, today)
    return tuple(
        replace(_checked(statement, answers), conflicts=against.get(number, ()))
        for number, (statement, answers) in enumerate(zip(statements, found, strict=True))
    )


def _only_city(lake: Lake) -> str:
    """Return the one city that has figures."""
    cities = cities_with_figures(lake)
    if len(cities) != 1:
        raise WrongUsage("figures of {count} cities are here: name the home", count=len(cities))
    return cities[0]


def _found(
    statements: Sequence[Statement], figures: Figures, records: Records, home: str, today: date
) -> list[list[_Answer]]:
    """Return what the figures say to every statement.

    Each round goes twice through the statements: noting what they will ask,
    so that it is asked in few questions, and asking. What a county is without
    its zones is asked only where the county whole is not what a statement says.
    """
    beforehand = [_beforehand(statement) for statement in statements]
    of_figures = [
        (number, statement)
        for number, statement in enumerate(statements)
        if beforehand[number] is None and _of_figures(statement)
    ]
    noted = Noted(figures)
    for _, statement in of_figures:
        list(_of_ours(statement, noted, home))
    noted.hand_over()
    found: list[list[_Answer]] = [
        [before] if before is not None else list(_tries(statement, figures, records, home, today))
        for statement, before in zip(statements, beforehand, strict=True)
    ]
    open_ = [(n, s) for n, s in of_figures if not any(_agrees(one) for one in found[n])]
    for _, statement in open_:
        list(_beside(statement, noted, home))
    noted.hand_over()
    for number, statement in open_:
        values = [one.value for one in found[number] if isinstance(one, Ours)]
        found[number] += [
            one
            for one in _beside(statement, figures, home)
            if isinstance(one, Ours) and one.value not in values
        ]
    return found


def _agrees(one: _Answer) -> bool:
    return isinstance(one, Ours) and bool(one.agrees)


def _of_figures(statement: Statement) -> bool:
    """Return whether a statement is of an indicator, and not of records or one enterprise."""
    if statement.kind is Kind.LISTED or statement.listing is not None:
        return False
    scope = statement.scope
    if scope is not None and scope.kind == "enterprise" and scope.code:
        return False
    return statement.subject.key in INDICATORS


def _beforehand(statement: Statement) -> Unasked | None:
    """Return why a statement cannot be checked whatever the figures are."""
    if statement.target:
        return Unasked(
            Sentence("it says what is aimed at, not what is; goals are followed by `ballast goals`")
        )
    if statement.place is not None and not statement.place.codes:
        return Unasked(
            Sentence(
                "no place that is known here is called {name}", {"name": statement.place.words}
            )
        )
    if statement.months is not None:
        return Unasked(Sentence("a place held month after month is not kept here"))
    if statement.of_share:
        return Unasked(Sentence("how a share changed is not kept here"))
    key = statement.subject.key
    if statement.kind is Kind.LISTED or statement.listing is not None:
        return None
    if key is None or (key not in INDICATORS and key not in CONCEPT_LABELS):
        return Unasked(
            Sentence(
                "no figure that is kept here is called {name}", {"name": statement.subject.words}
            )
            if statement.subject.words
            else Sentence("what it is a figure of is not known here"),
            Sentence("an indicator declared for it, and its data"),
        )
    return None


def _checked(statement: Statement, found: Sequence[_Answer]) -> Checked:
    ours = [one for one in found if isinstance(one, Ours)]
    if not ours:
        return _nothing(statement, found)
    ours.sort(key=lambda one: not one.agrees)
    holds = bool(ours[0].agrees)
    synthetic = any(one.synthetic for one in ours)
    verdict = (
        (Verdict.CONSISTENT if synthetic else Verdict.HOLDS) if holds else Verdict.FAILS
    )  # fmt: skip
    return Checked(statement=statement, verdict=verdict, ours=tuple(ours), reason=_taken(statement))


def _tries(
    statement: Statement, figures: Figures, records: Records, home: str, today: date
) -> Iterator[_Answer]:
    if statement.kind is Kind.LISTED or statement.listing is not None:
        yield from listed_tries(statement, figures, home)
        return
    key = statement.subject.key or ""
    if (
        statement.scope is not None
        and statement.scope.kind == "enterprise"
        and statement.scope.code
    ):
        if adds_up(statement) and in_one(statement):
            yield Unasked(Sentence("what an enterprise made in several years is not summed here"))
            return
        yield from enterprise_tries(statement, figures.lake, figures.viewer)
        return
    if key in CONCEPT_LABELS:
        yield from counted_tries(statement, figures, records, home, today)
        return
    yield from _of_ours(statement, figures, home)


def _of_ours(statement: Statement, figures: Figures, home: str) -> Iterator[_Answer]:
    """Yield what the figures of an indicator say."""
    ask = asked(statement, figures, home)
    if isinstance(ask, Unasked):
        yield ask
    elif statement.kind is Kind.RANK:
        yield from rank_tries(statement, ask, figures, home)
    else:
        yield from tries(statement, ask, figures, home)


def _beside(statement: Statement, figures: Figures, home: str) -> Iterator[_Answer]:
    """Yield the same of a county without its zones, where it may be meant."""
    ask = asked(statement, figures, home)
    if isinstance(ask, Unasked) or statement.kind is Kind.RANK:
        return
    rest = without_zones(ask)
    if rest is not None:
        yield from tries(statement, rest, figures, home)


def _unchecked(statement: Statement, why: Unasked) -> Checked:
    return Checked(
        statement=statement, verdict=Verdict.UNCHECKED, reason=why.reason, needed=why.needed
    )


def _nothing(statement: Statement, found: Sequence[_Answer]) -> Checked:
    unasked = next((one for one in found if isinstance(one, Unasked)), None)
    if unasked is not None:
        return _unchecked(statement, unasked)
    missing = next((one for one in found if isinstance(one, Missing)), None)
    if missing is None:
        return _unchecked(statement, Unasked(Sentence("no figure fits what it says")))
    if missing.withheld:
        reason = Sentence("{figure} is withheld: it would tell what a single enterprise reported",
                          {"figure": missing.label})  # fmt: skip
        return _unchecked(statement, Unasked(reason))
    reason = missing.reason or Sentence("there is no figure of {figure}", {"figure": missing.label})
    needed = Sentence("data of {figure}", {"figure": missing.label})
    return Checked(statement=statement, verdict=Verdict.UNCHECKED, reason=reason, needed=needed)


def _taken(statement: Statement) -> Sentence | None:
    """Return what was decided on the text's behalf."""
    if statement.kind is Kind.LISTED or statement.period is not None:
        return None
    amount = statement.amount
    doubled = amount is not None and amount.words == "番"
    if (statement.yearly or doubled) and statement.since is None and statement.years is None:
        return Sentence(
            "the text names neither period nor base: those of the last years were looked at"
        )
    return Sentence("the text names no period: the newest figures were taken")


def conflicts(statements: Sequence[Statement]) -> dict[int, tuple[int, ...]]:
    """Return which statements of a text say different things of the same figure.

    Parameters
    ----------
    statements
        Of one text.

    Returns
    -------
    dict
        Number of a statement to the numbers of those that contradict it; others are absent.
    """
    same: dict[object, list[int]] = {}
    for number, one in enumerate(statements):
        if one.subject.key is None or one.amount is None or one.amount.low is None or one.target:
            continue
        key = (
            one.kind, one.subject.key, one.place and one.place.codes, one.scope, one.period,
            one.since, one.years, one.yearly, one.previous, one.against and one.against.codes,
            one.within and one.within.codes, one.of_growth, one.of_share, one.comparable,
        )  # fmt: skip
        same.setdefault(key, []).append(number)
    found: dict[int, tuple[int, ...]] = {}
    for numbers in same.values():
        for number in numbers:
            others = tuple(
                n for n in numbers if n != number and _differ(statements[number], statements[n])
            )
            if others:
                found[number] = others
    return found


def _differ(one: Statement, other: Statement) -> bool:
    """Return whether two exact amounts of one dimension cannot both be right."""
    a, b = one.amount, other.amount
    if a is None or b is None or a.unit is None or b.unit is None:
        return False
    if a.unit.dimension != b.unit.dimension or a.low is None or b.low is None:
        return False
    if a.bound is not Bound.EXACT or b.bound is not Bound.EXACT:
        return False
    apart = abs(a.low * a.unit.factor - b.low * b.unit.factor)
    return apart > (a.step * a.unit.factor + b.step * b.unit.factor) / 2
