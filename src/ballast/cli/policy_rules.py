"""The text of a rule on the command line: what is demanded, where it stands, from when on.

Made from the law's own data and nothing else, line by line as the rule is
built, so that an official who changed a figure sees what the change made of
the rule before anybody is judged by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ballast.brain.policy.law_shape import Dated, Parameter, Sector, Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import (
    LAW_UNITS,
    All,
    Among,
    Any,
    AtLeast,
    Band,
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
    Points,
    Score,
    Size,
    Words,
)
from ballast.brain.policy.telling import article_in
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FACTS
from ballast.terms.unit import ONE
from ballast.words import say
from ballast.words.numbers import exact

__all__ = ["CLASS_LABELS", "RuleLine", "rule_lines"]

CLASS_LABELS = {
    "large": Label("大型", "large"),
    "medium": Label("中型", "medium"),
    "small": Label("小型", "small"),
    "micro": Label("微型", "micro"),
}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}
_POINTS = Label("分", "points")
_YES_NO = (Label("否", "no"), Label("是", "yes"))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of a rule.

    Parameters
    ----------
    depth
        How deep it stands; 0 is the whole.
    id, rule, demand, article
        Which criterion or item, what it is called, what is demanded, where it stands.
    confirmed
        Whether rule and figure are.
    since
        From when on its figure holds.
    note
        The law's remark.
    """

    depth: int
    id: str
    rule: str
    demand: str
    article: str
    confirmed: bool
    since: date | None = None
    note: str = ""


def rule_lines(laws: Laws, version: Version, day: date, language: Language) -> tuple[RuleLine, ...]:
    """Return the rules of a version as lines, in the order of the law.

    Parameters
    ----------
    laws
        For the names of other titles.
    version
        Which one.
    day
        Whose figures are shown.
    language
        The reader's.
    """
    return tuple(_Lines(laws, version, day, language).all())


class _Lines:
    """Walks one version."""

    def __init__(self, laws: Laws, version: Version, day: date, language: Language) -> None:
        self._version, self._day, self._language = version, day, language
        self._names = {scheme: laws.law(scheme).label for scheme in laws.schemes}

    def all(self) -> Iterator[RuleLine]:
        if self._version.criterion is not None:
            yield from self._criterion(self._version.criterion, 0)
        for sector in self._version.sectors:
            yield from self._sector(sector)

    def _words(self, words: Words | None) -> str:
        return "" if words is None else words.zh if self._language == "zh" else words.en

    def _in_words(self, template: str, **values: object) -> str:
        return say(template, self._language, **values)

    def _criterion(self, rule: Criterion, depth: int) -> Iterator[RuleLine]:
        demand, figure = self._demand(rule)
        if rule.only is not None:
            only = APPLICATION_LABELS[rule.only]
            demand = self._in_words(
                "{demand} (for {application} only)", demand=demand, application=only
            )
        yield RuleLine(
            depth,
            rule.id,
            self._words(rule.label),
            demand,
            article_in(rule.article, self._language),
            rule.confirmed and (figure is None or figure.confirmed),
            None if figure is None else figure.since,
            self._words(rule.note) or self._words(None if figure is None else figure.note),
        )
        for other, mark in (
            (rule.when, Label("适用条件：", "applies where: ")),
            (rule.waived_by, Label("可由以下代替：", "waived by: ")),
        ):
            if other is not None:
                yield from self._marked(self._criterion(other, depth + 1), mark)
        match rule:
            case All(of=of) | Any(of=of) | AtLeast(of=of):
                for part in of:
                    yield from self._criterion(part, depth + 1)
            case Score(groups=groups):
                for group in groups:
                    least = None if group.least is None else self._figure(group.least)
                    points = self._points(group.cap)
                    demand = self._in_words("at most {points}", points=points)
                    if least is not None:
                        demand = self._in_words(
                            "at least {least}, at most {points}", least=least[0], points=points
                        )
                    sure = least is None or least[1] is None or least[1].confirmed
                    yield RuleLine(depth + 1, group.id, self._words(group.label), demand, "", sure)
                    for item in group.items:
                        yield from self._item(item, depth + 2)

    def _marked(self, lines: Iterator[RuleLine], mark: Label) -> Iterator[RuleLine]:
        for at, line in enumerate(lines):
            name = mark.text(self._language) + line.rule if at == 0 else line.rule
            yield RuleLine(
                line.depth, line.id, name, line.demand, line.article, line.confirmed, line.since,
                line.note,
            )  # fmt: skip

    def _demand(self, rule: Criterion) -> tuple[str, Dated | None]:
        match rule:
            case All():
                return self._in_words("all of these"), None
            case Any():
                return self._in_words("one of these"), None
            case AtLeast(count=count):
                return self._in_words("at least {count} of these", count=count), None
            case Compare(quantity=quantity, op=op, threshold=threshold, years=years):
                figure, dated = self._figure(threshold)
                demand = f"{self._quantity(quantity)} {_SIGNS[op]} {figure}"
                if years > 1:
                    demand = self._in_words(
                        "{demand}, in each of the last {years} years", demand=demand, years=years
                    )
                return demand, dated
            case Flag(fact=fact, expected=expected):
                return self._answer(fact, _YES_NO[expected]), None
            case Among(fact=fact, choices=choices):
                named = dict(FACTS[fact].choices) if fact in FACTS else {}
                labels = [named.get(choice, Label(choice, choice)) for choice in choices]
                return self._answer(fact, _or(labels)), None
            case Holds(schemes=schemes):
                titles = [self._title(scheme) for scheme in schemes]
                return self._in_words("holds a valid title: {titles}", titles=_or(titles)), None
            case Size(classes=classes):
                labels = [CLASS_LABELS.get(each, Label(each, each)) for each in classes]
                return self._in_words("size: {classes}", classes=_or(labels)), None
            case Manual():
                return self._in_words("people judge"), None
            case Score(threshold=threshold, op=op):
                figure, dated = self._figure(threshold)
                return self._in_words(
                    "points {sign} {figure}", sign=_SIGNS[op], figure=figure
                ), dated

    def _answer(self, fact: str, answer: Label) -> str:
        colon = "：" if self._language == "zh" else ": "
        return f"{_fact(fact).text(self._language)}{colon}{answer.text(self._language)}"

    def _title(self, scheme: str) -> Label:
        words = self._names.get(scheme)
        return Label(scheme, scheme) if words is None else Label(words.zh, words.en)

    def _quantity(self, name: str) -> str:
        found = self._version.quantities.get(name)
        return name if found is None else self._words(found.label)

    def _figure(self, name: str) -> tuple[str, Dated | None]:
        found: Parameter | None = self._version.parameters.get(name)
        if found is None:
            return name, None
        standing = [dated for dated in found.values if dated.since <= self._day]
        dated = (standing or list(found.values))[-1 if standing else 0]
        return self._amount(dated.value, found.unit), dated

    def _amount(self, value: Decimal, unit: str) -> str:
        if unit == "points":
            return self._points(value)
        known = LAW_UNITS.get(unit, ONE)
        return f"{value:f}" if known is ONE else str(exact(value, known, self._language))

    def _points(self, points: Decimal | Points) -> str:
        figure = (
            f"{points.low:f}–{points.high:f}"
            if isinstance(points, Points) and points.low != points.high
            else f"{points.low if isinstance(points, Points) else points:f}"
        )
        return f"{figure} {_POINTS.text(self._language)}"

    def _item(self, item: Item, depth: int) -> Iterator[RuleLine]:
        yield RuleLine(
            depth,
            item.id,
            self._words(item.label),
            self._given(item),
            article_in(item.article, self._language),
            item.confirmed,
            note=self._words(item.note),
        )
        match item:
            case First(of=of) | Capped(of=of):
                for judged in of:
                    mark = f"{self._points(judged.points)} · "
                    yield from self._marked(
                        self._criterion(judged.test, depth + 1), Label(mark, mark)
                    )
            case Best(of=parts):
                for part in parts:
                    yield from self._item(part, depth + 1)

    def _given(self, item: Item) -> str:
        match item:
            case Bands(quantity=quantity, unit=unit, bands=bands):
                listed = "; ".join(self._band(band, unit) for band in bands)
                return f"{self._quantity(quantity)}: {listed}"
            case First(otherwise=otherwise):
                return self._in_words(
                    "the first that is met; else {points}", points=self._points(otherwise)
                )
            case Capped(cap=cap):
                return self._in_words("added up, at most {points}", points=self._points(cap))
            case PerUnit(quantity=quantity, each=each, points=points, cap=cap):
                return self._in_words(
                    "{points} for each {each} of {quantity}, at most {cap}",
                    points=self._points(points),
                    each=f"{each:f}",
                    quantity=self._quantity(quantity),
                    cap=self._points(cap),
                )
            case Expert(points=points):
                return self._in_words("experts give {points}", points=self._points(points))
            case Best():
                return self._in_words("the better of these ways")

    def _band(self, band: Band, unit: str) -> str:
        points = self._points(band.points)
        if band.at_least is not None:
            return f"≥ {self._amount(band.at_least, unit)} → {points}"
        if band.above is not None:
            return f"> {self._amount(band.above, unit)} → {points}"
        return self._in_words("else {points}", points=points)

    def _sector(self, sector: Sector) -> Iterator[RuleLine]:
        industries = ", ".join(sector.industries)
        yield RuleLine(
            0,
            sector.id,
            self._words(sector.label),
            self._in_words("industries {codes}", codes=industries),
            article_in(sector.article, self._language),
            sector.confirmed,
            note=self._words(sector.note),
        )
        for bound in sector.bounds:
            least = ", ".join(
                f"{_fact(key).text(self._language)} ≥ {self._amount(value, sector.units[key])}"
                for key, value in bound.least.items()
            )
            name = CLASS_LABELS.get(bound.name, Label(bound.name, bound.name))
            yield RuleLine(
                1, f"{sector.id}.{bound.name}", name.text(self._language), least, "",
                sector.confirmed,
            )  # fmt: skip
        name = CLASS_LABELS.get(sector.otherwise, Label(sector.otherwise, sector.otherwise))
        rest = self._in_words("all others")
        yield RuleLine(
            1, f"{sector.id}.{sector.otherwise}", name.text(self._language), rest, "",
            sector.confirmed,
        )  # fmt: skip


def _fact(key: str) -> Label:
    declared = FACTS.get(key)
    return Label(key, key) if declared is None else declared.label


def _or(labels: list[Label]) -> Label:
    return Label("或".join(each.zh for each in labels), " or ".join(each.en for each in labels))
