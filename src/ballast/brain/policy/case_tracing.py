"""Which figures of law a case stands at: exactly on one, just under, or just over.

A law could be covered by cases that all lie far from its boundaries, and a
"≥" that should be a ">" would pass them all. So every figure is asked for
three cases, and whether a case is one of them is computed from what it
decides, not claimed in its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ballast.brain.policy.amounts import amount
from ballast.brain.policy.facts import Facts
from ballast.brain.policy.finding import Decision, Finding
from ballast.brain.policy.formula import parse
from ballast.brain.policy.law_rules import places
from ballast.brain.policy.law_shape import Law, Sector, Version
from ballast.brain.policy.shape import LAW_UNITS, Bands, Compare, PerUnit, Score, ScoreGroup, Shape
from ballast.brain.policy.versions import parameter

__all__ = ["Side", "Traced", "figures", "index", "traced"]

_TOLERANCE = Decimal("5e-10")
_NEAR = Decimal("0.02")
# A score moves by the steps of its items: ten points at most lie between one and the next.
_STEP = Decimal(10)
_STEPPED = frozenset({"count", "persons", "years", "days", "points"})


class Side(StrEnum):
    """Where a case lies of a figure."""

    UNDER = "under"
    AT = "at"
    OVER = "over"


@dataclass(frozen=True, slots=True, order=True)
class Traced:
    """A figure of law, by version, what it belongs to and its value, and the side of a case.

    ``name`` is a parameter's, or ``item ≥ bound`` of a band, or ``sector.class.measure``.
    """

    version: str
    name: str
    value: Decimal
    side: Side


def figures(version: Version) -> Iterator[tuple[str, Decimal]]:
    """Yield every figure of a version that something is compared with: its name and its value.

    Parameters that nothing compares with are left out; they are reported as unused.
    """
    used: dict[str, None] = {}
    for _, rule in places(version):
        if isinstance(rule, Compare | Score):
            used[rule.threshold] = None
        elif isinstance(rule, ScoreGroup) and rule.least is not None:
            used[rule.least] = None
        elif isinstance(rule, Bands):
            for bound in _bounds(rule):
                yield f"{rule.id} {bound}", bound
        elif isinstance(rule, PerUnit):
            yield f"{rule.id} {rule.each}", rule.each
        elif isinstance(rule, Sector):
            for each in rule.bounds:
                for measure, least in each.least.items():
                    yield f"{rule.id}.{each.name}.{measure}", least
    for name in used:
        for dated in version.parameters[name].values:
            yield name, dated.value


Index = Mapping[tuple[str, str], tuple[Shape, ...]]
"""By version and id of a criterion, group or item: all rules in it."""


def index(law: Law) -> Index:
    """Return the rules under every id of a law, so that they are walked once and not per case."""
    return {
        (version.id, key): tuple(rule for _, rule in places(top))
        for version in law.versions
        for _, top in places(version)
        if (key := getattr(top, "id", None)) and not isinstance(top, Version | Sector)
    }


def traced(
    version: Version, rules: Index, decision: Decision, facts: Facts, looked_at: Sequence[str]
) -> frozenset[Traced]:
    """Return the figures that a decided case stands at.

    Parameters
    ----------
    version, rules
        Under which it was decided, and the `index` of its law.
    decision, facts
        What was decided, of what.
    looked_at
        The criteria, groups or items that the case says something about; ``class`` for the size
        standard. Only figures of these count, or a case would seem to test what it never names.
    """
    found = {finding.id: finding for finding in _all(decision.tree)}
    traces: set[Traced] = set()
    for key in looked_at:
        for rule in rules.get((version.id, key), ()):
            traces.update(_of_rule(rule, version, decision, found, facts))
    if "class" in looked_at:
        traces.update(_of_sectors(version, decision, facts))
    return frozenset(traces)


def _of_rule(
    rule: Shape, version: Version, decision: Decision, found: dict[str, Finding], facts: Facts
) -> Iterator[Traced]:
    day = decision.resolution.day
    if isinstance(rule, Compare):
        dated = parameter(version, rule.threshold, day)
        unit = version.parameters[rule.threshold].unit
        for shift in range(rule.years):
            quantity = version.quantities[rule.quantity]
            value = amount(parse(quantity.formula), facts, day, shift).value
            yield from _at(version, rule.threshold, dated.value, unit, _shown(value, unit))
    elif isinstance(rule, Score | ScoreGroup):
        name = rule.threshold if isinstance(rule, Score) else rule.least
        finding = found.get(rule.id)
        if name is None or finding is None or finding.value is None:
            return
        dated = parameter(version, name, day)
        for end in {finding.value.low, finding.value.high}:
            yield from _at(version, name, dated.value, "score", end)
    elif isinstance(rule, Bands):
        quantity = version.quantities[rule.quantity]
        value = _shown(amount(parse(quantity.formula), facts, day).value, rule.unit)
        for bound in _bounds(rule):
            yield from _at(version, f"{rule.id} {bound}", bound, rule.unit, value)
    elif isinstance(rule, PerUnit):
        quantity = version.quantities[rule.quantity]
        value = amount(parse(quantity.formula), facts, day).value
        yield from _at(version, f"{rule.id} {rule.each}", rule.each, quantity.unit, value)


def _of_sectors(version: Version, decision: Decision, facts: Facts) -> Iterator[Traced]:
    for sector in version.sectors:
        if sector.id != decision.tree.id:
            continue
        for bound in sector.bounds:
            for measure, least in bound.least.items():
                fact = facts.get(measure, decision.resolution.day.year - 1)
                if fact is not None and isinstance(fact.value, Decimal):
                    name = f"{sector.id}.{bound.name}.{measure}"
                    yield from _at(version, name, least, sector.units[measure], fact.value)


def _at(
    version: Version, name: str, figure: Decimal, unit: str, value: Decimal | None
) -> Iterator[Traced]:
    """Yield the side, where the value is near enough to show what the boundary does."""
    if value is None:
        return
    distance = value - figure
    step = _STEP if unit == "score" else Decimal(1 if unit in _STEPPED else 0)
    near = max(abs(figure) * _NEAR, step, _NEAR)
    if abs(distance) <= _TOLERANCE:
        yield Traced(version.id, name, figure, Side.AT)
    elif abs(distance) <= near:
        yield Traced(version.id, name, figure, Side.OVER if distance > 0 else Side.UNDER)


def _shown(value: Decimal | None, unit: str) -> Decimal | None:
    """Return a value in the unit that the law writes; the facts keep shares as fractions."""
    if value is None:
        return None
    return value / LAW_UNITS[unit].factor if unit == "percent" else value


def _bounds(rule: Bands) -> list[Decimal]:
    ends = (band.at_least if band.at_least is not None else band.above for band in rule.bands)
    return [end for end in ends if end is not None]


def _all(finding: Finding) -> Iterator[Finding]:
    for part in finding.parts:
        yield from _all(part)
    yield finding
