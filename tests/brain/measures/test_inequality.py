from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures import gini, hoover

PAIRS = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1, max_size=25
).filter(lambda pairs: sum(v for v, _ in pairs) > 0)


def test_hoovers_curve_of_the_textbook_example(table: Any, rows: Any) -> None:
    # jobs against people as in EconGeo's documentation of Hoover.curve: "30 % of the
    # population produces 50 % of the industrial output".
    t = table({"jobs": [0, 10, 10, 30, 50], "people": [10, 15, 20, 25, 30]})
    [index] = rows(hoover(t, value="jobs", weight="people"))
    # |0-.1| + |.1-.15| + |.1-.2| + |.3-.25| + |.5-.3| = 0.5
    assert index["hoover"] == pytest.approx(0.25, rel=1e-12)
    [curve] = rows(gini(t, value="jobs", weight="people"))
    # In order of jobs per person the curve is (0,0) (.1,0) (.3,.1) (.45,.2) (.7,.5) (1,1).
    area = 0.2 * 0.1 / 2 + 0.15 * 0.3 / 2 + 0.25 * 0.7 / 2 + 0.3 * 1.5 / 2
    assert curve["gini"] == pytest.approx(1 - 2 * area, rel=1e-12)


@settings(deadline=None, max_examples=30)
@given(PAIRS)
def test_gini_is_the_mean_absolute_difference_of_ratios_over_twice_the_mean(
    table: Any, rows: Any, pairs: Any
) -> None:
    t = table({"v": [v for v, _ in pairs], "w": [w for _, w in pairs]})
    [row] = rows(gini(t, value="v", weight="w"))
    v, w = np.array(pairs, dtype=float).T
    p, q = v / v.sum(), w / w.sum()
    differences = np.abs(p[:, None] * q[None, :] - p[None, :] * q[:, None]).sum() / 2
    assert row["gini"] == pytest.approx(differences, abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(PAIRS)
def test_hoover_never_exceeds_gini_and_both_lie_between_zero_and_one(
    table: Any, rows: Any, pairs: Any
) -> None:
    t = table({"v": [v for v, _ in pairs], "w": [w for _, w in pairs]})
    [h] = rows(hoover(t, value="v", weight="w"))
    [g] = rows(gini(t, value="v", weight="w"))
    assert -1e-12 <= h["hoover"] <= g["gini"] + 1e-12
    assert g["gini"] <= 1 + 1e-12


def test_all_in_one_of_n_is_one_minus_one_nth(table: Any, rows: Any) -> None:
    t = table({"n": [0, 0, 0, 5]})
    assert rows(gini(t, value="n"))[0]["gini"] == pytest.approx(0.75)
    assert rows(hoover(t, value="n"))[0]["hoover"] == pytest.approx(0.75)


def test_groups_are_kept_apart(table: Any, rows: Any) -> None:
    t = table({"g": ["a", "a", "b", "b"], "n": [1, 1, 0, 3]})
    assert [r["gini"] for r in rows(gini(t, value="n", within=["g"]), "g")] == [0.0, 0.5]


def test_a_value_where_nothing_weighs_is_as_concentrated_as_can_be(table: Any, rows: Any) -> None:
    t = table({"v": [0, 7], "w": [1, 0]})
    assert rows(gini(t, value="v", weight="w")) == [{"units": 2, "gini": 1.0}]
    assert rows(hoover(t, value="v", weight="w")) == [{"units": 2, "hoover": 1.0}]


def test_nothing_has_no_inequality_that_could_be_told(table: Any, rows: Any) -> None:
    t = table({"n": [0, 0]})
    assert rows(gini(t, value="n"))[0]["gini"] is None
    assert rows(hoover(t, value="n"))[0]["hoover"] is None
