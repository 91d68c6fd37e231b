"""``plant energy``: what energy the shop used, by month, band of the tariff, hour, asset, order.

One report stands behind every table of it; ``--format json`` without ``--by``
prints all of it, money as text so that no program rounds it on reading.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.output import Format, print_rows
from ballast.cli.plant_energy_tables import EXACT, SCHEMA, By, table_of
from ballast.cli.plant_opening import find_site
from ballast.errors import WrongUsage
from ballast.terms.label import Language

if TYPE_CHECKING:
    from ballast.lake.lake import Lake
    from ballast.plant.reports.energy import EnergyReport
    from ballast.plant.reports.window import Window
    from ballast.plant.site.site import Site

__all__ = ["energy"]


def energy(
    first: Annotated[
        str | None,
        typer.Option("--from", help="First day, 2026-05-01.", show_default=False),
    ] = None,
    final: Annotated[
        str | None,
        typer.Option(
            "--to", help="Last day; the newest of the meters if left out.", show_default=False
        ),
    ] = None,
    by: Annotated[
        By | None,
        typer.Option("--by", help="Which table; months and bands if left out.", show_default=False),
    ] = None,
    asset: Annotated[
        list[str] | None,
        typer.Option(
            "--asset", help="Only this asset and what stands below it.", show_default=False
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            "--zone", help="Whose clock counts days; the mapping's if left out.", show_default=False
        ),
    ] = None,
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show energy, its cost by band of the tariff, demand, load and power factor, carbon."""
    from ballast.plant.reports.energy import energy_report

    site = find_site(home)
    lake = open_lake(home)
    window = _window(lake, site, first, final, zone)
    report = energy_report(lake, viewer(), window, site=site, assets=asset)
    words = language()
    if form is Format.JSON and by is None:
        sys.stdout.write(json.dumps(_whole(report, words), ensure_ascii=False, indent=1) + "\n")
        return
    if by is None and form is Format.TABLE:
        for each in (By.MONTH, By.WHOLE, By.BAND):
            _print(report, each, form, words)
            typer.echo("")
    else:
        _print(report, by or By.MONTH, form, words)
    for note in dict.fromkeys(n.text(words) for n in (*report.whole.why, *report.notes)):
        typer.echo(note, err=True)
    for factor in report.whole.factors:
        tell(
            "carbon with {factor} kg CO2 a kWh since {since}: {source}",
            factor=str(factor.kg_per_kwh),
            since=str(factor.since),
            source=factor.source,
        )
    if report.provenance == "synthetic":
        tell("synthetic sample: these figures are invented")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("{text} is no day; write it as 2026-05-31", text=text) from None


def _window(
    lake: Lake, site: Site | None, first: str | None, final: str | None, zone: str | None
) -> Window:
    from ballast.plant.reports.window import LONGEST, days

    try:
        clock = ZoneInfo(zone) if zone else (site.zone if site else ZoneInfo("Asia/Shanghai"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongUsage(
            "zone={zone}: there is no such time zone; write one like Asia/Seoul", zone=zone
        ) from None
    oldest, newest = _extent(lake)
    until = _day(final) if final else newest.astimezone(clock).date()
    if first:
        return days(_day(first), until, clock)
    since = oldest.astimezone(clock).date() if not final else until - timedelta(days=30)
    return days(max(since, until - LONGEST + timedelta(days=1)), until, clock)


def _extent(lake: Lake) -> tuple[datetime, datetime]:
    """Return when the newest meter reading is, and the oldest within reach of one report."""
    rows = lake.read("energy_meter", viewer())
    found = (
        rows.aggregate(first=rows.start.min(), last=rows.start.max()).to_pyarrow().to_pylist()[0]
    )
    now = datetime.now(UTC)
    if found["last"] is None:
        return now - timedelta(days=30), now
    return found["first"], found["last"]


def _print(report: EnergyReport, by: By, form: Format, words: Language) -> None:
    rows, columns = table_of(report, by, words)
    schema = {c.name: SCHEMA.get(c.name, pl.String()) for c in columns}
    # Eyes get the fen; programs every digit, as text.
    if form is Format.TABLE:
        schema |= {name: pl.Decimal(38, 2) for name in EXACT if name in schema}
        rows = [{key: _fen(value) for key, value in row.items()} for row in rows]
    else:
        rows = [
            {k: str(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in rows
        ]
    print_rows(pl.DataFrame(rows, schema), columns, form, words)


def _fen(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP, Context(prec=38))


def _whole(report: EnergyReport, words: Language) -> dict[str, object]:
    """Return all of a report as JSON can hold it; money and kWh of bills stay text."""
    tables = {by.value + "s": _plain(table_of(report, by, words)[0]) for by in By}
    (whole,) = _plain(table_of(report, By.WHOLE, words)[0])
    return {
        "from": report.window.start.isoformat(),
        "to": report.window.end.isoformat(),
        "provenance": report.provenance,
        "whole": whole,
        **{name: rows for name, rows in tables.items() if name != "wholes"},
        "factors": [
            {"since": str(one.since), "kg_per_kwh": str(one.kg_per_kwh), "source": one.source}
            for one in report.whole.factors
        ],
        "notes": [note.text(words) for note in (*report.whole.why, *report.notes)],
    }


def _plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {key: str(value) if isinstance(value, Decimal) else value for key, value in row.items()}
        for row in rows
    ]
