"""Which region a home is about, where nobody names one."""

from __future__ import annotations

from ballast.brain.home_city import cities_with_figures
from ballast.brain.names import names
from ballast.cli.asking import one_region
from ballast.cli.context import language, viewer
from ballast.cli.plant_opening import find_site
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake

__all__ = ["home_region"]

_COUNTY = slice(2, 8)  # of a unified social credit code: where it was registered


def home_region(lake: Lake, asked: str) -> str:
    """Return the region asked for, a plant's own county, or the only city that has figures.

    Parameters
    ----------
    lake
        The home's.
    asked
        A code or a name; empty for the home's own.

    Raises
    ------
    WrongUsage
        If several cities have figures, or none, and none is named.
    """
    called = names(lake, viewer())
    if asked:
        return one_region(called, asked)
    if site := find_site(lake.home.path):
        return site.uscc[_COUNTY]
    cities = cities_with_figures(lake)
    if not cities:
        raise WrongUsage(
            "no region has figures here yet: load the table region_industry, or name a region "
            "with --region or BALLAST_REGION"
        )
    if len(cities) > 1:
        raise WrongUsage(
            "which region is this home about? Name it with --region or BALLAST_REGION; there are "
            "figures of: {known}",
            known=", ".join(f"{code} {called.region(code).text(language())}" for code in cities),
        )
    return cities[0]
