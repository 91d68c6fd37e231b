"""Parquet: typed columns, kept as they are.

Read by pyarrow, not by polars: on some damaged files polars panics, with a
trace on the terminal, where pyarrow raises.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ballast.errors import UnreadableFile
from ballast.lake.sheets.grid import Grid
from ballast.lake.sheets.header_text import make_header
from ballast.lake.sheets.limits import MAX_PARQUET_CELLS

__all__ = ["read_parquet"]

_FIRST_DAY = (date.min - date(1970, 1, 1)).days
_LAST_DAY = (date.max - date(1970, 1, 1)).days


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
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            cells = file.metadata.num_rows * file.metadata.num_columns
            if cells > MAX_PARQUET_CELLS:
                raise UnreadableFile(
                    "{path}: holds {cells} cells, the limit is {most}; split it",
                    path=path,
                    cells=f"{cells:,}",
                    most=f"{MAX_PARQUET_CELLS:,}",
                )
            table = _plain(file.read())
        table.validate(full=True)
        frame = pl.DataFrame(table)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError, OverflowError):
        raise _damaged(path) from None
    for name, dtype in frame.schema.items():
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Duration):
            raise UnreadableFile(
                "{path}: the column {column} holds {kind}; give one plain value a cell",
                path=path,
                column=name,
                kind=str(dtype),
            )
        if not _is_within_calendar(frame[name]):
            raise _damaged(path)
    if not frame.height or not frame.width:
        raise UnreadableFile("{path}: there are headers but no rows; fill some in", path=path)
    headers = tuple(make_header([name]) for name in frame.columns)
    frame.columns = [f"c{i}" for i in range(frame.width)]
    rows = pl.int_range(1, frame.height + 1, eager=True).alias("row")
    return Grid(None, frame, rows, headers)


def _plain(table: pa.Table) -> pa.Table:
    """Return a table without metadata, its categories spelt out.

    polars trusts Arrow's text to be UTF-8, and ``validate`` does not look into dictionaries.
    """
    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _is_within_calendar(column: pl.Series) -> bool:
    """Return whether dates lie within the years 1 to 9999; polars panics on others later."""
    if column.dtype == pl.Date:
        per_day = 1
    elif isinstance(column.dtype, pl.Datetime):
        per_day = 86_400 * {"ms": 10**3, "us": 10**6, "ns": 10**9}[column.dtype.time_unit]
    else:
        return True
    days = column.to_physical()
    return days.is_between(_FIRST_DAY * per_day, (_LAST_DAY + 1) * per_day - 1).all()


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile("{path}: is not a Parquet file, or is damaged; get it again", path=path)
