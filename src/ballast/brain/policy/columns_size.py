"""The size class as columns: which classes of the size standard are still possible.

A table of bounds to join with would do as well, but not one that both engines
take without a word on types; and a rule asks only whether the class is one of
some, so the bounds become columns that follow the sector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_formula import TOLERANCE, number
from ballast.brain.policy.columns_plan import Plan
from ballast.brain.policy.columns_staging import Bound
from ballast.brain.policy.columns_states import MET, UNKNOWN, UNMET, Stated, code
from ballast.brain.policy.engine_wording import factor
from ballast.brain.policy.law_shape import Sector, Version
from ballast.brain.policy.size import SIZE_STANDARD
from ballast.brain.policy.versions import resolve, version_of
from ballast.terms.industry import children, exists

__all__ = ["ColumnSize"]

NOWHERE = -1
"""The sector of an industry that is not known, or in none."""


class ColumnSize:
    """The size standard in one plan.

    Parameters
    ----------
    plan
        Whose day says which version of the standard is asked.
    version
        Of a classification; the size standard's where it is not given.
    """

    def __init__(self, plan: Plan, version: Version | None = None) -> None:
        self._plan = plan
        self._staging = plan.staging
        if version is None:
            version = version_of(plan.laws, resolve(plan.laws, SIZE_STANDARD, plan.day))
        self._sectors = version.sectors
        self.classes = _in_order(self._sectors)

    def is_one_of(self, wanted: tuple[str, ...]) -> Stated:
        """Return met where every class that is possible is wanted, unmet where none is."""
        state = self._by_sector("rest", lambda s: _state(s.otherwise in wanted))
        for name in reversed(self.classes):
            if any(bound.name == name for sector in self._sectors for bound in sector.bounds):
                state = self._larger(name, self._reached(name), _state(name in wanted), state)
        return Stated(self._unless_nowhere(state, wanted), frozenset({UNMET, UNKNOWN, MET}))

    def classified(self) -> tuple[Stated, Bound]:
        """Return the state (met where the class is known) and the class, null where it is not."""
        each = [self.is_one_of((name,)).bound for name in self.classes]

        def make(*states: ir.IntegerValue) -> ir.Value:
            pairs = zip(states, self.classes, strict=True)
            return ibis.cases(*((state == code(MET), name) for state, name in pairs))

        found = self._staging.bind(("class", *each), each, make)

        def known(found: ir.StringValue) -> ir.Value:
            return ibis.ifelse(found.isnull(), code(UNKNOWN), code(MET))

        state = self._staging.bind(("classified", found), (found,), known)
        return Stated(state, frozenset({UNKNOWN, MET})), found

    def _larger(self, name: str, reached: Bound, own: int, rest: Bound) -> Bound:
        """Return the state of a class where it is reached, the rest where not, else of both."""

        def make(reached: ir.IntegerValue, rest: ir.IntegerValue) -> ir.Value:
            return ibis.cases(
                (reached == code(MET), code(own)),
                (reached == code(UNMET), rest),
                (rest == code(own), rest),
                else_=code(UNKNOWN),
            )

        return self._staging.bind(("larger", name, own, reached, rest), (reached, rest), make)

    def _unless_nowhere(self, state: Bound, wanted: tuple[str, ...]) -> Bound:
        among = {name in wanted for name in self.classes}
        open_ = UNKNOWN if len(among) > 1 else _state(among == {True})

        def make(state: ir.IntegerValue, sector: ir.IntegerValue) -> ir.Value:
            return ibis.ifelse(sector == code(NOWHERE), code(open_), state)

        needs = (state, self._sector())
        return self._staging.bind(("size", wanted, *needs), needs, make)

    def _reached(self, name: str) -> Bound:
        """Return whether the bounds of a class are reached; unmet in a sector that has no such."""
        measures = {m for s in self._sectors for b in s.bounds if b.name == name for m in b.least}
        values = {m: self._plan.fact(m) for m in sorted(measures)}
        bounds = {m: self._by_sector((name, m), _least(name, m)) for m in values}
        has = self._by_sector(("has", name), lambda s: _state(_bound(s, name) is not None))

        def make(has: ir.IntegerValue, *columns: ir.FloatingValue) -> ir.Value:
            pairs = list(zip(columns[: len(values)], columns[len(values) :], strict=True))
            missed = [value < bound - number(TOLERANCE) for value, bound in pairs]
            missing = [value.isnull() & bound.notnull() for value, bound in pairs]
            return ibis.cases(
                (ibis.or_(has == code(UNMET), *missed), code(UNMET)),
                (ibis.or_(*missing), code(UNKNOWN)),
                else_=code(MET),
            )

        needs = (has, *values.values(), *bounds.values())
        return self._staging.bind(("reached", name), needs, make)

    def _sector(self) -> Bound:
        """Return the number of the sector that an industry is in."""
        branches = _prefixes(self._sectors)

        def make(industry: ir.StringValue) -> ir.Value:
            tests = [
                (industry.substr(0, length).isin(sorted(codes)), code(at))
                for length, codes, at in branches
            ]
            return ibis.cases(*tests, else_=code(NOWHERE))

        return self._staging.bind("sector", (self._plan.fact("industry"),), make)

    def _by_sector(self, key: object, value: Callable[[Sector], int | Decimal | None]) -> Bound:
        """Return what a sector says: a code, or a bound in the units of the facts; null if none."""
        values = [value(sector) for sector in self._sectors]

        def literal(found: int | Decimal) -> ir.Scalar:
            return code(found) if isinstance(found, int) else number(float(found))

        def make(sector: ir.IntegerValue) -> ir.Value:
            groups: dict[int | Decimal, list[int]] = {}
            for at, found in enumerate(values):
                if found is not None:
                    groups.setdefault(found, []).append(at)
            return ibis.cases(
                *((sector.isin([code(a) for a in at]), literal(v)) for v, at in groups.items()),
                else_=code(UNMET) if isinstance(values[0], int) else None,
            )

        return self._staging.bind(("by sector", key, tuple(values)), (self._sector(),), make)


def _state(holds: bool) -> int:
    return MET if holds else UNMET


def _bound(sector: Sector, name: str) -> Mapping[str, Decimal] | None:
    return next((bound.least for bound in sector.bounds if bound.name == name), None)


def _least(name: str, measure: str) -> Callable[[Sector], Decimal | None]:
    def found(sector: Sector) -> Decimal | None:
        bound = _bound(sector, name)
        if bound is None or measure not in bound:
            return None
        return bound[measure] * factor(sector.units[measure])

    return found


def _in_order(sectors: tuple[Sector, ...]) -> tuple[str, ...]:
    """Return the classes of all sectors, each after those that any sector puts above it."""
    lists = [[*(bound.name for bound in s.bounds), s.otherwise] for s in sectors]
    names = dict.fromkeys(name for each in lists for name in each)
    above = {n: {m for each in lists if n in each for m in each[: each.index(n)]} for n in names}
    return tuple(sorted(names, key=lambda name: len(_closure(name, above))))


def _closure(name: str, above: Mapping[str, set[str]]) -> set[str]:
    step = above[name]
    return reduce(lambda found, each: found | above[each], step, set(step))


def _prefixes(sectors: tuple[Sector, ...]) -> list[tuple[int, set[str], int]]:
    """Return length, codes and sector of what an industry may begin with, the longest first."""
    found: dict[tuple[int, int], set[str]] = {}
    for at, sector in enumerate(sectors):
        for each in sector.industries:
            if each.isdigit():
                found.setdefault((len(each), at), set()).add(each)
                continue
            found.setdefault((0, at), set()).add(each)
            if exists(each):
                found[0, at] |= {division.code for division in children(each)}
    return [
        (width, {each for each in codes if len(each) == width}, at)
        for (_, at), codes in sorted(found.items(), key=lambda item: (-item[0][0], item[0][1]))
        for width in sorted({len(each) for each in codes}, reverse=True)
    ]
