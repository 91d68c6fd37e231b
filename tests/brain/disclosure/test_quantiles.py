"""Quantiles that may be shown: by hand, and by trying to get at one enterprise through them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from ballast.brain.disclosure.quantiles import (
    QUARTERS,
    least_members,
    rounded,
    shielded_quantiles,
    window,
)
from ballast.brain.disclosure.rules import PrimaryRules

RULES = PrimaryRules()


def shown(values: object, **more: object) -> list[float | None]:
    return [one.value for one in shielded_quantiles(values, RULES, **more)]  # type: ignore[arg-type]


def drawn(seed: int, count: int = 40) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(3, 1, count)


def test_a_quantile_is_the_mean_of_five_around_it_by_hand() -> None:
    # Of 1, 2, …, 40: the 8th to 12th, the 18th to 22nd, the 28th to 32nd.
    assert shown(range(1, 41)) == [10.0, 20.0, 30.0]
    # Squares: (64 + 81 + 100 + 121 + 144) / 5 = 102; 402; 902; two digits of each.
    assert shown([n * n for n in range(1, 41)]) == [100.0, 400.0, 900.0]


def test_neither_order_nor_enterprises_without_a_figure_change_it() -> None:
    values = drawn(1)
    mixed = np.random.default_rng(2).permutation(np.concatenate([values, [np.nan] * 7]))
    assert shown(mixed) == shown(values)


def test_a_set_of_fewer_than_four_windows_is_withheld_and_one_of_just_as_many_is_not() -> None:
    assert least_members(RULES) == 4 * window(RULES) == 20
    assert shown(drawn(3, 19)) == [None] * 3
    assert None not in shown(drawn(3, 20))


def test_windows_of_the_quarters_share_no_enterprise() -> None:
    step = 1e6
    for count in range(least_members(RULES), 60):
        low, middle, high = shown(np.arange(1, count + 1) * step)
        assert low is not None
        assert middle is not None
        assert high is not None
        # Means of five neighbours that overlapped by one would lie four steps apart; a step of
        # rounding is one.
        assert min(middle - low, high - middle) >= (window(RULES) - 0.5) * step


def test_one_that_makes_nearly_all_of_a_window_withholds_it() -> None:
    values = [0.0] * 17 + [100.0, 2000.0, 3000.0]
    # 13th to 17th are 0, and so are those before; lift the last of the upper window alone.
    assert shown(values) == [None] * 3  # all alike: 0
    values = [0.0] * 16 + [100.0, 2000.0, 3000.0, 4000.0]
    found = shielded_quantiles(values, RULES)
    assert [one.value for one in found] == [0.0, 0.0, None]
    why = found[2].why
    assert why is not None
    assert "nearly all" in why.text("en")


def test_a_set_of_which_half_reported_the_same_is_withheld() -> None:
    found = shielded_quantiles([5.0] * 30 + list(range(10)), RULES)
    assert [one.value for one in found] == [None] * 3
    assert found[0].why is not None
    assert "nearly the same" in found[0].why.text("en")


def test_what_the_asker_sees_already_cannot_be_taken_out() -> None:
    values = np.arange(1.0, 41.0)
    for known in range(6):
        seen = np.zeros(40, dtype=bool)
        seen[17 : 17 + known] = True  # of the 18th to the 22nd
        left = 5 - known
        found = shown(values, seen=seen)
        assert (found[1] is None) == (0 < left < RULES.least), known
        assert found[0] == 10.0


def test_who_sees_all_is_shown_all() -> None:
    values = drawn(4)
    assert shown(values, seen=np.ones(40, dtype=bool)) == shown(values)


@pytest.mark.parametrize("seed", range(5))
def test_no_quantile_is_what_an_enterprise_reported(seed: int) -> None:
    values = drawn(seed)
    assert not set(shown(values)) & set(values)


@pytest.mark.parametrize("seed", range(5))
def test_a_member_of_a_window_learns_of_none_of_the_others_within_the_protection(
    seed: int,
) -> None:
    """The strongest reader: knows every rank, stands in the middle window, knows his own value.

    By linear programming the least and the greatest value of every other enterprise of that
    window that fits what is shown; both lie further from the truth than the rules protect, or the
    order of the values alone holds it, which is a band and no value.
    """
    values = np.sort(drawn(seed))
    count, width = values.size, window(RULES)
    shares = [one.value for one in shielded_quantiles(values, RULES)]
    rows, bounds = [], []
    for share, value in zip(QUARTERS, shares, strict=True):
        assert value is not None
        start = int(np.floor(share * count - width / 2))
        row = np.zeros(count)
        row[start : start + width] = 1 / width
        half = _half_a_step(value)
        rows += [row, -row]
        bounds += [value + half, -(value - half)]
    for at in range(count - 1):  # sorted
        row = np.zeros(count)
        row[at], row[at + 1] = 1, -1
        rows.append(row)
        bounds.append(0.0)
    middle = int(np.floor(0.5 * count - width / 2))
    own = np.zeros(count)
    own[middle + 2] = 1
    for target in (middle, middle + 1, middle + 3, middle + 4):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(count)
            goal[target] = sign
            solved = linprog(
                goal, rows, bounds, own[None, :], [values[middle + 2]], bounds=(0, None)
            )
            assert solved.status == 0
            ends.append(solved.x[target])
        low, high = ends
        assert high - low > RULES.protection * values[target], (target, low, high)


def _half_a_step(value: float) -> float:
    step = 10.0 ** (np.floor(np.log10(abs(value))) - 1)
    return float(step / 2)


def test_rounding_is_half_up_and_of_the_size_of_the_number() -> None:
    assert [rounded(x) for x in (0.0449, 0.0451, -0.0455, 125.0, 99.6, 0.0)] == [
        0.045, 0.045, -0.046, 130.0, 100.0, 0.0,
    ]  # fmt: skip
