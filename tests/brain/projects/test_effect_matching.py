"""Whom an enterprise is held against: same division, near in size, whole, never treated."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.brain.projects.effect_matching import Panel, Window, matched_sets

WINDOW = Window(level=1, before=2, after=1)


def made(levels: list[float], strata: str, finished: list[int], quarters: int = 6) -> Panel:
    values = np.repeat(np.array(levels)[:, None], quarters, axis=1)
    when = np.array(finished, dtype=np.int64)
    return Panel(tuple(map(str, range(len(levels)))), tuple(strata), values, when, when < 0)


def test_the_nearest_of_the_same_division_are_taken() -> None:
    panel = made([5.0, 5.3, 5.1, 5.05, 5.2, 9.0], "aaabaa", [3, -1, -1, -1, -1, -1])
    sets = matched_sets(panel, WINDOW)
    assert sets.treated.tolist() == [0]
    assert [others.tolist() for others in sets.others] == [[2, 4, 1]]
    assert matched_sets(panel, WINDOW, most=1).others[0].tolist() == [2]


def test_beyond_the_caliper_there_is_nobody_like() -> None:
    panel = made([5.0, 5.6], "aa", [3, -1])
    assert matched_sets(panel, WINDOW).alone == 1
    assert len(matched_sets(panel, WINDOW, caliper=0.7)) == 1


def test_who_has_a_project_is_held_against_nobody() -> None:
    panel = made([5.0, 5.0, 5.0], "aaa", [3, 4, -1])
    panel = Panel(panel.units, panel.strata, panel.values, panel.finished,
                  np.array([False, False, False]))  # fmt: skip
    assert matched_sets(panel, WINDOW).alone == 2


@pytest.mark.parametrize(("finished", "outside"), [(2, 1), (3, 0), (4, 0), (5, 1)])
def test_a_finish_needs_its_quarters_before_and_after(finished: int, outside: int) -> None:
    sets = matched_sets(made([5.0, 5.0], "aa", [finished, -1]), WINDOW)
    assert (sets.outside, len(sets)) == (outside, 1 - outside)


def test_gaps_are_counted_and_never_filled() -> None:
    panel = made([5.0, 5.0, 5.1], "aaa", [3, -1, -1])
    panel.values[1, 1] = np.nan
    assert matched_sets(panel, WINDOW).others[0].tolist() == [2]
    panel.values[0, 4] = np.nan
    assert (matched_sets(panel, WINDOW).gaps, len(matched_sets(panel, WINDOW))) == (1, 0)
