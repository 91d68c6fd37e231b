"""A formula of the law as columns: the same nodes that ``amounts`` walks for one enterprise.

Text into SQL would be a second reading of the formula, with its own idea of
what a year or an undefined quotient is. Here every node becomes one value of
the plan, NULL where a fact in it is not known or where it is undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import add, mul, sub

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.formula import (
    Expression,
    Extreme,
    FactOf,
    Number,
    Operation,
    Series,
    Since,
)

__all__ = ["TOLERANCE", "ColumnFormulas", "against", "number"]

TOLERANCE = 5e-10
"""What both paths allow a comparison, so that doubles and decimals agree at every boundary."""


def number(value: float) -> ir.FloatingScalar:
    """Return a figure as a double.

    Cast from text: as a bare literal DuckDB takes 20.0 for a decimal, and where all points of a
    score are literals, their sum would be one too.
    """
    return ibis.literal(repr(float(value))).cast("float64")


class ColumnFormulas:
    """Values of formulas in one plan.

    Parameters
    ----------
    staging
        The plan.
    fact
        Gives the column of a fact: its key, and how many years before last year (None: of the day).
    day
        The day of the decision.
    """

    def __init__(
        self, staging: Staging, fact: Callable[[str, int | None], Bound], day: date
    ) -> None:
        self._staging = staging
        self._fact = fact
        self._day = day

    def value(self, expression: Expression, shift: int = 0) -> Bound:
        """Return the column of an expression, moved ``shift`` years back."""
        match expression:
            case Number(figure):
                return self._staging.constant(figure, lambda: number(float(figure)))
            case FactOf(key, back):
                return self._fact(key, None if back is None else back + shift)
            case Operation(sign, left, right):
                return self._operation(sign, self.value(left, shift), self.value(right, shift))
            case Extreme(name, left, right):
                return self._extreme(name, self.value(left, shift), self.value(right, shift))
            case Since(name, key):
                return self._since(name, self._fact(key, None))
            case Series(name, of, years):
                if name == "cagr":
                    return self._growth(self.value(of, shift), self.value(of, shift + years), years)
                values = [self.value(of, shift + back) for back in range(years)]
                return self._sum(values, years if name == "mean" else 1)

    def _operation(self, sign: str, left: Bound, right: Bound) -> Bound:
        make = {"+": add, "-": sub, "*": mul, "/": _quotient}[sign]
        return self._staging.bind((sign, left, right), (left, right), make)

    def _extreme(self, name: str, left: Bound, right: Bound) -> Bound:
        def make(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.Value:
            # LEAST and GREATEST pass over a NULL; what is not known must make the whole unknown.
            first = left <= right if name == "least" else left >= right
            return ibis.cases((first, left), (~first, right))

        return self._staging.bind((name, left, right), (left, right), make)

    def _sum(self, values: list[Bound], divisor: int) -> Bound:
        def make(*values: ir.FloatingValue) -> ir.Value:
            total = reduce(add, values)
            return total if divisor == 1 else total / number(divisor)

        return self._staging.bind(("sum", divisor, *values), values, make)

    def _growth(self, last: Bound, first: Bound, years: int) -> Bound:
        def make(last: ir.FloatingValue, first: ir.FloatingValue) -> ir.Value:
            ratio = last / first
            rate = ratio if years == 1 else ratio ** number(1 / years)
            defined = (last > number(TOLERANCE)) & (first > number(TOLERANCE))
            return ibis.cases((defined, rate - number(1)))

        return self._staging.bind(("cagr", last, first, years), (last, first), make)

    def _since(self, name: str, since: Bound) -> Bound:
        day = self._day

        def years(since: ir.DateValue) -> ir.Value:
            later = since.month() * 100 + since.day() > day.month * 100 + day.day
            return (day.year - since.year() - later.cast("int32")).cast("float64")

        def days(since: ir.DateValue) -> ir.Value:
            return ibis.literal(day).delta(since, unit="day").cast("float64")

        make = years if name == "years" else days
        return self._staging.bind((name, since), (since,), make)


def _quotient(left: ir.FloatingValue, right: ir.FloatingValue) -> ir.Value:
    """Return a quotient, undefined where the divisor counts as zero."""
    return ibis.cases((right.abs() > number(TOLERANCE), left / right))


def against(value: ir.FloatingValue, op: str, threshold: float) -> ir.BooleanValue:
    """Return whether a comparison holds within the tolerance of both engines; null of null."""
    low, high = number(threshold - TOLERANCE), number(threshold + TOLERANCE)
    tests: dict[str, Callable[[], ir.BooleanValue]] = {
        ">=": lambda: value >= low,
        ">": lambda: value > high,
        "<=": lambda: value <= high,
        "<": lambda: value < low,
        "==": lambda: value.between(low, high),
    }
    return tests[op]()
