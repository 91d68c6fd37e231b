"""The monthly sheet as a workbook to fill in: its columns, what they mean, and one example.

Written from the declaration that the sheet is read by, so that the two cannot drift apart.
The example stands on a worksheet of its own, which the reader passes over: an example row
among those to fill in would one month be loaded as a project.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from ballast.brain.projects.sheet import SHEET
from ballast.lake.declare import Column, Kind
from ballast.lake.sheets.worksheet import NOTES_MARKS
from ballast.lake.template import header_of, template_book
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["EXAMPLE", "write_sheet_template"]

EXAMPLE: dict[str, Label | str] = {
    "project": "YL-2026-00001",
    "name": Label("阀门生产线技术改造项目（样例）", "Valve line upgrade (sample)"),
    "uscc": with_check_character("91371581YL0000001"),
    "enterprise": Label("临清阀门有限公司（样例）", "Linqing Valves Ltd (sample)"),
    "period": "2026-05",
    "project_kind": Label("技术改造", "technical upgrade"),
    "region_scheme": "gb2260",
    "region": "371581",
    "industry_scheme": "gbt4754-2017",
    "industry": "3443",
    "total_1e4_cny": "1000",
    "planned_1e4_cny": "60",
    "invested_1e4_cny": "50",
    "cumulative_1e4_cny": "550",
    "planned_start": "2025-03-01",
    "planned_end": "2026-12-31",
    "started": "2025-03-10",
    "status": Label("在建", "under way"),
    "progress": Label("设备到货", "equipment delivered"),
}
"""One row that could be sent; columns that it leaves out are empty."""

_FORM, _SHOWN = Label("项目月报", "Monthly sheet"), Label("填写说明", "Notes")
_HEADS = (
    Label("列", "column"),
    Label("含义", "meaning"),
    Label("示例（合成）", "example (synthetic)"),
)
_TEXT = frozenset({Kind.TEXT, Kind.CODE, Kind.USCC, Kind.REGION, Kind.INDUSTRY, Kind.PERIOD})
_LAST_ROW = 5_000
_WIDTHS = (30, 60, 36)


def write_sheet_template(path: Path, language: Language) -> None:
    """Write an empty monthly sheet, with notes and one example.

    Parameters
    ----------
    path
        Where to; a name that ends in ``.xlsx``. An existing file is replaced.
    language
        Of headers and notes; the reader takes either.

    Raises
    ------
    WrongUsage
        If the name does not end in ``.xlsx``.
    StorageFailed
        If the file cannot be written.
    """
    with template_book(path) as book:
        _form(book, language)
        _notes(book, language)


def _form(book: xlsxwriter.Workbook, language: Language) -> None:
    form = book.add_worksheet(_FORM.text(language))
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E7EEF7"})
    text = book.add_format({"num_format": "@"})
    form.freeze_panes(1, 2)
    form.set_row(0, 36)
    for at, column in enumerate(SHEET):
        form.set_column(at, at, 18, text if column.kind in _TEXT else None)
        form.write_string(0, at, header_of(column, language), head)
        form.write_comment(0, at, column.meaning.text(language))
        if column.choices:
            words = [choice.label.text(language) for choice in column.choices]
            form.data_validation(1, at, _LAST_ROW, at, {"validate": "list", "source": words})


def _notes(book: xlsxwriter.Workbook, language: Language) -> None:
    notes = book.add_worksheet(_SHOWN.text(language))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for at, width in enumerate(_WIDTHS):
        notes.set_column(at, at, width, wrap)
    notes.write_string(0, 0, NOTES_MARKS[language] + SHEET.label.text(language), bold)
    lines = (
        say("One row a project. Fill the number or the name, and what was invested in the month, "
            "the sum to date, or the status.", language),
        say("A new project also needs its name, enterprise code, region, industry and planned "
            "investment.", language),
        say("This worksheet is not read. The example in the last column is invented ({mark}).",
            language, mark=SYNTHETIC),
    )  # fmt: skip
    for row, line in enumerate(lines, start=1):
        notes.write_string(row, 0, line, book.add_format())
    for at, head in enumerate(_HEADS):
        notes.write_string(len(lines) + 2, at, head.text(language), bold)
    for row, column in enumerate(SHEET, start=len(lines) + 3):
        for at, cell in enumerate((header_of(column, language), column.meaning.text(language),
                                   _example(column, language))):  # fmt: skip
            notes.write_string(row, at, cell, wrap)


def _example(column: Column, language: Language) -> str:
    found = EXAMPLE.get(column.name, "")
    return found.text(language) if isinstance(found, Label) else found
