"""What ``measure --explain`` says around a figure: meaning, sample, comparison, set, sources."""

from __future__ import annotations

import typer

from ballast.brain.indicators.comparing import Against, Comparisons, least
from ballast.brain.indicators.contribution import REST
from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.question import target
from ballast.brain.indicators.reference import (
    ADDS_LABELS,
    COMPARISON_LABELS,
    FORM_LABELS,
    formula,
    withheld,
)
from ballast.brain.indicators.sample import turnover_of
from ballast.cli.context import language, tell, viewer
from ballast.cli.telling import tell_sources
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.words import say, unpack
from ballast.words.numbers import fixed

__all__ = ["explain_compared"]


def explain_compared(
    lake: Lake, one: Indicator, found: Comparisons, against: Against, *, full: bool
) -> None:
    """Say what figures are and what they rest on; briefly, or all of it.

    Parameters
    ----------
    lake
        Whose ledger names the loads.
    one, found, against
        The indicator, the answer, and what it was set against.
    full
        All of it; else only what the points sum to, why figures are not there, and that they are
        invented where they are.
    """
    words = language()
    if full:
        typer.echo(f"{one.label.text(words)}: {one.meaning.text(words).strip()}", err=True)
        typer.echo(formula(one).text(words), err=True)
        _tell_declared(one, found)
        if against.growths:
            _tell_growth(lake, one, found)
        _tell_set(found)
    _tell_points(one, found)
    _tell_reasons(found)
    ids = sorted({source for line in found.lines for source in line.value.sources})
    if full:
        tell_sources(lake, ids)
    elif any(line.value.synthetic for line in found.lines):
        tell("synthetic sample: these figures are invented")


def _tell_declared(one: Indicator, found: Comparisons) -> None:
    question = found.answer.question
    tell(
        "period: {period}, {form}; {adds}; compared as {comparison}; {withheld}",
        period=target(question.period, question.form).label,
        form=FORM_LABELS[question.form],
        adds=ADDS_LABELS[one.adds],
        comparison=COMPARISON_LABELS[one.comparison],
        withheld=withheld(one),
    )
    as_of = [line.value.as_of for line in found.lines if line.value.as_of is not None]
    if as_of:
        tell("as of {at:%Y-%m-%d %H:%M} UTC", at=max(as_of))
    late = sum(line.value.incomplete for line in found.lines)
    if late:
        tell("{count} times an enterprise lacks a part of the period", count=late)


def _tell_growth(lake: Lake, one: Indicator, found: Comparisons) -> None:
    question, words = found.answer.question, language()
    end = target(question.period, question.form)
    base = end.same_period_last_year()
    tell(
        "growth of {end} on {base}; published: of the two levels as they stand; comparable: of "
        "enterprises that reported within the scope in both, piece by piece, where they are "
        "registered at the end; below {least} enterprises there is none",
        end=end.label,
        base=base.label,
        least=least(one),
    )
    parts = turnover_of(lake, viewer(), one, question, base=base, end=end)
    if parts is not None:
        tell(
            "the whole grew by {growth} % as published: {stayed} enterprises that stayed gave "
            "{from_stayed} points, {entered} that entered {from_entered}, {left} that left "
            "{from_left}",
            growth=fixed(parts.growth * 100, 2, words),
            stayed=parts.stayed,
            from_stayed=fixed(parts.from_stayed * 100, 2, words),
            entered=parts.entered,
            from_entered=fixed(parts.from_entered * 100, 2, words),
            left=parts.left,
            from_left=fixed(parts.from_left * 100, 2, words),
        )


def _tell_points(one: Indicator, found: Comparisons) -> None:
    """Say what the points sum to, and how many of them lie in no line."""
    made, words = found.contributions.get(one.key), language()
    if made is None:
        return
    if made.total is None:
        if made.reason is not None:
            tell("contributions: {reason}", reason=made.reason.text(words))
        return
    rest = sum(part.points or 0 for part in made.parts if part.key == REST)
    tell(
        "points sum to the growth of the whole, {total}; {rest} of them lie in no cell shown",
        total=fixed(made.total, 2, words),
        rest=fixed(rest, 2, words),
    )


def _tell_set(found: Comparisons) -> None:
    first = next((line.rank for line in found.lines if line.rank is not None), None)
    if first is not None:
        end = Label("由低到高", "lowest first") if first.first == "lowest" else Label(
            "由高到低", "highest first")  # fmt: skip
        tell(
            "places: within {within}, {first}; {of} have a figure, {without} have none",
            within=first.within,
            first=end,
            of=first.of,
            without=first.without,
        )


def _tell_reasons(found: Comparisons) -> None:
    """Say each reason once: why a figure, a growth or a rate is not there."""
    words = language()
    said: dict[str, int] = {}
    for line in found.lines:
        reasons = [unpack(line.value.reason, words)] if line.value.reason else []
        growths = (line.published, line.comparable, line.yearly)
        reasons += [g.reason.text(words) for g in growths if g is not None and g.reason is not None]
        for reason in dict.fromkeys(reasons):
            said[reason] = said.get(reason, 0) + 1
    for reason, count in list(said.items())[:6]:
        tell("{count} × {reason}", count=count, reason=reason)
    if len(said) > 6:
        typer.echo(say("… {count} further reasons; --format json gives each", words,
                       count=len(said) - 6), err=True)  # fmt: skip
