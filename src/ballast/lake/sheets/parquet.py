"""Parquet: typed columns, kept as they are."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ballast.errors import UnreadableFile
from ballast.lake.sheets.grid import Grid
from ballast.lake.sheets.header_text import make_header
from ballast.lake.sheets.limits import MAX_PARQUET_CELLS

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> Grid:
    """Read a Parquet file.

    Parameters
    ----------
    path
        A file whose first bytes are those of Parquet.

    Returns
    -------
    Grid
        Columns keep their types, categories become text; rows count from 1.

    Raises
    ------
    UnreadableFile
        If it is cut off, damaged, empty or too large.
    """
    try:
        seen = pq.read_metadata(path)
        cells = seen.num_rows * seen.num_columns
        if cells > MAX_PARQUET_CELLS:
            raise UnreadableFile(
                "{path}: holds {cells} cells, the limit is {most}; split it",
                path=path,
                cells=f"{cells:,}",
                most=f"{MAX_PARQUET_CELLS:,}",
            )
        with path.open("rb") as file:
            frame = pl.read_parquet(file)
        frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError, ValueError, OverflowError):
        raise _damaged(path) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise _damaged(path) from None
        raise
    for name, dtype in frame.schema.items():
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            raise UnreadableFile(
                "{path}: the column {column} holds {kind}; give one plain value a cell",
                path=path,
                column=name,
                kind=str(dtype),
            )
    if not frame.height or not frame.width:
        raise UnreadableFile("{path}: there are headers but no rows; fill some in", path=path)
    headers = tuple(make_header([name]) for name in frame.columns)
    frame.columns = [f"c{i}" for i in range(frame.width)]
    rows = pl.int_range(1, frame.height + 1, eager=True).alias("row")
    return Grid(None, frame, rows, headers)


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile("{path}: is not a Parquet file, or is damaged; get it again", path=path)
