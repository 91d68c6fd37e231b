"""One search over what a page can be about: enterprises, industries, clusters, regions.

Enterprises are found only among those whose rows the caller may read: a
search that said "there is one, but not for you" would be a register.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query

from ballast.brain.names import names
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import LabelShape, Shape, label_shape
from ballast.terms.industry_table import search as search_industries

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["search"])


class Subject(StrEnum):
    """What a hit is."""

    ENTERPRISE = "enterprise"
    INDUSTRY = "industry"
    CLUSTER = "cluster"
    REGION = "region"


class Hit(Shape):
    """Something that was found."""

    kind: Subject
    code: str
    label: LabelShape


class Hits(Shape):
    """What was found, kind by kind."""

    hits: list[Hit]


@router.get("/api/v1/search", operation_id="search")
def search(
    ask: Asker,
    q: Annotated[
        str, Query(min_length=1, max_length=100, description="A code, or part of a name.")
    ],
    kind: Annotated[
        list[Subject] | None, Query(max_length=4, description="Only of these kinds.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many of each kind.")] = 10,
) -> Hits:
    """Find enterprises, industries, clusters and regions by code or name."""
    text = " ".join(q.replace("\0", " ").split())
    kinds = tuple(kind or Subject)
    hits: list[Hit] = []
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=Subject.ENTERPRISE in kinds)
        if text and Subject.ENTERPRISE in kinds:
            hits += _enterprises(lake, ask, text, limit)
            if hits:
                ask.audit(f"search {text}", len(hits))
        if text and Subject.INDUSTRY in kinds:
            hits += [
                Hit(kind=Subject.INDUSTRY, code=each.code, label=label_shape(each.label))
                for each in search_industries(text)[:limit]
            ]
        if text and Subject.CLUSTER in kinds:
            hits += _clusters(lake, ask, text, limit)
        if text and Subject.REGION in kinds:
            called = names(lake, ask.viewer)
            hits += [
                Hit(kind=Subject.REGION, code=code, label=label_shape(called.region(code)))
                for code in called.find_regions(text)[:limit]
            ]
    return Hits(hits=hits)


def _enterprises(lake: Lake, ask: Caller, text: str, limit: int) -> list[Hit]:
    try:
        rows = lake.read("enterprise", ask.viewer)
    except NotPermitted:
        return []
    lower = text.lower()
    held = (
        (rows.uscc == text.upper())
        | rows.name.lower().contains(lower)
        | rows.name_en.fill_null("").lower().contains(lower)
    )
    newest = rows.filter(held).order_by("uscc", "valid_from").select("uscc", "name", "name_en")
    found = {row["uscc"]: row for row in newest.to_pyarrow().to_pylist()}
    return [
        Hit(
            kind=Subject.ENTERPRISE,
            code=code,
            label=LabelShape(zh=row["name"], en=row["name_en"] or row["name"]),
        )
        for code, row in sorted(found.items(), key=lambda pair: len(pair[1]["name"]))[:limit]
    ]


def _clusters(lake: Lake, ask: Caller, text: str, limit: int) -> list[Hit]:
    rows = lake.read("cluster_definition", ask.viewer)
    named = rows.select("definition", "cluster", "name_zh", "name_en").distinct()
    lower, found = text.lower(), []
    for row in named.order_by("definition", "cluster").to_pyarrow().to_pylist():
        zh, en = row["name_zh"] or row["name_en"], row["name_en"] or row["name_zh"]
        label = LabelShape(zh=zh or row["cluster"], en=en or row["cluster"])
        if any(lower in name.lower() for name in (row["cluster"], label.zh, label.en)):
            found.append(Hit(kind=Subject.CLUSTER, code=row["cluster"], label=label))
    return found[:limit]
