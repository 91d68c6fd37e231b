"""What somebody wrote into a form, read as facts: in the unit and of the year that was written.

A form that takes "5000" for whatever unit the rules keep would be wrong by ten
thousand for whoever thinks in yuan. So units are read as they are written
(元, 万元, 亿元, %), beside the figure or in it, and whatever could be read in
two ways is refused with its place and what to write instead. All problems are
named at once: a form is corrected once, not once for each mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.errors import InvalidTerm, Refused
from ballast.terms import industry
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, DeclaredFact, FactKind
from ballast.terms.unit import CNY_1E4, PERCENT, Unit, convert, parse_unit
from ballast.words import Sentence

__all__ = ["Answers", "Problem", "Written", "answers", "is_field", "place_of", "refusal"]

YEARS_BACK = 4
"""The rules ask for so many years: last year and those before it."""
_FIELD = re.compile(r"([a-z][a-z0-9_]*)(?:\[([0-9]{4}|[a-z][a-z0-9_]*)\])?")
_HOLDS = "holds"
_FIGURE = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?", re.ASCII)
_LONGEST = 24  # digits of a figure; more is a slip of the hand
_SHOWN = 30  # characters of an answer that a message repeats
_DATE = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?", re.ASCII)
_YES = frozenset({"是", "有", "yes", "y", "true", "√", "✓", "对"})
_NO = frozenset({"否", "无", "没有", "no", "n", "none", "false", "×", "x", "不是"})


@dataclass(frozen=True, slots=True)
class Written:
    """One answer as somebody wrote it.

    Parameters
    ----------
    field
        What it answers: ``staff``, ``revenue[2025]``, ``holds[little_giant]``.
    text
        What was written.
    unit
        The unit written beside it; empty: none.
    place
        Where it stands, as shown to people.
    number
        Whether a spreadsheet kept a number and no text: then a percent sign may have been lost.
    """

    field: str
    text: str
    unit: str = ""
    place: Label | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that cannot be used: which field, where, and why."""

    field: str
    place: Label
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Answers:
    """What was read: the facts, what could not be, and the titles that the form asked for."""

    facts: Facts
    problems: tuple[Problem, ...]
    titles: frozenset[str] = frozenset()


def is_field(field: str) -> bool:
    """Return whether a name is that of an answer: a fact that is known here, or a title.

    Examples
    --------
    >>> is_field("revenue[2025]"), is_field("holds[little_giant]"), is_field("revenue[2025].unit")
    (True, True, False)
    """
    found = _FIELD.fullmatch(field)
    return found is not None and (found[1] in FACTS or found[1] == _HOLDS)


def place_of(field: str, titles: Mapping[str, Label]) -> Label:
    """Return how people call a field.

    Examples
    --------
    >>> place_of("revenue[2025]", {}).zh
    '营业收入（2025年）'
    """
    key, inside = _split(field)
    if key == _HOLDS:
        return titles.get(inside or "", Label(field, field))
    label = FACTS[key].label if key in FACTS else Label(field, field)
    if inside is None:
        return label
    return Label(f"{label.zh}（{inside}年）", f"{label.en} ({inside})")


def _split(field: str) -> tuple[str, str | None]:
    """Return the key of a field, and the year or the scheme in its brackets."""
    found = _FIELD.fullmatch(field)
    if found is None:
        raise Refused("“{field}” is no field of the self-check", field=field[:_SHOWN])
    return found[1], found[2]


def answers(
    written: Iterable[Written], day: date, source: Label, titles: Mapping[str, Label]
) -> Answers:
    """Return what is known after somebody filled in a form.

    Parameters
    ----------
    written
        The answers; empty ones say nothing.
    day
        Of the decision: last year is the year before.
    source
        What the facts are said to come from.
    titles
        The schemes that can be held, with their names.

    Returns
    -------
    Answers
        All facts that can be used, and a `Problem` for each answer that cannot. Which titles are
        held is known where every title that stands on the form is answered, with a date or none.
    """
    known: dict[tuple[str, int | None], Fact] = {}
    held: dict[str, Held | None] = {}
    on_form: set[str] = set()
    problems: list[Problem] = []
    for each in written:
        on_form |= _title_of(each.field)
        text = unicodedata.normalize("NFKC", each.text).strip()
        if not text:
            continue
        place = each.place or Label(each.field, each.field)
        try:
            key, inside = _split(each.field)
            if key == _HOLDS:
                _hold(held, inside, text, day, titles)
                continue
            fact = _fact(key, inside, each, text, day, source)
            if (key, fact.year) in known:
                raise Refused("it is answered twice; leave one of the two empty")
            known[key, fact.year] = fact
        except Refused as fault:
            reason = Sentence(fault.template, fault.values)
            problems.append(Problem(each.field, place, reason))
    return Answers(
        Facts(
            known,
            titles=tuple(title for title in held.values() if title is not None),
            titles_known=bool(on_form) and on_form <= held.keys(),
        ),
        tuple(problems),
        frozenset(on_form),
    )


def _title_of(field: str) -> set[str]:
    found = _FIELD.fullmatch(field)
    return {found[2]} if found is not None and found[1] == _HOLDS and found[2] else set()


def refusal(problems: tuple[Problem, ...]) -> Refused:
    """Return the refusal of a form that names every problem of it."""
    return Refused(
        "the form cannot be used as it is; {count} to correct: {problems}",
        count=len(problems),
        problems=Label(
            "；".join(f"{p.place.zh}：{p.reason.text('zh')}" for p in problems),
            "; ".join(f"{p.place.en}: {p.reason.text('en')}" for p in problems),
        ),
    )


def _fact(key: str, inside: str | None, each: Written, text: str, day: date, source: Label) -> Fact:
    declared = FACTS.get(key)
    if declared is None:
        raise Refused("no rule asks for “{key}”; use the form as it is given", key=key)
    year = _year(declared, inside, day)
    value = _value(declared, each, text)
    return Fact(key, value, source, year=year, as_of=day)


def _year(declared: DeclaredFact, inside: str | None, day: date) -> int | None:
    last = day.year - 1
    if not declared.yearly:
        if inside is not None:
            raise Refused("{fact} is asked for as of the day, not of a year", fact=declared.label)
        return None
    if inside is None or not inside.isdigit():
        raise Refused(
            "{fact} is of a year: say of which, {first} to {last}",
            fact=declared.label,
            first=last - YEARS_BACK + 1,
            last=last,
        )
    year = int(inside)
    if not last - YEARS_BACK < year <= last:
        raise Refused(
            "of the wrong year, {year}: on {day} the rules ask for {fact} of {first} to {last}",
            year=year,
            day=day.isoformat(),
            fact=declared.label,
            first=last - YEARS_BACK + 1,
            last=last,
        )
    return year


def _value(declared: DeclaredFact, each: Written, text: str) -> Value:
    match declared.kind:
        case FactKind.AMOUNT | FactKind.COUNT:
            return _amount(declared, each, text)
        case FactKind.FLAG:
            return _flag(text)
        case FactKind.CHOICE:
            return _choice(declared, text)
        case FactKind.DATE:
            return _date(text)
        case FactKind.CODE:
            return _industry(text)


def _amount(declared: DeclaredFact, each: Written, text: str) -> Decimal:
    """Return a figure in the unit of the declaration."""
    figure, rest = _figure(text)
    asked = declared.shown or declared.unit
    beside = _unit(each.unit, asked) if each.unit.strip() else None
    inside = _unit(rest, asked) if rest else None
    if beside is not None and inside is not None and beside != inside:
        raise Refused(
            "two units, {one} in the figure and {other} beside it; leave one",
            one=inside.label,
            other=beside.label,
        )
    unit = inside or beside or asked
    if each.number and inside is None and unit is PERCENT and figure != 0 and abs(figure) <= 1:
        raise Refused(
            "{figure}: is it {low}% or {high}%? Excel keeps 12.5% as 0.125. Format the cell "
            "as text and write the figure with its sign, 12.5%",
            figure=str(figure),
            low=str(figure),
            high=f"{figure * 100:f}",
        )
    value = convert(figure, unit, declared.unit)
    if declared.kind is FactKind.COUNT and value != value.to_integral_value():
        raise Refused("{text} is no whole number", text=text[:_SHOWN])
    return value


def _figure(text: str) -> tuple[Decimal, str]:
    """Return the figure at the start of an answer, and what stands behind it."""
    plain = "".join(text.split()).replace("，", ",").replace("−", "-")
    for sign in ("¥", "￥", "人民币"):
        plain = plain.removeprefix(sign)
    found = _FIGURE.match(plain)
    behind = "" if found is None else plain[found.end() :]
    if (
        found is None
        or behind[:1].isdigit()
        or behind[:1] in (",", ".")
        or len(found[0]) > _LONGEST
    ):
        raise Refused(
            "“{text}” is no figure; write it in digits, such as 5000 or 1,234.5, or leave it "
            "empty where it is not known",
            text=text[:_SHOWN],
        )
    return Decimal(found[1] + found[2].replace(",", "") + (found[3] or "")), behind


def _unit(text: str, asked: Unit) -> Unit:
    names = {_folded(n) for n in (asked.name, asked.label.zh, asked.label.en, *asked.spellings)}
    if _folded(text) in names:
        return asked
    try:
        unit = _SHORT.get(text.strip()) or parse_unit(text)
    except InvalidTerm:
        raise Refused(
            "“{unit}” is no unit that is known here; write {asked}",
            unit=text[:_SHOWN],
            asked=asked.label,
        ) from None
    if unit.dimension != asked.dimension:
        raise Refused(
            "the unit is wrong: {asked} is asked for, {unit} was written",
            asked=asked.label,
            unit=unit.label,
        )
    return unit


# What people write behind money.
_SHORT: dict[str, Unit] = {
    "万": CNY_1E4,
    "亿": parse_unit("亿元"),
    "千": parse_unit("千元"),
}


def _flag(text: str) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("“{text}”: write yes or no", text=text[:_SHOWN])


def _choice(declared: DeclaredFact, text: str) -> str:
    for value, label in declared.choices:
        if _folded(text) in (_folded(value), _folded(label.zh), _folded(label.en)):
            return value
    raise Refused(
        "“{text}” is none of the choices: {choices}",
        text=text[:_SHOWN],
        choices=Label(
            "、".join(label.zh for _, label in declared.choices),
            ", ".join(label.en for _, label in declared.choices),
        ),
    )


def _folded(text: str) -> str:
    """Return a word without what does not matter: width, blanks, case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _date(text: str) -> date:
    found = _DATE.fullmatch("".join(text.split()))
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise Refused("“{text}” is no date; write it as 2023-06-30", text=text[:_SHOWN])


def _industry(text: str) -> str:
    code = "".join(text.split()).upper()
    if len(code) > 1 and code[0].isalpha():
        code = code[1:]
    if not code.isascii() or not code.isalnum() or not industry.exists(code):
        raise Refused(
            "“{text}” is no industry of GB/T 4754-2017; write its code, such as 3443",
            text=text[:_SHOWN],
        )
    return code


def _hold(
    held: dict[str, Held | None],
    scheme: str | None,
    text: str,
    day: date,
    titles: Mapping[str, Label],
) -> None:
    if scheme is None or scheme not in titles:
        raise Refused("there is no title “{scheme}” in the rules", scheme=str(scheme)[:_SHOWN])
    if scheme in held:
        raise Refused("it is answered twice; leave one of the two empty")
    if text.casefold() in _NO:
        held[scheme] = None
        return
    if text.casefold() in _YES:
        raise Refused("write the date of award on the certificate, such as 2023-06-30, or none")
    awarded = _date(text)
    if awarded > day:
        raise Refused(
            "awarded on {awarded}, after {day}, the day of the check",
            awarded=awarded.isoformat(),
            day=day.isoformat(),
        )
    held[scheme] = Held(scheme, awarded, None)
