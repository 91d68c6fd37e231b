"""Stretches laid over each other; by hand, for the whole is tested second by second elsewhere."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.spans import (
    GAP_HOLD_MS,
    UNKNOWN,
    Plan,
    Runs,
    Spans,
    Told,
    held,
    laid,
    painted,
)

S = MachineState
MINUTE = 60_000


def runs(*rows: tuple[int, int, int]) -> Runs:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    state = table[:, 2].astype(np.int32)
    return Runs(table[:, 0], table[:, 1], state, np.zeros_like(state))


def told(spans: Spans) -> list[tuple[int, int, int]]:
    return list(zip(spans.start.tolist(), spans.end.tolist(), spans.state.tolist(), strict=True))


def test_a_value_holds_until_the_next_and_at_most_to_the_horizon() -> None:
    found = held(runs((0, 0, 1), (50, 80, 3)), [], horizon_ms=100)
    assert told(found) == [(0, 50, 1), (50, 100, 3)]


def test_a_value_is_not_held_into_a_gap_nor_beyond_it() -> None:
    found = held(runs((0, 0, 1), (90, 90, 1)), [(30, 60)], horizon_ms=100)
    assert told(found) == [(0, 30, 1), (90, 100, 1)]


def test_a_value_from_the_midst_of_a_gap_is_believed_for_a_minute() -> None:
    hour = 60 * MINUTE
    found = held(runs((0, 0, 1), (10 * MINUTE, 10 * MINUTE, 3)), [(MINUTE, hour)], horizon_ms=hour)
    assert told(found) == [(0, MINUTE, 1), (10 * MINUTE, 10 * MINUTE + GAP_HOLD_MS, 3)]


def test_a_value_at_the_very_moment_its_source_went_stale_is_not_held() -> None:
    assert told(held(runs((0, 0, 1), (40, 40, 1)), [(40, 40)], horizon_ms=100)) == [(0, 40, 1)]


def test_a_promised_value_is_believed_for_as_long_as_asked() -> None:
    found = held(runs((0, 20, 1), (90, 90, 1)), [], horizon_ms=100, hold_ms=30)
    assert told(found) == [(0, 50, 1), (90, 100, 1)]


def test_later_entries_cover_earlier_ones_which_then_go_on() -> None:
    spans, overlapping = painted([(0, 100, 2, 1), (20, 40, 3, 2), (200, 200, 3, 0)], Told.PERSON)
    assert told(spans) == [(0, 20, 2), (20, 40, 3), (40, 100, 2)]
    assert overlapping
    assert not painted([(0, 10, 2, 1), (10, 20, 2, 1)], Told.PERSON)[1]


def test_outside_the_plan_work_counts_and_waiting_does_not() -> None:
    tag = held(runs((0, 0, 0), (60, 60, 3), (80, 80, 2)), [], horizon_ms=100)
    found = laid(0, 120, [tag], Plan.of([(20, 40)]))
    assert told(found) == [
        (0, 20, S.PRODUCING), (20, 40, S.PRODUCING), (40, 60, S.PRODUCING),
        (60, 120, S.PLANNED_STOP),
    ]  # fmt: skip
    assert found.planned.tolist() == [False, True, False, False]


def test_breaks_are_not_planned() -> None:
    plan = Plan.of([(0, 100), (100, 150)], [(30, 40), (90, 110), (145, 200)])
    assert plan.start.tolist() == [0, 40, 110]
    assert plan.end.tolist() == [30, 90, 145]
    assert len(Plan.of([]).start) == 0


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 4))),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500))),
)
def test_what_is_laid_has_no_hole_and_no_overlap(
    entries: list[tuple[int, int, int]], busy: list[tuple[int, int]]
) -> None:
    layer = painted([(a, b, state, 0) for a, b, state in entries], Told.PERSON)[0]
    found = laid(100, 400, [layer], Plan.of([(a, b) for a, b in busy if a < b]))
    assert found.start[0] == 100
    assert found.end[-1] == 400
    assert (found.start[1:] == found.end[:-1]).all()
    assert (found.start < found.end).all()
    nobody = found.state == UNKNOWN
    assert (found.told[nobody] == Told.NOBODY).all()
