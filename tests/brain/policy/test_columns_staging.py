"""A value is computed once, and carried no farther than it is wanted."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from ballast.brain.policy.columns_formula import ColumnFormulas
from ballast.brain.policy.columns_staging import Staging
from ballast.brain.policy.formula import parse
from ballast.lake.engine import DuckEngine

DAY = date(2026, 6, 15)


def test_one_value_asked_for_by_many_is_one_column() -> None:
    engine = DuckEngine(threads=1)
    rows = pa.table({"a": [1.0, 2.0], "b": [4.0, 0.0], "unused": [0.0, 0.0]})
    plan = Staging(engine.memory(rows))
    formulas = ColumnFormulas(plan, lambda key, _: plan.given(key), DAY)
    share = formulas.value(parse("a / b"))
    assert formulas.value(parse("a/b")) is share
    many = {f"x{n}": formulas.value(parse(f"(a / b) * {n}")) for n in range(1, 30)}
    assert plan.reads(many.values()) == {"a", "b"}
    answer = plan.table(many)
    assert str(engine._connection.compile(answer)).count(" / ") == 1
    assert engine.collect(answer).column("x3").to_pylist() == [0.75, None]


def test_a_chain_of_values_that_double_each_time_stays_short() -> None:
    """Each uses the one before it twice: written as one tree it would be 2^30 long."""
    engine = DuckEngine(threads=1)
    plan = Staging(engine.memory(pa.table({"a": [1.0]})))
    value = plan.given("a")
    for _ in range(30):
        value = plan.bind(("twice", value), (value, value), lambda x, y: x + y)
    answer = plan.table({"found": value})
    assert len(str(engine._connection.compile(answer))) < 5_000
    assert engine.collect(answer).to_pydict() == {"found": [2.0**30]}


def test_a_constant_takes_no_column() -> None:
    engine = DuckEngine(threads=1)
    plan = Staging(engine.memory(pa.table({"a": [1.0, None]})))
    formulas = ColumnFormulas(plan, lambda key, _: plan.given(key), DAY)
    two = formulas.value(parse("2"))
    assert two.level == 0
    found = {"two": two, "sum": formulas.value(parse("a + 2"))}
    answer = engine.collect(plan.table(found)).to_pydict()
    assert answer == {"two": [2.0, 2.0], "sum": [3.0, None]}
