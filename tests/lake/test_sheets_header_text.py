"""One header cell: its name, its unit."""

from __future__ import annotations

import pytest

from ballast.lake.sheets.header_text import (
    is_unit_like,
    make_header,
    normal,
    numbered,
    split_unit,
    unit_lines,
)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("营业收入（亿元）", "营业收入", "1e8_cny"),
        ("营业收入(万元)", "营业收入", "1e4_cny"),
        ("营业收入 (万元) *", "营业收入", "1e4_cny"),
        ("营业收入【千元】", "营业收入", "1e3_cny"),
        ("营业收入〔千元〕", "营业收入", "1e3_cny"),
        ("利润总额/千元", "利润总额", "1e3_cny"),
        ("利润总额／千元", "利润总额", "1e3_cny"),
        ("金额（单位：万元）", "金额", "1e4_cny"),
        ("金额 单位：万元", "金额", "1e4_cny"),
        ("产值，计量单位：亿元", "产值", "1e8_cny"),
        ("工业总产值（万元、当年价格）", "工业总产值", "1e4_cny"),
        ("同比增长（%）", "同比增长", "percent"),
        ("同比增长％", "同比增长", "percent"),
        ("revenue (10,000 CNY)", "revenue", "1e4_cny"),
        ("营业收入\n（万元）", "营业收入", "1e4_cny"),
        ("规模（大/中/小）", "规模（大/中/小）", None),
        ("企业代码（18位）", "企业代码（18位）", None),
        ("进/出口", "进/出口", None),
        ("单位", "单位", None),
        ("（万元）", "（万元）", None),
        ("output_1e4_cny", "output_1e4_cny", None),
    ],
)
def test_a_header_is_split_into_name_and_unit(header: str, name: str, unit: str | None) -> None:
    found_name, found = split_unit(header)
    assert (found_name, found.name if found else None) == (name, unit)


@pytest.mark.parametrize(
    ("line", "units"),
    [
        (["单位：万元"], ["1e4_cny"]),
        (["计量单位:亿元"], ["1e8_cny"]),
        (["（单位：万元、人、%）"], ["1e4_cny", "persons", "percent"]),
        (["规上工业主要指标（单位：千元）"], ["1e3_cny"]),
        (["填报单位：聊城市某局", "单位：万元"], ["1e4_cny"]),
        (["填报单位：人"], []),
        (["单位：万元、亿元、人"], ["persons"]),
        (["单位：聊城某公司"], []),
        (["Unit: 10,000 CNY"], ["1e4_cny"]),
        (["2026年5月"], []),
    ],
)
def test_a_line_above_the_table_gives_units(line: list[str], units: list[str]) -> None:
    assert [unit.name for unit in unit_lines(line)] == units


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("营业收入", "营 业 收 入"),
        ("ＵＳＣＣ", "uscc"),
        ("HS编码", "hs编码"),
        ("Output_1e4_CNY", "output 1e4 cny"),
        ("企业（单位）名称", "企业(单位)名称"),
    ],
)
def test_width_case_blanks_and_brackets_do_not_count(first: str, second: str) -> None:
    assert normal(first) == normal(second)


def test_similar_headers_stay_different() -> None:
    assert len({normal(t) for t in ("营业收入", "营业外收入", "增长", "增长%")}) == 4


@pytest.mark.parametrize(
    "header", ["一、营业收入", "1. 营业收入", "（二）营业收入", "其中：营业收入"]
)
def test_a_number_before_a_header_does_not_count(header: str) -> None:
    assert numbered(header) == "营业收入"


@pytest.mark.parametrize("header", ["2025年产值", "1.5倍", "十大产业", "其中"])
def test_a_number_that_is_part_of_the_name_does(header: str) -> None:
    assert numbered(header) == header


def test_a_unit_above_holds_for_the_parts_below() -> None:
    header = make_header(["营业收入（万元）", "本月"])
    assert header.text == "本月"
    assert header.unit is not None
    assert header.unit.name == "1e4_cny"


def test_the_nearer_unit_wins() -> None:
    header = make_header(["金额（万元）", "利润（千元）"])
    assert header.unit is not None
    assert header.unit.name == "1e3_cny"


def test_a_remark_that_is_no_unit_is_told_from_an_unknown_unit() -> None:
    assert is_unit_like("百亿元")
    assert is_unit_like("万美元")
    assert not is_unit_like("18位")
    assert not is_unit_like("大/中/小")
