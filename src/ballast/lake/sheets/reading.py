"""The one door through which a file becomes grids."""

from __future__ import annotations

from pathlib import Path

from ballast.lake.sheets.grid import Grid


def read_grids(path: Path, *, sheet: str | None = None) -> list[Grid]:
    """Read every data sheet of a file.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xls``, ``.csv``, ``.tsv``, ``.txt`` or ``.parquet`` file.
    sheet
        Read this sheet alone; only for workbooks.

    Raises
    ------
    UnreadableFile
        If the file cannot be opened, decoded or parsed, or holds no data.
    WrongUsage
        If ``sheet`` is named and the file has no sheet of that name.
    """
    raise NotImplementedError
