"""Time-of-use tariffs (分时电价): which band an instant is in, and what its energy costs.

A table of 8,760 prices would be simpler to look up and nobody could check it
against the notice of the price bureau. A tariff is kept as the notice is
written: from a date on, for some months and days, the hours of the sharp,
peak, flat and valley bands and a price for each. Times are the wall clock of
the site; prices are ``Decimal`` and money is never rounded without being told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Context, Decimal, Inexact, localcontext
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.ratios import Floats
from ballast.terms.label import Label

__all__ = [
    "BANDS",
    "BAND_LABELS",
    "NO_BAND",
    "QUARTER_MS",
    "Band",
    "Cost",
    "Season",
    "Tariff",
    "TariffVersion",
    "bands_at",
    "cost",
    "exact_sum",
    "times",
    "total",
    "wall_clock",
]

# Digits enough for sums and products of any floats; were one lost, it would be an error.
_EXACT = Context(prec=1_200, traps=[Inexact])
QUARTER_MS = 900_000
QUARTERS = 96  # quarters of an hour in a day: as fine as a meter's interval, and no notice is finer


class Band(StrEnum):
    """A band of the day in a time-of-use tariff (尖、峰、平、谷), dearest first."""

    SHARP = "sharp"
    PEAK = "peak"
    FLAT = "flat"
    VALLEY = "valley"
    DEEP_VALLEY = "deep_valley"


BANDS = tuple(Band)
NO_BAND = -1  # no version of the tariff holds yet

BAND_LABELS: dict[Band, Label] = {
    Band.SHARP: Label("尖", "sharp"),
    Band.PEAK: Label("峰", "peak"),
    Band.FLAT: Label("平", "flat"),
    Band.VALLEY: Label("谷", "valley"),
    Band.DEEP_VALLEY: Label("深谷", "deep valley"),
}


@dataclass(frozen=True, slots=True)
class Season:
    """The days of a year that share their hours.

    Parameters
    ----------
    months
        1 to 12.
    days
        Days of the week, Monday 0 to Sunday 6.
    dates
        Single dates (holidays) to which it applies whatever the months and days say.
    bands
        The band of each quarter of an hour of the day; 96 of them, wall clock.
    """

    months: frozenset[int]
    days: frozenset[int]
    dates: frozenset[date]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """What holds from a date until the next version.

    Parameters
    ----------
    since
        The first day.
    prices
        CNY a kWh for each band that occurs.
    seasons
        The first that fits a day gives its hours.
    demand_price
        CNY a kW of the month's maximum demand (需量电价), or none.
    source
        The notice that it is taken from.
    """

    since: date
    prices: Mapping[Band, Decimal]
    seasons: tuple[Season, ...]
    demand_price: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tariff:
    """A site's tariff through time: versions, oldest first."""

    versions: tuple[TariffVersion, ...]

    def at(self, day: date) -> TariffVersion | None:
        """Return what holds on a day, or nothing before the first version."""
        held = [version for version in self.versions if version.since <= day]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Cost:
    """What the energy of one band cost under one version of the tariff.

    Parameters
    ----------
    since
        The first day of the version.
    band
        Of the day.
    kwh
        Energy, the exact sum of the decimal spellings of the intervals.
    price
        CNY a kWh.
    cny
        ``kwh`` times ``price``, every digit of it.
    """

    since: date
    band: Band
    kwh: Decimal
    price: Decimal
    cny: Decimal


def wall_clock(
    time_ms: npt.ArrayLike, zone: tzinfo
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.intp]]:
    """Return the day and the quarter of an hour that a clock on the wall shows.

    Parameters
    ----------
    time_ms
        Shape (n,), epoch ms UTC.
    zone
        Of the wall.

    Returns
    -------
    day
        Shape (n,), ``datetime64[D]``.
    quarter
        Shape (n,), 0 to 95.

    Notes
    -----
    Offsets of zones are whole quarters of an hour since they are kept by law, so one look-up a
    quarter that occurs is enough.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> day, quarter = wall_clock([0], ZoneInfo("Asia/Shanghai"))
    >>> str(day[0]), int(quarter[0])
    ('1970-01-01', 32)
    """
    times = np.asarray(time_ms, dtype=np.int64)
    quarters, where = np.unique(times // QUARTER_MS, return_inverse=True)
    local = np.array(
        [
            datetime.fromtimestamp(quarter * (QUARTER_MS // 1000), UTC)
            .astimezone(zone)
            .replace(tzinfo=None)
            for quarter in quarters.tolist()
        ],
        dtype="datetime64[s]",
    )
    day = local.astype("datetime64[D]")
    quarter = ((local - day).astype(np.int64) // (QUARTER_MS // 1000)).astype(np.intp)
    return day[where], quarter[where]


def bands_at(
    tariff: Tariff, time_ms: npt.ArrayLike, zone: tzinfo
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the version and the band that each instant is in.

    Parameters
    ----------
    tariff
        Of the site.
    time_ms
        Shape (n,), epoch ms UTC.
    zone
        Of the site: a notice speaks of the clock on the wall.

    Returns
    -------
    version
        Shape (n,): index into ``tariff.versions``; ``NO_BAND`` before the first.
    band
        Shape (n,): index into ``BANDS``; ``NO_BAND`` where no version holds.
    """
    day, quarter = wall_clock(time_ms, zone)
    days, where = np.unique(day, return_inverse=True)
    version = np.full(len(days), NO_BAND, dtype=np.intp)
    table = np.full((len(days), QUARTERS), NO_BAND, dtype=np.intp)
    codes = {band: code for code, band in enumerate(BANDS)}
    for row, one in enumerate(days.tolist()):
        held = [n for n, each in enumerate(tariff.versions) if each.since <= one]
        if held:
            version[row] = held[-1]
            season = _season(tariff.versions[held[-1]], one)
            if season is not None:
                table[row] = [codes[band] for band in season.bands]
    return version[where], table[where, quarter]


def _season(version: TariffVersion, day: date) -> Season | None:
    for season in version.seasons:
        if day in season.dates:
            return season
    for season in version.seasons:
        if day.month in season.months and day.weekday() in season.days:
            return season
    return None


def exact_sum(values: npt.ArrayLike) -> Decimal:
    """Return the sum of numbers as they are written, without binary rounding.

    Examples
    --------
    >>> exact_sum([0.1, 0.2]), sum([0.1, 0.2])
    (Decimal('0.3'), 0.30000000000000004)
    """
    whole: list[float] = np.asarray(values, dtype=np.float64).tolist()
    return total(Decimal(repr(value)) for value in whole)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts, every digit of it.

    Examples
    --------
    >>> total([Decimal("1e30"), Decimal("0.01")])
    Decimal('1000000000000000000000000000000.01')
    """
    with localcontext(_EXACT):
        return sum(amounts, Decimal(0))


def times(one: Decimal, other: Decimal) -> Decimal:
    """Return a product of amounts, every digit of it.

    Examples
    --------
    >>> times(Decimal("123.456"), Decimal("38.4"))
    Decimal('4740.7104')
    """
    return _EXACT.multiply(one, other)


def cost(tariff: Tariff, version: npt.ArrayLike, band: npt.ArrayLike, kwh: Floats) -> list[Cost]:
    """Return what energy cost, by version and band; nothing is rounded.

    Parameters
    ----------
    tariff
        Of the site.
    version, band
        Shape (n,), of `bands_at`.
    kwh
        Shape (n,), energy of each interval.

    Notes
    -----
    Equation: cost = Σ_v Σ_b price_{v,b} · Σ_{i in v,b} kWh_i, in decimal arithmetic. Energy
    without a version or band (`NO_BAND`) has no price and is not in the list: who shows a sum
    says so.

    """
    versions = np.asarray(version, dtype=np.intp)
    bands = np.asarray(band, dtype=np.intp)
    energy = np.asarray(kwh, dtype=np.float64)
    found = []
    for number, held in enumerate(tariff.versions):
        for code, named in enumerate(BANDS):
            inside = (versions == number) & (bands == code) & np.isfinite(energy)
            if inside.any():
                used = exact_sum(energy[inside])
                price = held.prices[named]
                cny = times(used, price)
                found.append(Cost(held.since, named, used, price, cny))
    return found
