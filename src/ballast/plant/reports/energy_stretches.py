"""One stretch of the load of a shop: its energy, bands, cost, demand, factors and carbon.

A month, a year and the whole window are the same sums over different
quarters of an hour; they are made by one function so that the months add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ballast.errors import Refused
from ballast.plant.measures.carbon import EmissionFactor, emissions
from ballast.plant.measures.demand import Demand, load_factor, maximum_demand, power_factor
from ballast.plant.measures.energy import Quarters, quarters
from ballast.plant.measures.ratios import Floats, defined
from ballast.plant.measures.tariff import (
    BANDS,
    NO_BAND,
    QUARTER_MS,
    Band,
    bands_at,
    cost,
    exact_sum,
    times,
    total,
    wall_clock,
)
from ballast.plant.reports.energy_meters import Metered
from ballast.plant.reports.window import Window
from ballast.plant.site.site import Site
from ballast.words import Sentence

__all__ = ["BandUse", "EnergyRow", "Load", "load_of", "stretch"]


@dataclass(frozen=True, slots=True)
class BandUse:
    """What was used in one band of the tariff.

    Parameters
    ----------
    kwh
        Energy, exactly as the meters wrote it.
    cny
        What it cost; not rounded.
    """

    kwh: Decimal
    cny: Decimal


@dataclass(frozen=True, slots=True)
class EnergyRow:
    """One stretch.

    Parameters
    ----------
    period
        ``2018-01``; empty for the whole window.
    seconds
        How long the stretch is.
    covered
        The share of it that the meters cover, 0 to 1.
    kwh
        Energy.
    bands
        By band of the tariff, dearest first; empty without a tariff.
    unpriced_kwh
        Energy at times for which the tariff has no version.
    energy_cny
        The sum of the bands; ``None`` without a tariff.
    demand
        Maximum demand of all meters together, in periods of 15 minutes that follow each other.
    sliding
        The same with a window that slides by a minute; ``None`` where the meters are coarser.
    demand_cny
        Maximum demand times the tariff's price of it, of whole months; ``None`` otherwise.
    load_factor, power_factor
        Mean power over maximum demand; active over apparent energy (lagging and leading added).
    carbon_kg
        kg CO2; ``None`` where a day has no factor.
    factors
        The emission factors used.
    why
        Why something is not there.
    """

    period: str
    seconds: float
    covered: float
    kwh: Decimal
    bands: Mapping[Band, BandUse] = field(default_factory=dict)
    unpriced_kwh: Decimal = Decimal(0)
    energy_cny: Decimal | None = None
    demand: Demand | None = None
    sliding: Demand | None = None
    demand_cny: Decimal | None = None
    load_factor: float | None = None
    power_factor: float | None = None
    carbon_kg: float | None = None
    factors: tuple[EmissionFactor, ...] = ()
    why: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """The load of several meters together, by the quarter of an hour; arrays of shape (n,).

    Parameters
    ----------
    start
        Epoch ms UTC.
    kwh
        Of all meters.
    seconds
        How much of the quarter all of them cover.
    reactive
        kVArh, lagging and leading added; nan where no meter tells it.
    day
        The local day.
    version, band
        Of the tariff; ``NO_BAND`` where there is none.
    minutes
        The same load by the minute where every meter is as fine as that, else ``None``.
    coarse
        Whether a meter's intervals are longer than a demand period.
    """

    start: npt.NDArray[np.int64]
    kwh: Floats
    seconds: Floats
    reactive: Floats
    day: npt.NDArray[np.datetime64]
    version: npt.NDArray[np.intp]
    band: npt.NDArray[np.intp]
    minutes: Quarters | None
    coarse: bool


def load_of(meters: Sequence[Metered], site: Site, window: Window) -> Load:
    """Return the load of meters together.

    Parameters
    ----------
    meters
        Those that add up to the whole.
    site
        For the tariff and its zone.
    window
        Whose clock counts days.

    Raises
    ------
    Refused
        If intervals of one meter overlap; the meter is named.
    """
    each = [_laid(one, QUARTER_MS) for one in meters]
    start, where = np.unique(
        np.concatenate([one.start for one in each]) if each else np.empty(0, np.int64),
        return_inverse=True,
    )
    many = len(start)
    kwh = _summed(where, _flat(each, "kwh"), many)
    seconds = _summed(where, _flat(each, "seconds"), many) / max(len(each), 1)
    fine = bool(meters) and all(0 < one.finest_ms <= _MINUTE_MS for one in meters)
    version = band = np.full(many, NO_BAND, dtype=np.intp)
    if site.tariff is not None and many:
        version, band = bands_at(site.tariff, start, window.zone)
    return Load(
        start=start,
        kwh=kwh,
        seconds=seconds,
        reactive=_reactive(meters, start),
        day=wall_clock(start, window.zone)[0],
        version=version,
        band=band,
        minutes=_by_minute(meters) if fine else None,
        coarse=any(one.finest_ms > QUARTER_MS for one in meters),
    )


_MINUTE_MS = 60_000


def _flat(each: Sequence[Quarters], name: str) -> Floats:
    return np.concatenate([getattr(one, name) for one in each]) if each else np.empty(0)


def _summed(where: npt.NDArray[np.intp], flow: Floats, many: int) -> Floats:
    return np.asarray(np.bincount(where, flow, minlength=many), dtype=np.float64)


def _laid(meter: Metered, grid_ms: int) -> Quarters:
    try:
        return quarters(meter.start, meter.end, meter.kwh, grid_ms=grid_ms)
    except Refused as error:
        raise Refused(
            "meter {meter}: two of its intervals overlap at {start}, so energy would count "
            "twice; withdraw one of the loads, or mend the record",
            meter=meter.meter,
            start=np.datetime64(int(str(error.values["start"])), "ms"),
        ) from error


def _by_minute(meters: Sequence[Metered]) -> Quarters:
    each = [_laid(one, _MINUTE_MS) for one in meters]
    start, where, told = np.unique(
        np.concatenate([one.start for one in each]), return_inverse=True, return_counts=True
    )
    kwh = _summed(where, _flat(each, "kwh"), len(start))
    seconds = _summed(where, _flat(each, "seconds"), len(start)) / len(each)
    return Quarters(start, np.where(told == len(each), kwh, np.nan), seconds)


def _reactive(meters: Sequence[Metered], start: npt.NDArray[np.int64]) -> Floats:
    found = np.full(len(start), np.nan)
    for one in meters:
        both = np.nan_to_num(one.lagging) + np.nan_to_num(one.leading)
        told = np.isfinite(one.lagging) | np.isfinite(one.leading)
        if not told.any() or not len(start):
            return np.full(len(start), np.nan)  # of the whole nothing is known
        laid = quarters(one.start[told], one.end[told], both[told])
        at = np.searchsorted(start, laid.start)
        fits = (at < len(start)) & (start[np.minimum(at, len(start) - 1)] == laid.start)
        found[at[fits]] = np.nan_to_num(found[at[fits]]) + laid.kwh[fits]
    return found


def stretch(load: Load, site: Site, window: Window, period: str, *, month: bool) -> EnergyRow:
    """Return the figures of one stretch of a load.

    Parameters
    ----------
    load
        All of it; quarters outside of the window do not count.
    site
        Tariff and emission factors.
    window
        The stretch.
    period
        How it is called.
    month
        Whether it is a whole month: only then maximum demand has a price.
    """
    inside = np.flatnonzero((load.start >= window.start_ms) & (load.start < window.end_ms))
    kwh, seconds = load.kwh[inside], load.seconds[inside]
    covered = float(seconds.sum())
    why: list[Sentence] = []
    bands, unpriced, energy_cny = _bill(load, inside, site, why)
    highest = _highest(load, inside, window, why)
    demand_cny = None
    version = None if site.tariff is None else site.tariff.at(window.dates[0])
    if month and highest is not None and version is not None and version.demand_price is not None:
        demand_cny = times(Decimal(repr(highest.kw)), version.demand_price)
    carbon, factors = emissions(load.day[inside], kwh, site.carbon)
    carbon_kg = defined(carbon.sum()) if len(carbon) else None
    if len(carbon) and carbon_kg is None:
        why.append(
            Sentence(
                "no emission factor is known for {day}; give one under [[carbon]] in the mapping",
                {"day": str(load.day[inside][np.isnan(carbon)][0])},
            )
        )
    angle = np.isfinite(load.reactive[inside])
    return EnergyRow(
        period=period,
        seconds=window.seconds,
        covered=min(covered / window.seconds, 1.0),
        kwh=exact_sum(kwh),
        bands=bands,
        unpriced_kwh=unpriced,
        energy_cny=energy_cny,
        demand=highest,
        sliding=_sliding(load, window),
        demand_cny=demand_cny,
        load_factor=None
        if highest is None
        else defined(load_factor(kwh.sum(), covered, highest.kw)),
        power_factor=defined(power_factor(kwh[angle].sum(), load.reactive[inside][angle].sum())),
        carbon_kg=carbon_kg,
        factors=factors,
        why=tuple(why),
    )


def _bill(
    load: Load, inside: npt.NDArray[np.intp], site: Site, why: list[Sentence]
) -> tuple[dict[Band, BandUse], Decimal, Decimal | None]:
    if site.tariff is None:
        why.append(Sentence("no tariff stands in the mapping; energy has no price"))
        return {}, Decimal(0), None
    bill = cost(site.tariff, load.version[inside], load.band[inside], load.kwh[inside])
    bands = {
        band: BandUse(total(one.kwh for one in some), total(one.cny for one in some))
        for band in BANDS
        if (some := [one for one in bill if one.band is band])
    }
    unpriced = exact_sum(load.kwh[inside][load.band[inside] == NO_BAND])
    if unpriced:
        why.append(
            Sentence(
                "{kwh} kWh were used before the first tariff of the mapping, {since}; "
                "they have no price",
                {"kwh": str(unpriced), "since": str(site.tariff.versions[0].since)},
            )
        )
    return bands, unpriced, total(use.cny for use in bands.values()) if bands else None


def _highest(
    load: Load, inside: npt.NDArray[np.intp], window: Window, why: list[Sentence]
) -> Demand | None:
    if load.coarse:
        why.append(
            Sentence(
                "the meters tell longer intervals than a demand period of 15 minutes, or the "
                "window is too long to read it; there is no maximum demand"
            )
        )
        return None
    whole = inside[load.seconds[inside] >= QUARTER_MS / 1000 - 1e-3]
    whole = whole[load.start[whole] + QUARTER_MS <= window.end_ms]
    return maximum_demand(load.start[whole], load.kwh[whole], QUARTER_MS, sliding=False)


def _sliding(load: Load, window: Window) -> Demand | None:
    if load.minutes is None:
        return None
    start = load.minutes.start
    at = np.flatnonzero((start >= window.start_ms) & (start + _MINUTE_MS <= window.end_ms))
    at = at[load.minutes.seconds[at] >= _MINUTE_MS / 1000 - 1e-3]
    return maximum_demand(start[at], load.minutes.kwh[at], _MINUTE_MS, sliding=True)
