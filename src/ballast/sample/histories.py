"""How the enterprises did: revenue year by year and month by month, and all that hangs on it.

Revenue is drawn first, backwards and forwards from the last full year, with
shocks that the enterprises of a division share. Everything else is a ratio
to it, so that the items of an enterprise agree with each other. The months
of a year sum to its year, so that the rule of the above-scale scope
(revenue of 20 million CNY in the year before) can be checked in the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.sample.clusters import CLUSTERS
from ballast.sample.months import Calendar
from ballast.sample.population import NO_CLUSTER, THRESHOLD_1E4_CNY, Population
from ballast.sample.structure import TRAITS
from ballast.sample.synthetic import Floats, stream

__all__ = ["PRODUCTIVITY_GROWTH", "Histories", "Profile", "histories", "profile"]

Flags = npt.NDArray[np.bool_]

EXPORTERS = 300
VALVE_EXPORT_SHARE = 0.30
VALVE_GROWTH = 0.70
# Heavy industries stand out from their division: class to (kWh, kgce) per 10,000 CNY of output.
_ENERGY_OF_CLASS = {
    "3216": (6300, 90), "3252": (330, 25), "3211": (420, 45), "3251": (230, 14), "3240": (260, 30),
    "3110": (260, 1150), "3120": (430, 160), "3130": (240, 45), "3360": (420, 30),
    "3011": (620, 1150), "3041": (330, 620), "2612": (2600, 160), "2611": (420, 90),
    "2621": (900, 900), "4411": (700, 900), "4412": (700, 800), "3831": (90, 3),
}  # fmt: skip
PRODUCTIVITY_GROWTH = 0.03


@dataclass(frozen=True, slots=True)
class Histories:
    """Revenue of every enterprise over the years and months.

    Parameters
    ----------
    revenue
        10,000 CNY, enterprise x year of ``Calendar.years``; 0 while it does not exist.
    in_scope
        Above scale in that year; false for the first of the years, which only decides the next.
    months
        Share of each month in its year, enterprise x year x month, for those
        that may be above scale; each year sums to 1.
    """

    revenue: Floats
    in_scope: Flags
    months: Floats


@dataclass(frozen=True, slots=True)
class Profile:
    """What makes one enterprise differ from another of its division, one element each.

    Parameters
    ----------
    value_added, margin, tax, rd, export
        Fractions of output (value added, exports) or revenue.
    assets
        Years of revenue.
    per_head
        10,000 CNY of revenue a person and year, in the last full year.
    kwh, fuel
        10,000 kWh and tonnes of coal equivalent per 10,000 CNY of output.
    """

    value_added: Floats
    margin: Floats
    tax: Floats
    rd: Floats
    export: Floats
    assets: Floats
    per_head: Floats
    kwh: Floats
    fuel: Floats


def _trait(people: Population, name: str) -> Floats:
    """Return one trait of the division of each enterprise."""
    return np.array([getattr(TRAITS[d], name) for d in people.division.tolist()], dtype=np.float64)


def histories(people: Population, calendar: Calendar, seed: int) -> Histories:
    """Return the revenue of every enterprise, its months, and its years in the above-scale scope.

    Parameters
    ----------
    people
        The enterprises.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "histories")
    revenue = _years(people, calendar, rng)
    in_scope = np.zeros(revenue.shape, dtype=np.bool_)
    in_scope[:, 1:] = (revenue[:, :-1] >= THRESHOLD_1E4_CNY) & (revenue[:, 1:] > 0)
    in_scope[people.above :] = False
    return Histories(revenue, in_scope, _months(people, len(calendar.years), rng))


def _years(people: Population, calendar: Calendar, rng: np.random.Generator) -> Floats:
    """Return yearly revenue, cumulated from the base year in both directions."""
    years = np.array(calendar.years)
    base = calendar.years.index(calendar.base)
    names, division = np.unique(people.division, return_inverse=True)
    shock = rng.normal(0, 0.02, (len(names), len(years)))
    shock += rng.normal(0, 0.01, len(years))
    own = rng.normal(0, people.volatility[:, None], (len(people), len(years)))
    steps = np.log1p(people.growth)[:, None] + shock[division] + own
    steps[people.valve] = np.log1p(VALVE_GROWTH) + rng.normal(0, 0.008, len(years))
    level = np.cumsum(steps, axis=1)
    revenue = people.revenue[:, None] * np.exp(level - level[:, [base]])
    revenue[people.anchor] = np.maximum(revenue[people.anchor], 1.15 * THRESHOLD_1E4_CNY)
    revenue[people.above :] = np.minimum(revenue[people.above :], 0.9 * THRESHOLD_1E4_CNY)
    exists = years[None, :] > people.founded_year[:, None]
    exists &= (people.closed_year == 0)[:, None] | (years[None, :] < people.closed_year[:, None])
    return np.where(exists, revenue, 0.0)


def _months(people: Population, years: int, rng: np.random.Generator) -> Floats:
    """Return the share of every month in its year, for those that may be above scale."""
    usual = np.array([0.93, 0.78, 1.04, 1.00, 1.02, 1.06, 0.97, 0.98, 1.03, 1.02, 1.06, 1.11])
    names, division = np.unique(people.division, return_inverse=True)
    division = division[: people.above]
    seasons = usual * np.exp(rng.normal(0, 0.03, (len(names), 12)))
    for name, season in zip(names.tolist(), seasons, strict=True):
        if name in ("44", "45"):  # heating in winter, cooling in summer
            season *= np.array([1.25, 1.2, 1.0, 0.85, 0.85, 0.95, 1.1, 1.1, 0.9, 0.85, 1.05, 1.2])
    drift = np.zeros((len(names), years * 12))
    news = rng.normal(0, 0.012, drift.shape)
    for at in range(1, drift.shape[1]):  # shocks of a division last for some months
        drift[:, at] = 0.7 * drift[:, at - 1] + news[:, at]
    shape = np.log(seasons)[:, None, :] + drift.reshape(len(names), years, 12)
    noise = rng.normal(0, 0.07, (people.above, years, 12))
    weights = np.exp(shape[division] + noise)
    return np.asarray(weights / weights.sum(axis=2, keepdims=True))


def profile(people: Population, seed: int) -> Profile:
    """Return the ratios of every enterprise.

    Parameters
    ----------
    people
        The enterprises.
    seed
        Of the sample.
    """
    rng = stream(seed, "profile")
    count = len(people)
    size = np.maximum(people.revenue, 100.0) / 5000.0
    kwh, fuel = _trait(people, "kwh"), _trait(people, "fuel_kgce")
    for code, (electric, coal) in _ENERGY_OF_CLASS.items():
        of_class = people.industry_class == code
        kwh[of_class], fuel[of_class] = electric, coal
    margin = _trait(people, "margin")
    has_rd = rng.random(count) < np.clip(0.55 + 0.1 * np.log(size), 0.25, 0.98)
    return Profile(
        value_added=np.clip(
            _trait(people, "value_added") * rng.lognormal(0, 0.12, count), 0.05, 0.75
        ),
        margin=margin * rng.normal(1.0, 0.7, count),
        tax=rng.uniform(0.012, 0.045, count),
        rd=np.where(
            has_rd, np.minimum(_trait(people, "rd") * rng.lognormal(0.1, 0.6, count), 0.2), 0
        ),
        export=_export_shares(people, size, rng),
        assets=rng.lognormal(np.log(0.85), 0.3, count),
        per_head=_trait(people, "revenue_per_head")
        * rng.lognormal(-0.18, 0.28, count)
        * size**0.11,
        kwh=kwh * rng.lognormal(0, 0.18, count) / 1e4,
        fuel=fuel * rng.lognormal(0, 0.18, count) / 1e3,
    )


def _export_shares(people: Population, size: Floats, rng: np.random.Generator) -> Floats:
    """Return the share of output that each enterprise exports; about 300 do at all."""
    boost = np.array([1.0, *(c.export for c in CLUSTERS)])[people.cluster - NO_CLUSTER]
    chance = _trait(people, "export") * boost * np.clip(size, 0.2, 20.0) ** 0.35
    chance[people.above :] = 0.0
    for _ in range(20):  # clipping takes some away each time
        chance = np.clip(chance * (EXPORTERS / chance.sum()), 0.0, 0.95)
    share = np.clip(rng.beta(1.6, 4.2, len(people)) * size**-0.07, 0.005, 0.9)
    share = np.where(rng.random(len(people)) < chance, share, 0.0)
    share[people.valve] = VALVE_EXPORT_SHARE
    return np.asarray(share)
