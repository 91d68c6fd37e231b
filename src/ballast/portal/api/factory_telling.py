"""From the reports of the plant to the shapes in which they travel."""

from __future__ import annotations

from collections.abc import Sequence

from ballast.plant.measures.capability import Index
from ballast.plant.measures.losses import LossNode
from ballast.plant.reports.charts import Characteristic, ChartReport, TagSubject
from ballast.plant.reports.energy import EnergyReport
from ballast.plant.reports.live import MachineNow
from ballast.plant.reports.oee import OeeRow
from ballast.plant.reports.quality import TagQuality
from ballast.plant.site import Site, Tag, TagRole
from ballast.plant.spool.live import Live
from ballast.portal.api import factory_shapes as shapes
from ballast.portal.api.factory_shapes import finite, moment
from ballast.portal.api.shapes import amount, label_shape
from ballast.portal.factory_data import advice
from ballast.portal.factory_marks import Marked
from ballast.portal.factory_span import Span
from ballast.terms.label import Language
from ballast.words import unpack

__all__ = [
    "chart_shape",
    "collector_shape",
    "energy_shape",
    "machine_shape",
    "oee_row_shape",
    "point_shape",
    "quality_shape",
    "site_shape",
    "tag_shape",
]

_MOST = 1_000
_INDICES = ("cp", "cpk", "pp", "ppk", "cm", "cmk")


def site_shape(site: Site) -> shapes.Site:
    """Return whose machines they are."""
    return shapes.Site(
        name=label_shape(site.name),
        uscc=site.uscc,
        zone=site.zone.key,
        synthetic=site.provenance == "synthetic",
    )


def collector_shape(live: Live, language: Language) -> shapes.CollectorShape:
    """Return how the collector does."""
    status = live.status
    return shapes.CollectorShape(
        written_at=moment(live.at),
        broker=status.broker,
        connected_since=moment(status.connected_since),
        messages_per_second=finite(status.messages_per_second),
        samples_per_second=finite(status.samples_per_second),
        waiting_samples=status.waiting_samples,
        last_fault=None if status.last_fault is None else unpack(status.last_fault, language),
        last_fault_at=moment(status.last_fault_at),
    )


def machine_shape(one: MachineNow, language: Language) -> shapes.MachineShape:
    """Return one machine as it is now."""
    return shapes.MachineShape(
        asset=one.asset,
        name=label_shape(one.name),
        line=one.line,
        state=None if one.state is None else one.state.name.lower(),  # type: ignore[arg-type]
        reason=one.reason,
        why=None if one.why is None else one.why.text(language),
        since=moment(one.since_ms),
        order=one.order,
        stale=one.stale,
        values=[
            shapes.ValueShape(
                tag=value.tag,
                name=label_shape(value.name),
                role=value.role,
                unit=value.unit,
                value=finite(value.value),
                text=value.text,
                at=moment(value.at_ms),
                stale_since=moment(value.stale_since_ms),
                beyond=value.beyond,
            )
            for value in one.values
        ],
    )


def oee_row_shape(row: OeeRow, language: Language) -> shapes.OeeRowShape:
    """Return the indicators of one machine."""
    tree = row.tree
    return shapes.OeeRowShape(
        asset=row.asset,
        name=label_shape(row.name),
        key=row.key,
        start=moment(row.start_ms),
        end=moment(row.end_ms),
        indicators={name: finite(value) for name, value in row.kpis.items()},
        why={name: said.text(language) for name, said in row.why.items()},
        elements={name.value: finite(value) for name, value in row.elements.items()},
        planned_busy_s=None if tree is None else tree.pbt_s,
        good_s=None if tree is None else tree.good_s,
        losses=[] if tree is None else [_loss(one) for one in _leaves(tree.losses)],
        window_s=row.window_s,
        planned_s=row.planned_s,
        unrecorded_s=row.unrecorded_s,
        overtime_s=row.overtime_s,
        coverage=finite(row.coverage),
        counted=row.counted,
        notes=[note.text(language) for note in row.notes],
    )


def _leaves(branches: Sequence[LossNode]) -> list[LossNode]:
    return [one for branch in branches for one in (branch.parts or (branch,))]


def _loss(node: LossNode) -> shapes.LossShape:
    return shapes.LossShape(
        loss=node.loss.value, reason=node.reason, seconds=node.seconds, share=finite(node.share)
    )


def point_shape(report: ChartReport, marks: Sequence[Marked], at: int) -> shapes.ChartPoint:
    """Return one point of a report, in each of its charts."""
    return shapes.ChartPoint(
        point=at + 1,
        start=moment(int(report.starts_ms[at])),
        end=moment(int(report.ends_ms[at])),
        values=int(report.sizes[at]),
        batches=list(report.batches[at]) if at < len(report.batches) else [],
        charts=[
            shapes.PointRow(
                value=finite(float(one.chart.values[at])),
                centre=finite(float(one.chart.centre[at])),
                lower=finite(float(one.chart.lower[at])),
                upper=finite(float(one.chart.upper[at])),
                rules=["limit" if rule is None else rule.value for rule in mark.broken.get(at, ())],
            )
            for one, mark in zip(report.charts, marks, strict=True)
        ],
    )


def chart_shape(
    report: ChartReport,
    marks: Sequence[Marked],
    points: list[shapes.ChartPoint],
    site: Site,
    span: Span,
    subject: TagSubject | Characteristic,
    more: str | None,
    language: Language,
) -> shapes.ChartShape:
    """Return a page of a control chart with its capability."""
    why = report.why_no_capability
    named = (
        f"tag:{subject.tag}"
        if isinstance(subject, TagSubject)
        else f"of:{subject.asset}|{subject.characteristic}"
    )
    return shapes.ChartShape(
        site=site_shape(site),
        subject=named,
        name=label_shape(report.name),
        unit=report.unit,
        kind=report.kind,
        start=moment(span.window.start_ms),
        end=moment(span.window.end_ms),
        charts=[
            shapes.MarkShape(
                name=label_shape(one.name), kind=one.chart.kind.value, marked=mark.count
            )
            for one, mark in zip(report.charts, marks, strict=True)
        ],
        phases=[start + 1 for start in report.charts[0].chart.starts],
        points=points,
        count=len(report.starts_ms),
        marked=report.marked,
        capability=_capability(report, language),
        why_no_capability=None if why is None else why.text(language),
        notes=[note.text(language) for note in report.notes],
        next=more,
    )


def _capability(report: ChartReport, language: Language) -> shapes.CapabilityShape | None:
    found, limits = report.capability, report.specification
    if found is None:
        return None
    indices: dict[str, Index | None] = {name: getattr(found, name) for name in _INDICES}
    warning = found.normal.warning
    return shapes.CapabilityShape(
        lower=None if limits is None else limits.lower,
        upper=None if limits is None else limits.upper,
        mean=finite(found.mean),
        overall=finite(found.overall),
        count=found.count,
        indices={
            name: shapes.IndexShape(
                value=finite(one.value),
                low=finite(one.low),
                high=finite(one.high),
                why=None if one.why is None else one.why.text(language),
            )
            for name, one in indices.items()
            if one is not None
        },
        warning=None if warning is None else warning.text(language),
    )


def energy_shape(
    report: EnergyReport, site: Site, span: Span, language: Language
) -> shapes.EnergyShape:
    """Return what was used in a stretch of time."""
    whole = report.whole
    said = dict.fromkeys(one.text(language) for one in (*whole.why, *report.notes))
    return shapes.EnergyShape(
        site=site_shape(site),
        start=moment(span.window.start_ms),
        end=moment(span.window.end_ms),
        kwh=amount(whole.kwh) or "0",
        covered=whole.covered,
        energy_cny=amount(whole.energy_cny),
        unpriced_kwh=amount(whole.unpriced_kwh) or "0",
        bands=[
            shapes.BandShape(
                band=band.value, kwh=amount(use.kwh) or "0", cny=amount(use.cny) or "0"
            )
            for band, use in whole.bands.items()
        ],
        demand=None
        if whole.demand is None
        else shapes.DemandShape(kw=whole.demand.kw, since=moment(whole.demand.since)),
        load_factor=finite(whole.load_factor),
        power_factor=finite(whole.power_factor),
        carbon_kg=finite(whole.carbon_kg),
        factors=[
            shapes.FactorShape(
                since=one.since.isoformat(),
                kg_per_kwh=amount(one.kg_per_kwh) or "0",
                source=one.source,
            )
            for one in whole.factors
        ],
        profile_kw=[finite(float(kw)) for kw in report.profile],
        meters=[
            shapes.MeterShape(
                meter=one.meter,
                name=label_shape(one.name),
                asset=one.asset,
                kwh=one.kwh,
                covered=one.covered,
                counts=one.counts,
            )
            for one in report.meters[:_MOST]
        ],
        products=[
            shapes.ProductShape(
                product=one.product,
                orders=one.orders,
                kwh=one.kwh,
                good=one.good,
                kwh_per_good=finite(one.kwh_per_good),
            )
            for one in report.products[:_MOST]
        ],
        why=list(said),
    )


def quality_shape(one: TagQuality, language: Language) -> shapes.QualityShape:
    """Return how good the data of one tag are."""
    return shapes.QualityShape(
        tag=one.tag,
        asset=one.asset,
        name=label_shape(one.name),
        expected=one.expected,
        received=one.received,
        coverage=finite(one.coverage),
        gap_count=one.gap_count,
        gaps=[
            shapes.GapShape(
                since=moment(gap.since_ms),
                until=moment(gap.until_ms),
                why=gap.why.text(language),
                kind=gap.kind,
            )
            for gap in one.gaps
        ],
        late=one.late,
        ahead=one.ahead,
        historical=one.historical,
        duplicates=one.duplicates,
        conflicts=one.conflicts,
        not_numbers=one.not_numbers,
        bad=one.bad,
        unreadable=one.unreadable,
        last=moment(one.last_ms),
        stale_since=moment(one.stale_since_ms),
        unmapped=one.unmapped,
        clock_offset_s=finite(one.clock_offset_s),
        advice=advice(one, language),
        notes=[note.text(language) for note in one.notes],
    )


def tag_shape(tag: Tag) -> shapes.TagShape:
    """Return a tag of the mapping."""
    charted = tag.role in (TagRole.MEASUREMENT, TagRole.POWER)
    return shapes.TagShape(
        tag=tag.tag,
        asset=tag.asset,
        name=label_shape(tag.name),
        quantity=tag.quantity,
        unit=tag.unit.name,
        role=tag.role.value,
        every_s=tag.every_s,
        lower=tag.lower,
        upper=tag.upper,
        target=tag.target,
        subgroup=tag.subgroup,
        handle=tag.handle,
        subject=f"tag:{tag.tag}" if charted else None,
    )
