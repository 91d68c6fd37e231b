"""Dimensions are carried through a formula, so a share is never shown as money."""

from __future__ import annotations

import pytest

from ballast.brain.policy.formula import parse
from ballast.brain.policy.law_formulas import dimension, facts_in, formula_faults
from ballast.brain.policy.shape import Quantity, Words


def faults(formula: str, unit: str) -> list[str]:
    words = Words(zh="指标", en="quantity")
    quantity = Quantity(label=words, unit=unit, formula=formula)
    return [said.text("en") for said in formula_faults(quantity)]


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("revenue[last]", "money_cny"),
        ("sum(rd, 3) / sum(revenue, 3)", "ratio"),
        ("cagr(revenue, 2)", "ratio"),
        ("mean(transformations, 3)", "count"),
        ("days_since(founded)", "days"),
        ("years_since(founded)", "duration"),
        ("1 - liabilities[last] / assets[last]", "ratio"),
        ("2 * revenue[last]", "money_cny"),
        ("revenue[last] * niche_share[last]", "money_cny"),
        ("revenue[last] / staff[last]", "money_cny/persons"),
        ("least(rd[last], revenue[last])", "money_cny"),
        ("revenue[last] * revenue[last]", "money_cny·money_cny"),
        ("1 / staff[last]", "1/persons"),
        ("3", None),
    ],
)
def test_the_dimension_of_a_formula(formula: str, wanted: str | None) -> None:
    assert dimension(parse(formula)) == wanted


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("rd[last] / revenue[last]", "percent"),
        ("sum(equity_raised, 2)", "1e4_cny"),
        ("class1_ip + class2_ip", "count"),
        ("platform_score", "points"),
        ("niche_years[last]", "years"),
        ("days_since(founded)", "days"),
    ],
)
def test_a_formula_in_its_own_unit_is_sound(formula: str, unit: str) -> None:
    assert faults(formula, unit) == []


@pytest.mark.parametrize(
    ("formula", "unit", "said"),
    [
        ("rd[last] / revenue[last]", "1e4_cny", "the formula gives ratio"),
        ("revenue[last]", "percent", "the formula gives money_cny"),
        ("revenue[last] + staff[last]", "1e4_cny", "adds or compares money_cny with persons"),
        ("most(revenue[last], staff[last])", "1e4_cny", "adds or compares"),
        ("years_since(founded)", "days", "the formula gives duration"),
        ("reveneu[last]", "1e4_cny", "alike: revenue"),
        ("revenue[last", "1e4_cny", "formula"),
    ],
)
def test_a_formula_in_another_unit_is_refused(formula: str, unit: str, said: str) -> None:
    assert any(said in text for text in faults(formula, unit)), faults(formula, unit)


def test_every_fact_of_a_formula_is_found() -> None:
    found = facts_in(parse("least(cagr(revenue, 2), rd[last-1]) - years_since(founded)"))
    assert [leaf.key for leaf in found] == ["revenue", "rd", "founded"]
