"""Time-of-use tariffs (分时电价): which band an instant is in, and what its energy costs.

A table of 8,760 prices would be simpler to look up and nobody could check it
against the notice of the price bureau. A tariff is kept as the notice is
written: from a date on, for some months and days, the hours of the sharp,
peak, flat and valley bands and a price for each. Times are the wall clock of
the site; prices are ``Decimal`` and money is never rounded without being told to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ballast.terms.label import Label

__all__ = ["BAND_LABELS", "Band", "Season", "Tariff", "TariffVersion"]

QUARTERS = 96  # quarters of an hour in a day: as fine as a meter's interval, and no notice is finer


class Band(StrEnum):
    """A band of the day in a time-of-use tariff (尖、峰、平、谷), dearest first."""

    SHARP = "sharp"
    PEAK = "peak"
    FLAT = "flat"
    VALLEY = "valley"
    DEEP_VALLEY = "deep_valley"


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
