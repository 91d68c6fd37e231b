"""The mark that every sample figure wears, and the making of typed frames.

The frames are built column by column to the declared types here, once. The
alternative, a cast of float columns to decimals at the end, would round
twice and would let a missing column pass unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from ballast.lake.declare import Kind
from ballast.lake.tables import table

__all__ = ["NAME_MARK", "SOURCE", "Floats", "Ints", "decimals", "stream", "typed"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SOURCE = "合成样例 Synthetic sample"
NAME_MARK = "（样例）"  # ends every invented enterprise name, so that none can be a real one


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the random generator of one part of the sample.

    Parts draw from streams of their own, so that more rows in one part do not
    change the figures of the others.

    Examples
    --------
    >>> int(stream(1, "trade").integers(1000)) == int(stream(1, "trade").integers(1000))
    True
    """
    return np.random.default_rng([seed, *part.encode()])


def decimals(values: Floats) -> pl.Series:
    """Return figures as exact decimals of four places.

    Parameters
    ----------
    values
        In the unit of the column, any number of decimals; NaN becomes null.

    Returns
    -------
    pl.Series
        ``Decimal(24, 4)``: money in 10,000 CNY exact to one yuan.

    Examples
    --------
    >>> decimals(np.array([0.12346, np.nan])).to_list()
    [Decimal('0.1235'), None]
    """
    known = np.isfinite(values)
    whole = np.rint(np.where(known, values, 0.0) * 10_000).astype("<i8")
    # A decimal128 is a little-endian two's-complement integer of 16 bytes.
    cells = np.stack([whole, whole >> 63], axis=-1)
    valid = None if known.all() else pa.array(known).buffers()[1]
    array = pa.Decimal128Array.from_buffers(
        pa.decimal128(24, 4), len(whole), [valid, pa.py_buffer(cells.tobytes())]
    )
    series = pl.from_arrow(array)
    if not isinstance(series, pl.Series):
        raise TypeError("an Arrow array did not become a series")
    return series


def typed(name: str, columns: Mapping[str, object]) -> pl.DataFrame:
    """Return a frame of one table, its columns named, ordered and typed as declared.

    Parameters
    ----------
    name
        Of the table.
    columns
        Column name to array, list, series or single value. A column of the
        table that is not given is null.

    Raises
    ------
    KeyError
        If a given column is not one of the table.

    Examples
    --------
    >>> typed("ranking", {"publisher": ["x"], "year": [2025]}).width
    7
    """
    declared = table(name)
    for given in columns:
        declared.column(given)
    height = max(len(c) for c in columns.values() if isinstance(c, list | np.ndarray | pl.Series))
    made = []
    for column in declared:
        kind = _POLARS.get(column.kind, pl.String())
        cells = columns.get(column.name)
        if isinstance(cells, np.ndarray) and column.kind is Kind.DECIMAL:
            cells = decimals(cells)
        if isinstance(cells, list | np.ndarray | pl.Series):
            series = pl.Series(column.name, cells)
            made.append(series if series.dtype == kind else series.cast(kind))
        else:
            made.append(pl.Series(column.name, [cells], dtype=kind).new_from_index(0, height))
    return pl.DataFrame(made)


_POLARS: dict[Kind, pl.DataType] = {
    Kind.DATE: pl.Date(),
    Kind.TIMESTAMP: pl.Datetime("us", "UTC"),
    Kind.YEAR: pl.Int32(),
    Kind.INTEGER: pl.Int64(),
    Kind.DECIMAL: pl.Decimal(24, 4),
    Kind.NUMBER: pl.Float64(),
    Kind.FLAG: pl.Boolean(),
}
