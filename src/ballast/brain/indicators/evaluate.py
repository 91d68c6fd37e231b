"""A question answered from the facts, for a viewer with the right to unit data.

Nobody else: what a viewer without that right may know stands in the sealed
cube, and ``answering`` decides between the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

import ibis.expr.types as ir
import pyarrow.compute as pc

from ballast.brain.indicators.answer import Answer, Value
from ballast.brain.indicators.compile import COPY, COUNTS, WEIGHT, expressions
from ballast.brain.indicators.declared import Indicator, Measure
from ballast.brain.indicators.expected import expected_enterprises, reporting_states
from ballast.brain.indicators.facts import (
    column_of,
    enterprise_facts,
    registered_enterprises,
    stored_periods,
)
from ballast.brain.indicators.facts_beside import (
    identifier_facts,
    plant_facts,
    title_facts,
    trade_facts,
)
from ballast.brain.indicators.facts_projects import project_facts, project_month_facts
from ballast.brain.indicators.macro import macro_values
from ballast.brain.indicators.question import Question, checked, target
from ballast.brain.indicators.restrict import beside, check_codes, restricted
from ballast.brain.indicators.sources import Loads, behind_of, dated, loads_of
from ballast.brain.indicators.valued import Cell, Row, nobody, nothing, value_of
from ballast.brain.picture_periods import pieces
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.lake.still import laid
from ballast.terms.china import day_in_china
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence, pack

__all__ = ["FACTS", "evaluate", "evaluate_series", "facts_of", "needed"]

FACTS = (
    "enterprise_period", "trade", "title", "plant_daily", "handle_daily", "project",
    "project_month",
)  # fmt: skip
"""The tables of which `facts_of` makes facts."""


def evaluate(
    lake: Lake,
    viewer: Viewer,
    question: Question,
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
) -> Answer:
    """Return the values of a question: levels, unsuppressed.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    question
        What is asked.
    registered_on
        The day whose registration decides region and industry of an
        enterprise; by default the last day of the period.
    as_of
        The moment of the lake; now where it is ``None``.

    Returns
    -------
    Answer
        Indicator after indicator as asked, cells in the order of codes. A cell
        in which nobody reported is there where somebody should have; who has no
        place in the cut (in no zone, of no known size) is in no cell. An
        indicator without any cell has one value with an empty cell, which says
        why. Sources and ``as_of`` are those of all rows that the question's
        restriction leaves.

    Raises
    ------
    NotPermitted
        If an indicator rests on what enterprises reported and the viewer may
        not read all of that.
    NotFound, WrongUsage, InvalidTerm
        If an indicator, a cluster or a code is not there, or it cannot be asked so.
    """
    [found] = evaluate_series(
        lake, viewer, question, [question.period], registered_on=registered_on, as_of=as_of
    ).values()
    return found


def evaluate_series(
    lake: Lake,
    viewer: Viewer,
    question: Question,
    periods: Collection[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
) -> dict[Period, Answer]:
    """Return the values of a question for several periods, planned and read as one.

    Parameters
    ----------
    lake, viewer, question, registered_on, as_of
        As for `evaluate`; the question's own period is not read.
    periods
        What is asked for instead, each as `evaluate` answers it alone.

    Raises
    ------
    NotPermitted, NotFound, WrongUsage, InvalidTerm
        As `evaluate`, of any of the periods.
    """
    questions = {p: replace(question, period=p) for p in dict.fromkeys(periods)}
    if not questions:
        return {}
    declared: tuple[Indicator, ...] = ()
    for alone in questions.values():  # some exist for whole years only
        declared = checked(alone)
    check_codes(question)
    if not viewer.may(Right.READ_UNITS) and any(one.of_enterprises for one in declared):
        raise NotPermitted(
            "{who} may not see figures made of what every enterprise reported; ask the home's "
            "administrator for the right {right}",
            who=viewer.name,
            right=Right.READ_UNITS.value,
        )
    wanted = {p: target(p, question.form) for p in questions}
    asked = _Asked(
        lake, viewer, question, tuple(dict.fromkeys(wanted.values())), registered_on, as_of
    )
    loads = loads_of(lake, as_of)
    found: dict[tuple[str, Period], tuple[Value, ...]] = {}
    for one in declared:
        if not one.of_enterprises:
            for p, alone in questions.items():
                values = macro_values(lake, one, alone, as_of)
                found[one.key, wanted[p]] = tuple(dated(v, v.sources, loads) for v in values)
    if any(one.of_enterprises for one in declared):
        with asked.registered() as registered:
            for name in FACTS:
                of_table = [one for one in declared if one.numerator.table == name]
                if of_table:
                    found |= _of_table(asked, registered, name, of_table, loads)
    return {
        p: Answer(tuple(v for one in declared for v in found[one.key, wanted[p]]), alone)
        for p, alone in questions.items()
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    lake: Lake
    viewer: Viewer
    question: Question
    wanted: tuple[Period, ...]
    registered_on: date | None
    as_of: datetime | None

    @contextmanager
    def registered(self) -> Iterator[ir.Table]:
        """Lend the enterprises that the question is about, with a copy for each cell and period.

        Restricted once and laid down: everything else joins these rows, and an
        expression that held their making would be planned anew in each query.
        """
        engine = self.lake.engine
        days = {p: self.registered_on or p.end for p in self.wanted}
        with registered_enterprises(self.lake, self.viewer, days, self.as_of) as whole:
            chosen = restricted(self.lake, self.viewer, whole, self.question, self.as_of)
            with engine.lent(engine.collect(chosen)) as lent:
                yield lent


def facts_of(
    lake: Lake,
    viewer: Viewer,
    name: str,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
) -> tuple[ir.Table, frozenset[Period]]:
    """Return the facts of one table, and for which of the periods it holds any.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.
    name
        One of `FACTS`.

    Returns
    -------
    tuple
        Rows in the shape that `compile.expression` reads; a period that is
        not among the second cannot be answered (a month nobody reported).
    """
    if name == "plant_daily":
        today = day_in_china(as_of or lake.clock())
        return plant_facts(
            lake, viewer, periods, today=today,
            registered_on=registered_on, as_of=as_of, registered=registered,
        )  # fmt: skip
    if name == "enterprise_period":
        stored = stored_periods(lake, viewer, as_of)
        known = [p for p in periods if pieces(p, stored) is not None]
        rows = enterprise_facts(
            lake, viewer, known, registered_on=registered_on, as_of=as_of, registered=registered
        )
        return rows, frozenset(known)
    make = {
        "trade": trade_facts, "title": title_facts, "handle_daily": identifier_facts,
        "project": project_facts, "project_month": project_month_facts,
    }[name]  # fmt: skip
    return make(
        lake, viewer, periods, registered_on=registered_on, as_of=as_of, registered=registered
    )


def _of_table(
    asked: _Asked,
    registered: ir.Table,
    name: str,
    declared: Sequence[Indicator],
    loads: Loads,
) -> dict[tuple[str, Period], tuple[Value, ...]]:
    question, engine = asked.question, asked.lake.engine
    rows, covered = facts_of(
        asked.lake, asked.viewer, name, asked.wanted, as_of=asked.as_of, registered=registered
    )
    values: dict[tuple[str, Period], tuple[Value, ...]] = {
        (one.key, p): (nothing(one, p, {}, _uncovered(asked, name, p)),)
        for p in asked.wanted
        if p not in covered
        for one in declared
    }
    known = [p for p in asked.wanted if p in covered]
    if not known:
        return values
    counted = engine.collect(needed(beside(rows, question), declared, question))
    with engine.lent(counted) as lent:
        cells = _cells(lent, declared, question)
    expected = _expected(asked, registered) if name == "enterprise_period" else {}
    for p in known:
        behind = behind_of(counted.filter(pc.equal(counted["target"], str(p))))
        for one in declared:
            found = tuple(
                dated(value, behind.loads, loads, behind)
                for value in _values(one, question, p, cells[one.key, p], expected.get(p))
            )
            values[one.key, p] = found or (nothing(one, p, {}, nobody(p)),)
    return values


def _values(
    one: Indicator,
    question: Question,
    wanted: Period,
    cells: Mapping[Cell, Row],
    expected: Mapping[Cell, int] | None,
) -> Iterator[Value]:
    """Yield the values of one indicator and period, in the order of codes."""
    listed: dict[Cell, Row] = {**{cell: {} for cell in expected or ()}, **cells}
    if not listed and not question.by:
        listed = {(): {}}
    for cell in sorted(listed):
        yield value_of(one, question, wanted, cell, listed[cell], expected)


def needed(rows: ir.Table, declared: Sequence[Indicator], question: Question) -> ir.Table:
    """Return facts with the columns alone that the sums of some indicators read.

    What is lent to the engine is copied, and facts have three dozen columns.

    Parameters
    ----------
    rows
        In the shape that `facts_of` returns.
    declared, question
        What will be asked of them.
    """
    wanted = {"uscc", "target", "period", "plus", "last", "parts", "load_id", "register_load",
              "received_at", "counted_to", "synthetic", COPY, WEIGHT, COUNTS}  # fmt: skip
    wanted |= {column_of(d) for d in question.by}
    for one in declared:
        wanted |= {term.column for term in one.terms}
        wanted |= {column for term in one.terms for column, _ in term.filter}
        wanted |= {one.disclosure.dominance or ""}
        wanted |= {column_of(one.over)} if one.over else set()
    return rows.select(*(name for name in rows.columns if name in wanted))


def _cells(
    rows: ir.Table, declared: Sequence[Indicator], question: Question
) -> Mapping[tuple[str, Period], dict[Cell, Row]]:
    """Return of each indicator and period the row of each cell."""
    alone = [[one] for one in declared if one.measure is Measure.CONCENTRATION]
    together = [one for one in declared if one.measure is not Measure.CONCENTRATION]
    names = [column_of(d) for d in question.by]
    found: defaultdict[tuple[str, Period], dict[Cell, Row]] = defaultdict(dict)
    for some in [*alone, *([together] if together else [])]:
        for row in expressions(some, rows, question.by).to_pyarrow().to_pylist():
            cell, period = tuple(row[name] for name in names), Period.parse(row["target"])
            for one in some:
                start = f"{one.key}__"
                found[one.key, period][cell] = {
                    name.removeprefix(start): value
                    for name, value in row.items()
                    if name.startswith(start)
                }
    return found


def _expected(asked: _Asked, registered: ir.Table) -> Mapping[Period, Mapping[Cell, int]]:
    """Return how many enterprises should have reported in each cell; no period: nobody knows."""
    lake, viewer, wanted, as_of = asked.lake, asked.viewer, asked.wanted, asked.as_of
    names = [column_of(d) for d in asked.question.by]
    key = ("reporting", viewer, wanted, as_of)
    with laid(lake, key, lambda: reporting_states(lake, viewer, wanted, as_of=as_of)) as states:
        rows = expected_enterprises(
            lake, viewer, wanted, as_of=as_of, registered=registered, states=states
        )
        counted = rows.aggregate(count=rows.uscc.nunique(), by=[*names, "target"])
        listed = lake.engine.collect(counted).to_pylist()
    found: defaultdict[Period, dict[Cell, int]] = defaultdict(dict)
    for row in listed:
        found[Period.parse(row["target"])][tuple(row[name] for name in names)] = row["count"]
    return found


def _uncovered(asked: _Asked, name: str, wanted: Period) -> str | None:
    """Say which months of a period nobody reported."""
    if name != "enterprise_period":
        return pack(
            [Sentence("the table {table} holds nothing of {period}",
                      {"table": name, "period": wanted.label})]
        )  # fmt: skip
    stored = stored_periods(asked.lake, asked.viewer, asked.as_of)
    known = {month for p in stored for month in p.months}
    lacking = [month.label for month in wanted.months if month not in known]
    if not lacking:
        return pack(
            [Sentence("{period} cannot be put together from the periods that were reported",
                      {"period": wanted.label})]
        )  # fmt: skip
    return pack(
        [
            Sentence(
                "nobody has reported for {month}; {count} of the months of {period} are missing",
                {"month": lacking[0], "count": len(lacking), "period": wanted.label},
            )
        ]
    )
