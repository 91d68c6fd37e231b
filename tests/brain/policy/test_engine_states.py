"""The truth tables, by eye and against what they mean."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from ballast.brain.policy.engine_states import (
    all_of,
    any_of,
    at_least,
    compared,
    conditional,
    reaches,
    verdict_of,
    waived,
)
from ballast.brain.policy.finding import Interval, State, Verdict

M, U, K, P, N = State.MET, State.UNMET, State.UNKNOWN, State.MANUAL, State.NOT_APPLICABLE
FIVE = (M, U, K, P, N)


@pytest.mark.parametrize(
    ("states", "all_", "any_"),
    [
        ((M, M), M, M), ((M, U), U, M), ((M, K), K, M), ((M, P), P, M), ((M, N), M, M),
        ((U, K), U, K), ((U, P), U, P), ((U, N), U, U), ((K, P), K, K), ((K, N), K, K),
        ((P, N), P, P), ((N, N), N, N), ((), N, N),
    ],
)  # fmt: skip
def test_all_and_any(states: tuple[State, ...], all_: State, any_: State) -> None:
    assert (all_of(states), any_of(states)) == (all_, any_)
    assert (all_of(states[::-1]), any_of(states[::-1])) == (all_, any_)


def worlds(states: tuple[State, ...]) -> set[tuple[bool, ...]]:
    """Return every way in which what is open can turn out; what does not apply is left out."""
    each = [{M: (True,), U: (False,)}.get(s, (True, False)) for s in states if s is not N]
    return set(product(*each))


@pytest.mark.parametrize("states", list(product(FIVE, repeat=3)))
def test_a_state_is_settled_exactly_where_every_world_agrees(states: tuple[State, ...]) -> None:
    possible = worlds(states)
    if possible == {()}:
        assert all_of(states) is any_of(states) is at_least(1, states) is N
        return
    for combined, holds in (
        (all_of(states), {all(world) for world in possible}),
        (any_of(states), {any(world) for world in possible}),
        (at_least(1, states), {sum(world) >= 1 for world in possible}),
        (at_least(2, states), {sum(world) >= 2 for world in possible}),
        (at_least(3, states), {sum(world) >= 3 for world in possible}),
    ):
        settled = {True: M, False: U}[holds.pop()] if len(holds) == 1 else None
        if settled is not None:
            assert combined is settled
        else:
            assert combined is (K if K in states else P)


def test_a_waiver_is_another_way() -> None:
    assert waived(U, M) is M
    assert waived(U, K) is K
    assert waived(U, P) is P
    assert waived(U, U) is U
    assert waived(U, N) is U
    assert waived(M, K) is M
    assert waived(K, U) is K
    assert waived(P, K) is K
    assert waived(N, M) is N


def test_a_condition_that_is_not_met_takes_the_criterion_away() -> None:
    for state in FIVE:
        assert conditional(state, M) is state
        assert conditional(state, N) is state
        assert conditional(state, U) is N
    assert conditional(M, K) is M
    assert conditional(U, K) is K
    assert conditional(P, K) is K
    assert conditional(U, P) is P
    assert conditional(K, P) is K
    assert conditional(N, K) is N


T = Decimal(3)
JUST = Decimal("4e-10")
MORE = Decimal("6e-10")


@pytest.mark.parametrize(
    ("op", "below", "just_below", "at", "just_above", "above"),
    [
        (">=", False, True, True, True, True),
        (">", False, False, False, False, True),
        ("<=", True, True, True, True, False),
        ("<", True, False, False, False, False),
        ("==", False, True, True, True, False),
    ],
)
def test_comparisons_at_their_boundary(
    op: object, below: bool, just_below: bool, at: bool, just_above: bool, above: bool
) -> None:
    found = [compared(v, op, T) for v in (T - MORE, T - JUST, T, T + JUST, T + MORE)]  # type: ignore[arg-type]
    assert found == [below, just_below, at, just_above, above]


def test_points_reach_a_bound_with_their_lower_end_and_miss_it_with_their_upper() -> None:
    def state(low: int, high: int, *, is_open: bool, op: str = ">=") -> State:
        ends = Interval(Decimal(low), Decimal(high))
        return reaches(ends, op, Decimal(60), is_open=is_open)  # type: ignore[arg-type]

    assert state(60, 90, is_open=True) is M
    assert state(20, 59, is_open=True) is U
    assert state(59, 60, is_open=True) is K
    assert state(59, 60, is_open=False) is P
    assert state(60, 60, is_open=False, op=">") is U
    assert state(60, 61, is_open=False, op=">") is P


def test_verdicts() -> None:
    assert [verdict_of(state) for state in FIVE] == [
        Verdict.ELIGIBLE, Verdict.INELIGIBLE, Verdict.INCOMPLETE, Verdict.REVIEW, Verdict.REVIEW,
    ]  # fmt: skip
