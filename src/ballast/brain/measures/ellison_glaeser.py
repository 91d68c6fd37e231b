"""Ellison and Glaeser's index: is an industry more concentrated than its plants explain?

Three employers of which two share a town are no cluster; the index takes out
what a few large plants would do if they were thrown at the map like darts.
The rows are read once, into region × industry cells that carry the sum of the
squared sizes along; the totals come from the cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.quantities import attach, known, number, ratio, total

__all__ = ["ellison_glaeser"]


def ellison_glaeser(
    table: ir.Table,
    *,
    size: str,
    region: str = "region",
    industry: str = "industry",
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
) -> ir.Table:
    """Return the Ellison–Glaeser index of each industry.

    Parameters
    ----------
    table
        One row for each establishment.
    size
        Its employment in persons, ≥ 0.
    region, industry
        Where it is, and what it does.
    within
        Columns apart from each other, such as ``["period"]``.
    reference
        Rows with ``region`` and ``size``: the employment that makes x.
        Default: all industries of ``table`` together.

    Returns
    -------
    ir.Table
        ``within``; ``industry``; ``establishments`` (of known size);
        ``raw_concentration`` (G); ``herfindahl`` (H, of the establishments);
        ``ellison_glaeser`` (γ, no unit): about 0 as if at random, above 0.05
        highly concentrated in the authors' reading, below 0 spread out. γ is
        NULL where H = 1 (one establishment has all), where Σ x² = 1 (one
        region has all), or where nothing is known of the industry.
        Establishments of unknown size are left out everywhere.

    Notes
    -----
    Equations:

    G_i = Σ_r (s_ri − x_r)²;  H_i = Σ_k z_k²

    γ_i = (G_i − (1 − Σ_r x_r²) H_i) / ((1 − Σ_r x_r²) (1 − H_i))

    s_ri: region r's share of the industry's employment; x_r: its share of the
    reference; z_k: establishment k's share of the industry.

    Source: G. Ellison and E. L. Glaeser, "Geographic Concentration in U.S.
    Manufacturing Industries: A Dartboard Approach", Journal of Political
    Economy 105 (1997).

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region": ["a", "a", "b", "b"], "industry": ["x", "x", "x", "y"]}
    >>> t = ibis.memtable(pa.table(rows | {"size": [2, 2, 2, 6]}))
    >>> eg = ellison_glaeser(t, size="size").order_by("industry").to_pyarrow()
    >>> [v and round(v, 6) for v in eg["ellison_glaeser"].to_pylist()]
    [0.25, None]
    """
    rows = known(table, [*within, region, industry])
    plant = number(rows[size])
    cells = rows.aggregate(
        e__=total(rows[size]),
        squares__=(plant * plant).sum(),
        plants__=rows[size].count(),
        by=[*within, region, industry],
    )
    source, amount = (cells, "e__") if reference is None else (reference, size)
    regions = known(source, [*within, region]).aggregate(
        x__=total(source[amount]), by=[*within, region]
    )
    x_total = regions.aggregate(x_total__=total(regions.x__), by=list(within))
    regions = attach(regions, x_total, within)
    regions = regions.select(*within, region, x__=ratio(regions.x__, regions.x_total__))
    x_squares = regions.aggregate(x2__=(regions.x__ * regions.x__).sum(), by=list(within))
    industries = cells.aggregate(
        e_i__=cells.e__.sum(),
        squares_i__=cells.squares__.sum(),
        establishments=cells.plants__.sum(),
        by=[*within, industry],
    )
    cells = attach(cells.drop("squares__", "plants__"), regions, [*within, region])
    cells = attach(cells, industries.select(*within, industry, "e_i__"), [*within, industry])
    # A region that the reference does not have has no share in it.
    x = cells.x__.fill_null(0.0)
    apart = ratio(cells.e__, cells.e_i__) - x
    spread = cells.aggregate(
        apart__=(apart * apart).sum(),
        seen__=ibis.ifelse(cells.e__.notnull(), x * x, 0.0).sum(),
        by=[*within, industry],
    )
    result = attach(attach(industries, spread, [*within, industry]), x_squares, within)
    # Regions without the industry add x²; what rounding leaves below zero is no region.
    absent = result.x2__ - result.seen__
    g = result.apart__ + (absent < 0).ifelse(0.0, absent)
    h = ratio(result.squares_i__, result.e_i__ * result.e_i__)
    spare = 1.0 - result.x2__
    return result.select(
        *within,
        industry,
        "establishments",
        raw_concentration=g,
        herfindahl=h,
        ellison_glaeser=ratio(g - spare * h, spare * (1.0 - h)),
    )
