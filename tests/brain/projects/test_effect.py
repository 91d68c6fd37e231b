"""A planted effect is found within its interval; where there is none, none is found."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.brain.projects.effect import LEAST_SETS, Effect, estimated
from ballast.brain.projects.effect_matching import Panel, Window, matched_sets
from ballast.errors import Undefined

QUARTERS = 20
WINDOW = Window()


def panel(
    seed: int, effect: float = 0.0, *, drift: float = 0.0, units: int = 300, share: float = 0.4
) -> Panel:
    """Return enterprises of eight divisions with shocks of the division, of their own, and noise.

    ``effect`` is added from the quarter after the finish on; ``drift`` each quarter, before it too.
    """
    rng = np.random.default_rng(seed)
    strata = rng.integers(0, 8, units)
    shocks = np.cumsum(rng.normal(0, 0.03, (8, QUARTERS)), axis=1)
    own = np.cumsum(rng.normal(0, 0.02, (units, QUARTERS)), axis=1)
    values = rng.normal(8, 1, units)[:, None] + shocks[strata] + own
    values += rng.normal(0, 0.08, values.shape)
    when = np.where(rng.random(units) < share, rng.integers(8, QUARTERS - 4, units), -1)
    treated, quarters = (when >= 0)[:, None], np.arange(QUARTERS)[None]
    values += effect * (treated & (quarters > when[:, None]))
    values += drift * np.where(treated, quarters - when[:, None], 0)
    names = tuple(map(str, range(units)))
    return Panel(names, tuple(map(str, strata)), values, when.astype(np.int64), when < 0)


def found(one: Panel) -> Effect:
    return estimated(one, matched_sets(one, WINDOW), WINDOW)


def test_planted_effects_lie_in_their_intervals_as_often_as_these_promise() -> None:
    planted = 0.08
    effects = [found(panel(seed, planted)) for seed in range(40)]
    covered = sum(one.mean.low <= planted <= one.mean.high for one in effects)
    # Of 40 intervals of 95 %, 34 or more hold the truth in all but 1 of 1,000 runs.
    assert covered >= 34
    assert all(one.mean.found for one in effects)
    assert np.mean([one.mean.value for one in effects]) == pytest.approx(planted, abs=0.006)
    # The errors that are stated are the spread that there is.
    spread = np.std([one.mean.value for one in effects], ddof=1)
    assert np.mean([one.mean.error for one in effects]) == pytest.approx(spread, rel=0.3)


def test_where_there_is_no_effect_none_is_found_more_often_than_chance() -> None:
    effects = [found(panel(seed)) for seed in range(1000, 1040)]
    assert sum(one.mean.found for one in effects) <= 6
    assert sum(not one.parallel for one in effects) <= 6


def test_who_grew_faster_before_already_fails_the_test_of_the_past() -> None:
    one = found(panel(3, drift=0.02))
    assert one.mean.found
    assert not one.parallel


def test_the_effect_is_the_mean_of_the_matched_differences_of_differences() -> None:
    one = panel(5, 0.1)
    sets = matched_sets(one, WINDOW)
    effect = estimated(one, sets, WINDOW)
    by_hand = []
    for unit, when, others in zip(sets.treated, sets.quarter, sets.others, strict=True):
        gap = one.values[unit] - one.values[others].mean(axis=0)
        by_hand.append(gap[when + 1 : when + 5].mean() - gap[when - 1])
    assert effect.mean.value == pytest.approx(np.mean(by_hand), abs=1e-10)
    assert effect.steps[WINDOW.before - 1].value == 0.0
    assert [step.step for step in effect.steps] == list(WINDOW.steps)


def test_a_level_of_an_enterprise_and_a_shock_of_everybody_change_nothing() -> None:
    one = panel(6, 0.05)
    level = np.arange(len(one.units), dtype=float)[:, None] * 1e-3
    shock = np.sin(np.arange(QUARTERS))[None]
    moved = Panel(one.units, one.strata, one.values + shock, one.finished, one.eligible)
    sets = matched_sets(one, WINDOW)
    before = estimated(one, sets, WINDOW)
    assert estimated(moved, sets, WINDOW).mean.value == pytest.approx(before.mean.value, abs=1e-10)
    lifted = Panel(one.units, one.strata, one.values + level, one.finished, one.eligible)
    after = estimated(lifted, sets, WINDOW)
    assert after.mean.error == pytest.approx(before.mean.error, abs=1e-10)


def test_luck_of_the_few_that_many_are_held_against_widens_the_interval() -> None:
    """Of 25 others each is held against by many: errors that took these for many would be small."""
    rng = np.random.default_rng(9)
    units = 425
    values = rng.normal(0, 0.1, (units, QUARTERS)) + 8
    when = np.where(np.arange(units) >= 25, 9, -1).astype(np.int64)
    crowd = Panel(tuple(map(str, range(units))), ("a",) * units, values, when, when < 0)
    sets = matched_sets(crowd, WINDOW)
    effect = estimated(crowd, sets, WINDOW)
    assert effect.others == 25
    # The variance of the mean of 400 gaps if each had others of its own: less than half as wide.
    gaps = [
        (gap := crowd.values[unit] - crowd.values[others].mean(axis=0))[10:14].mean() - gap[8]
        for unit, others in zip(sets.treated, sets.others, strict=True)
    ]
    assert effect.mean.error > 2 * np.std(gaps) / np.sqrt(len(gaps))


def test_one_other_for_all_is_undefined() -> None:
    rng = np.random.default_rng(9)
    values = rng.normal(0, 0.1, (41, QUARTERS)) + 8
    when = np.where(np.arange(41) > 0, 9, -1).astype(np.int64)
    alone = Panel(tuple(map(str, range(41))), ("a",) * 41, values, when, when < 0)
    with pytest.raises(Undefined, match="only 1 different enterprises"):
        found(alone)


def test_too_few_are_undefined_and_not_a_wide_interval() -> None:
    few = panel(1, units=30)
    assert 0 < len(matched_sets(few, WINDOW)) < LEAST_SETS
    with pytest.raises(Undefined, match=f"an estimate needs {LEAST_SETS}"):
        found(few)


def test_figures_that_do_not_vary_have_no_interval() -> None:
    flat = panel(2)
    still = Panel(flat.units, flat.strata, np.full_like(flat.values, 8.0), flat.finished,
                  flat.eligible)  # fmt: skip
    with pytest.raises(Undefined, match="do not vary"):
        found(still)


def test_the_smallest_effect_that_would_be_seen_is_said() -> None:
    effect = found(panel(4))
    assert effect.visible_percent == pytest.approx(np.expm1(2.8 * effect.mean.error) * 100)
