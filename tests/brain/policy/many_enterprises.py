"""Enterprises at and around every threshold of a law, as facts and as rows of the wide table."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from ballast.brain.policy.amounts import needed
from ballast.brain.policy.columns import CriterionColumn, criterion_columns
from ballast.brain.policy.columns_facts import YEARS_BACK, column_of, column_types, title_column
from ballast.brain.policy.columns_states import CODES
from ballast.brain.policy.engine import decide
from ballast.brain.policy.engine_criteria import is_valid
from ballast.brain.policy.engine_wording import factor
from ballast.brain.policy.fact_doubts import examined
from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.brain.policy.finding import Finding, State
from ballast.brain.policy.formula import asked, parse
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import (
    Among,
    Application,
    Bands,
    Compare,
    Expert,
    Flag,
    Holds,
    Manual,
    PerUnit,
    Shape,
    Size,
)
from ballast.brain.policy.versions import parameter, resolve, version_of
from ballast.terms import unit
from ballast.terms.industry import exists
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, DeclaredFact, FactKind

SAID = Label("测试", "test")
STEPS = (Decimal("-1e-6"), Decimal(0), Decimal("1e-6"))
"""How far from a threshold: nearer than any figure of a form."""
NEAR_STEPS = tuple(Decimal(step) for step in ("-2e-9", "-4e-10", "0", "4e-10", "2e-9"))
"""Just outside of the tolerance of both engines, and just inside."""
INDUSTRIES = ("3451", "C", "5136", "4711", "6510", "7211", "0111", "3512", "99", "9999", "")
Key = tuple[str, int | None]


@dataclass(frozen=True, eq=False)
class Question:
    """A scheme on a day, for one kind of application."""

    laws: Laws
    scheme: str
    day: date
    application: Application

    @property
    def version(self) -> Version:
        found = resolve(self.laws, self.scheme, self.day, self.application)
        return version_of(self.laws, found)

    def __repr__(self) -> str:
        return f"{self.scheme}-{self.day}-{self.application.value}"


def questions(laws: Laws) -> list[Question]:
    """Return a question to every version of every law: on the last day that it applies on.

    A renewal is asked of besides where the version treats it in another way.
    """
    found: dict[str, Question] = {}
    for scheme, law in laws.by_scheme.items():
        for version in law.versions:
            apart = any(getattr(rule, "only", None) for rule in within(version.criterion))
            for line in version.applies:
                day = line.until or max(line.since, date(2026, 6, 15))
                question = Question(laws, scheme, day, line.to)
                key = f"{scheme} {version.id} {line.to if apart else ''}"
                found.setdefault(key, question)
    return list(found.values())


def _figures(generator: random.Random, fact: DeclaredFact) -> Decimal:
    if fact.unit is unit.FRACTION:
        return Decimal(generator.randint(0, 1000)) / 1000
    if fact.unit is unit.CNY_1E4:
        most = 9000 if fact.key.startswith(("revenue", "assets", "income", "cost")) else 900
        return Decimal(generator.randint(0, most * 100)) / 100
    if fact.key.endswith("staff"):
        return Decimal(generator.randint(0, 30) if fact.key != "staff" else 200)
    if fact.key.startswith("platform"):
        return Decimal(generator.randint(300, 900)) / 10
    return Decimal(generator.randint(0, 8))


def value_of(generator: random.Random, fact: DeclaredFact, day: date) -> Value:
    """Return a plausible value, rarely a contradicting one."""
    match fact.kind:
        case FactKind.AMOUNT | FactKind.COUNT:
            return _figures(generator, fact)
        case FactKind.FLAG:
            return generator.random() < 0.5
        case FactKind.CHOICE:
            return generator.choice([choice for choice, _ in fact.choices])
        case FactKind.DATE:
            return day - timedelta(days=generator.randint(-20, 9000))
        case FactKind.CODE:
            return generator.choice(INDUSTRIES)


def enterprise(seed: int, question: Question, known: float = 0.9) -> Facts:
    """Return an enterprise with some facts missing."""
    generator = random.Random(seed)
    last = question.day.year - 1
    found: dict[Key, Fact] = {}
    for fact in FACTS.values():
        for year in range(last, last - YEARS_BACK, -1) if fact.yearly else (None,):
            value = value_of(generator, fact, question.day)
            if generator.random() < known:
                found[fact.key, year] = Fact(fact.key, value, SAID, year)
    titles = tuple(
        Held(scheme, question.day - timedelta(days=400), question.day + timedelta(days=days))
        for scheme in _titles(question.laws)
        if (days := generator.choice([-1, 0, 400, None])) is not None
    )
    return Facts(found, titles, titles_known=generator.random() < 0.8)


def _titles(laws: Laws) -> list[str]:
    return [n.removeprefix("holds_") for n in column_types(laws.schemes) if n.startswith("holds_")]


def able(question: Question) -> Facts:
    """Return an enterprise with every fact, none of them in doubt: where all else holds."""
    last = question.day.year - 1
    found: dict[Key, Fact] = {}
    figures = {
        "revenue": 9000, "income": 9000, "cost": 8000, "main_revenue": 8500, "assets": 8000,
        "high_tech_revenue": 7000, "liabilities": 3000, "rd": 900, "rd_domestic": 850,
        "net_profit": 900, "equity_raised": 100, "staff": 200, "rd_staff": 40, "niche_rank": 2,
        "technical_staff": 45, "niche_years": 6, "niche_rank_provincial": 1,
        "platform_score": 75, "platform_score_before": 70,
    }  # fmt: skip
    for fact in FACTS.values():
        for back in range(YEARS_BACK) if fact.yearly else (None,):
            value: Value
            match fact.kind:
                case FactKind.AMOUNT | FactKind.COUNT:
                    usual = Decimal("0.2") if fact.unit is unit.FRACTION else Decimal(3)
                    value = Decimal(figures.get(fact.key, usual))
                    if fact.unit is unit.CNY_1E4:
                        value -= 300 * (back or 0) if value > 2000 else 0
                case FactKind.FLAG:
                    value = not fact.key.startswith(
                        ("abnormal", "serious", "major", "fraud", "falsification")
                    )
                case FactKind.CHOICE:
                    value = fact.choices[0][0]
                case FactKind.DATE:
                    value = date(2005, 3, 1)
                case FactKind.CODE:
                    value = "3451"
            year = None if back is None else last - back
            found[fact.key, year] = Fact(fact.key, value, SAID, year)
    titles = tuple(Held(scheme, question.day, question.day) for scheme in _titles(question.laws))
    return Facts(found, titles)


def within(shape: Any) -> Iterator[Shape]:
    """Yield every shape inside another."""
    if isinstance(shape, Shape):
        yield shape
        for name in type(shape).model_fields:
            yield from within(getattr(shape, name))
    elif isinstance(shape, tuple):
        for each in shape:
            yield from within(each)


@dataclass(frozen=True)
class Threshold:
    """A quantity and the value, in the units of the facts, at which something changes."""

    quantity: str
    value: Decimal
    years: int = 1


def thresholds(question: Question) -> list[Threshold]:
    """Return every threshold of a version, bands and steps of points included."""
    version, found = question.version, []
    for each in within(version.criterion):
        match each:
            case Compare():
                figure = parameter(version, each.threshold, question.day).value
                size = factor(version.parameters[each.threshold].unit)
                found.append(Threshold(each.quantity, figure * size, each.years))
            case Bands():
                for band in each.bands:
                    bound = band.at_least if band.at_least is not None else band.above
                    if bound is not None:
                        found.append(Threshold(each.quantity, bound * factor(each.unit)))
            case PerUnit():
                steps = int(each.cap / each.points) + 2 if each.points else 2
                found += [Threshold(each.quantity, each.each * n) for n in range(steps)]
    return list(dict.fromkeys(found))


def at(question: Question, facts: Facts, threshold: Threshold, step: Decimal, shift: int) -> Facts:
    """Return facts changed so that a quantity is at a threshold, or a step beside it."""
    expression = parse(question.version.quantities[threshold.quantity].formula)
    solved = needed(expression, threshold.value + step, facts, question.day, shift)
    if solved is None:
        return facts
    changed = dict(facts.known)
    value: Value = solved.value
    changed[solved.key, solved.year] = Fact(solved.key, value, SAID, solved.year)
    return replace(facts, known=changed)


def around(question: Question, facts: Facts) -> Iterator[Facts]:
    """Yield facts at and around every threshold, without each fact, and with every choice."""
    version, last = question.version, question.day.year - 1
    yield facts
    if version.criterion is None:
        yield from _sizes(version, facts, last)
    read: dict[Key, None] = {}
    for threshold in thresholds(question):
        expression = parse(version.quantities[threshold.quantity].formula)
        for shift in range(threshold.years):
            for step in STEPS:
                yield at(question, facts, threshold, step, shift)
            read |= {
                (k, None if b is None else last - b): None for k, b in asked(expression, shift)
            }
    for key in read:
        yield _without(facts, key)
    for each in within(version.criterion):
        yield from _answers(each, facts, last)


def _without(facts: Facts, key: Key) -> Facts:
    return replace(facts, known={k: v for k, v in facts.known.items() if k != key})


def _with(facts: Facts, key: Key, value: Value) -> Facts:
    return replace(facts, known={**facts.known, key: Fact(key[0], value, SAID, key[1])})


def _answers(each: Shape, facts: Facts, last: int) -> Iterator[Facts]:
    match each:
        case Flag(fact=fact) | Manual(fact=str(fact)):
            yield _with(facts, (fact, None), True)
            yield _with(facts, (fact, None), False)
            yield _without(facts, (fact, None))
        case Among(fact=fact):
            for choice, _ in FACTS[fact].choices:
                yield _with(facts, (fact, None), choice)
            yield _with(facts, (fact, None), "elsewhere")
            yield _without(facts, (fact, None))
        case Holds(schemes=schemes):
            others = tuple(held for held in facts.titles if held.scheme not in schemes)
            yield replace(facts, titles=others)
            yield replace(facts, titles=others, titles_known=False)
        case Expert(fact=str(fact), points=points):
            for value in (points.low, points.high, points.high + 1):
                yield _with(facts, (fact, None), value)
            yield _without(facts, (fact, None))
        case Size():
            for staff in (Decimal(19), Decimal(299), Decimal(1000)):
                yield _with(facts, ("staff", last), staff)
            yield _without(facts, ("staff", last))
            yield _without(facts, ("industry", None))


def _sizes(standard: Version, facts: Facts, last: int) -> Iterator[Facts]:
    """Yield facts at and under every bound of every sector, and with a measure missing."""
    for sector in standard.sectors:
        first = sector.industries[0]
        code = first if len(first) > 1 else {"B": "0610", "C": "3451", "D": "4411"}.get(first, "99")
        placed = _with(facts, ("industry", None), code)
        for bound in sector.bounds:
            reached = placed
            for measure, least in bound.least.items():
                year = last if FACTS[measure].yearly else None
                figure = least * factor(sector.units[measure])
                reached = _with(reached, (measure, year), figure)
            yield reached
            for measure, least in bound.least.items():
                key = (measure, last if FACTS[measure].yearly else None)
                yield _with(reached, key, least * factor(sector.units[measure]) - 1)
                yield _without(reached, key)
    yield _with(facts, ("industry", None), "9999")


def row(uscc: str, facts: Facts, question: Question) -> dict[str, Any]:
    """Return facts as a row of the wide table."""
    last = question.day.year - 1
    found: dict[str, Any] = {"uscc": uscc}
    for (key, year), fact in facts.known.items():
        value = float(fact.value) if isinstance(fact.value, Decimal) else fact.value
        found[column_of(key, None if year is None else last - year)] = value
    for scheme in _titles(question.laws):
        held = any(h.scheme == scheme and is_valid(h, question.day) for h in facts.titles)
        found[title_column(scheme)] = True if held else False if facts.titles_known else None
    return found


def wide(question: Question, many: Sequence[Facts], *, sound: bool = False) -> pa.Table:
    """Return enterprises as the wide table; ``sound``: without the facts in doubt."""
    schema = ibis.schema(column_types(question.laws.schemes)).to_pyarrow()
    if sound:
        many = [_sound(facts, question.day) for facts in many]
    rows = [row(f"{number:06}", facts, question) for number, facts in enumerate(many)]
    return pa.Table.from_pylist(rows, schema=schema)


def _sound(facts: Facts, day: date) -> Facts:
    doubted = {key for doubt in examined(facts, day).doubts for key in doubt.keys}
    industry = facts.known.get(("industry", None))
    if industry is not None and not exists(str(industry.value)):
        doubted.add(("industry", None))
    return replace(facts, known={k: v for k, v in facts.known.items() if k not in doubted})


def expected(question: Question, uscc: str, facts: Facts) -> dict[str, Any]:
    """Return what `decide_all` must answer, from what the single engine finds."""
    decision = decide(question.laws, question.scheme, facts, question.day, question.application)
    columns = criterion_columns(question.laws, question.scheme, question.day, question.application)
    if not columns:
        known = len(decision.classes) == 1
        return {
            "uscc": uscc,
            "state": CODES[decision.tree.state],
            "size_class": decision.classes[0] if known else None,
        }
    found = {each.id: each for each in _findings(decision.tree)}
    codes = {
        column.id: CODES[found[column.id].state if column.id in found else State.NOT_APPLICABLE]
        for column in columns
    }
    return {
        "uscc": uscc,
        "state": CODES[decision.tree.state],
        **codes,
        **_ends(columns, found),
        "unmet": _times(columns, codes, State.UNMET),
        "unknown": _times(columns, codes, State.UNKNOWN),
    }


def _ends(columns: Sequence[CriterionColumn], found: dict[str, Finding]) -> dict[str, Any]:
    ends: dict[str, Any] = {}
    for column in columns:
        if column.score and column.id in found and found[column.id].value is not None:
            value = found[column.id].value
            assert value is not None
            ends[f"{column.id}_low"], ends[f"{column.id}_high"] = map(
                float, (value.low, value.high)
            )
    return ends


def _times(columns: Sequence[CriterionColumn], codes: dict[str, int], state: State) -> int:
    return sum(column.leaf and codes[column.id] == CODES[state] for column in columns)


def _findings(finding: Finding) -> Iterator[Finding]:
    """Yield the findings of a tree; under a condition that is unmet nothing but the condition."""
    yield finding
    unmet = [p for p in finding.parts if p.kind == "condition" and p.state is State.UNMET]
    for part in unmet or finding.parts:
        yield from _findings(part)


def differences(found: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]) -> list[Any]:
    """Return what differs: enterprise, column, found, wanted; ends of scores to 1e-9."""
    wrong = []
    for mine, theirs in zip(found, wanted, strict=True):
        for name, value in theirs.items():
            near = isinstance(value, float) and abs(mine[name] - value) < 1e-9
            if not near and mine[name] != value:
                wrong.append((theirs["uscc"], name, mine[name], value))
    return wrong
