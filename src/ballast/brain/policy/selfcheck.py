"""The self-check: an enterprise fills in a form or a sheet and is told at once where it stands.

The face of three modules: what is asked (``selfcheck_questions``), what was
answered (``selfcheck_answers``), the Excel sheet (``selfcheck_sheet``). Bytes
and mappings in, facts out: nothing is stored, and who checks need not say who
they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ballast.brain.policy.facts import Facts
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.reading import laws as own_laws
from ballast.brain.policy.selfcheck_answers import (
    Answers,
    Problem,
    Written,
    answers,
    is_field,
    place_of,
    refusal,
)
from ballast.brain.policy.selfcheck_questions import (
    GROUPS,
    SIZE_STANDARD,
    Question,
    asked_by,
    group_label,
    questions_of,
    title_field,
)
from ballast.brain.policy.selfcheck_sheet import filled_in, written_sheet
from ballast.brain.policy.shape import Application
from ballast.brain.policy.versions import resolve, version_of
from ballast.errors import NotFound, Refused
from ballast.terms.label import Label, Language

__all__ = [
    "GROUPS",
    "Answers",
    "Problem",
    "Question",
    "check_form",
    "check_sheet",
    "clean",
    "facts_for",
    "from_form",
    "group_label",
    "questions",
    "read_sheet",
    "sheet",
    "title_field",
    "unit_field",
]

_FORM = Label("自评填报", "the self-check form")
_SHEET = Label("自评表", "the self-check sheet")


def unit_field(field: str) -> str:
    """Return the name under which a form sends the unit of an answer.

    Examples
    --------
    >>> unit_field("revenue[2025]")
    'revenue[2025].unit'
    """
    return f"{field}.unit"


def questions(
    laws: Laws,
    schemes: Sequence[str],
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
) -> tuple[Question, ...]:
    """Return what a check asks for, each fact once, in the order of the form.

    Parameters
    ----------
    laws
        All laws.
    schemes
        The titles that are checked; none named: all of them.
    day
        Of the decision: decides which versions apply, and which year is the last one.
    application, certificate
        As for `versions.resolve`.

    Returns
    -------
    tuple of Question
        ``short`` marks those of the short form; group them by ``group`` (`GROUPS`, `group_label`).

    Raises
    ------
    NotFound
        If there is no such scheme.
    Refused
        If none of them has a version in force on that day.
    """
    standard = _standard(laws, day)
    wanted = []
    refused: Refused | None = None
    for scheme in schemes or _titles(laws):
        try:
            found = version_of(laws, resolve(laws, scheme, day, application, certificate))
        except Refused as fault:
            refused = fault
            continue
        wanted.append((scheme, asked_by(found, application, standard)))
    if not wanted and refused is not None:
        raise refused
    return questions_of(wanted, _names(laws), day)


def sheet(
    laws: Laws,
    schemes: Sequence[str],
    language: Language,
    day: date,
    filled: Mapping[str, str] | None = None,
) -> bytes:
    """Return the form as an Excel workbook.

    Parameters
    ----------
    laws, schemes, day
        As for `questions`.
    language
        Of its words; a sheet in either language can be read back.
    filled
        Answers to put in, by field.
    """
    asked = questions(laws, schemes, day)
    return written_sheet(asked, _names(laws), day, language, filled)


def read_sheet(content: bytes, day: date, laws: Laws | None = None, called: str = "xlsx") -> Facts:
    """Return the facts of a sheet that was filled in, in the units that were written.

    Parameters
    ----------
    content
        The workbook, at most 1 MB.
    day
        Of the decision; figures of years that its rules do not ask for are refused.
    laws
        Whose titles can be stated; the package's own by default.
    called
        What messages call it, such as the name of the file.

    Raises
    ------
    UnreadableFile
        If it is no workbook, or not the form.
    Refused
        If an answer cannot be used; the message names every one of them, with its row.
    """
    return clean(check_sheet(content, day, laws, called))


def check_sheet(
    content: bytes, day: date, laws: Laws | None = None, called: str = "xlsx"
) -> Answers:
    """Return the facts of a sheet, and the answers that cannot be used beside them.

    Parameters and errors are those of `read_sheet`; nothing is refused for one answer's sake.
    """
    return answers(filled_in(content, called), day, _SHEET, _names(laws or own_laws()))


def from_form(mapping: Mapping[str, str], day: date, laws: Laws | None = None) -> Facts:
    """Return the facts of a form that was filled in.

    Parameters
    ----------
    mapping
        Answers by `Question.field`; beside a figure its unit by `unit_field`. What is no field of
        a question is passed over (a page has fields of its own), empty answers too.
    day, laws
        As for `read_sheet`.

    Raises
    ------
    Refused
        If an answer cannot be used; the message names every one of them.
    """
    return clean(check_form(mapping, day, laws))


def check_form(mapping: Mapping[str, str], day: date, laws: Laws | None = None) -> Answers:
    """Return the facts of a form, and the answers that cannot be used beside them.

    Parameters are those of `from_form`.
    """
    names = _names(laws or own_laws())
    written = [
        Written(field, text, mapping.get(unit_field(field), ""), place_of(field, names))
        for field, text in mapping.items()
        if is_field(field)
    ]
    return answers(written, day, _FORM, names)


def facts_for(
    read: Answers,
    laws: Laws,
    schemes: Sequence[str],
    day: date,
    application: Application = Application.NEW,
) -> Facts:
    """Return the facts of a form as far as they were given for some schemes.

    Parameters
    ----------
    read
        As `check_form` or `check_sheet` read it.
    laws, schemes, day, application
        What is decided (no scheme named: all of them): where it asks for a title that did not stand
        on the form, it is not known which titles are held.
    """
    asked = questions(laws, schemes, day, application)
    titles = {title_field(title) for title in read.titles}
    if all(q.field in titles for q in asked if q.group is None):
        return read.facts
    return replace(read.facts, titles_known=False)


def clean(read: Answers) -> Facts:
    """Return the facts of a form, or refuse it with all its problems."""
    if read.problems:
        raise refusal(read.problems)
    return read.facts


def _standard(laws: Laws, day: date) -> Version | None:
    """Return the size standard on a day; without one, no rule about size can ask for anything."""
    try:
        return version_of(laws, resolve(laws, SIZE_STANDARD, day))
    except (NotFound, Refused):
        return None


def _titles(laws: Laws) -> tuple[str, ...]:
    """Return the schemes that can be applied for: all but the size standard."""
    return tuple(scheme for scheme in laws.schemes if scheme != SIZE_STANDARD)


def _names(laws: Laws) -> dict[str, Label]:
    labels = {scheme: laws.law(scheme).label for scheme in _titles(laws)}
    return {scheme: Label(words.zh, words.en) for scheme, words in labels.items()}
