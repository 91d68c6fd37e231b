"""Amounts: exact, with what they stand on; undefined and missing are answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.brain.policy.small_law import DAY, facts

from ballast.brain.policy.amounts import amount, birthdays, needed
from ballast.brain.policy.finding import Missing
from ballast.brain.policy.formula import parse


def value(formula: str, shift: int = 0, **known: Any) -> Decimal | None:
    return amount(parse(formula), facts(**known), DAY, shift).value


def test_last_year_is_the_year_before_the_day() -> None:
    revenue = {2025: 600, 2024: 500, 2026: 9}
    assert value("revenue[last]", revenue=revenue) == 600
    assert value("revenue[last-1]", revenue=revenue) == 500
    assert value("revenue[last]", 1, revenue=revenue) == 500


def test_a_fact_of_the_wrong_year_is_not_taken() -> None:
    found = amount(parse("revenue[last]"), facts(revenue={2024: 600}), DAY)
    assert (found.value, found.missing) == (None, (Missing("revenue", 2025),))


def test_a_tenth_and_two_tenths_are_three() -> None:
    assert value("niche_share[last] + 0.2", niche_share={2025: "0"}) is None
    assert value("niche_share[last] + 0.2", niche_share={2025: 0.1}) == Decimal("0.3")


def test_series_read_the_years_they_say() -> None:
    rd = {2025: 30, 2024: 20, 2023: 10}
    assert value("sum(rd, 2)", rd=rd) == 50
    assert value("mean(rd, 3)", rd=rd) == 20
    assert value("sum(rd, 2)", 1, rd=rd) == 30
    assert value("sum(rd, 4)", rd=rd) is None


def test_growth_is_the_root_of_the_quotient() -> None:
    found = value("cagr(revenue, 2)", revenue={2025: 11025, 2023: 10000})
    assert found is not None
    assert abs(found - Decimal("0.05")) < Decimal("1e-25")


@pytest.mark.parametrize("years", [{2025: 0, 2023: 5}, {2025: 5, 2023: 0}, {2025: -3, 2023: 5}])
def test_growth_from_or_to_nothing_is_undefined_and_says_so(years: dict[int, int]) -> None:
    found = amount(parse("cagr(revenue, 2)"), facts(revenue=years), DAY)
    assert found.value is None
    assert found.undefined is not None
    assert "不大于0" in found.undefined.zh


def test_a_quotient_by_zero_names_its_divisor() -> None:
    found = amount(parse("rd[last] / revenue[last]"), facts(rd={2025: 5}, revenue={2025: 0}), DAY)
    assert found.value is None
    assert found.undefined is not None
    assert found.undefined.zh == "2025年营业收入为0，比值无从计算"
    assert len(found.facts) == 2


def test_a_divisor_that_is_nothing_but_rounding_counts_as_zero() -> None:
    rest = "rd[last] / (revenue[last] - 0.1 - 0.2)"
    assert value(rest, rd={2025: 5}, revenue={2025: Decimal("0.3000000001")}) is None
    assert value(rest, rd={2025: 5}, revenue={2025: Decimal("0.31")}) == 500


def test_what_is_missing_goes_before_what_is_undefined() -> None:
    found = amount(parse("rd[last] / revenue[last]"), facts(revenue={2025: 0}), DAY)
    assert found.missing == (Missing("rd", 2025),)
    assert found.undefined is None


def test_every_missing_fact_is_named_once_in_the_order_of_the_formula() -> None:
    found = amount(parse("(a[last] + b[last]) / (a[last] + c)"), facts(), DAY)
    assert [one.key for one in found.missing] == ["a", "b", "c"]


def test_a_fact_of_another_kind_counts_as_missing() -> None:
    assert value("revenue[last]", revenue={2025: "viel"}) is None
    assert value("years_since(founded)", founded=3) is None
    assert value("staff[last]", staff={2025: True}) is None


def test_absurd_sizes_are_undefined_and_no_error() -> None:
    huge = "*".join(["revenue[last]"] * 20)
    found = amount(parse(huge), facts(revenue={2025: float(10**300)}), DAY)
    assert found.value is None or found.value.is_finite()
    worse = amount(
        parse("cagr(revenue, 1)"),
        facts(revenue={2025: Decimal("1e999999"), 2024: Decimal("1e-9")}),
        DAY,
    )
    assert worse.value is None
    assert worse.undefined is not None


@pytest.mark.parametrize(
    ("since", "day", "years"),
    [
        (date(2020, 5, 1), date(2026, 5, 1), 6),
        (date(2020, 5, 2), date(2026, 5, 1), 5),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2026, 5, 2), date(2026, 5, 1), -1),
    ],
)
def test_a_year_has_passed_on_its_birthday(since: date, day: date, years: int) -> None:
    assert birthdays(since, day) == years


MONEY = st.decimals(1, 100000, places=2)
SOLVABLE = {
    "rd[last] / revenue[last]": "rd",
    "sum(rd, 2)": "rd",
    "mean(rd, 3)": "rd",
    "cagr(revenue, 2)": "revenue",
    "liabilities[last] / assets[last]": "liabilities",
    "1 - rd[last] / revenue[last]": "rd",
    "100 / rd[last]": "rd",
    "2 * rd[last] + 7": "rd",
    "(revenue[last] / revenue[last-1] + revenue[last-1] / revenue[last-2]) / 2 - 1": "revenue",
}


@given(
    formula=st.sampled_from(list(SOLVABLE)),
    years=st.lists(MONEY, min_size=8, max_size=8),
    target=st.decimals("0.01", "50", places=4),
)
def test_the_fact_that_is_named_gives_the_value_that_is_wanted(
    formula: str, years: list[Decimal], target: Decimal
) -> None:
    known = facts(
        rd=dict(zip((2025, 2024, 2023), years, strict=False)),
        revenue=dict(zip((2025, 2024, 2023), years[3:], strict=False)),
        liabilities={2025: years[6]},
        assets={2025: years[7]},
    )
    found = needed(parse(formula), target, known, DAY)
    assert found is not None
    assert (found.key, found.year) == (SOLVABLE[formula], 2025)
    changed = dict(known.known)
    fact = changed[found.key, 2025]
    changed[found.key, 2025] = type(fact)(fact.key, found.value, fact.source, fact.year)
    again = amount(parse(formula), type(known)(changed), DAY).value
    assert again is not None
    assert abs(again - target) < Decimal("1e-8")


def test_nothing_is_named_where_no_one_fact_decides() -> None:
    known = facts(rd={2025: 5}, revenue={2025: 8})
    assert (
        needed(parse("(revenue[last] - rd[last]) / revenue[last]"), Decimal(2), known, DAY) is None
    )
    assert needed(parse("most(rd[last], 3)"), Decimal(9), known, DAY) is None
    assert needed(parse("rd[last] / assets[last]"), Decimal(1), known, DAY) is None
    assert needed(parse("3 + 4"), Decimal(1), known, DAY) is None
