"""A self-check from the question to the decisions: which schemes, on which day, of which facts.

Between the form and the engine, and apart from both pages and interface, so
that a form, a sheet and a program that ask the same are answered the same.
Nothing is kept: facts come in, decisions go out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Facts
from ballast.brain.policy.finding import Decision
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.selfcheck import check_form, questions, unit_field
from ballast.brain.policy.selfcheck_answers import Answers, is_field
from ballast.brain.policy.selfcheck_questions import Question
from ballast.brain.policy.shape import Application
from ballast.errors import NotFound, Refused
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = [
    "Asked",
    "Checked",
    "asked_of",
    "checked",
    "facts_written",
    "questions_asked",
    "scheme_names",
]

_EARLIEST = date(2000, 1, 1)
_YEARS_AHEAD = 3
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What a self-check is about.

    Parameters
    ----------
    day
        Of the decision.
    schemes
        Which are checked, in the order of the ladder.
    long
        Whether scores are asked for too.
    application, certificate
        New or renewal; the day of the certificate that is renewed.
    """

    day: date
    schemes: tuple[str, ...]
    long: bool = False
    application: Application = Application.NEW
    certificate: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One scheme, decided; or why no law applies."""

    scheme: str
    name: Label
    decision: Decision | None
    refused: Sentence | None = None


def scheme_names(laws: Laws) -> dict[str, Label]:
    """Return what the schemes are called."""
    held = {key: laws.law(key).label for key in laws.schemes}
    return {key: Label(words.zh, words.en) for key, words in held.items()}


def asked_of(given: Mapping[str, str], laws: Laws, today: date) -> Asked:
    """Return what an address or a form asks to be checked.

    Parameters
    ----------
    given
        ``scheme`` (empty: all), ``day``, ``form`` (``long``), ``application``, ``certificate``.
    laws
        As read.
    today
        The day where none is given.

    Raises
    ------
    Refused
        If a day is none, or is out of what any law could be asked about.
    NotFound
        If there is no such scheme.
    """
    order = laws.schemes
    scheme = given.get("scheme", "").strip()[:_LONGEST]
    if scheme and scheme not in order:
        raise NotFound(
            "there is no scheme “{scheme}”; choose one of {known}",
            scheme=scheme,
            known=", ".join(order),
        )
    day = _day(given.get("day", "")) or today
    if not _EARLIEST <= day <= date(today.year + _YEARS_AHEAD, 12, 31):
        raise Refused(
            "{day} is out of reach: choose a day from {first} to the end of {last}",
            day=day.isoformat(),
            first=_EARLIEST.isoformat(),
            last=today.year + _YEARS_AHEAD,
        )
    kinds = {one.value: one for one in Application}
    wanted = given.get("application", "")
    return Asked(
        day=day,
        schemes=(scheme,) if scheme else order,
        long=given.get("form", "") == "long",
        application=kinds.get(wanted, Application.NEW),
        certificate=_day(given.get("certificate", "")),
    )


def _day(text: str) -> date | None:
    found = text.strip()[:_LONGEST]
    if not found:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise Refused("“{text}” is no date; write it as 2023-06-30", text=found) from None


def questions_asked(laws: Laws, asked: Asked) -> tuple[Question, ...]:
    """Return the questions of a check: of the short form, or all of them."""
    found = questions(laws, asked.schemes, asked.day, asked.application, asked.certificate)
    return found if asked.long else tuple(one for one in found if one.short)


def facts_written(
    given: Mapping[str, str],
    asked: Sequence[Question],
    day: date,
    laws: Laws,
    *,
    only_asked: bool = True,
) -> Answers:
    """Return the facts of a form.

    Parameters
    ----------
    given
        Field to what was written.
    asked
        The questions of the form.
    day
        Of the decision.
    laws
        As read.
    only_asked
        Whether fields that were not asked for are passed over, as those of a page must be; a
        program is told what is wrong with them.
    """
    if not only_asked:
        named = {name: text for name, text in given.items() if not is_field(name)}
        if named:
            raise Refused("“{field}” is no field of the self-check", field=next(iter(named))[:60])
        return check_form(given, day, laws)
    fields = {name for one in asked for name in (one.field, unit_field(one.field))}
    return check_form({name: given[name] for name in fields & given.keys()}, day, laws)


def checked(laws: Laws, facts: Facts, asked: Asked) -> tuple[Checked, ...]:
    """Return what each scheme says of the facts.

    Parameters
    ----------
    laws, facts
        As read.
    asked
        Which schemes, on which day, for which application.
    """
    names = scheme_names(laws)
    found = []
    for scheme in asked.schemes:
        try:
            decision = decide(laws, scheme, facts, asked.day, asked.application, asked.certificate)
            found.append(Checked(scheme, names[scheme], decision))
        except Refused as error:
            why = Sentence(error.template, error.values)
            found.append(Checked(scheme, names[scheme], None, why))
    return tuple(found)
