"""Points sum to the growth, whatever the parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.indicators.contribution import (
    Portion,
    RatioPortion,
    contributions,
    ratio_contributions,
)
from ballast.errors import Refused

AMOUNTS = st.floats(0, 1e9, allow_subnormal=False)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=40))
def test_points_sum_to_the_growth(amounts: list[tuple[float, float]]) -> None:
    found = contributions([Portion(str(i), *pair) for i, pair in enumerate(amounts)])
    base, end = sum(a for a, _ in amounts), sum(b for _, b in amounts)
    if base <= 0:
        assert found.total is None
        assert found.reason is not None
        assert all(part.points is None for part in found.parts)
    elif base > 1e-3:
        assert found.total == pytest.approx((end / base - 1) * 100, rel=1e-9, abs=1e-7)
        assert found.sum == pytest.approx(found.total, rel=1e-9, abs=1e-7)


def test_what_no_part_accounts_for_is_a_part_of_its_own() -> None:
    found = contributions([Portion("a", 50, 60)], whole=(100, 130))
    assert [(part.key, part.points) for part in found.parts] == [("a", 10), ("", 20)]
    assert found.sum == found.total == 30


def test_parts_that_are_the_whole_leave_no_rest() -> None:
    found = contributions([Portion("a", 0.1, 0.3), Portion("b", 0.2, 0.3)], whole=(0.3, 0.6))
    assert [part.key for part in found.parts] == ["a", "b"]


def test_a_part_that_is_unknown_goes_into_the_rest_and_says_so() -> None:
    found = contributions([Portion("a", 50, 60), Portion("b", None, 5)], whole=(100, 130))
    a, b, rest = found.parts
    assert (a.points, b.points, rest.points) == (10, None, 20)
    assert b.reason is not None
    assert found.sum == found.total


def test_without_the_whole_an_unknown_part_leaves_all_undefined() -> None:
    found = contributions([Portion("a", 50, 60), Portion("b", None, 5)])
    assert found.total is None
    assert found.reason is not None


@pytest.mark.parametrize("base", [0, -4])
def test_a_whole_of_nothing_or_less_has_no_growth_to_divide(base: float) -> None:
    found = contributions([Portion("a", base, 6)])
    assert found.total is None
    assert found.reason is not None
    assert str(base) in found.reason.text("en")


def test_a_part_given_twice_is_refused() -> None:
    with pytest.raises(Refused, match="count twice"):
        contributions([Portion("a", 1, 2), Portion("a", 1, 2)])
    with pytest.raises(Refused, match="count twice"):
        ratio_contributions([RatioPortion("a", 1, 2, 1, 2)] * 2)


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e6)),
        min_size=1,
        max_size=20,
    )
)
def test_points_of_a_ratio_sum_to_its_change(rows: list[tuple[float, ...]]) -> None:
    found = ratio_contributions([RatioPortion(str(i), *row) for i, row in enumerate(rows)])
    n0, d0, n1, d1 = (sum(row[at] for row in rows) for at in range(4))
    if d0 <= 0 or d1 <= 0:
        assert found.total is None
    elif d0 > 1 and d1 > 1:
        scale = 1 + abs(n0 / d0) + abs(n1 / d1) + sum(abs(r[0]) / d0 + abs(r[2]) / d1 for r in rows)
        assert found.total == pytest.approx((n1 / d1 - n0 / d0) * 100, abs=1e-9 * scale * 100)
        assert found.sum == pytest.approx(found.total, abs=1e-9 * scale * 100)


def test_within_and_structure_sum_to_the_points_of_a_part() -> None:
    found = ratio_contributions(
        [RatioPortion("a", 10, 100, 18, 120), RatioPortion("b", 40, 100, 36, 90)]
    )
    for part in found.parts:
        assert part.points is not None
        assert part.within is not None
        assert part.structure is not None
        assert part.within + part.structure == pytest.approx(part.points)


def test_a_shift_towards_the_better_part_is_structure_alone() -> None:
    found = ratio_contributions(
        [RatioPortion("low", 10, 100, 5, 50), RatioPortion("high", 40, 100, 60, 150)]
    )
    assert found.total == pytest.approx(32.5 - 25)
    assert [part.within for part in found.parts] == [0, 0]
    assert sum(part.structure or 0 for part in found.parts) == pytest.approx(7.5)


def test_a_part_that_is_new_has_points_and_no_ratio_to_tell_apart() -> None:
    found = ratio_contributions(
        [RatioPortion("a", 10, 100, 10, 100), RatioPortion("n", 0, 0, 9, 10)]
    )
    new = found.parts[1]
    assert new.points is not None
    assert new.points > 0
    assert new.within is None
    assert found.sum == pytest.approx(found.total)


def test_a_ratio_of_an_unknown_part_is_undefined() -> None:
    found = ratio_contributions([RatioPortion("a", None, 1, 1, 1), RatioPortion("b", 1, 1, 1, 1)])
    assert found.total is None
    assert all(part.reason is not None for part in found.parts)
