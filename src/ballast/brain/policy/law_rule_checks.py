"""Checks one rule of a law against the version that it stands in.

Apart from ``law_checking``, which sees the dates and the whole: here is what
a comparison, a band, a score or a sector must have to mean anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ballast.brain.policy.law_formulas import unknown_fact
from ballast.brain.policy.law_shape import Sector, Version
from ballast.brain.policy.shape import (
    LAW_UNITS,
    All,
    Among,
    Any,
    AtLeast,
    Band,
    Bands,
    Best,
    Capped,
    Compare,
    Expert,
    First,
    Flag,
    Manual,
    PerUnit,
    Points,
    Score,
    ScoreGroup,
    Shape,
)
from ballast.terms.industry import exists
from ballast.terms.policy_fact import FACTS, FactKind
from ballast.words import Sentence

__all__ = ["rule_faults", "sector_faults"]

_LONGEST_YEARS = 10


def rule_faults(rule: Shape, version: Version) -> Iterator[Sentence]:
    """Yield what is wrong with one rule, item, group or band of a version."""
    match rule:
        case Compare():
            yield from _compare(rule, version)
        case All() | Any() | Best() | First() | Capped() if not rule.of:
            yield Sentence("“{id}” has no parts; add one or take it out", {"id": rule.id})
        case AtLeast() if not 1 <= rule.count <= len(rule.of):
            said = {"id": rule.id, "count": rule.count, "parts": len(rule.of)}
            yield Sentence("“{id}” wants {count} of {parts} parts; mend the number", said)
        case Flag() | Among() | Manual() | Expert():
            yield from _fact(rule)
        case Bands():
            yield from _bands(rule, version)
        case PerUnit():
            yield from _quantity(rule.quantity, version)
            if rule.each <= 0:
                yield Sentence("“{id}”: points for each 0 cannot be reckoned", {"id": rule.id})
        case Points() if rule.low > rule.high:
            said = {"low": rule.low, "high": rule.high}
            yield Sentence("the lower end {low} is above the upper end {high}; swap them", said)
        case Score():
            yield from _score(rule, version)
        case _:
            pass


def _compare(rule: Compare, version: Version) -> Iterator[Sentence]:
    yield from _quantity(rule.quantity, version)
    yield from _threshold(rule.threshold, version)
    quantity = version.quantities.get(rule.quantity)
    threshold = version.parameters.get(rule.threshold)
    if quantity is not None and threshold is not None:
        left, right = LAW_UNITS.get(quantity.unit), LAW_UNITS.get(threshold.unit)
        if left is not None and right is not None and left.dimension != right.dimension:
            yield Sentence(
                "“{id}” compares {left} with {right}; both sides need one unit",
                {"id": rule.id, "left": left.label, "right": right.label},
            )
    if not 1 <= rule.years <= _LONGEST_YEARS:
        said = {"id": rule.id, "years": rule.years, "most": _LONGEST_YEARS}
        yield Sentence("“{id}” asks for {years} years; 1 to {most} can be asked for", said)


def _quantity(name: str, version: Version) -> Iterator[Sentence]:
    if name not in version.quantities:
        yield Sentence(
            "no quantity is called “{name}” in this version; there are {known}",
            {"name": name, "known": ", ".join(version.quantities) or "–"},
        )


def _threshold(name: str, version: Version) -> Iterator[Sentence]:
    if name not in version.parameters:
        yield Sentence(
            "no figure is called “{name}” in this version; there are {known}",
            {"name": name, "known": ", ".join(version.parameters) or "–"},
        )


_KINDS = {
    "flag": FactKind.FLAG,
    "among": FactKind.CHOICE,
    "manual": FactKind.FLAG,
    "expert": FactKind.AMOUNT,
}


def _fact(rule: Flag | Among | Manual | Expert) -> Iterator[Sentence]:
    if rule.fact is None:
        return
    fact = FACTS.get(rule.fact)
    if fact is None:
        yield unknown_fact(rule.fact)
        return
    if fact.kind is not _KINDS[rule.kind] or fact.yearly:
        yield Sentence(
            "“{fact}” is {kind}; a rule of the kind {rule} cannot ask for it",
            {"fact": rule.fact, "kind": fact.kind.value, "rule": rule.kind},
        )
    elif isinstance(rule, Among):
        known = [value for value, _ in fact.choices]
        for choice in rule.choices:
            if choice not in known:
                yield Sentence(
                    "“{choice}” is none of the choices of {fact}: {known}",
                    {"choice": choice, "fact": rule.fact, "known": ", ".join(known)},
                )


def _bands(rule: Bands, version: Version) -> Iterator[Sentence]:
    yield from _quantity(rule.quantity, version)
    quantity = version.quantities.get(rule.quantity)
    own = LAW_UNITS.get(rule.unit)
    other = None if quantity is None else LAW_UNITS.get(quantity.unit)
    if own is None:
        yield Sentence("“{name}” is no unit of a measure", {"name": rule.unit})
    elif other is not None and own.dimension != other.dimension:
        yield Sentence(
            "“{id}” compares {left} with {right}; both sides need one unit",
            {"id": rule.id, "left": other.label, "right": own.label},
        )
    if not rule.bands or rule.bands[-1].at_least is not None or rule.bands[-1].above is not None:
        yield Sentence(
            "the bands of “{id}” leave out what is below the lowest; end them with points alone",
            {"id": rule.id},
        )
    for higher, lower in pairwise(rule.bands):
        if not _below(lower, higher):
            yield Sentence(
                "the bands of “{id}” are not listed from the highest down; put them in order",
                {"id": rule.id},
            )
            return
    if any(band.at_least is not None and band.above is not None for band in rule.bands):
        yield Sentence("a band begins at a figure or above it, not both; keep one")


def _below(lower: Band, higher: Band) -> bool:
    top = higher.at_least if higher.at_least is not None else higher.above
    bottom = lower.at_least if lower.at_least is not None else lower.above
    if top is None:
        return False  # what ends the list stands before its end
    if bottom is None:
        return True
    # "Above 5" begins later than "at least 5".
    return bottom < top or (bottom == top and higher.above is not None and lower.above is None)


def _score(rule: Score, version: Version) -> Iterator[Sentence]:
    yield from _threshold(rule.threshold, version)
    if not rule.groups:
        yield Sentence("“{id}” has no parts; add one or take it out", {"id": rule.id})
    for group in rule.groups:
        yield from _group(group, version)
    for name in (rule.threshold, *(group.least for group in rule.groups)):
        bound = version.parameters.get(name or "")
        if bound is not None and bound.unit in LAW_UNITS and bound.unit != "points":
            yield Sentence(
                "“{name}” bounds a score and must be in points, not {unit}",
                {"name": name, "unit": bound.unit},
            )
    parameter = version.parameters.get(rule.threshold)
    most = sum(group.cap for group in rule.groups)
    if parameter is not None and any(dated.value > most for dated in parameter.values):
        yield Sentence(
            "“{id}”: the groups reach {most} points at most, less than is demanded",
            {"id": rule.id, "most": most},
        )


def _group(group: ScoreGroup, version: Version) -> Iterator[Sentence]:
    if group.least is not None:
        yield from _threshold(group.least, version)
    if not group.items:
        yield Sentence("“{id}” has no parts; add one or take it out", {"id": group.id})


def sector_faults(sector: Sector, before: Sequence[Sector]) -> Iterator[Sentence]:
    """Yield what is wrong with a sector of the size standard."""
    for measure, unit in sector.units.items():
        fact = FACTS.get(measure)
        if fact is None:
            yield unknown_fact(measure)
        elif unit not in LAW_UNITS or LAW_UNITS[unit].dimension != fact.unit.dimension:
            yield Sentence(
                "“{name}” is no unit of {fact}; it is kept in {kept}",
                {"name": unit, "fact": fact.label, "kept": fact.unit.name},
            )
    for bound in sector.bounds:
        if set(bound.least) != set(sector.units):
            yield Sentence(
                "class {name} of “{id}” bounds other measures than the sector has",
                {"name": bound.name, "id": sector.id},
            )
    for higher, lower in pairwise(sector.bounds):
        if any(lower.least[m] > higher.least[m] for m in lower.least if m in higher.least):
            yield Sentence(
                "the classes of “{id}” are not listed from the largest down", {"id": sector.id}
            )
    for code in sector.industries:
        if not exists(code):
            yield Sentence("{code} is no industry of GB/T 4754-2017", {"code": code})
        for other in before:
            if code in other.industries:
                yield Sentence(
                    "{code} is in sector “{other}” already", {"code": code, "other": other.id}
                )
