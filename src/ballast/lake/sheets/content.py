"""A small workbook from its bytes: a form that somebody sent in, which is read and kept nowhere.

The other readers take a path, because what is loaded is a file and stays one.
A form of the self-check comes from anyone over the network and must leave
nothing behind, not even in a folder for passing files; and it is bounded far
more narrowly than what an analyst loads.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import python_calamine as calamine

from ballast.errors import UnreadableFile
from ballast.lake.sheets.calamine_rows import cell_rows, is_hidden, worksheets
from ballast.lake.sheets.cells import Cell
from ballast.lake.sheets.limits import MIB
from ballast.lake.sheets.opening import ENCRYPTED, locked
from ballast.lake.sheets.workbook import calamine_errors
from ballast.lake.sheets.xlsx_package import Bounds, look_into

__all__ = ["MOST_BYTES", "SmallSheet", "sheets_of"]

MOST_BYTES = MIB
_BOUNDS = Bounds(unzipped=8 * MIB, cells=200_000)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

SmallSheet = list[list[Cell]]


def sheets_of(content: bytes, called: str) -> tuple[SmallSheet, ...]:
    """Return the visible worksheets of an .xlsx, row by row from the first one on.

    Parameters
    ----------
    content
        The bytes of the workbook; at most `MOST_BYTES`.
    called
        What messages call it, such as the name of the file.

    Raises
    ------
    UnreadableFile
        If it is no .xlsx, is locked, damaged or too large, or a cell holds a formula error.
    """
    path = Path(called or "xlsx")
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            "{path}: is larger than the {most} kB that a form may have; fill in the form as it was "
            "given",
            path=path,
            most=MOST_BYTES // 1024,
        )
    if content.startswith(_OLE) and ENCRYPTED in content:
        raise locked(path)
    if not content.startswith(b"PK"):
        raise UnreadableFile(
            "{path}: is no .xlsx workbook; open it in Excel and save it as .xlsx", path=path
        )
    if look_into(path, content, _BOUNDS).has_errors:
        raise UnreadableFile(
            "{path}: a cell holds a formula error such as #REF! or #DIV/0!; write the figure "
            "itself",
            path=path,
        )
    with (
        calamine_errors(path),
        calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book,
    ):
        shown = [meta for meta in worksheets(book) if not is_hidden(meta)]
        return tuple(_rows(book.get_sheet_by_name(meta.name)) for meta in shown)


def _rows(sheet: calamine.CalamineSheet) -> SmallSheet:
    return [list(row) for row in cell_rows(sheet, {})]
