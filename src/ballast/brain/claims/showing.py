"""Answers as they are shown: a line for eyes, JSON for programs, one way for commands and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ballast.brain.claims.answers import VERDICT_LABELS, Checked, Ours, Verdict
from ballast.brain.claims.records import CONCEPT_LABELS
from ballast.brain.claims.statement import KIND_LABELS, Place, Statement
from ballast.brain.indicators.registry import INDICATORS
from ballast.terms.label import Label, Language
from ballast.words import Sentence, say, unpack

__all__ = ["as_json", "beside", "rows", "stated", "subject_label", "unchecked", "why"]

_SHOWN = 3  # figures beside a statement


def unchecked(statement: Statement) -> Checked:
    """Return a statement that nobody has checked."""
    return Checked(statement=statement, verdict=Verdict.UNCHECKED)


def subject_label(statement: Statement) -> Label:
    """Return what a statement is about: the name of ours, or the words of the text."""
    key = statement.subject.key or ""
    if statement.listing is not None:
        return Label(statement.listing, statement.listing)
    if key in INDICATORS:
        return INDICATORS[key].label
    if key in CONCEPT_LABELS:
        return CONCEPT_LABELS[key]
    words = statement.subject.words
    return Label(words or "（未说明）", words or "(not said)")


def why(one: Checked, language: Language) -> str:
    """Return the reason of an answer, what would be needed, and what contradicts it, in words."""
    said = [] if one.reason is None else [_said(one.reason, language)]
    if one.needed is not None:
        said.append(say("needed: {data}", language, data=_said(one.needed, language)))
    if one.conflicts:
        numbers = ", ".join(str(n + 1) for n in one.conflicts)
        said.append(
            say("the text contradicts itself: see statement {numbers}", language, numbers=numbers)
        )
    return ("；" if language == "zh" else "; ").join(said)


def _said(sentence: Sentence, language: Language) -> str:
    values = {
        name: unpack(value, language) if isinstance(value, str) else value
        for name, value in sentence.values.items()
    }
    return say(sentence.template, language, **values)


def rows(
    text: str, checked: Sequence[Checked], language: Language
) -> list[tuple[str, str, str, str, str]]:
    """Return a line for each answer: what is stated, its words, the verdict, our figure, why.

    Parameters
    ----------
    text
        As it was given.
    checked
        The answers.
    language
        In which they are read.
    """
    found = []
    for one in checked:
        said = one.statement
        verdict = VERDICT_LABELS[one.verdict].text(language)
        found.append((
            stated(text, one, language), said.words, verdict, beside(one, language),
            why(one, language),
        ))  # fmt: skip
    return found


def stated(text: str, one: Checked, language: Language) -> str:
    """Return what is stated in one line: of what, which kind of figure, the words that say it."""
    said = one.statement
    marked = text[said.span.start : said.span.end]
    colon = "：" if language == "zh" else ": "
    kind = KIND_LABELS[said.kind].text(language)
    return f"{subject_label(said).text(language)} · {kind}{colon}{marked}"


def beside(one: Checked, language: Language) -> str:
    """Return our figures beside a statement: the one that agrees, or the first that do not."""
    agreed = bool(one.ours) and bool(one.ours[0].agrees) and one.statement.years is None
    chosen = one.ours[: 1 if agreed else _SHOWN]
    return ("; " if language == "en" else "；").join(ours.text(language) for ours in chosen)


def as_json(text: str, checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """Return answers as plain values, in English where something is said.

    Parameters
    ----------
    text
        As it was given; what is marked in it is given with its place.
    checked
        The answers.
    """
    return [
        {
            "number": number,
            "marked": text[one.statement.span.start : one.statement.span.end],
            "start": one.statement.span.start,
            "end": one.statement.span.end,
            "sentence": [one.statement.sentence.start, one.statement.sentence.end],
            **_statement(one.statement),
            "verdict": one.verdict.value,
            "ours": [_ours(ours) for ours in one.ours],
            "reason": None if one.reason is None else _said(one.reason, "en"),
            "needed": None if one.needed is None else _said(one.needed, "en"),
            "conflicts": [n + 1 for n in one.conflicts],
        }
        for number, one in enumerate(checked, start=1)
    ]


def _statement(said: Statement) -> dict[str, Any]:
    amount = said.amount
    return {
        "kind": said.kind.value,
        "indicator": said.subject.key,
        "subject": said.subject.words,
        "listing": said.listing,
        "value": None if amount is None or amount.low is None else str(amount.low),
        "value_to": None if amount is None or amount.high is None else str(amount.high),
        "bound": None if amount is None else amount.bound.value,
        "unit": None if amount is None else amount.unit.name if amount.unit else amount.words,
        "place": _place(said.place),
        "scope": None if said.scope is None else {
            "kind": said.scope.kind, "words": said.scope.words, "code": said.scope.code
        },
        "period": None if said.period is None else str(said.period),
        "since": None if said.since is None else str(said.since),
        "years": said.years,
        "months": said.months,
        "yearly": said.yearly,
        "against": _place(said.against),
        "within": _place(said.within),
        "of_growth": said.of_growth,
        "target": said.target,
        "carried": list(said.carried),
    }  # fmt: skip


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"words": place.words, "codes": list(place.codes)}


def _ours(ours: Ours) -> dict[str, Any]:
    return {
        "label": ours.label.en,
        "value": None if ours.value is None else str(ours.value),
        "unit": ours.unit.name,
        "agrees": ours.agrees,
        "sources": list(ours.sources),
        "as_of": None if ours.as_of is None else ours.as_of.isoformat(),
        "synthetic": ours.synthetic,
        "command": ours.command,
    }
