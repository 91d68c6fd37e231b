"""The form of a table: filled in, it is read back column by column."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import openpyxl
import pytest

from ballast.errors import StorageFailed, UnreadableFile, WrongUsage
from ballast.lake.declare import Kind, Stage, Table
from ballast.lake.headers import match_headers
from ballast.lake.sheets import read_grids
from ballast.lake.tables import TABLES, table
from ballast.lake.template import write_template
from ballast.terms.label import LANGUAGES, Language

LOADED = sorted(name for name, one in TABLES.items() if one.stage is Stage.LOADED)


def form(tmp_path: Path, declared: Table, language: Language) -> Path:
    path = tmp_path / "form.xlsx"
    write_template(declared, path, language)
    return path


@pytest.mark.parametrize("name", LOADED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_filled_with_its_examples_is_read_back(
    tmp_path: Path, name: str, language: Language
) -> None:
    declared = table(name)
    path = form(tmp_path, declared, language)
    book = openpyxl.load_workbook(path)
    notes = book.worksheets[1]
    head = next(row for row in notes.iter_rows() if row[7].value in ("列名", "name"))[0].row
    below = takewhile(lambda row: row[7].value, notes.iter_rows(min_row=head + 1))
    examples = {row[7].value: row[6].value for row in below}
    assert list(examples) == [column.name for column in declared]
    book.worksheets[0].append([examples[column.name] for column in declared])
    book.save(path)
    (grid,) = read_grids(path)
    assert grid.notes == ()
    assert grid.rows.to_list() == [2]
    match = match_headers(declared, grid.headers, given={}, remembered={})
    assert match.columns == {column.name: n for n, column in enumerate(declared)}
    assert match.units == {c.name: c.unit for c in declared if c.unit is not None}
    assert list(grid.frame.row(0)) == list(examples.values())


def test_an_empty_form_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="headers but no rows"):
        read_grids(form(tmp_path, table("enterprise"), "zh"))


def test_headers_say_unit_and_what_must_be_filled(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(form(tmp_path, table("enterprise_period"), "zh"))
    headers = [cell.value for cell in book.worksheets[0][1]]
    assert headers[0] == "统一社会信用代码 *"
    assert "工业总产值（万元）" in headers
    assert book.sheetnames == ["企业报表", "填写说明"]
    assert book.worksheets[0].freeze_panes == "A2"


def test_choices_and_flags_are_drop_downs_in_the_words_of_the_language(tmp_path: Path) -> None:
    declared = table("enterprise")
    words: dict[Language, list[str]] = {"zh": ["是", "否"], "en": ["yes", "no"]}
    for language, flags in words.items():
        book = openpyxl.load_workbook(form(tmp_path, declared, language))
        sheet, notes = book.worksheets
        lists = {}
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                cells = notes[rule.formula1.split("!")[1].replace("$", "")]
                lists[str(rule.sqref).split("2:")[0]] = [cell.value for (cell,) in cells]
        letters = {
            column.name: openpyxl.utils.get_column_letter(n)
            for n, column in enumerate(declared, start=1)
        }
        for column in declared:
            expected = (
                flags
                if column.kind is Kind.FLAG
                else [choice.label.text(language) for choice in column.choices]
            )
            assert lists.get(letters[column.name], []) == expected


def test_codes_and_periods_are_text_so_that_excel_keeps_them(tmp_path: Path) -> None:
    kinds = {Kind.INTEGER: "0", Kind.DECIMAL: "General", Kind.FLAG: "General"}
    for name in ("enterprise_period", "enterprise"):
        declared = table(name)
        sheet = openpyxl.load_workbook(form(tmp_path, declared, "zh")).worksheets[0]
        for n, column in enumerate(declared, start=1):
            style = sheet.column_dimensions[openpyxl.utils.get_column_letter(n)]
            if column.kind in (Kind.USCC, Kind.CODE, Kind.REGION, Kind.INDUSTRY, Kind.PERIOD):
                assert style.number_format == "@"
            elif column.kind is Kind.DATE:
                assert style.number_format == "yyyy-mm-dd"
            elif column.kind in kinds:
                assert style.number_format == kinds[column.kind]


def test_figures_are_held_to_their_bounds(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(form(tmp_path, table("ranking"), "zh")).worksheets[0]
    rules = {str(r.sqref): r for r in sheet.data_validations.dataValidation}
    year = rules["C2:C1048576"]
    assert (year.type, year.operator, year.formula1, year.formula2) == (
        *("whole", None, "1949"),
        "2100",
    )
    place = rules["D2:D1048576"]
    assert (place.type, place.operator, place.formula1) == ("whole", "greaterThanOrEqual", "1")
    assert place.prompt == "名次，从 1 起"


def test_the_notes_say_key_meaning_and_sensitivity(tmp_path: Path) -> None:
    notes = openpyxl.load_workbook(form(tmp_path, table("enterprise"), "zh")).worksheets[1]
    lines = [row[0] for row in notes.iter_rows(values_only=True, max_row=4)]
    assert lines == [
        "填写说明：企业 (enterprise)",
        "每行：一家企业自某日起的登记情况；变更即新的一行。",
        "以下各列不得全部相同（主键）：统一社会信用代码、生效日期。",
        "敏感度：单位数据。",
    ]


def test_a_name_that_is_no_workbook_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="name it so"):
        write_template(table("enterprise"), tmp_path / "form.csv", "zh")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be written"):
        write_template(table("enterprise"), tmp_path / "none" / "form.xlsx", "zh")
