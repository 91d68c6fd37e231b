"""Facts in doubt, for all enterprises at once: null from then on, as if they were not known.

The rules are those of ``fact_doubts``, read as columns; a rule written here
again would some day differ from what the single engine finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_facts import YEARS_BACK, column_of
from ballast.brain.policy.columns_formula import TOLERANCE, ColumnFormulas, number
from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.fact_catalogue import FACTS, FactKind
from ballast.brain.policy.fact_doubts import RULES, DoubtRule
from ballast.brain.policy.formula import asked

__all__ = ["ColumnDoubts", "read_with"]

Key = tuple[str, int | None]
LARGEST = 1e300
"""What is beyond it, infinity and "not a number" among it, is no figure."""


def _shifted(key: Key, shift: int) -> Key:
    return (key[0], None if key[1] is None else key[1] + shift)


def _tests(key: Key) -> Iterator[tuple[DoubtRule, int]]:
    """Yield the rules that can put a fact in doubt, each with its shift."""
    for rule in RULES:
        for shift in rule.shifts:
            if any(_shifted(doubted, shift) == key for doubted in rule.doubted):
                yield rule, shift


def read_with(key: Key) -> frozenset[Key]:
    """Return the facts without which nobody can say whether a fact is in doubt, itself among them.

    A rule that reads more years than the wide table holds is left out, as is a year that no form
    asks for.
    """
    found = {key}
    for rule, shift in _tests(key):
        found |= _reads(rule, shift) if _stands(rule, shift) else frozenset()
    return frozenset(found)


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
        """Return the column of a fact as it was given; what is no number is not known."""
        found = self._staging.given(column_of(key, back))
        if self._examined or FACTS[key].kind not in (FactKind.AMOUNT, FactKind.COUNT):
            return found

        def make(value: ir.FloatingColumn) -> ir.Value:
            return ibis.cases((value.between(number(-LARGEST), number(LARGEST)), value))

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
