"""Published figures as they travel: macro items and external lists, for anyone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ballast.brain.picture_shape import Change, RankingPlace
from ballast.brain.published import Published, PublishedItem, PublishedLine
from ballast.portal.api.shapes import (
    Amount,
    LabelShape,
    Shape,
    UnitShape,
    amount,
    label_shape,
    unit_shape,
)

__all__ = [
    "ChangeShape",
    "FigureShape",
    "ItemShape",
    "LineShape",
    "PlaceShape",
    "change_shape",
    "item_shapes",
    "place_shapes",
]


class ChangeShape(Shape):
    """How a figure differs from the same period a year before."""

    value: float | None
    unit: Literal["percent", "pp"]
    base: str = Field(description="The period compared with.")
    enterprises: int | None = Field(description="On a comparable sample: of how many.")
    absence: str | None = Field(description="Why there is no value.")


class FigureShape(Shape):
    """One published figure."""

    period: str
    value: Amount
    status: str = Field(description="`final`, `preliminary` or `estimated`.")
    load_id: str


class LineShape(Shape):
    """The yearly figures of one region."""

    region: str
    label: LabelShape
    role: Literal["own", "peer", "province", "nation"]
    figures: list[FigureShape]


class ItemShape(Shape):
    """One macro item of a region beside peers, province and nation."""

    item: str
    label: LabelShape
    unit: UnitShape
    nature: Literal["flow", "stock", "ratio"]
    change: ChangeShape
    rank: int | None = Field(description="Place among `ranked` cities, the highest first.")
    ranked: int | None
    within: LabelShape | None = Field(description="The province whose cities are ranked.")
    lines: list[LineShape]


class PlaceShape(Shape):
    """A place on a list that somebody else publishes."""

    publisher: str
    list: str
    year: int
    place: int


def change_shape(change: Change) -> ChangeShape:
    """Return a change as it travels."""
    return ChangeShape(
        value=change.value,
        unit="pp" if change.unit.name == "pp" else "percent",
        base=str(change.base),
        enterprises=change.enterprises,
        absence=None if change.absence is None else change.absence.value,
    )


def item_shapes(found: Published) -> list[ItemShape]:
    """Return the macro items of a region as they travel."""
    return [_item(item) for item in found.items]


def place_shapes(places: tuple[RankingPlace, ...]) -> list[PlaceShape]:
    """Return places on external lists as they travel."""
    return [
        PlaceShape(publisher=p.publisher, list=p.list_name, year=p.year, place=p.place)
        for p in places
    ]


def _item(item: PublishedItem) -> ItemShape:
    return ItemShape(
        item=item.name,
        label=label_shape(item.label),
        unit=unit_shape(item.unit),
        nature="flow" if item.nature == "flow" else "stock" if item.nature == "stock" else "ratio",
        change=change_shape(item.change),
        rank=item.rank,
        ranked=item.ranked,
        within=None if item.within is None else label_shape(item.within),
        lines=[_line(line) for line in (item.own, *item.others)],
    )


def _line(line: PublishedLine) -> LineShape:
    return LineShape(
        region=line.region,
        label=label_shape(line.label),
        role=line.role,
        figures=[
            FigureShape(
                period=str(f.period),
                value=amount(f.value) or "0",
                status=f.status,
                load_id=f.load_id,
            )
            for f in line.figures
        ],
    )
