"""Growth carries its basis, its periods, its levels, and the reason where there is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ballast.brain.indicators.declared import Comparison
from ballast.brain.indicators.growth import Basis, Growth, grown, yearly_growth
from ballast.errors import InvalidTerm, Refused
from ballast.terms.period import Period
from ballast.terms.unit import CNY_1E4, COUNT, PERCENT, PERCENTAGE_POINTS, Unit

THEN, NOW = Period.parse("2025-05ytd"), Period.parse("2026-05ytd")


def of(
    base: float | None,
    end: float | None,
    comparison: Comparison = Comparison.GROWTH,
    unit: Unit = CNY_1E4,
) -> Growth:
    return grown(base, end, base=THEN, end=NOW, comparison=comparison, unit=unit)


def test_a_growth_names_its_two_periods_its_levels_and_its_basis() -> None:
    found = of(80, 100)
    assert found.value == pytest.approx(25)
    assert (found.base, found.end) == (THEN, NOW)
    assert (found.base_value, found.end_value) == (80, 100)
    assert found.basis is Basis.PUBLISHED
    assert found.unit == PERCENT


def test_the_difference_of_two_percentages_is_in_points_never_in_percent() -> None:
    found = of(20.0, 22.0, Comparison.POINTS, PERCENT)
    assert found.value == pytest.approx(2)
    assert found.unit == PERCENTAGE_POINTS


def test_a_difference_keeps_the_unit_of_the_figure() -> None:
    found = of(30, 28, Comparison.DIFFERENCE, COUNT)
    assert (found.value, found.unit) == (-2, COUNT)


def test_points_exist_from_zero_and_from_a_loss() -> None:
    assert of(0.0, 1.5, Comparison.POINTS, PERCENT).value == 1.5
    assert of(-3.0, 1.5, Comparison.POINTS, PERCENT).value == 4.5


@pytest.mark.parametrize("base", [0, -5])
def test_from_nothing_or_from_a_loss_there_is_no_rate(base: float) -> None:
    found = of(base, 10)
    assert found.value is None
    assert found.reason is not None
    assert str(base) in found.reason.text("en")
    assert "2025-05ytd" in found.reason.text("en")
    assert found.reason.text("zh") != found.reason.text("en")


@pytest.mark.parametrize(
    ("base", "end", "missing"),
    [
        (None, 1, "2025-05ytd"),
        (1, None, "2026-05ytd"),
        (math.nan, 1, "2025"),
        (1, math.inf, "2026"),
    ],
)
def test_a_level_that_is_not_there_is_named_not_taken_for_zero(
    base: float | None, end: float | None, missing: str
) -> None:
    found = of(base, end)
    assert found.value is None
    assert found.reason is not None
    assert missing in found.reason.text("en")


def test_a_fall_into_a_loss_is_below_minus_a_hundred() -> None:
    assert of(100, -10).value == pytest.approx(-110)


def test_periods_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(InvalidTerm, match="different kinds"):
        grown(1, 2, base=Period.parse("2025Q1"), end=NOW, comparison=Comparison.GROWTH, unit=COUNT)


def test_the_yearly_rate_names_its_base_and_its_end() -> None:
    found = yearly_growth(100, 133.1, base=Period.parse("2022"), end=Period.parse("2025"))
    assert found.value == pytest.approx(10)
    assert found.years == 3
    assert "2022" in found.label.en
    assert "2025" in found.label.en
    assert found.label.zh == "2022年至2025年年均增速"


def test_a_yearly_rate_between_the_same_months_of_two_years_is_one_too() -> None:
    found = yearly_growth(100, 121, base=Period.parse("2024-05ytd"), end=NOW)
    assert found.value == pytest.approx(10)


@given(st.floats(1e-3, 1e12), st.floats(-0.9, 3), st.integers(1, 30))
def test_growing_at_the_yearly_rate_leads_from_the_base_to_the_end(
    base: float, rate: float, years: int
) -> None:
    end = base * (1 + rate) ** years
    assume(1e-300 < end < 1e300)
    found = yearly_growth(base, end, base=Period.parse("2000"), end=Period.parse(str(2000 + years)))
    assert found.value == pytest.approx(rate * 100, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("base", "end"), [(0, 5), (-2, 5), (5, -2), (None, 5), (5, None)])
def test_a_yearly_rate_that_does_not_exist_says_why(base: float | None, end: float | None) -> None:
    found = yearly_growth(base, end, base=Period.parse("2021"), end=Period.parse("2025"))
    assert found.value is None
    assert found.reason is not None
    assert "20" in found.reason.text("zh")


def test_to_nothing_the_yearly_rate_is_minus_a_hundred() -> None:
    found = yearly_growth(5, 0, base=Period.parse("2021"), end=Period.parse("2025"))
    assert found.value == -100


@pytest.mark.parametrize(
    ("base", "end"),
    [("2025", "2025"), ("2025", "2021"), ("2024-04ytd", "2025-05ytd"), ("2024", "2025-12ytd")],
)
def test_a_yearly_rate_needs_whole_years(base: str, end: str) -> None:
    with pytest.raises(Refused, match="same part of the year"):
        yearly_growth(1, 2, base=Period.parse(base), end=Period.parse(end))
