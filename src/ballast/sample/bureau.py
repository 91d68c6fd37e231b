"""What the bureau keeps of the sample enterprises: projects and titles.

The projects are those of the technical-upgrade programme that the bureau
records, of every kind. What they invested, by year of completion, is 60 % of
the city's technical-upgrade investment of that year, so it grows with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.sample.histories import Histories, Profile
from ballast.sample.macro import upgrade_investment
from ballast.sample.months import Calendar
from ballast.sample.population import Population
from ballast.sample.synthetic import NAME_MARK, Floats, Ints, stream, typed
from ballast.terms import industry

__all__ = ["RECORDED_SHARE", "TITLES", "projects", "titles"]

Dates = npt.NDArray[np.datetime64]

RECORDED_SHARE = 0.60  # of the city's technical-upgrade investment passes through these projects
_FINISHED = (480, 430, 380, 330, 280)  # in the base year, the one before it, …
_PER_MONTH = 12  # finished a month in the current year
_OPEN = {"building": 150, "planned": 45, "stalled": 10, "cancelled": 12}
_KINDS = {
    "upgrade": (0.58, ("生产线技术改造", "关键设备更新改造", "工艺提升技术改造")),
    "digital": (0.20, ("数字化车间建设", "智能化改造", "设备联网与数据采集")),
    "green": (0.12, ("节能降碳改造", "余热回收利用", "废水深度治理")),
    "capacity": (0.07, ("扩能技术改造",)),
    "innovation": (0.03, ("中试平台建设",)),
}
# Large projects take longer, so those under way are larger than those that end in a year; the
# amounts keep what all projects invest in a month near 60 % of the city's investment.
_MEAN_1E4_CNY = {
    "finished": 6000.0, "building": 12_500.0, "planned": 2900.0, "stalled": 2900.0,
    "cancelled": 2900.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One scheme of titles: how many hold it at the end, how long a certificate lasts, and when."""

    name: str
    holders: int
    years: int
    tier: str | None
    months: tuple[int, int]


# The holders double over three years. Innovative, specialised and little giant are steps of one
# ladder: the months keep their order within a year.
TITLES = (
    _Scheme("technology_sme", 400, 1, None, (3, 6)),
    _Scheme("innovative_sme", 250, 3, "provincial", (4, 5)),
    _Scheme("specialised_sme", 180, 3, "provincial", (7, 8)),
    _Scheme("little_giant", 15, 3, "national", (9, 10)),
    _Scheme("high_tech", 380, 3, "national", (10, 12)),
    _Scheme("champion", 4, 3, "national", (11, 11)),
)
_LADDER = ("innovative_sme", "specialised_sme", "little_giant")
# A little giant earns and spends well above what the scheme asks for at the least.
_GIANT_REVENUE_1E4_CNY, _GIANT_RD_1E4_CNY = 6_500.0, 750.0


def _holders(scheme: str) -> int:
    return next(one.holders for one in TITLES if one.name == scheme)


def projects(
    people: Population, codes: list[str], past: Histories, calendar: Calendar, seed: int
) -> pl.DataFrame:
    """Return the table ``project``.

    Larger enterprises have more of them, by their size over all the years: were it by that of the
    last year, whoever grew would have had the projects, and these would seem to have done it.

    Parameters
    ----------
    people, codes, past
        The enterprises, their codes, and their revenue over the years.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "projects")
    status, end, invested, planned = _amounts(calendar, rng)
    count = len(status)
    length = rng.integers(120, 720, count).astype("timedelta64[D]")
    start = end - length
    late = np.minimum(rng.integers(-40, 150, count), length.astype(np.int64) - 45)
    late = late.astype("timedelta64[D]")
    begun = ~np.isin(status, ["planned", "cancelled"])
    done = status == "finished"
    start = np.where(begun & ~done, _spread(calendar, count, -700, -30, rng), start)
    start = np.where(begun, start, _spread(calendar, count, 10, 300, rng))
    able = np.flatnonzero((people.closed_year == 0) & (np.arange(len(people)) < people.above))
    able = able[people.founded_year[able] < calendar.base - 6]
    chance = np.exp(np.log(np.maximum(past.revenue[able], 1.0)).mean(axis=1) / 2)
    owner = rng.choice(able, count, p=chance / chance.sum())
    owner[rng.integers(0, count)] = people.valve
    kinds = rng.choice(list(_KINDS), count, p=[share for share, _ in _KINDS.values()])
    never = np.datetime64("NaT")
    planned_start = start - rng.integers(0, 60, count).astype("timedelta64[D]")
    own, loan, fiscal = _funds(planned, stream(seed, "funds"))
    years = np.where(begun, start, planned_start).astype("datetime64[Y]").astype(str)
    return typed(
        "project",
        {
            "project": [f"YL-{year}-{n:05d}" for n, year in enumerate(years.tolist(), start=1)],
            "name": _names(people, owner, kinds, rng),
            "uscc": pl.Series(codes).gather(owner),
            "project_kind": kinds.tolist(),
            "region_scheme": "gb2260",
            "region": people.county[owner].tolist(),
            "industry_scheme": "gbt4754-2017",
            "industry": people.industry_class[owner].tolist(),
            "planned_1e4_cny": planned,
            "invested_1e4_cny": invested,
            "funds_own_1e4_cny": own,
            "funds_loan_1e4_cny": loan,
            "funds_fiscal_1e4_cny": fiscal,
            "planned_start": planned_start,
            "planned_end": start + length - late,
            "started": np.where(begun, start, never),
            "finished": np.where(done, end, never),
            "status": status.tolist(),
        },
    )


def _amounts(
    calendar: Calendar, rng: np.random.Generator
) -> tuple[npt.NDArray[np.str_], Dates, Floats, Floats]:
    """Return status, day of completion, investment so far and planned, finished ones first."""
    counts = dict(zip(reversed(calendar.full_years), _FINISHED, strict=False))
    status: list[str] = []
    ends: list[Dates] = []
    invested: list[Floats] = []
    planned: list[Floats] = []
    for year, worth in upgrade_investment(calendar).items():
        amounts = _divided(worth * 1e4 * RECORDED_SHARE, counts[year], rng)
        ends.append(np.datetime64(f"{year}-01-01") + rng.integers(0, 365, counts[year]))
        status += ["finished"] * counts[year]
        invested.append(amounts)
        planned.append(amounts * rng.lognormal(0.0, 0.09, counts[year]))
    elapsed = calendar.last_month.last_month % 12
    ongoing = {"finished": _PER_MONTH * elapsed, **_OPEN}
    for name, count in ongoing.items():
        if not count:
            continue
        amounts = _divided(_MEAN_1E4_CNY[name] * count, count, rng)
        part = {"finished": 1.0, "planned": 0.0, "cancelled": 0.0}.get(name)
        progress = rng.uniform(0.1, 0.9, count) if part is None else np.full(count, part)
        days = max((calendar.end - date(calendar.base + 1, 1, 1)).days, 1)
        ends.append(np.datetime64(f"{calendar.base + 1}-01-01") + rng.integers(0, days, count))
        status += [name] * count
        invested.append(amounts * progress)
        planned.append(amounts * rng.lognormal(0.0, 0.05, count))
    return (
        np.array(status),
        np.concatenate(ends).astype("datetime64[D]"),
        np.concatenate(invested),
        np.asarray(np.rint(np.concatenate(planned) / 10) * 10 + 10, dtype=np.float64),
    )


def _funds(planned: Floats, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Return own funds, loans and grants, which sum to what is planned."""
    count = len(planned)
    loan = np.rint(planned * rng.uniform(0.0, 0.5, count) / 10) * 10
    granted = rng.random(count) < 0.25
    fiscal = np.where(granted, np.rint(planned * rng.uniform(0.02, 0.08, count)), 0.0)
    return planned - loan - fiscal, loan, fiscal


def _divided(total: float, count: int, rng: np.random.Generator) -> Floats:
    """Return amounts of four decimals that sum to a total exactly."""
    weights = rng.lognormal(0, 1.0, count) + 0.15
    bounds = np.rint(total * 1e4 * np.cumsum([0.0, *weights]) / weights.sum())
    return np.asarray(np.diff(bounds) / 1e4)


def _spread(
    calendar: Calendar, count: int, first: int, last: int, rng: np.random.Generator
) -> Dates:
    """Return days around the last day covered."""
    return np.asarray(np.datetime64(calendar.end) + rng.integers(first, last, count))


def _names(
    people: Population, owner: Ints, kinds: npt.NDArray[np.str_], rng: np.random.Generator
) -> list[str]:
    classes = people.industry_class[owner].tolist()
    picks = rng.integers(0, 6, len(owner)).tolist()
    made = []
    for code, kind, pick in zip(classes, kinds.tolist(), picks, strict=True):
        words = _KINDS[kind][1]
        subject = industry.industry(code).label.zh.removesuffix("制造")
        made.append(f"{subject}{words[pick % len(words)]}项目{NAME_MARK}")
    return made


def titles(
    people: Population, codes: list[str], profile: Profile, calendar: Calendar, seed: int
) -> pl.DataFrame:
    """Return the table ``title``: certificates with their renewals, one row each.

    Parameters
    ----------
    people, codes, profile
        The enterprises, their codes, and how much they spend on R&D.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "titles")
    names = ("uscc", "scheme", "certificate", "tier", "awarded", "expires", "batch")
    columns: dict[str, list[object]] = {name: [] for name in names}
    order = _rankings(people, profile, calendar, rng)
    for scheme in TITLES:
        ranked = order[scheme.name]
        for rank in range(scheme.holders):
            for at, awarded in enumerate(_awards(scheme, rank, calendar, rng)):
                number = f"YL-{scheme.name.upper()}-{awarded.year}-{rank:04d}{at}"
                row = (codes[ranked[rank]], scheme.name, number, scheme.tier, awarded)
                expires = _years_on(awarded, scheme.years) - timedelta(days=1)
                batch = f"{awarded.year}年{NAME_MARK}"
                for name, cell in zip(columns, (*row, expires, batch), strict=True):
                    columns[name].append(cell)
    return typed("title", dict(columns.items()))


def _rankings(
    people: Population, profile: Profile, calendar: Calendar, rng: np.random.Generator
) -> dict[str, list[int]]:
    """Return the candidates of each scheme, best first: R&D over revenue, with some luck."""
    persons = people.revenue / profile.per_head
    score = profile.rd * rng.lognormal(0, 0.25, len(people))
    old = (people.closed_year == 0) & (people.founded_year < calendar.base - 6) & (profile.rd > 0)
    above = np.arange(len(people)) < people.above
    sme = old & ((persons < 1000) | (people.revenue < 40_000))
    allowed = {
        "technology_sme": old & (persons <= 500) & (people.revenue <= 20_000),
        "high_tech": old & above,
        "champion": old & above & (people.revenue > 40_000),
        **dict.fromkeys(_LADDER, sme & above & (people.revenue > 3_000)),
    }
    found = {}
    for name, those in allowed.items():
        candidates = np.flatnonzero(those)
        best = candidates[np.argsort(-score[candidates], kind="stable")].tolist()
        found[name] = best
    spends = people.revenue * profile.rd
    worthy = (people.revenue > _GIANT_REVENUE_1E4_CNY) & (spends > _GIANT_RD_1E4_CNY)
    for name in _LADDER:  # first who can be a little giant, and the valve maker is one
        giants = [at for at in found[name] if worthy[at]][: _holders("little_giant")]
        found[name] = [*giants, *(at for at in found[name] if at not in giants)]
        found[name] = [people.valve, *(at for at in found[name] if at != people.valve)]
    return found


def _awards(scheme: _Scheme, rank: int, calendar: Calendar, rng: np.random.Generator) -> list[date]:
    """Return the days on which one holder was recognised, and again each time it lapsed."""
    first = _first_year(scheme, rank, calendar)
    if first is None:  # held for longer than the sample looks back
        first = calendar.base - 3 - (rank % scheme.years)
    month = int(rng.integers(scheme.months[0], scheme.months[1] + 1))
    awarded = date(first, month, int(rng.integers(1, 29)))
    found = []
    while awarded <= calendar.end:
        found.append(awarded)
        awarded = _years_on(awarded, scheme.years)
    return found


def _first_year(scheme: _Scheme, rank: int, calendar: Calendar) -> int | None:
    """Return the year in which a holder of this rank joins: half have before, the rest evenly."""
    early = scheme.holders // 2
    if rank < early:
        return None
    return calendar.base - 2 + (rank - early) * 3 // (scheme.holders - early)


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years)
