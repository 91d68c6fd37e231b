from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.sample.synthetic import SOURCE, decimals, stream, typed
from ballast.words.marks import SYNTHETIC


def test_the_mark_is_said_in_both_languages() -> None:
    assert (SYNTHETIC.text("zh"), SYNTHETIC.text("en")) == ("合成样例", "synthetic sample")
    assert SYNTHETIC.zh in SOURCE


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=30))
def test_decimals_are_exact_to_the_fourth_place(units: list[int]) -> None:
    # 1e14 ten-thousandths are below 2**53, so the float holds them to the last place.
    series = decimals(np.array(units, dtype=np.float64) / 10_000)
    assert series.dtype == pl.Decimal(24, 4)
    assert series.to_list() == [Decimal(unit).scaleb(-4) for unit in units]


def test_what_is_not_known_becomes_null_at_its_place() -> None:
    found = decimals(np.array([1.5, np.nan, -0.25, np.nan, 3.0]))
    assert found.to_list() == [Decimal("1.5"), None, Decimal("-0.25"), None, Decimal(3)]


def test_a_column_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(KeyError, match="no column nonsense"):
        typed("ranking", {"nonsense": [1]})


def test_a_single_value_fills_its_column() -> None:
    frame = typed("ranking", {"publisher": "x", "year": [2024, 2025], "place": np.array([1, 2])})
    assert frame["publisher"].to_list() == ["x", "x"]
    assert frame["list"].null_count() == 2
    assert frame["year"].dtype == pl.Int32()


def test_every_part_draws_from_a_stream_of_its_own() -> None:
    first, second = stream(1, "trade").random(4), stream(1, "titles").random(4)
    assert not np.array_equal(first, second)
    assert np.array_equal(first, stream(1, "trade").random(4))
