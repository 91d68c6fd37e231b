"""Names and values as an official writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.policy.engine_wording import (
    fact_name,
    factor,
    gap,
    missing_name,
    rounded,
    title_name,
    value_of,
)
from ballast.brain.policy.finding import Missing


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("5000", "1e4_cny", "5000万元", "CNY 50 m"),
        ("0.5", "1e8_cny", "0.5亿元", "CNY 50 m"),
        ("-12.5", "1e4_cny", "\u221212.5万元", "CNY \u22120.125 m"),
        ("3.20", "percent", "3.2%", "3.2%"),
        ("1000", "persons", "1000人", "1\u202f000 persons"),
        ("1", "persons", "1人", "1 person"),
        ("4", "count", "4", "4"),
        ("60", "points", "60分", "60 points"),
        ("365", "days", "365天", "365 days"),
        ("3", "years", "3年", "3 years"),
    ],
)
def test_values(value: str, unit: str, zh: str, en: str) -> None:
    said = value_of(Decimal(value), unit)
    assert (said.zh, said.en) == (zh, en)


@given(
    value=st.decimals("2.99", "3.01", places=9, allow_nan=False),
    unit=st.sampled_from(["percent", "1e4_cny", "points"]),
)
def test_a_value_is_never_written_as_the_threshold_that_it_misses(
    value: Decimal, unit: str
) -> None:
    said = value_of(value, unit, Decimal(3)).zh
    assert (said == value_of(Decimal(3), unit).zh) == (value == 3)


def test_factors_reach_the_units_in_which_facts_are_kept() -> None:
    assert [factor(unit) for unit in ("cny", "1e8_cny", "fraction", "percent", "count")] == [
        Decimal("0.0001"), 10000, 1, Decimal("0.01"), 1,
    ]  # fmt: skip


def test_percentages_differ_by_points() -> None:
    assert gap(Decimal("0.24"), "percent").zh == "0.24个百分点"
    assert gap(Decimal("0.0024"), "fraction").en == "0.24 percentage points"
    assert gap(Decimal(20), "persons").zh == "20人"


def test_advice_is_rounded_to_the_safe_side() -> None:
    third = Decimal(1000) / 3
    assert rounded(third, "rd", up=True) == Decimal("333.34")
    assert rounded(third, "liabilities", up=False) == Decimal("333.33")
    assert rounded(third, "staff", up=True) == 334
    assert rounded(Decimal("0.100001"), "niche_share", up=True) == Decimal("0.1001")


def test_names() -> None:
    assert fact_name("rd", 2024).zh == "2024年研发费用"
    assert fact_name("unheard_of").en == "unheard_of"
    assert title_name("little_giant").zh == "专精特新“小巨人”企业"
    assert title_name("unheard_of").zh == "unheard_of"
    assert missing_name(Missing("holds_high_tech")).zh == "是否持有有效的“高新技术企业”证书"
