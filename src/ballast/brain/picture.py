"""Where does a region's industry stand? The whole answer, as data, in one call.

Made in one place so that page, terminal and picture cannot disagree: they
show what stands here and compute nothing. A part whose tables are empty is
empty in the picture; it is for the reader of the picture to say what would
fill it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import polars as pl

from ballast.brain.cluster_revenue import registered
from ballast.brain.digitised import connected, connected_count
from ballast.brain.names import names
from ballast.brain.picture_clusters import clusters_of, definition_of
from ballast.brain.picture_facts import above_scale, fetched, industrial, stocks
from ballast.brain.picture_headline import headline
from ballast.brain.picture_macro import macro_items, rankings, upgrade_investment
from ballast.brain.picture_periods import Frame, frame_of
from ballast.brain.picture_shape import (
    Change,
    ClusterSize,
    Coverage,
    Indicator,
    IndustrySize,
    MacroItemPicture,
    MacroLine,
    Part,
    PlaceSize,
    Point,
    RankingPlace,
    RegionPicture,
    Source,
    Specialisation,
    UpgradeInvestment,
)
from ballast.brain.picture_structure import structure
from ballast.brain.specialisation import region_quotients
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.industry import industry
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION
from ballast.terms.scheme import IndustryLevel, IndustryScheme, RegionScheme
from ballast.terms.viewer import Right, Viewer

__all__ = [
    "Change",
    "ClusterSize",
    "Coverage",
    "Indicator",
    "IndustrySize",
    "MacroItemPicture",
    "MacroLine",
    "Part",
    "PlaceSize",
    "Point",
    "RankingPlace",
    "RegionPicture",
    "Source",
    "Specialisation",
    "UpgradeInvestment",
    "picture",
    "stored_periods",
]

_TABLES = (
    "enterprise",
    "enterprise_period",
    "region_period",
    "region_industry",
    "cluster_definition",
    "ranking",
    "region",
    "project",
)


def picture(
    lake: Lake, viewer: Viewer, region: str, *, today: date, period: Period | None = None
) -> RegionPicture:
    """Return the picture of a region's industry.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    region
        A GB/T 2260 code, such as ``"371500"``, or a zone's extension code.
    today
        The day on which it is made.
    period
        What enterprises' figures end with; the newest where it is ``None``.
        Yearly figures of the region stand with their own newest year.

    Raises
    ------
    NotPermitted
        If the viewer may not read what every enterprise reports.
    NotFound
        If the lake holds no above-scale enterprise of the region, or none that
        reported for the period.
    """
    if not viewer.may(Right.READ_UNITS):
        # Who may read some units would get the sum of those under the region's name.
        raise NotPermitted(
            "{who} may not see the picture of a region, which is made of what every enterprise "
            "reported; ask the home's administrator for the right {right}",
            who=viewer.name,
            right=Right.READ_UNITS.value,
        )
    called = names(lake, viewer).region
    reported = lake.read("enterprise_period", viewer)
    stored = _stored_periods(reported)
    frame = frame_of(stored, period)
    if frame is None:
        if stored and period is not None:
            raise _not_reported(period, stored)
        raise _nothing(region, called)
    # Two dozen questions follow. Each would carry the whole way from the files to these rows in
    # its query, and planning that costs more than answering: the rows are fetched once instead.
    whole = fetched(lake.engine, registered(lake.read("enterprise", viewer), on=frame.latest.end))
    enterprises = fetched(lake.engine, industrial(whole, region))
    facts = fetched(lake.engine, above_scale(reported, enterprises, frame.stored))
    indicators = headline(lake.engine, reported, facts, frame, _command(region, period))
    if not any(i.value for i in indicators):
        raise _nothing(region, called)
    told = fetched(lake.engine, connected(lake.read("plant_daily", viewer), enterprises))
    indicators = (
        *indicators,
        connected_count(lake.engine, told, today=today, command=_command(region, period)),
    )
    divisions, groups, places = structure(lake.engine, facts, frame, called)
    special = _specialisations(lake.read("region_industry", viewer), region, called)
    macro = lake.read("region_period", viewer)
    asked = _Asked(lake, viewer, region, called)
    clusters, definition = _clusters(asked, whole, enterprises, facts, frame)
    return RegionPicture(
        region=region,
        label=called(region),
        as_of=today,
        latest=frame.latest,
        period=frame.to_date,
        year=frame.year,
        indicators=indicators,
        divisions=divisions,
        groups=groups,
        clusters=clusters,
        cluster_definition=definition,
        specialisations=special.groups,
        division_quotients=special.divisions,
        reference=special.reference,
        specialisation_period=special.period,
        places=places,
        macro=macro_items(macro, region, called),
        upgrade=upgrade_investment(macro, lake.read("project", viewer), region, enterprises),
        rankings=rankings(lake.read("ranking", viewer), region),
        sources=_sources(lake, viewer),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    lake: Lake
    viewer: Viewer
    region: str
    called: Callable[[str], Label]


@dataclass(frozen=True, slots=True)
class _Special:
    groups: tuple[Specialisation, ...] = ()
    divisions: tuple[Specialisation, ...] = ()
    reference: Label | None = None
    period: Period | None = None


def _nothing(region: str, called: Callable[[str], Label]) -> NotFound:
    return NotFound(
        "there are no figures of above-scale enterprises of {region} ({code}) yet: load the tables "
        "enterprise and enterprise_period (ballast template enterprise_period form.xlsx)",
        region=called(region).zh,
        code=region,
    )


def _not_reported(period: Period, stored: list[Period]) -> NotFound:
    return NotFound(
        "no enterprise has reported for a period that ends with {period}: the figures go from "
        "{first} to {last}",
        period=period.label,
        first=min(stored).label,
        last=max(stored).label,
    )


def _command(region: str, period: Period | None) -> str:
    return f"ballast picture {region}" + ("" if period is None else f" --period {period}")


def stored_periods(lake: Lake, viewer: Viewer) -> tuple[Period, ...]:
    """Return the periods for which above-scale enterprises reported, oldest first.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    """
    return tuple(sorted(_stored_periods(lake.read("enterprise_period", viewer))))


def _stored_periods(reported: ir.Table) -> list[Period]:
    rows = reported.filter(reported.above_scale).select("period").distinct()
    return [Period.parse(text) for text in rows.to_pyarrow()["period"].to_pylist()]


def _clusters(
    asked: _Asked, whole: ir.Table, enterprises: ir.Table, facts: ir.Table, frame: Frame
) -> tuple[tuple[ClusterSize, ...], str | None]:
    engine = asked.lake.engine
    definitions = fetched(engine, asked.lake.read("cluster_definition", asked.viewer))
    definition = definition_of(definitions, asked.region)
    if definition is None or frame.year is None:
        return (), definition
    ends = stocks(engine, facts, {frame.year: frame.made_of[frame.year]})
    found = clusters_of(
        whole.semi_join(enterprises, "uscc"),
        facts,
        definitions,
        fetched(engine, ends.select("uscc", "place", "employment_persons")),
        definition=definition,
        year=frame.year,
        names=asked.called,
        compared=frame.year - 1 in frame.made_of,
    )
    return found, definition


def _specialisations(
    region_industry: ir.Table, region: str, called: Callable[[str], Label]
) -> _Special:
    """Return the quotients of groups and divisions against the nation, else the province.

    Of the newest year in which both the region and the reference have them.
    """
    rows = region_industry.filter(
        region_industry.region_scheme == RegionScheme.GB2260.value,
        region_industry.industry_scheme == IndustryScheme.GBT4754_2017.value,
    )
    kept = rows.select("region", "period", "industry_level").distinct().to_pyarrow().to_pylist()
    known = {(row["region"], row["period"], row["industry_level"]) for row in kept}
    for reference in (NATION, region[:2] + "0000"):
        both = [
            Period.parse(period)
            for code, period, level in known
            if code == region
            and level == IndustryLevel.DIVISION.value
            and (reference, period, level) in known
            and reference != region
        ]
        if both:
            newest = max(both)
            return _Special(
                _quotients(region_industry, region, reference, newest, IndustryLevel.GROUP),
                _quotients(region_industry, region, reference, newest, IndustryLevel.DIVISION),
                called(reference),
                newest,
            )
    return _Special()


def _quotients(
    region_industry: ir.Table, region: str, reference: str, period: Period, level: IndustryLevel
) -> tuple[Specialisation, ...]:
    found = region_quotients(
        region_industry,
        region_scheme=RegionScheme.GB2260,
        industry_scheme=IndustryScheme.GBT4754_2017,
        level=level,
        period=str(period),
        reference=reference,
        regions=[region],
    )
    rows = found.to_pyarrow().to_pylist()
    return tuple(
        Specialisation(
            row["industry"],
            industry(row["industry"]).label,
            row["location_quotient"],
            row["region_share"],
            row["reference_share"],
            row["employment_persons"],
        )
        for row in sorted(rows, key=lambda r: (-(r["location_quotient"] or 0), r["industry"]))
    )


def _sources(lake: Lake, viewer: Viewer) -> tuple[Source, ...]:
    """Return the standing loads that wrote a table of the picture, oldest first."""
    standing = set(lake.live_loads())
    rows = lake.loads(viewer).filter(pl.col("state") == "committed")
    return tuple(
        Source(
            load_id=row["load_id"],
            at=row["at"],
            tables=tuple(t for t in row["tables"].split(",") if t in _TABLES),
            file=row["file"],
            synthetic=row["provenance"] == "synthetic",
        )
        for row in rows.to_dicts()
        if row["load_id"] in standing and set(row["tables"].split(",")) & set(_TABLES)
    )
