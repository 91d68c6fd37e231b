"""The rules over columns say what the single engine says, at and around every threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.brain.policy.many_enterprises import (
    Question,
    able,
    around,
    differences,
    expected,
    questions,
    wide,
)

from ballast.brain.policy.columns import decide_all
from ballast.brain.policy.facts import Facts
from ballast.brain.policy.reading import laws, read_laws
from ballast.lake.engine import DuckEngine

EVERY_KIND = read_laws(Path(__file__).with_name("law_of_every_kind"))
QUESTIONS = [*questions(laws()), *questions(EVERY_KIND)]


@cache
def asked(question: Question) -> Callable[[pa.Table], list[dict[str, Any]]]:
    """Return a way to ask one question of many tables: the plan is made once."""
    engine = DuckEngine(threads=1)
    table = engine.memory(wide(question, []))
    answer = decide_all(question.laws, question.scheme, table, question.day, question.application)
    sql = engine._connection.compile(answer)

    def ask(rows: pa.Table) -> list[dict[str, Any]]:
        engine._connection.con.register(table.get_name(), rows)
        found: list[dict[str, Any]] = engine._connection.con.sql(sql).to_arrow_table().to_pylist()
        return sorted(found, key=lambda row: row["uscc"])

    return ask


def compare(question: Question, many: Sequence[Facts]) -> list[Any]:
    found = asked(question)(wide(question, many))
    wanted = [expected(question, f"{n:06}", facts) for n, facts in enumerate(many)]
    return differences(found, wanted)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_columns_agree_with_the_engine_around_every_threshold(question: Question) -> None:
    many = list(around(question, able(question)))
    assert len(many) > 3
    assert compare(question, many) == []
