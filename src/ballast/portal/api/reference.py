"""Code lists: regions, industries, and the clusters that were defined."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from ballast.brain.names import names
from ballast.errors import InvalidTerm
from ballast.portal.api.callers import Asker
from ballast.portal.api.cursors import page
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.rows import Cursor, Limit
from ballast.portal.api.shapes import LabelShape, Shape, label_shape
from ballast.terms import industry, region
from ballast.terms.industry_table import Industry
from ballast.terms.industry_table import search as search_industries
from ballast.terms.label import Label
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme

__all__ = ["Text", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["reference"])

Text = Annotated[
    str | None, Query(min_length=1, max_length=100, description="A code, a name, or part of one.")
]


class RegionShape(Shape):
    """One region."""

    code: str
    scheme: str
    label: LabelShape
    level: str | None
    parent: str | None
    valid_from_year: int | None
    valid_to_year: int | None


class Regions(Shape):
    """A page of regions."""

    regions: list[RegionShape]
    next: str | None


class IndustryEntry(Shape):
    """One industry of GB/T 4754-2017."""

    code: str
    level: str
    parent: str | None
    label: LabelShape


class Industries(Shape):
    """A page of industries, in the order of the standard."""

    scheme: str
    industries: list[IndustryEntry]
    next: str | None


class IndustryOfCluster(Shape):
    """An industry that a cluster consists of."""

    scheme: str
    code: str
    label: LabelShape
    region: str | None = Field(description="Counts only there; null: anywhere.")


class ClusterEntry(Shape):
    """A cluster as defined."""

    definition: str
    cluster: str
    label: LabelShape
    traded: bool
    industries: list[IndustryOfCluster]


class Clusters(Shape):
    """A page of clusters, by definition and key."""

    clusters: list[ClusterEntry]
    next: str | None


@router.get("/api/v1/regions", operation_id="listRegions")
def list_regions(
    ask: Asker,
    q: Text = None,
    parent: Annotated[
        str | None, Query(pattern=r"^[0-9]{6}$", description="Those directly below this one.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Regions:
    """List regions: those found by a text, or those below one; the provinces without either."""
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
        called = names(lake, ask.viewer)
        loaded = lake.read("region", ask.viewer)
        zones = loaded.filter(loaded.parent == (parent or NATION)).select("region").to_pyarrow()
    if parent is not None:
        region.region(parent)
    if q is not None:
        codes = called.find_regions(q)
        if parent is not None:
            below = {*region.children(parent), *zones["region"].to_pylist()}
            codes = [code for code in codes if code in below]
    else:
        codes = [*region.children(parent or NATION), *sorted(zones["region"].to_pylist())]
    kept, more = page(codes, ["regions", q, parent], limit, cursor)
    return Regions(regions=[_region(code, called.region(code)) for code in kept], next=more)


@router.get("/api/v1/industries", operation_id="listIndustries")
def list_industries(
    ask: Asker,
    q: Text = None,
    parent: Annotated[
        str | None, Query(max_length=10, description="This one and those under it.")
    ] = None,
    level: Annotated[
        IndustryLevel | None, Query(description="section, division, group or class.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Industries:
    """List industries of GB/T 4754-2017."""
    found = industry.industries(level, within=parent)
    if q is not None:
        hits = {hit.code for hit in search_industries(q)}
        found = tuple(each for each in found if each.code in hits)
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
    kept, more = page(found, ["industries", q, parent, level], limit, cursor)
    return Industries(
        scheme=IndustryScheme.GBT4754_2017.value,
        industries=[_industry(each) for each in kept],
        next=more,
    )


@router.get("/api/v1/clusters", operation_id="listClusters")
def list_clusters(
    ask: Asker,
    q: Text = None,
    definition: Annotated[
        str | None, Query(max_length=60, description="Only of this set of definitions.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Clusters:
    """List clusters as they were defined, with their industries."""
    with ask.lakes.lend() as lake:
        ask.tagged(lake)
        called = names(lake, ask.viewer)
        rows = lake.read("cluster_definition", ask.viewer)
        if definition is not None:
            rows = rows.filter(rows.definition == definition.replace("\0", ""))
        held = rows.order_by("definition", "cluster", "industry", "region").to_pyarrow().to_pylist()
    found: dict[tuple[str, str], ClusterEntry] = {}
    for row in held:
        entry = found.setdefault((row["definition"], row["cluster"]), _cluster(row))
        code, scheme = row["industry"], row["industry_scheme"]
        entry.industries.append(
            IndustryOfCluster(
                scheme=scheme,
                code=code,
                label=label_shape(called.industry(scheme, code)),
                region=row["region"] or None,
            )
        )
    entries = [entry for entry in found.values() if q is None or _named(entry, q)]
    kept, more = page(entries, ["clusters", q, definition], limit, cursor)
    return Clusters(clusters=kept, next=more)


def _region(code: str, label: Label) -> RegionShape:
    try:
        known = region.region(code)
    except InvalidTerm:  # of a scheme that was loaded
        scheme = RegionScheme.EXT if region.is_extension(code) else RegionScheme.US_CBSA
        return RegionShape(
            code=code,
            scheme=scheme.value,
            label=label_shape(label),
            level=None,
            parent=None,
            valid_from_year=None,
            valid_to_year=None,
        )
    return RegionShape(
        code=code,
        scheme=known.scheme.value,
        label=label_shape(label),
        level=known.level.value,
        parent=known.parent,
        valid_from_year=known.valid_from_year,
        valid_to_year=known.valid_to_year,
    )


def _industry(each: Industry) -> IndustryEntry:
    return IndustryEntry(
        code=each.code, level=each.level.value, parent=each.parent, label=label_shape(each.label)
    )


def _cluster(row: dict[str, Any]) -> ClusterEntry:
    zh, en = row["name_zh"] or "", row["name_en"] or ""
    key = row["cluster"]
    return ClusterEntry(
        definition=row["definition"],
        cluster=key,
        label=LabelShape(zh=zh or en or key, en=en or zh or key),
        traded=bool(row["traded"]),
        industries=[],
    )


def _named(entry: ClusterEntry, text: str) -> bool:
    lower = text.lower()
    return any(lower in name.lower() for name in (entry.cluster, entry.label.zh, entry.label.en))
