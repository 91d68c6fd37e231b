"""Clusters by definition, as regions' employment shows them.

A cluster is a set of industries; an industry may belong to several, so the
clusters of a region may add up to more than the region. Nothing here divides
an industry between its clusters: each cluster counts the whole of it, and the
totals that shares are taken of are made from the industries, each once.

Revenue and tiers, which need enterprises, are in `cluster_revenue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from ballast.brain.cluster_members import cluster_names, members
from ballast.brain.cluster_revenue import cluster_revenue, clusters_by_revenue
from ballast.brain.measures.cluster_stars import cluster_stars
from ballast.brain.measures.location_quotient import location_quotients
from ballast.brain.measures.quantities import attach, number, total
from ballast.brain.places import inside
from ballast.brain.specialisation import RegionSchemes, cells_of, parts_of
from ballast.terms.scheme import IndustryLevel, IndustryScheme
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.lake.lake import Lake

__all__ = [
    "Base",
    "cluster_employment",
    "cluster_revenue",
    "clusters_by_employment",
    "clusters_by_revenue",
]

PERSONS = "employment_persons"


class Base(StrEnum):
    """What a cluster's share is a share of."""

    TRADED = "traded"
    """Employment in industries of traded clusters (Porter): local services are left out."""

    INDUSTRIES = "industries"
    """The sum over all industries of the level."""

    TOTAL = "total"
    """The published total of the region, which unpublished cells are part of."""


def clusters_by_employment(
    region_industry: ir.Table,
    cluster_definition: ir.Table,
    *,
    definition: str,
    region_scheme: RegionSchemes,
    industry_scheme: IndustryScheme,
    level: IndustryLevel,
    period: str,
    base: Base = Base.TRADED,
    regions: Sequence[str] | None = None,
) -> ir.Table:
    """Return the clusters of regions by persons employed, with quotients and stars.

    Parameters
    ----------
    region_industry, cluster_definition
        The tables of those names.
    definition
        Which set of definitions, such as ``"porter"``.
    region_scheme, industry_scheme, level, period
        Which cells of ``region_industry``; see `specialisation.cells_of`.
    base
        What shares are taken of, in the region and in all regions alike. With
        ``TRADED`` only traded clusters are returned: a local one has no share
        of traded employment. With ``TOTAL`` the table must hold the level
        ``total`` for the same period.
    regions
        Codes to return; None: all. Quotients and stars do not depend on it.

    Returns
    -------
    ir.Table
        ``region``, ``cluster``, ``name_zh``, ``name_en``, ``traded``,
        ``employment_persons``, ``establishments``, ``industries`` (of the
        cluster, with a row in the region), ``industries_known`` (of those,
        with persons), ``region_share``, ``reference_share``,
        ``location_quotient``, ``star_size``, ``star_specialisation``,
        ``star_focus``, ``stars``.

    Notes
    -----
    LQ = (e_rc / e_r) / (e_c / e): e_rc cluster c in region r, e_r the region's
    base, e_c and e the same over all regions loaded (a whole of which parts
    are loaded is left out). A definition that restricts an industry to a place
    restricts e_rc; e_c counts the cluster's industries everywhere, because a
    cluster that may exist in one place only would be compared with itself.

    Sources: M. Delgado, M. E. Porter, S. Stern, "Defining Clusters of Related
    Industries", Journal of Economic Geography 16 (2016); for the stars see
    `measures.cluster_stars`.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> from ballast.terms.scheme import RegionScheme
    >>> cells = {"region_scheme": ["us-cbsa"] * 4, "industry_scheme": ["naics-2017"] * 4,
    ...          "industry_level": ["naics6"] * 4, "period": ["2018"] * 4,
    ...          "region": ["a", "a", "b", "b"], "industry": ["336411", "311811"] * 2,
    ...          "employment_persons": [30, 10, 10, 50], "establishments": [1, 4, 1, 9]}
    >>> rows = {"definition": ["own"] * 2, "cluster": ["planes", "bread"], "traded": [True] * 2,
    ...         "name_zh": ["飞机", "面包"], "name_en": ["Planes", "Bread"],
    ...         "industry_scheme": ["naics-2017"] * 2, "industry": ["336411", "311811"],
    ...         "region_scheme": ["", ""], "region": ["", ""]}
    >>> found = clusters_by_employment(
    ...     ibis.memtable(pa.table(cells)), ibis.memtable(pa.table(rows)), definition="own",
    ...     region_scheme=RegionScheme.US_CBSA, industry_scheme=IndustryScheme.NAICS_2017,
    ...     level=IndustryLevel.NAICS6, period="2018", regions=["a"])
    >>> found = found.select("cluster", "location_quotient").order_by("cluster").to_pyarrow()
    >>> [(row["cluster"], round(row["location_quotient"], 3)) for row in found.to_pylist()]
    [('bread', 0.417), ('planes', 1.875)]
    """

    at = partial(
        cells_of,
        region_industry,
        region_scheme=region_scheme,
        industry_scheme=industry_scheme,
        period=period,
    )
    cells = at(level=level)
    names = cluster_names(cluster_definition, definition=definition)
    if base is Base.TRADED:
        names = names.filter(names.traded)
    found = members(cluster_definition, cells, definition=definition)
    found = found.semi_join(names, "cluster")

    if base is Base.TRADED:
        totals = cells.semi_join(found, ["industry_scheme", "industry"])
    elif base is Base.INDUSTRIES:
        totals = cells
    else:
        totals = at(level=IndustryLevel.TOTAL)
    here = _in_clusters(cells, found)
    everywhere = cells.join(
        found.select("cluster", "industry_scheme", "industry").distinct(),
        ["industry_scheme", "industry"],
    )
    quotients = location_quotients(
        here,
        value=PERSONS,
        industry="cluster",
        reference=parts_of(everywhere),
        region_totals=totals,
        reference_total=parts_of(totals),
    )
    starred = attach(cluster_stars(quotients, value=PERSONS), _counts(here), ["region", "cluster"])
    result = attach(starred, names, ["cluster"])
    if regions is not None:
        result = result.filter(result.region.isin(list(regions)))
    return result.select(
        "region", "cluster", "name_zh", "name_en", "traded",
        PERSONS, "establishments", "industries", "industries_known",
        "region_share", "reference_share", "location_quotient",
        "star_size", "star_specialisation", "star_focus", "stars",
    )  # fmt: skip


def cluster_employment(
    lake: Lake,
    viewer: Viewer,
    *,
    definition: str,
    region_scheme: RegionSchemes,
    industry_scheme: IndustryScheme,
    level: IndustryLevel,
    period: str,
    base: Base = Base.TRADED,
    regions: Sequence[str] | None = None,
) -> ir.Table:
    """Return `clusters_by_employment` of what the lake holds and the viewer may read.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    definition, region_scheme, industry_scheme, level, period, base, regions
        As in `clusters_by_employment`.

    Raises
    ------
    NotPermitted
        If the viewer may not read the tables.
    """
    return clusters_by_employment(
        lake.read("region_industry", viewer),
        lake.read("cluster_definition", viewer),
        definition=definition,
        region_scheme=region_scheme,
        industry_scheme=industry_scheme,
        level=level,
        period=period,
        base=base,
        regions=regions,
    )


def _in_clusters(cells: ir.Table, found: ir.Table) -> ir.Table:
    """Return one row for each cell and each cluster that counts it there."""
    joined = cells.join(found, ["industry_scheme", "industry"])
    joined = joined.filter(inside(joined.region, joined.place_scheme, joined.place))
    # A code may count in one place by two rows: everywhere, and there in particular.
    keys = ("cluster", "region_scheme", "region", "industry_scheme", "industry")
    return joined.select(*keys, PERSONS, "establishments").distinct()


def _counts(here: ir.Table) -> ir.Table:
    return here.aggregate(
        establishments=total(here.establishments),
        industries=here.count(),
        industries_known=number(here[PERSONS]).count(),
        by=["region", "cluster"],
    )
