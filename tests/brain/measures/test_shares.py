from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures import shares


def test_rows_of_one_part_are_added_first(table: Any, rows: Any) -> None:
    t = table({"region": ["a", "a", "a"], "industry": ["x", "x", "y"], "n": [1, 2, 1]})
    found = rows(shares(t, value="n", of=["industry"], within=["region"]), "industry")
    assert [r["share"] for r in found] == [0.75, 0.25]


def test_the_share_of_an_unknown_part_is_unknown_and_the_others_share_the_rest(
    table: Any, rows: Any
) -> None:
    t = table({"industry": ["x", "y", "z"], "n": [3, None, 1]})
    found = rows(shares(t, value="n", of=["industry"]), "industry")
    assert [r["share"] for r in found] == [0.75, None, 0.25]


def test_a_whole_of_zero_has_no_shares(table: Any, rows: Any) -> None:
    t = table({"industry": ["x", "y"], "n": [0, 0]})
    assert [r["share"] for r in rows(shares(t, value="n", of=["industry"]))] == [None, None]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(lambda v: sum(v) > 0))
def test_shares_of_a_whole_add_up_to_one(table: Any, rows: Any, values: Any) -> None:
    t = table({"industry": [str(i) for i in range(len(values))], "n": values})
    found = rows(shares(t, value="n", of=["industry"]))
    assert sum(r["share"] for r in found) == pytest.approx(1, rel=1e-12)
