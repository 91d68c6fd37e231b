"""Holds a law against itself: what it names is there, fits, and leaves neither holes nor doubles.

The shapes see one value at a time. That a threshold is named which nobody
declared, that a share is compared with a sum of money, that bands leave out
what is below the lowest, or that two versions are in force on one day, only
the whole law shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations, pairwise

from ballast.brain.policy.law_formulas import formula_faults
from ballast.brain.policy.law_misfits import line_of
from ballast.brain.policy.law_problem import Problem
from ballast.brain.policy.law_rule_checks import rule_faults, sector_faults
from ballast.brain.policy.law_rules import Place, places
from ballast.brain.policy.law_shape import Applies, Law, Parameter, Version
from ballast.brain.policy.shape import LAW_UNITS, Holds, Size
from ballast.brain.policy.strict_yaml import Lines, Path
from ballast.lake.tables import TABLES
from ballast.words import Sentence

__all__ = ["SIZE_STANDARD", "check_law", "check_together"]

SIZE_STANDARD = "size_standard"
_DAY_OF_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})")


def titles() -> tuple[str, ...]:
    """Return the schemes whose titles the lake keeps."""
    return tuple(choice.value for choice in TABLES["title"].column("scheme").choices)


def check_law(law: Law, file: str, lines: Lines) -> list[Problem]:
    """Return what is wrong within one law, with the line of each fault."""
    faults = [
        *_scheme(law),
        *_instruments(law),
        *_versions(law),
        *_in_force(law),
        *(fault for i, v in enumerate(law.versions) for fault in _version(v, ("versions", i))),
    ]
    return [Problem(file, line_of(path, lines), said) for path, said in faults]


def check_together(laws: Mapping[str, Law], lines: Mapping[str, Lines]) -> list[Problem]:
    """Return what is wrong between laws: a rule that asks for a size class that is not declared."""
    standard = laws.get(SIZE_STANDARD)
    classes = {
        name
        for version in (standard.versions if standard else ())
        for sector in version.sectors
        for name in (*(bound.name for bound in sector.bounds), sector.otherwise)
    }
    problems = []
    for law in laws.values():
        file = f"{law.scheme}.yaml"
        for path, rule in places(law):
            if isinstance(rule, Size) and not set(rule.classes) <= classes:
                said = Sentence(
                    "the size standard kept here has no class {missing}; it has {known}",
                    {
                        "missing": ", ".join(sorted(set(rule.classes) - classes)),
                        "known": ", ".join(sorted(classes)) or "–",
                    },
                )
                problems.append(Problem(file, line_of(path, lines.get(file, {})), said))
    return problems


Found = tuple[Path, Sentence]


def _scheme(law: Law) -> Iterator[Found]:
    known = (*titles(), SIZE_STANDARD)
    if law.scheme not in known:
        said = Sentence(
            "{scheme} is no scheme that titles are kept under; there are {known}",
            {"scheme": law.scheme, "known": ", ".join(known)},
        )
        yield ("scheme",), said


def _instruments(law: Law) -> Iterator[Found]:
    yield from _twice((one.id for one in law.instruments), ("instruments",))
    for at, one in enumerate(law.instruments):
        if one.until is not None and one.until < one.since:
            yield ("instruments", at, "until"), _before(one.since, one.until)


def _versions(law: Law) -> Iterator[Found]:
    if not law.versions:
        yield ("versions",), Sentence("there is no version; a law has at least one")
    yield from _twice((one.id for one in law.versions), ("versions",))
    known = [one.id for one in law.instruments]
    for at, version in enumerate(law.versions):
        if version.instrument not in known:
            said = Sentence(
                "no instrument is called {name} here; there are {known}",
                {"name": version.instrument, "known": ", ".join(known)},
            )
            yield ("versions", at, "instrument"), said
        if not version.applies:
            said = Sentence("it is not said from when on this version applies; add a line")
            yield ("versions", at, "applies"), said
        for line, applies in enumerate(version.applies):
            if applies.until is not None and applies.until < applies.since:
                where = ("versions", at, "applies", line, "until")
                yield where, _before(applies.since, applies.until)
        for line, window in enumerate(version.windows):
            for end in (window.opens, window.closes):
                if not _is_day_of_year(end):
                    said = Sentence("{text} is no day of a year; write MM-DD", {"text": end})
                    yield ("versions", at, "windows", line), said
            if window.opens > window.closes:
                said = Sentence("it closes before it opens; write two windows where a year ends")
                yield ("versions", at, "windows", line), said


def _in_force(law: Law) -> Iterator[Found]:
    """Yield every pair of lines under which one application would fall at once."""
    every = [
        (("versions", v, "applies", a), version.id, applies)
        for v, version in enumerate(law.versions)
        for a, applies in enumerate(version.applies)
    ]
    for (_, first_id, first), (path, second_id, second) in combinations(every, 2):
        if first.to == second.to and overlap(first, second):
            said = Sentence(
                "{first} and {second} are both in force from {since} to {until}; end one before "
                "the other begins",
                {
                    "first": first_id,
                    "second": second_id,
                    "since": max(first.since, second.since),
                    "until": min((x.until for x in (first, second) if x.until), default="…"),
                },
            )
            yield path, said


def overlap(first: Applies, second: Applies) -> bool:
    """Return whether there is a day on which one application falls under both."""
    return (first.until is None or second.since <= first.until) and (
        second.until is None or first.since <= second.until
    )


def _version(version: Version, path: Path) -> Iterator[Found]:
    if (version.criterion is None) == (not version.sectors):
        said = Sentence("a version has either a criterion or sectors; give one of the two")
        yield path, said
    first = min((applies.since for applies in version.applies), default=None)
    for name, parameter in version.parameters.items():
        yield from _parameter(parameter, first, (*path, "parameters", name))
    for name, quantity in version.quantities.items():
        where = (*path, "quantities", name)
        if (unit := _unit(quantity.unit)) is not None:
            yield (*where, "unit"), unit
        for said in formula_faults(quantity):
            yield (*where, "formula"), said
    rules: list[Place] = [((*path, *inner), rule) for inner, rule in places(version)]
    ids = [(place, name) for place, rule in rules if (name := getattr(rule, "id", ""))]
    counted = Counter(name for _, name in ids)
    for place, name in ids:
        if counted[name] > 1:
            counted[name] = 1  # once is enough
            yield place, Sentence("“{name}” is the id of two things; rename one", {"name": name})
    for place, rule in rules:
        for said in rule_faults(rule, version):
            yield place, said
        if isinstance(rule, Holds):
            for scheme in sorted({*rule.schemes} - {*titles()}):
                said = Sentence(
                    "no titles are kept under {scheme}; there are {known}",
                    {"scheme": scheme, "known": ", ".join(titles())},
                )
                yield place, said
    for at, sector in enumerate(version.sectors):
        for said in sector_faults(sector, version.sectors[:at]):
            yield (*path, "sectors", at), said


def _parameter(parameter: Parameter, first: date | None, path: Path) -> Iterator[Found]:
    if (said := _unit(parameter.unit)) is not None:
        yield (*path, "unit"), said
    if not parameter.values:
        yield path, Sentence("there is no value; add a line with since, value and article")
        return
    for at, (earlier, later) in enumerate(pairwise(parameter.values), start=1):
        if later.since <= earlier.since:
            said = Sentence(
                "the value from {later} stands after that from {earlier}; list them by date, one "
                "for a day",
                {"later": later.since, "earlier": earlier.since},
            )
            yield (*path, "values", at), said
    if first is not None and parameter.values[0].since > first:
        said = Sentence(
            "the version applies from {first} on, but this figure stands from {since} only; fill "
            "the hole",
            {"first": first, "since": parameter.values[0].since},
        )
        yield (*path, "values", 0), said


def _unit(name: str) -> Sentence | None:
    if name in LAW_UNITS:
        return None
    return Sentence(
        "“{name}” is no unit; write one of {known}",
        {"name": name, "known": "1e4_cny, percent, count, persons, years, days, points"},
    )


def _twice(names: Iterable[str], path: Path) -> Iterator[Found]:
    for name, count in Counter(names).items():
        if count > 1:
            yield path, Sentence("“{name}” is the id of two things; rename one", {"name": name})


def _before(since: date, until: date) -> Sentence:
    return Sentence(
        "it ends on {until}, before it begins on {since}", {"until": until, "since": since}
    )


def _is_day_of_year(text: str) -> bool:
    found = _DAY_OF_YEAR.fullmatch(text)
    if found is None:
        return False
    try:
        date(2001, int(found[1]), int(found[2]))
    except ValueError:
        return False
    return True
