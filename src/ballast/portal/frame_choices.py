"""What the filters at the top of every page offer: periods with figures, and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ballast.brain.names import names
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period, year_to_date
from ballast.terms.region import children, is_extension
from ballast.terms.viewer import PUBLIC

__all__ = ["Choices", "choices"]

_PERIODS = 36


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen.

    Parameters
    ----------
    periods
        Newest first; empty where the viewer sees no figures by month.
    regions
        Code and name: the home's region first, then its counties, then its zones.
    """

    periods: tuple[Period, ...]
    regions: tuple[tuple[str, Label], ...]


def choices(lake: Lake, region: str, periods: Sequence[Period]) -> Choices:
    """Return what the filters offer.

    Parameters
    ----------
    lake
        Where the zones of the region are named.
    region
        The region that the home is of.
    periods
        Those for which figures stand.

    Returns
    -------
    Choices
        A period stands once, as the year to date that ends with it.
    """
    called = names(lake, PUBLIC).region
    ends = {year_to_date(p.year, p.last_month) for p in periods}
    loaded = lake.read("region", PUBLIC).select("region").distinct().to_pyarrow()
    zones = [c for c in loaded["region"].to_pylist() if is_extension(c) and c.startswith(region)]
    codes = dict.fromkeys((region, *children(region), *sorted(zones)))
    return Choices(
        tuple(sorted(ends, reverse=True)[:_PERIODS]),
        tuple((code, called(code)) for code in codes),
    )
