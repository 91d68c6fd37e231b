"""Facts are one row for each enterprise and stored period, with what it is at the period's end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.facts import (
    enterprise_facts,
    industrial_enterprises,
    literal_rows,
    times,
)
from ballast.brain.indicators.question import Question
from ballast.lake.engine import DuckEngine
from ballast.lake.lake import Lake
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.viewer import operator

Filled = Callable[..., Lake]
Rows = Sequence[Mapping[str, object]]
ME = operator("test")
A, B, C, D = (with_check_character(f"91371500MA{n:07d}") for n in range(4))
FEBRUARY, MARCH, TO_MARCH = (Period.parse(t) for t in ("2026-01..02", "2026-03", "2026-03ytd"))


def listed(table: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found


def test_several_periods_at_once_each_have_their_own_rows_and_registrations(filled: Filled) -> None:
    register: Rows = [
        {"uscc": A, "valid_from": date(2020, 1, 1)},
        {"uscc": A, "valid_from": date(2026, 3, 1), "region": "371502", "zone": "371500-KFQ"},
    ]
    lake = filled(
        enterprise=register,
        enterprise_period=[
            {"uscc": A, "period": str(p), "output_1e4_cny": n}
            for p, n in ((FEBRUARY, 2), (MARCH, 3))
        ],
    )
    rows = listed(enterprise_facts(lake, ME, [FEBRUARY, MARCH, TO_MARCH]))
    told = sorted(
        (r["target"], r["period"], r["last"], r["parts"], r["region"], r["place"]) for r in rows
    )
    zone = ("371502", "371500-KFQ")
    assert told == [
        ("2026-01..02", "2026-01..02", True, 1, "371581", "371581"),
        ("2026-03", "2026-03", True, 1, *zone),
        ("2026-03ytd", "2026-01..02", False, 2, *zone),
        ("2026-03ytd", "2026-03", True, 2, *zone),
    ]
    fixed = listed(enterprise_facts(lake, ME, [FEBRUARY], registered_on=date(2026, 3, 31)))
    assert [r["region"] for r in fixed] == ["371502"]


def test_an_enterprise_known_only_from_a_later_day_is_taken_as_it_was_first_known(
    filled: Filled,
) -> None:
    register: Rows = [
        {"uscc": A, "valid_from": date(2027, 1, 1), "industry": "3252", "size_class": "small"},
        {"uscc": A, "valid_from": date(2028, 1, 1)},
        {"uscc": B, "industry": "34"},
        {"uscc": C, "industry": "6510"},
    ]
    lake = filled(enterprise=register)
    rows = listed(industrial_enterprises(lake.read("enterprise", ME), {MARCH: MARCH.end}))
    told = {r["uscc"]: (r["section"], r["division"], r["group"], r["class"]) for r in rows}
    assert told == {A: ("C", "32", "325", "3252"), B: ("C", "34", "", "")}
    assert {r["uscc"]: (r["size_class"], r["ownership"], r["city"]) for r in rows}[A] == (
        "small", "", "371500"
    )  # fmt: skip


def test_a_year_to_date_less_another_counts_the_first_against_the_sum() -> None:
    stored = [Period.parse("2026-02ytd"), Period.parse("2026-03ytd")]
    found = times([MARCH, Period.parse("2026-04")], stored)
    assert {str(x.period): x.sign for x in found.made_of[MARCH]} == {
        "2026-03ytd": 1, "2026-02ytd": -1
    }  # fmt: skip
    assert list(found.made_of) == [MARCH]
    assert found.last(MARCH) == TO_MARCH


def test_a_list_in_an_expression_leaves_nothing_in_the_engine(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}],
        enterprise_period=[{"uscc": A, "period": str(MARCH), "output_1e4_cny": 1}],
    )
    engine = lake.engine
    assert isinstance(engine, DuckEngine)

    def held() -> int:
        views = engine._connection.con.execute("SELECT count(*) FROM duckdb_views()")
        found: int = views.fetchall()[0][0]
        return found

    def asked() -> None:
        question = Question(("output", "titles"), (Dimension.PLACE,), period=MARCH)
        evaluate(lake, ME, question)

    asked()
    before = held()
    for _ in range(2):
        asked()
    assert held() == before > 0
    rows = literal_rows([{"n": 1, "d": MARCH.end}], {"n": "int64", "d": "date"})
    assert listed(rows) == [{"n": 1, "d": MARCH.end}]
