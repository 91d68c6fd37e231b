"""Endpoints that need no sign-in: what the public tables say of a region, and nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ballast.brain.published import Published, published
from ballast.errors import WrongUsage
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.portal.api.callers import Asker, Caller
from ballast.portal.api.figures import ItemShape, PlaceShape, item_shapes, place_shapes
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import (
    About,
    Disclosure,
    LabelShape,
    Shape,
    label_shape,
    source_shapes,
)
from ballast.terms.region import region as region_of

__all__ = ["about_published", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["public"])

RegionCode = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{6}$",
        description="A code of GB/T 2260; the region of the home where left out.",
    ),
]


class MacroItems(Shape):
    """Published macro items of a region."""

    about: About
    region: str
    label: LabelShape
    items: list[ItemShape]


class Rankings(Shape):
    """Places of a region on external lists."""

    about: About
    region: str
    label: LabelShape
    rankings: list[PlaceShape] = Field(description="Newest first.")


@router.get("/api/v1/public/macro-items", operation_id="publicMacroItems")
def macro_items(
    ask: Asker,
    region: RegionCode = None,
    item: Annotated[list[str] | None, Query(max_length=40, description="Only these items.")] = None,
) -> MacroItems:
    """Return published macro items of a region beside peers, province and nation."""
    for name in item or ():
        if name not in MACRO_ITEMS:
            raise WrongUsage(
                "there is no macro item {name}; there are: {known}",
                name=name[:60],
                known=", ".join(MACRO_ITEMS),
            )
    found = _published(ask, region)
    kept = [shape for shape in item_shapes(found) if item is None or shape.item in item]
    return MacroItems(
        about=about_published(ask, found),
        region=found.region,
        label=label_shape(found.label),
        items=kept,
    )


@router.get("/api/v1/public/rankings", operation_id="publicRankings")
def rankings(ask: Asker, region: RegionCode = None) -> Rankings:
    """Return the places of a region on lists that others publish."""
    found = _published(ask, region)
    return Rankings(
        about=about_published(ask, found),
        region=found.region,
        label=label_shape(found.label),
        rankings=place_shapes(found.rankings),
    )


def about_published(ask: Caller, found: Published) -> About:
    """Return what published figures carry."""
    return About(
        as_of=ask.context.clock().date(),
        sources=source_shapes(found.sources),
        status=Disclosure.PUBLISHED,
        synthetic=found.synthetic,
    )


def _published(ask: Caller, asked: str | None) -> Published:
    code = asked or ask.context.region
    if asked is not None:
        region_of(asked)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, more=str(ask.context.clock().date()))
        return published(lake, code)
