"""What somebody writes into a form: units as written, years, words, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.policy.selfcheck_answers import Answers, Written, answers, is_field, place_of
from ballast.terms.label import Label

DAY = date(2026, 11, 23)
SOURCE = Label("自评填报", "the self-check form")
TITLES = {"little_giant": Label("小巨人", "little giant"), "high_tech": Label("高企", "high-tech")}


def read(*written: Written) -> Answers:
    return answers(written, DAY, SOURCE, TITLES)


def value(field: str, text: str, unit: str = "", *, number: bool = False) -> object:
    found = read(Written(field, text, unit, number=number))
    assert found.problems == (), [p.reason.text("en") for p in found.problems]
    (fact,) = found.facts
    return fact.value


def fault(field: str, text: str, unit: str = "", *, number: bool = False) -> str:
    found = read(Written(field, text, unit, number=number))
    assert list(found.facts) == []
    (problem,) = found.problems
    assert problem.reason.text("zh") != problem.reason.text("en")
    return problem.reason.text("en")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("5000", ""),
        ("5,000", ""),
        ("５０００", "万元"),
        (" 5 000.0 ", "万元"),
        ("5000万元", ""),
        ("5000 万", ""),
        ("0.5亿元", ""),
        ("0.5", "亿元"),
        ("50000000", "元"),
        ("50,000,000元", ""),
        ("¥50,000,000.00元", ""),
        ("50000", "千元"),
        ("5000万元", "万元"),
        ("50", "百万元"),
    ],
)
def test_money_is_read_in_the_unit_that_was_written(text: str, unit: str) -> None:
    assert value("revenue[2025]", text, unit) == Decimal(5000)


@pytest.mark.parametrize(
    ("text", "unit"), [("12.5", ""), ("12.5%", ""), ("12.5％", "%"), ("0.125", "比值")]
)
def test_a_share_is_read_in_percent_unless_a_fraction_is_written(text: str, unit: str) -> None:
    assert value("niche_share[2025]", text, unit) == Decimal("0.125")


def test_a_share_that_excel_kept_as_a_number_is_asked_about_and_not_guessed() -> None:
    said = fault("niche_share[2025]", "0.125", number=True)
    assert "0.125% or 12.500%" in said
    assert value("niche_share[2025]", "12.5", number=True) == Decimal("0.125")
    assert value("niche_share[2025]", "0", number=True) == 0


def test_a_loss_stays_a_loss() -> None:
    assert value("net_profit[2025]", "−120.5万元") == Decimal("-120.5")


@pytest.mark.parametrize(
    ("field", "text", "unit", "said"),
    [
        ("revenue[2025]", "about 5000", "", "no figure"),
        ("revenue[2025]", "5000~6000", "", "no unit that is known"),
        ("revenue[2025]", "1.234,5", "", "no figure"),
        ("revenue[2025]", "12,34", "", "no figure"),
        ("revenue[2025]", "9" * 30, "", "no figure"),
        ("revenue[2025]", "5e3", "", "no unit that is known"),
        ("revenue[2025]", "nan", "", "no figure"),
        (
            "revenue[2025]",
            "5000吨",
            "",
            "the unit is wrong: 10,000 CNY is asked for, t was written",
        ),
        ("revenue[2025]", "5000", "人", "the unit is wrong"),
        ("revenue[2025]", "5000", "万美元", "the unit is wrong"),
        ("revenue[2025]", "5000元", "万元", "two units"),
        ("revenue[2025]", "5000", "bananas", "no unit that is known"),
        ("revenue[2026]", "5000", "", "of the wrong year, 2026"),
        ("revenue[2021]", "5000", "", "2022 to 2025"),
        ("revenue[2027]", "5000", "", "of the wrong year"),
        ("revenue", "5000", "", "say of which, 2022 to 2025"),
        ("founded[2025]", "2010-01-01", "", "not of a year"),
        ("staff[2025]", "12.5", "", "no whole number"),
        ("digital_level", "2.5", "", "no whole number"),
        ("founded", "2010-13-01", "", "no date"),
        ("founded", "40179", "", "no date"),
        ("industry", "9999", "", "no industry"),
        ("industry", "C\u0663\u0664", "", "no industry"),
        ("fraud_3y", "perhaps", "", "yes or no"),
        ("rd_institution", "galactic", "", "none of the choices: national"),
        ("fame[2025]", "1", "", "no rule asks for"),
        ("holds[champion_of_all]", "2020-01-01", "", "no title"),
        ("holds[little_giant]", "yes", "", "date of award"),
        ("holds[little_giant]", "2027-01-01", "", "after 2026-11-23"),
        ("); drop", "1", "", "no field"),
    ],
)
def test_what_could_be_read_in_two_ways_or_none_is_refused_with_what_to_do(
    field: str, text: str, unit: str, said: str
) -> None:
    assert said in fault(field, text, unit)


@pytest.mark.parametrize(
    ("field", "text", "read_as"),
    [
        ("fraud_3y", "否", False),
        ("fraud_3y", "Yes", True),
        ("core_ip", "有", True),
        ("rd_institution", "省（部）级", "provincial"),
        ("rd_institution", "National", "national"),
        ("industry", "C3443", "3443"),
        ("industry", " 3443 ", "3443"),
        ("industry", "c", "C"),
        ("founded", "2010年1月5日", date(2010, 1, 5)),
        ("founded", "2010/1/5", date(2010, 1, 5)),
        ("digital_level", "2", Decimal(2)),
        ("platform_score", "61.5分", Decimal("61.5")),
        ("staff[2024]", "1,200人", Decimal(1200)),
        ("staff[2024]", "0.12万人", Decimal(1200)),
    ],
)
def test_words_dates_and_codes_are_read_as_people_write_them(
    field: str, text: str, read_as: object
) -> None:
    assert value(field, text) == read_as


def test_a_fact_carries_its_year_its_day_and_its_source() -> None:
    (fact,) = read(Written("revenue[2024]", "1")).facts
    assert (fact.year, fact.as_of, fact.source) == (2024, DAY, SOURCE)


def test_titles_are_known_where_every_one_on_the_form_is_answered() -> None:
    assert not read(Written("staff[2025]", "7")).facts.titles_known
    silent = read(Written("holds[little_giant]", "  "))
    assert (silent.facts.titles, silent.facts.titles_known) == ((), False)
    assert silent.titles == {"little_giant"}
    none = read(Written("holds[high_tech]", "无")).facts
    assert (none.titles, none.titles_known) == ((), True)
    partly = read(Written("holds[high_tech]", "2024-12-01"), Written("holds[little_giant]", ""))
    assert [(t.scheme, t.awarded, t.expires) for t in partly.facts.titles] == [
        ("high_tech", date(2024, 12, 1), None)
    ]
    assert not partly.facts.titles_known
    both = read(Written("holds[high_tech]", "2024-12-01"), Written("holds[little_giant]", "none"))
    assert both.facts.titles_known


def test_all_problems_are_named_at_once_and_what_is_sound_is_kept() -> None:
    found = read(
        Written("revenue[2025]", "x", place=Label("第 7 行 营业收入", "row 7 revenue")),
        Written("revenue[2024]", "1"),
        Written("revenue[2024]", "2"),
        Written("holds[high_tech]", "无"),
        Written("holds[high_tech]", "无"),
    )
    assert [fact.value for fact in found.facts] == [1]
    assert found.problems[0].place.en == "row 7 revenue"
    assert [p.reason.text("en")[:20] for p in found.problems[1:]] == ["it is answered twice"] * 2


def test_what_was_typed_cannot_break_the_line_of_the_message() -> None:
    assert "\x1b" not in fault("revenue[2025]", "\x1b[2J")
    assert "\u202e" not in fault("rd_institution", "a\u202eb")


def test_fields_are_told_from_what_else_a_page_sends() -> None:
    assert is_field("staff[2025]")
    assert not is_field("csrf_token")
    assert not is_field("revenue[2025].unit")
    assert place_of("holds[high_tech]", TITLES).en == "high-tech"
    assert place_of("staff[2025]", {}).zh == "从业人员（2025年）"


@given(
    st.sampled_from(["revenue[2025]", "staff[2025]", "niche_share[2025]", "founded", "industry",
                     "fraud_3y", "rd_institution", "holds[high_tech]"]),
    st.text(max_size=40),
    st.text(max_size=6),
)  # fmt: skip
def test_whatever_is_written_is_a_fact_or_a_problem_and_never_a_crash(
    field: str, text: str, unit: str
) -> None:
    found = read(Written(field, text, unit))
    assert len(list(found.facts)) + len(found.problems) + len(found.facts.titles) <= 1
    for problem in found.problems:
        assert problem.reason.text("zh")
        assert problem.reason.text("en")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_a_figure_survives_any_of_its_units_exactly(figure: Decimal) -> None:
    in_yuan = f"{figure * 10000:f}"
    assert value("net_profit[2025]", f"{figure:f}") == figure
    assert value("net_profit[2025]", in_yuan, "元") == figure
    assert value("net_profit[2025]", f"{figure / 10000:f}亿元") == figure
