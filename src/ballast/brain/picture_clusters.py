"""The region's clusters: size, tier, and how special they are among its own places.

Revenue and tier are `cluster_revenue`'s. Quotient and stars compare places
within the region (counties without their zones, and the zones), because what
a cluster's definition names, classes in one place, no table of the nation
holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from ballast.brain.cluster_revenue import cluster_weights, clusters_by_revenue
from ballast.brain.measures.cluster_stars import cluster_stars
from ballast.brain.measures.location_quotient import location_quotients
from ballast.brain.picture_shape import ClusterSize
from ballast.brain.places import inside
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.scheme import RegionScheme
from ballast.words.numbers import Absence

__all__ = ["clusters_of", "definition_of"]

Row = Mapping[str, Any]


def definition_of(cluster_definition: ir.Table, region: str) -> str | None:
    """Return the definition to show: one that names places of the region, if there is one.

    Parameters
    ----------
    cluster_definition
        The table of that name.
    region
        A GB/T 2260 code.
    """
    rows = cluster_definition
    place = rows.region.fill_null("")
    gb = ibis.literal(RegionScheme.GB2260.value)
    own = (place != "") & inside(place, gb, ibis.literal(region))
    counted = rows.aggregate(own=own.sum(), rows=rows.count(), by=["definition"])
    found = counted.order_by(counted.own.desc(), counted.rows.desc(), "definition").limit(1)
    chosen: list[Row] = found.to_pyarrow().to_pylist()
    return chosen[0]["definition"] if chosen else None


def clusters_of(
    enterprises: ir.Table,
    above_scale: ir.Table,
    cluster_definition: ir.Table,
    ends: ir.Table,
    *,
    definition: str,
    year: Period,
    names: Callable[[str], Label],
    compared: bool = True,
) -> tuple[ClusterSize, ...]:
    """Return the clusters of which somebody here reported a revenue, largest first.

    Parameters
    ----------
    enterprises
        One row for each enterprise of the region, as registered at the end of
        the picture's period.
    above_scale
        What the region's above-scale enterprises reported.
    cluster_definition
        The table of that name.
    ends
        Rows of above-scale enterprises at the end of ``year``: ``uscc``,
        ``place``, ``employment_persons``.
    definition, year
        Which clusters, sized over which year.
    names
        Returns what the place of a code is called.
    compared
        Whether the year before is known as a whole; beside some of its months everything would
        seem to have grown.
    """

    def sized(which: int) -> dict[str, Row]:
        found = clusters_by_revenue(
            enterprises,
            above_scale,
            cluster_definition,
            definition=definition,
            year=which,
        )
        return {row["cluster"]: row for row in found.to_pyarrow().to_pylist()}

    now, before = sized(year.year), sized(year.year - 1) if compared else {}
    places = _places(cluster_definition, definition)
    cells = _cells(enterprises, cluster_definition, ends, definition)
    persons = _persons(enterprises, cluster_definition, ends, definition)
    return tuple(
        sorted(
            (
                _cluster(
                    row,
                    before.get(key, {}),
                    place := places.get(key),
                    cells.get((key, place), {}),
                    persons.get(key),
                    names,
                )
                for key, row in now.items()
                if row["enterprises_reporting"]
            ),
            key=lambda c: (-(c.revenue or 0), c.key),
        )
    )


def _cluster(
    row: Row,
    before: Row,
    place: str | None,
    cell: Row,
    persons: float | None,
    names: Callable[[str], Label],
) -> ClusterSize:
    revenue, base = row["revenue_1e4_cny"], before.get("revenue_1e4_cny")
    tier = row["tier"]
    return ClusterSize(
        key=row["cluster"],
        label=Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"]),
        place=None if place is None else names(place),
        tier=None if tier in (None, Tier.BELOW.value) else TIER_LABELS[Tier(tier)],
        revenue=revenue,
        enterprises=row["enterprises_reporting"],
        employment=None if persons is None else round(persons),
        quotient=cell.get("location_quotient"),
        stars=cell.get("stars"),
        growth=(revenue / base - 1) * 100 if revenue is not None and base else None,
        absence=Absence.NO_DATA if revenue is None else None,
    )


def _places(cluster_definition: ir.Table, definition: str) -> dict[str, str]:
    """Return the place of each cluster that lies in one only."""
    rows = cluster_definition.filter(cluster_definition.definition == definition)
    place = rows.region.fill_null("")
    found = rows.aggregate(least=place.min(), most=place.max(), by=["cluster"])
    return {
        row["cluster"]: row["least"]
        for row in found.to_pyarrow().to_pylist()
        if row["least"] and row["least"] == row["most"]
    }


def _weighted(weights: ir.Table, ends: ir.Table) -> ir.Table:
    joined = weights.inner_join(ends.select("uscc", "place", "employment_persons"), "uscc")
    return joined.mutate(persons=joined.weight * joined.employment_persons.cast("float64"))


def _persons(
    enterprises: ir.Table, cluster_definition: ir.Table, ends: ir.Table, definition: str
) -> dict[str, float | None]:
    weights = cluster_weights(enterprises, cluster_definition, definition=definition)
    rows = _weighted(weights, ends)
    found = rows.aggregate(persons=rows.persons.sum(), by=["cluster"]).to_pyarrow().to_pylist()
    return {row["cluster"]: row["persons"] for row in found}


def _cells(
    enterprises: ir.Table, cluster_definition: ir.Table, ends: ir.Table, definition: str
) -> dict[tuple[str, str | None], Row]:
    """Return quotient and stars of every cluster's industries in every place of the region."""
    anywhere = cluster_definition.mutate(region=ibis.literal(""), region_scheme=ibis.literal(""))
    weights = cluster_weights(enterprises, anywhere, definition=definition)
    quotients = location_quotients(
        _weighted(weights, ends),
        value="persons",
        region="place",
        industry="cluster",
        region_totals=ends.select("place", persons=ends.employment_persons.cast("float64")),
    )
    rows = cluster_stars(quotients, value="persons").to_pyarrow().to_pylist()
    if len({row["place"] for row in rows}) < 2:
        return {}  # one place compared with itself is 1 and says nothing
    return {(row["cluster"], row["place"]): row for row in rows}
