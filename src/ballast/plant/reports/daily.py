"""The day of a shop in one line a group of machines: all that a factory tells its city.

Only sums leave the home: no sample, no order, no product, no name of a machine.
The line is made by the OEE and energy reports, so that what the city reads and
what the owner's own page shows are one figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.measures.ratios import defined
from ballast.plant.reports.energy import energy_report
from ballast.plant.reports.oee import OeeRow, oee_report, total_of
from ballast.plant.reports.window import day as window_of
from ballast.plant.site.site import Site
from ballast.terms.viewer import Viewer

__all__ = ["FIGURES", "WHOLE", "PlantDay", "daily_rows"]

#: The group of all machines together.
WHOLE = "plant"
#: The figures of a day, in the order of the table ``plant_daily``.
FIGURES = (
    "oee", "availability", "effectiveness", "quality", "planned_busy_s", "production_s",
    "produced", "good", "energy_kwh", "coverage",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantDay:
    """One day of a group of machines; ``None`` where a figure is not known.

    Parameters
    ----------
    asset_group
        The group as the mapping names it; ``plant`` for all machines.
    day
        A day of the plant's own calendar.
    oee, availability, effectiveness, quality
        Ratios of ISO 22400-2.
    planned_busy_s, production_s
        Seconds, over all machines of the group.
    produced, good
        Pieces.
    energy_kwh
        Electricity.
    coverage
        The share of the planned time that is recorded, 0 to 1.
    machines
        How many machines it sums up.
    """

    asset_group: str
    day: date
    machines: int
    oee: float | None = None
    availability: float | None = None
    effectiveness: float | None = None
    quality: float | None = None
    planned_busy_s: float | None = None
    production_s: float | None = None
    produced: float | None = None
    good: float | None = None
    energy_kwh: float | None = None
    coverage: float | None = None


def daily_rows(
    lake: Lake, viewer: Viewer, day: date, site: Site
) -> tuple[tuple[PlantDay, ...], Literal["real", "synthetic"]]:
    """Return the lines of a day, the whole plant first, and whether its data are real.

    Parameters
    ----------
    lake, viewer
        Whose machines, and who asks.
    day
        A day of the plant's calendar.
    site
        The mapping, which says which machine is of which group.

    Returns
    -------
    rows, provenance
        No rows where nothing at all is recorded of the day.
    """
    window = window_of(day, site.zone)
    report = oee_report(lake, viewer, window, site=site)
    if not any(_recorded(row) for row in report.rows):
        return (), report.provenance
    groups: dict[str, list[OeeRow]] = {WHOLE: list(report.rows)}
    for row in report.rows:
        asset = site.assets.get(row.asset)
        if asset is not None and asset.group and asset.group != WHOLE:
            groups.setdefault(asset.group, []).append(row)
    rows = []
    for group, members in groups.items():
        assets = None if group == WHOLE else [row.asset for row in members]
        energy = energy_report(lake, viewer, window, site=site, assets=assets)
        kwh = round(float(energy.whole.kwh), 3) if energy.meters else None
        rows.append(_line(group, day, members, kwh))
    return tuple(rows), report.provenance


def _recorded(row: OeeRow) -> bool:
    """Return whether anything is known of a machine's day: planned time, overtime or pieces."""
    return row.unrecorded_s < row.planned_s or row.overtime_s > 0 or row.counted != "none"


def _line(group: str, day: date, members: Sequence[OeeRow], kwh: float | None) -> PlantDay:
    whole = total_of(members)
    if whole is None:
        return PlantDay(asset_group=group, day=day, machines=0, energy_kwh=kwh)
    return PlantDay(
        asset_group=group,
        day=day,
        machines=len(members),
        oee=whole.kpis.get("oee"),
        availability=whole.kpis.get("availability"),
        effectiveness=whole.kpis.get("effectiveness"),
        quality=whole.kpis.get("quality_ratio"),
        planned_busy_s=defined(whole.elements[Element.PBT]),
        production_s=defined(whole.elements[Element.APT]),
        produced=defined(whole.elements[Element.PQ]),
        good=defined(whole.elements[Element.GQ]),
        energy_kwh=kwh,
        coverage=whole.coverage,
    )
