"""Clusters by definition, as their enterprises' revenue shows them, with tiers.

An enterprise has several industries and a cluster several rows for one of
them; joining the two multiplies rows. So revenue is joined last: first every
enterprise gets one weight in every cluster (at most 1), then its one revenue
of the year is multiplied by it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_members import cluster_names, members
from ballast.brain.places import inside, stem
from ballast.brain.tiers import tier
from ballast.brain.yearly import yearly
from ballast.terms.scheme import RegionScheme
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.lake.lake import Lake

__all__ = [
    "cluster_parts",
    "cluster_revenue",
    "cluster_weights",
    "clusters_by_revenue",
    "industry_weights",
    "registered",
]

REVENUE = "revenue_1e4_cny"


def registered(enterprise: ir.Table, *, on: date) -> ir.Table:
    """Return one row for each enterprise: what was registered on a day.

    Parameters
    ----------
    enterprise
        The table of that name, a row for every change.
    on
        The day. An enterprise of which only later rows are known is taken as
        the earliest of them says: a register that begins in 2025 does not
        lose the figures of 2024.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"uscc": ["e"] * 2, "valid_from": [date(2020, 1, 1), date(2024, 7, 1)],
    ...         "region": ["371523", "371503"]}
    >>> e = registered(ibis.memtable(pa.table(rows)), on=date(2023, 12, 31))
    >>> e.to_pyarrow()["region"].to_pylist()
    ['371523']
    """
    day = ibis.literal(on)
    known_by = (enterprise.valid_from <= day).fill_null(True)
    distance = ibis.ifelse(known_by, day.delta(enterprise.valid_from, unit="day"), 0)
    place = ibis.row_number().over(
        group_by=enterprise.uscc,
        order_by=[known_by.desc(), distance.asc(), enterprise.valid_from.asc()],
    )
    ordered = enterprise.mutate(place__=place)
    return ordered.filter(ordered.place__ == 0).drop("place__")


def industry_weights(enterprise: ir.Table) -> ir.Table:
    """Return every enterprise's industries with their weights, which sum to 1.

    Parameters
    ----------
    enterprise
        One row for each enterprise: ``uscc``, ``industry_scheme``,
        ``industry`` (the main one), ``other_industries``
        (``"3452:0.3;2929:0.1"``; what is left is the main one's).

    Returns
    -------
    ir.Table
        ``uscc``, ``industry_scheme``, ``industry``, ``weight``.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"uscc": ["e"], "industry_scheme": ["gbt4754-2017"], "industry": ["3451"],
    ...         "other_industries": ["3452:0.25"]}
    >>> w = industry_weights(ibis.memtable(pa.table(rows))).order_by("industry").to_pyarrow()
    >>> w.select(["industry", "weight"]).to_pylist()
    [{'industry': '3451', 'weight': 0.75}, {'industry': '3452', 'weight': 0.25}]
    """
    main = enterprise.select("uscc", "industry_scheme", "industry")
    listed = enterprise.filter(enterprise.other_industries.fill_null("") != "")
    listed = listed.select("uscc", "industry_scheme", pair=listed.other_industries.split(";"))
    listed = listed.unnest("pair")
    parts = listed.pair.split(":")
    others = listed.select(
        "uscc", "industry_scheme", industry=parts[0], weight=parts[1].cast("float64")
    )
    taken = others.aggregate(taken__=others.weight.sum(), by=["uscc"])
    rest = main.left_join(taken, "uscc").drop("uscc_right")
    rest = rest.mutate(weight=1.0 - rest.taken__.fill_null(0.0)).drop("taken__")
    both = rest.union(others)
    return both.aggregate(weight=both.weight.sum(), by=["uscc", "industry_scheme", "industry"])


def cluster_weights(
    enterprise: ir.Table, cluster_definition: ir.Table, *, definition: str
) -> ir.Table:
    """Return how much of every enterprise counts in every cluster.

    Parameters
    ----------
    enterprise
        One row for each enterprise, as `registered` gives them.
    cluster_definition
        The table of that name. A row restricted to a zone counts enterprises
        in the zone, one restricted to a region those in the region.
    definition
        Which set of definitions.

    Returns
    -------
    ir.Table
        ``cluster``, ``uscc``, ``weight`` (above 0, at most 1): the weights of
        the enterprise's industries that the cluster counts, each once. Over
        clusters the weights of an enterprise may exceed 1.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"uscc": ["e"], "industry_scheme": ["gbt4754-2017"], "industry": ["3451"],
    ...         "other_industries": ["2929:0.25"], "region": ["371581"], "zone": [""]}
    >>> d = {"definition": ["own"] * 2, "cluster": ["bearings"] * 2, "region": ["", "371500"],
    ...      "region_scheme": ["", "gb2260"], "industry": ["345", "3451"],
    ...      "industry_scheme": ["gbt4754-2017"] * 2}
    >>> w = cluster_weights(
    ...     ibis.memtable(pa.table(rows)), ibis.memtable(pa.table(d)), definition="own")
    >>> w.to_pyarrow().to_pylist()
    [{'cluster': 'bearings', 'uscc': 'e', 'weight': 0.75}]
    """
    once = cluster_parts(enterprise, cluster_definition, definition=definition)
    summed = once.aggregate(weight=once.weight.sum(), by=["cluster", "uscc"])
    return summed.filter(summed.weight > 0)


def cluster_parts(
    enterprise: ir.Table, cluster_definition: ir.Table, *, definition: str
) -> ir.Table:
    """Return which industries of every enterprise count in every cluster, with their weights.

    Parameters
    ----------
    enterprise, cluster_definition, definition
        As in `cluster_weights`.

    Returns
    -------
    ir.Table
        ``cluster``, ``uscc``, ``industry_scheme``, ``industry``, ``weight``,
        each industry of an enterprise once in a cluster however many rows of
        the definition name it.
    """
    weights = industry_weights(enterprise)
    found = members(cluster_definition, weights, definition=definition)
    joined = weights.join(found, ["industry_scheme", "industry"])
    places = enterprise.select("uscc", region__=enterprise.region, zone__=enterprise.zone)
    joined = joined.join(places, "uscc")
    is_zone = joined.place_scheme == RegionScheme.EXT.value
    where = is_zone.fill_null(False).ifelse(joined.zone__.fill_null(""), joined.region__)
    joined = joined.filter(inside(where, joined.place_scheme, joined.place))
    return joined.select("cluster", "uscc", "industry_scheme", "industry", "weight").distinct()


def clusters_by_revenue(
    enterprise: ir.Table,
    enterprise_period: ir.Table,
    cluster_definition: ir.Table,
    *,
    definition: str,
    year: int,
    region: str | None = None,
    above_scale_only: bool = False,
) -> ir.Table:
    """Return the clusters with their revenue of a year and their tier.

    Parameters
    ----------
    enterprise, enterprise_period, cluster_definition
        The tables of those names. Industry and place of an enterprise are
        those of the year's last day.
    definition
        Which set of definitions.
    year
        The calendar year.
    region
        Only enterprises in this region (GB/T 2260); None: all.
    above_scale_only
        Only what was reported within the above-scale scope (规上).

    Returns
    -------
    ir.Table
        ``cluster``, ``name_zh``, ``name_en``, ``traded``; ``enterprises``
        (that the cluster counts, wholly or in part, whether they reported or
        not), ``enterprises_reporting`` (a revenue in the year); ``months_least``
        (the fewest months that one of those has reported: below 12 the year is
        not whole); ``revenue_1e4_cny`` (float64, NULL if nobody reported);
        ``tier`` (`tiers.Tier`). Every cluster of the definition has a row.

    Notes
    -----
    R_c = Σ_k w_kc R_k: R_k the revenue of enterprise k in the year, w_kc the
    weight of the industries that cluster c counts. Nothing is extrapolated.

    Examples
    --------
    >>> import pyarrow as pa
    >>> e = {"uscc": ["e"], "valid_from": [date(2020, 1, 1)], "industry": ["3451"],
    ...      "industry_scheme": ["gbt4754-2017"], "other_industries": ["2929:0.25"],
    ...      "region": ["371581"], "zone": [""]}
    >>> p = {"uscc": ["e"], "period": ["2025"], "revenue_1e4_cny": [2_000_000.0],
    ...      "above_scale": [True]}
    >>> d = {"definition": ["own"], "cluster": ["bearings"], "region": [""], "industry": ["345"],
    ...      "region_scheme": [""], "industry_scheme": ["gbt4754-2017"], "name_zh": ["轴承"],
    ...      "name_en": ["Bearings"], "traded": [True]}
    >>> tables = [ibis.memtable(pa.table(t)) for t in (e, p, d)]
    >>> [row] = clusters_by_revenue(*tables, definition="own", year=2025).to_pyarrow().to_pylist()
    >>> row["revenue_1e4_cny"], row["tier"]
    (1500000.0, '10-billion')
    """
    firms = registered(enterprise, on=date(year, 12, 31))
    if region is not None:
        firms = firms.filter(firms.region.startswith(stem(ibis.literal(region))))
    weights = cluster_weights(firms, cluster_definition, definition=definition)
    figures = enterprise_period
    if above_scale_only:
        figures = figures.filter(figures.above_scale)
    revenue = yearly(figures, value=REVENUE, year=year)
    joined = weights.left_join(revenue, "uscc")
    sums = joined.aggregate(
        enterprises=joined.count(),
        enterprises_reporting=joined[REVENUE].count(),
        months_least=joined.months.min(),
        **{REVENUE: (joined.weight * joined[REVENUE]).sum()},
        by=["cluster"],
    )
    names = cluster_names(cluster_definition, definition=definition)
    result = names.left_join(sums, "cluster")
    return result.select(
        result.cluster,
        "name_zh",
        "name_en",
        "traded",
        enterprises=result.enterprises.fill_null(0),
        enterprises_reporting=result.enterprises_reporting.fill_null(0),
        months_least=result.months_least,
        revenue_1e4_cny=result[REVENUE],
        tier=tier(result[REVENUE]),
    )


def cluster_revenue(
    lake: Lake,
    viewer: Viewer,
    *,
    definition: str,
    year: int,
    region: str | None = None,
    above_scale_only: bool = False,
) -> ir.Table:
    """Return `clusters_by_revenue` of what the lake holds and the viewer may read.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    definition, year, region, above_scale_only
        As in `clusters_by_revenue`.

    Raises
    ------
    NotPermitted
        If the viewer may not read the tables.
    """
    return clusters_by_revenue(
        lake.read("enterprise", viewer),
        lake.read("enterprise_period", viewer),
        lake.read("cluster_definition", viewer),
        definition=definition,
        year=year,
        region=region,
        above_scale_only=above_scale_only,
    )
