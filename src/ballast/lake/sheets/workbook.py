"""Excel workbooks, as the sheets they hold: cells, merged ranges, formula errors.

An .xlsx is read in this process, once ``xlsx_package`` has bounded it. An .xls
is read in a process of its own: on a damaged one calamine panics, or asks for
more memory than there is, and that must not take the caller with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import fastexcel
import python_calamine as calamine

from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.sheets import calamine_rows
from ballast.lake.sheets.calamine_rows import cell_rows, formula_errors, is_hidden, worksheets
from ballast.lake.sheets.cells import Cell
from ballast.lake.sheets.header_block import Range
from ballast.lake.sheets.limits import CHILD_BYTES, CHILD_BYTES_PER_BYTE, CHILD_SECONDS, MAX_CELLS
from ballast.lake.sheets.opening import ENCRYPTED, damaged, locked
from ballast.lake.sheets.xlsx_package import look_into

__all__ = ["Sheet", "calamine_errors", "read_xls", "read_xlsx"]

_BATCH = 50_000  # rows turned into columns at once
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
    with calamine_errors(path):
        yield from _sheets(path, only, has_errors=package.has_errors)


def read_xls(path: Path, only: str | None) -> Iterator[Sheet]:
    """Read the worksheets of an .xls, in a process of its own.

    Parameters and errors are those of `read_xlsx`.
    """
    _check_locks(path)
    space = CHILD_BYTES + CHILD_BYTES_PER_BYTE * path.stat().st_size
    try:
        child = subprocess.run(  # noqa: S603  our own script, on a path that exists
            [sys.executable, "-P", calamine_rows.__file__, str(path.resolve()), str(space)],
            env={**os.environ, "RUST_BACKTRACE": "0"},  # a panic's trace takes half a second
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


def _sheets(path: Path, only: str | None, *, has_errors: bool) -> Iterator[Sheet]:
    with calamine.CalamineWorkbook.from_path(path) as book:
        found = worksheets(book)
        _choose(path, [meta.name for meta in found], only)
        for meta in found:
            if only is not None and meta.name != only:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.end is not None and (sheet.end[0] + 1) * (sheet.end[1] + 1) > 2 * MAX_CELLS:
                raise UnreadableFile(
                    "{path}: the table of sheet {sheet} stands too far from the top left corner;"
                    " move it to A1",
                    path=path,
                    sheet=meta.name,
                )
            errors = formula_errors(path, meta.name) if has_errors else {}
            merges = sheet.merged_cell_ranges or []
            yield Sheet(meta.name, is_hidden(meta), merges, _batched(cell_rows(sheet, errors)))


def _batched(rows: Iterator[list[Cell]]) -> Iterator[list[list[Cell]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _choose(path: Path, names: list[str], only: str | None) -> None:
    if only is not None and only not in names:
        raise WrongUsage(
            "{path}: there is no sheet {sheet}; there are: {names}",
            path=path,
            sheet=only,
            names=", ".join(names),
        )


@contextmanager
def calamine_errors(path: Path) -> Iterator[None]:
    """Turn what calamine raises, panics included, into the refusal of a damaged workbook."""
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
