"""The path to a goal: its ends are the base and the goal, and it runs between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.goals.path import level_of, through_the_year, yearly

above_zero = st.floats(0.01, 1e6)
ways = st.sampled_from(["even", "compound"])


@given(ways, above_zero, above_zero, st.integers(1, 10))
def test_a_path_begins_at_the_base_and_ends_at_the_goal(
    way: str, base: float, level: float, years: int
) -> None:
    assert yearly(way, base, level, 0, years) == pytest.approx(base)
    assert yearly(way, base, level, years, years) == pytest.approx(level)
    assert yearly(way, base, level, years + 3, years) == pytest.approx(level)


@given(ways, above_zero, above_zero, st.integers(2, 10), st.floats(0, 1))
def test_in_between_it_lies_between(
    way: str, base: float, level: float, years: int, part: float
) -> None:
    found = yearly(way, base, level, part * years, years)
    assert found is not None
    assert min(base, level) * 0.999999 <= found <= max(base, level) * 1.000001


@given(above_zero, st.floats(-20, 40), st.integers(1, 6))
def test_growth_a_year_is_that_of_every_year_of_its_path(
    base: float, growth: float, years: int
) -> None:
    level = level_of("yearly_growth", growth, base, years)
    assert level is not None
    for year in range(years):
        now, then = (yearly("compound", base, level, at, years) for at in (year, year + 1))
        assert now is not None
        assert then == pytest.approx(now * (1 + growth / 100))


@pytest.mark.parametrize("base", [None, 0.0, -5.0])
def test_growth_over_nothing_or_a_loss_does_not_exist(base: float | None) -> None:
    assert level_of("growth", 10, base, 1) is None
    assert level_of("level", 10, base, 1) == 10


def test_a_rate_from_or_to_a_loss_does_not_exist_and_equal_steps_do() -> None:
    assert yearly("compound", -5, 10, 1, 2) is None
    assert yearly("compound", 5, -10, 1, 2) is None
    assert yearly("even", -5, 10, 1, 3) == 0


def test_a_part_of_a_year_goes_as_that_of_the_year_before() -> None:
    assert through_the_year(120.0, 40.0, 100.0) == pytest.approx(48.0)
    for part, whole in ((None, 100.0), (40.0, None), (40.0, 0.0), (-4.0, 100.0)):
        assert through_the_year(120.0, part, whole) is None
