"""Loading a file as a user does: what is right goes in, what is wrong is named and set aside."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from ballast.errors import Refused, RefusedRows, UnreadableFile, WrongColumns, WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport, load_file, load_recipe
from ballast.terms.viewer import Viewer

GOOD = "region,industry,period,employment_persons\n371502,34,2024,7\n371503,33,2024,9\n"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def workbook(path: Path, rows: list[list[object]], title: str = "报表") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def count(lake: Lake, viewer: Viewer, name: str = "region_industry") -> int:
    return int(lake.read(name, viewer).count().to_pyarrow().as_py())


def said(report: LoadReport) -> list[str]:
    return [issue.text("en") for issue in report.issues]


def test_a_right_file_is_committed_and_its_rows_know_where_they_stood(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    report = load_file(lake, "region_industry", written(tmp_path / "a.csv", GOOD), analyst)
    assert (report.accepted, report.refused) == (2, 0)
    rows = lake.read("region_industry", analyst).order_by("region").to_pyarrow().to_pylist()
    assert [row["source_row"] for row in rows] == [2, 3]
    assert {row["load_id"] for row in rows} == {report.load_id}
    assert [row["industry_level"] for row in rows] == ["division", "division"]


def test_a_wrong_row_is_set_aside_beside_the_input_and_the_others_go_in(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "999999,34,2024,7\n371502,33,2024,-1\n")
    report = load_file(lake, "region_industry", path, analyst)
    assert (report.accepted, report.refused) == (2, 2)
    assert report.refused_file == tmp_path / "a.refused.csv"
    assert [text.split(":")[0] for text in said(report)] == [
        "row 4, region code",
        "row 5, employment",
    ]
    aside = pl.read_csv(report.refused_file, infer_schema=False)
    assert aside["row in the input"].to_list() == ["4", "5"]
    assert "cannot be below 0" in aside["refused because"][1]


def test_the_mended_file_of_refused_rows_can_be_loaded(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "999999,34,2024,7\n")
    report = load_file(lake, "region_industry", path, analyst)
    assert report.refused_file is not None
    mended = report.refused_file.read_text(encoding="utf-8-sig").replace("999999", "371521")
    again = load_file(lake, "region_industry", written(tmp_path / "b.csv", mended), analyst)
    assert (again.accepted, again.refused) == (1, 0)
    assert count(lake, analyst) == 3


def test_a_workbook_gets_a_workbook_of_refused_rows_and_cells_by_their_letters(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["地区代码", "行业代码", "时期", "从业人员"],
            ["371502", "34", "2024", 7],
            ["371502", "3X", "2024", 8],
        ],
    )
    report = load_file(lake, "region_industry", path, analyst, language="zh")
    assert (report.accepted, report.refused) == (1, 1)
    assert said(report)[0].startswith("报表!B3: 3X is no code of GB/T 4754-2017")
    assert report.refused_file == tmp_path / "a.refused.xlsx"
    aside = openpyxl.load_workbook(report.refused_file).active
    assert aside is not None
    assert [cell.value for cell in aside[2]][:4] == ["371502", "3X", "2024", "8"]


def test_a_cell_that_starts_a_formula_comes_back_as_text(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + '=HYPERLINK("x"),34,2024,7\n')
    report = load_file(lake, "region_industry", path, analyst)
    assert report.refused_file is not None
    line = report.refused_file.read_text(encoding="utf-8-sig").splitlines()[1]
    assert not line.startswith("=")
    assert "'=HYPERLINK" in line


def test_the_same_file_while_its_load_stands_changes_nothing(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD)
    first = load_file(lake, "region_industry", path, analyst)
    second = load_file(lake, "region_industry", path, analyst)
    assert second.already
    assert second.load_id == first.load_id
    assert lake.loads(analyst).height == 1


def test_after_a_withdrawal_the_same_file_is_a_new_load(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD)
    first = load_file(lake, "region_industry", path, analyst)
    lake.withdraw(str(first.load_id), analyst)
    second = load_file(lake, "region_industry", path, analyst)
    assert not second.already
    assert second.load_id != first.load_id
    assert count(lake, analyst) == 2


def test_duplicate_keys_in_one_file_are_all_refused_each_naming_the_other(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "371502,34,2024年,8\n")
    report = load_file(lake, "region_industry", path, analyst)
    assert (report.accepted, report.refused) == (1, 2)
    assert "stands in row 4 too" in said(report)[0]
    assert "stands in row 2 too" in said(report)[1]


def test_a_missing_column_loads_nothing_and_says_how_to_name_it(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", "where,industry,period,employment\n371502,34,2024,7\n")
    with pytest.raises(WrongColumns, match=r"地区代码 \(region\).*--map"):
        load_file(lake, "region_industry", path, analyst)
    assert lake.loads(analyst).is_empty()


def test_a_header_named_once_is_remembered(lake: Lake, analyst: Viewer, tmp_path: Path) -> None:
    text = "place,industry,period,employment_persons\n371502,34,{year},7\n"
    first = written(tmp_path / "a.csv", text.format(year=2023))
    load_file(lake, "region_industry", first, analyst, given={"place": "region"})
    second = written(tmp_path / "b.csv", text.format(year=2024))
    report = load_file(lake, "region_industry", second, analyst)
    assert report.accepted == 1


def test_a_region_is_checked_at_the_date_of_its_row(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    head = "region,industry,period,employment_persons\n"
    path = written(
        tmp_path / "a.csv", head + "371523,34,2018,7\n371523,34,2021,7\n371503,34,2018,7\n"
    )
    report = load_file(lake, "region_industry", path, analyst)
    assert report.accepted == 1
    assert "since 2019 it is 371503" in said(report)[0]
    assert "371523" in said(report)[1]


def test_a_zone_counts_once_its_extension_code_is_loaded(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "371500-KFQ,34,2024,7\n")
    report = load_file(lake, "region_industry", path, analyst, dry_run=True)
    assert "load it into the table region first" in said(report)[0]
    zones = "region_scheme,region,name\next,371500-KFQ,聊城经济技术开发区\n"
    load_file(lake, "region", written(tmp_path / "z.csv", zones), analyst)
    report = load_file(lake, "region_industry", path, analyst)
    assert (report.accepted, report.refused) == (3, 0)
    schemes = lake.read("region_industry", analyst).select("region_scheme").distinct()
    assert set(schemes.to_pyarrow()["region_scheme"].to_pylist()) == {"gb2260", "ext"}


def test_an_industry_at_another_level_than_it_says_is_refused(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    text = "region,industry,industry_level,period,employment_persons\n371502,345,division,2024,7\n"
    report = load_file(lake, "region_industry", written(tmp_path / "a.csv", text), analyst)
    assert report.accepted == 0
    assert "is a group, not a division" in said(report)[0]


def test_a_macro_figure_is_converted_into_the_unit_of_its_item(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    text = (
        "地区代码,时期,指标,数值,单位\n371500,2024,gdp,31000000,万元\n371500,2023,gdp,3000,万人\n"
    )
    report = load_file(lake, "region_period", written(tmp_path / "a.csv", text), analyst)
    assert report.accepted == 1
    (row,) = lake.read("region_period", analyst).to_pyarrow().to_pylist()
    assert row["value"] == 3100
    assert row["unit"] == "1e8_cny"
    assert "万人 cannot be converted into 亿元" in said(report)[0]


def test_a_header_in_another_dimension_refuses_the_file(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    text = "uscc,period,above_scale,营业收入（人）\n91110000600037341L,2024,是,1\n"
    with pytest.raises(WrongColumns, match="cannot be converted"):
        load_file(lake, "enterprise_period", written(tmp_path / "a.csv", text), analyst)


def test_a_dry_run_changes_nothing_and_writes_no_file(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "999999,34,2024,7\n")
    report = load_file(lake, "region_industry", path, analyst, dry_run=True)
    assert (report.accepted, report.refused, report.load_id) == (2, 1, None)
    assert lake.loads(analyst).is_empty()
    assert not (tmp_path / "a.refused.csv").exists()


def test_a_folder_that_cannot_be_written_sends_refused_rows_to_the_home(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.csv", GOOD + "999999,34,2024,7\n")
    (tmp_path / "a.refused.csv").mkdir()  # root may write anywhere, but not over a folder
    report = load_file(lake, "region_industry", path, analyst)
    assert report.refused_file == lake.home.refused / "a.refused.csv"
    assert report.refused_file.is_file()


def test_headers_without_rows_are_refused(lake: Lake, analyst: Viewer, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "region,industry,period,employment_persons\n")
    with pytest.raises(Refused, match="no rows"):
        load_file(lake, "region_industry", path, analyst)


def test_the_ledger_itself_cannot_be_loaded(lake: Lake, analyst: Viewer, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        load_file(lake, "load", written(tmp_path / "a.csv", GOOD), analyst)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_csv_is_read_in_its_encodings(
    lake: Lake, analyst: Viewer, tmp_path: Path, encoding: str
) -> None:
    text = "地区代码,行业代码,时期,从业人员,来源\n371502,34,2024年,7,统计年鉴\n"
    path = written(tmp_path / "a.csv", text, encoding)
    assert load_file(lake, "region_industry", path, analyst).accepted == 1
    (row,) = lake.read("region_industry", analyst).to_pyarrow().to_pylist()
    assert (row["period"], row["source"]) == ("2024", "统计年鉴")


def test_a_parquet_file_with_types_is_loaded_without_detours(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    frame = pl.DataFrame(
        {
            "region": ["371502"],
            "industry": ["34"],
            "period": ["2024"],
            "employment_persons": [7],
            "employment_share": [0.25],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    assert load_file(lake, "region_industry", tmp_path / "a.parquet", analyst).accepted == 1
    (row,) = lake.read("region_industry", analyst).to_pyarrow().to_pylist()
    assert (row["employment_persons"], row["employment_share"]) == (7, 0.25)


def test_two_sheets_of_a_workbook_are_one_load_and_share_no_key(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["region", "industry", "period", "employment_persons"],
            ["371502", "34", "2024", 7],
            ["371503", "34", "2024", 7],
        ],
        "一",
    )
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("二")
    second.append(["region", "industry", "period", "employment_persons"])
    second.append(["371502", "34", "2024", 8])
    second.append(["371521", "34", "2024", 8])
    book.save(path)
    report = load_file(lake, "region_industry", path, analyst)
    assert (report.accepted, report.refused) == (2, 2)
    assert "stands in row 二!2 too" in said(report)[0]
    assert "stands in row 一!2 too" in said(report)[1]


def test_a_recipe_with_one_wrong_row_loads_nothing(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    frame = pl.DataFrame(
        {
            "metro_code": ["48620", "48620"],
            "metro_name": ["Wichita, KS"] * 2,
            "metro_type": ["metro"] * 2,
            "naics": ["00", "336411"],
            "naics_level": [0, 6],
            "employment": [100, -5],
            "establishments": [9, 3],
        }
    )
    frame.write_parquet(tmp_path / "cbp_2018.parquet")
    with pytest.raises(Refused):
        load_recipe(lake, "us-cbp", [tmp_path / "cbp_2018.parquet"], analyst)
    assert lake.loads(analyst).is_empty()
    assert count(lake, analyst) == 0


def test_the_notes_of_a_load_can_be_said_in_both_languages(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "a.csv",
        "region,industry,period,employment_persons,whatever\n371502,34,2024,7,x\n",
    )
    report = load_file(lake, "region_industry", path, analyst)
    assert "whatever" in report.notes[0].text("en")
    assert "whatever" in report.notes[0].text("zh")
    stored = lake.loads(analyst)["note"][0]
    assert json.loads(stored)[0][1] == {"headers": "whatever"}


def test_a_truncated_workbook_is_one_clear_line(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["region"], ["371502"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(UnreadableFile, match=r"a\.xlsx"):
        load_file(lake, "region_industry", path, analyst)


def test_a_recipe_that_breaks_a_declaration_names_the_first_cell(
    lake: Lake, analyst: Viewer, tmp_path: Path
) -> None:
    text = (
        "naics,cluster,cluster_name,traded,subcluster,naics_title,added_by_compiler\n"
        "336411,planes,Planes,true,Planes,Aircraft,false\n"
        "33 641,planes,Planes,true,Planes,Aircraft,false\n"
    )
    with pytest.raises((RefusedRows, Refused), match="33 641"):
        load_recipe(lake, "porter-clusters", [written(tmp_path / "p.csv", text)], analyst)
    assert lake.loads(analyst).is_empty()
