"""The enterprises as registered: codes, names, places, kinds; the table ``enterprise``.

Every enterprise of Chiping that was founded before the county became a
district has two rows, the first with code 371523, the second with 371503
from 2019 on: whoever joins without asking for the date counts it twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.sample.clusters import CLUSTERS
from ballast.sample.histories import Histories, Profile
from ballast.sample.months import Calendar
from ballast.sample.names import TRADES, brands, codes, english_name, full_name
from ballast.sample.population import NO_CLUSTER, Population
from ballast.sample.structure import COUNTIES, FORMER_CHIPING
from ballast.sample.synthetic import Floats, Ints, stream, typed
from ballast.terms import industry
from ballast.terms.scheme import IndustryLevel

__all__ = ["CHIPING_CHANGED", "Register", "anchors", "enterprise_frame", "register"]

Dates = npt.NDArray[np.datetime64]

CHIPING_CHANGED = np.datetime64("2019-10-01")
CITY_FORMED = np.datetime64("1998-01-01")  # no county code of the city is older than 1997
_LARGE, _MEDIUM, _SMALL = (1000, 40_000), (300, 2_000), (20, 300)  # persons, 10,000 CNY
_RELATED_SHARE = 0.07
_MODEST_1E4_CNY = 30_000.0


@dataclass(frozen=True, slots=True)
class Register:
    """Codes, names and dates of the enterprises, in the order of the population."""

    codes: list[str]
    names: list[str]
    english: list[str | None]
    founded: Dates
    closed: Dates  # NaT while it exists


def register(people: Population, seed: int) -> Register:
    """Return invented names and codes, and the dates of founding and closing.

    Parameters
    ----------
    people
        The enterprises.
    seed
        Of the sample.
    """
    rng = stream(seed, "register")
    count = len(people)
    days = rng.integers(0, 364, count).astype("timedelta64[D]")
    founded = (people.founded_year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + days
    closed = (people.closed_year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + days
    closed[people.closed_year == 0] = np.datetime64("NaT")
    counties = np.where(
        (people.county == FORMER_CHIPING[1]) & (founded < CHIPING_CHANGED),
        FORMER_CHIPING[0],
        people.county,
    )
    invented = brands(count, rng)
    words = [_words(people, i) for i in range(count)]
    trades = [
        choices[pick % len(choices)]
        for choices, pick in zip(words, rng.integers(0, 60, count).tolist(), strict=True)
    ]
    trades[people.valve] = ("制冷阀件", "Refrigeration Valves")
    joint = rng.random(count) < np.where(people.revenue > 30_000, 0.4, 0.02)
    names = [
        full_name("聊城" if zone else COUNTIES[county], brand, trade[0], joint_stock=stock)
        for zone, county, brand, trade, stock in zip(
            people.zone.tolist(),
            people.county.tolist(),
            invented,
            trades,
            joint.tolist(),
            strict=True,
        )
    ]
    abroad = (np.arange(count) < people.above) & (rng.random(count) < 0.5)
    abroad[people.valve] = True
    english = [
        english_name(brand, trade[1]) if known else None
        for brand, trade, known in zip(invented, trades, abroad.tolist(), strict=True)
    ]
    return Register(codes(counties.tolist(), rng), names, english, founded, closed)


def _words(people: Population, at: int) -> tuple[tuple[str, str], ...]:
    """Return the trade words that fit one enterprise."""
    cluster = int(people.cluster[at])
    return TRADES[str(people.division[at])] if cluster == NO_CLUSTER else CLUSTERS[cluster].words


def enterprise_frame(
    people: Population,
    registered: Register,
    histories: Histories,
    profile: Profile,
    calendar: Calendar,
    seed: int,
) -> pl.DataFrame:
    """Return the table ``enterprise``.

    Parameters
    ----------
    people, registered
        The enterprises, and how they are registered.
    histories, profile
        Their revenue and ratios, which decide the size class.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "enterprise")
    count = len(people)
    base = calendar.years.index(calendar.base)
    level = histories.revenue[:, base]
    level = np.where(level > 0, level, people.revenue)
    leading = _leading(people)
    publish = rng.random(count) < 0.12
    share = rng.random(count) < 0.18
    publish[leading] = True
    frame = typed(
        "enterprise",
        {
            "uscc": registered.codes,
            "valid_from": np.maximum(registered.founded, CITY_FORMED),
            "name": registered.names,
            "name_en": registered.english,
            "region_scheme": "gb2260",
            "region": people.county.tolist(),
            "zone": [zone or None for zone in people.zone.tolist()],
            "industry_scheme": "gbt4754-2017",
            "industry": people.industry_class.tolist(),
            "other_industries": _other_industries(people, rng),
            "size_class": _size_classes(level, level / profile.per_head),
            "ownership": _ownership(people, rng),
            "founded": registered.founded,
            "closed": registered.closed,
            "consent_publish": publish,
            "consent_share": share,
        },
    )
    old, new = FORMER_CHIPING
    changed = pl.lit(CHIPING_CHANGED.item()).cast(pl.Date)
    before = frame.filter((pl.col("region") == new) & (pl.col("valid_from") < changed))
    before = before.with_columns(region=pl.lit(old))
    after = frame.with_columns(
        valid_from=pl.when(pl.col("region") == new)
        .then(pl.max_horizontal("valid_from", changed))
        .otherwise(pl.col("valid_from"))
    )
    return pl.concat([before, after]).sort("uscc", "valid_from")


def anchors(people: Population, registered: Register) -> dict[str, str]:
    """Return the names of the two largest enterprises of each cluster."""
    found: dict[str, str] = {}
    for index, cluster in enumerate(CLUSTERS):
        members = np.flatnonzero(people.cluster == index)
        largest = members[np.argsort(-people.revenue[members])][:2]
        found[cluster.key] = "、".join(registered.names[i] for i in largest.tolist())
    return found


def _leading(people: Population) -> Ints:
    """Return the three largest of each cluster: they agree to be named."""
    found = []
    for index in range(len(CLUSTERS)):
        members = np.flatnonzero(people.cluster == index)
        found.append(members[np.argsort(-people.revenue[members])][:3])
    return np.concatenate(found)


def _size_classes(revenue: Floats, persons: Floats) -> list[str]:
    """Return the size classes of industry: 工信部联企业〔2011〕300号, both bounds to be met."""

    def meets(bounds: tuple[int, int]) -> npt.NDArray[np.bool_]:
        return np.asarray((persons >= bounds[0]) & (revenue >= bounds[1]))

    conditions = [meets(_LARGE), meets(_MEDIUM), meets(_SMALL)]
    return [str(s) for s in np.select(conditions, ["large", "medium", "small"], "micro")]


def _ownership(people: Population, rng: np.random.Generator) -> list[str]:
    kinds = np.array(["private", "mixed", "foreign", "state", "collective"])
    drawn = kinds[rng.choice(5, len(people), p=[0.82, 0.08, 0.05, 0.03, 0.02])]
    utility = np.isin(people.division, ["44", "45", "46"]) & (rng.random(len(people)) < 0.6)
    drawn[utility] = "state"
    drawn[people.valve] = "private"
    return [str(kind) for kind in drawn]


def _other_industries(people: Population, rng: np.random.Generator) -> list[str | None]:
    """Return further industries of some above-scale enterprises, of their own division."""
    other: list[str | None] = [None] * len(people)
    # Not the largest: one of them could take a cluster out of its class.
    modest = people.revenue[: people.above] < _MODEST_1E4_CNY
    chosen = np.flatnonzero((rng.random(people.above) < _RELATED_SHARE) & modest)
    for at in chosen.tolist():
        own = str(people.industry_class[at])
        group = industry.roll_up(own, IndustryLevel.GROUP)
        near = [c.code for c in industry.children(group) if c.code != own]
        if near:
            picked = rng.permutation(near)[: int(rng.integers(1, 3))].tolist()
            other[at] = ";".join(f"{code}:{rng.integers(2, 9) * 0.05:.2f}" for code in picked)
    other[people.valve] = "3464:0.15"
    return other
