"""Excel workbooks, as the sheets they hold: cells, merged ranges, formula errors.

Values come from python-calamine, which keeps every double; formula errors,
which it hides, come from fastexcel. An .xlsx is read in this process, once
``xlsx_package`` has bounded it. An .xls is read in a process of its own: on a
damaged one calamine panics, or asks for more memory than there is, and that
must not take the caller with it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import fastexcel
import python_calamine as calamine

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets.cells import Cell, cell_text
from ballast.lake.sheets.header_block import Range
from ballast.lake.sheets.limits import CHILD_SECONDS, MAX_CELLS
from ballast.lake.sheets.opening import ENCRYPTED, damaged, locked
from ballast.lake.sheets.xlsx_package import look_into

__all__ = ["Sheet", "read_xls", "read_xlsx", "xls_as_json"]

_BATCH = 50_000  # rows turned into columns at once
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
_FILEPASS = 0x002F
_BOF = (b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet.

    Parameters
    ----------
    name, hidden
        As in the workbook.
    merges
        Merged ranges, from 0.
    batches
        The rows from the first one of the sheet on, some thousands at a time.
    """

    name: str
    hidden: bool
    merges: list[Range]
    batches: Iterator[list[list[Cell]]]


def read_xlsx(path: Path, only: str | None) -> Iterator[Sheet]:
    """Read the worksheets of an .xlsx, one at a time.

    Parameters
    ----------
    path
        The workbook.
    only
        Read this sheet alone.

    Yields
    ------
    Sheet

    Raises
    ------
    UnreadableFile
        If the workbook is locked, damaged or too large.
    WrongUsage
        If there is no sheet of the name.
    """
    package = look_into(path)
    with _calamine_errors(path):
        yield from _sheets(path, only, has_errors=package.has_errors)


def read_xls(path: Path, only: str | None) -> Iterator[Sheet]:
    """Read the worksheets of an .xls, in a process of its own.

    Parameters and errors are those of `read_xlsx`.
    """
    _check_locks(path)
    try:
        child = subprocess.run(  # noqa: S603  our own module, on a path that exists
            [sys.executable, "-m", "ballast.lake.sheets.xls_child", str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
        )
        sheets = json.loads(child.stdout) if child.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError, OSError):
        sheets = None
    if sheets is None:
        raise damaged(path)
    _choose(path, [sheet["name"] for sheet in sheets], only)
    for sheet in sheets:
        if only is None or sheet["name"] == only:
            rows: list[list[Cell]] = sheet["rows"]
            merges = [((a, b), (c, d)) for a, b, c, d in sheet["merges"]]
            batches = (rows[n : n + _BATCH] for n in range(0, len(rows), _BATCH))
            yield Sheet(sheet["name"], sheet["hidden"], merges, batches)


def xls_as_json(path: Path) -> str:
    """Return the sheets of an .xls as JSON; what the child process of `read_xls` prints.

    Dates and formula errors are text there, numbers stay numbers.
    """
    return json.dumps(
        [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "merges": [[*first, *last] for first, last in sheet.merges],
                "rows": [
                    [_plain(cell) for cell in row] for batch in sheet.batches for row in batch
                ],
            }
            for sheet in _sheets(path, None, has_errors=True)
        ]
    )


def _plain(cell: Cell) -> Cell:
    return cell_text(cell) if isinstance(cell, datetime | date | time | timedelta) else cell


def _sheets(path: Path, only: str | None, *, has_errors: bool) -> Iterator[Sheet]:
    with calamine.CalamineWorkbook.from_path(path) as book:
        found = [
            meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        _choose(path, [meta.name for meta in found], only)
        for meta in found:
            if only is not None and meta.name != only:
                continue
            hidden = meta.visible != calamine.SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.start is None or sheet.end is None:
                yield Sheet(meta.name, hidden, [], iter(()))
                continue
            if (sheet.end[0] + 1) * (sheet.end[1] + 1) > 2 * MAX_CELLS:
                raise UnreadableFile(
                    "{path}: the table of sheet {sheet} stands too far from the top left corner;"
                    " move it to A1",
                    path=path,
                    sheet=meta.name,
                )
            left = sheet.start[1]
            errors = _formula_errors(path, meta.name, left) if has_errors else {}
            yield Sheet(
                meta.name, hidden, sheet.merged_cell_ranges or [], _batches(sheet, left, errors)
            )


def _batches(
    sheet: calamine.CalamineSheet, left: int, errors: dict[int, list[tuple[int, str]]]
) -> Iterator[list[list[Cell]]]:
    batch: list[list[Cell]] = []
    padding = [""] * left  # calamine begins at the first row, but at the first filled column
    for number, row in enumerate(sheet.iter_rows()):
        cells: list[Cell] = [*padding, *row]
        for column, text in errors.get(number, ()):
            cells[column] = text
        batch.append(cells)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _formula_errors(path: Path, name: str, left: int) -> dict[int, list[tuple[int, str]]]:
    """Return the error cells of a sheet: row to its columns and texts."""
    loaded = fastexcel.read_excel(path).load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string"
    )
    _, failed = loaded.to_arrow_with_errors()
    errors: dict[int, list[tuple[int, str]]] = {}
    for error in failed.errors if failed is not None else []:
        kind = _ERROR_KIND.search(error.detail)
        if kind is not None:
            row, column = error.position
            text = _ERROR_TEXTS.get(kind[1], "#N/A")
            errors.setdefault(row, []).append((column + left, text))
    return errors


def _choose(path: Path, names: list[str], only: str | None) -> None:
    if only is not None and only not in names:
        raise WrongUsage(
            "{path}: there is no sheet {sheet}; there are: {names}",
            path=path,
            sheet=only,
            names=", ".join(names),
        )


@contextmanager
def _calamine_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except calamine.PasswordError:
        raise locked(path) from None
    except (
        calamine.CalamineError,
        fastexcel.FastExcelError,
        OSError,
        ValueError,
        OverflowError,
    ):
        raise damaged(path) from None
    except BaseException as error:
        # A panic of the reader derives from BaseException so that nobody catches it by accident.
        if type(error).__name__ == "PanicException":
            raise damaged(path) from None
        raise


def _check_locks(path: Path) -> None:
    """Refuse an OLE file that is locked: calamine would call it damaged."""
    data = path.read_bytes()
    if ENCRYPTED in data:
        raise locked(path)
    for start in range(0, len(data) - 8, 512):
        if data.startswith(_BOF, start):
            if _has_filepass(data, start):
                raise locked(path)
            return


def _has_filepass(data: bytes, start: int) -> bool:
    """Return whether a BIFF stream says FILEPASS among its first records ([MS-XLS] 2.4.117)."""
    place = start
    for _ in range(20):
        if place + 4 > len(data):
            return False
        kind = int.from_bytes(data[place : place + 2], "little")
        if kind == _FILEPASS:
            return True
        place += 4 + int.from_bytes(data[place + 2 : place + 4], "little")
    return False
