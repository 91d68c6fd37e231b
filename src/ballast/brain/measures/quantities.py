"""What every measure does with its quantities, written once.

Three rules hold in this room. A quantity that is NULL is *unknown*, not zero:
it is left out of every sum, and what would rest on it alone is NULL. A result
that does not exist is NULL, never 0, infinity or NaN. Quantities are not
negative: the declarations of the lake forbid that, and no measure tests it
again row by row (a negative input gives a number without meaning).

Division is guarded by ``NULLIF`` rather than by the engine's own rule, because
the engines differ: DuckDB answers 1/0 with NULL or infinity depending on a
setting, Spark with an error.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["attach", "known", "number", "ratio", "total"]


def number(column: ir.Column) -> ir.FloatingColumn:
    """Return a quantity as float64, NaN as NULL.

    Parameters
    ----------
    column
        Any numeric column: integers, exact decimals, floating point.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"x": [1.5, float("nan")]}))
    >>> t.select(x=number(t.x)).to_pyarrow()["x"].to_pylist()
    [1.5, None]
    """
    if column.type().is_floating():
        return column.isnan().ifelse(ibis.null("float64"), column.cast("float64"))
    return column.cast("float64")


def total(column: ir.Column) -> ir.FloatingScalar:
    """Return the sum of the known quantities as float64; NULL if none is known.

    Integers and decimals are added exactly and turned into floating point
    afterwards, so that the sum does not depend on the order of the rows.

    Parameters
    ----------
    column
        Any numeric column.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"x": [1, 2]}))
    >>> t.aggregate(x=total(t.x)).to_pyarrow()["x"].to_pylist()
    [3.0]
    """
    if column.type().is_floating():
        return number(column).sum()
    return column.sum().cast("float64")


def ratio(numerator: ir.Value, denominator: ir.Value) -> ir.FloatingValue:
    """Return numerator / denominator; NULL where the denominator is zero or unknown.

    Parameters
    ----------
    numerator, denominator
        Quantities in the same unit; the ratio has none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"x": [1.0, 1.0], "y": [4.0, 0.0]}))
    >>> t.select(r=ratio(t.x, t.y)).to_pyarrow()["r"].to_pylist()
    [0.25, None]
    """
    return numerator / denominator.nullif(0.0)


def known(table: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return the rows of which every key is known.

    Parameters
    ----------
    table
        Any table.
    keys
        Names of its key columns. A row that names no region or no industry
        belongs to no cell and is left out of all sums.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"region": ["a", None], "x": [1, 2]}))
    >>> known(t, ["region"]).to_pyarrow().to_pylist()
    [{'region': 'a', 'x': 1}]
    """
    return table.filter([table[key].notnull() for key in keys]) if keys else table


def attach(left: ir.Table, right: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return every row of left with the columns of right that share its keys.

    Parameters
    ----------
    left
        Any table.
    right
        At most one row for each combination of keys; without keys, one row.
    keys
        Columns that both have. They come back once.

    Examples
    --------
    >>> import pyarrow as pa
    >>> left = ibis.memtable(pa.table({"k": ["a", "b"]}))
    >>> right = ibis.memtable(pa.table({"k": ["a"], "x": [1]}))
    >>> attach(left, right, ["k"]).order_by("k").to_pyarrow().to_pylist()
    [{'k': 'a', 'x': 1}, {'k': 'b', 'x': None}]
    """
    if not keys:
        return left.cross_join(right)
    joined = left.left_join(right, list(keys), rname="{name}__beside")
    return joined.drop([f"{key}__beside" for key in keys])
