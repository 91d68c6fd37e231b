"""Where headers end and data begin, on the shapes that forms have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from ballast.lake.sheets.cells import Cell
from ballast.lake.sheets.header_block import HeaderBlock, Range, find_headers

Rows = Sequence[Sequence[Cell]]


def block_of(rows: Rows, merges: Sequence[Range] = ()) -> HeaderBlock:
    width = max(map(len, rows))
    found = find_headers([[*row, *[""] * (width - len(row))] for row in rows], merges)
    assert found is not None
    return found


def texts(block: HeaderBlock) -> list[str]:
    return [header.text for header in block.headers]


def paths(block: HeaderBlock) -> list[str]:
    return ["/".join(header.path) for header in block.headers]


def test_a_plain_table_begins_in_the_second_row() -> None:
    block = block_of([["代码", "名称", "产值"], [371502, "甲厂", 1.5]])
    assert (block.first_data, texts(block), block.notes) == (1, ["代码", "名称", "产值"], ())


def test_a_title_and_a_line_of_units_are_above_the_table() -> None:
    rows: Rows = [
        ["2026年5月规上工业企业主要指标"],
        [""],
        ["填报单位：某局", "", "", "单位：万元、人"],
        ["代码", "名称", "产值", "人数"],
        ["91371500MA3C00001J", "甲厂", 1.5, 20],
    ]
    block = block_of(rows, [((0, 0), (0, 3))])
    assert block.first_data == 4
    assert texts(block) == ["代码", "名称", "产值", "人数"]
    assert [u.name for u in block.headers[2].sheet_units] == ["1e4_cny", "persons"]
    assert [note.text("en") for note in block.notes] == [
        "figures whose header names no unit are taken in 万元、人, as the sheet says."
    ]


def test_a_line_with_form_number_and_date_is_above_the_table() -> None:
    rows: Rows = [
        ["表号：B204-1表", "", "2026年5月", "", "制定机关：国家统计局", ""],
        ["代码", "名称", "a", "b", "c", "d"],
        ["1", "x", 1, 2, 3, 4],
    ]
    assert block_of(rows).first_data == 2


def test_headers_of_two_levels_with_merged_cells() -> None:
    rows: Rows = [
        ["企业", "营业收入（万元）", "", "利润"],
        ["", "本月", "累计", ""],
        ["甲厂", 1.0, 2.0, 3.0],
    ]
    merges: list[Range] = [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3))]
    block = block_of(rows, merges)
    assert block.first_data == 2
    assert paths(block) == ["企业", "营业收入（万元）/本月", "营业收入（万元）/累计", "利润"]
    assert [h.unit.name if h.unit else None for h in block.headers] == [
        None,
        "1e4_cny",
        "1e4_cny",
        None,
    ]


def test_headers_of_three_levels() -> None:
    rows: Rows = [
        ["企业", "指标", "", "", ""],
        ["", "收入", "", "利润", ""],
        ["", "本月", "累计", "本月", "累计"],
        ["甲厂", 1.0, 2.0, 3.0, 4.0],
    ]
    merges: list[Range] = [
        ((0, 0), (2, 0)),
        ((0, 1), (0, 4)),
        ((1, 1), (1, 2)),
        ((1, 3), (1, 4)),
    ]
    block = block_of(rows, merges)
    assert block.first_data == 3
    assert paths(block)[1:] == [
        "指标/收入/本月",
        "指标/收入/累计",
        "指标/利润/本月",
        "指标/利润/累计",
    ]


def test_two_levels_without_merged_cells() -> None:
    rows: Rows = [
        ["企业", "营业收入", "", "利润", ""],
        ["", "本月", "累计", "本月", "累计"],
        ["甲厂", 1.0, 2.0, 3.0, 4.0],
    ]
    block = block_of(rows)
    assert block.first_data == 2
    assert paths(block) == ["企业", "营业收入/本月", "营业收入/累计", "利润/本月", "利润/累计"]


def test_a_first_row_of_words_is_not_taken_for_headers() -> None:
    rows: Rows = [["集群", "名称", "龙头"], ["轴承", "轴承集群", "甲厂"], ["阀门", "阀门集群", ""]]
    assert block_of(rows).first_data == 1


def test_a_first_row_of_words_below_merged_headers_is_not_taken_for_headers() -> None:
    rows: Rows = [["集群", "备注", ""], ["轴承", "甲", "乙"], ["阀门", "丙", "丁"]]
    assert block_of(rows, [((0, 1), (0, 2))]).first_data == 1


def test_a_row_with_a_gap_above_it_is_not_taken_for_headers() -> None:
    rows: Rows = [["集群", "名称", ""], ["轴承", "轴承集群", "见附件"]]
    assert block_of(rows).first_data == 1


def test_a_row_of_units_gives_the_units() -> None:
    rows: Rows = [
        ["企业", "产值", "人数", "比重"],
        ["—", "亿元", "人", "%"],
        ["甲厂", 1.0, 2.0, 3.0],
    ]
    block = block_of(rows)
    assert block.first_data == 2
    assert [h.unit.name if h.unit else None for h in block.headers] == [
        None,
        "1e8_cny",
        "persons",
        "percent",
    ]


@pytest.mark.parametrize("numbers", [["甲", "乙", "1", "2"], ["甲", "乙", 1.0, 2.0]])
def test_a_row_that_numbers_the_columns_is_left_out_and_said(numbers: list[Cell]) -> None:
    block = block_of([["代码", "名称", "产值", "利润"], numbers, ["A1", "甲厂", 5.0, 6.0]])
    assert block.first_data == 2
    assert [n.text("en") for n in block.notes] == ["row 2 numbers the columns and was left out."]


def test_a_row_of_figures_in_order_is_data() -> None:
    assert block_of([["a", "b", "c"], [1.0, 2.0, 3.0]]).first_data == 1


def test_years_may_be_headers() -> None:
    block = block_of([["地区", "2024", "2025"], ["聊城", 1.0, 2.0]])
    assert (block.first_data, texts(block)) == (1, ["地区", "2024", "2025"])


def test_blank_rows_above_do_not_count() -> None:
    assert block_of([["", ""], ["", ""], ["a", "b"], [1.0, 2.0]]).first_data == 3


def test_a_header_with_a_line_break_is_one_line() -> None:
    assert texts(block_of([["营业收入\n（万元）", "b"], [1.0, 2.0]])) == ["营业收入", "b"]


def test_a_single_column_has_no_title() -> None:
    assert block_of([["代码"], ["A1"], ["A2"]]).first_data == 1


def test_dates_begin_the_data() -> None:
    assert block_of([["日期", "名称"], [date(2026, 5, 1), "甲"]]).first_data == 1


def test_an_empty_sheet_has_no_headers() -> None:
    assert find_headers([["", None], [" ", ""]], []) is None


def test_a_merged_range_far_outside_does_no_harm() -> None:
    merges: list[Range] = [((0, 0), (1_048_575, 16_383)), ((70, 90), (80, 99))]
    assert block_of([["a", "b"], [1.0, 2.0]], merges).first_data >= 1
