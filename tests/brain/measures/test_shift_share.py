"""Shift–share: the parts sum to the change, whatever the data; new industries, and what is NULL."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.measures.shift_share import shift_share, summed

COLUMNS = {"start": "e0", "end": "e1", "peer_start": "n0", "peer_end": "n1"}
_amounts = st.floats(0, 1e6).map(lambda amount: round(amount, 3))
_cells = st.lists(
    st.tuples(_amounts, _amounts, st.floats(1, 1e6), _amounts), min_size=1, max_size=8
)


def _table(table: Any, cells: Any) -> Any:
    e0, e1, n0, n1 = (list(column) for column in zip(*cells, strict=True))
    names = [f"i{number}" for number in range(len(cells))]
    return table(
        {"region": ["r"] * len(cells), "industry": names, "e0": e0, "e1": e1, "n0": n0, "n1": n1}
    )


@given(_cells)
@settings(deadline=None, max_examples=40)
def test_the_parts_of_every_industry_and_of_the_region_sum_to_the_change(
    table: Any, rows: Any, cells: Any
) -> None:
    parts = shift_share(_table(table, cells), **COLUMNS)
    for row in rows(parts):
        scale = max(1.0, row["e0"], row["e1"], abs(row["industry_mix"]), abs(row["national"]))
        classic = row["national"] + row["industry_mix"] + row["competitive_shift"] + row["entered"]
        assert classic == pytest.approx(row["change"], abs=1e-9 * scale)
        both = row["competitive"] + row["allocation"]
        parts_scale = max(scale, abs(row["competitive"]))
        assert both == pytest.approx(row["competitive_shift"], abs=1e-9 * parts_scale)
    [whole] = rows(summed(parts, ["region"]))
    change = sum(cell[1] - cell[0] for cell in cells)
    assert whole["change"] == pytest.approx(change, abs=1e-6 + 1e-9 * abs(change))


def test_a_region_that_is_its_peer_in_small_grows_by_the_national_part_alone(
    table: Any, rows: Any
) -> None:
    cells = [(1.0, 1.2, 10.0, 12.0), (3.0, 3.6, 30.0, 36.0)]
    [whole] = rows(summed(shift_share(_table(table, cells), **COLUMNS), ["region"]))
    assert whole["national"] == pytest.approx(0.8)
    for part in ("industry_mix", "competitive", "allocation", "entered"):
        assert whole[part] == pytest.approx(0, abs=1e-12)


def test_an_industry_that_is_new_here_is_a_part_of_its_own(table: Any, rows: Any) -> None:
    parts = rows(shift_share(_table(table, [(0.0, 7.0, 10.0, 5.0)]), **COLUMNS))
    assert parts[0]["entered"] == parts[0]["change"] == 7
    assert parts[0]["national"] == parts[0]["competitive"] == parts[0]["allocation"] == 0


def test_an_industry_that_left_takes_all_it_had(table: Any, rows: Any) -> None:
    """By hand: g = −1, G = G_i = 0."""
    parts = rows(shift_share(_table(table, [(5.0, 0.0, 10.0, 10.0)]), **COLUMNS))
    assert parts[0]["competitive_shift"] == parts[0]["change"] == -5


@pytest.mark.parametrize("cell", [(1.0, 2.0, 0.0, 3.0), (1.0, None, 4.0, 3.0)])
def test_what_has_no_growth_rate_is_null_and_so_is_a_sum_with_it(
    table: Any, rows: Any, cell: Any
) -> None:
    parts = shift_share(_table(table, [cell, (1.0, 2.0, 3.0, 4.0)]), **COLUMNS)
    assert rows(parts, "industry")[0]["competitive_shift"] is None
    [whole] = rows(summed(parts, ["region"]))
    assert whole["undefined"] == 1
    assert whole["competitive_shift"] is None


def test_the_dynamic_form_sums_over_the_years(table: Any, rows: Any) -> None:
    years = table(
        {
            "region": ["r"] * 4,
            "year": [2023, 2023, 2024, 2024],
            "industry": ["a", "b"] * 2,
            "e0": [10.0, 30.0, 15.0, 30.0],
            "e1": [15.0, 30.0, 15.0, 33.0],
            "n0": [100.0, 100.0, 130.0, 90.0],
            "n1": [130.0, 90.0, 130.0, 99.0],
        }
    )
    parts = shift_share(years, **COLUMNS, within=["region", "year"])
    [whole] = rows(summed(parts, ["region"]))
    assert whole["change"] == 8
    assert whole["national"] == pytest.approx(40 * 0.1 + 45 * (229 / 220 - 1))
    total = whole["national"] + whole["industry_mix"] + whole["competitive_shift"]
    assert total == pytest.approx(8)
