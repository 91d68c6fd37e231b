"""Which stretch of time a report of the plant is about, as it is typed: a day, or from and to.

Without either it is the newest day that there is anything of: somebody who
replayed a recording of last year does not want an empty report of today.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ballast.cli.context import viewer
from ballast.cli.plant_clock import clock_of, moment_of
from ballast.errors import WrongUsage

if TYPE_CHECKING:
    from ballast.lake.lake import Lake
    from ballast.plant.reports.window import Window
    from ballast.plant.site import Site

__all__ = ["DayOption", "FirstOption", "LastOption", "ZoneOption", "span_of"]

DayOption = Annotated[
    str | None,
    typer.Option(
        "--day", help="A day, 2026-11-23; the newest one if left out.", show_default=False
    ),
]
FirstOption = Annotated[
    str | None,
    typer.Option("--from", help="First day or moment, 2026-11-23T08:00.", show_default=False),
]
LastOption = Annotated[
    str | None,
    typer.Option("--to", help="Last day, included, or moment, excluded.", show_default=False),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        "--zone", help="Whose clock counts days; the mapping's if left out.", show_default=False
    ),
]


def span_of(
    lake: Lake,
    site: Site | None,
    day: str | None,
    first: str | None,
    last: str | None,
    zone: str | None,
) -> Window:
    """Return the window that was typed.

    Raises
    ------
    WrongUsage
        If both a day and a stretch are given, or something is no moment.
    Refused
        If the end is not behind the start.
    """
    from ballast.plant.reports.window import Window, days

    clock = clock_of(zone, site)
    if day is not None:
        if first is not None or last is not None:
            raise WrongUsage("give either --day or --from and --to, not both")
        wanted = moment_of(day, clock).date()
        return days(wanted, wanted, clock)
    if first is None and last is None:
        newest = _newest(lake).astimezone(clock).date()
        return days(newest, newest, clock)
    end = lake.clock().astimezone(clock) if last is None else _end(last, moment_of(last, clock))
    start = end - timedelta(days=1) if first is None else moment_of(first, clock)
    return Window(start, end, clock)


def _end(text: str, moment: datetime) -> datetime:
    """Return the end that is meant: behind a day, or at a moment."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return moment
    return moment + timedelta(days=1)


def _newest(lake: Lake) -> datetime:
    """Return the moment of the newest thing that is known of the plant; now if there is none."""
    hours = lake.read("telemetry_1h", viewer())
    made = lake.read("production", viewer())
    now = lake.clock()
    found = [
        hours.filter(hours.time <= now).aggregate(at=hours.last_at.max()).to_pyarrow(),
        made.filter(made.start <= now).aggregate(at=made.start.max()).to_pyarrow(),
    ]
    moments: list[datetime] = [one["at"][0].as_py() for one in found]
    return max((one for one in moments if one is not None), default=now)
