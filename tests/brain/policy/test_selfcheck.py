"""The self-check over the law itself: what is asked is what the rules read, no more and no less."""

from __future__ import annotations

from datetime import date

import pytest

from ballast.brain.policy.columns import needed
from ballast.brain.policy.columns_facts import ENTERPRISE, column_of, title_column
from ballast.brain.policy.engine import decide
from ballast.brain.policy.finding import Verdict
from ballast.brain.policy.reading import laws
from ballast.brain.policy.selfcheck import (
    GROUPS,
    Question,
    check_form,
    facts_for,
    from_form,
    group_label,
    questions,
    read_sheet,
    sheet,
    unit_field,
)
from ballast.brain.policy.selfcheck_answers import is_field
from ballast.brain.policy.shape import Application
from ballast.errors import NotFound, Refused
from ballast.terms.policy_fact import FactGroup

DAY = date(2026, 11, 23)
OLD = date(2025, 6, 1)
TITLES = [scheme for scheme in laws().schemes if scheme != "size_standard"]
SME = {
    "technical_staff[2025]": "60", "staff[2025]": "100人", "revenue[2025]": "0.5",
    unit_field("revenue[2025]"): "亿元", "assets[2025]": "6000", "rd[2025]": "400",
    "cost[2025]": "4000万元", "class1_ip": "2", "class2_ip": "0", "holds[high_tech]": "无",
}  # fmt: skip


def column(question: Question, day: date) -> str:
    """Return the column of the wide table that a question answers."""
    if question.group is None:
        return title_column(question.field.removeprefix("holds[").removesuffix("]"))
    key = question.field.partition("[")[0]
    return column_of(key, None if question.year is None else day.year - 1 - question.year)


@pytest.mark.parametrize("scheme", laws().schemes)
@pytest.mark.parametrize("application", list(Application))
@pytest.mark.parametrize("day", [DAY, OLD])
def test_a_form_asks_for_what_the_rules_over_all_enterprises_read(
    scheme: str, application: Application, day: date
) -> None:
    asked = questions(laws(), [scheme], day, application)
    read = set(needed(laws(), scheme, day, application, examined=True)) - {ENTERPRISE}
    assert {column(one, day) for one in asked} == read
    assert all(is_field(one.field) for one in asked)
    assert len({one.field for one in asked}) == len(asked)


def test_a_form_for_all_titles_asks_each_fact_once_and_says_who_asks() -> None:
    asked = questions(laws(), [], DAY)
    assert len({one.field for one in asked}) == len(asked)
    revenue = next(one for one in asked if one.field == "revenue[2025]")
    assert {"little_giant", "technology_sme", "high_tech"} <= set(revenue.schemes)
    places = [GROUPS.index(one.group) for one in asked]
    assert places == sorted(places)
    assert all(group_label(group).zh for group in GROUPS)


def test_the_short_form_leaves_out_scores_and_what_others_judge() -> None:
    asked = questions(laws(), ["specialised_sme"], DAY)
    short = {one.field for one in asked if one.short}
    assert "revenue[2025]" in short
    assert "platform_score" in short
    assert not any(one.short and one.field == "reputation" for one in asked)
    giant = questions(laws(), ["high_tech"], DAY)
    points = [one for one in giant if one.group is FactGroup.JUDGED]
    assert points
    assert not any(one.short for one in points)


def test_a_form_that_is_filled_in_is_decided_at_once() -> None:
    found = decide(laws(), "technology_sme", from_form(SME, DAY), DAY)
    assert found.verdict is Verdict.ELIGIBLE


def test_form_and_sheet_say_the_same() -> None:
    content = sheet(
        laws(),
        ["technology_sme"],
        "zh",
        DAY,
        {k: v for k, v in SME.items() if is_field(k)} | {"revenue[2025]": "5000"},
    )
    one, other = from_form(SME, DAY), read_sheet(content, DAY)
    assert {(f.key, f.year): f.value for f in one} == {(f.key, f.year): f.value for f in other}
    assert one.titles_known
    assert other.titles_known


def test_what_a_page_sends_beside_the_answers_is_passed_over() -> None:
    assert (
        from_form(SME | {"csrf": "x", "scheme": "high_tech"}, DAY).known.keys()
        == from_form(SME, DAY).known.keys()
    )


def test_every_mistake_of_a_form_is_named_by_its_field() -> None:
    read = check_form({"staff[2025]": "many", "rd[2020]": "1", "class1_ip": "2"}, DAY)
    assert [problem.field for problem in read.problems] == ["staff[2025]", "rd[2020]"]
    assert [fact.key for fact in read.facts] == ["class1_ip"]
    with pytest.raises(Refused, match="2 to correct"):
        from_form({"staff[2025]": "many", "rd[2020]": "1"}, DAY)


def test_a_title_that_the_form_did_not_ask_for_is_not_known_to_be_missing() -> None:
    read = check_form(SME, DAY)
    assert facts_for(read, laws(), ["technology_sme"], DAY).titles_known
    assert not facts_for(read, laws(), ["specialised_sme"], DAY).titles_known
    assert not facts_for(read, laws(), [], DAY).titles_known


def test_unknown_schemes_and_days_before_any_law_are_refused() -> None:
    with pytest.raises(NotFound):
        questions(laws(), ["giants"], DAY)
    with pytest.raises(Refused):
        questions(laws(), ["little_giant"], date(2001, 1, 1))
    assert {s for one in questions(laws(), [], date(2018, 1, 1)) for s in one.schemes} <= set(
        TITLES
    )
