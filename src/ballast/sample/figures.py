"""What the enterprises report: the table ``enterprise_period``.

Above-scale enterprises report every month (January with February), the
others once a year and fewer items: what they are not asked for is empty,
not zero. An enterprise that leaves the scope goes over to the yearly form.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from ballast.sample.histories import PRODUCTIVITY_GROWTH, Histories, Profile
from ballast.sample.months import Calendar, Slot
from ballast.sample.synthetic import Floats, Ints, stream, typed

__all__ = ["figures", "headcounts"]

_FLOW_NOISE = {"value_added": 0.03, "tax": 0.10, "rd": 0.12, "export": 0.06, "energy": 0.03}


def headcounts(histories: Histories, profile: Profile, calendar: Calendar) -> Floats:
    """Return persons employed, enterprise x year of the calendar; 0 while it does not exist.

    Parameters
    ----------
    histories, profile, calendar
        Revenue, revenue a head, and which year that head count is of.
    """
    ahead = np.array(calendar.years) - calendar.base
    per_head = profile.per_head[:, None] * (1 + PRODUCTIVITY_GROWTH) ** ahead[None, :]
    persons = np.maximum(np.rint(histories.revenue / per_head), 5)
    return np.where(histories.revenue > 0, persons, 0.0)


def figures(
    codes: Sequence[str],
    histories: Histories,
    profile: Profile,
    calendar: Calendar,
    seed: int,
) -> pl.DataFrame:
    """Return ``enterprise_period``: 60 months of the above-scale, years of the others.

    Parameters
    ----------
    codes
        The unified social credit codes, in the order of the population.
    histories, profile
        Their revenue and their ratios.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "figures")
    persons = headcounts(histories, profile, calendar)
    who, when = _monthly_rows(histories, calendar)
    slots = calendar.slots
    monthly = _items(
        who,
        _at(slots, calendar)[when],
        _month_revenue(who, when, slots, histories, calendar),
        np.array([slot.after for slot in slots])[when] / 12.0,
        histories,
        profile,
        persons,
        rng,
    )
    texts = pl.Series([str(slot.period) for slot in slots]).gather(when)
    by_month = typed(
        "enterprise_period",
        {"uscc": pl.Series(codes).gather(who), "period": texts, "above_scale": True, **monthly},
    )
    who, year = _yearly_rows(histories, calendar)
    revenue = histories.revenue[who, year]
    yearly = _items(who, year, revenue, np.ones(len(who)), histories, profile, persons, rng)
    # The yearly form of the small asks for neither exports, R&D nor energy.
    for unasked in ("export_1e4_cny", "rd_expense_1e4_cny", "energy_tce", "electricity_1e4_kwh"):
        yearly[unasked] = np.full(len(who), np.nan)
    names = pl.Series([calendar.year_texts()[one] for one in calendar.years])
    by_year = typed(
        "enterprise_period",
        {
            "uscc": pl.Series(codes).gather(who),
            "period": names.gather(year),
            "above_scale": False,
            **yearly,
        },
    )
    return pl.concat([by_month, by_year])


def _at(slots: Sequence[Slot], calendar: Calendar) -> Ints:
    """Return where the year of each slot stands among the calendar's years."""
    return np.array([calendar.years.index(slot.year) for slot in slots])


def _monthly_rows(histories: Histories, calendar: Calendar) -> tuple[Ints, Ints]:
    """Return the enterprise and the slot of each monthly row, enterprise by enterprise."""
    reported = histories.in_scope[:, _at(calendar.slots, calendar)]
    who, when = np.nonzero(reported)
    return who, when


def _yearly_rows(histories: Histories, calendar: Calendar) -> tuple[Ints, Ints]:
    """Return the enterprise and the year of each yearly row: existing, but not above scale."""
    asked = (histories.revenue > 0) & ~histories.in_scope
    years = np.array(calendar.years)
    asked &= ((years >= calendar.first_year) & (years <= calendar.base))[None, :]
    who, year = np.nonzero(asked)
    return who, year


def _month_revenue(
    who: Ints, when: Ints, slots: Sequence[Slot], histories: Histories, calendar: Calendar
) -> Floats:
    """Return the revenue of each monthly row."""
    at = _at(slots, calendar)
    shares = np.stack(
        [
            histories.months[:, year, slot.first : slot.after].sum(axis=1)
            for year, slot in zip(at.tolist(), slots, strict=True)
        ],
        axis=1,
    )
    return np.asarray(histories.revenue[who, at[when]] * shares[who, when])


def _items(
    who: Ints,
    year: Ints,
    revenue: Floats,
    elapsed: Floats,
    histories: Histories,
    profile: Profile,
    persons: Floats,
    rng: np.random.Generator,
) -> dict[str, object]:
    """Return every economic item of the rows.

    Parameters
    ----------
    who, year
        Enterprise and year of each row.
    revenue
        Of the period, 10,000 CNY.
    elapsed
        Part of the year that is over at the end of the period.
    """
    count = len(who)

    def noise(name: str) -> Floats:
        return np.asarray(rng.lognormal(0, _FLOW_NOISE[name], count))

    output = revenue * rng.normal(1.01, 0.012, count)
    value_added = output * np.minimum(profile.value_added[who] * noise("value_added"), 0.85)
    margin = profile.margin[who] + rng.normal(0, 0.012, count)
    before = histories.revenue[who, np.maximum(year - 1, 0)]
    now = histories.revenue[who, year]
    before = np.where(before > 0, before, now)
    electricity = output * profile.kwh[who] * noise("energy")
    heads = np.where(persons[who, year] > 0, persons[who, year], 5)
    return {
        "output_1e4_cny": output,
        "value_added_1e4_cny": value_added,
        "revenue_1e4_cny": revenue,
        "profit_1e4_cny": revenue * margin,
        "tax_1e4_cny": revenue * profile.tax[who] * noise("tax"),
        "assets_1e4_cny": profile.assets[who] * (before + (now - before) * elapsed),
        "employment_persons": np.rint(heads * rng.normal(1, 0.01, count)).astype(np.int64),
        "export_1e4_cny": output * np.minimum(profile.export[who] * noise("export"), 0.97),
        "rd_expense_1e4_cny": revenue * profile.rd[who] * noise("rd"),
        # 1.229 tce per 10,000 kWh: the calorific value of electricity, GB/T 2589.
        "energy_tce": electricity * 1.229 + output * profile.fuel[who] * noise("energy"),
        "electricity_1e4_kwh": electricity,
    }
