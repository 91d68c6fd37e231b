"""Facts in doubt, for all enterprises at once: null from then on, as if they were not known.

The rules are those of ``fact_doubts``, read as columns; a rule written here
again would some day differ from what the single engine finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_facts import YEARS_BACK, column_of
from ballast.brain.policy.columns_formula import TOLERANCE, ColumnFormulas, number
from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.fact_doubts import RULES, DoubtRule
from ballast.brain.policy.formula import asked
from ballast.terms.industry import LEVELS, industries
from ballast.terms.policy_fact import FACTS, FactKind

__all__ = ["ColumnDoubts"]

Key = tuple[str, int | None]
_CHECKED = (FactKind.AMOUNT, FactKind.COUNT, FactKind.CHOICE, FactKind.CODE)
LARGEST = 1e300
"""What is beyond it, infinity and "not a number" among it, is no figure."""


@cache
def _codes() -> tuple[str, ...]:
    """Return every code of GB/T 4754-2017; another one is in no sector of any standard."""
    return tuple(sorted(one.code for level in LEVELS for one in industries(level)))


def _shifted(key: Key, shift: int) -> Key:
    return (key[0], None if key[1] is None else key[1] + shift)


def _tests(key: Key) -> Iterator[tuple[DoubtRule, int]]:
    """Yield the rules that can put a fact in doubt, each with its shift."""
    for rule in RULES:
        for shift in rule.shifts:
            if any(_shifted(doubted, shift) == key for doubted in rule.doubted):
                yield rule, shift


def _reads(rule: DoubtRule, shift: int) -> frozenset[Key]:
    right = frozenset() if rule.op == "fraction" else asked(rule.right, shift)
    return asked(rule.left, shift) | right


def _stands(rule: DoubtRule, shift: int) -> bool:
    return all(back is None or back < YEARS_BACK for _, back in _reads(rule, shift))


class ColumnDoubts:
    """Facts without those in doubt, in one plan.

    Parameters
    ----------
    staging
        The plan.
    day
        Of the decision.
    examined
        Whether the facts in doubt are null in the table already.
    """

    def __init__(self, staging: Staging, day: date, *, examined: bool = False) -> None:
        self._staging = staging
        self._examined = examined
        self._formulas = ColumnFormulas(staging, self.given, day)

    def given(self, key: str, back: int | None) -> Bound:
        """Return the column of a fact as it was given; what is none of its kind is not known."""
        found = self._staging.given(column_of(key, back))
        declared = FACTS[key]
        if self._examined or declared.kind not in _CHECKED:
            return found

        def make(value: ir.Column) -> ir.Value:
            if declared.kind is FactKind.CHOICE:
                sound = value.isin([choice for choice, _ in declared.choices])
            elif declared.kind is FactKind.CODE:
                sound = value.isin(_codes())
            else:
                sound = value.between(number(-LARGEST), number(LARGEST))
            return ibis.cases((sound, value))

        return self._staging.bind(("given", key, back), (found,), make)

    def fact(self, key: str, back: int | None) -> Bound:
        """Return the column of a fact, null where it is in doubt."""
        value = self.given(key, back)
        if self._examined:
            return value
        tests = [self._found(r, shift) for r, shift in _tests((key, back)) if _stands(r, shift)]
        if not tests:
            return value

        def make(value: ir.Column, *found: ir.BooleanColumn) -> ir.Value:
            return ibis.cases((ibis.or_(*found), ibis.null(value.type())), else_=value)

        return self._staging.bind(("fact", key, back), (value, *tests), make)

    def _found(self, rule: DoubtRule, shift: int) -> Bound:
        """Return whether a rule finds its contradiction; null where it cannot be computed."""
        left = self._formulas.value(rule.left, shift)
        if rule.op == "fraction":
            return self._staging.bind(("doubt", rule.id, shift), (left,), _is_fraction)
        right = self._formulas.value(rule.right, shift)
        make = _above if rule.op == ">" else _below
        return self._staging.bind(("doubt", rule.id, shift), (left, right), make)


_Test = Callable[..., ir.BooleanValue]


def _above(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.BooleanValue:
    return left > right + number(TOLERANCE)


def _below(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.BooleanValue:
    return left < right - number(TOLERANCE)


def _is_fraction(value: ir.FloatingValue) -> ir.BooleanValue:
    # Not by rounding: Ibis makes a whole number of what it rounds, and a large figure is none.
    part = (value % number(1)).abs()
    return (part > number(TOLERANCE)) & (part < number(1 - TOLERANCE))
