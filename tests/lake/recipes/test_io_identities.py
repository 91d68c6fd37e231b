"""The accounting identities: each is checked, and says where and by how much it is broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lake.recipes.small_table import SMALL, figures, read

from ballast.errors import BrokenIdentity
from ballast.lake.recipes.china_io import CHINA_IO
from ballast.lake.recipes.io_identities import IDENTITIES, check_identities, relative_error
from ballast.lake.recipes.io_layout import read_table
from ballast.words import explain

# An altered cell, and the first identity that it breaks: sector or total, and formula.
BROKEN = [
    ("split", ("02", "sector_03", "domestic"), "02 工业 (domestic)", "total_intermediate_use"),
    ("split", ("03", "sector_01", "imported"), "03 服务业 (imported)", "total_intermediate_use"),
    ("split", ("TII", "sector_02", "all"), "02 工业", "Σ rows = TII"),
    ("split", ("TII", "exports", "all"), "exports_1e4_cny", "Σ rows = TII"),
    ("split", ("VA003", "sector_01", "all"), "01 农业", "VA001 + VA002 + VA003 + VA004 = TVA"),
    ("split", ("TI", "sector_03", "all"), "03 服务业", "TII + TVA = TI"),
    ("split", ("VA001", "total_intermediate_use", "all"), "VA001", "Σ sector_* = total_inter"),
    ("split", ("02", "exports", "imported"), "exports_1e4_cny", "Σ rows = TII"),
    ("split", ("02", "gross_output_or_total_imports", "domestic"), "gross_output_or", "Σ rows"),
    ("competitive", ("01", "rural_household_consumption", "all"), "rural_household", "Σ rows"),
    ("competitive", ("01", "imports", "all"), "imports_1e4_cny", "Σ rows = TII"),
]


@pytest.mark.parametrize(("kind", "cell", "place", "formula"), BROKEN)
def test_a_broken_identity_names_place_formula_and_difference(
    kind: str, cell: tuple[str, str, str], place: str, formula: str, tmp_path: Path
) -> None:
    table = SMALL[kind]
    with pytest.raises(BrokenIdentity) as caught:
        read(table.added(table.place(*cell), 2.5), tmp_path)
    said = str(caught.value)
    assert said.startswith(f"small_2020, {place}")
    assert formula in said
    assert "a difference of 2.5000 (" in said or "a difference of -2.5000 (" in said
    assert "恒等式不成立" in explain(caught.value, "zh")
    assert "万元" in explain(caught.value, "zh")


# Two cells changed so that only the identity of the sector itself can notice.
HIDDEN = [
    ("competitive", "rural_household_consumption", "rural_household_consumption + urban"),
    ("competitive", "government_consumption", "household_consumption + government"),
    ("competitive", "gross_capital_formation", "gross_fixed_capital_formation + inventory"),
    ("competitive", "exports", "exports = total_final_use"),
    ("competitive", "imports", "total_final_use − imports = gross_output"),
    ("split", "exports", "exports = total_final_use"),
    ("split", "gross_output_or_total_imports", "gross_output_or_total_imports"),
]


@pytest.mark.parametrize(("kind", "column", "formula"), HIDDEN)
def test_a_shift_between_two_sectors_is_found_although_the_totals_hold(
    kind: str, column: str, formula: str, tmp_path: Path
) -> None:
    table, origin = SMALL[kind], "all" if kind == "competitive" else "domestic"
    shifted = table.added(table.place("01", column, origin), 2.5)
    shifted = shifted.added(table.place("02", column, origin), -2.5)
    with pytest.raises(BrokenIdentity) as caught:
        read(shifted, tmp_path)
    said = str(caught.value)
    assert said.startswith("small_2020, 01 农业")
    assert formula in said
    assert "02 工业" in said


@given(
    kind=st.sampled_from(list(SMALL)),
    data=st.data(),
    amount=st.floats(min_value=1e-3, max_value=1e6) | st.floats(min_value=-1e6, max_value=-1e-3),
)
def test_any_single_altered_figure_is_caught(
    kind: str, data: st.DataObject, amount: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = SMALL[kind]
    place = data.draw(st.sampled_from(figures(table)))
    path = table.added(place, amount).written(tmp_path_factory.mktemp("io") / "small_2020.csv")
    assert check_identities(read_table(path, "small").numbers)
    with pytest.raises(BrokenIdentity, match="small_2020, "):
        CHINA_IO.read([path], {})


def test_every_identity_is_broken_by_some_single_cell(tmp_path: Path) -> None:
    found = set()
    for table in SMALL.values():
        for place in figures(table):
            path = table.added(place, 1).written(tmp_path / "x.csv")
            found |= {b.identity for b in check_identities(read_table(path, "x").numbers)}
    assert found == set(IDENTITIES)


def test_the_relative_error_is_to_the_larger_amount_and_absolute_below_one() -> None:
    left, right = np.array([0.0, 2.0, -4.0, 0.25]), np.array([0.0, -2.0, -2.0, 0.0])
    np.testing.assert_array_equal(relative_error(left, right), [0, 2, 0.5, 0.25])
