"""Alarms and labels, by row and by window."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.plant.detection.agreement import Agreement, agreement, hits, runs, together


def test_the_rates_are_those_of_the_counts_of_all_files_together() -> None:
    one, other = Agreement(6, 2, 4, 8), Agreement(0, 3, 0, 7)
    both = together([one, other])
    assert both == Agreement(6, 5, 4, 15)
    assert both.f1 == pytest.approx(6 / (6 + 9 / 2))
    assert both.false_alarm_rate == pytest.approx(5 / 20)
    assert both.missed_alarm_rate == pytest.approx(4 / 10)
    assert together([]) is None


def test_a_rate_that_does_not_exist_is_none_and_not_zero() -> None:
    nothing = agreement(np.zeros(3, bool), np.zeros(3, bool))
    assert nothing.f1 is None
    assert nothing.missed_alarm_rate is None
    assert nothing.false_alarm_rate == 0.0
    every = agreement(np.ones(3, bool), np.ones(3, bool))
    assert every.false_alarm_rate is None


def test_windows_are_hit_by_a_single_row_and_episodes_outside_are_false() -> None:
    times = np.arange(100, dtype=np.int64) * 3_600_000
    alarm = np.zeros(100, dtype=np.bool_)
    alarm[[20, 21, 50, 51, 52, 90]] = True
    hour = 3_600_000
    found = hits(times, alarm, [(52 * hour, 60 * hour), (70 * hour, 80 * hour), (-9, -1)],
                 runs(alarm))  # fmt: skip
    assert found.windows == (1, 0, None)
    assert found.hit == 1
    assert found.false_episodes == 2
    assert found.false_a_month == pytest.approx(2 / (99 / 24 / (365.25 / 12)))


def test_no_alarm_has_no_runs() -> None:
    assert runs(np.zeros(5, dtype=np.bool_)) == []
