"""A case is decided as written: its facts with their years, its base, its table row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ballast.brain.policy.case_running import facts_of_case, run
from ballast.brain.policy.case_tracing import Side
from ballast.brain.policy.law_shape import CaseFile
from ballast.brain.policy.reading import laws
from ballast.errors import NotFound

DAY = date(2026, 5, 20)


def test_years_are_those_before_the_day_or_the_ones_named() -> None:
    facts, wrong = facts_of_case(
        {"revenue[last]": Decimal(3), "revenue[last-2]": Decimal(1), "revenue[2024]": Decimal(2)},
        DAY,
    )
    assert wrong == []
    assert {year: fact.value for (_, year), fact in facts.known.items()} == {
        2025: 3, 2024: 2, 2023: 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("niche_share[last]", "12 of 100%"),
        ("revenue[last]", "5000"),
        ("founded", "2020-01-01"),
        ("fraud_3y", "no"),
        ("industry", Decimal(3443)),
        ("revenue[last+1]", Decimal(1)),
        ("revenue[25]", Decimal(1)),
        ("revenue", Decimal(1)),
        ("six_bases[last]", True),
        ("nonsense", True),
    ],
)
def test_what_cannot_be_a_fact_is_said(key: str, value: Decimal | bool | str) -> None:
    facts, wrong = facts_of_case({key: value}, DAY)
    assert len(wrong) == 1
    assert facts.known == {}


def test_titles_of_a_case_are_in_force_on_its_day() -> None:
    facts, _ = facts_of_case({}, DAY, ("high_tech",), titles_known=False)
    assert facts.titles[0].awarded < DAY
    assert facts.titles[0].expires is None
    assert not facts.titles_known


TABLE = {
    "scheme": "little_giant",
    "base": {"one": {"revenue[last]": Decimal(6000), "platform_score": Decimal(61)}},
    "tables": [
        {
            "name": {"zh": "收入", "en": "revenue"},
            "day": DAY,
            "base": "one",
            "vary": "revenue[last]",
            "of": "revenue",
            "rows": [
                [Decimal(4999), "unmet"],
                [Decimal(5000), "met"],
                [Decimal(5001), "met"],
                [Decimal(9000), "met"],
            ],
        }
    ],
}


def test_each_row_of_a_table_is_a_case_and_knows_what_it_stands_at() -> None:
    results = run(laws(), CaseFile.model_validate(TABLE))
    assert [result.holds for result in results] == [True] * 4
    assert [result.place for result in results] == [("tables", 0, "rows", n) for n in range(4)]
    sides = [{(one.name, one.side) for one in result.traces} for result in results]
    assert sides == [
        {("revenue_least", Side.UNDER)},
        {("revenue_least", Side.AT)},
        {("revenue_least", Side.OVER)},
        set(),  # far away: it shows nothing of the boundary
    ]


def test_a_figure_that_a_case_says_nothing_of_is_not_traced_by_it() -> None:
    """The platform's 61 points are near 60, but the table looks at revenue alone."""
    results = run(laws(), CaseFile.model_validate(TABLE))
    assert all(one.name == "revenue_least" for result in results for one in result.traces)


def test_a_row_that_does_not_hold_says_so_and_traces_nothing() -> None:
    table = {**TABLE, "tables": [{**TABLE["tables"][0], "rows": [[Decimal(5000), "unmet"]]}]}  # type: ignore[index]
    (result,) = run(laws(), CaseFile.model_validate(table))
    assert not result.holds
    assert result.traces == frozenset()
    assert "应为 unmet，实为 met" in result.differences[0].text("zh")


def test_cases_of_an_unknown_scheme_are_refused() -> None:
    with pytest.raises(NotFound):
        run(laws(), CaseFile(scheme="giant"))
