"""Two distributions side by side: what the indices of inequality start from.

Theil, Hoover, Gini and Krugman all compare how a value is spread over units
with how a weight is spread over the same units. This module lays the two out,
once: from rows (`lay_out`), or from cells of a region × industry table
(`beside_reference`), where a unit without a cell has value zero.

Laying the zero cells out would blow 700 industries × 3,000 regions up to all
its combinations. All units without a cell have the same ratio, zero, so one
row with their joint weight gives every index exactly the same number.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.quantities import attach, known, number, ratio, total

__all__ = ["beside_reference", "lay_out"]

# What is left of a total after its parts are taken away is a rounding error below this share.
ROUNDING = 1e-12


def lay_out(
    table: ir.Table, *, value: str, weight: str | None = None, within: Sequence[str] = ()
) -> ir.Table:
    """Return each row's share of the value and of the weight in its group.

    Parameters
    ----------
    table
        One row for each unit.
    value, weight
        Columns ≥ 0; without a weight every unit weighs the same.
    within
        The columns that name a group.

    Returns
    -------
    ir.Table
        ``within``, ``p`` (share of the value), ``q`` (share of the weight).
        Rows of which the value or the weight is unknown are left out. A share
        is NULL where its total is zero.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"gdp": [30, 10, None], "people": [5, 5, 5]}))
    >>> lay_out(t, value="gdp", weight="people").order_by("p").to_pyarrow().to_pylist()
    [{'p': 0.25, 'q': 0.5}, {'p': 0.75, 'q': 0.5}]
    """
    rows = known(table, within)
    # One for every row, made from a column: the literal 1.0 alone is a decimal
    # in Spark, whose division keeps a dozen digits.
    one = rows[value].notnull().cast("float64")
    rows = rows.select(
        *within, v__=number(rows[value]), w__=one if weight is None else number(rows[weight])
    )
    rows = rows.filter(rows.v__.notnull(), rows.w__.notnull())
    sums = rows.aggregate(vs__=rows.v__.sum(), ws__=rows.w__.sum(), by=list(within))
    both = attach(rows, sums, within)
    return both.select(*within, p=ratio(both.v__, both.vs__), q=ratio(both.w__, both.ws__))


def beside_reference(
    table: ir.Table,
    *,
    value: str,
    of: str,
    across: str,
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
) -> ir.Table:
    """Return how each `of` is spread across `across`, beside the reference's spread.

    Parameters
    ----------
    table
        Rows with ``of``, ``across``, ``value``; rows of one cell are added.
    value
        The quantity, ≥ 0.
    of, across
        ``of="industry", across="region"``: where an industry is.
        ``of="region", across="industry"``: what a region does.
    within
        Columns apart from each other, such as ``["period"]``.
    reference
        Rows with ``across`` and ``value``: the spread compared with. Default:
        all of ``table`` together.

    Returns
    -------
    ir.Table
        ``within``, ``of``, ``across``, ``value__``, ``weight__``: the cells
        that are known, each with the reference's quantity, and for each ``of``
        one row with ``across`` NULL for the reference's units of which it has
        no cell: value zero, their joint weight. A unit of which the cell is
        unknown is left out on both sides.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region": ["a", "b", "b"], "industry": ["x", "x", "y"], "n": [2, 3, 5]}
    >>> t = ibis.memtable(pa.table(rows))
    >>> spread = beside_reference(t, value="n", of="industry", across="region")
    >>> spread.filter(spread.industry == "y").order_by("weight__").to_pyarrow().to_pylist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'industry': 'y', 'region': None, 'value__': 0.0, 'weight__': 2.0},
     {'industry': 'y', 'region': 'b', 'value__': 5.0, 'weight__': 8.0}]
    """
    cells = known(table, [*within, of, across]).aggregate(
        value__=total(table[value]), by=[*within, of, across]
    )
    source, amount = (cells, "value__") if reference is None else (reference, value)
    weights = known(source, [*within, across]).aggregate(
        weight__=total(source[amount]), by=[*within, across]
    )
    weights = weights.filter(weights.weight__.notnull())
    whole = weights.aggregate(whole__=weights.weight__.sum(), by=list(within))
    # A unit that the reference does not have weighs nothing there.
    paired = attach(cells, weights, [*within, across]).fill_null({"weight__": 0.0})
    seen = paired.aggregate(seen__=paired.weight__.sum(), by=[*within, of])
    rest = attach(seen, whole, within)
    rest = rest.select(
        *within,
        of,
        ibis.null(cells[across].type()).name(across),
        ibis.literal(0.0).name("value__"),
        (rest.whole__ - rest.seen__).name("weight__"),
        bound__=rest.whole__ * ROUNDING,
    )
    rest = rest.filter(rest.weight__ > rest.bound__).drop("bound__")
    return paired.filter(paired.value__.notnull()).union(rest)
