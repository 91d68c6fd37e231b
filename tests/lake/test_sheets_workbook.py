"""Excel workbooks, written by others and read by us."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets import Grid, limits, read_grids, xlsx_package

Fill = Callable[[xlsxwriter.Workbook], None]


def written(path: Path, fill: Fill) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def only(path: Path) -> Grid:
    (grid,) = read_grids(path)
    return grid


def said(grid: Grid) -> list[str]:
    return [note.text("en") for note in grid.notes]


def plain(book: xlsxwriter.Workbook, name: str | None = None) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, ["代码", "产值"])
    sheet.write_row(1, 0, ["A1", 1.5])


def test_numbers_dates_flags_and_errors_arrive_as_text(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, list("abcdefgh"))
        sheet.write_row(1, 0, [371502, 0.1, 1 / 3, 1e-7, 913715000000000000, "001"])
        sheet.write_datetime(1, 6, datetime.fromisoformat("2026-05-31T08:30"), day)
        sheet.write_boolean(1, 7, True)
        for column, text in enumerate(
            ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]
        ):
            sheet.write_formula(2, column, "=1/0", None, text)
        sheet.write_formula(2, 7, "=1+1", None, 2)

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert grid.frame.rows() == [
        (
            *("371502", "0.1", "0.3333333333333333", "0.0000001"),
            *("913715000000000000", "001", "2026-05-31T08:30:00", "true"),
        ),
        ("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "2"),
    ]
    assert grid.rows.to_list() == [2, 3]


def test_a_code_typed_as_a_number_is_damaged_and_left_so(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代码", "产值"])
        sheet.write_row(1, 0, [913715001234567890, 1])

    assert only(written(tmp_path / "a.xlsx", fill)).frame[0, 0] == "913715001234568000"


def test_a_form_with_title_units_levels_total_and_notes(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("5月")
        sheet.merge_range(0, 0, 0, 3, "2026年5月主要指标")
        sheet.write(1, 3, "单位：万元")
        sheet.merge_range(2, 0, 3, 0, "统一社会信用代码")
        sheet.merge_range(2, 1, 2, 2, "营业收入")
        sheet.write_row(3, 1, ["本月", "累计"])
        sheet.merge_range(2, 3, 3, 3, "人数（人）")
        sheet.write_row(4, 0, ["91371500MA3C00001J", 1.5, 3, 20])
        sheet.write_row(6, 0, ["91371500MA3C00002G", 2, 4, 30])
        sheet.write_row(7, 0, ["合  计", 3.5, 7, 50])
        sheet.merge_range(8, 0, 8, 3, "注：快报数，未经核实")

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert grid.sheet == "5月"
    assert [h.path for h in grid.headers] == [
        ("统一社会信用代码",),
        ("营业收入", "本月"),
        ("营业收入", "累计"),
        ("人数（人）",),
    ]
    assert [u.name for u in grid.headers[1].sheet_units] == ["1e4_cny"]
    assert grid.headers[3].unit is not None
    assert grid.rows.to_list() == [5, 7]
    assert grid.frame.columns == ["c0", "c1", "c2", "c3"]
    assert said(grid) == [
        "figures whose header names no unit are taken in 万元, as the sheet says.",
        "left out as totals: row 8.",
        "left out as notes below the table: row 9.",
    ]


def test_a_table_that_does_not_begin_at_the_corner(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(4, 3, 4, 4, "企业")
        sheet.write_row(5, 3, ["代码", "名称"])
        sheet.merge_range(4, 5, 5, 5, "产值")
        sheet.write_row(6, 3, ["A1", "甲厂"])
        sheet.write_formula(6, 5, "=1/0", None, "#DIV/0!")

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert ["/".join(h.path) for h in grid.headers] == ["企业/代码", "企业/名称", "产值"]
    assert grid.frame.rows() == [("A1", "甲厂", "#DIV/0!")]
    assert grid.rows.to_list() == [7]


def test_a_table_far_below_the_first_row(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(99, 0, 99, 2, "单位：亿元")
        sheet.merge_range(100, 0, 101, 0, "代码")
        sheet.merge_range(100, 1, 100, 2, "产值")
        sheet.write_row(101, 1, ["本月", "累计"])
        sheet.write_row(102, 0, ["甲", 1, 2])
        sheet.write_row(103, 0, ["A1", 1, 2])

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert ["/".join(h.path) for h in grid.headers] == ["代码", "产值/本月", "产值/累计"]
    assert grid.rows.to_list() == [104]
    assert said(grid)[0] == "row 103 numbers the columns and was left out."


def test_text_merged_down_holds_for_every_row_and_a_number_for_the_first(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["地区", "投资", "企业"])
        sheet.merge_range(1, 0, 3, 0, "东昌府区")
        sheet.merge_range(1, 1, 3, 1, 100)
        sheet.write_column(1, 2, ["甲厂", "乙厂", "丙厂"])

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert grid.frame["c0"].to_list() == ["东昌府区"] * 3
    assert grid.frame["c1"].to_list() == ["100", None, None]
    assert said(grid) == ["merged cells filled downwards: 2 cells of text."]


def test_every_data_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        plain(book, "1月")
        plain(book, "2月")
        book.add_worksheet("空")
        plain(book, "填表说明")
        plain(book, "旧")
        book.get_worksheet_by_name("旧").hide()

    path = written(tmp_path / "a.xlsx", fill)
    grids = read_grids(path)
    assert [grid.sheet for grid in grids] == ["1月", "2月"]
    assert said(grids[0]) == [
        "sheet 填表说明 holds explanations: not read.",
        "sheet 旧 is hidden: not read.",
    ]
    assert [grid.sheet for grid in read_grids(path, sheet="旧")] == ["旧"]
    with pytest.raises(WrongUsage, match="there is no sheet 3月; there are: 1月, 2月, 空"):
        read_grids(path, sheet="3月")


def test_a_column_without_a_header_is_left_out_and_said(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "", "d"])
        sheet.write_row(1, 0, ["x", 1, 2, 3])

    grid = only(written(tmp_path / "a.xlsx", fill))
    assert grid.frame.rows() == [("x", "1", "3")]
    assert said(grid) == ["left out, because it has no header: column C."]


def test_more_rows_than_one_batch(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代码", "产值"])
        for row in range(1, 60_001):
            sheet.write_row(row, 0, [f"A{row}", row])
    grid = only(path)
    assert grid.frame.height == 60_000
    assert (grid.frame["c0"].str.strip_prefix("A") == grid.frame["c1"]).all()
    assert (grid.rows - 1 == grid.frame["c1"].cast(int)).all()


@pytest.mark.parametrize("rows", [[], [["代码", "产值"]], [["标题"]]])
def test_a_workbook_without_rows_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    with pytest.raises(UnreadableFile, match=r"no sheet holds a table|headers but no rows"):
        read_grids(written(tmp_path / "a.xlsx", fill))


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", plain)
    whole = path.read_bytes()
    for length in (10, 500, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(UnreadableFile, match="cut off or damaged"):
            read_grids(path)


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Write a workbook anew with one part changed, as a zip that is whole."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    found = [name for name in parts if re.search(part, name)]
    assert found, part
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in parts.items():
            new.writestr(name, change(body) if name in found else body)
    return path


def test_a_claim_of_more_strings_than_there_are_is_refused(tmp_path: Path) -> None:
    path = changed(
        written(tmp_path / "a.xlsx", plain),
        "sharedStrings",
        lambda body: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', body),
    )
    with pytest.raises(UnreadableFile, match="damaged"):
        read_grids(path)


@pytest.mark.parametrize(
    "reference", [b'r="XFD1048576"', b'r="B99999999"', b"r='XFD1048576'", b'r = "XFD1048576"']
)
def test_a_stray_cell_far_away_is_refused_before_memory_is_asked_for(
    tmp_path: Path, reference: bytes
) -> None:
    path = changed(
        written(tmp_path / "a.xlsx", plain),
        "sheet1",
        lambda body: body.replace(b'r="B2"', reference),
    )
    with pytest.raises(UnreadableFile, match="delete stray cells"):
        read_grids(path)


def test_styled_cells_without_a_value_do_not_count(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        plain(book)
        book.worksheets()[0].write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    assert only(written(tmp_path / "a.xlsx", fill)).frame.height == 1


@pytest.mark.parametrize("limit", [100, 769_230, 999_999, 1_048_576])
def test_the_pattern_for_far_rows_begins_where_it_says(limit: int) -> None:
    pattern = re.compile(xlsx_package._at_least(limit))
    for row in (1, 9, limit - 1, limit, limit + 1, limit * 10, 10**9):
        assert bool(pattern.search(f'<c r="AB{row}" s="1">'.encode())) == (row >= limit), row


def test_the_span_of_many_small_sheets_is_added_up_exactly(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for _ in range(4):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["代码", "产值"])
            sheet.write_row(30_000, 0, ["A1", 1.5])

    assert len(read_grids(written(tmp_path / "a.xlsx", fill))) == 4


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = changed(
        written(tmp_path / "a.xlsx", plain),
        "sheet1",
        lambda body: body.replace(b"<sheetData>", b"<sheetData>" + b" " * (80 * limits.MIB)),
    )
    with pytest.raises(UnreadableFile, match="unpacks to 80 MB"):
        read_grids(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnreadableFile, match="is a zip file but not an Excel workbook"):
        read_grids(path)


def test_a_workbook_of_openpyxl_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["代码", "日期", "产值"])
    book.active.append(["001", date(2026, 5, 1), 2])
    book.save(tmp_path / "a.xlsx")
    assert only(tmp_path / "a.xlsx").frame.rows() == [("001", "2026-05-01", "2")]


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表1")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    sheet.write_merge(0, 0, 0, 3, "2026年5月")
    sheet.write_merge(1, 1, 1, 2, "产值")
    sheet.write_merge(1, 2, 0, 0, "代码")
    sheet.write_merge(1, 2, 3, 3, "日期")
    sheet.write(2, 1, "本月")
    sheet.write(2, 2, "累计")
    for column, value in enumerate(["A1", 371502, 0.1]):
        sheet.write(3, column, value)
    sheet.write(3, 3, date(2026, 5, 31), day)
    sheet.row(4).set_cell_text(0, "A2")
    sheet.row(4).set_cell_error(1, 0x07)
    book.add_sheet("空")
    book.save(str(tmp_path / "a.xls"))
    grid = only(tmp_path / "a.xls")
    assert ["/".join(h.path) for h in grid.headers] == ["代码", "产值/本月", "产值/累计", "日期"]
    assert grid.frame.rows() == [
        ("A1", "371502", "0.1", "2026-05-31"),
        ("A2", "#DIV/0!", None, None),
    ]
    assert grid.rows.to_list() == [4, 5]
    with pytest.raises(WrongUsage, match="there are: 表1, 空"):
        read_grids(tmp_path / "a.xls", sheet="2")


def old(path: Path) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row in range(3):
        sheet.write(row, 0, f"x{row}")
        sheet.write(row, 1, row)
    book.save(str(path))
    return path.read_bytes()


def test_a_damaged_old_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    whole = old(path)
    for damaged in (whole[:600], whole[:700] + b"\xff" * 400 + whole[1100:]):
        path.write_bytes(damaged)
        with pytest.raises(UnreadableFile, match="cut off or damaged"):
            read_grids(path)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_a_workbook_with_an_encrypted_package_is_locked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(old(tmp_path / "b.xls") + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(UnreadableFile, match="locked by a password"):
        read_grids(path)


def test_an_old_workbook_with_filepass_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    whole = bytearray(old(path))
    start = whole.index(b"\x09\x08\x10\x00\x00\x06")
    after = start + 4 + int.from_bytes(whole[start + 2 : start + 4], "little")
    whole[after : after + 2] = b"\x2f\x00"  # the record behind BOF becomes FILEPASS
    path.write_bytes(bytes(whole))
    with pytest.raises(UnreadableFile, match="locked by a password"):
        read_grids(path)
