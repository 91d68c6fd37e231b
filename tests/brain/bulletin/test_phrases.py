"""Movement is said as it is: a rise, a fall, or none, in percent or in points."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.bulletin.phrases import amount, direction, joined, moved, moved_on_year
from ballast.brain.indicators.growth import Basis, Growth
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import CNY_1E4, COUNT, PERCENT, PERSONS, Unit
from ballast.terms.unit import PERCENTAGE_POINTS as PP


def growth(value: float | None, unit: Unit = PERCENT) -> Growth:
    return Growth(
        basis=Basis.PUBLISHED,
        value=value,
        unit=unit,
        base=Period.parse("2025-05ytd"),
        end=Period.parse("2026-05ytd"),
    )


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (6.31, PERCENT, "同比增长6.3%", "up 6.3% on a year before"),
        (-2.06, PERCENT, "同比下降2.1%", "down 2.1% on a year before"),
        (0.04, PERCENT, "与上年同期持平", "unchanged on a year before"),
        (-0.04, PERCENT, "与上年同期持平", "unchanged on a year before"),
        (0.26, PP, "比上年同期提高0.3个百分点", "up 0.3 percentage points on a year before"),
        (-0.26, PP, "比上年同期回落0.3个百分点", "down 0.3 percentage points on a year before"),
    ],
)  # fmt: skip
def test_movement_on_a_year_before(value: float, unit: Unit, zh: str, en: str) -> None:
    assert moved_on_year(growth(value, unit)) == Label(zh, en)


@given(st.floats(-500, 500, allow_nan=False))
def test_the_words_never_contradict_the_figure(value: float) -> None:
    said, way = moved(growth(value)), direction(growth(value))
    assert ("增长" in said.zh, "up" in said.en) == (way == 1, way == 1)
    assert ("下降" in said.zh, "down" in said.en) == (way == -1, way == -1)
    assert (said.zh == "持平") is (way == 0)
    assert "-" not in said.zh + said.en


def test_growth_that_is_not_known_has_no_direction() -> None:
    assert direction(growth(None)) is None
    assert direction(None) is None


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (Decimal("21783591.1219"), CNY_1E4, "2178.4亿元", "CNY 217.8 billion"),
        (Decimal("988258.4291"), CNY_1E4, "98.83亿元", "CNY 9.883 billion"),
        (Decimal("5.0051"), CNY_1E4, "5.005万元", "CNY 50,051.0"),
        (217691, PERSONS, "21.77万人", "217.7 thousand persons"),
        (2037, COUNT, "2037个", "2,037"),
        (4.5775, PERCENT, "4.58%", "4.58%"),
    ],
)
def test_amounts_have_digits_enough_to_be_checked(
    value: Decimal | float, unit: Unit, zh: str, en: str
) -> None:
    assert amount(value, unit) == Label(zh, en)


def test_names_in_a_row() -> None:
    a, b, c = Label("甲", "A"), Label("乙", "B"), Label("丙", "C")
    assert joined([a]) == a
    assert joined([a, b, c]) == Label("甲、乙和丙", "A, B and C")
