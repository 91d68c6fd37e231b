from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.control_charts_subgroups import subgroups, subgroups_by

cells = st.one_of(st.floats(-1e6, 1e6), st.just(np.nan))


@given(st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=8))
def test_a_table_and_a_list_with_keys_give_what_each_row_alone_gives(
    rows: list[list[float]],
) -> None:
    table = np.full((len(rows), 6), np.nan)
    for row, values in enumerate(rows):
        table[row, : len(values)] = values
    found = subgroups(table)
    for row, values in enumerate(rows):
        there = [v for v in values if not np.isnan(v)]
        assert found.sizes[row] == len(there)
        if there:
            assert found.means[row] == pytest.approx(sum(there) / len(there), abs=1e-6)
        else:
            assert np.isnan(found.means[row])
        if len(there) > 1:
            assert found.ranges[row] == max(there) - min(there)
            assert found.deviations[row] == pytest.approx(np.std(there, ddof=1), abs=1e-6)
        else:
            assert np.isnan(found.ranges[row])
            assert np.isnan(found.deviations[row])
    keys = [row for row, values in enumerate(rows) for _ in values]
    listed = subgroups_by([v for values in rows for v in values], keys)
    assert listed.sizes.tolist() == found.sizes.tolist()
    np.testing.assert_array_equal(listed.ranges, found.ranges)


def test_a_key_that_comes_back_is_another_subgroup() -> None:
    assert subgroups_by([1.0, 2.0, 3.0], ["a", "b", "a"]).sizes.tolist() == [1, 1, 1]


def test_no_values_are_no_subgroups() -> None:
    assert len(subgroups_by([], [])) == 0


def test_tables_and_keys_of_another_shape_are_refused() -> None:
    with pytest.raises(Refused, match="1 dimensions"):
        subgroups([1.0, 2.0])
    with pytest.raises(Refused, match="2 values have 1 keys"):
        subgroups_by([1.0, 2.0], [1])
