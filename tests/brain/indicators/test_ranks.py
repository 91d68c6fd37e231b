"""A rank is said with its set."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.indicators.ranks import ranks
from ballast.terms.label import Label

SET = Label("全省各市", "the cities of the province")


@given(st.dictionaries(st.text(), st.none() | st.integers(-3, 3), max_size=30))
def test_the_place_is_one_more_than_those_that_are_better(values: dict[str, int | None]) -> None:
    for first, better in (("highest", int.__gt__), ("lowest", int.__lt__)):
        found = ranks(values, SET, first)  # type: ignore[arg-type]
        some = [v for v in values.values() if v is not None]
        assert found.keys() == values.keys()
        for key, value in values.items():
            rank = found[key]
            assert (rank.of, rank.without) == (len(some), len(values) - len(some))
            if value is None or len(some) == 1:
                assert rank.place is None
                assert rank.reason is not None
            else:
                assert rank.place == 1 + sum(better(other, value) for other in some)
                assert rank.tied == some.count(value) - 1


def test_a_rank_names_its_set_and_from_which_end_it_counts() -> None:
    rank = ranks({"a": Decimal("0.4"), "b": Decimal("0.3")}, SET, "lowest")["b"]
    assert (rank.place, rank.of, rank.within, rank.first) == (1, 2, SET, "lowest")


@pytest.mark.parametrize("hole", [None, float("nan"), float("inf")])
def test_what_has_no_figure_does_not_rank_and_is_counted(hole: float | None) -> None:
    found = ranks({"a": 1, "b": 2, "c": hole}, SET)
    assert found["a"].place == 2
    assert found["a"].without == 1
    assert found["c"].place is None


def test_among_one_there_is_no_rank() -> None:
    rank = ranks({"a": 1, "b": None}, SET)["a"]
    assert rank.place is None
    assert rank.reason is not None
    assert "the cities of the province" in rank.reason.text("en")
    assert "全省各市" in rank.reason.text("zh")
