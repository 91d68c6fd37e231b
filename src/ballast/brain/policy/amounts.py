"""What a formula comes to for one enterprise, and what one fact would have to be for another value.

Floats would be quicker, but an enterprise at 3 % of R&D exactly is asked to
believe the answer: so amounts are decimals, and every amount keeps the facts
it stands on, those that are missing, or why it is undefined. Solving for one
fact is done on the same tree, because advice that is computed by another
formula than the decision is advice that fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DecimalException
from functools import reduce

from ballast.brain.policy.engine_states import TOLERANCE
from ballast.brain.policy.engine_wording import fact_name
from ballast.brain.policy.facts import Fact, Facts
from ballast.brain.policy.finding import Missing
from ballast.brain.policy.formula import (
    Expression,
    Extreme,
    FactOf,
    Number,
    Operation,
    Series,
    Since,
)
from ballast.terms.label import Label

__all__ = ["Amount", "Needed", "amount", "birthdays", "needed"]

_EXACT = Context(prec=34)
_TOO_LARGE = Label("数值过大，无法计算", "the figures are too large to compute with")


@dataclass(frozen=True, slots=True)
class Amount:
    """What a formula comes to.

    Parameters
    ----------
    value
        In the units of the facts; None where a fact is missing or it is undefined.
    facts
        What it stands on, in the order of the formula.
    missing
        What was asked for and is not known.
    undefined
        Why it does not exist for these facts.
    """

    value: Decimal | None
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    undefined: Label | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """What a fact would have to be, the others staying as they are; ``now`` is what it is."""

    key: str
    year: int | None
    value: Decimal
    now: Decimal


def amount(expression: Expression, facts: Facts, day: date, shift: int = 0) -> Amount:
    """Return what a formula comes to.

    Parameters
    ----------
    expression
        From `formula.parse`.
    facts
        Of one enterprise, without those in doubt.
    day
        Of the decision: last year is ``day.year - 1``.
    shift
        How many years the whole formula is moved back.

    Examples
    --------
    >>> from ballast.brain.policy.formula import parse
    >>> nothing = amount(parse("revenue[last]"), Facts(), date(2026, 5, 1))
    >>> nothing.value, nothing.missing
    (None, (Missing(key='revenue', year=2025),))
    """
    walk = _Walk(facts, day, {})
    try:
        value = walk.value(expression, shift)
    except DecimalException:
        value, walk.undefined = None, _TOO_LARGE
    if walk.missing or walk.undefined:
        value = None
    undefined = None if walk.missing else walk.undefined
    return Amount(value, tuple(walk.used), tuple(walk.missing), undefined)


def needed(
    expression: Expression, target: Decimal, facts: Facts, day: date, shift: int = 0
) -> Needed | None:
    """Return what the first fact of a formula would have to be for the formula to be ``target``.

    Only a fact that decides alone is named: where it stands in the formula twice, or no value of
    it does, there is nothing to say.

    Examples
    --------
    >>> from ballast.brain.policy.formula import parse
    >>> said = Label("审计报告", "audit report")
    >>> known = {("rd", 2025): Fact("rd", Decimal(150), said, 2025),
    ...          ("revenue", 2025): Fact("revenue", Decimal(6000), said, 2025)}
    >>> share = parse("rd[last] / revenue[last]")
    >>> needed(share, Decimal("0.03"), Facts(known), date(2026, 5, 1))
    Needed(key='rd', year=2025, value=Decimal('180.00'), now=Decimal('150'))
    """
    solved = _Walk(facts, day, {}).solved(expression, target, shift)
    if solved is None:
        return None
    fact, value = solved
    now = facts.get(*fact)
    if now is None or not isinstance(now.value, Decimal):
        return None
    again = _Walk(facts, day, {fact: value})
    try:
        reached = again.value(expression, shift)
    except DecimalException:
        return None
    if reached is None or abs(reached - target) > TOLERANCE:
        return None
    return Needed(*fact, value, now.value)


def birthdays(since: date, day: date) -> int:
    """Return how many birthdays have passed between two days, as `Since` counts years.

    Examples
    --------
    >>> birthdays(date(2023, 5, 1), date(2026, 4, 30)), birthdays(date(2023, 5, 1), date(2026, 5, 1))
    (2, 3)
    """  # noqa: E501 - a doctest shows the call whole
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


class _Walk:
    """Walks a formula once, and gathers on the way what it met."""

    def __init__(
        self, facts: Facts, day: date, instead: Mapping[tuple[str, int | None], Decimal]
    ) -> None:
        self.facts = facts
        self.day = day
        self.instead = instead
        self.used: dict[Fact, None] = {}
        self.missing: dict[Missing, None] = {}
        self.undefined: Label | None = None

    def value(self, expression: Expression, shift: int) -> Decimal | None:
        match expression:
            case Number(value):
                return value
            case FactOf(key, back):
                return self.fact(key, self.year(back, shift))
            case Since(name, key):
                return self.since(name, key)
            case Series():
                return self.series(expression, shift)
            case Operation(sign, left, right):
                return self.operation(
                    sign, self.value(left, shift), self.value(right, shift), right, shift
                )
            case Extreme(name, left, right):
                one, other = self.value(left, shift), self.value(right, shift)
                if one is None or other is None:
                    return None
                return min(one, other) if name == "least" else max(one, other)

    def year(self, back: int | None, shift: int) -> int | None:
        return None if back is None else self.day.year - 1 - back - shift

    def fact(self, key: str, year: int | None) -> Decimal | None:
        if (key, year) in self.instead:
            return self.instead[key, year]
        found = self.facts.get(key, year)
        if found is None or not isinstance(found.value, Decimal):
            self.missing[Missing(key, year)] = None
            return None
        self.used[found] = None
        return found.value

    def since(self, name: str, key: str) -> Decimal | None:
        found = self.facts.get(key)
        if found is None or not isinstance(found.value, date):
            self.missing[Missing(key)] = None
            return None
        self.used[found] = None
        if name == "days":
            return Decimal((self.day - found.value).days)
        return Decimal(birthdays(found.value, self.day))

    def series(self, series: Series, shift: int) -> Decimal | None:
        if series.name == "cagr":
            return self.growth(series, shift)
        values = [self.value(series.of, shift + each) for each in range(series.years)]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        total = reduce(_EXACT.add, known)
        return total if series.name == "sum" else _EXACT.divide(total, Decimal(series.years))

    def growth(self, series: Series, shift: int) -> Decimal | None:
        now = self.value(series.of, shift)
        then = self.value(series.of, shift + series.years)
        if now is None or then is None:
            return None
        if now <= TOLERANCE or then <= TOLERANCE:
            self.undefined = Label(
                "首尾两年有一年不大于0，平均增长率无从计算",
                "one of the two years is not above zero, so no mean growth can be computed",
            )
            return None
        quotient = _EXACT.divide(now, then)
        root = _EXACT.power(quotient, _EXACT.divide(Decimal(1), Decimal(series.years)))
        return _EXACT.subtract(root, Decimal(1))

    def operation(
        self, sign: str, left: Decimal | None, right: Decimal | None, by: Expression, shift: int
    ) -> Decimal | None:
        if sign == "/" and right is not None and abs(right) <= TOLERANCE:
            self.undefined = self.no_divisor(by, shift)
            return None
        if left is None or right is None:
            return None
        match sign:
            case "+":
                return _EXACT.add(left, right)
            case "-":
                return _EXACT.subtract(left, right)
            case "*":
                return _EXACT.multiply(left, right)
            case _:
                return _EXACT.divide(left, right)

    def no_divisor(self, by: Expression, shift: int) -> Label:
        if isinstance(by, FactOf):
            name = fact_name(by.key, self.year(by.back, shift))
            return Label(
                f"{name.zh}为0，比值无从计算", f"{name.en} is zero, so the ratio is undefined"
            )
        return Label("除数为0，比值无从计算", "the divisor is zero, so the ratio is undefined")

    def solved(
        self, expression: Expression, target: Decimal, shift: int
    ) -> tuple[tuple[str, int | None], Decimal] | None:
        """Return the first fact and its value; what undoes each node, from the outside in."""
        try:
            match expression:
                case FactOf(key, back):
                    return (key, self.year(back, shift)), target
                case Series():
                    inner = self.before_series(expression, target, shift)
                    return self.solved(expression.of, inner, shift)
                case Operation(sign, left, right):
                    return self.solved_operation(sign, left, right, target, shift)
                case _:
                    return None
        except (DecimalException, LookupError):
            return None

    def before_series(self, series: Series, target: Decimal, shift: int) -> Decimal:
        if series.name == "cagr":
            then = self.known(series.of, shift + series.years)
            factor = _EXACT.power(_EXACT.add(1, target), Decimal(series.years))
            return _EXACT.multiply(then, factor)
        wanted = target * series.years if series.name == "mean" else target
        others = [self.known(series.of, shift + each) for each in range(1, series.years)]
        return reduce(_EXACT.subtract, others, wanted)

    def solved_operation(
        self, sign: str, left: Expression, right: Expression, target: Decimal, shift: int
    ) -> tuple[tuple[str, int | None], Decimal] | None:
        found = self.solved(left, _undone(sign, target, self.known(right, shift)), shift)
        if found is not None:
            return found
        other = self.known(left, shift)
        if sign in "-/":  # left - x = t, left / x = t
            undo = _EXACT.subtract if sign == "-" else _EXACT.divide
            return self.solved(right, undo(other, target), shift)
        return self.solved(right, _undone(sign, target, other), shift)

    def known(self, expression: Expression, shift: int) -> Decimal:
        found = self.value(expression, shift)
        if found is None:
            raise LookupError
        return found


def _undone(sign: str, target: Decimal, other: Decimal) -> Decimal:
    """Return x of ``x sign other = target``."""
    match sign:
        case "+":
            return _EXACT.subtract(target, other)
        case "-":
            return _EXACT.add(target, other)
        case "*":
            return _EXACT.divide(target, other)
        case _:
            return _EXACT.multiply(target, other)
