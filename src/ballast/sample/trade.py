"""Who sells what to whom abroad: the table ``trade``, by year.

An enterprise's exports by commodity and partner sum to its export
deliveries of the year within 2 % (customs value and delivery differ in
time). The city's figures are those of its enterprises plus trading
companies, in the same commodities: 1.18 times the exports, and imports of
which the enterprises named hold 85 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ballast.sample.histories import Profile
from ballast.sample.months import Calendar
from ballast.sample.population import Population
from ballast.sample.structure import CITY
from ballast.sample.synthetic import Floats, Ints, stream, typed

__all__ = ["CITY_OVER_ENTERPRISES", "CUSTOMS_TOLERANCE", "VALVE_PARTNERS", "trade"]

CUSTOMS_TOLERANCE = 0.02
CITY_OVER_ENTERPRISES = 1.18
IMPORTED_BY_ENTERPRISES = 0.85

# Europe, South America, South-East Asia.
VALVE_PARTNERS = {
    "DE": 3.0, "IT": 2.4, "PL": 1.4, "ES": 1.2, "BR": 2.6, "AR": 1.0, "CL": 0.8,
    "VN": 2.0, "TH": 1.6, "ID": 1.5,
}  # fmt: skip
_VALVE_COMMODITIES = ("848180", "848140", "848190")
_PARTNERS = {
    "US": 9.0, "KR": 7.0, "JP": 6.0, "VN": 7.0, "IN": 5.5, "DE": 4.5, "RU": 5.5, "MX": 4.0,
    "TH": 4.5, "ID": 4.5, "MY": 4.0, "BR": 4.0, "GB": 2.5, "IT": 2.5, "AE": 3.5, "SA": 3.0,
    "PL": 1.8, "ES": 1.8, "NL": 2.0, "FR": 1.8, "TR": 2.5, "AU": 2.5, "ZA": 2.0, "NG": 1.8,
    "EG": 1.5, "CL": 1.5, "KZ": 2.0, "PH": 2.5, "CA": 2.0, "PE": 1.0,
}  # fmt: skip
_BY_CLASS = {
    "3451": "848210 848299 848220", "3489": "848299 731815", "3252": "760612 760429 760711",
    "3216": "760120 760421", "3240": "760120 740321", "3251": "741110 740811 740921",
    "3211": "740311 740811", "3831": "854449 854442", "3130": "730630 730431 721049 721070",
    "3352": "730719 730799", "3360": "721049 721070", "3670": "870899 870870", "3392": "761699",
    "3841": "850760", "3572": "843280 843390", "3571": "870192",
}  # fmt: skip
_BY_DIVISION = {
    "10": "251710", "13": "071290 160232 200410 230990", "14": "190230 210690 200551",
    "15": "220890 220210", "17": "520523 521051 630260", "18": "610910 620342",
    "19": "640399 420222",
    "20": "441233 441112", "21": "940360 940350", "22": "480257 481910", "23": "490199 482110",
    "24": "950691 950300 670290", "25": "271320", "26": "310210 293399 382499",
    "27": "300490 293790",
    "29": "392690 401120 392010", "30": "700719 690100 681099", "31": "721420 720839",
    "32": "811100 790111", "33": "732690 730890 731815", "34": "841370 848340 848310",
    "35": "843149 847780 848071", "36": "870899 871690", "37": "871200 871190",
    "38": "850440 850152 854449", "39": "853400 854140", "40": "902690 902830", "41": "960390",
    "42": "760200",
}  # fmt: skip
# Commodity: classes whose largest enterprises import it, partners, 1e8 CNY in the base year.
_IMPORTS = {
    "260300": (("3211", "3251"), {"CL": 4.0, "PE": 3.0, "MN": 2.0}, 96.0),
    "260600": (("3216", "3252"), {"GN": 5.0, "AU": 2.5, "ID": 1.0}, 58.0),
    "120190": (("1313", "1312", "1329"), {"BR": 5.0, "US": 2.0}, 14.0),
    "470321": (("2221", "2231"), {"BR": 3.0, "CL": 2.0, "ID": 1.5}, 9.0),
    "845811": (("3451", "3452"), {"JP": 3.0, "DE": 2.0}, 3.0),
}
_IMPORT_GROWTH = 0.06
_IMPORTERS = 3  # of each commodity


@dataclass(frozen=True, slots=True)
class _Lines:
    """What each enterprise trades: one element a commodity and partner."""

    who: Ints
    hs6: list[str]
    partner: list[str]
    share: Floats  # of the enterprise's exports


def trade(
    enterprise_period: pl.DataFrame,
    people: Population,
    codes: list[str],
    profile: Profile,
    calendar: Calendar,
    seed: int,
) -> pl.DataFrame:
    """Return the table ``trade`` for the full years covered.

    Parameters
    ----------
    enterprise_period
        The figures of the enterprises; their export deliveries are divided here.
    people, codes, profile
        The enterprises, their codes, and which of them export.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "trade")
    lines = _export_lines(people, profile, rng)
    exports = _exports(enterprise_period, lines, codes, calendar, rng)
    imports = _imports(people, codes, calendar, rng)
    city_exports = _city(exports, "export", CITY_OVER_ENTERPRISES)
    city_imports = _city(imports, "import", 1 / IMPORTED_BY_ENTERPRISES)
    return pl.concat([exports, imports, city_exports, city_imports])


def _export_lines(people: Population, profile: Profile, rng: np.random.Generator) -> _Lines:
    """Return the commodities and partners of each exporter, with their shares."""
    who: list[int] = []
    hs6: list[str] = []
    partner: list[str] = []
    share: list[float] = []
    names = np.array(list(_PARTNERS))
    chances = np.array(list(_PARTNERS.values())) / sum(_PARTNERS.values())
    for at in np.flatnonzero(profile.export > 0).tolist():
        if at == people.valve:
            commodities = list(_VALVE_COMMODITIES)
            partners = list(VALVE_PARTNERS)
            by_partner = np.array(list(VALVE_PARTNERS.values()))
        else:
            known = _BY_CLASS.get(str(people.industry_class[at]))
            choices = (known or _BY_DIVISION[str(people.division[at])]).split()
            commodities = choices[: int(rng.integers(1, len(choices) + 1))]
            picked = rng.choice(names, int(rng.integers(2, 9)), replace=False, p=chances)
            partners = picked.tolist()
            by_partner = rng.gamma(1.0, 1.0, len(partners)) + 0.05
        by_commodity = rng.gamma(1.5, 1.0, len(commodities)) + 0.1
        weights = np.outer(by_commodity / by_commodity.sum(), by_partner / by_partner.sum())
        for i, commodity in enumerate(commodities):
            for j, one in enumerate(partners):
                who.append(at)
                hs6.append(commodity)
                partner.append(one)
                share.append(float(weights[i, j]))
    return _Lines(np.array(who), hs6, partner, np.array(share))


def _exports(
    enterprise_period: pl.DataFrame,
    lines: _Lines,
    codes: list[str],
    calendar: Calendar,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return the exports of the enterprises."""
    yearly = (
        enterprise_period.filter(pl.col("above_scale"))
        .group_by("uscc", pl.col("period").str.head(4).alias("period"))
        .agg(pl.col("export_1e4_cny").sum().cast(pl.Float64).alias("sold"))
        .filter(pl.col("sold") > 0)
    )
    years = [str(year) for year in calendar.full_years]
    count = len(lines.who)
    drawn = pl.DataFrame(
        {
            "uscc": pl.Series(codes).gather(np.tile(lines.who, len(years))),
            "hs6": lines.hs6 * len(years),
            "partner": lines.partner * len(years),
            "period": np.repeat(years, count),
            "share": np.tile(lines.share, len(years)) * rng.lognormal(0, 0.12, count * len(years)),
        }
    )
    rows = drawn.join(yearly, on=["uscc", "period"], maintain_order="left").with_columns(
        whole=pl.col("share").sum().over("uscc", "period")
    )
    customs = rng.uniform(1 - CUSTOMS_TOLERANCE * 0.9, 1 + CUSTOMS_TOLERANCE * 0.9, rows.height)
    worth = rows.select(pl.col("sold") * pl.col("share") / pl.col("whole")).to_series()
    return _table(rows, "export", worth.to_numpy() * customs)


def _imports(
    people: Population, codes: list[str], calendar: Calendar, rng: np.random.Generator
) -> pl.DataFrame:
    """Return what the largest users of a raw material import."""
    rows: list[tuple[str, str, str, str, float]] = []
    for commodity, (classes, partners, worth) in _IMPORTS.items():
        users = np.flatnonzero(np.isin(people.industry_class, classes) & (people.closed_year == 0))
        users = users[np.argsort(-people.revenue[users])][:_IMPORTERS]
        by_user = people.revenue[users] / people.revenue[users].sum()
        whole = worth * 1e4 * IMPORTED_BY_ENTERPRISES / sum(partners.values())
        rows += [
            (codes[at], commodity, partner, str(year), whole * weight * part * growth)
            for year in calendar.full_years
            for growth in [(1 + _IMPORT_GROWTH) ** (year - calendar.base)]
            for at, part in zip(users.tolist(), by_user.tolist(), strict=True)
            for partner, weight in partners.items()
        ]
    frame = pl.DataFrame(rows, ("uscc", "hs6", "partner", "period", "worth"), orient="row")
    return _table(frame, "import", frame["worth"].to_numpy() * rng.lognormal(0, 0.05, frame.height))


def _city(rows: pl.DataFrame, flow: str, factor: float) -> pl.DataFrame:
    """Return the city's figures: those of its enterprises, and of the others beside them."""
    column = f"{flow}_1e4_cny"
    sums = (
        rows.group_by("hs6", "partner", "period")
        .agg(pl.col(column).sum().cast(pl.Float64).alias("worth"))
        .sort("hs6", "partner", "period")
    )
    return _table(sums, flow, sums["worth"].to_numpy() * factor)


def _table(rows: pl.DataFrame, flow: str, worth: Floats) -> pl.DataFrame:
    """Return rows of the table; without an enterprise they are the city's."""
    of_city = "uscc" not in rows.columns
    return typed(
        "trade",
        {
            "uscc": "" if of_city else rows["uscc"],
            "region_scheme": "gb2260",
            "region": CITY if of_city else "",
            "hs6": rows["hs6"],
            "partner": rows["partner"],
            "period": rows["period"],
            f"{flow}_1e4_cny": worth,
        },
    )
