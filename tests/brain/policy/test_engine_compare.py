"""A comparison: its state, its margin in the law's unit, and advice that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.brain.policy.small_law import DAY, facts, found, least

from ballast.brain.policy.facts import Facts
from ballast.brain.policy.finding import Missing, State

REVENUE = least("revenue", "revenue", "revenue_least")
RD_SHARE = least("rd_share", "rd_share", "rd_share_least")


@pytest.mark.parametrize(
    ("revenue", "state", "margin"),
    [("4999.99", "unmet", "-0.01"), ("5000", "met", "0"), ("5000.01", "met", "0.01")],
)
def test_just_under_at_and_just_over(revenue: str, state: str, margin: str) -> None:
    finding = found(REVENUE, facts(revenue={2025: Decimal(revenue)})).finding
    assert (finding.state.value, finding.margin) == (state, Decimal(margin))
    assert finding.threshold == 5000


def test_a_figure_of_law_in_another_unit_is_converted() -> None:
    yi = least("revenue", "revenue", "revenue_least_yi")
    finding = found(yi, facts(revenue={2025: 5000})).finding
    assert (finding.state, finding.threshold, finding.unit) == (State.MET, Decimal(5000), "1e4_cny")


def test_percentages_are_shown_as_the_law_writes_them() -> None:
    finding = found(RD_SHARE, facts(rd={2025: 150}, revenue={2025: 6000})).finding
    assert finding.value is not None
    assert [str(finding.value.low), finding.threshold, finding.margin] == [
        "2.5",
        3,
        Decimal("-0.5"),
    ]
    assert [fact.key for fact in finding.facts] == ["rd", "revenue"]


def test_a_share_that_no_decimal_can_write_meets_its_own_figure() -> None:
    finding = found(RD_SHARE, facts(rd={2025: Decimal("0.03") * 7 / 7}, revenue={2025: 1})).finding
    assert finding.state is State.MET


def test_where_less_is_better_the_margin_is_turned() -> None:
    rule = least("debt", "debt", "debt_most", "<=")
    finding = found(rule, facts(liabilities={2025: 80}, assets={2025: 100})).finding
    assert (finding.state, finding.margin) == (State.UNMET, Decimal(-5))
    assert finding.turn is not None
    assert finding.turn.zh == (
        "超出5个百分点；其他数据不变时，2025年负债总额须不高于75万元（现为80万元，多出5万元）"
    )


def test_a_missing_fact_is_asked_for_with_the_paper_that_shows_it() -> None:
    one = found(RD_SHARE, facts(rd={2025: 150}))
    assert one.state is State.UNKNOWN
    assert one.bring == (Missing("revenue", 2025),)
    assert one.finding.turn is not None
    assert one.finding.turn.zh == "请补充：2025年营业收入（年度审计报告）"
    assert one.finding.value is None


def test_a_figure_of_an_older_year_is_named_and_not_taken() -> None:
    turn = found(REVENUE, facts(revenue={2024: 9000})).finding.turn
    assert turn is not None
    assert turn.zh == "请补充：2025年营业收入（年度审计报告；已有的是2024年数据，不能代替）"


def test_a_fact_in_doubt_is_to_be_checked_and_not_brought() -> None:
    one = found(RD_SHARE, facts(rd={2025: 9000}, revenue={2025: 6000}))
    assert one.state is State.UNKNOWN
    assert one.finding.turn is not None
    assert one.finding.turn.en == (
        "to check, as in doubt and not used: R&D expense of 2025, revenue of 2025"
    )


def test_no_revenue_leaves_a_share_unknown_with_the_reason() -> None:
    one = found(RD_SHARE, facts(rd={2025: 0}, revenue={2025: 0}))
    assert (one.state, one.bring) == (State.UNKNOWN, ())
    assert one.finding.turn is not None
    assert one.finding.turn.en == "revenue of 2025 is zero, so the ratio is undefined"


def test_no_advice_contradicts_what_else_is_known() -> None:
    rule = least("rd_total", "rd_total", "rd_total_least")
    small = found(rule, facts(rd={2025: 100, 2024: 90}, revenue={2025: 600, 2024: 500})).finding
    assert small.turn is not None
    assert small.turn.zh == "还差1010万元"
    large = found(rule, facts(rd={2025: 100, 2024: 90}, revenue={2025: 6000, 2024: 500})).finding
    assert large.turn is not None
    assert "2025年研发费用须不低于1110万元" in large.turn.zh


def test_each_of_two_years_is_told_and_the_worse_one_stands_for_both() -> None:
    rule = least("rd_share", "rd_share", "rd_share_least", years=2)
    known = facts(rd={2025: 300, 2024: 100}, revenue={2025: 6000, 2024: 5000})
    finding = found(rule, known).finding
    assert [(part.year, part.state.value) for part in finding.parts] == [
        (2025, "met"), (2024, "unmet"),
    ]  # fmt: skip
    assert (finding.state, finding.margin) == (State.UNMET, Decimal(-1))
    assert finding.turn is not None
    assert finding.turn.zh.startswith("2024年：还差1个百分点；")
    assert [part.id for part in finding.parts] == ["rd_share[2025]", "rd_share[2024]"]


def test_one_bad_year_settles_it_though_the_other_is_not_known() -> None:
    rule = least("rd_share", "rd_share", "rd_share_least", years=2)
    one = found(rule, facts(rd={2025: 100}, revenue={2025: 6000}))
    assert (one.state, one.bring) == (State.UNMET, ())


def test_a_good_year_tells_nothing_where_the_other_is_not_known() -> None:
    rule = least("rd_share", "rd_share", "rd_share_least", years=2)
    one = found(rule, facts(rd={2025: 300}, revenue={2025: 6000}))
    assert (one.state, one.finding.value, one.finding.margin) == (State.UNKNOWN, None, None)
    assert one.bring == (Missing("rd", 2024), Missing("revenue", 2024))


def test_time_says_the_day_from_which_it_holds() -> None:
    rule = least("days", "days", "days_least")
    founded = date(2025, 12, 1)
    early = found(rule, facts(founded=founded))
    assert early.finding.turn is not None
    assert early.finding.turn.en == "holds from 2026-12-01 on"
    assert found(rule, facts(founded=founded), date(2026, 11, 30)).state is State.UNMET
    assert found(rule, facts(founded=founded), date(2026, 12, 1)).state is State.MET
    leap = least("age", "age", "age_least")
    finding = found(leap, facts(founded=date(2024, 2, 29))).finding
    assert finding.turn is not None
    assert finding.turn.en == "holds from 2027-03-01 on"
    assert found(leap, facts(founded=date(2024, 2, 29)), date(2027, 3, 1)).state is State.MET


def test_more_than_so_many_days_is_a_day_later() -> None:
    rule = least("days", "days", "days_least", ">")
    founded = date(2025, 12, 1)
    turn = found(rule, facts(founded=founded)).finding.turn
    assert turn is not None
    assert turn.en == "holds from 2026-12-02 on"
    assert found(rule, facts(founded=founded), date(2026, 12, 1)).state is State.UNMET
    assert found(rule, facts(founded=founded), date(2026, 12, 2)).state is State.MET


def test_more_than_is_not_reached_by_exactly_that() -> None:
    rule = least("revenue", "revenue", "revenue_least", ">")
    finding = found(rule, facts(revenue={2025: 5000})).finding
    assert finding.state is State.UNMET
    assert finding.turn is not None
    assert finding.turn.zh == "须大于5000万元，恰好等于不算"


AMOUNT = st.decimals(1, 9000, places=2)


@given(
    rd=st.lists(AMOUNT, min_size=2, max_size=2),
    revenue=st.lists(st.decimals(9000, 90000, places=2), min_size=3, max_size=3),
    name=st.sampled_from(["rd_share", "rd_total", "growth", "debt"]),
)
def test_who_follows_the_advice_meets_the_criterion(
    rd: list[Decimal], revenue: list[Decimal], name: str
) -> None:
    rules = {
        "rd_share": (RD_SHARE, "rd"),
        "rd_total": (least("rd_total", "rd_total", "rd_total_least"), "rd"),
        "growth": (least("growth", "growth", "growth_least"), "revenue"),
        "debt": (least("debt", "debt", "debt_most", "<="), "liabilities"),
    }
    rule, key = rules[name]
    known = facts(
        rd=dict(zip((2025, 2024), rd, strict=True)),
        revenue=dict(zip((2025, 2024, 2023), revenue, strict=True)),
        liabilities={2025: revenue[0]}, assets={2025: revenue[1]},
    )  # fmt: skip
    turn = found(rule, known).finding.turn
    if turn is None or "；" not in turn.zh:
        return
    said = turn.zh.split("须不")[1].removeprefix("低于").removeprefix("高于")
    advised = Decimal(said.split("万元")[0])
    fact = known.known[key, 2025]
    changed = {**known.known, (key, 2025): replace(fact, value=advised)}
    assert found(rule, Facts(changed), DAY).state is State.MET
