"""The form of the self-check as lines and cells: what is asked, what was written, what was wrong.

Made from the questions of the rules, which are made from the rules themselves: nothing here
names a fact. Years of one figure stand in one line, so that a year that was confused with
another is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ballast.brain.policy.facts import Facts, Value
from ballast.brain.policy.selfcheck_questions import GROUPS, Question, group_label
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FactKind
from ballast.terms.unit import COUNT, ONE, convert

__all__ = ["Cell", "Line", "Part", "form_parts", "written_of"]

_NONE = Label("无", "none")
_YES_NO = (("yes", Label("是", "yes")), ("no", Label("否", "no")))


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the form.

    Parameters
    ----------
    field
        Its name.
    year
        Of which calendar year; empty: of the day.
    kind
        ``text``, ``date`` or ``choice``.
    value
        What stands in it.
    options
        Of a choice: value and text.
    hint
        What it looks like when it is filled in.
    wrong
        Why what was written cannot be used.
    """

    field: str
    year: str
    kind: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact that is asked for, with a field for each year."""

    label: str
    unit: str
    meaning: str
    evidence: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form."""

    key: str
    heading: str
    lines: tuple[Line, ...]


def form_parts(
    asked: Sequence[Question],
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    language: Language,
) -> tuple[Part, ...]:
    """Return the form.

    Parameters
    ----------
    asked
        The questions, in order.
    written
        What stands in the fields already.
    wrong
        Why what stands in a field cannot be used, by field.
    language
        The reader's.
    """
    parts = []
    for group in GROUPS:
        held: dict[str, list[Question]] = {}
        for one in asked:
            if one.group is group:
                held.setdefault(one.field.partition("[")[0] if one.year else one.field, []).append(
                    one
                )
        if held:
            lines = tuple(_line(each, written, wrong, language) for each in held.values())
            heading = group_label(group).text(language)
            key = "titles" if group is None else group.value
            parts.append(Part(key, heading[:1].upper() + heading[1:], lines))
    return tuple(parts)


def _line(
    asked: Sequence[Question],
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    language: Language,
) -> Line:
    first = asked[0]
    unit = "" if first.unit in (None, ONE, COUNT) else first.unit.label.text(language)
    label = first.label.text(language)
    years = sorted(asked, key=lambda each: each.year or 0, reverse=True)
    return Line(
        label[:1].upper() + label[1:],
        unit,
        first.meaning.text(language),
        "" if first.evidence is None else first.evidence.text(language),
        tuple(_cell(each, written, wrong, language) for each in years),
    )


def _cell(
    asked: Question, written: Mapping[str, str], wrong: Mapping[str, str], language: Language
) -> Cell:
    value = written.get(asked.field, "")
    year = "" if asked.year is None else str(asked.year)
    fault = wrong.get(asked.field, "")
    if asked.kind in (FactKind.FLAG, FactKind.CHOICE):
        options = (
            tuple((key, label.text(language)) for key, label in _YES_NO)
            if asked.kind is FactKind.FLAG
            else tuple((key, label.text(language)) for key, label in asked.choices)
        )
        known = {key for key, _ in options}
        chosen = value if value in known else ""
        return Cell(asked.field, year, "choice", chosen, options, wrong=fault)
    if asked.kind is FactKind.DATE and asked.group is not None:
        return Cell(asked.field, year, "date", value, wrong=fault)
    hint = ""
    if asked.group is None:
        hint = Label("2024-07-01 或 无", "2024-07-01, or none").text(language)
    return Cell(asked.field, year, "text", value, hint=hint, wrong=fault)


def written_of(facts: Facts, asked: Sequence[Question], language: Language) -> dict[str, str]:
    """Return facts as they would be written into the form, so that a sheet can be corrected in it.

    Parameters
    ----------
    facts
        As read.
    asked
        The questions of the form.
    language
        The reader's.
    """
    found: dict[str, str] = {}
    held = {title.scheme: title.awarded for title in facts.titles}
    for one in asked:
        if one.group is None:
            scheme = one.field.partition("[")[2].rstrip("]")
            if facts.titles_known:
                given = held.get(scheme)
                found[one.field] = _NONE.text(language) if given is None else given.isoformat()
            continue
        key = one.field.partition("[")[0]
        fact = facts.known.get((key, one.year))
        if fact is not None:
            found[one.field] = _written(fact.value, one)
    return found


def _written(value: Value, asked: Question) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if asked.fact is not None and asked.unit is not None:
            value = convert(value, asked.fact.unit, asked.unit)
        return f"{value.normalize():f}"
    return value
