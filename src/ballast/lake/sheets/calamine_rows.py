"""The rows of a worksheet as calamine has them, formula errors included.

Values come from python-calamine, which keeps every double; formula errors,
which it hides, come from fastexcel, which rounds doubles to nine decimals.

This file is also the program of the process in which an .xls is read (see
``workbook``): ``calamine_rows.py FILE BYTES`` prints the sheets as JSON within
so much address space. It imports nothing of ours, so that the process starts
at once.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import fastexcel
import python_calamine as calamine

__all__ = ["cell_rows", "formula_errors", "is_hidden", "worksheets"]

Value = str | int | float | bool | date | datetime | time | timedelta | None
Errors = dict[int, list[tuple[int, str]]]
"""Row of the sheet to columns, from the first filled one, and texts."""

_ERROR_KIND = re.compile(r"Error\((\w+)\)")
_ERROR_TEXTS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


def worksheets(book: calamine.CalamineWorkbook) -> list[calamine.SheetMetadata]:
    """Return the sheets that hold cells: no charts, no macros."""
    return [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]


def is_hidden(meta: calamine.SheetMetadata) -> bool:
    """Return whether a sheet is not shown."""
    return meta.visible != calamine.SheetVisibleEnum.Visible


def cell_rows(sheet: calamine.CalamineSheet, errors: Errors) -> Iterator[list[Value]]:
    """Return the rows of a sheet from its first row and its first column on.

    Parameters
    ----------
    sheet
        calamine pads the rows above its first cell, but not the columns left of it.
    errors
        As `formula_errors` gives them.

    Yields
    ------
    list
        The cells of a row.
    """
    if sheet.start is None:
        return
    padding: list[Value] = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows()):
        cells: list[Value] = [*padding, *row]
        for column, text in errors.get(number, ()):
            cells[column + len(padding)] = text
        yield cells


def formula_errors(path: Path, name: str) -> Errors:
    """Return the cells of a sheet that hold a formula error.

    Parameters
    ----------
    path
        The workbook.
    name
        Of the sheet.
    """
    loaded = fastexcel.read_excel(path).load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string"
    )
    _, failed = loaded.to_arrow_with_errors()
    errors: Errors = {}
    for error in failed.errors if failed is not None else []:
        kind = _ERROR_KIND.search(error.detail)
        if kind is not None:
            row, column = error.position
            errors.setdefault(row, []).append((column, _ERROR_TEXTS.get(kind[1], "#N/A")))
    return errors


def _as_json(path: Path) -> str:
    """Return the sheets of a workbook as JSON: dates as text, numbers as numbers."""
    sheets = []
    with calamine.CalamineWorkbook.from_path(path) as book:
        for meta in worksheets(book):
            sheet = book.get_sheet_by_name(meta.name)
            errors = formula_errors(path, meta.name) if sheet.start is not None else {}
            sheets.append(
                {
                    "name": meta.name,
                    "hidden": is_hidden(meta),
                    "merges": [[*a, *b] for a, b in sheet.merged_cell_ranges or []],
                    "rows": [[_plain(c) for c in row] for row in cell_rows(sheet, errors)],
                }
            )
    return json.dumps(sheets)


def _plain(value: Value) -> str | int | float | bool | None:
    if isinstance(value, datetime):  # as cells.moment_text, which this process does not load
        near = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return near.isoformat() if near.time() != time(0) else near.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(_as_json(Path(sys.argv[1])))
