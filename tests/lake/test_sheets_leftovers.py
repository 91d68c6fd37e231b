"""Totals, notes and blank rows: left out only where they are no data, and said."""

from __future__ import annotations

import polars as pl

from ballast.lake.sheets.grid import Header
from ballast.lake.sheets.leftovers import drop_leftovers

HEADERS = [Header("企业代码", ("企业代码",)), Header("名称", ("名称",)), Header("产值", ("产值",))]


def left(*rows: tuple[str | None, ...]) -> tuple[list[int], list[str]]:
    frame = pl.DataFrame(list(rows), schema={f"c{i}": pl.String for i in range(3)}, orient="row")
    _, kept, notes = drop_leftovers(frame, pl.int_range(2, len(rows) + 2, eager=True), HEADERS)
    return kept.to_list(), [note.text("en") for note in notes]


ROW = ("A1", "甲厂", "1")


def test_a_total_without_a_key_is_left_out_and_said() -> None:
    assert left(ROW, ("合计", None, "1")) == ([2], ["left out as totals: row 3."])
    assert left(ROW, (None, "合　计", "1"))[0] == [2]
    assert left(ROW, ("总 计：", None, "1,234.5"))[0] == [2]
    assert left(ROW, ("Total", "-", "1"))[0] == [2]


def test_a_total_with_a_key_stays_for_the_checks_to_refuse() -> None:
    assert left(ROW, ("371500", "合计", "1")) == ([2, 3], [])


def test_a_total_with_other_words_stays() -> None:
    assert left(ROW, ("合计", "聊城市", "1")) == ([2, 3], [])


def test_an_enterprise_whose_name_contains_the_word_stays() -> None:
    assert left(ROW, (None, "合计科技有限公司", "1")) == ([2, 3], [])


def test_subtotals_between_the_rows_are_left_out_too() -> None:
    assert left(ROW, ("小计", None, "1"), ROW, ("合计", None, "2")) == (
        [2, 4],
        ["left out as totals: row 3, 5."],
    )


def test_notes_below_the_table_are_left_out_with_their_second_lines() -> None:
    rows = (ROW, ("注：1. 快报数", None, None), ("2. 不含个体", None, None))
    assert left(*rows) == ([2], ["left out as notes below the table: row 3, 4."])


def test_a_line_of_signatures_is_left_out() -> None:
    assert left(ROW, ("单位负责人：张三", "统计负责人：李四", "填表人："))[0] == [2]


def test_data_below_a_note_stays() -> None:
    assert left(ROW, ("注：快报数", None, None), ROW)[0] == [2, 4]


def test_a_remark_in_a_row_of_data_is_no_note() -> None:
    assert left(("注：某", "甲厂", "1"))[0] == [2]


def test_a_single_filled_cell_before_any_note_is_data() -> None:
    assert left((None, "甲厂", None), ROW)[0] == [2, 3]


def test_blank_rows_go_without_a_word() -> None:
    assert left(ROW, (None, None, None), ROW) == ([2, 4], [])


def test_of_many_rows_the_note_names_the_first() -> None:
    _, notes = left(*[("合计", None, "1")] * 12)
    assert notes == ["left out as totals: row 2, 3, 4, 5, 6, 7, 8, 9 …."]
