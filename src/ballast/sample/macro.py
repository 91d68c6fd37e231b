"""Macro figures of the city, its province, the nation and its peers; zones; an external list.

What the enterprises already say is summed, not drawn again: above-scale
output, revenue and enterprises, and trade. The rest is drawn around fixed
points: technical-upgrade investment grows 17.5 % a year over the full
years, the high-tech share stands 4.0 points above the province's in the
last of them, R&D over GDP is third among the 16 cities of the province in
each of them. Province figures of GDP and R&D are the sums of the 16 cities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.sample.months import Calendar
from ballast.sample.regional import PROVINCE
from ballast.sample.structure import CITY, ZONES
from ballast.sample.synthetic import SOURCE, Floats, stream, typed
from ballast.terms.region import NATION

__all__ = [
    "PEERS", "PROVINCE_CITIES", "UPGRADE_GROWTH", "ranking_frame", "region_frame", "region_period",
    "upgrade_investment",
]  # fmt: skip

UPGRADE_GROWTH = 0.175
_UPGRADE_1E8_CNY = 230.0  # in the base year
_CURRENT_YEAR_GROWTH = 1.16  # of investment, over the base year
PEERS = ("370800", "370900", "371400", "371600", "371700")
# GDP of the base year in 1e8 CNY before the draw, and R&D over GDP in percent; the city is third.
PROVINCE_CITIES = {
    "370100": (13_300, 3.42), "370200": (16_900, 2.86), "370300": (4_800, 3.58),
    "370400": (2_400, 2.05), "370500": (4_100, 2.72), "370600": (10_700, 2.80),
    "370700": (8_100, 2.66), "370800": (5_900, 2.12), "370900": (3_500, 2.74),
    "371000": (3_700, 2.78), "371100": (2_600, 2.41), "371300": (6_500, 2.30),
    "371400": (4_000, 2.55), "371500": (3_190, 3.22), "371600": (3_300, 2.83),
    "371700": (4_700, 1.65),
}  # fmt: skip
_SEASONS = np.array([0.55, 0.60, 0.95, 1.0, 1.05, 1.25, 0.95, 0.95, 1.1, 1.05, 1.15, 1.4])
_LIST = "全国先进制造业百强市"
_CITY_PLACES = (94, 89, 83)


@dataclass(slots=True)
class _Rows:
    """Rows of ``region_period`` as they are collected."""

    region: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    status: list[str] = field(default_factory=list)

    def add(self, region: str, period: str, item: str, value: float, status: str = "final") -> None:
        """Add one figure."""
        self.region.append(region)
        self.period.append(period)
        self.item.append(item)
        self.value.append(value)
        self.status.append(status)

    def years(self, region: str, item: str, years: Sequence[int], values: Iterable[float]) -> None:
        """Add the figures of several years."""
        for year, value in zip(years, values, strict=True):
            self.add(region, str(year), item, float(value))


def upgrade_investment(calendar: Calendar) -> dict[int, float]:
    """Return the city's technical-upgrade investment of each full year, in 1e8 CNY.

    The growth from the first to the last year is 17.5 % a year; in between it varies.

    Examples
    --------
    >>> from ballast.sample.months import DEFAULT_LAST_MONTH
    >>> found = upgrade_investment(Calendar(DEFAULT_LAST_MONTH))
    >>> round((found[2025] / found[2022]) ** (1 / 3) - 1, 4)
    0.175
    """
    bumps = (0.0, -0.9, 1.3, -0.4, 0.7)
    years = calendar.full_years
    found = {}
    for back, year in enumerate(reversed(years)):
        inner = 0 < back < len(years) - 1
        wave = 1 + (bumps[back] / 100 if inner else 0.0)
        found[year] = round(_UPGRADE_1E8_CNY / (1 + UPGRADE_GROWTH) ** back * wave, 4)
    return dict(sorted(found.items()))


def region_period(
    enterprise_period: pl.DataFrame, trade: pl.DataFrame, calendar: Calendar, seed: int
) -> pl.DataFrame:
    """Return the table ``region_period``.

    Parameters
    ----------
    enterprise_period, trade
        Whose sums are the city's.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "macro")
    rows = _Rows()
    _summed(rows, enterprise_period, trade, calendar)
    _invested(rows, calendar)
    gdp = _research(rows, calendar, rng)
    _other_city_items(rows, enterprise_period, calendar)
    for region in (PROVINCE, NATION, *PEERS):
        _elsewhere(rows, region, gdp.get(region), calendar, rng)
    return typed(
        "region_period",
        {
            "region_scheme": "gb2260",
            "region": rows.region,
            "period": rows.period,
            "item": rows.item,
            "value": np.array(rows.value),
            "unit": [MACRO_ITEMS[item].unit.name for item in rows.item],
            "status": rows.status,
            "source": SOURCE,
        },
    )


def _summed(
    rows: _Rows, enterprise_period: pl.DataFrame, trade: pl.DataFrame, calendar: Calendar
) -> None:
    """Add what the enterprises and the customs rows of the city already say, by month and year."""
    sums = (
        enterprise_period.filter(pl.col("above_scale"))
        .group_by("period")
        .agg(
            pl.col("output_1e4_cny", "revenue_1e4_cny").sum().cast(pl.Float64) / 1e4,
            enterprises=pl.len(),
        )
        .rows_by_key("period", unique=True)
    )
    for slot in calendar.slots:
        status = "final" if slot.year <= calendar.base else "preliminary"
        output, revenue, enterprises = sums[str(slot.period)]
        rows.add(CITY, str(slot.period), "above_scale_output", output, status)
        rows.add(CITY, str(slot.period), "above_scale_revenue", revenue, status)
        if slot.after == 12:
            rows.add(CITY, str(slot.year), "above_scale_enterprises", enterprises)
    for year in calendar.full_years:
        within = [str(slot.period) for slot in calendar.slots if slot.year == year]
        for at, item in enumerate(("above_scale_output", "above_scale_revenue")):
            rows.add(CITY, str(year), item, sum(round(sums[period][at], 4) for period in within))
        of_city = trade.filter((pl.col("region") == CITY) & (pl.col("period") == str(year)))
        for flow in ("export", "import"):
            worth = of_city[f"{flow}_1e4_cny"].cast(pl.Float64).to_numpy()
            rows.add(CITY, str(year), f"{flow}s", float(np.nansum(worth)) / 1e4)


def _invested(rows: _Rows, calendar: Calendar) -> None:
    """Add the city's investment by year and month; the months sum to their year exactly."""
    upgrade = upgrade_investment(calendar)
    whole = {y: round(1.9 * v + 165.0 - 9.0 * (y - calendar.base), 4) for y, v in upgrade.items()}
    for item, yearly in (("upgrade_investment", upgrade), ("industrial_investment", whole)):
        current = {calendar.base + 1: yearly[calendar.base] * _CURRENT_YEAR_GROWTH}
        for year, value in (yearly | current).items():
            bounds = np.round(value * np.cumsum([0, *_SEASONS]) / _SEASONS.sum(), 4)
            status = "final" if year in yearly else "preliminary"
            if year in yearly:
                rows.add(CITY, str(year), item, value)
            for slot in calendar.slots:
                if slot.year == year:
                    part = bounds[slot.after] - bounds[slot.first]
                    rows.add(CITY, str(slot.period), item, float(part), status)


def _research(rows: _Rows, calendar: Calendar, rng: np.random.Generator) -> dict[str, Floats]:
    """Add GDP and R&D of the 16 cities and their sums for the province; return the GDPs."""
    years = calendar.full_years
    back = np.array(years) - calendar.base
    total_gdp, total_rd = np.zeros(len(years)), np.zeros(len(years))
    gdps: dict[str, Floats] = {}
    for region, (gdp_base, intensity) in PROVINCE_CITIES.items():
        size = 1.0 if region == CITY else rng.lognormal(0, 0.05)
        growth = 1.047 if region == CITY else 1 + rng.normal(0.045, 0.006)
        gdp = np.round(gdp_base * size * growth**back, 4)
        rise = 0.06 if region == CITY else rng.uniform(0.02, 0.08)
        rd = np.round(gdp * (intensity + rise * back) / 100, 4)
        gdps[region] = gdp
        total_gdp, total_rd = total_gdp + gdp, total_rd + rd
        _research_rows(rows, region, years, gdp, rd)
    gdps[PROVINCE] = total_gdp
    gdps[NATION] = np.round(1_380_000 * 1.045**back, 4)
    _research_rows(rows, PROVINCE, years, total_gdp, total_rd)
    _research_rows(rows, NATION, years, gdps[NATION], np.round(gdps[NATION] * 0.0268, 4))
    return gdps


def _research_rows(rows: _Rows, region: str, years: Sequence[int], gdp: Floats, rd: Floats) -> None:
    rows.years(region, "gdp", years, gdp)
    rows.years(region, "society_rd", years, rd)
    rows.years(region, "rd_intensity", years, 100 * rd / gdp)


def _other_city_items(rows: _Rows, enterprise_period: pl.DataFrame, calendar: Calendar) -> None:
    """Add the rest of the city's yearly items."""
    years = calendar.full_years
    back = np.array(years) - calendar.base
    sums = (
        enterprise_period.filter(pl.col("above_scale"))
        .group_by(pl.col("period").str.head(4).alias("year"))
        .agg(pl.col("value_added_1e4_cny", "electricity_1e4_kwh").sum().cast(pl.Float64))
        .rows_by_key("year", unique=True)
    )
    # Beside the above-scale: the small, about a tenth of value added and 6 % of electricity.
    added = [sums[str(year)][0] / 1e4 * 1.09 for year in years]
    rows.years(CITY, "industrial_value_added", years, added)
    power = [sums[str(year)][1] * 1.06 for year in years]
    rows.years(CITY, "industrial_electricity", years, power)
    rows.years(CITY, "population", years, 580.0 - 2.1 * back)
    rows.years(CITY, "digitised_enterprises", years, 2036 + 478 * back + 3 * back**2)
    rows.years(CITY, "high_tech_share", years, _province_high_tech(calendar) + 4.0 + 0.7 * back)


def _province_high_tech(calendar: Calendar) -> Floats:
    """Return the province's high-tech share of output in percent, by full year."""
    back = np.array(calendar.full_years) - calendar.base
    return np.asarray(53.4 + 1.5 * back + 0.1 * (back % 2))


def _elsewhere(
    rows: _Rows, region: str, gdp: Floats | None, calendar: Calendar, rng: np.random.Generator
) -> None:
    """Add the yearly items of province, nation or a peer: near the city's ratios to GDP."""
    if gdp is None:
        return
    years = calendar.full_years
    back = np.array(years) - calendar.base
    ratios = {  # to GDP, in the base year, and how much faster it grows
        "industrial_value_added": (0.31, 0.00),
        "above_scale_output": (1.12, 0.01),
        "above_scale_revenue": (1.13, 0.01),
        "upgrade_investment": (0.042, 0.045),
        "industrial_investment": (0.145, 0.02),
        "exports": (0.17, 0.02),
        "imports": (0.11, 0.01),
        "industrial_electricity": (480.0, 0.01),  # 10,000 kWh to 1e8 CNY
        "above_scale_enterprises": (0.38, 0.02),
    }
    for item, (ratio, faster) in ratios.items():
        level = ratio * rng.lognormal(0, 0.12)
        pace = 1 + faster + rng.uniform(-0.015, 0.025)
        values = gdp * level * pace**back
        if item == "above_scale_enterprises":
            values = np.rint(values)
        rows.years(region, item, years, values)
    people = {PROVINCE: 10_080.0, NATION: 140_800.0}.get(region, float(gdp[-1]) * 0.145)
    rows.years(region, "population", years, people * (1 - 0.002) ** back)
    province = _province_high_tech(calendar)
    if region == PROVINCE:
        rows.years(region, "high_tech_share", years, province)
    elif region != NATION:
        rows.years(region, "high_tech_share", years, province + rng.uniform(-7, 2.5))


def region_frame() -> pl.DataFrame:
    """Return the table ``region``: the zones, which GB/T 2260 does not know.

    Examples
    --------
    >>> region_frame()["region"].to_list()
    ['371500-KFQ', '371500-GXQ', '371500-DJQ']
    """
    return typed(
        "region",
        {
            "region_scheme": "ext",
            "region": [zone.code for zone in ZONES],
            "name": [zone.label.zh for zone in ZONES],
            "name_en": [zone.label.en for zone in ZONES],
            "parent": CITY,
            "region_kind": [zone.kind for zone in ZONES],
        },
    )


def ranking_frame(calendar: Calendar, seed: int) -> pl.DataFrame:
    """Return the table ``ranking``: an invented list, the city on it three years running.

    Parameters
    ----------
    calendar
        The months covered; the list is of the three last full years.
    seed
        Of the sample.
    """
    rng = stream(seed, "ranking")
    others = [region for region in PROVINCE_CITIES if region != CITY][:11]
    years: list[int] = []
    places: list[int] = []
    regions: list[str] = []
    for back, own in zip((2, 1, 0), _CITY_PLACES, strict=True):
        free = [place for place in range(3, 101) if place != own]
        drawn = rng.choice(free, len(others), replace=False).tolist()
        years += [calendar.base - back] * (len(others) + 1)
        places += [own, *drawn]
        regions += [CITY, *others]
    return typed(
        "ranking",
        {
            "publisher": "合成样例",
            "list": _LIST,
            "year": years,
            "place": places,
            "region_scheme": "gb2260",
            "region": regions,
            "source": SOURCE,
        },
    ).sort("year", "place")
