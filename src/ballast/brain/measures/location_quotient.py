"""Location quotient (区位商): is an industry over-represented in a region?

The totals of regions, of industries and of everything come out of the cells by
grouping and are joined back, so the rows underneath are read once.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.quantities import attach, known, ratio, total

__all__ = ["location_quotients", "quotient"]


def quotient(region_share: ir.Value, reference_share: ir.Value) -> ir.FloatingValue:
    """Return the location quotient of two shares; NULL where the reference has none.

    Parameters
    ----------
    region_share, reference_share
        An industry's share of the region and of the reference, 0 to 1.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> t = ibis.memtable(pa.table({"own": [0.3, 0.1], "all": [0.1, 0.0]}))
    >>> t.select(lq=quotient(t.own, t["all"]).round(6)).to_pyarrow()["lq"].to_pylist()
    [3.0, None]
    """
    return ratio(region_share, reference_share)


def location_quotients(
    table: ir.Table,
    *,
    value: str,
    region: str = "region",
    industry: str = "industry",
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
    region_totals: ir.Table | None = None,
    reference_total: ir.Table | None = None,
) -> ir.Table:
    """Return the location quotient of every industry in every region.

    Parameters
    ----------
    table
        Rows with ``region``, ``industry``, ``value``; establishments or cells,
        rows of one cell are added first.
    value
        The quantity, ≥ 0: persons, establishments, 1e4 CNY of output.
    region, industry
        The columns that name the two sides of a cell.
    within
        Columns apart from each other, such as ``["period"]``; every other
        table given must have them too.
    reference
        The economy compared with: rows with ``industry`` and ``value``, such
        as the nation's. Default: all regions of ``table`` together.
    region_totals
        Rows with ``region`` and ``value``: what e_r is. Default: the sum over
        the region's cells. To be given where the cells overlap (an industry in
        several clusters) or do not cover the region.
    reference_total
        Rows with ``value``: what e is. Default: the sum of ``reference`` if
        given, else of ``region_totals`` if given, else of the cells.

    Returns
    -------
    ir.Table
        ``within``, ``region``, ``industry``, ``value`` (float64),
        ``region_share`` (e_ri/e_r), ``reference_share`` (e_i/e) and
        ``location_quotient`` (no unit, ≥ 0). NULL where the cell is unknown,
        the region's total is zero, or the reference has none of the industry.
        An unknown cell is left out of all totals; a cell without a row has no
        quotient and counts as zero in the totals.

    Notes
    -----
    Equation: LQ_ri = (e_ri / e_r) / (e_i / e)

    e_ri: industry i in region r; e_r: all industries in r; e_i: industry i in
    the reference; e: all industries in the reference.

    Sources: P. S. Florence, Investment, Location, and Size of Plant (Cambridge,
    1948); W. Isard, Methods of Regional Analysis (MIT Press, 1960).

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["a", "a", "b", "b"], "industry": ["x", "y"] * 2, "n": [30, 10, 10, 50]}
    >>> lq = location_quotients(ibis.memtable(pa.table(rows)), value="n")
    >>> [round(q, 3) for q in lq.order_by("region", "industry").to_pyarrow()[-1].to_pylist()]
    [1.875, 0.417, 0.417, 1.389]
    """
    cells = known(table, [*within, region, industry]).aggregate(
        total(table[value]).name(value), by=[*within, region, industry]
    )
    e_r = _sums(region_totals if region_totals is not None else cells, value, [*within, region])
    e_i = _sums(reference if reference is not None else cells, value, [*within, industry])
    if reference_total is None:
        # The totals of regions or of industries are few; adding them once more is free,
        # adding the millions of cells a third time is not.
        reference_total = e_r if reference is None else e_i
        e = _sums(reference_total.rename({value: "sum__"}), value, within)
    else:
        e = _sums(reference_total, value, within)
    beside = attach(cells, e_r.rename(e_r="sum__"), [*within, region])
    beside = attach(beside, e_i.rename(e_i="sum__"), [*within, industry])
    beside = attach(beside, e.rename(e="sum__"), within)
    region_share = ratio(beside[value], beside.e_r)
    reference_share = ratio(beside.e_i, beside.e)
    return beside.select(
        *within,
        region,
        industry,
        value,
        region_share=region_share,
        reference_share=reference_share,
        location_quotient=quotient(region_share, reference_share),
    )


def _sums(table: ir.Table, value: str, keys: Sequence[str]) -> ir.Table:
    return known(table, keys).aggregate(sum__=total(table[value]), by=list(keys))
