"""What a check asks of an enterprise: made from the rules themselves, the short form first.

A form drawn by hand asks for what the rules of two years ago wanted. Here the
facts are read off the formulas and criteria of the version in force, so an
amendment that asks for one figure more changes the form, the sheet and the
page by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ballast.brain.policy.formula import asked, parse
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.shape import (
    All,
    Among,
    Any,
    Application,
    AtLeast,
    Bands,
    Best,
    Capped,
    Compare,
    Criterion,
    Expert,
    First,
    Flag,
    Holds,
    Item,
    Manual,
    PerUnit,
    Score,
    Size,
)
from ballast.brain.policy.size import SIZE_STANDARD
from ballast.terms.label import Label
from ballast.terms.policy_fact import (
    FACTS,
    GROUP_LABELS,
    DeclaredFact,
    FactGroup,
    FactKind,
)
from ballast.terms.unit import UNITS, Unit

__all__ = [
    "GROUPS",
    "SIZE_STANDARD",
    "Asked",
    "Question",
    "asked_by",
    "group_label",
    "questions_of",
    "title_field",
]

INDUSTRY = "industry"


GROUPS: tuple[FactGroup | None, ...] = (FactGroup.BASIS, None, *list(FactGroup)[1:])
"""The parts of the form in order; None are the titles that are held."""


def group_label(group: FactGroup | None) -> Label:
    """Return the heading of a part of the form."""
    return Label("已获得的称号", "titles held") if group is None else GROUP_LABELS[group]


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that a law asks for.

    Parameters
    ----------
    key
        As in the fact catalogue; of a title, its scheme.
    back
        So many years before last year; None where it is of the day.
    title
        Whether a title is asked for.
    short
        Whether it decides by itself, outside of a score: it stands on the short form.
    """

    key: str
    back: int | None = None
    title: bool = False
    short: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the form.

    Parameters
    ----------
    field
        Its name in a form and on the sheet: ``staff``, ``revenue[2025]``, ``holds[little_giant]``.
    label, meaning, evidence
        What is asked, and which document shows it.
    kind
        What is written; of a title the date on its certificate.
    group, short
        Where it stands (None: the titles); the short form is enough for all that is no score and
        that the enterprise can know by itself.
    year
        Of which calendar year.
    unit, units
        In which unit a bare number is read, and which others may be written.
    choices
        Of a choice.
    schemes
        Which schemes ask for it.
    """

    field: str
    label: Label
    meaning: Label
    kind: FactKind
    group: FactGroup | None
    short: bool
    schemes: tuple[str, ...]
    fact: DeclaredFact | None = None
    year: int | None = None
    unit: Unit | None = None
    units: tuple[Unit, ...] = ()
    choices: tuple[tuple[str, Label], ...] = ()
    evidence: Label | None = None


def title_field(scheme: str) -> str:
    """Return the field in which a title is stated."""
    return f"holds[{scheme}]"


def asked_by(
    version: Version, application: Application, standard: Version | None = None
) -> frozenset[Asked]:
    """Return what a version asks of an enterprise.

    Parameters
    ----------
    version
        Of a law.
    application
        Criteria of the other kind of application ask for nothing.
    standard
        The version of the size standard on the day, for rules about the size of an enterprise.
    """
    found = set(_Walk(version, application, standard).all())
    long = {asked for asked in found if not asked.short}
    also_short = {(a.key, a.back, a.title) for a in found if a.short}
    return frozenset(found - {a for a in long if (a.key, a.back, a.title) in also_short})


class _Walk:
    """Goes through the rules of a version."""

    def __init__(
        self, version: Version, application: Application, standard: Version | None
    ) -> None:
        self._version, self._application, self._standard = version, application, standard

    def all(self) -> Iterator[Asked]:
        if self._version.criterion is not None:
            yield from self._criterion(self._version.criterion, short=True)
        if self._version.sectors:
            yield from self._sectors(self._version)

    def _criterion(self, rule: Criterion, *, short: bool) -> Iterator[Asked]:
        if rule.only is not None and rule.only is not self._application:
            return
        for other in (rule.when, rule.waived_by):
            if other is not None:
                yield from self._criterion(other, short=short)
        match rule:
            case All(of=of) | Any(of=of) | AtLeast(of=of):
                for part in of:
                    yield from self._criterion(part, short=short)
            case Compare(quantity=name, years=years):
                for back in range(years):
                    yield from self._quantity(name, back, short=short)
            case Flag(fact=fact) | Among(fact=fact):
                yield self._fact(fact, short=short)
            case Manual(fact=fact):
                if fact is not None:
                    yield self._fact(fact, short=False)
            case Holds(schemes=schemes):
                for scheme in schemes:
                    yield Asked(scheme, title=True, short=short)
            case Size():
                if self._standard is not None:
                    yield from self._sectors(self._standard)
            case Score(groups=groups):
                for group in groups:
                    for item in group.items:
                        yield from self._item(item)

    def _item(self, item: Item) -> Iterator[Asked]:
        match item:
            case Bands(quantity=name) | PerUnit(quantity=name):
                yield from self._quantity(name, 0, short=False)
            case First(of=of) | Capped(of=of):
                for judged in of:
                    yield from self._criterion(judged.test, short=False)
            case Expert(fact=fact):
                if fact is not None:
                    yield self._fact(fact, short=False)
            case Best(of=parts):
                for part in parts:
                    yield from self._item(part)

    def _quantity(self, name: str, back: int, *, short: bool) -> Iterator[Asked]:
        for key, years in asked(parse(self._version.quantities[name].formula), back):
            yield Asked(key, years, short=short)

    def _sectors(self, standard: Version) -> Iterator[Asked]:
        yield Asked(INDUSTRY)
        for sector in standard.sectors:
            for measure in sector.units:
                yield self._fact(measure, short=True)

    @staticmethod
    def _fact(key: str, *, short: bool) -> Asked:
        declared = FACTS.get(key)
        return Asked(key, 0 if declared is not None and declared.yearly else None, short=short)


def questions_of(
    wanted: Sequence[tuple[str, frozenset[Asked]]], names: dict[str, Label], day: date
) -> tuple[Question, ...]:
    """Return the questions of several schemes, each once, in the order of the form.

    Parameters
    ----------
    wanted
        Scheme and what it asks for.
    names
        The names of the schemes that are titles.
    day
        Of the decision; last year is the year before.
    """
    merged: dict[tuple[str, int | None, bool], tuple[bool, list[str]]] = {}
    for scheme, each in wanted:
        for one in each:
            short, schemes = merged.setdefault((one.key, one.back, one.title), (False, []))
            merged[one.key, one.back, one.title] = (short or one.short, [*schemes, scheme])
    order = {key: place for place, key in enumerate(FACTS)}
    found = []
    for (key, back, title), (short, schemes) in merged.items():
        sort = (order.get(key, len(order)), back or 0, key)
        asking = tuple(sorted(set(schemes)))
        if title:
            question = _title(key, names.get(key, Label(key, key)), short, asking)
        elif key in FACTS:
            question = _question(FACTS[key], back, short, asking, day)
        else:
            continue  # a law that asks for what nobody declared is lint's business
        found.append((GROUPS.index(question.group), sort, question))
    return tuple(question for *_, question in sorted(found, key=lambda each: each[:2]))


def _title(scheme: str, name: Label, short: bool, schemes: tuple[str, ...]) -> Question:
    return Question(
        field=title_field(scheme),
        label=name,
        meaning=Label(
            "证书或公告上的认定日期；从未获得填“无”，已过期的也填“无”",
            "date of award on the certificate or notice; “none” if not held, or expired",
        ),
        kind=FactKind.DATE,
        group=None,
        short=short,
        schemes=schemes,
        evidence=Label("证书或认定公告", "certificate or notice of award"),
    )


def _question(
    fact: DeclaredFact, back: int | None, short: bool, schemes: tuple[str, ...], day: date
) -> Question:
    numeric = fact.kind in (FactKind.AMOUNT, FactKind.COUNT)
    unit = (fact.shown or fact.unit) if numeric else None
    return Question(
        field=fact.key if back is None else f"{fact.key}[{day.year - 1 - back}]",
        label=fact.label,
        meaning=fact.meaning,
        kind=fact.kind,
        group=fact.group,
        short=short,
        schemes=schemes,
        fact=fact,
        year=None if back is None else day.year - 1 - back,
        unit=unit,
        units=_units(unit),
        choices=fact.choices,
        evidence=fact.evidence,
    )


def _units(unit: Unit | None) -> tuple[Unit, ...]:
    """Return the units that a figure may be written in; the one that is asked for first."""
    if unit is None:
        return ()
    likely: tuple[str, ...]
    if unit.dimension == "money_cny":
        likely = ("1e4_cny", "cny", "1e3_cny", "1e8_cny")
    elif unit.dimension == "ratio":
        likely = ("percent", "fraction")
    elif unit.dimension == "persons":
        likely = ("persons", "1e4_persons")
    else:
        return (unit,)
    return (unit, *(UNITS[name] for name in likely if UNITS[name] is not unit))
