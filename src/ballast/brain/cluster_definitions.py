"""What clusters are defined as: their industries and where they count, for anyone.

A definition is a public table and says nothing of any enterprise, except in
one column: the names of leading ones, which therefore is not read here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.names import names
from ballast.brain.picture_clusters import definition_of
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer

__all__ = ["DefinedCluster", "DefinedClusters", "DefinedIndustry", "defined_clusters"]


@dataclass(frozen=True, slots=True)
class DefinedIndustry:
    """One industry of a cluster, and the place in which it counts (``None``: anywhere)."""

    code: str
    label: Label
    place: str | None
    place_label: Label | None


@dataclass(frozen=True, slots=True)
class DefinedCluster:
    """One cluster: its key, its name, what it counts."""

    key: str
    label: Label
    industries: tuple[DefinedIndustry, ...]

    @property
    def place(self) -> DefinedIndustry | None:
        """One of its industries where all count in one and the same place; else ``None``."""
        first = self.industries[0]
        same = all(each.place == first.place for each in self.industries)
        return first if same and first.place is not None else None


@dataclass(frozen=True, slots=True)
class DefinedClusters:
    """A set of definitions: its name (``None``: nothing is loaded) and its clusters by key."""

    name: str | None
    clusters: tuple[DefinedCluster, ...]

    def find(self, key: str) -> DefinedCluster | None:
        """Return one cluster, or ``None``."""
        return next((each for each in self.clusters if each.key == key), None)


def defined_clusters(lake: Lake, viewer: Viewer, region: str) -> DefinedClusters:
    """Return the clusters that are followed in a region.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    region
        A GB/T 2260 code or a zone's: decides which set of definitions is the region's own, as in
        `picture_clusters.definition_of`.
    """
    table = lake.read("cluster_definition", viewer)
    name = definition_of(table, region)
    if name is None:
        return DefinedClusters(None, ())
    called = names(lake, viewer)
    rows = table.filter(table.definition == name)
    rows = rows.select("cluster", "name_zh", "name_en", "industry_scheme", "industry", "region")
    found: dict[str, tuple[Label, list[DefinedIndustry]]] = {}
    for row in rows.order_by("cluster", "industry", "region").to_pyarrow().to_pylist():
        key, place = row["cluster"], row["region"] or None
        label = Label(row["name_zh"] or key, row["name_en"] or row["name_zh"] or key)
        found.setdefault(key, (label, []))[1].append(
            DefinedIndustry(
                row["industry"],
                called.industry(row["industry_scheme"], row["industry"]),
                place,
                None if place is None else called.region(place),
            )
        )
    return DefinedClusters(
        name,
        tuple(DefinedCluster(key, label, tuple(held)) for key, (label, held) in found.items()),
    )
