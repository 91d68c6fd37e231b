"""The rules over columns say what the single engine says, at and around every threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.brain.policy.many_enterprises import (
    NEAR_STEPS,
    SAID,
    STEPS,
    Question,
    able,
    around,
    at,
    differences,
    enterprise,
    expected,
    questions,
    thresholds,
    wide,
)

from ballast.brain.policy.columns import (
    STATES,
    criterion_columns,
    decide_all,
    needed,
    without_doubts,
)
from ballast.brain.policy.facts import Fact, Facts
from ballast.brain.policy.finding import State
from ballast.brain.policy.reading import laws, read_laws
from ballast.brain.policy.shape import Application
from ballast.errors import NotFound, Refused, WrongColumns
from ballast.lake.engine import DuckEngine

EVERY_KIND = read_laws(Path(__file__).with_name("law_of_every_kind"))
QUESTIONS = [*questions(laws()), *questions(EVERY_KIND)]
DAY = date(2026, 6, 15)
CHAMPION = Question(EVERY_KIND, "champion", DAY, Application.NEW)


class Asked:
    """One question planned once, asked of many tables."""

    def __init__(self, question: Question) -> None:
        self.engine = DuckEngine(threads=1)
        self.table = self.engine.memory(wide(question, []))
        self.connection: Any = self.engine._connection
        answer = decide_all(
            question.laws,
            question.scheme,
            self.table,
            question.day,
            question.application,
            examined=True,
        )
        self.sql = self.connection.compile(answer)

    def of(self, rows: pa.Table) -> list[dict[str, Any]]:
        self.connection.con.register(self.table.get_name(), rows)
        found: list[dict[str, Any]] = self.connection.con.sql(self.sql).to_arrow_table().to_pylist()
        return sorted(found, key=lambda row: row["uscc"])


asked: Callable[[Question], Asked] = cache(Asked)


def compare(question: Question, many: Sequence[Facts]) -> list[Any]:
    found = asked(question).of(wide(question, many, sound=True))
    wanted = [expected(question, f"{n:06}", facts) for n, facts in enumerate(many)]
    return differences(found, wanted)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_columns_agree_with_the_engine_around_every_threshold(question: Question) -> None:
    many = list(around(question, able(question)))
    assert len(many) > 3
    assert compare(question, many) == []


@dataclass(frozen=True)
class Drawn:
    """An enterprise to be: how its facts begin, and at which thresholds it is put then."""

    seed: int
    known: float
    hits: tuple[tuple[int, Decimal, int], ...]

    def facts(self, question: Question) -> Facts:
        facts, bounds = enterprise(self.seed, question, self.known), thresholds(question)
        for number, step, shift in self.hits if bounds else ():
            threshold = bounds[number % len(bounds)]
            facts = at(question, facts, threshold, step, shift % threshold.years)
        return facts


HITS = st.tuples(st.integers(0, 100), st.sampled_from((*STEPS, *NEAR_STEPS)), st.integers(0, 2))
MANY = st.lists(
    st.builds(
        Drawn,
        st.integers(0, 10**6),
        st.sampled_from((0.6, 0.9, 0.98)),
        st.lists(HITS, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40)
@given(st.integers(0, len(QUESTIONS) - 1), MANY)
def test_columns_agree_with_the_engine_of_any_enterprise(number: int, drawn: list[Drawn]) -> None:
    question = QUESTIONS[number]
    assert compare(question, [each.facts(question) for each in drawn]) == []


@pytest.mark.parametrize("scheme", ["champion", "size_standard"])
def test_facts_in_doubt_are_found_on_the_way(scheme: str) -> None:
    question = Question(EVERY_KIND, scheme, DAY, Application.NEW)
    many = [enterprise(seed, question) for seed in range(60)]
    engine = DuckEngine(threads=1)
    answer = decide_all(EVERY_KIND, scheme, engine.memory(wide(question, many)), DAY)
    wanted = [expected(question, f"{n:06}", facts) for n, facts in enumerate(many)]
    found = sorted(engine.collect(answer).to_pylist(), key=lambda row: row["uscc"])
    assert differences(found, wanted) == []


def doubtful() -> list[Facts]:
    """Return enterprises each of which contradicts itself, and some at the edge of doing so."""
    sound = able(CHAMPION)
    last = DAY.year - 1
    changes: list[dict[tuple[str, int | None], Any]] = [
        {("rd", last): Decimal(9001)},
        {("rd", last): Decimal(9000)},
        {("rd", last - 2): Decimal("-0.01")},
        {("staff", last): Decimal("20.5")},
        {("rd_staff", last): Decimal(201)},
        {("revenue", last): Decimal(9_000_000_000)},
        {("net_profit", last): Decimal(-500)},
        {("niche_share", last): Decimal("1.01")},
        {("niche_share", last): Decimal(1)},
        {("founded", None): date(2026, 6, 16)},
        {("founded", None): DAY},
        {("class1_ip", None): Decimal("2.5")},
        {("assets", last): Decimal(0)},
        {("rd_institution", None): "galactic"},
    ]
    return [
        replace(
            sound,
            known={**sound.known, **{k: Fact(k[0], v, SAID, k[1]) for k, v in each.items()}},
        )
        for each in changes
    ]


def test_the_same_facts_are_in_doubt_as_for_one_enterprise() -> None:
    many = [*doubtful(), *(enterprise(seed, CHAMPION) for seed in range(40))]
    engine = DuckEngine(threads=1)
    found = engine.collect(without_doubts(engine.memory(wide(CHAMPION, many)), DAY))
    wanted = wide(CHAMPION, many, sound=True)
    for name in wanted.column_names:
        assert found.column(name).to_pylist() == wanted.column(name).to_pylist(), name
    assert wanted.column("rd_0").to_pylist()[:2] == [None, 9000]


def test_what_is_no_number_is_not_known() -> None:
    """DuckDB and Spark count "not a number" above every number: a rule would take it for met."""
    question = Question(EVERY_KIND, "size_standard", DAY, Application.NEW)
    rows = wide(question, [able(question)] * 4)
    at_ = rows.schema.get_field_index("staff_0")
    odd = pa.array([float("nan"), float("inf"), -float("inf"), 1000.0])
    engine = DuckEngine(threads=1)
    rows = rows.set_column(at_, rows.field(at_), odd)
    answer = engine.collect(decide_all(EVERY_KIND, "size_standard", engine.memory(rows), DAY))
    found = sorted(answer.to_pylist(), key=lambda row: row["uscc"])
    assert [STATES[row["state"]] for row in found] == [State.UNKNOWN] * 3 + [State.MET]


def test_only_the_columns_that_are_needed_are_read() -> None:
    engine, scheme = DuckEngine(threads=1), "size_standard"
    rows = wide(CHAMPION, [able(CHAMPION)])
    names = needed(EVERY_KIND, scheme, DAY)
    assert names[:2] == ("uscc", "industry")
    assert set(needed(EVERY_KIND, scheme, DAY, examined=True)) < set(names)
    few = engine.memory(rows.select(list(names)))
    whole = engine.memory(rows)
    answers = [engine.collect(decide_all(EVERY_KIND, scheme, t, DAY)) for t in (few, whole)]
    assert answers[0].equals(answers[1])


def test_a_table_without_a_needed_column_is_refused() -> None:
    rows = wide(CHAMPION, []).drop_columns(["revenue_1", "holds_high_tech"])
    with pytest.raises(WrongColumns, match="no column revenue_1, holds_high_tech"):
        decide_all(EVERY_KIND, "champion", DuckEngine().memory(rows), DAY)


def test_a_column_of_another_type_is_refused() -> None:
    rows = wide(CHAMPION, [])
    at_ = rows.schema.get_field_index("rd_0")
    rows = rows.set_column(at_, "rd_0", pa.array([], pa.string()))
    with pytest.raises(WrongColumns, match="rd_0"):
        decide_all(EVERY_KIND, "champion", DuckEngine().memory(rows), DAY)


def test_no_law_and_no_day_before_any_law() -> None:
    table = DuckEngine().memory(wide(CHAMPION, []))
    with pytest.raises(NotFound):
        decide_all(EVERY_KIND, "champions", table, DAY)
    with pytest.raises(Refused):
        decide_all(EVERY_KIND, "champion", table, date(2019, 12, 31))


def test_leaves_are_neither_groups_nor_waivers_nor_conditions() -> None:
    columns = {column.id: column for column in criterion_columns(EVERY_KIND, "champion", DAY)}
    leaves = {id_ for id_, column in columns.items() if column.leaf}
    assert {"root", "some", "two", "prize", "big"} <= columns.keys() - leaves
    assert {"sme", "rd", "grow", "pts", "t3"} <= leaves
    assert [id_ for id_, column in columns.items() if column.score] == ["pts", "pts_when"]


def test_the_plan_does_not_grow_with_the_product_of_its_levels() -> None:
    """A formula or a state that is used often is written once: the text stays short."""
    for question in QUESTIONS:
        assert len(asked(question).sql) < 60_000, question
