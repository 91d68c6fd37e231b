"""The size class of an enterprise under the size standard that is in force on the day.

A lookup of two bounds would do where all is known. Where staff is known and
revenue is not, an enterprise of twelve people is micro all the same: so the
answer is the set of classes that are still possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ballast.brain.policy.engine_examination import paper, to_bring
from ballast.brain.policy.engine_states import all_of, compared
from ballast.brain.policy.engine_wording import bilingual, fact_value, factor, joined, label_of
from ballast.brain.policy.facts import Fact, Facts
from ballast.brain.policy.finding import Finding, Interval, Missing, State
from ballast.brain.policy.law_shape import ClassBound, Sector, Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.versions import resolve, version_of
from ballast.terms import industry
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS

__all__ = ["SIZE_STANDARD", "SizeClass", "class_name", "sector_of", "size_class", "size_under"]

SIZE_STANDARD = "size_standard"


@dataclass(frozen=True, slots=True)
class SizeClass:
    """What the size standard says.

    Parameters
    ----------
    classes
        Every class that is still possible, the largest first; one where it is known.
    finding
        The comparison: a part for each measure and bound.
    """

    classes: tuple[str, ...]
    finding: Finding


def size_class(laws: Laws, facts: Facts, day: date) -> SizeClass:
    """Return the size class on a day.

    The sector is the one with the longest code that the enterprise's industry (fact ``industry``,
    GB/T 4754-2017) begins with; a section's letter counts as shorter than any digit. A class is
    reached where all its measures are (``>=``); the first from the largest down is it, and
    ``otherwise`` where none is. A measure is a fact's key: of last year where the fact is yearly. A
    measure that is not known leaves every class possible that the others do not rule out. An
    industry that is not known, or in no sector, leaves every class of the standard possible.

    Raises
    ------
    Refused
        If no version of the standard applies on that day.
    """
    version = version_of(laws, resolve(laws, SIZE_STANDARD, day))
    return size_under(version, facts, day)


def size_under(version: Version, facts: Facts, day: date) -> SizeClass:
    """Return the size class under one version of a standard; otherwise as `size_class`."""
    fact = facts.get("industry")
    code = fact.value if fact is not None and isinstance(fact.value, str) else None
    sector = None if code is None else sector_of(version, code)
    if fact is None or sector is None:
        return _no_sector(version, facts, fact)
    classes: list[str] = []
    parts: list[Finding] = []
    for bound in sector.bounds:
        measured = _bound(sector, bound, facts, day)
        parts.append(measured)
        if measured.state is not State.UNMET:
            classes.append(bound.name)
        if measured.state is State.MET:
            break
    else:
        classes.append(sector.otherwise)
    used = dict.fromkeys([fact, *(f for part in parts for one in part.parts for f in one.facts)])
    missing = dict.fromkeys(m for part in parts for one in part.parts for m in one.missing)
    known = len(classes) == 1
    lacks = () if known else tuple(missing)
    finding = Finding(
        id=sector.id,
        label=_says(classes, sector),
        article=sector.article,
        kind="class",
        state=State.MET if known else State.UNKNOWN,
        confirmed=sector.confirmed,
        note=label_of(sector.note) if sector.note else None,
        facts=tuple(used),
        missing=lacks,
        turn=to_bring(lacks, facts),
        evidence=paper(None, used, missing),
        parts=tuple(parts),
    )
    return SizeClass(tuple(classes), finding)


def sector_of(version: Version, code: str) -> Sector | None:
    """Return the sector that an industry belongs to: that of the longest code it begins with.

    A code that GB/T 4754-2017 does not have belongs to none.
    """
    if not industry.exists(code):
        return None
    section = industry.section_of(code)
    best: tuple[float, Sector] | None = None
    for sector in version.sectors:
        for start in sector.industries:
            fits = start == section if start.isalpha() else code.startswith(start)
            length = 0.5 if start.isalpha() else float(len(start))
            if fits and (best is None or length > best[0]):
                best = (length, sector)
    return None if best is None else best[1]


def class_name(name: str) -> Label:
    """Return the name of a size class.

    Examples
    --------
    >>> class_name("medium").zh
    '中型'
    """
    return _NAMES.get(name, Label(name, name))


_NAMES = {
    "large": Label("大型", "large"),
    "medium": Label("中型", "medium"),
    "small": Label("小型", "small"),
    "micro": Label("微型", "micro"),
}


def _says(classes: list[str], sector: Sector) -> Label:
    names = joined(class_name(one) for one in classes)
    told = {"classes": names, "sector": label_of(sector.label)}
    if len(classes) == 1:
        return bilingual("size class {classes} ({sector})", **told)
    return bilingual("size class may be {classes} ({sector})", **told)


def _no_sector(version: Version, facts: Facts, fact: Fact | None) -> SizeClass:
    """Return every class, where the industry is not known or in no sector of the standard."""
    classes = dict.fromkeys(
        name
        for sector in version.sectors
        for name in (*(bound.name for bound in sector.bounds), sector.otherwise)
    )
    missing = (Missing("industry"),)
    turn = (
        to_bring(missing, facts)
        if fact is None
        else bilingual("industry {code} is in no sector of the standard", code=fact_value(fact))
    )
    finding = Finding(
        id="sector",
        label=Label("划型行业", "sector of the size standard"),
        article="",
        kind="class",
        state=State.UNKNOWN,
        facts=() if fact is None else (fact,),
        missing=missing,
        turn=turn,
        evidence=paper(None, (), missing),
    )
    return SizeClass(tuple(classes), finding)


def _bound(sector: Sector, bound: ClassBound, facts: Facts, day: date) -> Finding:
    parts = tuple(
        _measure(sector, bound.name, (measure, least), facts, day)
        for measure, least in bound.least.items()
    )
    return Finding(
        id=f"{sector.id}.{bound.name}",
        label=class_name(bound.name),
        article=sector.article,
        kind="bound",
        state=all_of(part.state for part in parts),
        confirmed=sector.confirmed,
        parts=parts,
    )


def _measure(
    sector: Sector, of: str, bound: tuple[str, Decimal], facts: Facts, day: date
) -> Finding:
    measure, least = bound
    declared = FACTS[measure]
    year = day.year - 1 if declared.yearly else None
    unit = sector.units.get(measure, declared.unit.name)
    fact = facts.get(measure, year)
    value = fact.value if fact is not None else None
    state, shown, margin = State.UNKNOWN, None, None
    if isinstance(value, Decimal):
        state = State.MET if compared(value, ">=", least * factor(unit)) else State.UNMET
        in_unit = value / factor(unit)
        shown, margin = Interval(in_unit, in_unit), in_unit - least
    return Finding(
        id=f"{sector.id}.{of}.{measure}",
        label=declared.label,
        article=sector.article,
        kind="compare",
        state=state,
        confirmed=sector.confirmed,
        value=shown,
        unit=unit,
        threshold=least,
        op=">=",
        margin=margin,
        facts=() if fact is None else (fact,),
        missing=(Missing(measure, year),) if state is State.UNKNOWN else (),
        year=year,
    )
