"""The criteria of a law as columns: each kind of rule becomes a column of states.

The walk is the engine's, rule by rule; what it leaves out is what a column
cannot hold (words, margins, the facts it stands on). Who wants those asks the
engine for the one enterprise.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_facts import title_column
from ballast.brain.policy.columns_formula import against
from ballast.brain.policy.columns_plan import Plan
from ballast.brain.policy.columns_scoring import ColumnScores, Ends
from ballast.brain.policy.columns_size import ColumnSize
from ballast.brain.policy.columns_staging import Bound
from ballast.brain.policy.columns_states import MANUAL, NOT_APPLICABLE, UNKNOWN, Stated, code
from ballast.brain.policy.shape import (
    All,
    Among,
    Any,
    AtLeast,
    Compare,
    Criterion,
    Flag,
    Holds,
    Manual,
    Score,
    Size,
)

__all__ = ["ColumnRules"]


class ColumnRules:
    """States of criteria in one plan.

    Parameters
    ----------
    plan
        The version, the day, the facts and their formulas.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._states = plan.states
        self._scores = ColumnScores(plan, self.state)
        self._found: dict[str, Stated] = {}
        self._ends: dict[str, Ends] = {}

    def ends(self, id_: str) -> tuple[Bound, Bound]:
        """Return the ends of a score that was asked for; null where it is not tested."""
        found = self._ends.get(id_)
        if found is None:
            nothing = self._plan.staging.bind("nothing", (), lambda: ibis.null("float64"))
            return nothing, nothing
        return found.low, found.high

    def state(self, rule: Criterion) -> Stated:
        """Return the column of a criterion's state, its waiver and its condition considered."""
        found = self._found.get(rule.id)
        if found is None:
            found = self._found[rule.id] = self._state(rule)
        return found

    def _state(self, rule: Criterion) -> Stated:
        if rule.only is not None and rule.only != self._plan.application:
            return self._states.always(NOT_APPLICABLE)
        state = self._own(rule)
        if rule.waived_by is not None:
            state = self._states.waived(state, self.state(rule.waived_by))
        if rule.when is not None:
            state = self._states.conditional(state, self.state(rule.when))
        return state

    def _own(self, rule: Criterion) -> Stated:
        match rule:
            case All(of=parts):
                return self._states.all_of([self.state(part) for part in parts])
            case Any(of=parts):
                return self._states.any_of([self.state(part) for part in parts])
            case AtLeast(count=count, of=parts):
                return self._states.at_least(count, [self.state(part) for part in parts])
            case Compare():
                return self._compare(rule)
            case Flag(fact=fact, expected=expected):
                return self._flag(fact, expected=expected)
            case Among(fact=fact, choices=choices):
                return self._among(fact, choices)
            case Holds(schemes=schemes):
                titles = [self._plan.staging.given(title_column(each)) for each in schemes]
                return self._states.any_of([self._states.test(title) for title in titles])
            case Size(classes=classes):
                return ColumnSize(self._plan).is_one_of(classes)
            case Manual(fact=fact):
                return self._manual(fact)
            case Score():
                state, ends = self._scores.score(rule)
                self._ends[rule.id] = ends
                return state

    def _compare(self, rule: Compare) -> Stated:
        threshold = self._plan.threshold(rule.threshold)
        values = [self._plan.quantity(rule.quantity, shift) for shift in range(rule.years)]
        return self._states.all_of([self._against(value, rule.op, threshold) for value in values])

    def _against(self, value: Bound, op: str, threshold: float) -> Stated:
        holds = self._plan.staging.bind(
            ("compare", value, op, threshold), (value,), lambda value: against(value, op, threshold)
        )
        return self._states.test(holds)

    def _flag(self, fact: str, *, expected: bool) -> Stated:
        value = self._plan.fact(fact)
        if not expected:
            value = self._plan.staging.bind(("not", value), (value,), lambda value: ~value)
        return self._states.test(value)

    def _among(self, fact: str, choices: tuple[str, ...]) -> Stated:
        value = self._plan.fact(fact)
        key = ("among", value, choices)
        return self._states.test(
            self._plan.staging.bind(key, (value,), lambda value: value.isin(choices))
        )

    def _manual(self, fact: str | None) -> Stated:
        if fact is None:
            return self._states.always(MANUAL)
        judged = self._states.test(self._plan.fact(fact))

        def make(state: ir.IntegerColumn) -> ir.Value:
            return ibis.ifelse(state == code(UNKNOWN), code(MANUAL), state)

        bound = self._plan.staging.bind(("judged", judged.bound), (judged.bound,), make)
        return Stated(bound, (judged.possible - {UNKNOWN}) | {MANUAL})
