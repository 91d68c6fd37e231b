"""Facts that contradict each other are not used, are named, and keep nothing else from being used."""  # noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.brain.policy.small_law import DAY, SOURCE, facts

from ballast.brain.policy.fact_doubts import RULES, doubts, examined
from ballast.brain.policy.facts import Doubt, Fact, Facts
from ballast.brain.policy.formula import asked
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, FactKind

Keys = set[tuple[str, int | None]]


def two(one: str, other: str, year: int | None = 2025, other_year: int | None = 2025) -> Keys:
    return {(one, year), (other, other_year)}


def named(**known: Any) -> Keys:
    return {key for doubt in doubts(facts(**known), DAY) for key in doubt.keys}


@pytest.mark.parametrize(
    ("known", "odd"),
    [
        ({"rd": {2025: 8001}, "revenue": {2025: 8000}}, {("rd", 2025), ("revenue", 2025)}),
        ({"rd": {2023: 9}, "revenue": {2023: 8}}, {("rd", 2023), ("revenue", 2023)}),
        ({"rd": {2025: 9}, "revenue": {2024: 8}}, set()),
        ({"rd": {2025: 8000}, "revenue": {2025: 8000}}, set()),
        ({"rd_staff": {2025: 5}, "staff": {2025: 0}}, {("rd_staff", 2025), ("staff", 2025)}),
        ({"technical_staff": {2025: 5}, "staff": {2025: 4}}, two("technical_staff", "staff")),
        ({"main_revenue": {2024: 5}, "revenue": {2024: 4}},
         two("main_revenue", "revenue", 2024, 2024)),
        ({"rd_domestic": {2025: 5}, "rd": {2025: 4}}, {("rd_domestic", 2025), ("rd", 2025)}),
        ({"liabilities": {2025: 5}, "assets": {2025: 0}}, two("liabilities", "assets")),
        ({"liabilities": {2025: 90}, "assets": {2025: 30}}, set()),
        ({"revenue": {2025: -1}}, {("revenue", 2025)}),
        ({"net_profit": {2025: -1}}, set()),
        ({"niche_share": {2025: "x"}}, {("niche_share", 2025)}),
        ({"niche_share": {2025: 1.01}}, {("niche_share", 2025)}),
        ({"niche_share": {2025: 1}}, set()),
        ({"class1_ip": 2.5}, {("class1_ip", None)}),
        ({"class1_ip_own": 3, "class1_ip": 2}, {("class1_ip_own", None), ("class1_ip", None)}),
        ({"founded": date(2026, 5, 2)}, {("founded", None)}),
        ({"founded": DAY}, set()),
        ({"founded": date(2023, 6, 1), "niche_years": {2025: 10}},
         two("founded", "niche_years", None)),
        ({"revenue": {2025: 62000000, 2024: 5800}}, {("revenue", 2025), ("revenue", 2024)}),
        ({"revenue": {2025: 5, 2024: 5800}}, {("revenue", 2025), ("revenue", 2024)}),
        ({"revenue": {2025: 5800, 2024: 0}}, set()),
        ({"revenue": {2025: 580000, 2022: 580}}, {("revenue", 2025), ("revenue", 2022)}),
        ({"revenue": {2027: 5}}, {("revenue", 2027)}),
        ({"revenue": {2026: 5}}, set()),
        ({"revenue": 5}, {("revenue", None)}),
        ({"class1_ip": {2025: 5}}, {("class1_ip", 2025)}),
        ({"no_such_fact": 5}, {("no_such_fact", None)}),
        ({"fraud_3y": "no"}, {("fraud_3y", None)}),
        ({"rd_institution": "galactic"}, {("rd_institution", None)}),
        ({"revenue": {2025: Decimal("NaN")}}, {("revenue", 2025)}),
        ({"revenue": {2025: Decimal("Infinity")}}, {("revenue", 2025)}),
        ({"revenue": {2025: Decimal("1e30")}}, {("revenue", 2025)}),
        ({"net_profit": {2025: Decimal("-1e30")}}, {("net_profit", 2025)}),
        ({"niche_rank": {2025: 0}}, {("niche_rank", 2025)}),
        ({"platform_score": 101}, {("platform_score", None)}),
        ({"platform_score": 100}, set()),
    ],
)  # fmt: skip
def test_what_is_in_doubt(known: dict[str, Any], odd: Keys) -> None:
    assert named(**known) == odd


def test_the_reason_names_the_values() -> None:
    found = doubts(facts(rd={2025: 9000}, revenue={2025: 8000}), DAY)
    assert [one.reason.zh for one in found] == [
        "研发费用大于营业收入（2025年研发费用9000万元，2025年营业收入8000万元）"
    ]
    assert found[0].reason.en == (
        "R&D expense above revenue (R&D expense of 2025: CNY 90 m, revenue of 2025: CNY 80 m)"
    )


def test_a_fact_in_doubt_is_not_used_and_all_others_are() -> None:
    known = examined(facts(rd={2025: 9, 2024: 1}, revenue={2025: 8, 2024: 8}), DAY)
    assert known.get("rd", 2025) is None
    assert known.get("revenue", 2025) is None
    assert known.get("rd", 2024) is not None


def test_examined_twice_is_the_same_and_given_doubts_stay() -> None:
    given = Doubt((("staff", 2025),), Label("数字不清", "cannot be read"))
    once = examined(replace(facts(staff={2025: 5}, rd={2025: -1}), doubts=(given,)), DAY)
    assert len(once.doubts) == 2
    assert examined(once, DAY) is once
    assert once.get("staff", 2025) is None


def test_a_fact_filed_under_another_year_is_in_doubt() -> None:
    fact = Fact("revenue", Decimal(5), SOURCE, 2024)
    found = doubts(Facts({("revenue", 2025): fact}), DAY)
    assert found[0].keys == (("revenue", 2025),)


def test_sound_facts_are_not_touched() -> None:
    known = facts(revenue={2025: 6000, 2024: 5000}, rd={2025: 300}, staff={2025: 80})
    assert examined(known, DAY) is known


def test_every_rule_asks_for_declared_facts_in_years_that_are_kept() -> None:
    for rule in RULES:
        reads = asked(rule.left) | asked(rule.right)
        assert set(rule.doubted) == reads
        for key, back in reads:
            assert FACTS[key].yearly == (back is not None), rule.id
            if back is not None:
                assert max(rule.shifts) + back < 4, rule.id
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    "key", [k for k, f in FACTS.items() if f.kind in (FactKind.AMOUNT, FactKind.COUNT)]
)
def test_no_figure_may_be_negative_unless_it_is_signed(key: str) -> None:
    year = 2025 if FACTS[key].yearly else None
    found = doubts(Facts({(key, year): Fact(key, Decimal(-1), SOURCE, year)}), DAY)
    assert bool(found) != FACTS[key].signed
