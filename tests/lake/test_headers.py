"""Which header is which column, on the headers that forms carry."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ballast.errors import InvalidTerm, WrongColumns, WrongUsage
from ballast.lake.headers import Match, match_headers
from ballast.lake.sheets import Header
from ballast.lake.sheets.header_text import make_header, unit_lines
from ballast.lake.tables import TABLES, table

FIGURES = table("enterprise_period")
KEYS = ("统一社会信用代码", "报告期", "是否规上")


def match(
    *texts: str | tuple[str, ...],
    given: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    line: str = "",
) -> Match:
    headers = [
        make_header([text] if isinstance(text, str) else text, sheet_units=unit_lines([line]))
        for text in texts
    ]
    return match_headers(FIGURES, headers, given=given or {}, remembered=remembered or {})


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("language", ["name", "zh", "en"])
def test_every_table_is_found_by_its_names_and_labels(name: str, language: str) -> None:
    declared = TABLES[name]
    headers = [
        Header(
            {"name": column.name, "zh": column.label.zh, "en": column.label.en}[language]
            or column.label.zh
        )
        for column in declared
    ]
    found = match_headers(declared, headers, given={}, remembered={})
    assert found.columns == {column.name: n for n, column in enumerate(declared)}
    assert (found.unknown, found.missing, found.units) == ((), (), {})


def test_synonyms_width_and_brackets() -> None:
    found = match("社会信用代码（18位）", "月 份", "规模以上", "主营业务收入", "利 润")
    assert found.columns == {
        "uscc": 0,
        "period": 1,
        "above_scale": 2,
        "revenue_1e4_cny": 3,
        "profit_1e4_cny": 4,
    }


def test_units_stand_in_the_headers() -> None:
    found = match(*KEYS, "营业收入（亿元）", "利润总额/千元", "工业总产值 (100 million CNY)")
    assert {name: unit.name for name, unit in found.units.items()} == {
        "revenue_1e4_cny": "1e8_cny",
        "profit_1e4_cny": "1e3_cny",
        "output_1e4_cny": "1e8_cny",
    }


def test_the_unit_of_the_sheet_holds_for_money_without_one_of_its_own() -> None:
    found = match(*KEYS, "营业收入", "利润总额（千元）", line="单位：亿元")
    assert {name: unit.name for name, unit in found.units.items()} == {
        "revenue_1e4_cny": "1e8_cny",
        "profit_1e4_cny": "1e3_cny",
    }


def test_a_unit_of_another_dimension_is_handed_on_to_be_refused() -> None:
    assert match(*KEYS, "营业收入（人）").units["revenue_1e4_cny"].name == "persons"


def test_an_unknown_unit_is_no_remark() -> None:
    with pytest.raises(InvalidTerm, match="百亿元: no known unit"):
        match(*KEYS, "营业收入（百亿元）")


def test_unknown_and_missing_are_told() -> None:
    found = match("报告期", "备注", ("其他", "说明"))
    assert found.unknown == ("备注", "其他/说明")
    assert found.missing == ("uscc", "above_scale")


def test_a_column_with_a_default_is_not_missing() -> None:
    found = match_headers(table("region_industry"), [], given={}, remembered={})
    assert "region_scheme" not in found.missing
    assert "region" in found.missing


def test_of_several_levels_the_last_part_counts_first() -> None:
    found = match(("企业", "统一社会信用代码"), ("企业", "报告期"), ("财务", "营业收入（亿元）"))
    assert found.columns == {"uscc": 0, "period": 1, "revenue_1e4_cny": 2}


def test_then_all_parts_together_then_any_one_part() -> None:
    assert match(("营业", "收入（亿元）")).columns == {"revenue_1e4_cny": 0}
    assert match(("营业收入", "本月")).columns == {"revenue_1e4_cny": 0}


def test_parts_that_name_two_columns_name_none() -> None:
    found = match(("营业收入", "利润总额", "本月"))
    assert found.columns == {}
    assert found.unknown == ("营业收入/利润总额/本月",)


def test_two_headers_for_one_column_are_refused_naming_both() -> None:
    with pytest.raises(WrongColumns, match="营业收入/本月 and 营业收入/累计 are both 营业收入"):
        match(*KEYS, ("营业收入", "本月"), ("营业收入", "累计"))
    with pytest.raises(WrongColumns, match="产值 and 总产值 are both 工业总产值"):
        match(*KEYS, "产值", "总产值")


def test_map_says_which_of_the_two_it_is() -> None:
    headers = (*KEYS, ("营业收入", "本月"), ("营业收入", "累计"))
    for wanted in ("营业收入/本月", "营业收入本月", "本月"):
        assert match(*headers, given={wanted: "revenue_1e4_cny"}).columns["revenue_1e4_cny"] == 3


def test_a_header_that_is_the_name_beats_a_synonym() -> None:
    found = match(*KEYS, "产值", "工业总产值")
    assert found.columns["output_1e4_cny"] == 4
    assert found.unknown == ("产值",)
    assert match(*KEYS, "工业总产值", "output_1e4_cny").columns["output_1e4_cny"] == 4


def test_map_names_a_header_by_column_or_label_and_beats_everything() -> None:
    for name in ("profit_1e4_cny", "利润总额", "total profit"):
        found = match(*KEYS, "利润总额", "净利", given={"净利": name})
        assert found.columns["profit_1e4_cny"] == 4
        assert found.unknown == ("利润总额",)


def test_what_earlier_loads_learnt_is_remembered() -> None:
    learnt = {"净利": "profit_1e4_cny", "不在": "uscc", "备注": "没有这列"}
    found = match(*KEYS, "净利（千元）", "备注", remembered=learnt)
    assert found.columns["profit_1e4_cny"] == 3
    assert found.units["profit_1e4_cny"].name == "1e3_cny"
    assert found.unknown == ("备注",)


def test_a_map_of_a_header_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(WrongUsage, match="the file has no header 净利; the nearest is 净利润额"):
        match(*KEYS, "净利润额", given={"净利": "profit_1e4_cny"})
    with pytest.raises(WrongUsage, match="has no column profit; the nearest is profit_1e4_cny"):
        match(*KEYS, "净利", given={"净利": "profit"})


def test_a_map_of_a_name_that_two_headers_have_asks_for_all_parts() -> None:
    headers = (*KEYS, ("营业收入", "本月"), ("利润总额", "本月"))
    with pytest.raises(WrongColumns, match="2 headers are called so: 营业收入/本月, 利润总额/本月"):
        match(*headers, given={"本月": "revenue_1e4_cny"})


def test_similar_headers_are_not_guessed_at() -> None:
    assert match(*KEYS, "营业外收入").unknown == ("营业外收入",)
