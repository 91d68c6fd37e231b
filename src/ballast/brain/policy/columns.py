"""The rules of a law over all enterprises at once: columns in, states and scores out.

A loop over enterprises with the single engine would take hours for a nation
and could not run where the facts are. Here the same shapes and the same
formula trees become Ibis columns, so DuckDB or Spark computes them in one
pass. Nothing of a law is written here a second time: what a formula, a band
or a threshold is stands in the law, and what differs is only that a value is
a column. That both paths say the same is a test's business
(``tests/brain/policy/test_columns.py``), not a hope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from ballast.brain.policy.columns_doubts import ColumnDoubts
from ballast.brain.policy.columns_facts import ENTERPRISE, column_types, fact_columns
from ballast.brain.policy.columns_plan import Plan
from ballast.brain.policy.columns_rules import ColumnRules
from ballast.brain.policy.columns_size import ColumnSize
from ballast.brain.policy.columns_staging import Bound, Staging
from ballast.brain.policy.columns_states import (
    NOT_APPLICABLE,
    STATES,
    UNKNOWN,
    UNMET,
    Stated,
    code,
)
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import All, Any, Application, AtLeast, Criterion, Score
from ballast.brain.policy.versions import resolve, version_of
from ballast.errors import WrongColumns

__all__ = [
    "STATES",
    "CriterionColumn",
    "criterion_columns",
    "decide_all",
    "needed",
    "without_doubts",
]


@dataclass(frozen=True, slots=True)
class CriterionColumn:
    """A column of states in the answer.

    Parameters
    ----------
    id
        Of the criterion, and the column's name.
    leaf
        Whether ``unmet`` and ``unknown`` count it: it holds no other criteria and stands in no
        waiver and no condition of another.
    score
        Whether ``<id>_low`` and ``<id>_high`` stand beside it.
    """

    id: str
    leaf: bool
    score: bool


def decide_all(
    laws: Laws,
    scheme: str,
    wide: ir.Table,
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
    *,
    examined: bool = False,
) -> ir.Table:
    """Return what a scheme says of every enterprise on a day, as `engine.decide` would of each.

    Parameters
    ----------
    laws, scheme, day, application, certificate
        As for `engine.decide`; one version of the law for all rows.
    wide
        One row an enterprise: ``uscc``, facts of the day as ``<key>``, facts of years as
        ``<key>_0`` (last year) to ``<key>_3``, ``holds_<scheme>``; null is "not known".
        Which of them are read, `needed` says.
    examined
        Whether the facts in doubt are null already, and industries that the classification does not
        have (`without_doubts`); else they are found here.

    Returns
    -------
    ir.Table
        ``uscc``; ``state`` (a code of `STATES`: 0 unmet, 1 unknown, 2 manual, 3 met, 4 not
        applicable); a column of codes for every criterion, named by its id (`criterion_columns`),
        conditions and waivers among them, those under a condition that is unmet not applicable;
        ``<id>_low`` and ``<id>_high`` of scores; ``unmet`` and ``unknown``: how many leaves are so.
        Of a classification: ``uscc``, ``state`` (met where the class is known) and ``size_class``
        (null where it is not).

    Raises
    ------
    NotFound
        If there is no such scheme.
    Refused
        If no version of it applies on that day.
    WrongColumns
        If the table lacks a column that is read, or has it as another type.
    """
    version = _version(laws, scheme, day, application, certificate)
    wanted = _columns_read(laws, version, day, application, examined=examined)
    _check(laws, wide, wanted)
    staging = Staging(wide.select(ENTERPRISE, *(each for each in wanted if each != ENTERPRISE)))
    return staging.table(_outputs(laws, version, staging, day, application, examined=examined))


def needed(
    laws: Laws,
    scheme: str,
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
    *,
    examined: bool = False,
) -> tuple[str, ...]:
    """Return the columns that `decide_all` reads, ``uscc`` first; its parameters are the same.

    Where the facts in doubt are still to be found, these are more: the other sides of the
    contradictions.
    """
    version = _version(laws, scheme, day, application, certificate)
    return _columns_read(laws, version, day, application, examined=examined)


def criterion_columns(
    laws: Laws,
    scheme: str,
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
) -> tuple[CriterionColumn, ...]:
    """Return the columns of criteria that `decide_all` answers with, in the order of the law.

    None for a classification.
    """
    version = _version(laws, scheme, day, application, certificate)
    return tuple(walked.told for walked in _criteria(version))


def without_doubts(wide: ir.Table, day: date, columns: Sequence[str] | None = None) -> ir.Table:
    """Return a wide table in which every fact in doubt is null.

    Parameters
    ----------
    wide
        As for `decide_all`; columns that are no facts pass.
    day
        Of the decision.
    columns
        Those of the answer; all of them where it is not given.

    Raises
    ------
    WrongColumns
        If a column is not there, asked for or the other side of a contradiction.
    """
    staging = Staging(wide)
    doubts = ColumnDoubts(staging, day)
    facts = {name: fact for fact, name in fact_columns()}
    found = {
        name: doubts.fact(*facts[name]) if name in facts else staging.given(name)
        for name in columns or wide.columns
    }
    _present(wide, sorted(staging.reads(found.values())))
    return staging.table(found)


def _version(
    laws: Laws, scheme: str, day: date, application: Application, certificate: date | None
) -> Version:
    return version_of(laws, resolve(laws, scheme, day, application, certificate))


def _columns_read(
    laws: Laws, version: Version, day: date, application: Application, *, examined: bool
) -> tuple[str, ...]:
    """Return what a plan over a table with every column would read."""
    everything = ibis.table(column_types(laws.schemes), name="wide")
    staging = Staging(everything)
    outputs = _outputs(laws, version, staging, day, application, examined=examined)
    read = staging.reads(outputs.values())
    return (ENTERPRISE, *(name for name in everything.columns if name in read - {ENTERPRISE}))


def _check(laws: Laws, wide: ir.Table, wanted: Sequence[str]) -> None:
    _present(wide, wanted)
    types, schema = column_types(laws.schemes), wide.schema()
    other = [f"{n} ({schema[n]}, not {types[n]})" for n in wanted if not _fits(schema[n], types[n])]
    if other:
        raise WrongColumns(
            "the table of facts has columns of another type: {columns}; convert them first",
            columns=", ".join(other),
        )


def _present(wide: ir.Table, wanted: Sequence[str]) -> None:
    absent = [name for name in wanted if name not in wide.columns]
    if absent:
        raise WrongColumns(
            "the table of facts has no column {columns}; give each of them, empty where nothing "
            "is known",
            columns=", ".join(absent),
        )


def _fits(found: ibis.DataType, wanted: ibis.DataType) -> bool:
    return bool(found.copy(nullable=True) == wanted)


@dataclass(frozen=True, slots=True)
class _Walked:
    """A criterion, what must be applied for that it is tested, and the conditions it is under."""

    rule: Criterion
    only: frozenset[Application]
    conditions: tuple[Criterion, ...]
    told: CriterionColumn


def _criteria(version: Version) -> Iterator[_Walked]:
    """Yield every criterion of a version."""
    if version.criterion is not None:
        yield from _below(version.criterion, frozenset(), (), counted=True)


def _below(
    rule: Criterion,
    only: frozenset[Application],
    conditions: tuple[Criterion, ...],
    *,
    counted: bool,
) -> Iterator[_Walked]:
    group = isinstance(rule, All | Any | AtLeast)
    told = CriterionColumn(rule.id, counted and not group, isinstance(rule, Score))
    yield _Walked(rule, only, conditions, told)
    only = only if rule.only is None else only | {rule.only}
    inside = conditions if rule.when is None else (*conditions, rule.when)
    if isinstance(rule, All | Any | AtLeast):
        for part in rule.of:
            yield from _below(part, only, inside, counted=counted)
    if rule.waived_by is not None:
        yield from _below(rule.waived_by, only, inside, counted=False)
    if rule.when is not None:
        yield from _below(rule.when, only, conditions, counted=False)


def _outputs(
    laws: Laws,
    version: Version,
    staging: Staging,
    day: date,
    application: Application,
    *,
    examined: bool,
) -> dict[str, Bound]:
    """Return the columns of the answer."""
    plan = Plan(laws, version, staging, day, application, examined=examined)
    if version.criterion is None:
        state, size_class = ColumnSize(plan, version).classified()
        return {
            ENTERPRISE: staging.given(ENTERPRISE),
            "state": state.bound,
            "size_class": size_class,
        }
    rules = ColumnRules(plan)
    root = rules.state(version.criterion)
    shown: dict[str, Stated] = {}
    ends: dict[str, Bound] = {}
    leaves: list[Stated] = []
    for walked in _criteria(version):
        rule = walked.rule
        shown[rule.id] = (
            plan.states.masked(rules.state(rule), [rules.state(c) for c in walked.conditions])
            if walked.only <= {application}
            else plan.states.always(NOT_APPLICABLE)
        )
        if walked.told.leaf:
            leaves.append(shown[rule.id])
        if walked.told.score:
            ends[f"{rule.id}_low"], ends[f"{rule.id}_high"] = rules.ends(rule.id)
    return {
        ENTERPRISE: staging.given(ENTERPRISE),
        "state": root.bound,
        **{id_: stated.bound for id_, stated in shown.items()},
        **ends,
        "unmet": _count(staging, leaves, UNMET),
        "unknown": _count(staging, leaves, UNKNOWN),
    }


def _count(staging: Staging, leaves: Sequence[Stated], wanted: int) -> Bound:
    """Return how many leaves are in a state."""
    bounds = [leaf.bound for leaf in leaves if wanted in leaf.possible]

    def make(*states: ir.IntegerValue) -> ir.Value:
        zero = ibis.literal(0, type="int16")
        return reduce(add, ((s == code(wanted)).cast("int16") for s in states), zero)

    return staging.bind(("count", wanted, *bounds), bounds, make)
