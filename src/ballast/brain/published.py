"""What anyone may know of a region: figures of public tables, and of no other.

Kept apart from the picture of a region, which rests on what enterprises
report: here every read is made as the public viewer, so that no right of the
asker, no cache and no later change of a page can let unit data through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from ballast.brain.names import names
from ballast.brain.picture_macro import rankings
from ballast.brain.picture_shape import Change, RankingPlace
from ballast.lake.declare import Sensitivity
from ballast.lake.lake import Lake
from ballast.lake.tables import TABLES
from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import NATION
from ballast.terms.scheme import RegionScheme
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS, Unit
from ballast.terms.viewer import PUBLIC
from ballast.words.numbers import Absence

__all__ = [
    "PUBLIC_TABLES",
    "Published",
    "PublishedFigure",
    "PublishedItem",
    "PublishedLine",
    "PublishedSource",
    "public_sources",
    "published",
]

PUBLIC_TABLES = tuple(
    table.name for table in TABLES.values() if table.sensitivity is Sensitivity.PUBLIC
)
_PROVINCE, _PEER = "0000", "00"  # how the codes of provinces and of cities end


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One figure of one region: its period, value, status, and the load it came with."""

    period: Period
    value: Decimal
    status: str
    load_id: str


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """The yearly figures of one region, oldest first."""

    region: str
    label: Label
    role: Literal["own", "peer", "province", "nation"]
    figures: tuple[PublishedFigure, ...]

    @property
    def latest(self) -> PublishedFigure:
        """The newest figure; a line without figures is not made."""
        return self.figures[-1]

    def at(self, period: Period) -> PublishedFigure | None:
        """Return the figure of a period, or ``None``."""
        return next((f for f in self.figures if f.period == period), None)


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """One macro item of the region beside the same item elsewhere.

    ``rank`` is the region's place in its latest year among the ``ranked``
    cities of ``within`` with a figure of that year, the highest first.
    """

    name: str
    label: Label
    unit: Unit
    nature: str
    own: PublishedLine
    others: tuple[PublishedLine, ...]
    change: Change
    rank: int | None
    ranked: int | None
    within: Label | None


@dataclass(frozen=True, slots=True)
class PublishedSource:
    """A standing load that wrote public tables: when, which, and whether it is made up."""

    load_id: str
    at: datetime
    tables: tuple[str, ...]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures of a region."""

    region: str
    label: Label
    items: tuple[PublishedItem, ...]
    rankings: tuple[RankingPlace, ...]
    sources: tuple[PublishedSource, ...]

    @property
    def synthetic(self) -> bool:
        """Whether any load behind the figures is made up."""
        return any(source.synthetic for source in self.sources)


def public_sources(lake: Lake, as_of: datetime | None = None) -> tuple[PublishedSource, ...]:
    """Return the standing loads that wrote public tables, oldest first.

    Of a load only what anyone may know is here: no file name, and not who loaded it.

    Parameters
    ----------
    lake
        Whose ledger is read.
    as_of
        The moment at which the loads stand; now where it is ``None``.
    """
    found = []
    for row in lake.ledger.live(as_of).filter(pl.col("state") == "committed").to_dicts():
        tables = tuple(name for name in row["tables"].split(",") if name in PUBLIC_TABLES)
        if tables:
            synthetic = row["provenance"] == "synthetic"
            found.append(PublishedSource(row["load_id"], row["at"], tables, synthetic))
    return tuple(found)


def published(lake: Lake, region: str) -> Published:
    """Return the published figures of a region beside peers, province and nation.

    Parameters
    ----------
    lake
        Where to read; it is read as the public viewer, whoever asks.
    region
        A GB/T 2260 code.

    Returns
    -------
    Published
        Yearly figures only; empty where nothing is loaded for the region.
    """
    called = names(lake, PUBLIC).region
    grouped = _by_item(_rows(lake, region))
    items = tuple(
        item
        for name in MACRO_ITEMS
        if (item := _item(name, grouped.get(name, {}), region, called)) is not None
    )
    used = {
        figure.load_id
        for item in items
        for line in (item.own, *item.others)
        for figure in line.figures
    }
    places = lake.read("ranking", PUBLIC)
    own = places.filter(places.region == region)
    used |= set(own.select("load_id").distinct().to_pyarrow()["load_id"].to_pylist())
    return Published(
        region=region,
        label=called(region),
        items=items,
        rankings=rankings(places, region),
        sources=tuple(s for s in public_sources(lake) if s.load_id in used),
    )


def _rows(lake: Lake, region: str) -> list[Mapping[str, Any]]:
    """Return the yearly figures of the region, its province, the province's cities, the nation."""
    rows = lake.read("region_period", PUBLIC)
    cities = rows.region.startswith(region[:2]) & rows.region.endswith(_PEER)
    rows = rows.filter(
        rows.region_scheme == RegionScheme.GB2260.value,
        cities | rows.region.isin([region, NATION]),
        rows.period.length() == len("2026"),
    )
    chosen = rows.select("region", "period", "item", "value", "status", "load_id")
    found: list[Mapping[str, Any]] = chosen.order_by("period").to_pyarrow().to_pylist()
    return found


def _by_item(
    rows: Iterable[Mapping[str, Any]],
) -> dict[str, dict[str, list[PublishedFigure]]]:
    grouped: dict[str, dict[str, list[PublishedFigure]]] = {}
    for row in rows:
        period = Period.parse(row["period"])
        if period.kind is PeriodKind.YEAR and row["value"] is not None:
            figure = PublishedFigure(period, row["value"], row["status"] or "final", row["load_id"])
            grouped.setdefault(row["item"], {}).setdefault(row["region"], []).append(figure)
    return grouped


def _item(
    name: str,
    series: Mapping[str, list[PublishedFigure]],
    region: str,
    called: Callable[[str], Label],
) -> PublishedItem | None:
    if region not in series:
        return None
    declared = MACRO_ITEMS[name]
    province = region[:2] + _PROVINCE
    lines = [
        PublishedLine(code, called(code), _role(code, region, province), tuple(figures))
        for code, figures in sorted(series.items())
    ]
    own = next(line for line in lines if line.role == "own")
    latest = own.latest
    among = [
        figure.value
        for line in lines
        if line.role in ("own", "peer") and (figure := line.at(latest.period)) is not None
    ]
    is_city = region.endswith(_PEER) and region not in (province, NATION)
    ranked = len(among) if is_city and len(among) > 1 else None
    return PublishedItem(
        name=name,
        label=declared.label,
        unit=declared.unit,
        nature=declared.nature,
        own=own,
        others=tuple(line for line in lines if line is not own),
        change=_change(own, declared.nature),
        rank=None if ranked is None else 1 + sum(value > latest.value for value in among),
        ranked=ranked,
        within=None if ranked is None else called(province),
    )


def _role(code: str, region: str, province: str) -> Literal["own", "peer", "province", "nation"]:
    if code == region:
        return "own"
    if code == NATION:
        return "nation"
    return "province" if code == province else "peer"


def _change(own: PublishedLine, nature: str) -> Change:
    """Return the change on the year before: in points for a ratio, else in percent."""
    unit = PERCENTAGE_POINTS if nature == "ratio" else PERCENT
    base = own.latest.period - 1
    before = own.at(base)
    if before is None:
        return Change(None, unit, base, absence=Absence.NO_DATA)
    if nature == "ratio":
        return Change(float(own.latest.value - before.value), unit, base)
    if before.value <= 0:
        return Change(None, unit, base, absence=Absence.UNDEFINED)
    return Change(float(own.latest.value / before.value - 1) * 100, unit, base)
