from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.time_model import MachineState, times

P, S, D, W, X = MachineState


def test_an_interval_counts_only_as_far_as_it_lies_in_the_window() -> None:
    found = times([0, 0], [-50, 90], [10, 200], [P, D], machines=1, window_s=(0, 100))
    assert (found.apt[0], found.adet[0], found.unrecorded[0]) == (10, 10, 80)


def test_the_times_of_the_model_are_sums_of_each_other() -> None:
    found = times([0] * 5, [0, 10, 30, 60, 70], [10, 30, 60, 70, 100], [P, S, D, W, X], machines=1,
                  window_s=(0, 100))  # fmt: skip
    assert (found.aupt[0], found.aubt[0], found.pbt[0]) == (30, 60, 70)


def test_a_machine_that_nobody_recorded_is_unrecorded_throughout() -> None:
    found = times([1], [0], [100], [P], machines=2, window_s=(0, 100))
    assert found.unrecorded.tolist() == [100, 0]
    assert found.pbt.tolist() == [0, 100]


def test_two_states_at_once_are_refused_by_machine_and_second() -> None:
    with pytest.raises(Refused, match=r"machine 1 is in two states at once at second 5\.0"):
        times([0, 1, 1], [0, 0, 5], [9, 6, 9], [P, P, D], machines=2, window_s=(0, 10))


def test_overlaps_outside_the_window_do_not_matter() -> None:
    found = times([0, 0], [0, 5], [6, 20], [P, D], machines=1, window_s=(10, 20))
    assert found.adet[0] == 10


@pytest.mark.parametrize(
    ("start", "end", "state", "machine"),
    [(5, 1, P, 0), (float("nan"), 1, P, 0), (0, 1, 9, 0), (0, 1, P, 3), (0, 1, P, -1)],
)
def test_an_impossible_interval_is_refused(
    start: float, end: float, state: int, machine: int
) -> None:
    with pytest.raises(Refused, match="interval 0"):
        times([machine], [start], [end], [state], machines=1, window_s=(0, 10))


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(Refused, match="window"):
        times([], [], [], [], machines=1, window_s=(10, 10))


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from(list(MachineState))), max_size=30),
       st.integers(-100, 500))  # fmt: skip
def test_every_second_of_the_window_is_in_one_state_or_unrecorded(
    lengths: list[tuple[int, MachineState]], begin: int
) -> None:
    bounds = begin + np.cumsum([0, *(length for length, _ in lengths)])
    found = times(
        np.zeros(len(lengths)), bounds[:-1], bounds[1:], [state for _, state in lengths],
        machines=1, window_s=(0, 400),
    )  # fmt: skip
    whole = found.pbt + found.planned_stop + found.unrecorded
    assert whole[0] == pytest.approx(400)
