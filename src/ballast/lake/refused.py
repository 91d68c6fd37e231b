"""The refused rows, set aside beside the input so that they can be mended and loaded again.

They keep the headers and cells of their file, with three columns behind them
that say where the row stood and what is wrong. Loading the mended file
ignores those three.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from ballast.lake.headers import Match
from ballast.lake.home import storage_errors
from ballast.lake.sheets import Grid
from ballast.lake.sheets.cells import safe_cell
from ballast.lake.sifting import Cells, Sifted
from ballast.terms.label import Label, Language

_LONGEST_STEM = 255 - len(".refused.xlsx")  # bytes; no file system allows longer names
WHERE_AND_WHY = (
    Label("原工作表", "sheet in the input"),
    Label("原行号", "row in the input"),
    Label("拒绝原因", "refused because"),
)
# A million rows are written as they come, not held.
_BOOK = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}


@dataclass(frozen=True, slots=True)
class RefusedSheet:
    """The refused rows of one sheet.

    Parameters
    ----------
    sheet
        Its name.
    headers
        As in the input, with their units.
    rows
        The cells, one column a header.
    numbers
        The row numbers in the input.
    reasons
        What is wrong, one text a row.
    """

    sheet: str | None
    headers: tuple[str, ...]
    rows: pl.DataFrame
    numbers: Sequence[int | None]
    reasons: Sequence[str]


def write_refused(
    beside: Path, otherwise: Path, sheets: Sequence[RefusedSheet], language: Language
) -> Path:
    """Write refused rows to a file, and return where it is.

    Parameters
    ----------
    beside
        The input; the file gets its name with ``.refused`` before the suffix:
        a workbook for a workbook, CSV for everything else.
    otherwise
        The folder to use where that of the input cannot be written.
    sheets
        What was refused.
    language
        Of the three columns behind the cells.

    Raises
    ------
    StorageFailed
        If neither place can be written.
    """
    suffix = ".xlsx" if beside.suffix.lower() in (".xlsx", ".xls", ".xlsm") else ".csv"
    name = f"{_short(beside.stem)}.refused{suffix}"
    write = _write_workbook if suffix == ".xlsx" else _write_csv
    try:
        path = beside.parent / name
        write(path, sheets, language)
    except OSError:
        path = otherwise / name
        with storage_errors(path):
            otherwise.mkdir(parents=True, exist_ok=True)
            write(path, sheets, language)
    return path


def _short(stem: str) -> str:
    """Return as much of a name as leaves room for what comes behind it, in UTF-8."""
    return os.fsencode(stem)[:_LONGEST_STEM].decode("utf-8", "ignore") or "input"


def _lines(sheet: RefusedSheet, language: Language) -> Iterator[list[str]]:
    yield [*sheet.headers, *(label.text(language) for label in WHERE_AND_WHY)]
    for cells, number, reason in zip(
        sheet.rows.iter_rows(), sheet.numbers, sheet.reasons, strict=True
    ):
        told = [sheet.sheet or "", "" if number is None else str(number), reason]
        yield [*("" if cell is None else str(cell) for cell in cells), *told]


def _write_csv(path: Path, sheets: Sequence[RefusedSheet], language: Language) -> None:
    lines = [line for sheet in sheets for line in _lines(sheet, language)]
    frame = pl.DataFrame(
        [[safe_cell(cell) for cell in line] for line in lines[1:]],
        schema=[(f"c{index}", pl.String) for index in range(len(lines[0]))],
        orient="row",
    )
    frame.columns = _distinct(lines[0])
    # With a byte order mark, or Excel takes the Chinese for Latin-1.
    with path.open("wb") as file:
        frame.write_csv(file, include_bom=True)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names that a data frame accepts: a repeated one gets a blank more each time."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        distinct.append(name + " " * seen.get(name, 0))
        seen[name] = seen.get(name, 0) + 1
    return distinct


def _write_workbook(path: Path, sheets: Sequence[RefusedSheet], language: Language) -> None:
    try:
        with xlsxwriter.Workbook(path, _BOOK) as book:
            head = book.add_format({"bold": True, "bottom": 1})
            text = book.add_format({"num_format": "@"})
            wrong = book.add_format({"num_format": "@", "font_color": "#B00020"})
            for number, sheet in enumerate(sheets, 1):
                page = book.add_worksheet(f"{number}")
                page.freeze_panes(1, 0)
                for row, line in enumerate(_lines(sheet, language)):
                    for column, cell in enumerate(line):
                        last = column == len(line) - 1
                        form = head if row == 0 else wrong if last else text
                        page.write_string(row, column, cell, form)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from error


def refused_sheets(
    grids: Sequence[Grid],
    matches: Sequence[Match],
    cells: Sequence[Cells],
    sifted: Sifted,
    language: Language,
) -> list[RefusedSheet]:
    """Return the refused rows of every sheet as they stood, each with all its reasons."""
    reasons = sifted.reasons(language)
    joint = "；" if language == "zh" else "; "
    sheets, offset = [], 0
    for grid, match, part in zip(grids, matches, cells, strict=True):
        here = sifted.wrong.slice(offset, part.frame.height)
        indices = here.arg_true().to_list()
        named = {
            index: match.units[name] for name, index in match.columns.items() if name in match.units
        }
        headers = tuple(
            f"{header.text}（{named[index].label.text(language)}）"
            if index in named
            else header.text
            for index, header in enumerate(grid.headers)
        )
        if indices:
            sheets.append(
                RefusedSheet(
                    grid.sheet,
                    headers,
                    grid.frame.filter(here),
                    grid.rows.filter(here).to_list(),
                    [joint.join(reasons.get(offset + index, [])) for index in indices],
                )
            )
        offset += part.frame.height
    return sheets
