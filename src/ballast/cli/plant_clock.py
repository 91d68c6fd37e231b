"""Moments as they are typed at a command of the plant, and whose clock they are of.

The shop's wall clock counts where the mapping gives one; a moment without a
zone is of that clock and never of the machine that the command runs on.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ballast.errors import WrongUsage

if TYPE_CHECKING:
    from ballast.plant.site.site import Site

__all__ = ["clock_of", "moment_of"]

_DEFAULT = "UTC"
# Beyond, a shift of some days or of a zone leaves the years that there are.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def clock_of(named: str | None, site: Site | None = None) -> ZoneInfo:
    """Return the clock that moments are of: the one named, else the mapping's, else UTC.

    Raises
    ------
    WrongUsage
        If there is no such zone.
    """
    if named is None and site is not None:
        return site.zone
    try:
        return ZoneInfo(_DEFAULT if named is None else named)
    except (ValueError, OSError, KeyError):
        raise WrongUsage(
            "--zone {zone}: there is no such zone; write it as Asia/Shanghai", zone=named
        ) from None


def moment_of(text: str, clock: ZoneInfo) -> datetime:
    """Return a moment that was typed; a day alone is its beginning.

    Raises
    ------
    WrongUsage
        If it is none, or no machine can have spoken then.

    Examples
    --------
    >>> moment_of("2026-11-23T08:00", ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-11-23T08:00:00+08:00'
    """
    try:
        found = datetime.fromisoformat(text)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise ValueError
    except ValueError:
        raise WrongUsage(
            "{text}: this is no moment; write it as 2026-11-23T08:00", text=text
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=clock)
