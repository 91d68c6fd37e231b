"""An enterprise as it travels: the profile of its page, exact amounts or null with the reason."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from ballast.portal.api.shapes import About, Amount, LabelShape, Shape, UnitShape

__all__ = [
    "ChainPlaceShape",
    "ClusterPlaceShape",
    "Enterprise",
    "Enterprises",
    "FigureShape",
    "HeldTitleShape",
    "IdentifiersShape",
    "ListedShape",
    "MeasureShape",
    "OtherIndustry",
    "PeersShape",
    "PlantDaysShape",
    "PointShape",
    "PositionShape",
    "ProjectShape",
    "QuantileShape",
    "StandingShape",
]


class ListedShape(Shape):
    """An enterprise in a list."""

    uscc: str
    name: LabelShape
    place: LabelShape
    industry: LabelShape
    size: LabelShape | None
    closed: date | None


class Enterprises(Shape):
    """A page of the enterprises that the caller may see, by name."""

    enterprises: list[ListedShape]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class OtherIndustry(Shape):
    """A further industry and its weight."""

    code: str
    label: LabelShape
    weight: float


class StandingShape(Shape):
    """What the enterprise is registered as."""

    uscc: str
    name: LabelShape
    since: date
    place: LabelShape
    zone: LabelShape | None
    industry_code: str
    industry: LabelShape
    others: list[OtherIndustry]
    size: LabelShape | None
    ownership: LabelShape | None
    founded: date | None
    closed: date | None
    publishes: bool = Field(description="It agreed that its name and cluster are published.")
    shares: bool = Field(description="It agreed to share its figures with its cluster's operator.")


class PointShape(Shape):
    """A figure of one period; null where nothing was reported."""

    period: str
    value: Amount | None


class FigureShape(Shape):
    """A figure of the year to date (a flow, a ratio) or of the newest period (a stock)."""

    key: str
    label: LabelShape
    unit: UnitShape
    period: str
    value: Amount | None
    absent: str | None = Field(description="Why there is no value: `no-data` or `undefined`.")
    change: float | None = Field(description="Against a year before: percent, or points.")
    change_unit: UnitShape
    change_absent: str | None
    base: str
    base_value: Amount | None
    numerator: Amount | None
    denominator: Amount | None
    series: list[PointShape]
    formula: LabelShape
    better: Literal["up", "down", "none"]


class QuantileShape(Shape):
    """A quantile of the peers: the mean of several around it, rounded; or why it is withheld."""

    share: float
    value: float | None
    why: str | None


class MeasureShape(Shape):
    """The enterprise beside its peers in one measure."""

    key: str
    label: LabelShape
    unit: UnitShape
    formula: LabelShape
    better: Literal["up", "down", "none"]
    own: float | None
    absent: str | None
    quantiles: list[QuantileShape]
    quarter: int | None = Field(description="1, the lowest values, to 4.")
    rank: int | None = Field(description="Largest value first; for readers of all unit data.")
    of: int | None


class PeersShape(Shape):
    """With whom the enterprise is compared; the set is made by rule, never by the caller."""

    label: LabelShape
    industry: str
    level: Literal["group", "division", "all"]
    region: str
    year: str
    members: int
    exact: bool = Field(description="False: at least so many.")


class PositionShape(Shape):
    """The place among peers, or why there is none."""

    peers: PeersShape | None
    measures: list[MeasureShape]
    why: str | None


class HeldTitleShape(Shape):
    """A title."""

    scheme: str
    label: LabelShape
    tier: LabelShape | None
    certificate: str
    awarded: date
    expires: date | None
    state: Literal["held", "ending", "expired"]


class ProjectShape(Shape):
    """A project; amounts in 10,000 CNY."""

    project: str
    name: str
    kind: LabelShape
    status: str
    planned: Amount
    invested: Amount | None
    planned_start: date | None
    planned_end: date | None
    started: date | None
    finished: date | None
    late_days: int | None


class IdentifiersShape(Shape):
    """What it names at the node; recent is the last `days` days."""

    prefixes: list[str]
    registered: int
    deleted: int
    recent_registered: int
    recent_resolved: int
    last_day: date | None
    days: int
    synthetic: bool


class PlantDaysShape(Shape):
    """What its plants told of the last `days` days."""

    connected: bool
    last_day: date | None
    told: int
    days: int
    oee: float | None
    energy_kwh: float | None
    machines: int | None
    synthetic: bool


class ClusterPlaceShape(Shape):
    """A cluster that counts it, and how much of it."""

    definition: str
    cluster: str
    label: LabelShape
    weight: float


class ChainPlaceShape(Shape):
    """A stage of a chain that one of its industries makes."""

    chain: str
    label: LabelShape
    product: LabelShape
    takes_from: list[LabelShape]
    goes_to: list[LabelShape]
    imported: bool
    own_cluster: bool


class Enterprise(Shape):
    """An enterprise as its page tells it."""

    about: About
    standing: StandingShape
    latest: str | None
    awaited: str | None = Field(description="A newer period that others reported already.")
    missing: list[str]
    figures: list[FigureShape]
    position: PositionShape
    titles: list[HeldTitleShape]
    projects: list[ProjectShape]
    identifiers: IdentifiersShape
    plant_days: PlantDaysShape
    clusters: list[ClusterPlaceShape]
    chains: list[ChainPlaceShape]
