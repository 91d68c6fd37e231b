"""An enterprise as it travels: the profile of its page, exact amounts or null with the reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ballast.brain.enterprise_shape import (
    EnterpriseFigure,
    EnterpriseProfile,
    Listed,
    Number,
    PeerMeasure,
    Standing,
)
from ballast.portal.api.shapes import (
    About,
    Amount,
    Disclosure,
    LabelShape,
    Shape,
    UnitShape,
    amount,
    label_shape,
    source_shapes,
    unit_shape,
)
from ballast.terms.label import Label, Language

__all__ = ["Enterprise", "Enterprises", "enterprise_shape", "listed_shape"]


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
    level: Literal["class", "group", "division", "all"]
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


def listed_shape(one: Listed) -> ListedShape:
    """Return an enterprise of a list as it travels."""
    return ListedShape(
        uscc=one.uscc,
        name=label_shape(one.name),
        place=label_shape(one.place),
        industry=label_shape(one.industry),
        size=_label(one.size),
        closed=one.closed,
    )


def enterprise_shape(found: EnterpriseProfile, language: Language) -> Enterprise:
    """Return a profile as it travels; reasons are said in the caller's language."""
    return Enterprise(
        about=About(
            as_of=found.as_of,
            sources=source_shapes(found.sources),
            status=Disclosure.UNSUPPRESSED,
            synthetic=found.synthetic,
        ),
        standing=_standing(found.standing),
        latest=None if found.latest is None else str(found.latest),
        awaited=None if found.awaited is None else str(found.awaited),
        missing=[str(period) for period in found.missing],
        figures=[_figure(one) for one in found.figures],
        position=_position(found, language),
        titles=[
            HeldTitleShape(
                scheme=one.scheme, label=label_shape(one.label), tier=_label(one.tier),
                certificate=one.certificate, awarded=one.awarded, expires=one.expires,
                state=one.state,
            )
            for one in found.titles
        ],
        projects=[
            ProjectShape(
                project=one.project, name=one.name, kind=label_shape(one.kind), status=one.status,
                planned=_exact(one.planned), invested=_amount(one.invested),
                planned_start=one.planned_start, planned_end=one.planned_end,
                started=one.started, finished=one.finished, late_days=one.late,
            )
            for one in found.projects
        ],
        identifiers=_identifiers(found),
        plant_days=_plant_days(found),
        clusters=[
            ClusterPlaceShape(
                definition=one.definition, cluster=one.cluster, label=label_shape(one.label),
                weight=one.weight,
            )
            for one in found.clusters
        ],
    )  # fmt: skip


def _label(label: Label | None) -> LabelShape | None:
    return None if label is None else label_shape(label)


def _amount(value: Number | None) -> str | None:
    return amount(value)


def _exact(value: Decimal) -> str:
    return f"{value:f}"


def _standing(one: Standing) -> StandingShape:
    return StandingShape(
        uscc=one.uscc,
        name=label_shape(one.name),
        since=one.since,
        place=label_shape(one.place),
        zone=_label(one.zone),
        industry_code=one.industry_code,
        industry=label_shape(one.industry),
        others=[
            OtherIndustry(code=code, label=label_shape(label), weight=weight)
            for code, label, weight in one.others
        ],
        size=_label(one.size),
        ownership=_label(one.ownership),
        founded=one.founded,
        closed=one.closed,
        publishes=one.publishes,
        shares=one.shares,
    )


def _figure(one: EnterpriseFigure) -> FigureShape:
    return FigureShape(
        key=one.key,
        label=label_shape(one.label),
        unit=unit_shape(one.unit),
        period=str(one.period),
        value=_amount(one.value),
        absent=None if one.absence is None else one.absence.value,
        change=one.change,
        change_unit=unit_shape(one.change_unit),
        change_absent=None if one.change_absence is None else one.change_absence.value,
        base=str(one.base),
        base_value=_amount(one.base_value),
        numerator=_amount(one.numerator),
        denominator=_amount(one.denominator),
        series=[PointShape(period=str(m.period), value=_amount(m.value)) for m in one.series],
        formula=label_shape(one.formula),
        better=one.better,
    )


def _position(found: EnterpriseProfile, language: Language) -> PositionShape:
    peers, why = found.position.peers, found.position.why
    return PositionShape(
        peers=None
        if peers is None
        else PeersShape(
            label=label_shape(peers.label),
            industry=peers.industry,
            level=peers.level,
            region=peers.region,
            year=str(peers.year),
            members=peers.members,
            exact=peers.exact,
        ),
        measures=[_measure(one, language) for one in found.position.measures],
        why=None if why is None else why.text(language),
    )


def _measure(one: PeerMeasure, language: Language) -> MeasureShape:
    return MeasureShape(
        key=one.key,
        label=label_shape(one.label),
        unit=unit_shape(one.unit),
        formula=label_shape(one.formula),
        better=one.better,
        own=one.own,
        absent=None if one.absence is None else one.absence.value,
        quantiles=[
            QuantileShape(
                share=q.share, value=q.value, why=None if q.why is None else q.why.text(language)
            )
            for q in one.quantiles
        ],
        quarter=one.quarter,
        rank=one.rank,
        of=one.of,
    )


def _identifiers(found: EnterpriseProfile) -> IdentifiersShape:
    one = found.identifiers
    return IdentifiersShape(
        prefixes=list(one.prefixes),
        registered=one.registered,
        deleted=one.deleted,
        recent_registered=one.recent_registered,
        recent_resolved=one.recent_resolved,
        last_day=one.last_day,
        days=one.days,
        synthetic=one.synthetic,
    )


def _plant_days(found: EnterpriseProfile) -> PlantDaysShape:
    one = found.plant_days
    return PlantDaysShape(
        connected=one.connected,
        last_day=one.last_day,
        told=one.told,
        days=one.days,
        oee=one.oee,
        energy_kwh=one.energy_kwh,
        machines=one.machines,
        synthetic=one.synthetic,
    )
