"""Runs the cases that stand beside a law, and tells which of its figures they stand at.

Tests in Python would prove the same, but an official cannot read them, and
cannot add one when a number changes. A case is facts and a day, and what must
come out; a table of cases varies one fact across its boundaries. Both are
decided by the same engine that decides for enterprises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ballast.brain.policy.case_tracing import Index, Traced, index, traced
from ballast.brain.policy.engine import decide
from ballast.brain.policy.facts import Fact, Facts, Held, Value
from ballast.brain.policy.finding import Decision, Finding, Interval
from ballast.brain.policy.law_formulas import unknown_fact
from ballast.brain.policy.law_shape import Case, CaseFile, CaseTable, Given
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.strict_yaml import Path
from ballast.brain.policy.versions import version_of
from ballast.errors import BallastError, Refused
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, FactKind
from ballast.words import Sentence

__all__ = ["CaseResult", "facts_of_case", "run"]

_KEY = re.compile(r"(?P<key>[a-z0-9_]+)(?:\[(?:(?P<year>[0-9]{4})|last(?:-(?P<back>[0-9]))?)\])?")
_PERCENT = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]{1,12})?)%")
_SAID = Label("案例给定", "given in the case")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came out of one case, or of one row of a table.

    Parameters
    ----------
    scheme, name
        Whose case it is, and what it shows.
    place
        Where it stands in the file of cases.
    differences
        What came out otherwise than expected; none where the case holds.
    decision
        What was decided; None where nothing could be.
    traces
        The figures of law that it stands at, just under or just over.
    """

    scheme: str
    name: Label
    place: Path
    differences: tuple[Sentence, ...]
    decision: Decision | None = None
    traces: frozenset[Traced] = frozenset()

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run(laws: Laws, case_file: CaseFile) -> tuple[CaseResult, ...]:
    """Return what comes out of every case of a file, in its order.

    Parameters
    ----------
    laws
        With the law of the file's scheme.
    case_file
        Cases and tables of cases; a table gives one result for each of its rows.

    Raises
    ------
    NotFound
        If there is no law of that scheme.
    """
    rules = index(laws.law(case_file.scheme))
    cases = [
        _run(laws, rules, case_file, case, ("cases", at)) for at, case in enumerate(case_file.cases)
    ]
    rows = [
        _run(laws, rules, case_file, case, ("tables", at, "rows", row))
        for at, table in enumerate(case_file.tables)
        for row, case in enumerate(_rows(table))
    ]
    return (*cases, *rows)


def _rows(table: CaseTable) -> Iterator[Case]:
    """Yield the case that each row of a table stands for."""
    own = ("day", "application", "version", "certificate", "base", "holds")
    shared = {name: getattr(table, name) for name in own}
    for value, expected in table.rows:
        said = f"{table.vary} = {value}"
        asked: dict[str, object] = {}
        if isinstance(expected, str) and table.of == "class":
            asked["classes"] = (expected,)
        elif isinstance(expected, str) and table.of == "verdict":
            asked["expect"] = expected
        elif isinstance(expected, str):
            asked["criteria"] = {table.of: expected}
        else:
            ends = expected if isinstance(expected, tuple) else (expected, expected)
            asked["scores"] = {table.of: ends}
        yield Case.model_validate(
            {
                **shared,
                "name": {"zh": f"{table.name.zh}：{said}", "en": f"{table.name.en}: {said}"},
                "facts": {**table.facts, table.vary: value},
                **asked,
            }
        )


def _run(laws: Laws, rules: Index, file: CaseFile, case: Case, place: Path) -> CaseResult:
    name = Label(case.name.zh, case.name.en)
    if case.base is not None and case.base not in file.base:
        said = Sentence(
            "there is no base “{base}” in this file; there are {known}",
            {"base": case.base, "known": ", ".join(file.base) or "–"},
        )
        return CaseResult(file.scheme, name, place, (said,))
    given = {**file.base.get(case.base or "", {}), **case.facts}
    left_out = [key for key in case.without if key not in given]
    faults = [Sentence("“{key}” is not in the base", {"key": key}) for key in left_out]
    facts, wrong = facts_of_case(
        {key: value for key, value in given.items() if key not in case.without},
        case.day,
        case.holds,
        titles_known=case.titles_known,
    )
    faults += wrong
    if faults:
        return CaseResult(file.scheme, name, place, tuple(faults))
    try:
        decision = decide(laws, file.scheme, facts, case.day, case.application, case.certificate)
    except Refused as error:
        told = () if case.refused else (Sentence(error.template, error.values),)
        return CaseResult(file.scheme, name, place, told)
    except BallastError as error:
        return CaseResult(file.scheme, name, place, (Sentence(error.template, error.values),))
    differences = tuple(_differences(case, decision))
    looked_at = (*case.criteria, *case.scores, *(("class",) if case.classes else ()))
    traces = frozenset[Traced]()
    if not differences:
        version = version_of(laws, decision.resolution)
        traces = traced(version, rules, decision, facts, looked_at)
    return CaseResult(file.scheme, name, place, differences, decision, traces)


def facts_of_case(
    given: Given, day: date, holds: tuple[str, ...] = (), *, titles_known: bool = True
) -> tuple[Facts, list[Sentence]]:
    """Return the facts that a case gives, and what of it cannot be one.

    Parameters
    ----------
    given
        ``key``, ``key[2025]``, ``key[last]`` or ``key[last-1]``, with values in the units of the
        catalogue; a share may be written ``"12%"``.
    day
        Of the case: ``[last]`` is the year before.
    holds
        Titles in force on the day.
    titles_known
        Whether it is known which titles are held.

    Examples
    --------
    >>> facts, wrong = facts_of_case({"niche_share[last]": "12%"}, date(2026, 5, 1))
    >>> facts.known["niche_share", 2025].value
    Decimal('0.12')
    """
    known: dict[tuple[str, int | None], Fact] = {}
    wrong: list[Sentence] = []
    for written, value in given.items():
        found = _KEY.fullmatch(written)
        declared = FACTS.get(found["key"]) if found else None
        if found is None or declared is None:
            wrong.append(unknown_fact(written))
            continue
        year = None
        if "[" in written:
            year = int(found["year"]) if found["year"] else day.year - 1 - int(found["back"] or 0)
        if declared.yearly != (year is not None):
            template = (
                "“{key}” is of a year; write {key}[last]"
                if declared.yearly
                else "“{key}” is of no year; write it without [last]"
            )
            wrong.append(Sentence(template, {"key": declared.key}))
            continue
        taken = _value(value, declared.kind, share=declared.unit is unit.FRACTION)
        if taken is None:
            wrong.append(
                Sentence(
                    "“{value}” cannot be {fact}",
                    {"value": str(value), "fact": declared.label},
                )
            )
            continue
        known[declared.key, year] = Fact(declared.key, taken, _SAID, year, day)
    awarded = day - timedelta(days=min(365, (day - date.min).days))
    titles = tuple(Held(scheme, awarded, None) for scheme in holds)
    return Facts(known, titles, titles_known), wrong


def _value(value: Value, kind: FactKind, *, share: bool) -> Value | None:
    """Return a value as its kind is kept; None where it is of another kind."""
    if share and isinstance(value, str) and value.endswith("%"):
        found = _PERCENT.fullmatch(value)
        return None if found is None else Decimal(found[1]) / 100
    wanted: Mapping[FactKind, type] = {
        FactKind.AMOUNT: Decimal,
        FactKind.COUNT: Decimal,
        FactKind.FLAG: bool,
        FactKind.DATE: date,
        FactKind.CHOICE: str,
        FactKind.CODE: str,
    }
    return value if isinstance(value, wanted[kind]) else None


def _differences(case: Case, decision: Decision) -> Iterator[Sentence]:
    if case.refused:
        yield Sentence(
            "a refusal was expected, but version {version} applies",
            {"version": decision.resolution.version},
        )
    if case.version is not None and case.version != decision.resolution.version:
        yield _other("version", case.version, decision.resolution.version)
    if case.expect is not None and case.expect != decision.verdict.value:
        yield _other("verdict", case.expect, decision.verdict.value)
    if case.classes and case.classes != decision.classes:
        yield _other("class", ", ".join(case.classes), ", ".join(decision.classes) or "–")
    found = {finding.id: finding for finding in _all(decision.tree)}
    for key, state in case.criteria.items():
        if key not in found:
            yield _absent(key)
        elif found[key].state.value != state:
            yield _other(key, state, found[key].state.value)
    for key, (low, high) in case.scores.items():
        if key not in found:
            yield _absent(key)
        elif found[key].value != Interval(low, high):
            yield _other(key, _ends(Interval(low, high)), _ends(found[key].value))


def _all(finding: Finding) -> Iterator[Finding]:
    for part in finding.parts:
        yield from _all(part)
    yield finding


def _ends(points: Interval | None) -> str:
    if points is None:
        return "–"
    low, high = (f"{end.normalize():f}" for end in (points.low, points.high))
    return low if low == high else f"{low}–{high}"


def _other(what: str, expected: str, found: str) -> Sentence:
    return Sentence(
        "“{what}”: {expected} was expected, {found} came out",
        {"what": what, "expected": expected, "found": found},
    )


def _absent(key: str) -> Sentence:
    return Sentence("no criterion or item “{key}” was found in the decision", {"key": key})
