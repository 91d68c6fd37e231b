"""States of criteria as whole numbers, so that a million of them combine without a word.

The codes are chosen by their order: where all parts must be met, the state of
a group is the least code of its parts, for unmet settles it, then a missing
fact, then people; what does not apply is the greatest and never decides.
Booleans with NULL would be nearer to SQL, but they know three values and the
law five, and NULL passes silently into false wherever a condition is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.finding import State

__all__ = [
    "ANY_STATE",
    "CODES",
    "MANUAL",
    "MET",
    "NOT_APPLICABLE",
    "STATES",
    "UNKNOWN",
    "UNMET",
    "Stated",
    "States",
    "code",
]

CODES = {
    State.UNMET: 0,
    State.UNKNOWN: 1,
    State.MANUAL: 2,
    State.MET: 3,
    State.NOT_APPLICABLE: 4,
}
STATES = {code: state for state, code in CODES.items()}
UNMET, UNKNOWN, MANUAL, MET, NOT_APPLICABLE = range(5)
ANY_STATE = frozenset(STATES)


@dataclass(frozen=True, slots=True)
class Stated:
    """A column of codes, and which of them can occur in it: what cannot is not asked for."""

    bound: Bound
    possible: frozenset[int] = ANY_STATE


def code(value: int) -> ir.IntegerScalar:
    """Return a code as a literal of one byte."""
    return ibis.literal(value, type="int8")


class States:
    """Combines states in one plan."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    def always(self, value: int) -> Stated:
        """Return a state that every row has."""
        return Stated(self._staging.constant(value, lambda: code(value)), frozenset({value}))

    def test(self, holds: Bound) -> Stated:
        """Return met where a condition holds, unmet where it does not, unknown where it is null."""

        def make(holds: ir.BooleanColumn) -> ir.Value:
            return ibis.cases((holds, code(MET)), (~holds, code(UNMET)), else_=code(UNKNOWN))

        bound = self._staging.bind(("test", holds), (holds,), make)
        return Stated(bound, frozenset({MET, UNMET, UNKNOWN}))

    def all_of(self, parts: Sequence[Stated]) -> Stated:
        """Return unmet, else unknown, else manual, else met; not applicable is left out."""
        parts = _different(parts)
        settled = [p for p in parts if p.possible == {UNMET}]
        if settled:
            return settled[0]
        open_ = [p for p in parts if p.possible != {NOT_APPLICABLE}]
        if len(open_) < 2:
            return open_[0] if open_ else self.always(NOT_APPLICABLE)
        bounds = [p.bound for p in open_]
        possible = frozenset[int]().union(*(p.possible for p in open_))
        if any(NOT_APPLICABLE not in p.possible for p in open_):
            possible -= {NOT_APPLICABLE}
        return Stated(self._staging.bind(("all", *bounds), bounds, ibis.least), possible)

    def any_of(self, parts: Sequence[Stated]) -> Stated:
        """Return met, else unknown, else manual, else unmet; not applicable is left out."""
        parts = [p for p in _different(parts) if p.possible != {NOT_APPLICABLE}]
        settled = [p for p in parts if p.possible == {MET}]
        if settled:
            return settled[0]
        if len(parts) < 2:
            return parts[0] if parts else self.always(NOT_APPLICABLE)
        bounds = [p.bound for p in parts]
        possible = frozenset[int]().union(*(p.possible for p in parts))

        def make(*states: ir.IntegerColumn) -> ir.Value:
            def some(wanted: int) -> ir.BooleanValue:
                found = [
                    s == code(wanted)
                    for s, p in zip(states, parts, strict=True)
                    if wanted in p.possible
                ]
                return ibis.or_(*found)

            order = [each for each in (MET, UNKNOWN, MANUAL, UNMET) if each in possible]
            rest = NOT_APPLICABLE if NOT_APPLICABLE in possible else order.pop()
            return ibis.cases(*((some(s), code(s)) for s in order), else_=code(rest))

        if any(NOT_APPLICABLE not in p.possible for p in parts):
            possible -= {NOT_APPLICABLE}
        make_ = make if possible & {MANUAL, NOT_APPLICABLE} else ibis.greatest
        return Stated(self._staging.bind(("any", *bounds), bounds, make_), possible)

    def at_least(self, count: int, parts: Sequence[Stated]) -> Stated:
        """Return met if so many are met, unmet if so many cannot be any more; see the engine's."""
        open_ = [p for p in parts if p.possible != {NOT_APPLICABLE}]
        if not open_:
            return self.always(NOT_APPLICABLE)
        bounds = [p.bound for p in open_]

        def make(*states: ir.IntegerColumn) -> ir.Value:
            def times(wanted: int) -> ir.IntegerValue:
                return reduce(add, [(s == code(wanted)).cast("int16") for s in states])

            met, unknown, manual, absent = map(times, (MET, UNKNOWN, MANUAL, NOT_APPLICABLE))
            return ibis.cases(
                (absent == len(states), code(NOT_APPLICABLE)),
                (met >= count, code(MET)),
                (met + unknown + manual < count, code(UNMET)),
                (unknown > 0, code(UNKNOWN)),
                else_=code(MANUAL),
            )

        return Stated(self._staging.bind(("at least", count, *bounds), bounds, make))

    def waived(self, state: Stated, waiver: Stated) -> Stated:
        """Return "this or the waiver"; what does not apply needs no waiver and stays so."""
        either = self.any_of([state, waiver])
        return self._unless(state, either)

    def conditional(self, state: Stated, condition: Stated) -> Stated:
        """Return a state under a condition (``when``), as the engine's ``conditional``."""
        if condition.possible <= {MET, NOT_APPLICABLE}:
            return state

        def make(state: ir.IntegerColumn, condition: ir.IntegerColumn) -> ir.Value:
            settled = state.isin([code(MET), code(NOT_APPLICABLE)])
            applies = condition.isin([code(MET), code(NOT_APPLICABLE)])
            missing = (state == code(UNKNOWN)) | (condition == code(UNKNOWN))
            return ibis.cases(
                (applies, state),
                (condition == code(UNMET), code(NOT_APPLICABLE)),
                (settled, state),
                (missing, code(UNKNOWN)),
                else_=code(MANUAL),
            )

        needs = (state.bound, condition.bound)
        return Stated(self._staging.bind(("when", *needs), needs, make))

    def masked(self, state: Stated, conditions: Sequence[Stated]) -> Stated:
        """Return not applicable where a condition is unmet, else the state."""
        needs = [each.bound for each in _different(conditions) if UNMET in each.possible]
        if not needs:
            return state

        def make(state: ir.IntegerColumn, *conditions: ir.IntegerColumn) -> ir.Value:
            out = ibis.or_(*(each == code(UNMET) for each in conditions))
            return ibis.ifelse(out, code(NOT_APPLICABLE), state)

        bound = self._staging.bind(("masked", state.bound, *needs), (state.bound, *needs), make)
        return Stated(bound, state.possible | {NOT_APPLICABLE})

    def _unless(self, state: Stated, otherwise: Stated) -> Stated:
        """Return not applicable where a state is so, else the other."""
        if NOT_APPLICABLE not in state.possible:
            return otherwise

        def make(state: ir.IntegerColumn, otherwise: ir.IntegerColumn) -> ir.Value:
            return ibis.ifelse(state == code(NOT_APPLICABLE), state, otherwise)

        needs = (state.bound, otherwise.bound)
        possible = otherwise.possible | {NOT_APPLICABLE}
        return Stated(self._staging.bind(("unless", *needs), needs, make), possible)


def _different(parts: Sequence[Stated]) -> list[Stated]:
    """Return the parts, each column once."""
    return list({part.bound: part for part in parts}.values())
