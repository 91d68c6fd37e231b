"""The rules of the law over columns say the same on both engines as the single engine does."""

from __future__ import annotations

from typing import Any

import pytest
from tests.brain.policy.many_enterprises import (
    Question,
    able,
    around,
    differences,
    enterprise,
    expected,
    wide,
)
from tests.brain.policy.test_columns import CHAMPION, DAY, QUESTIONS, doubtful

from ballast.brain.policy.columns import decide_all, without_doubts

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_spark_agrees_with_the_engine_around_every_threshold(
    question: Question, spark_side: Any
) -> None:
    many = [*around(question, able(question)), *(enterprise(s, question, 0.9) for s in range(40))]
    table = spark_side.memory(wide(question, many, sound=True))
    answer = decide_all(
        question.laws, question.scheme, table, question.day, question.application, examined=True
    )
    wanted = [expected(question, f"{n:06}", facts) for n, facts in enumerate(many)]
    assert differences(spark_side.rows(answer, "uscc"), wanted) == []


def test_both_engines_find_the_same_facts_in_doubt(spark_side: Any, duckdb_side: Any) -> None:
    many = [*doubtful(), *(enterprise(seed, CHAMPION) for seed in range(60))]
    rows = wide(CHAMPION, many)
    found, expected_ = (
        side.rows(without_doubts(side.memory(rows), DAY), "uscc")
        for side in (spark_side, duckdb_side)
    )
    assert found == expected_
