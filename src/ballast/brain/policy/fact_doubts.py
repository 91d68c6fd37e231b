"""Facts that contradict each other, or cannot be what they say: found before any rule is asked.

A rule that is asked with an R&D expense above the revenue would answer, and
the answer would be believed. So such facts are found first, are not used, and
are named. The rules are data in the language of the law's own formulas
(`RULES`), because the engine for columns must find the same ones.

What an amount alone cannot show (a value of the wrong kind, a year that has
not been) is found for one enterprise only: a column of floats has no such
values. A figure that a law names stands in the law; those here are arithmetic
(a part is not above its whole), or the order of magnitude of a unit slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from ballast.brain.policy.amounts import amount
from ballast.brain.policy.engine_states import TOLERANCE, compared
from ballast.brain.policy.engine_wording import fact_name, fact_value
from ballast.brain.policy.facts import Doubt, Fact, Facts, Value
from ballast.brain.policy.formula import Expression, FactOf, Number, asked, parse
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, LARGEST, DeclaredFact, FactKind

__all__ = ["RULES", "DoubtRule", "clashes", "doubts", "examined"]


@dataclass(frozen=True, slots=True)
class DoubtRule:
    """One contradiction, as a comparison of two formulas.

    Parameters
    ----------
    id
        Its name.
    label
        What is wrong, as shown to people.
    left, op, right
        It is found where both can be computed and ``left op right`` holds, as
        `engine_states.compared` says; ``fraction``: where ``left`` is farther than the tolerance
        from a whole number (``right`` is not read).
    shifts
        How many years back the whole is tested, each by itself; (0,) for facts of the day.
    doubted
        The facts that are then not used: key and years before last year, at shift 0.
    """

    id: str
    label: Label
    left: Expression
    op: Literal[">", "<", "fraction"]
    right: Expression
    shifts: tuple[int, ...]
    doubted: tuple[tuple[str, int | None], ...]


YEARS_BACK = 4
"""So many years are looked at: last year and those before it, as in the wide table."""

_SLIP = Decimal(999)  # above it: a thousand times; 元 written for 万元 is ten thousand times

_PARTS: tuple[tuple[str, str], ...] = (
    ("rd", "revenue"), ("rd_domestic", "rd"), ("main_revenue", "revenue"),
    ("high_tech_revenue", "income"), ("rd_staff", "staff"), ("technical_staff", "staff"),
    ("class1_ip_in_use", "class1_ip"), ("class1_ip_own", "class1_ip"),
    ("class1_ip_high_value", "class1_ip"),
)  # fmt: skip
_FLOWS = ("revenue", "main_revenue", "income", "cost", "assets")


def _rule(
    name: str, label: Label, left: str, op: Literal[">", "<", "fraction"], right: str
) -> DoubtRule:
    """Return a rule on two formulas; it is tested in each year where a fact of it has one."""
    one, other = parse(left), parse(right)
    facts = tuple(sorted(asked(one) | asked(other), key=str))
    yearly = [back for _, back in facts if back is not None]
    shifts = tuple(range(YEARS_BACK - max(yearly))) if yearly else (0,)
    return DoubtRule(name, label, one, op, other, shifts, facts)


def _at(key: str) -> str:
    return f"{key}[last]" if FACTS[key].yearly else key


def _part_rules() -> Iterator[DoubtRule]:
    for part, whole in _PARTS:
        one, other = FACTS[part].label, FACTS[whole].label
        label = Label(f"{one.zh}大于{other.zh}", f"{one.en} above {other.en}")
        yield _rule(f"{part}_above_{whole}", label, _at(part), ">", _at(whole))


def _value_rules() -> Iterator[DoubtRule]:
    for key, fact in FACTS.items():
        if not fact.is_figure:
            continue
        name, at = fact.label, _at(key)
        if not fact.signed:
            least = fact.least
            below = Label(f"小于{least}", f"below {least}") if least else _NEGATIVE
            label = Label(f"{name.zh}{below.zh}", f"{name.en} {below.en}")
            yield _rule(f"{key}_below", label, at, "<", str(least))
        if fact.kind is FactKind.COUNT:
            label = Label(f"{name.zh}不是整数", f"{name.en} is not a whole number")
            yield _rule(f"{key}_fraction", label, at, "fraction", "0")
        above = _above(fact)
        size = f"most({at}, -{at})" if fact.signed else at
        label = Label(f"{name.zh}{above.zh}", f"{name.en} {above.en}")
        yield _rule(f"{key}_above", label, size, ">", str(fact.most))


_NEGATIVE = Label("为负数", "is negative")


def _above(fact: DeclaredFact) -> Label:
    if fact.most == LARGEST:
        return Label("大得不合常理", "is larger than can be")
    if fact.unit is unit.FRACTION:
        return Label("超过100%", "above 100%")
    return Label(f"超过{fact.most}{fact.unit.label.zh}", f"above {fact.most} {fact.unit.label.en}")


def _slip_rules() -> Iterator[DoubtRule]:
    for key in _FLOWS:
        name = FACTS[key].label
        label = Label(
            f"{name.zh}两年相差千倍以上，计量单位可能有误",
            f"{name.en} of two years a thousand times apart: a unit may be wrong",
        )
        for apart in range(1, YEARS_BACK):
            ways = ("[last]", f"[last-{apart}]")
            for way, (one, other) in (("up", ways), ("down", ways[::-1])):
                quotient = f"{key}{one} / {key}{other}"
                yield _rule(f"{key}_slip_{way}_{apart}", label, quotient, ">", str(_SLIP))


def _single_rules() -> Iterator[DoubtRule]:
    yield _rule(
        "liabilities_without_assets",
        Label("有负债而无资产", "liabilities without assets"),
        "liabilities[last]", ">", f"{_SLIP} * assets[last]",
    )  # fmt: skip
    yield _rule(
        "founded_after",
        Label("成立日期在申报日之后", "registered after the day of the decision"),
        "days_since(founded)", "<", "0",
    )  # fmt: skip
    older = Label("从事细分市场的年限长于企业存续年限", "longer in the niche than it exists")
    yield replace(
        _rule("niche_before_founding", older, "niche_years[last]", ">", "years_since(founded) + 1"),
        shifts=(0,),
    )


RULES: tuple[DoubtRule, ...] = (
    *_part_rules(), *_single_rules(), *_value_rules(), *_slip_rules(),
)  # fmt: skip


def doubts(facts: Facts, day: date) -> tuple[Doubt, ...]:
    """Return the facts that are not to be used, with the reason.

    Every rule is tested on all facts as they were given; that one of them is in doubt by another
    rule, or was said to be, does not keep a rule from being tested.

    Parameters
    ----------
    facts
        Of one enterprise.
    day
        Of the decision: a year after it, or a founding after it, is in doubt.

    Examples
    --------
    >>> said = Label("企业填报", "the enterprise")
    >>> known = {("rd", 2025): Fact("rd", Decimal(9000), said, 2025),
    ...          ("revenue", 2025): Fact("revenue", Decimal(8000), said, 2025)}
    >>> doubts(Facts(known), date(2026, 5, 1))[0].reason.zh
    '研发费用大于营业收入（2025年研发费用9000万元，2025年营业收入8000万元）'
    """
    odd = tuple(_odd_values(facts, day))
    strange = {key for doubt in odd for key in doubt.keys}
    sound = Facts({key: fact for key, fact in facts.known.items() if key not in strange})
    return odd + tuple(_contradictions(sound, day))


def examined(facts: Facts, day: date) -> Facts:
    """Return the facts with all their doubts: those they came with, and those found here.

    Examined twice, they are the same.
    """
    found = tuple(dict.fromkeys((*facts.doubts, *doubts(facts, day))))
    return facts if found == facts.doubts else replace(facts, doubts=found)


@dataclass(frozen=True, slots=True)
class _Test:
    """A rule at a shift: the facts that it reads by their years; ``at`` is its place in order."""

    at: int
    rule: DoubtRule
    shift: int
    keys: tuple[tuple[str, int | None], ...]


@cache
def _tests(last: int) -> tuple[_Test, ...]:
    """Return every rule at every shift."""
    tests = ((rule, shift) for rule in RULES for shift in rule.shifts)
    return tuple(
        _Test(
            at, rule, shift,
            tuple((k, None if b is None else last - b - shift) for k, b in rule.doubted),
        )
        for at, (rule, shift) in enumerate(tests)
    )  # fmt: skip


@cache
def _by_fact(last: int, *, first: bool) -> Mapping[tuple[str, int | None], tuple[_Test, ...]]:
    """Return the tests by the facts that they read, or by the first of them alone.

    Of three hundred tests most read facts that an enterprise does not state: whoever walks the
    facts instead of the tests asks a tenth as often.
    """
    found: dict[tuple[str, int | None], list[_Test]] = {}
    for test in _tests(last):
        for key in test.keys[:1] if first else test.keys:
            found.setdefault(key, []).append(test)
    return {key: tuple(some) for key, some in found.items()}


def clashes(facts: Facts, key: str, year: int | None, value: Decimal, day: date) -> bool:
    """Return whether a fact would be in doubt, were it of another value.

    So no advice is given that contradicts what else is known: R&D expense above revenue.
    """
    fact = replace(facts.known[key, year], value=value)
    changed = Facts({**facts.known, (key, year): fact})
    return any(
        all(one in changed.known for one in test.keys) and _is_found(test, changed, day)
        for test in _by_fact(day.year - 1, first=False).get((key, year), ())
    )


def _contradictions(facts: Facts, day: date) -> Iterator[Doubt]:
    known, by_first = facts.known, _by_fact(day.year - 1, first=True)
    asked_for = [test for key in known for test in by_first.get(key, ())]
    for test in sorted(asked_for, key=lambda one: one.at):
        if all(key in known for key in test.keys) and _is_found(test, facts, day):
            used = [known[key] for key in test.keys]
            zh = "，".join(f"{_name(fact).zh}{fact_value(fact).zh}" for fact in used)
            en = ", ".join(f"{_name(fact).en}: {fact_value(fact).en}" for fact in used)
            label = test.rule.label
            yield Doubt(test.keys, Label(f"{label.zh}（{zh}）", f"{label.en} ({en})"))


def _is_found(test: _Test, facts: Facts, day: date) -> bool:
    left = _value(test.rule.left, test, facts, day)
    right = _value(test.rule.right, test, facts, day)
    if left is None or right is None:
        return False
    if test.rule.op == "fraction":
        return abs(left - left.to_integral_value()) > TOLERANCE
    return compared(left, test.rule.op, right)


def _value(expression: Expression, test: _Test, facts: Facts, day: date) -> Decimal | None:
    """Return what a side of a rule comes to; a lone fact or figure is not worth a walk."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, FactOf):
        back = expression.back
        year = None if back is None else day.year - 1 - back - test.shift
        value = facts.known[expression.key, year].value
        return value if isinstance(value, Decimal) else None
    return amount(expression, facts, day, test.shift).value


def _odd_values(facts: Facts, day: date) -> Iterator[Doubt]:
    """Yield what a column cannot hold: values of another kind, years that cannot be."""
    for key, fact in facts.known.items():
        reason = _odd(key, fact, day)
        if reason is not None:
            yield Doubt((key,), reason)


def _odd(key: tuple[str, int | None], fact: Fact, day: date) -> Label | None:
    declared = FACTS.get(key[0])
    name = fact_name(*key)
    if key != (fact.key, fact.year):
        return Label(f"{name.zh}的年份前后不一", f"{name.en} is filed under another year")
    if declared is None:
        return Label(f"不认识的事项“{name.zh}”", f"no such fact: “{name.en}”")
    if declared.yearly and fact.year is None:
        return Label(f"{name.zh}未注明年份", f"{name.en}: the year is not said")
    if not declared.yearly and fact.year is not None:
        return Label(f"{declared.label.zh}不应带年份", f"{declared.label.en} is not of a year")
    if fact.year is not None and fact.year > day.year:
        return Label(f"{name.zh}属尚未到来的年份", f"{name.en}: that year has not come yet")
    if not _is_of_kind(fact.value, declared):
        return Label(
            f"{name.zh}的填写内容不是应填的类型", f"{name.en}: the value is not of its kind"
        )
    return None


def _is_of_kind(value: Value, declared: DeclaredFact) -> bool:
    match declared.kind:
        case FactKind.AMOUNT | FactKind.COUNT:
            return isinstance(value, Decimal) and value.is_finite()
        case FactKind.FLAG:
            return isinstance(value, bool)
        case FactKind.DATE:
            return isinstance(value, date)
        case FactKind.CHOICE:
            return value in {choice for choice, _ in declared.choices}
        case FactKind.CODE:
            return isinstance(value, str) and value != ""


def _name(fact: Fact) -> Label:
    return fact_name(fact.key, fact.year)
