"""Counts of standings, attacked: by whole numbers, with all that is published and one insider."""

from __future__ import annotations

import numpy as np
import pytest
from tests.brain.disclosure.standings import LEAST, Attacker, census, in_doubt

from ballast.brain.disclosure.census import Census, Target, count, targets
from ballast.brain.disclosure.swaps import withhold

SEEDS = range(8)


@pytest.mark.parametrize("seed", SEEDS)
def test_margins_clusters_and_rungs_tell_no_count_of_one_or_two(seed: int) -> None:
    one = census(seed)
    found = withhold(one, LEAST)
    assert found.told == ()
    attacker = Attacker(one, found.mask)
    for target in targets(one, LEAST):
        assert in_doubt(one, target, attacker.bounds(target)), target


@pytest.mark.parametrize("seed", range(2))
def test_nobody_learns_from_where_he_stands_himself(seed: int) -> None:
    one = census(seed)
    found = withhold(one, LEAST)
    tried = 0
    for target in targets(one, LEAST):
        here = target.among(one.marks)[one.profile] & target.area[one.leaf]
        others = ~target.among(one.marks)[one.profile] & target.area[one.leaf]
        for insider in range(len(one.size)):
            if one.size[insider] > 1 or (here[insider] and target.value == 1):
                continue
            everybody = not (others & (np.arange(len(others)) != insider)).any()
            if tried % 7 == 0:  # every seventh: an integer program each
                lower, higher = Attacker(one, found.mask, insider).bounds(target)
                assert lower < target.value, (target, insider)
                assert higher > target.value or everybody, (target, insider)
            tried += 1
    assert tried > 50


def test_the_attacker_wins_where_only_counts_of_one_and_two_are_withheld() -> None:
    """So that the tests here can fail."""
    exact = 0
    for seed in range(4):
        one = census(seed)
        values = count(one)
        naive = (values > 0) & (values < LEAST)
        attacker = Attacker(one, naive)
        for target in targets(one, LEAST):
            if len(target.tells) == 1 and naive[target.tells[0]]:
                lower, higher = attacker.bounds(target)
                exact += lower == higher
    assert exact > 5


def test_the_attacker_wins_by_the_difference_of_two_rungs() -> None:
    """Whoever is near the upper rung holds the lower one: 4 less 3 is one who is far from it."""
    one = Census(
        areas=np.array([[True, True], [True, False], [False, True]]),
        marks=np.array([[True, True, False], [True, False, False]]),
        leaf=np.array([0, 0, 0, 1, 1, 1]),
        profile=np.array([0, 1, 2, 0, 1, 2]),
        size=np.array([3.0, 1.0, 20.0, 5.0, 6.0, 20.0]),
        shown=np.ones((2, 3), dtype=np.bool_),
        open_marks=np.zeros(2, dtype=np.bool_),
        rungs=((0,), (1,)),
    )
    differences = [t for t in targets(one, LEAST) if len(t.tells) == 2]
    assert [(t.value, set(t.tells)) for t in differences] == [(1.0, {(0, 1), (1, 1)})]
    nothing = np.zeros((2, 3), dtype=np.bool_)
    assert Attacker(one, nothing).bounds(differences[0]) == (1, 1)
    found = withhold(one, LEAST)
    assert in_doubt(one, differences[0], Attacker(one, found.mask).bounds(differences[0]))
    assert not found.mask[:, 0].any()


def test_a_count_that_is_everybody_is_withheld_unless_the_mark_is_public() -> None:
    one = Census(
        areas=np.array([[True, True, True], [True, False, False]]),
        marks=np.array([[True, False, False], [False, True, False]]),
        leaf=np.array([0, 1, 1, 1, 2, 2, 2]),
        profile=np.array([1, 0, 1, 2, 0, 1, 2]),
        size=np.array([5.0, 6.0, 7.0, 8.0, 9.0, 5.0, 9.0]),
        shown=np.ones((2, 2), dtype=np.bool_),
        open_marks=np.array([True, False]),
        rungs=((0, 1),),
    )
    assert withhold(one, LEAST).mask.tolist() == [[False, False], [False, True]]


def test_zero_and_three_are_published_where_nothing_near_them_is_sensitive() -> None:
    one = Census(
        areas=np.array([[True, True, True], [True, False, False], [False, True, False]]),
        marks=np.array([[True, False]]),
        leaf=np.array([0, 0, 1, 2, 2]),
        profile=np.array([0, 1, 1, 0, 1]),
        size=np.array([3.0, 30.0, 30.0, 4.0, 30.0]),
        shown=np.ones((1, 3), dtype=np.bool_),
        open_marks=np.zeros(1, dtype=np.bool_),
    )
    assert count(one).tolist() == [[7.0, 3.0, 0.0]]
    assert not withhold(one, LEAST).mask.any()


def test_what_was_published_before_is_not_leaned_on_and_says_so_where_it_tells_too_much() -> None:
    one = census(3)
    free = withhold(one, LEAST)
    secondary = free.mask & ~free.sensitive & (count(one) > 0)
    assert secondary.any()
    mark, area = np.argwhere(secondary)[0]
    known = np.zeros_like(free.mask)
    known[mark, area] = True
    again = withhold(one, LEAST, known=known)
    assert not again.mask[mark, area]
    attacker = Attacker(one, again.mask)
    lost = {id(target) for target in again.told}
    for target in targets(one, LEAST):
        told = any(t.value == target.value and t.tells == target.tells for t in again.told)
        assert told or in_doubt(one, target, attacker.bounds(target))
    everything = withhold(one, LEAST, known=np.ones_like(known))
    assert everything.told
    assert not everything.mask.any()
    assert len(lost) == len(again.told)


def test_what_an_earlier_vintage_withheld_stays_withheld() -> None:
    one = census(1)
    kept = np.zeros_like(one.shown)
    kept[0, 0] = True
    assert withhold(one, LEAST, kept=kept).mask[0, 0]


def test_little_is_lost() -> None:
    """Of the counts of three and more that are not withheld for themselves, most are published."""
    lost = whole = 0
    for seed in SEEDS:
        one = census(seed, enterprises=600)
        found = withhold(one, LEAST)
        free = (count(one) >= LEAST) & ~found.sensitive
        whole += int(free.sum())
        lost += int((found.mask & free).sum())
    assert lost < 0.25 * whole, (lost, whole)


def test_the_matrices_of_the_attacker_say_what_is_published() -> None:
    """The attacker's own world is the true one: with nothing withheld he finds every count."""
    one = census(5)
    attacker = Attacker(one, np.zeros_like(one.shown))
    values = count(one)
    for mark, area in ((0, 0), (1, 2), (5, 6)):
        target = Target(mark, (), one.areas[area], float(values[mark, area]))
        assert attacker.bounds(target) == (values[mark, area],) * 2
