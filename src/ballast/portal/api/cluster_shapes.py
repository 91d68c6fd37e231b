"""How a cluster or an industry travels: its size, stars, growth parts, entry and exit.

Amounts are sums of weighted figures and binary floating point where they are
made; they travel as JSON numbers and do not pretend to be exact.
"""

from __future__ import annotations

from pydantic import Field

from ballast.brain.cluster_shape import (
    PlaceRow,
    Profile,
    ShiftShare,
    Stars,
    Turnover,
)
from ballast.portal.api.shapes import LabelShape, Shape, label_shape

__all__ = ["ProfileShape", "profile_shape"]


class StarsShape(Shape):
    """Which stars are held; null where it is undefined."""

    size: bool | None
    specialisation: bool | None
    focus: bool | None
    total: int | None


class PlaceShape(Shape):
    """The same industries in one county or zone, by persons employed."""

    code: str
    label: LabelShape
    persons: float | None
    share: float | None = Field(description="Of the place's persons, 0 to 1.")
    location_quotient: float | None
    stars: StarsShape
    own: bool = Field(description="Whether it is the cluster's own place.")


class PartShape(Shape):
    """One part of the change of output."""

    part: str
    amount: float = Field(description="10,000 CNY.")
    points: float | None = Field(description="Percentage points of growth.")


class MadeOfShape(Shape):
    """One industry that it consists of; output in 10,000 CNY, growth in percent."""

    code: str
    label: LabelShape
    start: float
    end: float
    growth: float | None
    reference_growth: float | None


class ShiftShareShape(Shape):
    """The change of output taken apart against a reference; the parts sum to the change."""

    reference: str
    reference_label: LabelShape
    start: float
    end: float
    change: float
    growth: float | None
    parts: list[PartShape] = Field(description="Empty where a part is undefined.")
    undefined: list[str] = Field(description="Industries that the reference has no figures of.")
    industries: list[MadeOfShape]


class TurnoverShape(Shape):
    """Who made the change: enterprises that stayed in scope, entered it, left it."""

    stayed: int
    entered: int
    left: int
    level_start: float
    level_end: float
    growth_published: float | None
    growth_comparable: float | None
    from_stayed: float | None = Field(description="Percentage points of the published growth.")
    from_entered: float | None
    from_left: float | None


class ProfileShape(Shape):
    """A cluster, division or group of a region in a year; revenue in 10,000 CNY."""

    kind: str
    key: str
    label: LabelShape
    place: str | None
    place_label: LabelShape | None
    tier: LabelShape | None
    revenue: float | None
    growth: float | None = Field(description="Of revenue on the year before, percent.")
    enterprises: int
    enterprises_reporting: int
    persons: float | None
    location_quotient: float | None
    location_quotient_against: LabelShape | None
    stars: StarsShape | None
    places: list[PlaceShape]
    growth_parts: list[ShiftShareShape]
    turnover: TurnoverShape | None
    moved: float | None = Field(description="Share of output that changed its class, 0 to 1.")


def profile_shape(one: Profile) -> ProfileShape:
    """Return a profile as it travels."""
    return ProfileShape(
        kind=one.kind.value,
        key=one.key,
        label=label_shape(one.label),
        place=one.place,
        place_label=None if one.place_label is None else label_shape(one.place_label),
        tier=None if one.tier is None else label_shape(one.tier),
        revenue=one.revenue,
        growth=one.growth,
        enterprises=one.enterprises,
        enterprises_reporting=one.enterprises_reporting,
        persons=one.persons,
        location_quotient=one.quotient,
        location_quotient_against=(
            None if one.quotient_base is None else label_shape(one.quotient_base)
        ),
        stars=None if one.stars is None else _stars(one.stars),
        places=[_place(place) for place in one.places],
        growth_parts=[_parts(parts) for parts in one.parts],
        turnover=None if one.turnover is None else _turnover(one.turnover),
        moved=one.moved,
    )


def _stars(stars: Stars) -> StarsShape:
    return StarsShape(
        size=stars.size,
        specialisation=stars.specialisation,
        focus=stars.focus,
        total=stars.total,
    )


def _place(place: PlaceRow) -> PlaceShape:
    return PlaceShape(
        code=place.code,
        label=label_shape(place.label),
        persons=place.persons,
        share=place.share,
        location_quotient=place.quotient,
        stars=_stars(place.stars),
        own=place.own,
    )


def _parts(parts: ShiftShare) -> ShiftShareShape:
    return ShiftShareShape(
        reference=parts.reference,
        reference_label=label_shape(parts.reference_label),
        start=parts.start,
        end=parts.end,
        change=parts.change,
        growth=parts.growth,
        parts=[PartShape(part=p.key.value, amount=p.amount, points=p.points) for p in parts.parts],
        undefined=list(parts.undefined),
        industries=[
            MadeOfShape(
                code=row.code,
                label=label_shape(row.label),
                start=row.start,
                end=row.end,
                growth=row.growth,
                reference_growth=row.peer_growth,
            )
            for row in parts.industries
        ],
    )


def _turnover(turnover: Turnover) -> TurnoverShape:
    return TurnoverShape(
        stayed=turnover.stayed,
        entered=turnover.entered,
        left=turnover.left,
        level_start=turnover.level_start,
        level_end=turnover.level_end,
        growth_published=turnover.growth_published,
        growth_comparable=turnover.growth_comparable,
        from_stayed=turnover.from_stayed,
        from_entered=turnover.from_entered,
        from_left=turnover.from_left,
    )
