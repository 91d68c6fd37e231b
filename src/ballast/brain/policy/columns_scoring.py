"""Scores as columns: a lower and an upper end, and whether a missing fact keeps them apart.

Points follow the rules that ``scoring`` writes down; only the two ends and
their openness are columns, for that is all the state of a score depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_formula import TOLERANCE, against, number
from ballast.brain.policy.columns_plan import Plan
from ballast.brain.policy.columns_staging import Bound
from ballast.brain.policy.columns_states import (
    MANUAL,
    MET,
    UNKNOWN,
    UNMET,
    Stated,
    code,
)
from ballast.brain.policy.engine_wording import factor
from ballast.brain.policy.shape import (
    Bands,
    Best,
    Capped,
    Criterion,
    Expert,
    First,
    Item,
    PerUnit,
    Points,
    Score,
    ScoreGroup,
)

__all__ = ["ColumnScores", "Ends"]


@dataclass(frozen=True, slots=True)
class Ends:
    """Points of a row: the least, the most, and whether a missing fact holds them apart."""

    low: Bound
    high: Bound
    open: Bound


def _ends(points: Decimal | Points) -> tuple[Decimal, Decimal]:
    return (points.low, points.high) if isinstance(points, Points) else (points, points)


class ColumnScores:
    """Points of items and groups in one plan.

    Parameters
    ----------
    plan
        The version and its facts.
    state
        Gives the column of a condition's state.
    """

    def __init__(self, plan: Plan, state: Callable[[Criterion], Stated]) -> None:
        self._plan = plan
        self._staging = plan.staging
        self._state = state

    def score(self, rule: Score) -> tuple[Stated, Ends]:
        """Return the state of a score and its ends."""
        groups = [(group, self._group(group)) for group in rule.groups]
        total = self._sum([ends for _, ends in groups], None)
        states = [self._reaches(total, rule.op, self._plan.threshold(rule.threshold))]
        states += [
            self._reaches(ends, ">=", self._plan.threshold(group.least))
            for group, ends in groups
            if group.least is not None
        ]
        return self._plan.states.all_of(states), total

    def _reaches(self, ends: Ends, op: str, threshold: float) -> Stated:
        """Return the state of points against a bound, as the engine's ``reaches``."""

        def make(low: ir.FloatingValue, high: ir.FloatingValue, open_: ir.BooleanValue) -> ir.Value:
            return ibis.cases(
                (against(low, op, threshold), code(MET)),
                (~against(high, op, threshold), code(UNMET)),
                (open_, code(UNKNOWN)),
                else_=code(MANUAL),
            )

        needs = (ends.low, ends.high, ends.open)
        bound = self._staging.bind(("reaches", op, threshold, *needs), needs, make)
        return Stated(bound, frozenset({UNMET, UNKNOWN, MANUAL, MET}))

    def _group(self, group: ScoreGroup) -> Ends:
        return self._sum([self.item(item) for item in group.items], group.cap)

    def _sum(self, parts: Sequence[Ends], cap: Decimal | None) -> Ends:
        """Return sums of ends, cut at a cap; open where they are wide and a part is open."""

        def total(*values: ir.FloatingValue) -> ir.Value:
            found = reduce(add, values)
            return found if cap is None else ibis.least(found, number(float(cap)))

        def bind(bounds: Sequence[Bound]) -> Bound:
            return self._staging.bind(("total", cap, *bounds), bounds, total)

        low, high = (bind([p.low for p in parts]), bind([p.high for p in parts]))
        return Ends(low, high, self._open(low, high, [part.open for part in parts]))

    def _open(self, low: Bound, high: Bound, parts: Sequence[Bound]) -> Bound:
        parts = [part for part in dict.fromkeys(parts) if part.constant is not False]
        if not parts:
            return self._never()

        def make(
            low: ir.FloatingValue, high: ir.FloatingValue, *parts: ir.BooleanValue
        ) -> ir.Value:
            return (low < high) & ibis.or_(*parts)

        return self._staging.bind(("open", low, high, *parts), (low, high, *parts), make)

    def _never(self) -> Bound:
        return self._staging.constant(False, lambda: ibis.literal(False))

    def _figure(self, value: Decimal) -> Bound:
        return self._staging.constant(value, lambda: number(float(value)))

    def item(self, item: Item) -> Ends:
        """Return the ends of an item."""
        match item:
            case Bands():
                return self._bands(item)
            case First():
                return self._first(item)
            case Capped():
                return self._capped(item)
            case PerUnit():
                return self._per(item)
            case Expert():
                return self._expert(item)
            case Best(of=parts):
                return self._best([self.item(part) for part in parts])

    def _bands(self, item: Bands) -> Ends:
        value = self._plan.quantity(item.quantity)
        ends = [_ends(band.points) for band in item.bands]
        if not any(band.at_least is None and band.above is None for band in item.bands):
            ends.append((Decimal(0), Decimal(0)))
        low_known = self._banded(item, value, [low for low, _ in ends])
        high_known = self._banded(item, value, [high for _, high in ends])
        low = self._unless_missing(low_known, min(low for low, _ in ends))
        high = self._unless_missing(high_known, max(high for _, high in ends))
        return Ends(low, high, self._open(low, high, [self._missing(value)]))

    def _banded(self, item: Bands, value: Bound, points: Sequence[Decimal]) -> Bound:
        """Return the points of the first band that a value falls into; null where it is null."""
        unit = factor(item.unit)

        def make(value: ir.FloatingValue) -> ir.Value:
            branches = []
            for band, own in zip(item.bands, points, strict=False):
                if band.at_least is not None:
                    test = against(value, ">=", float(band.at_least * unit))
                elif band.above is not None:
                    test = against(value, ">", float(band.above * unit))
                else:
                    test = value.notnull()
                branches.append((test, number(float(own))))
            if len(points) > len(item.bands):
                branches.append((value.notnull(), number(float(points[-1]))))
            return ibis.cases(*branches)

        bounds = tuple((band.at_least, band.above) for band in item.bands)
        return self._staging.bind(("bands", value, unit, bounds, tuple(points)), (value,), make)

    def _unless_missing(self, value: Bound, missing: Decimal) -> Bound:
        def make(value: ir.FloatingValue) -> ir.Value:
            return ibis.coalesce(value, number(float(missing)))

        return self._staging.bind(("unless missing", value, missing), (value,), make)

    def _missing(self, value: Bound) -> Bound:
        return self._staging.bind(("missing", value), (value,), lambda value: value.isnull())

    def _first(self, item: First) -> Ends:
        otherwise = _ends(item.otherwise)
        low, high = map(self._figure, otherwise)
        open_ = self._never()
        for judged in reversed(item.of):
            state = self._state(judged.test)
            own = _ends(judged.points)
            low, high, open_ = (
                self._either(state, own[0], low, ibis.least),
                self._either(state, own[1], high, ibis.greatest),
                self._left_open(state, open_),
            )
        return Ends(low, high, self._open(low, high, [open_]))

    def _either(
        self, state: Stated, own: Decimal, rest: Bound, both: Callable[..., ir.Value]
    ) -> Bound:
        """Return the points of a condition that is met, else the rest, else the end of both."""
        points = number(float(own))

        def make(state: ir.IntegerValue, rest: ir.FloatingValue) -> ir.Value:
            branches = [(state == code(MET), points)]
            if state_possible & {UNKNOWN, MANUAL}:
                undecided = state.isin([code(UNKNOWN), code(MANUAL)])
                branches.append((undecided, both(points, rest)))
            return ibis.cases(*branches, else_=rest)

        state_possible = state.possible
        key = ("either", state.bound, own, rest, both.__name__)
        return self._staging.bind(key, (state.bound, rest), make)

    def _left_open(self, state: Stated, rest: Bound) -> Bound:
        if UNKNOWN not in state.possible and rest.constant is False:
            return rest

        def make(state: ir.IntegerValue, rest: ir.BooleanValue) -> ir.Value:
            return (state == code(UNKNOWN)) | ((state != code(MET)) & rest)

        return self._staging.bind(("left open", state.bound, rest), (state.bound, rest), make)

    def _capped(self, item: Capped) -> Ends:
        judged = [(self._state(each.test), each) for each in item.of]

        def points(end: int, states: frozenset[int]) -> Bound:
            def make(*columns: ir.IntegerValue) -> ir.Value:
                values = [
                    ibis.ifelse(
                        column.isin([code(s) for s in sorted(states & state.possible)]),
                        number(float(_ends(each.points)[end])),
                        number(0),
                    )
                    for column, (state, each) in zip(columns, judged, strict=True)
                    if states & state.possible
                ]
                total = reduce(add, values, number(0))
                return ibis.least(total, number(float(item.cap)))

            bounds = [state.bound for state, _ in judged]
            given = tuple(_ends(each.points) for _, each in judged)
            key = ("capped", end, item.cap, given, *bounds)
            return self._staging.bind(key, bounds, make)

        low = points(0, frozenset({MET}))
        high = points(1, frozenset({MET, UNKNOWN, MANUAL}))
        unknown = [self._left_open(state, self._never()) for state, _ in judged]
        return Ends(low, high, self._open(low, high, unknown))

    def _per(self, item: PerUnit) -> Ends:
        value = self._plan.quantity(item.quantity)
        each, points, cap = float(item.each), float(item.points), float(item.cap)
        most = cap / points if points else 0.0

        def make(value: ir.FloatingValue) -> ir.Value:
            # Cut before it becomes a whole number: what is far above the cap would be none. LEAST
            # and GREATEST pass over a NULL, which must stay one.
            units = value / number(each) + number(TOLERANCE)
            some = ibis.least(ibis.greatest(units, number(0)), number(most + 1))
            whole = some.floor().cast("float64") * number(points)
            return ibis.cases((value.notnull(), ibis.least(whole, number(cap))))

        found = self._staging.bind(("per", value, each, points, cap), (value,), make)
        low, high = (self._unless_missing(found, end) for end in (Decimal(0), item.cap))
        return Ends(low, high, self._open(low, high, [self._missing(value)]))

    def _expert(self, item: Expert) -> Ends:
        low, high = item.points.low, item.points.high
        if item.fact is None:
            return Ends(self._figure(low), self._figure(high), self._never())
        given = self._plan.fact(item.fact)

        def end(unknown: Decimal) -> Bound:
            def make(given: ir.FloatingValue) -> ir.Value:
                within = given.between(number(float(low)), number(float(high)))
                return ibis.ifelse(within, given, number(float(unknown)))

            return self._staging.bind(("expert", given, low, high, unknown), (given,), make)

        return Ends(end(low), end(high), self._never())

    def _best(self, parts: Sequence[Ends]) -> Ends:
        def greatest(bounds: Sequence[Bound]) -> Bound:
            if len(bounds) == 1:
                return bounds[0]
            return self._staging.bind(("best", *bounds), bounds, ibis.greatest)

        low = greatest([part.low for part in parts])
        high = greatest([part.high for part in parts])
        above = [self._open(low, p.high, [p.open]) for p in parts]
        return Ends(low, high, self._open(low, high, above))
