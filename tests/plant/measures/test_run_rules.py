from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.measures.control_charts import Baseline, Phase
from ballast.plant.measures.control_charts_variables import individuals
from ballast.plant.measures.run_rules import (
    LOOK_BACK,
    NELSON,
    RULE_LABELS,
    WESTERN_ELECTRIC,
    Rule,
    Tail,
    Violation,
    check,
    check_chart,
    watch,
)

R = Rule
NAN = math.nan
EVERY = NELSON + WESTERN_ELECTRIC


def slow(rule: Rule, z: Sequence[float], at: int) -> tuple[int, ...] | None:
    """Return the points that break a rule, one window at a time, as the rule is worded."""

    def window(span: int) -> list[int] | None:
        return list(range(at - span + 1, at + 1)) if at - span + 1 >= 0 else None

    def row(span: int, *tests: object) -> tuple[int, ...] | None:
        points = window(span)
        if points is None:
            return None
        held = any(all(test(z[i]) for i in points) for test in tests if callable(test))
        return tuple(points) if held else None

    def some(need: int, span: int, zone: float) -> tuple[int, ...] | None:
        for side in (1.0, -1.0):
            found = [i for i in range(max(0, at - span + 1), at + 1) if side * z[i] > zone]
            if at in found and len(found) >= need:
                return tuple(found)
        return None

    def steps(span: int, test: object) -> tuple[int, ...] | None:
        points = window(span)
        assert callable(test)
        if points is None or any(math.isnan(z[i]) for i in points):
            return None
        signs = [(z[b] > z[a]) - (z[b] < z[a]) for a, b in pairwise(points)]
        return tuple(points) if test(signs) else None

    def alternate(signs: list[int]) -> bool:
        return all(a * b == -1 for a, b in pairwise(signs))

    up, down = (lambda v: v > 0), (lambda v: v < 0)
    if rule in {R.NELSON_1, R.WESTERN_ELECTRIC_1}:
        return (at,) if abs(z[at]) > 3 else None
    if rule in {R.NELSON_5, R.WESTERN_ELECTRIC_2}:
        return some(2, 3, 2.0)
    if rule in {R.NELSON_6, R.WESTERN_ELECTRIC_3}:
        return some(4, 5, 1.0)
    if rule is R.NELSON_3:
        return steps(6, lambda signs: set(signs) in ({1}, {-1}))
    if rule is R.NELSON_4:
        return steps(14, alternate)
    if rule is R.NELSON_7:
        return row(15, lambda v: abs(v) < 1)
    if rule is R.NELSON_8:
        found = row(8, lambda v: abs(v) > 1)
        return found if found and len({z[i] > 0 for i in found}) == 2 else None
    return row(9 if rule is R.NELSON_2 else 8, up, down)


# Long stretches of one kind make the long rules come true; free numbers alone never would.
stretches = st.lists(
    st.tuples(
        st.sampled_from(["same", "rise", "saw", "wide", "any"]),
        st.integers(1, 17),
        st.floats(-3.5, 3.5).map(lambda v: round(v, 1)),
    ),
    max_size=6,
)


def series(pieces: list[tuple[str, int, float]]) -> list[float]:
    made: list[float] = []
    for kind, length, level in pieces:
        for i in range(length):
            turn = 1.0 if i % 2 else -1.0
            made.append({
                "same": level, "rise": level + 0.1 * i, "saw": level * turn,
                "wide": turn * (1.2 + 0.01 * i), "any": NAN if i == 3 else level * math.cos(i),
            }[kind])  # fmt: skip
    return made


@given(stretches)
def test_every_rule_finds_what_its_wording_says(pieces: list[tuple[str, int, float]]) -> None:
    z = series(pieces)
    expected = [
        Violation(rule, at, made)
        for at in range(len(z))
        for rule in EVERY
        if (made := slow(rule, z, at)) is not None
    ]
    assert [*check(z, EVERY).violations()] == expected


@given(stretches, st.lists(st.integers(0, 30), max_size=12))
def test_a_stream_in_any_portions_finds_what_a_batch_does(
    pieces: list[tuple[str, int, float]], cuts: list[int]
) -> None:
    z = series(pieces)
    found: list[Violation] = []
    tail, at = Tail(), 0
    for portion in [*cuts, len(z)]:
        broken, tail = watch(z[at : at + portion], tail, EVERY)
        found += broken.violations()
        at = min(at + portion, len(z))
        assert len(tail.points) == min(at, LOOK_BACK)
    assert tail.seen == len(z)
    assert found == [*check(z, EVERY).violations()]


PATTERNS: list[tuple[Rule, list[float], tuple[int, ...]]] = [
    (R.NELSON_1, [0.0, -3.1], (1,)),
    (R.NELSON_2, [0.1, 0.2] * 4 + [0.1], tuple(range(9))),
    (R.NELSON_3, [-0.3, -0.2, -0.1, 0.1, 0.2, 0.3], tuple(range(6))),
    (R.NELSON_4, [0.2, -0.2] * 7, tuple(range(14))),
    (R.NELSON_5, [2.1, 0.0, 2.2], (0, 2)),
    (R.NELSON_6, [-1.1, -1.2, 0.5, -1.1, -1.3], (0, 1, 3, 4)),
    (R.NELSON_7, [0.5, -0.5, 0.4] * 5, tuple(range(15))),
    (R.NELSON_8, [1.5, -1.5, 1.1, 1.2, -1.5, -1.4, 1.1, -1.1], tuple(range(8))),
    (R.WESTERN_ELECTRIC_1, [3.01], (0,)),
    (R.WESTERN_ELECTRIC_2, [-2.1, -2.2], (0, 1)),
    (R.WESTERN_ELECTRIC_3, [1.1, 1.2, 1.1, 1.3], (0, 1, 2, 3)),
    (R.WESTERN_ELECTRIC_4, [-0.1, -0.2] * 4, tuple(range(8))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "z", "made"), PATTERNS, ids=[p[0] for p in PATTERNS])
def test_a_pattern_is_told_when_it_is_complete_with_its_points(
    rule: Rule, z: list[float], made: tuple[int, ...]
) -> None:
    assert [*check(z, [rule]).violations()] == [Violation(rule, len(z) - 1, made)]
    assert not check(z[:-1], [rule]).marked.any()


@pytest.mark.parametrize(
    ("rule", "z"),
    [
        (R.NELSON_1, [3.0]),
        (R.NELSON_2, [0.1] * 8 + [0.0] + [0.1] * 8),
        (R.NELSON_3, [0.1, 0.2, 0.3, 0.3, 0.4, 0.5]),
        (R.NELSON_5, [2.1, -2.1, 0.0]),
        (R.NELSON_7, [0.5] * 14 + [1.0] + [0.5] * 14),
        (R.NELSON_8, [1.5] * 8),
    ],
)
def test_what_only_looks_like_a_pattern_is_none(rule: Rule, z: list[float]) -> None:
    assert not check(z, [rule]).marked.any()


def test_the_gap_widths_break_the_rule_that_sas_says_they_break() -> None:
    """SAS/QC, "XCHART: Applying Tests for Special Causes": of tests 1 to 5, test 5 at sample 14."""
    means = [
        270, 258, 248, 260, 273, 260, 259, 248, 260, 255, 268, 253, 273, 275, 257, 269, 249, 264,
        258, 248, 248,
    ]  # fmt: skip
    z = (np.array(means) - 259.667) / (13.1028 / math.sqrt(5))
    found = check(z, [R.NELSON_1, R.NELSON_2, R.NELSON_3, R.NELSON_4, R.NELSON_5])
    assert [(one.rule, one.point + 1) for one in found.violations()] == [(R.NELSON_5, 14)]


def test_a_missing_point_ends_a_run_but_not_two_of_three() -> None:
    assert not check([0.1] * 8 + [NAN] + [0.1] * 8, [R.NELSON_2]).marked.any()
    assert [*check([2.5, NAN, 2.5], [R.NELSON_5]).violations()] == [
        Violation(R.NELSON_5, 2, (0, 2))
    ]


def test_a_run_does_not_go_on_from_one_phase_to_the_next() -> None:
    values = [1.0] * 5 + [3.0] * 5
    one = individuals(values, [Phase(0, Baseline(0.0, 1.0))]).location
    two = individuals(values, [Phase(0, Baseline(0.0, 1.0)), Phase(5, Baseline(2.0, 1.0))]).location
    assert check_chart(one, [R.NELSON_2]).marked.tolist() == [False] * 8 + [True] * 2
    assert not check_chart(two, [R.NELSON_2]).marked.any()


def test_points_of_an_earlier_phase_do_not_make_a_violation_of_the_next() -> None:
    standard = Baseline(0.0, 1.0)
    chart = individuals([2.5, 2.5, 2.5], [Phase(0, standard), Phase(1, standard)]).location
    assert [*check_chart(chart, [R.NELSON_5]).violations()] == [Violation(R.NELSON_5, 2, (1, 2))]


def test_a_chart_without_limits_breaks_no_rule() -> None:
    assert not check_chart(individuals([5.0] * 20).location, EVERY).marked.any()


def test_no_rows_and_no_rules_are_no_violations() -> None:
    assert [*check([], EVERY).violations()] == []
    assert [*check([9.0], []).violations()] == []


def test_every_rule_has_a_name_and_an_undisturbed_process_rarely_breaks_one() -> None:
    assert set(RULE_LABELS) == set(Rule)
    z = np.random.default_rng(7).normal(size=100_000)
    shares = {rule: float(flags.mean()) for rule, flags in check(z, EVERY).flags.items()}
    # By the normal distribution: both tails beyond 3σ; 2 · ½⁹ and 2 · ½⁸ for runs on one side,
    # within four standard errors of clustered counts.
    assert shares[R.NELSON_1] == pytest.approx(0.0027, abs=7e-4)
    assert shares[R.NELSON_2] == pytest.approx(2 * 0.5**9, abs=1.5e-3)
    assert shares[R.WESTERN_ELECTRIC_4] == pytest.approx(2 * 0.5**8, abs=2e-3)
    # Six in a row rising or falling: 2 of the 6! orders.
    assert shares[R.NELSON_3] == pytest.approx(2 / 720, abs=1e-3)
    assert shares[R.NELSON_7] == pytest.approx(0.6827**15, abs=1.5e-3)
    assert all(0 < share < 0.01 for share in shares.values())
