"""Profiles turned into what travels: the values of `enterprise_profile`, shape by shape."""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.enterprise_shape import (
    EnterpriseFigure,
    EnterpriseProfile,
    Listed,
    Number,
    PeerMeasure,
    Standing,
)
from ballast.portal.api.enterprise_shapes import (
    ChainPlaceShape,
    ClusterPlaceShape,
    Enterprise,
    FigureShape,
    HeldTitleShape,
    IdentifiersShape,
    ListedShape,
    MeasureShape,
    OtherIndustry,
    PeersShape,
    PlantDaysShape,
    PointShape,
    PositionShape,
    ProjectShape,
    QuantileShape,
    StandingShape,
)
from ballast.portal.api.shapes import (
    About,
    Disclosure,
    LabelShape,
    amount,
    label_shape,
    source_shapes,
    unit_shape,
)
from ballast.terms.label import Label, Language

__all__ = ["enterprise_shape", "listed_shape"]


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
        chains=[
            ChainPlaceShape(
                chain=one.chain, label=label_shape(one.label), product=label_shape(one.product),
                takes_from=[label_shape(label) for label in one.takes_from],
                goes_to=[label_shape(label) for label in one.goes_to],
                imported=one.imported, own_cluster=one.own_cluster,
            )
            for one in found.chains
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
