"""Where an industry sits, what a region lives on: indices from region × industry cells.

Each is an index of inequality (`inequality`) of cells laid beside a reference
(`distribution`), so no formula is written twice: Krugman's index is twice
Hoover's, seen from the region; the locational Gini is the Gini coefficient
with the weights of all industries.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.distribution import beside_reference
from ballast.brain.measures.inequality import gini, hoover

__all__ = ["hoover_localisation", "krugman", "locational_gini"]


def krugman(
    table: ir.Table,
    *,
    value: str,
    region: str = "region",
    industry: str = "industry",
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
) -> ir.Table:
    """Return Krugman's index of specialisation of each region.

    Parameters
    ----------
    table
        Rows with ``region``, ``industry``, ``value``.
    value
        The quantity, ≥ 0.
    region, industry
        The columns that name the two sides of a cell.
    within
        Columns apart from each other, such as ``["period"]``.
    reference
        Rows with ``industry`` and ``value``. Default: all regions together,
        the region itself among them. For Krugman's own comparison of two
        regions give the rows of the other.

    Returns
    -------
    ir.Table
        ``within``, ``region``, ``krugman`` (0: the reference's structure; 2:
        no industry in common). NULL where nothing is known of the region.
        Industries without a cell count as zero; those of which the cell is
        unknown are left out of the region and of the reference.

    Notes
    -----
    Equation: K_r = Σ_i |e_ri / e_r − e_i / e|

    Source: P. Krugman, Geography and Trade (MIT Press, 1991), lecture 3.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["a", "b", "b"], "industry": ["x", "x", "y"], "n": [2, 3, 5]}
    >>> k = krugman(ibis.memtable(pa.table(rows)), value="n").order_by("region")
    >>> [round(v, 3) for v in k.to_pyarrow()["krugman"].to_pylist()]
    [1.0, 0.25]
    """
    spread = beside_reference(
        table, value=value, of=region, across=industry, within=within, reference=reference
    )
    index = hoover(spread, value="value__", weight="weight__", within=[*within, region])
    return index.select(*within, region, krugman=2.0 * index.hoover)


def hoover_localisation(
    table: ir.Table,
    *,
    value: str,
    region: str = "region",
    industry: str = "industry",
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
) -> ir.Table:
    """Return Hoover's index of localisation of each industry.

    Parameters
    ----------
    table
        Rows with ``region``, ``industry``, ``value``.
    value
        The quantity, ≥ 0.
    region, industry
        The columns that name the two sides of a cell.
    within
        Columns apart from each other, such as ``["period"]``.
    reference
        Rows with ``region`` and ``value``, such as the regions' population.
        Default: all industries of ``table`` together.

    Returns
    -------
    ir.Table
        ``within``, ``industry``, ``hoover`` (0 to 1), as in `hoover`; NULL
        where nothing is known of the industry. Regions without a cell count as
        zero; those of which the cell is unknown are left out on both sides.

    Notes
    -----
    Equation: ½ Σ_r |e_ri / e_i − x_r|,  x_r: region r's share of the reference

    Source: E. M. Hoover, "The Measurement of Industrial Localization", Review
    of Economics and Statistics 18 (1936).

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["a", "b", "b"], "industry": ["x", "x", "y"], "n": [2, 3, 5]}
    >>> h = hoover_localisation(ibis.memtable(pa.table(rows)), value="n").order_by("industry")
    >>> [round(v, 3) for v in h.to_pyarrow()["hoover"].to_pylist()]
    [0.2, 0.2]
    """
    spread = beside_reference(
        table, value=value, of=industry, across=region, within=within, reference=reference
    )
    index = hoover(spread, value="value__", weight="weight__", within=[*within, industry])
    return index.select(*within, industry, "hoover")


def locational_gini(
    table: ir.Table,
    *,
    value: str,
    region: str = "region",
    industry: str = "industry",
    within: Sequence[str] = (),
    reference: ir.Table | None = None,
) -> ir.Table:
    """Return the locational Gini coefficient of each industry.

    Parameters
    ----------
    table
        Rows with ``region``, ``industry``, ``value``.
    value
        The quantity, ≥ 0.
    region, industry
        The columns that name the two sides of a cell.
    within
        Columns apart from each other, such as ``["period"]``.
    reference
        Rows with ``region`` and ``value``. Default: all industries of
        ``table`` together.

    Returns
    -------
    ir.Table
        ``within``, ``industry``, ``locational_gini`` (0 to 1); NULL where
        nothing is known of the industry. Krugman gives the area itself, 0 to
        ½; this is twice the area, as the Gini coefficient is elsewhere.
        Regions without a cell count as zero; those of which the cell is
        unknown are left out on both sides.

    Notes
    -----
    Equation: as in `gini`, with p_r = e_ri / e_i and q_r = region r's share of
    the reference: the regions stand in ascending order of their LQ.

    Source: P. Krugman, Geography and Trade (MIT Press, 1991), lecture 2.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["a", "b", "b"], "industry": ["x", "x", "y"], "n": [2, 3, 5]}
    >>> g = locational_gini(ibis.memtable(pa.table(rows)), value="n").order_by("industry")
    >>> [round(v, 3) for v in g.to_pyarrow()["locational_gini"].to_pylist()]
    [0.2, 0.2]
    """
    spread = beside_reference(
        table, value=value, of=industry, across=region, within=within, reference=reference
    )
    index = gini(spread, value="value__", weight="weight__", within=[*within, industry])
    return index.select(*within, industry, locational_gini=index.gini)
