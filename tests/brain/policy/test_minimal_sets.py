"""The smallest sets against the truth table: every subset tried."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.policy.minimal_sets import (
    TOLERANCE,
    Count,
    Group,
    Leaf,
    Node,
    Reach,
    Step,
    smallest,
)

D = Decimal


def names_of(node: Node) -> list[str]:
    match node:
        case Leaf():
            return [node.id]
        case Count():
            return [name for part in node.of for name in names_of(part)]
        case Reach():
            return [step.id for group in node.groups for step in group.items]


def holds(node: Node, changed: frozenset[str]) -> bool:
    match node:
        case Leaf():
            return node.holds or node.id in changed
        case Count():
            return sum(holds(part, changed) for part in node.of) >= node.least
        case Reach():
            total = D(0)
            for group in node.groups:
                own = sum((s.most if s.id in changed else s.now for s in group.items), D(0))
                own = min(own, group.cap)
                if group.least is not None and own < group.least:
                    return False
                total += own
            return total > node.least if node.strict else total >= node.least


def by_trial(node: Node, among: set[str] | None = None) -> set[frozenset[str]]:
    """Return the smallest sufficient sets, by trying every subset, the short ones first."""
    names = [name for name in names_of(node) if among is None or name in among]
    found: list[frozenset[str]] = []
    for size in range(len(names) + 1):
        for chosen in map(frozenset, combinations(names, size)):
            if not any(one <= chosen for one in found) and holds(node, chosen):
                found.append(chosen)
    return set(found)


@st.composite
def rules(draw: st.DrawFn, depth: int = 2) -> Node:
    counter = iter(range(1000))

    def points() -> Decimal:
        return D(draw(st.integers(0, 6)))

    def made(level: int) -> Node:
        kind = draw(st.sampled_from(["leaf", "leaf", "count", "reach"] if level else ["leaf"]))
        if kind == "leaf":
            return Leaf(f"n{next(counter)}", draw(st.booleans()))
        if kind == "count":
            parts = tuple(made(level - 1) for _ in range(draw(st.integers(1, 3))))
            return Count(draw(st.integers(0, len(parts))), parts)
        groups = []
        for _ in range(draw(st.integers(1, 2))):
            items = []
            for _ in range(draw(st.integers(1, 3))):
                now = points()
                items.append(Step(f"n{next(counter)}", now, now + points()))
            least = draw(st.none() | st.integers(0, 8).map(D))
            groups.append(Group(tuple(items), D(draw(st.integers(1, 12))), least))
        return Reach(tuple(groups), D(draw(st.integers(0, 20))), draw(st.booleans()))

    return made(depth)


@given(rules())
def test_the_smallest_sets_are_those_that_trying_every_subset_finds(rule: Node) -> None:
    found = smallest(rule, 5000)
    assert found.complete
    assert len(set(found.of)) == len(found.of)
    assert set(found.of) == by_trial(rule)
    assert [len(one) for one in found.of] == sorted(len(one) for one in found.of)


@given(rules(), st.integers(1, 4))
def test_the_first_few_are_as_short_as_the_first_few_of_all(rule: Node, few: int) -> None:
    everything = sorted(len(one) for one in by_trial(rule))
    found = smallest(rule, few)
    assert [len(one) for one in found.of] == everything[:few]
    assert set(found.of) <= by_trial(rule)
    assert found.complete == (len(everything) <= few)


@given(rules(), st.data())
def test_the_cheapest_set_is_the_cheapest_of_all_that_have_prices(
    rule: Node, data: st.DataObject
) -> None:
    prices = {
        name: D(data.draw(st.integers(0, 9))) for name in names_of(rule) if data.draw(st.booleans())
    }
    possible = by_trial(rule, set(prices))
    found = smallest(rule, 1, prices)
    if not possible:
        assert found.of == ()
        return
    (cheapest,) = found.of
    assert cheapest in possible
    paid = {one: sum((prices[name] for name in one), D(0)) for one in possible}
    assert paid[cheapest] == min(paid.values())


def test_what_holds_needs_nothing() -> None:
    assert smallest(Count(1, (Leaf("a", holds=True), Leaf("b"))), 9).of == (frozenset(),)


def test_what_cannot_hold_has_no_set() -> None:
    short = Reach((Group((Step("a", D(1), D(5)),), D(10)),), D(6))
    assert smallest(short, 9).of == ()
    assert smallest(Count(2, (Leaf("a"), short)), 9).of == ()


def test_a_strict_bound_is_not_reached_by_equality() -> None:
    group = Group((Step("a", D(0), D(60)), Step("b", D(0), D(5)), Step("c", D(5), D(5))), D(100))
    assert smallest(Reach((group,), D(65)), 9).of == (frozenset("a"),)
    assert smallest(Reach((group,), D(65), strict=True), 9).of == (frozenset("ab"),)


@pytest.mark.parametrize("strict", [False, True])
def test_a_hair_below_a_bound_counts_as_the_rules_compare(strict: bool) -> None:
    reach = Reach((Group((Step("a", D(0), D(60) - TOLERANCE),), D(100)),), D(60), strict)
    assert smallest(reach, 9).of == (() if strict else (frozenset("a"),))


def test_a_cap_keeps_a_group_from_standing_in_for_another() -> None:
    first = Group(tuple(Step(f"a{n}", D(0), D(10)) for n in range(5)), D(20))
    second = Group((Step("b", D(0), D(10)),), D(10))
    found = smallest(Reach((first, second), D(30)), 99)
    assert len(found.of) == 10
    assert all("b" in one and len(one) == 3 for one in found.of)


def test_twenty_items_of_a_score_are_no_burden() -> None:
    items = tuple(Step(f"i{n}", D(1), D(3 + n % 4)) for n in range(20))
    found = smallest(Reach((Group(items, D(100)),), D(60)), 12)
    assert len(found.of) == 12
    assert not found.complete
    # 40 points are missing and an item gives 5, 4, 3 or 2 more, five of each: 25 + 15 are nine,
    # of which one gives the less.
    assert {len(one) for one in found.of} == {9}
