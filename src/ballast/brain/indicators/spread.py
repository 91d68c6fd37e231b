"""Facts spread over what an enterprise has several of: industries by weight, clusters, chains.

The one place where joining is meant to multiply rows. Every copy of an
enterprise is one of its industries and carries that industry's weight; a
cluster then picks copies. Weights of clusters would not do instead: two of
them multiplied (a cluster within a chain) are not the weight of what the two
share, and an enterprise named by two paths would be counted along both.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_members import members
from ballast.brain.cluster_revenue import industry_weights
from ballast.brain.indicators.compile import COPY, COUNTS, WEIGHT
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.facts import column_of
from ballast.brain.places import inside
from ballast.terms.industry import industries
from ballast.terms.scheme import IndustryLevel, RegionScheme

__all__ = ["as_clusters", "over_groupings", "over_industries"]

_BOTH = "|"  # occurs in no code


def over_industries(facts: ir.Table, *, weighted: bool) -> ir.Table:
    """Return facts with a copy of each enterprise for each of its industries.

    Parameters
    ----------
    facts
        Rows with the columns of `facts.industrial_enterprises`.
    weighted
        Cut by the industries of the copies, and count an enterprise by the
        weights; else the industry columns stay those of the main industry.

    Returns
    -------
    ir.Table
        The facts with ``industry__`` (the copy's), ``weight__`` and, where
        ``weighted``, ``counts__``. Over its copies the weights of an
        enterprise sum to 1. An industrial enterprise's trade is a copy too.
    """
    weights = industry_weights(_keyed(facts)).drop("industry_scheme")
    weights = weights.select(key__=weights.uscc, **{COPY: weights.industry, WEIGHT: weights.weight})
    rows = facts.mutate(key__=_key(facts)).inner_join(weights, "key__").drop("key__")
    if not weighted:
        return rows
    code, division = rows[COPY], rows[COPY].substr(0, 2)
    sections = [(d.code, d.parent or "") for d in industries(IndustryLevel.DIVISION)]
    levels: dict[Dimension, ir.StringValue] = {
        Dimension.INDUSTRY_SECTION: division.cases(*sections, else_=""),
        Dimension.INDUSTRY_DIVISION: division,
        Dimension.INDUSTRY_GROUP: (code.length() >= 3).ifelse(code.substr(0, 3), ""),
        Dimension.INDUSTRY_CLASS: (code.length() == 4).ifelse(code, ""),
    }
    found: dict[str, ir.Value] = {column_of(d): value for d, value in levels.items()}
    return rows.mutate(**found, **{COUNTS: rows[WEIGHT]})


def over_groupings(
    copies: ir.Table,
    definition: ir.Table,
    *,
    dimension: Dimension,
    name: str,
    only: Sequence[str] | None,
    apart: bool,
) -> ir.Table:
    """Return the copies of what clusters or chains count.

    Parameters
    ----------
    copies
        What `over_industries` returns.
    definition
        The table ``cluster_definition``, or what `as_clusters` makes of chains.
    dimension
        ``CLUSTER`` or ``CHAIN``: the column that the copies get.
    name
        Which set of definitions.
    only
        Only these keys; ``None``: all.
    apart
        One copy for each cluster; else the clusters taken as one, in which an
        enterprise's industry counts once, however many of them name it.
    """
    rows = definition.filter(definition.definition == name)
    if only is not None:
        rows = rows.filter(rows.cluster.isin(list(only)))
    if not apart:
        rows = rows.mutate(cluster=ibis.literal("all"))
    places = copies.select(
        "industry_scheme", "region", "zone", key__=_key(copies), industry=copies[COPY]
    ).distinct()
    found = members(rows, places, definition=name)
    joined = places.inner_join(found, ["industry_scheme", "industry"])
    is_zone = joined.place_scheme == RegionScheme.EXT.value
    where = is_zone.fill_null(False).ifelse(joined.zone, joined.region)
    joined = joined.filter(inside(where, joined.place_scheme, joined.place))
    once = joined.select("key__", grouping__=joined.cluster, **{COPY: joined.industry}).distinct()
    picked = copies.mutate(key__=_key(copies)).inner_join(once, ["key__", COPY])
    if apart:
        picked = picked.mutate(**{column_of(dimension): picked.grouping__})
    return picked.drop("key__", "grouping__")


def as_clusters(chain_definition: ir.Table) -> ir.Table:
    """Return chains in the shape of cluster definitions: a chain counts its stages' industries.

    Returns
    -------
    ir.Table
        What `over_groupings` reads; ``definition`` is ``chain``.
    """
    rows = chain_definition
    return rows.select(
        "industry_scheme",
        "industry",
        definition=ibis.literal("chain"),
        cluster=rows.chain,
        region=ibis.literal(""),
        region_scheme=ibis.literal(""),
    )


def _key(facts: ir.Table) -> ir.StringValue:
    return facts.uscc + ibis.literal(_BOTH) + facts.target


def _keyed(facts: ir.Table) -> ir.Table:
    """Return what the weights are made from: one row for each enterprise and period wanted."""
    return facts.select(
        "industry_scheme", "industry", "other_industries", uscc=_key(facts)
    ).distinct()
