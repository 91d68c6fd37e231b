"""Checks the formulas of a law: known facts, of the right year, and a result in the unit named.

``rd[last] / revenue[last]`` shown in 10,000 CNY would be wrong a thousandfold
and read well. So dimensions are carried through a formula: a sum of money
divided by a sum of money is a share, and money added to persons is nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from ballast.brain.policy.formula import (
    Expression,
    Extreme,
    FactOf,
    Number,
    Operation,
    Series,
    Since,
    parse,
)
from ballast.brain.policy.shape import LAW_UNITS, Quantity
from ballast.errors import Refused
from ballast.terms.policy_fact import FACTS, FactKind
from ballast.words import Sentence

__all__ = ["dimension", "facts_in", "formula_faults", "unknown_fact"]

_NUMERIC = (FactKind.AMOUNT, FactKind.COUNT)
_SHARE = "ratio"


def formula_faults(quantity: Quantity) -> Iterator[Sentence]:
    """Yield what is wrong with a quantity's formula."""
    try:
        expression = parse(quantity.formula)
    except Refused as error:
        yield Sentence(error.template, error.values)
        return
    wrong = False
    for leaf in facts_in(expression):
        said = _fact_fault(leaf)
        if said is not None:
            wrong = True
            yield said
    if wrong or quantity.unit not in LAW_UNITS:
        return
    try:
        found = dimension(expression)
    except _Mixed as mixed:
        yield Sentence(
            "this adds or compares {left} with {right}; both sides need one unit",
            {"left": mixed.left, "right": mixed.right},
        )
        return
    wanted = LAW_UNITS[quantity.unit].dimension
    if found not in (None, wanted):
        yield Sentence(
            "the formula gives {found}, but the unit {unit} is one of {wanted}; mend either",
            {"found": found, "unit": quantity.unit, "wanted": wanted},
        )


def facts_in(expression: Expression) -> Iterator[FactOf | Since]:
    """Yield every place of a formula that names a fact."""
    match expression:
        case FactOf() | Since():
            yield expression
        case Series(_, of, _):
            yield from facts_in(of)
        case Operation(_, left, right) | Extreme(_, left, right):
            yield from facts_in(left)
            yield from facts_in(right)
        case Number():
            pass


def unknown_fact(key: str) -> Sentence:
    """Return how to say that a fact is not declared, with what is spelled alike."""
    alike = difflib.get_close_matches(key, list(FACTS), n=3, cutoff=0.5)
    return Sentence(
        "“{key}” is no fact that can be asked for; alike: {alike}",
        {"key": key, "alike": ", ".join(alike) or "–"},
    )


def _fact_fault(leaf: FactOf | Since) -> Sentence | None:
    fact = FACTS.get(leaf.key)
    if fact is None:
        return unknown_fact(leaf.key)
    if isinstance(leaf, Since):
        if fact.kind is FactKind.DATE:
            return None
        return Sentence("“{key}” is no day, so no time has passed since it", {"key": leaf.key})
    if fact.kind not in _NUMERIC:
        return Sentence("“{key}” is no figure; a formula reckons with figures", {"key": leaf.key})
    if fact.yearly and leaf.back is None:
        return Sentence("“{key}” is of a year; write {key}[last]", {"key": leaf.key})
    if not fact.yearly and leaf.back is not None:
        return Sentence("“{key}” is of no year; write it without [last]", {"key": leaf.key})
    return None


class _Mixed(Exception):
    """Two dimensions that cannot be added."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(left, right)
        self.left, self.right = left, right


def dimension(expression: Expression) -> str | None:
    """Return the dimension of a formula's result; None where any would do (a bare figure).

    Examples
    --------
    >>> dimension(parse("rd[last] / revenue[last]")), dimension(parse("sum(rd, 2)"))
    ('ratio', 'money_cny')
    """
    match expression:
        case Number():
            return None
        case FactOf(key):
            return FACTS[key].unit.dimension
        case Since(name):
            return "days" if name == "days" else "duration"
        case Series(name, of, _):
            inner = dimension(of)
            return _SHARE if name == "cagr" else inner
        case Extreme(_, left, right):
            return _alike(dimension(left), dimension(right))
        case Operation(sign, left, right):
            first, second = dimension(left), dimension(right)
            if sign in ("+", "-"):
                return _alike(first, second)
            return _product(first, second) if sign == "*" else _quotient(first, second)


def _alike(left: str | None, right: str | None) -> str | None:
    if left is not None and right is not None and left != right:
        raise _Mixed(left, right)
    return left if right is None else right


def _product(left: str | None, right: str | None) -> str | None:
    if left in (None, _SHARE):
        return right if left is None or right is not None else left
    return left if right in (None, _SHARE) else f"{left}·{right}"


def _quotient(left: str | None, right: str | None) -> str | None:
    if left is not None and left == right:
        return _SHARE
    if right in (None, _SHARE):
        return left
    return f"{left or '1'}/{right}"
