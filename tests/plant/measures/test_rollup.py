"""Parts of a roll-up merge to what the whole would have given, however they were cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.rollup import (
    HOUR_MS,
    MINUTE_MS,
    NO_TIME,
    Rollup,
    joined,
    merge_parts,
    rises,
    roll_up,
)

EXACT = ("tag", "window", "count", "finite", "least", "most", "first_at", "last_at", "good_count",
         "late_count")  # fmt: skip
ROUNDED = ("sum", "sum_squares", "rise")

values = st.one_of(
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from([float("nan"), float("inf"), float("-inf"), 0.0, -0.0]),
)
samples = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-130_000, 130_000), values, st.booleans()),
    min_size=1,
    max_size=60,
)


def rolled(rows: list[tuple[int, int, float, bool]], window_ms: int = MINUTE_MS) -> Rollup:
    tag, time, value, good = (np.array(column) for column in zip(*rows, strict=True))
    # Equal times of one tag are told apart by the order in which they came.
    return roll_up(tag, time, value, window_ms, ordinal=np.arange(len(rows)), good=good)


def same(one: Rollup, other: Rollup, *, but: np.ndarray[Any, Any] | None = None) -> None:
    for name in EXACT:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    for name in ROUNDED:
        a, b = getattr(one, name), getattr(other, name)
        if name == "rise" and but is not None:
            a, b = a[~but], b[~but]
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-3, err_msg=name)


@given(samples, st.data())
def test_parts_cut_anyhow_merge_to_the_whole(
    rows: list[tuple[int, int, float, bool]], data: st.DataObject
) -> None:
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    parts = [
        rolled(chosen)
        for group in range(4)
        if (chosen := [row for row, g in zip(rows, groups, strict=True) if g == group])
    ]
    merged = merge_parts(joined(parts))
    same(merged.rollup, rolled(rows), but=merged.interleaved)
    assert np.isnan(merged.rollup.rise[merged.interleaved]).all()


@given(samples, st.lists(st.integers(0, 60), max_size=4))
def test_parts_cut_in_the_order_of_time_merge_to_the_whole_with_what_counters_rose(
    rows: list[tuple[int, int, float, bool]], cuts: list[int]
) -> None:
    rows = sorted({row[:2]: row for row in rows}.values(), key=lambda row: row[1])
    bounds = sorted({0, len(rows), *(min(cut, len(rows)) for cut in cuts)})
    parts = [rolled(rows[a:b]) for a, b in pairwise(bounds)]
    merged = merge_parts(joined(parts))
    assert not merged.interleaved.any()
    same(merged.rollup, rolled(rows))


@given(samples)
def test_hours_made_of_minutes_are_those_made_of_samples(
    rows: list[tuple[int, int, float, bool]],
) -> None:
    rows = list({row[:2]: row for row in rows}.values())
    merged = merge_parts(rolled(rows), HOUR_MS)
    assert not merged.interleaved.any()
    same(merged.rollup, rolled(rows, HOUR_MS))


@given(samples)
def test_what_a_day_rose_is_the_sum_of_the_rises_of_its_minutes(
    rows: list[tuple[int, int, float, bool]],
) -> None:
    rows = list({row[:2]: row for row in rows}.values())
    whole = rolled(rows, 1 << 40)
    by_minute = rolled(rows)
    for tag in set(whole.tag.tolist()):
        # The great window begins at 0: what lies before it is a window of its own.
        total = np.nansum(rises(whole)[whole.tag == tag])
        told = np.nansum(rises(by_minute)[by_minute.tag == tag])
        assert told == pytest.approx(total, rel=1e-9, abs=1e-3)


def test_a_counter_set_back_counts_from_zero() -> None:
    found = roll_up(1, [0, 1, 2, 3, 4], [100.0, 110.0, 3.0, 3.0, 7.0], MINUTE_MS)
    assert found.rise.tolist() == [10 + 3 + 0 + 4]


def test_a_window_without_a_number_has_counts_and_nothing_else() -> None:
    found = roll_up(1, [0, 1, 2], [np.nan, np.inf, -np.inf], MINUTE_MS, late=[True, False, True])
    assert (found.count.tolist(), found.finite.tolist(), found.late_count.tolist()) == (
        [3], [0], [2],
    )  # fmt: skip
    assert (found.sum.tolist(), found.sum_squares.tolist()) == ([0.0], [0.0])
    for name in ("least", "most", "first", "last", "rise", "mean", "deviation"):
        assert np.isnan(getattr(found, name)).all(), name
    assert found.first_at.tolist() == found.last_at.tolist() == [NO_TIME]
    merged = merge_parts(joined([found, found]))
    assert merged.rollup.count.tolist() == [6]
    assert np.isnan(merged.rollup.rise).all()
    assert not merged.interleaved.any()


def test_a_late_part_inside_another_is_told_and_its_rise_is_not() -> None:
    first = roll_up(1, [0, 9_000], [10.0, 19.0], MINUTE_MS)
    late = roll_up(1, [4_000], [14.0], MINUTE_MS, late=True)
    merged = merge_parts(joined([first, late]))
    assert merged.interleaved.tolist() == [True]
    assert np.isnan(merged.rollup.rise).all()
    assert (merged.rollup.first.tolist(), merged.rollup.last.tolist()) == ([10.0], [19.0])
    assert merged.rollup.mean.tolist() == pytest.approx([43 / 3])


def test_two_parts_that_meet_in_one_millisecond_are_told() -> None:
    parts = joined([roll_up(1, [0, 5], [1.0, 2.0], MINUTE_MS), roll_up(1, [5], [9.0], MINUTE_MS)])
    assert merge_parts(parts).interleaved.tolist() == [True]


def test_spread_survives_a_large_value_that_varies_little() -> None:
    rng = np.random.default_rng(3)
    value = 1e9 + rng.normal(0, 1e-2, 1000)
    time = np.arange(1000)
    parts = [roll_up(1, time[i::10], value[i::10], MINUTE_MS) for i in range(10)]
    found = merge_parts(joined(parts)).rollup.deviation[0]
    assert found == pytest.approx(np.std(value, ddof=1), rel=1e-3)


def test_a_sum_beyond_floats_is_infinite_and_its_spread_unknown() -> None:
    found = roll_up(1, [0, 1], [1.7e308, 1.7e308], MINUTE_MS)
    assert found.sum.tolist() == [np.inf]
    assert not np.isfinite(found.deviation).any()
    assert merge_parts(joined([found, found])).rollup.sum.tolist() == [np.inf]


def test_nothing_makes_nothing() -> None:
    empty = np.zeros(0)
    found = roll_up(empty, empty, empty, MINUTE_MS)
    assert len(found) == len(merge_parts(found).rollup) == len(rises(found)) == 0


def test_times_before_1970_fall_into_windows_too() -> None:
    found = roll_up(1, [-1, -60_000, -60_001], [1.0, 2.0, 3.0], MINUTE_MS)
    assert found.window.tolist() == [-120_000, -60_000]
