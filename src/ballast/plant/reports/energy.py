"""What energy a shop used, when, at what price, for what, and how much carbon that is.

The answer is one object with the same figures for the command, the interface
and the page: by month, by band of the tariff, by asset, by order and product.
What is undefined (a demand of hours, a factor of a year without one, an order
without a meter) is told with its reason and never shown as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Literal

import numpy as np

from ballast.lake.lake import Lake
from ballast.plant.measures.ratios import Floats, defined, ratio
from ballast.plant.measures.tariff import QUARTERS, total, wall_clock
from ballast.plant.reports.energy_meters import Metered, MeterKind, meters_of, topmost
from ballast.plant.reports.energy_stretches import BandUse, EnergyRow, Load, load_of, stretch
from ballast.plant.reports.energy_work import AssetEnergy, OrderEnergy, ProductEnergy, work_of
from ballast.plant.reports.mapping import mapping_of
from ballast.plant.reports.window import Window
from ballast.plant.site.site import Site
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["BandUse", "EnergyReport", "EnergyRow", "MeterRow", "energy_report"]


@dataclass(frozen=True, slots=True)
class MeterRow:
    """One meter.

    Parameters
    ----------
    meter, name, asset, kind
        As in ``Metered``.
    kwh
        Energy of the window.
    covered
        The share of the window that its intervals cover.
    counts
        Whether it is in the sums; another meter above it has counted its energy otherwise.
    """

    meter: str
    name: Label
    asset: str | None
    kind: MeterKind
    kwh: float
    covered: float
    counts: bool


@dataclass(frozen=True, slots=True, eq=False)
class EnergyReport:
    """The answer.

    Parameters
    ----------
    window
        What was asked.
    whole
        All of it.
    months
        By calendar month of the window's zone; a month that the window cuts is a part of one.
    meters
        Every meter that told anything.
    assets, orders, products
        What the energy was for.
    load
        By the quarter of an hour, for a chart.
    profile
        Shape (96,): mean power in each quarter of the day, kW; nan where nothing is known.
    provenance
        ``synthetic`` where any of it is.
    notes
        What a reader must know.
    """

    window: Window
    whole: EnergyRow
    months: tuple[EnergyRow, ...]
    meters: tuple[MeterRow, ...]
    assets: tuple[AssetEnergy, ...]
    orders: tuple[OrderEnergy, ...]
    products: tuple[ProductEnergy, ...]
    load: Load
    profile: Floats
    provenance: Literal["real", "synthetic"]
    notes: tuple[Sentence, ...]


def energy_report(
    lake: Lake,
    viewer: Viewer,
    window: Window,
    *,
    site: Site | None = None,
    assets: Sequence[str] | None = None,
) -> EnergyReport:
    """Return what energy was used in a window.

    Parameters
    ----------
    lake, viewer
        Whose meters, and who asks.
    window
        The stretch, and the zone whose clock the tariff speaks of.
    site
        The mapping with tariff and emission factors; ``None``: what the tables say.
    assets
        Only these and what stands below them; ``None``: the whole shop.

    Raises
    ------
    NotPermitted
        If the viewer may not read meters or samples.
    Refused
        If intervals of a meter overlap.

    Notes
    -----
    Meters of the table ``energy_meter``, counters of energy and power tags count alike. Of
    meters that stand above each other in the asset tree only the topmost is added up.
    """
    mapping = mapping_of(lake, viewer, site)
    meters, invented = meters_of(lake, viewer, window, mapping, assets)
    counting = topmost(meters, mapping)
    load = load_of(counting, mapping, window)
    months = tuple(
        stretch(load, mapping, part, name, month=whole) for name, part, whole in _months(window)
    )
    whole = stretch(load, mapping, window, "", month=False)
    demands = [month.demand_cny for month in months]
    if demands and None not in demands:
        whole = replace(whole, demand_cny=total(one for one in demands if one is not None))
    work = work_of(lake, viewer, window, mapping, meters)
    notes = list(work[3])
    if not meters:
        notes.append(
            Sentence(
                "no meter told anything in this window; load the table energy_meter, or map a tag "
                "of role energy or power"
            )
        )
    return EnergyReport(
        window=window,
        whole=whole,
        months=months,
        meters=tuple(_row(one, window, counts=one in counting) for one in meters),
        assets=work[0],
        orders=work[1],
        products=work[2],
        load=load,
        profile=_profile(load, window),
        provenance="synthetic" if invented or mapping.provenance == "synthetic" else "real",
        notes=tuple(notes),
    )


def _row(meter: Metered, window: Window, *, counts: bool) -> MeterRow:
    return MeterRow(
        meter=meter.meter,
        name=meter.name,
        asset=meter.asset,
        kind=meter.kind,
        kwh=defined(np.nansum(meter.kwh)) or 0.0,
        covered=min(meter.seconds / window.seconds, 1.0),
        counts=counts,
    )


def _months(window: Window) -> list[tuple[str, Window, bool]]:
    """Return the months of a window: name, what of it lies inside, and whether that is all."""
    zone = window.zone
    found = []
    first = window.start.astimezone(zone)
    at = datetime.combine(first.date().replace(day=1), time(), zone)
    while at < window.end:
        year, month = divmod(at.year * 12 + at.month, 12)
        then = datetime(year, month + 1, 1, tzinfo=zone)
        inside = Window(max(at, window.start), min(then, window.end), zone)
        whole = at >= window.start and then <= window.end
        found.append((f"{at:%Y-%m}", inside, whole))
        at = then
    return found


def _profile(load: Load, window: Window) -> Floats:
    _, quarter = wall_clock(load.start, window.zone)
    kwh = np.bincount(quarter, load.kwh, minlength=QUARTERS)
    hours = np.bincount(quarter, load.seconds, minlength=QUARTERS) / 3600.0
    return ratio(kwh, hours)
