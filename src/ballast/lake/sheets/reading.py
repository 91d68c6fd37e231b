"""The one door through which a file becomes grids."""

from __future__ import annotations

from pathlib import Path

from ballast.errors import WrongUsage
from ballast.lake.sheets.delimited import read_delimited
from ballast.lake.sheets.grid import Grid
from ballast.lake.sheets.opening import Content, open_as
from ballast.lake.sheets.parquet import read_parquet
from ballast.lake.sheets.workbook import read_xls, read_xlsx
from ballast.lake.sheets.worksheet import grids_of

__all__ = ["read_grids"]


def read_grids(path: Path, *, sheet: str | None = None) -> list[Grid]:
    """Read every data sheet of a file.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xlsm``, ``.xls``, ``.csv``, ``.tsv``, ``.txt`` or ``.parquet`` file.
    sheet
        Read this sheet alone; only for workbooks.

    Returns
    -------
    list of Grid
        One per data sheet, in the order of the workbook; at least one, each with rows.

    Raises
    ------
    UnreadableFile
        If the file cannot be opened, decoded or parsed, or holds no data.
    WrongUsage
        If ``sheet`` is named and the file has no sheet of that name.
    """
    content = open_as(path)
    if content in (Content.XLSX, Content.XLS):
        read = read_xlsx if content is Content.XLSX else read_xls
        return grids_of(path, read(path, sheet), sheet)
    if sheet is not None:
        raise WrongUsage("{path}: only workbooks have sheets; leave --sheet out", path=path)
    return [read_parquet(path) if content is Content.PARQUET else read_delimited(path)]
