"""Where a cluster's industries are: quotient and stars in every place of the region.

A cluster that its definition restricts to one place is compared with the same
industries elsewhere, so here the definition's place is left out: what counts
is what the industries are, wherever they are. Places are counties without
their zones, and the zones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis.expr.types as ir

from ballast.brain.cluster_growth import KEYS
from ballast.brain.cluster_shape import Kind, PlaceRow, Stars
from ballast.brain.measures.cluster_stars import cluster_stars
from ballast.brain.measures.location_quotient import location_quotients
from ballast.terms.label import Label

__all__ = ["place_rows", "place_standing", "places_of_clusters"]


def places_of_clusters(cluster_definition: ir.Table, definition: str) -> dict[str, str]:
    """Return the place of each cluster that lies in one only.

    Parameters
    ----------
    cluster_definition, definition
        The table of that name, and which set of it.
    """
    rows = cluster_definition.filter(cluster_definition.definition == definition)
    place = rows.region.fill_null("")
    found = rows.aggregate(least=place.min(), most=place.max(), by=["cluster"])
    return {
        row["cluster"]: row["least"]
        for row in found.to_pyarrow().to_pylist()
        if row["least"] and row["least"] == row["most"]
    }


def place_standing(belongs: ir.Table, ends: ir.Table) -> ir.Table:
    """Return quotient and stars of every profile in every place.

    Parameters
    ----------
    belongs
        As `cluster_growth.belonging` gives it, clusters without their places.
    ends
        Above-scale enterprises at the end of the year: ``uscc``, ``place``,
        ``employment_persons``.

    Returns
    -------
    ir.Table
        ``kind``, ``key``, ``place``, ``persons``, ``region_share``,
        ``reference_share``, ``location_quotient`` and the stars; a kind is
        ranked apart from the others.
    """
    counted = ends.select("uscc", "place", persons=ends.employment_persons.cast("float64"))
    once = belongs.aggregate(weight=belongs.weight.sum(), by=[*KEYS, "uscc"])
    joined = once.inner_join(counted, "uscc")
    rows = joined.select(*KEYS, "place", persons=joined.weight * joined.persons)
    totals = belongs.select("kind").distinct().cross_join(counted.select("place", "persons"))
    quotients = location_quotients(
        rows,
        value="persons",
        region="place",
        industry="key",
        within=["kind"],
        region_totals=totals,
    )
    return cluster_stars(quotients, value="persons", cluster="key", within=["kind"])


def place_rows(
    belongs: ir.Table,
    ends: ir.Table,
    called: Callable[[str], Label],
    own: Mapping[str, str],
) -> dict[tuple[Kind, str], tuple[PlaceRow, ...]]:
    """Return the places of every profile, most persons first.

    Parameters
    ----------
    belongs, ends
        As in `place_standing`.
    called
        Returns what the place of a code is called.
    own
        Of each cluster that lies in one place, that place.

    Returns
    -------
    dict
        Empty where there is only one place: compared with itself it says nothing.
    """
    rows: list[Mapping[str, Any]] = place_standing(belongs, ends).to_pyarrow().to_pylist()
    if len({row["place"] for row in rows}) < 2:
        return {}
    found: dict[tuple[Kind, str], list[PlaceRow]] = {}
    for row in sorted(rows, key=lambda r: (-(r["persons"] or 0.0), r["place"])):
        kind, key, place = Kind(row["kind"]), row["key"], row["place"]
        found.setdefault((kind, key), []).append(
            PlaceRow(
                code=place,
                label=called(place),
                persons=row["persons"],
                share=row["region_share"],
                quotient=row["location_quotient"],
                stars=Stars(
                    row["star_size"], row["star_specialisation"], row["star_focus"], row["stars"]
                ),
                own=kind is Kind.CLUSTER and own.get(key) == place,
            )
        )
    return {key: tuple(places) for key, places in found.items()}
