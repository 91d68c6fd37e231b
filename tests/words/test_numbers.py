"""Numbers keep their digits, their sign and their unit in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.terms import unit
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words.numbers import (
    MINUS,
    NARROW_SPACE,
    UNBROKEN,
    Absence,
    exact,
    grouped,
    movement,
    percent,
    scale_for,
    significant,
    written,
)

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


@given(AMOUNTS)
def test_three_digits_are_never_further_off_than_half_of_the_last(amount: Decimal) -> None:
    rounded = significant(amount)
    if amount:
        assert abs(rounded - amount) <= abs(amount) * Decimal("0.005")
        assert abs(rounded - amount) <= Decimal("0.5")


@given(AMOUNTS, st.sampled_from(LANGUAGES))
def test_a_table_shows_a_figure_to_the_last_yuan(amount: Decimal, language: Language) -> None:
    shown = exact(amount, unit.CNY_1E4, language)
    plain = shown.number.replace(NARROW_SPACE, "").replace(MINUS, "-")
    size = {"万元": Decimal(1), "CNY m": Decimal(100)}[shown.unit]
    assert Decimal(plain) * size == amount


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("51234567", "5123亿元", "CNY 512 bn"),
        ("123456", "12.3亿元", "CNY 1.23 bn"),
        ("9995", "9995万元", "CNY 100 m"),
        ("0.4", "4000元", "CNY 4000"),
        ("-250000", "−25.0亿元", "CNY −2.50 bn"),
    ],
)
def test_money_is_written_in_the_unit_that_people_use(amount: str, zh: str, en: str) -> None:
    value = Decimal(amount)
    assert str(written(value, unit.CNY_1E4, "zh")) == zh
    assert str(written(value, unit.CNY_1E4, "en")).replace(NARROW_SPACE, "") == en


def test_persons_and_counts_are_written_as_people_say_them() -> None:
    assert str(written(215354, unit.PERSONS, "zh")) == "21.5万人"
    assert str(written(215354, unit.PERSONS, "en")) == "215 thousand persons"
    assert str(written(2028, unit.COUNT, "zh", noun=Label("家", ""))) == "2028家"
    assert str(written(2028, unit.COUNT, "en", noun=Label("家", ""))) == f"2{NARROW_SPACE}028"


def test_rounding_up_to_a_new_digit_keeps_three() -> None:
    assert str(significant(Decimal("9.996"))) == "10.0"
    assert str(significant(Decimal("99.96"))) == "100"


def test_figures_side_by_side_share_one_unit() -> None:
    scale = scale_for(unit.CNY_1E4, "zh", Decimal(12_000_000))
    assert str(written(Decimal(500), unit.CNY_1E4, "zh", scale=scale)) == "0.0500亿元"


def test_rise_and_fall_carry_sign_and_arrow() -> None:
    assert movement(4.56, unit.PERCENT, "zh") == f"↑{UNBROKEN}+4.6%"
    assert movement(-4.56, unit.PERCENTAGE_POINTS, "zh") == f"↓{UNBROKEN}{MINUS}4.6个百分点"
    assert movement(-0.04, unit.PERCENT, "en") == f"→{UNBROKEN}0.0%"
    assert movement(2.875, unit.PERCENTAGE_POINTS, "en", places=2, bare=True) == f"↑{UNBROKEN}+2.88"


def test_thousands_have_thin_spaces_in_english_and_none_in_chinese() -> None:
    assert grouped(Decimal("1234567.25"), "en") == f"1{NARROW_SPACE}234{NARROW_SPACE}567.25"
    assert grouped(Decimal("1234567.25"), "zh") == "1234567.25"


def test_a_percentage_is_rounded_half_up_like_published_statistics() -> None:
    assert percent(Decimal("0.12345"), places=2) == "12.35%"


@pytest.mark.parametrize("absence", list(Absence))
def test_what_is_missing_is_a_word_in_both_languages(absence: Absence) -> None:
    assert absence.label.zh
    assert absence.label.en
    assert not any(c.isdigit() for c in absence.label.zh + absence.label.en)
