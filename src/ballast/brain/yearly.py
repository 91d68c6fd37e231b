"""A year's flow of each enterprise, from whatever periods it reported.

One enterprise reports months (January and February joined), another quarters,
a third the year to date, and some several of these: adding all rows would
count the year two or three times. So the rows of one kind are added, the kind
that covers most months is taken, and how many it covers is said.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.quantities import number

__all__ = ["yearly", "yearly_each"]


def yearly(table: ir.Table, *, value: str, year: int) -> ir.Table:
    """Return one row for each enterprise: a flow over the year.

    Parameters
    ----------
    table
        Rows with ``uscc``, ``period`` (canonical text) and ``value``, one row
        for each of both.
    value
        A flow of the period, such as ``revenue_1e4_cny``.
    year
        The calendar year.

    Returns
    -------
    ir.Table
        ``uscc``, ``value`` (float64), ``months`` (1 to 12, how many the figure
        covers). Of the kinds year, year to date (the latest), halves, quarters
        and months the one that covers most is taken, the first named if
        several do; kinds are not mixed. January and February count once, from
        their joined row where there is one. Rows with an unknown value cover
        nothing; an enterprise without a known value has no row.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"uscc": ["e"] * 4, "period": ["2025-01..02", "2025-02", "2025-03", "2025-03ytd"],
    ...         "revenue": [20.0, 9.0, 11.0, 31.5]}
    >>> yearly(ibis.memtable(pa.table(rows)), value="revenue", year=2025).to_pyarrow().to_pylist()
    [{'uscc': 'e', 'revenue': 31.5, 'months': 3}]
    """
    flows = yearly_each(table, value=value, years=(year,))
    return flows.select("uscc", value, "months")


def yearly_each(table: ir.Table, *, value: str, years: Sequence[int]) -> ir.Table:
    """Return one row for each enterprise and year: a flow over the year.

    Parameters
    ----------
    table, value
        As for `yearly`.
    years
        The calendar years.

    Returns
    -------
    ir.Table
        ``uscc``, ``year`` (int32), ``value``, ``months``, each year as `yearly` gives it.
    """
    rows = _pieces(table, value, years)
    by_year = [rows.uscc, rows.year]
    both_joined = (rows.joined__ & (rows.rank__ == 4)).any().over(group_by=by_year)
    latest = rows.month__.max().over(group_by=[*by_year, rows.rank__])
    rows = rows.mutate(both_joined__=both_joined, latest__=latest)
    in_joined = (rows.rank__ == 4) & rows.both_joined__ & ~rows.joined__ & (rows.month__ <= 2)
    superseded = (rows.rank__ == 1) & (rows.month__ < rows.latest__)
    rows = rows.filter(~(in_joined | superseded))
    covered = ibis.cases(
        (rows.rank__ == 0, 12),
        (rows.rank__ == 1, rows.month__),
        (rows.rank__ == 2, 6),
        (rows.rank__ == 3, 3),
        (rows.joined__, 2),
        else_=1,
    )
    kinds = rows.aggregate(
        value__=rows.value__.sum(), months=covered.sum(), by=["uscc", "year", "rank__"]
    )
    place = ibis.row_number().over(
        group_by=[kinds.uscc, kinds.year], order_by=[kinds.months.desc(), kinds.rank__.asc()]
    )
    kinds = kinds.mutate(place__=place)
    best = kinds.filter(kinds.place__ == 0)
    return best.select("uscc", "year", best.value__.name(value), "months")


def _pieces(table: ir.Table, value: str, years: Sequence[int]) -> ir.Table:
    """Return the rows of the years with a known value: its year, its kind, its last month."""
    text = table.period
    of_years = text.substr(0, 4).isin([f"{year}" for year in years])
    rows = table.filter(of_years, table[value].notnull())
    text = rows.period
    rows = rows.select(
        "uscc",
        year=text.substr(0, 4).cast("int32"),
        value__=number(rows[value]),
        rank__=ibis.cases(
            (text.length() == 4, 0),
            (text.endswith("ytd"), 1),
            (text.substr(4, 1) == "H", 2),
            (text.substr(4, 1) == "Q", 3),
            else_=4,
        ),
        joined__=text.contains(".."),
        # "2025-03", "2025-03ytd" and "2025-01..02": the first month named.
        month__=(text.substr(4, 1) == "-").ifelse(text.substr(5, 2), "0").cast("int64"),
    )
    return rows.filter(rows.value__.notnull())
