"""The region among others: macro figures by year, upgrade investment, external lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from ballast.brain.picture_shape import (
    MacroItemPicture,
    MacroLine,
    Point,
    RankingPlace,
    UpgradeInvestment,
)
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import NATION
from ballast.terms.scheme import RegionScheme

__all__ = ["macro_items", "rankings", "upgrade_investment"]

COMPARED = ("rd_intensity", "high_tech_share")
"""Ratios: they can be laid beside a province's without being scaled."""

_UPGRADE = "upgrade_investment"
_SHORTEST_GROWTH = 2  # years that a compound rate needs


def macro_items(
    region_period: ir.Table, region: str, names: Callable[[str], Label]
) -> tuple[MacroItemPicture, ...]:
    """Return the ratios of the region beside those of its province and the nation, by year.

    Parameters
    ----------
    region_period
        The table of that name.
    region
        A GB/T 2260 code.
    names
        Returns what the region of a code is called.
    """
    province = region[:2] + "0000"
    siblings = region_period.region.startswith(region[:2]) & region_period.region.endswith("00")
    rows = _chinese(region_period).filter(
        region_period.item.isin(COMPARED),
        siblings | region_period.region.isin([region, province, NATION]),
    )
    yearly = _yearly(rows)
    found = []
    for item in COMPARED:
        series = {code: points for (code, what), points in yearly.items() if what == item}
        if region not in series:
            continue
        lines = tuple(
            MacroLine(code, names(code), code == region, series[code])
            for code in dict.fromkeys((NATION, province, region))
            if code in series
        )
        rank, ranked = _rank(series, region, province)
        declared = MACRO_ITEMS[item]
        found.append(
            MacroItemPicture(
                item, declared.label, declared.unit, lines, rank, ranked, names(province)
            )
        )
    return tuple(found)


def upgrade_investment(
    region_period: ir.Table, project: ir.Table | None, region: str, enterprises: ir.Table | None
) -> UpgradeInvestment | None:
    """Return the region's technical-upgrade investment by year, or ``None`` if none is loaded.

    Parameters
    ----------
    region_period, project
        The tables of those names; ``None``: the viewer may not read projects.
    region
        A GB/T 2260 code.
    enterprises
        The region's enterprises (``uscc``), whose projects are counted.

    Notes
    -----
    Growth = ((I_T / I_0)^(1 / (T − 0)) − 1) × 100, I_0 and I_T the first and
    the last full year known.
    """
    rows = _chinese(region_period).filter(
        region_period.item == _UPGRADE, region_period.region == region
    )
    points = _yearly(rows).get((region, _UPGRADE), ())
    if not points:
        return None
    known = [p for p in points if p.value is not None]
    growth = None
    if len(known) >= _SHORTEST_GROWTH and known[0].value:
        span = known[-1].period.year - known[0].period.year
        growth = (((known[-1].value or 0.0) / known[0].value) ** (1 / span) - 1) * 100
    projects = None
    if project is not None and enterprises is not None:
        projects = project.semi_join(enterprises, "uscc").count().to_pyarrow().as_py()
    return UpgradeInvestment(growth, points, MACRO_ITEMS[_UPGRADE].unit, projects)


def rankings(ranking: ir.Table, region: str) -> tuple[RankingPlace, ...]:
    """Return the region's places on external lists, newest first.

    Parameters
    ----------
    ranking
        The table of that name.
    region
        A GB/T 2260 code.
    """
    rows = ranking.filter(ranking.region == region).order_by(ibis.desc("year"), "publisher", "list")
    return tuple(
        RankingPlace(row["publisher"], row["list"], row["year"], row["place"])
        for row in rows.to_pyarrow().to_pylist()
    )


def _chinese(region_period: ir.Table) -> ir.Table:
    """Keep GB/T 2260 and its zones: the code of an American area may begin like a province's."""
    schemes = [RegionScheme.GB2260.value, RegionScheme.EXT.value]
    return region_period.filter(region_period.region_scheme.isin(schemes))


def _yearly(rows: ir.Table) -> dict[tuple[str, str], tuple[Point, ...]]:
    """Return the yearly figures of each region and item, oldest first."""
    chosen: list[Mapping[str, Any]] = (
        rows.filter(rows.period.length() == len("2026"))
        .select("region", "item", "period", value=rows.value.cast("float64"))
        .to_pyarrow()
        .to_pylist()
    )
    found: dict[tuple[str, str], list[Point]] = {}
    for row in sorted(chosen, key=lambda r: r["period"]):
        period = Period.parse(row["period"])
        if period.kind is PeriodKind.YEAR:
            found.setdefault((row["region"], row["item"]), []).append(Point(period, row["value"]))
    return {key: tuple(points) for key, points in found.items()}


def _rank(
    series: Mapping[str, tuple[Point, ...]], region: str, province: str
) -> tuple[int | None, int | None]:
    if region == province or not region.endswith("00"):
        return None, None  # cities are ranked among cities; a county or a zone is none
    latest = series[region][-1]
    among = {
        code: point.value
        for code, points in series.items()
        if code not in (province, NATION)
        for point in points
        if point.period == latest.period and point.value is not None
    }
    own = among.get(region)
    if own is None or len(among) < 2:
        return None, None
    return 1 + sum(value > own for value in among.values()), len(among)
