"""A region's industry: the picture that the City page shows, with the same rights."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ballast.brain.picture_shape import (
    ClusterSize,
    Coverage,
    Indicator,
    IndustrySize,
    RegionPicture,
    Specialisation,
)
from ballast.brain.published import published
from ballast.portal.api.callers import Asker
from ballast.portal.api.figures import (
    ChangeShape,
    ItemShape,
    PlaceShape,
    change_shape,
    item_shapes,
    place_shapes,
)
from ballast.portal.api.open_figures import about_published
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import (
    About,
    Amount,
    CoverageShape,
    Disclosure,
    LabelShape,
    Shape,
    UnitShape,
    amount,
    label_shape,
    source_shapes,
    unit_shape,
)
from ballast.terms.period import Period
from ballast.terms.region import is_extension
from ballast.terms.region import region as region_of
from ballast.terms.viewer import Right
from ballast.words.numbers import Absence

__all__ = ["router"]

router = APIRouter(route_class=ProblemRoute, tags=["city"])


class PointShape(Shape):
    """One point of a series."""

    period: str
    value: float | None


class IndicatorShape(Shape):
    """One headline figure, with all that a reader may ask of it."""

    about: About
    name: str
    label: LabelShape
    value: Amount | None
    absence: str | None = Field(description="Why there is no value.")
    unit: UnitShape
    period: str
    published: ChangeShape | None = Field(description="Change of the published levels.")
    comparable: ChangeShape | None = Field(description="Change on the comparable sample.")
    series: list[PointShape]
    formula: LabelShape
    sample: LabelShape
    command: str


class IndustryShape(Shape):
    """A division or a group in the region; money in 10,000 CNY."""

    code: str
    parent: str | None
    label: LabelShape
    enterprises: int | None = Field(description="Null where it is withheld.")
    output: Amount | None
    revenue: Amount | None
    share: float | None = Field(description="Of the region's output, 0 to 1.")
    growth: float | None = Field(description="Of output, in percent.")
    contribution: float | None = Field(description="To the region's growth, percentage points.")
    absence: str | None = Field(description="Why there is no output.")


class ClusterShape(Shape):
    """A cluster by definition; revenue in 10,000 CNY."""

    key: str
    label: LabelShape
    place: LabelShape | None
    tier: LabelShape | None
    revenue: Amount | None
    enterprises: int | None = Field(description="Null where it is withheld.")
    employment: int | None
    location_quotient: float | None
    stars: int | None
    growth: float | None
    absence: str | None


class SpecialisationShape(Shape):
    """An industry's location quotient, by persons employed."""

    code: str
    label: LabelShape
    location_quotient: float | None
    share: float | None
    reference_share: float | None
    employment: float | None


class RegionPlaceShape(Shape):
    """A county or zone of the region; revenue in 10,000 CNY."""

    code: str
    label: LabelShape
    revenue: Amount | None
    share: float | None
    enterprises: int | None = Field(description="Null where it is withheld.")
    growth: float | None
    absence: str | None = Field(description="Why there is no revenue.")


class UnitsShape(Shape):
    """What rests on what enterprises reported: all of it, or what the sealed cube publishes."""

    about: About
    period: str | None
    year: str | None
    headline: list[IndicatorShape]
    structure: list[IndustryShape] = Field(description="Divisions, then groups.")
    cluster_definition: str | None
    clusters: list[ClusterShape]
    reference: LabelShape | None
    specialisation_period: str | None
    specialisation: list[SpecialisationShape]
    places: list[RegionPlaceShape]


class City(Shape):
    """Where a region's industry stands."""

    about: About = Field(description="Of the macro items and rankings.")
    region: str
    label: LabelShape
    macro: list[ItemShape]
    rankings: list[PlaceShape]
    units: UnitsShape | None = Field(description="Null for callers without the right to unit data.")
    sealed: UnitsShape | None = Field(
        description="For callers without that right: the same figures as far as the sealed cube "
        "publishes them. Null while nothing is sealed, and for a region that it does not hold."
    )


@router.get("/api/v1/city/{region}", operation_id="readCity")
def read_city(
    ask: Asker,
    region: Annotated[
        str,
        Path(
            pattern=r"^[0-9]{6}(-[A-Z0-9]{2,8})?$",
            description="A code of GB/T 2260, or of a zone.",
        ),
    ],
    period: Annotated[
        str | None,
        Query(max_length=40, description="What enterprises' figures end with; else the newest."),
    ] = None,
) -> City:
    """Return headline, structure, clusters, specialisation, growth and macro items of a region."""
    if not is_extension(region):
        region_of(region)
    asked = None if period is None else Period.parse(period)
    may_units = ask.viewer.may(Right.READ_UNITS)
    with ask.lakes.lend() as lake:
        ask.tagged(lake, units=may_units, more=str(ask.context.clock().date()))
        open_figures = published(lake, region)
    units = sealed = None
    picture = ask.pictures.picture(ask.viewer, region, asked).result()
    if may_units:
        units = _units(picture)
        ask.audit(f"city {region} {period or ''}".strip(), _enterprises(picture))
    elif picture.sealed is not None:
        sealed = _units(picture)
    return City(
        about=about_published(ask, open_figures),
        region=region,
        label=label_shape(open_figures.label),
        macro=item_shapes(open_figures),
        rankings=place_shapes(open_figures.rankings),
        units=units,
        sealed=sealed,
    )


def _enterprises(picture: RegionPicture) -> int:
    return sum(division.enterprises or 0 for division in picture.divisions)


def _why(absence: Absence | None) -> str | None:
    return None if absence is None else absence.value


def _units(picture: RegionPicture) -> UnitsShape:
    about = _about(picture, None)
    return UnitsShape(
        about=about,
        period=None if picture.period is None else str(picture.period),
        year=None if picture.year is None else str(picture.year),
        headline=[_indicator(picture, one) for one in picture.indicators],
        structure=[_industry(one) for one in (*picture.divisions, *picture.groups)],
        cluster_definition=picture.cluster_definition,
        clusters=[_cluster(one) for one in picture.clusters],
        reference=None if picture.reference is None else label_shape(picture.reference),
        specialisation_period=(
            None if picture.specialisation_period is None else str(picture.specialisation_period)
        ),
        specialisation=[_special(one) for one in picture.specialisations],
        places=[
            RegionPlaceShape(
                code=one.code,
                label=label_shape(one.label),
                revenue=amount(one.revenue),
                share=one.share,
                enterprises=one.enterprises,
                growth=one.growth,
                absence=_why(one.absence),
            )
            for one in picture.places
        ],
    )


def _about(picture: RegionPicture, coverage: Coverage | None) -> About:
    held: dict[str, Any] = {}
    if coverage is not None:
        held["coverage"] = CoverageShape(reported=coverage.reported, expected=coverage.expected)
    return About(
        as_of=picture.as_of,
        sources=source_shapes(picture.sources),
        status=Disclosure.UNSUPPRESSED if picture.sealed is None else Disclosure.PUBLISHED,
        synthetic=picture.synthetic,
        vintage=None if picture.sealed is None else picture.sealed.vintage,
        **held,
    )


def _indicator(picture: RegionPicture, one: Indicator) -> IndicatorShape:
    return IndicatorShape(
        about=_about(picture, one.coverage),
        name=one.name,
        label=label_shape(one.label),
        value=amount(one.value),
        absence=_why(one.absence),
        unit=unit_shape(one.unit),
        period=str(one.period),
        published=None if one.published is None else change_shape(one.published),
        comparable=None if one.comparable is None else change_shape(one.comparable),
        series=[PointShape(period=str(p.period), value=p.value) for p in one.series],
        formula=label_shape(one.formula),
        sample=label_shape(one.sample),
        command=one.command,
    )


def _industry(one: IndustrySize) -> IndustryShape:
    return IndustryShape(
        code=one.code,
        parent=one.parent,
        label=label_shape(one.label),
        enterprises=one.enterprises,
        output=amount(one.output),
        revenue=amount(one.revenue),
        share=one.share,
        growth=one.growth,
        contribution=one.contribution,
        absence=_why(one.absence),
    )


def _cluster(one: ClusterSize) -> ClusterShape:
    return ClusterShape(
        key=one.key,
        label=label_shape(one.label),
        place=None if one.place is None else label_shape(one.place),
        tier=None if one.tier is None else label_shape(one.tier),
        revenue=amount(one.revenue),
        enterprises=one.enterprises,
        employment=one.employment,
        location_quotient=one.quotient,
        stars=one.stars,
        growth=one.growth,
        absence=_why(one.absence),
    )


def _special(one: Specialisation) -> SpecialisationShape:
    return SpecialisationShape(
        code=one.code,
        label=label_shape(one.label),
        location_quotient=one.quotient,
        share=one.share,
        reference_share=one.reference_share,
        employment=one.size,
    )
