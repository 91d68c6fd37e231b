"""The tariff and the emission factors of a mapping: ``[[tariff]]`` and ``[[carbon]]``."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ballast.errors import Refused
from ballast.plant.measures.carbon import EmissionFactor
from ballast.plant.measures.tariff import QUARTERS, Band, Season, Tariff, TariffVersion
from ballast.plant.site.entry import Entry, entries
from ballast.plant.site.reading_shifts import WEEKDAYS, weekdays

__all__ = ["read_carbon", "read_tariff"]

_MOST_VERSIONS, _MOST_SEASONS = 1_000, 100
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–~至]\s*([01]?\d|2[0-4]):([0-5]\d)")


def read_tariff(document: Entry) -> Tariff | None:
    """Return the tariff, its versions by date; none where the mapping gives none."""
    versions: dict[date, TariffVersion] = {}
    for entry in entries(document, "tariff", _MOST_VERSIONS):
        version = _version(entry)
        if version.since in versions:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=version.since,
            )
        versions[version.since] = version
    return Tariff(tuple(versions[day] for day in sorted(versions))) if versions else None


def read_carbon(document: Entry) -> tuple[EmissionFactor, ...]:
    """Return the site's own emission factors, oldest first; empty: the published ones hold."""
    found: dict[date, EmissionFactor] = {}
    for entry in entries(document, "carbon", _MOST_VERSIONS):
        since = entry.day("since")
        factor = entry.money("kg_per_kwh")
        if factor is None:
            raise entry.missing("kg_per_kwh")
        if since in found:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=since,
            )
        found[since] = EmissionFactor(since, factor, entry.must_text("source"))
        entry.done()
    return tuple(found[day] for day in sorted(found))


def _version(entry: Entry) -> TariffVersion:
    since = entry.day("since")
    entry.where = f"{entry.where} ({since})"
    seasons = tuple(_season(one, entry) for one in entries(entry, "season", _MOST_SEASONS))
    if not seasons:
        raise entry.missing("season")
    _refuse_uncovered(entry, seasons)
    prices = _prices(entry)
    for band in Band:
        if band not in prices and any(band in season.bands for season in seasons):
            raise Refused(
                "{where}: hours of the band {band} are given and no price for them; add it to "
                "prices",
                where=entry.where,
                band=band.value,
            )
    version = TariffVersion(
        since, prices, seasons, entry.money("demand_price"), entry.text("source", "") or ""
    )
    entry.done()
    return version


def _prices(entry: Entry) -> dict[Band, Decimal]:
    inner = Entry(f"{entry.where}, prices", entry.raw("prices") or {})
    prices = {}
    for band in Band:
        price = inner.money(band.value)
        if price is not None:
            prices[band] = price
    inner.done()
    if not prices:
        raise entry.missing("prices")
    return prices


def _season(entry: Entry, version: Entry) -> Season:
    entry.where = f"{version.where}, season {entry.where.rpartition(' ')[2]}"
    dates = frozenset(entry.as_day(day, "dates") for day in entry.listed("dates") or ())
    months = entry.listed("months")
    if months is None:
        months = () if dates else tuple(range(1, 13))
    if any(isinstance(m, bool) or not isinstance(m, int) or not 1 <= m <= 12 for m in months):
        raise entry.wrong("months", "months = [7, 8]")
    bands: list[Band | None] = [None] * QUARTERS
    for band in Band:
        for span in entry.listed(band.value) or ():
            for quarter in _quarters(entry, band.value, span):
                if bands[quarter] is not None:
                    raise Refused(
                        "{where}: {at} is in the bands {one} and {other}; an hour is of one band",
                        where=entry.where,
                        at=f"{quarter // 4:02}:{quarter % 4 * 15:02}",
                        one=bands[quarter],
                        other=band,
                    )
                bands[quarter] = band
    rest = entry.choice("rest", Band, Band.FLAT)
    days = weekdays(entry, "days")
    entry.done()
    return Season(
        frozenset(int(str(m)) for m in months),
        days,
        dates,
        tuple(rest if band is None else band for band in bands),
    )


def _quarters(entry: Entry, key: str, span: object) -> list[int]:
    found = _SPAN.fullmatch(span.strip()) if isinstance(span, str) else None
    right = f'{key} = ["08:00-11:00", "22:00-24:00"]'
    if found is None:
        raise entry.wrong(key, right)
    first, last = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    if first % 15 or last % 15 or first == last or max(first, last) > 24 * 60:
        raise entry.wrong(key, right)
    count = (last - first) // 15 if last > first else (last - first) // 15 + QUARTERS
    return [(first // 15 + number) % QUARTERS for number in range(count)]


def _refuse_uncovered(entry: Entry, seasons: tuple[Season, ...]) -> None:
    for month in range(1, 13):
        for day in range(7):
            if not any(month in season.months and day in season.days for season in seasons):
                raise Refused(
                    "{where}: no season has the hours of {day} in month {month}; add it to one",
                    where=entry.where,
                    day=WEEKDAYS[day],
                    month=month,
                )
