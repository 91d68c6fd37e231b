"""The layout of an input–output table: what is not in it is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lake.recipes.small_table import SMALL, SmallTable, read

from ballast.errors import RefusedRows, UnreadableFile, WrongColumns
from ballast.lake.recipes.china_io import CHINA_IO


def test_rows_in_another_order_give_the_same_table(tmp_path: Path) -> None:
    table = SMALL["split"]
    turned = SmallTable(table.header, table.rows[::-1])
    straight = read(table, tmp_path).frames
    for name, frame in read(turned, tmp_path).frames.items():
        assert frame.equals(straight[name])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (SMALL["split"].without_row("02", "imported"), r"1 row\(s\) are missing: 02 \(interm"),
        (SMALL["split"].without_row("VA002"), r"1 row\(s\) are missing: VA002 \(value_added"),
        (SMALL["split"].without_row("TII"), r"are missing: TII"),
        (SMALL["split"].without_column("sector_02"), "intermediate domestic 02 is not a row"),
    ],
)
def test_missing_sectors_and_rows_are_named(table: SmallTable, said: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedRows, match=said):
        read(table, tmp_path)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("exports", "missing: exports_1e4_cny; unknown: —"),
        ("gross_output_or_total_imports", "missing: imports_1e4_cny, gross_output_1e4_cny"),
    ],
)
def test_missing_columns_are_named(column: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongColumns, match=said):
        read(SMALL["split"].without_column(column), tmp_path)


@pytest.mark.parametrize("extra", ["statistical_error_1e4_cny", "sector_02", "comment"])
def test_an_extra_column_is_refused(extra: str, tmp_path: Path) -> None:
    table = SMALL["split"]
    wider = SmallTable([*table.header, extra], [[*row, "0"] for row in table.rows])
    with pytest.raises(WrongColumns, match=f"missing: —; unknown: {extra}"):
        read(wider, tmp_path)


def test_a_table_without_sector_columns_is_refused(tmp_path: Path) -> None:
    table = SMALL["split"]
    for code in ("01", "02", "03"):
        table = table.without_column(f"sector_{code}")
    with pytest.raises(WrongColumns, match="there is no sector column"):
        read(table, tmp_path)


def test_a_row_that_comes_twice_is_refused(tmp_path: Path) -> None:
    table = SMALL["split"]
    with pytest.raises(RefusedRows, match="row 15: domestic 01 stands in the file a second time"):
        read(SmallTable(table.header, [*table.rows, table.rows[0]]), tmp_path)


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        (("01", "sector_02", "domestic"), "n/a", "row 2, column sector_02_1e4_cny: 'n/a' is not"),
        (("01", "sector_02", "domestic"), "", "row 2, column sector_02_1e4_cny: the cell is emp"),
        (("01", "exports", "domestic"), "", "row 2, column exports_1e4_cny: the cell is empty"),
        (("TII", "exports", "all"), "", "row 8, column exports_1e4_cny: the cell is empty"),
        (("TVA", "exports", "all"), "3", "row 13, column exports_1e4_cny: TVA has no final use"),
        (("01", "row_kind", "domestic"), "intermediat", "row 2: intermediat domestic 01 is not"),
        (("01", "origin", "domestic"), "all", "row 2: intermediate all 01 is not a row"),
        (
            ("02", "row_name_zh", "imported"),
            "其他",
            "row 6: sector 02 is called 其他 here and 工业",
        ),
        (("02", "row_name_zh", "domestic"), "", "row 3, column row_name_zh: the cell is empty"),
    ],
)
def test_a_cell_that_cannot_be_right_is_named(
    cell: tuple[str, str, str], text: str, said: str, tmp_path: Path
) -> None:
    table = SMALL["split"]
    with pytest.raises(RefusedRows, match=said):
        read(table.with_cell(table.place(*cell), text), tmp_path)


def test_a_zero_may_stand_where_nothing_belongs(tmp_path: Path) -> None:
    table = SMALL["split"]
    assert read(table.with_cell(table.place("TI", "exports"), "0"), tmp_path).frames


def test_a_file_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = SMALL["split"].written(tmp_path / "small_2020.csv")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"TII") + 60])
    with pytest.raises((RefusedRows, UnreadableFile), match=r"small_2020\.csv"):
        CHINA_IO.read([path], {})
