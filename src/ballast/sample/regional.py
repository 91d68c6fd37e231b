"""Industries in places: the table ``region_industry``, summed for the city and drawn above it.

City, counties and zones are sums over the above-scale enterprises of the
year by their main industry: output of the twelve months, persons and
enterprises at its end. Zones lie inside counties, so zones and counties
must not be added. Province and nation are drawn, all 41 divisions and 207
groups of them, so that a location quotient has something to stand against.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ballast.sample.histories import PRODUCTIVITY_GROWTH
from ballast.sample.months import Calendar
from ballast.sample.population import Population
from ballast.sample.structure import CITY, TRAITS
from ballast.sample.synthetic import SOURCE, Floats, Ints, stream, typed
from ballast.terms import industry
from ballast.terms.region import NATION

__all__ = ["PROVINCE", "region_industry"]

PROVINCE = "370000"
NATION_OUTPUT_1E8_CNY = 1_420_000.0
PROVINCE_SHARE = 0.085
# Groups that make up much of their division in the nation, times an ordinary one.
_LARGE_GROUPS = {
    "321": 5.0, "325": 5.0, "313": 6.0, "312": 2.5, "345": 1.5, "344": 1.5, "383": 3.0, "382": 3.0,
    "367": 5.0, "361": 6.0, "397": 3.0, "398": 3.0, "392": 3.0, "391": 2.5, "441": 2.0, "442": 5.0,
    "251": 6.0, "261": 3.0, "265": 3.0, "292": 3.0, "331": 2.5, "222": 2.0, "223": 2.0,
}  # fmt: skip
_DIGITS = {"division": 2, "group": 3}
_FIGURES = ("output_1e4_cny", "employment_persons", "establishments")


def region_industry(
    enterprise_period: pl.DataFrame,
    people: Population,
    codes: list[str],
    calendar: Calendar,
    seed: int,
) -> pl.DataFrame:
    """Return ``region_industry`` for the full years covered.

    Parameters
    ----------
    enterprise_period
        The figures of the enterprises, of which the city's are sums.
    people, codes
        The enterprises and their codes, in one order.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    own = _sums(enterprise_period, people, codes, calendar)
    above = [_drawn(region, calendar, seed) for region in (PROVINCE, NATION)]
    return pl.concat([own, *above])


def _sums(
    enterprise_period: pl.DataFrame, people: Population, codes: list[str], calendar: Calendar
) -> pl.DataFrame:
    """Return the sums over the above-scale enterprises of city, counties and zones."""
    places = pl.DataFrame(
        {
            "uscc": codes,
            "industry_class": people.industry_class.tolist(),
            "county": people.county.tolist(),
            "zone": people.zone.tolist(),
            "city": CITY,
        }
    )
    at_end = pl.col("period").str.ends_with("-12")
    rows = (
        enterprise_period.lazy()
        .filter(pl.col("above_scale"))
        .with_columns(year=pl.col("period").str.head(4))
        .filter(pl.col("year").is_in([str(y) for y in calendar.full_years]))
        .group_by("uscc", "year")
        .agg(
            pl.col("output_1e4_cny").sum(),
            pl.col("employment_persons").filter(at_end).sum(),
            establishments=at_end.sum().cast(pl.Int64),
        )
        .join(places.lazy(), on="uscc")
        .collect()
    )
    places_and_levels = [(p, level) for level in _DIGITS for p in ("city", "county", "zone")]
    return _table(pl.concat([_summed(rows, place, level) for place, level in places_and_levels]))


def _summed(rows: pl.DataFrame, place: str, level: str) -> pl.DataFrame:
    """Return sums by the places of one kind and the industries of one level."""
    return (
        rows.filter(pl.col(place) != "")
        .group_by(
            pl.col(place).alias("region"),
            pl.col("industry_class").str.head(_DIGITS[level]).alias("industry"),
            pl.col("year").alias("period"),
        )
        .agg(pl.col(*_FIGURES).sum())
        .with_columns(
            region_scheme=pl.lit("ext" if place == "zone" else "gb2260"),
            industry_level=pl.lit(level),
        )
        .sort("region", "industry", "period")
    )


def _drawn(region: str, calendar: Calendar, seed: int) -> pl.DataFrame:
    """Return the drawn figures of province or nation: divisions are the sums of their groups."""
    rng = stream(seed, "nation")  # one stream: the province's groups are near the nation's
    names = [group.code for division in TRAITS for group in industry.children(division)]
    within = {name: _LARGE_GROUPS.get(name, 1.0) * rng.lognormal(0, 0.4) for name in names}
    tilt = {name: rng.lognormal(0, 0.25) for name in names}
    drift = {name: rng.normal(0.035, 0.02) for name in TRAITS}
    if region == PROVINCE:
        within = {name: weight * tilt[name] for name, weight in within.items()}
    total = NATION_OUTPUT_1E8_CNY * 1e4 * (PROVINCE_SHARE if region == PROVINCE else 1.0)
    shares = {
        division: traits.nation * (traits.province if region == PROVINCE else 1.0)
        for division, traits in TRAITS.items()
    }
    scale = total / sum(shares.values())
    industries: list[str] = []
    periods: list[str] = []
    amounts: list[float] = []
    heads: list[float] = []
    for division, traits in TRAITS.items():
        inside = [group.code for group in industry.children(division)]
        weight = sum(within[name] for name in inside)
        for name in inside:
            for year in calendar.full_years:
                growth = (1 + drift[division]) ** (year - calendar.base)
                industries.append(name)
                periods.append(str(year))
                amounts.append(shares[division] * scale * within[name] / weight * growth)
                heads.append(
                    traits.revenue_per_head * (1 + PRODUCTIVITY_GROWTH) ** (year - calendar.base)
                )
    output = np.array(amounts)
    persons = np.rint(output / np.array(heads)).astype(np.int64)
    return _with_divisions(region, industries, periods, output, persons)


def _with_divisions(
    region: str, industries: list[str], periods: list[str], output: Floats, persons: Ints
) -> pl.DataFrame:
    """Return rows of groups and of the divisions that they sum to."""
    frame = typed(
        "region_industry",
        {
            "industry_level": "group",
            "industry": industries,
            "period": periods,
            "output_1e4_cny": output,
            "employment_persons": persons,
            "establishments": np.maximum(persons // 165, 1),
        },
    ).select("industry_level", "industry", "period", *_FIGURES)
    divisions = (
        frame.group_by(pl.col("industry").str.head(2), "period", maintain_order=True)
        .agg(pl.col(*_FIGURES).sum())
        .with_columns(industry_level=pl.lit("division"))
        .select(frame.columns)
    )
    both = pl.concat([divisions, frame])
    return _table(both.with_columns(region=pl.lit(region), region_scheme=pl.lit("gb2260")))


def _table(rows: pl.DataFrame) -> pl.DataFrame:
    given: dict[str, object] = {name: rows[name] for name in rows.columns}
    return typed(
        "region_industry",
        {**given, "industry_scheme": "gbt4754-2017", "basis": "reported", "source": SOURCE},
    )
