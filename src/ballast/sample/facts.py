"""What the sample enterprises state for policies: the table ``enterprise_fact``.

A title is no accident: who holds one has the revenue, the research and the
patents that it asks for. So every enterprise is drawn a standing first, from
the titles it holds and from what it spends on research, and its facts from
that. Most of the rest stand below a rung, many near it. As in a real register
some facts are missing and a few contradict each other; the valve maker's are
complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from ballast.sample.fact_book import Book
from ballast.sample.fact_years import Years, years
from ballast.sample.months import Calendar
from ballast.sample.population import Population
from ballast.sample.synthetic import Floats, Ints, stream

__all__ = ["Standings", "facts", "standings"]

Flags = npt.NDArray[np.bool_]

_STEPS = {"technology_sme": 1, "innovative_sme": 1, "specialised_sme": 2, "little_giant": 3}
_CONTRADICT = 0.012  # of those who state anything
_ASPIRE = 0.13  # of the above-scale without a title
_AUDITED = 0.30  # whose special audit of R&D differs from the form
# Divisions whose products are mostly basic parts, materials and machines.
_BASIC = ("26", "27", "29", "32", "33", "34", "35", "36", "37", "38", "39", "40")
_EMERGING = ("27", "35", "36", "38", "39", "40")


@dataclass(frozen=True, slots=True)
class Standings:
    """How an enterprise stands before the ladder, one element each.

    Parameters
    ----------
    step
        The highest rung that it holds, 0 for none.
    high_tech
        Whether it is a high-tech enterprise.
    states, careful
        Whether it states anything for a policy at all, and whether nearly everything.
    aspires
        Whether it works towards the next rung: it spends on research and fills in its forms.
    able
        About 0 for the usual, above 1 for the best: what a rung takes beside money.
    """

    step: Ints
    high_tech: Flags
    states: Flags
    careful: Flags
    aspires: Flags
    able: Floats


def standings(
    people: Population, codes: list[str], title: pl.DataFrame, calendar: Calendar, seed: int
) -> Standings:
    """Return how the enterprises stand.

    Parameters
    ----------
    people, codes
        The enterprises and their codes.
    title
        The table of that name: what they hold.
    calendar
        The months covered; a title counts that is valid on the last day.
    seed
        Of the sample.
    """
    rng = stream(seed, "standings")
    count = len(people)
    at = {code: i for i, code in enumerate(codes)}
    step, high_tech = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    valid = title.filter(pl.col("awarded") <= calendar.end, pl.col("expires") >= calendar.end)
    for code, scheme in valid.select("uscc", "scheme").iter_rows():
        step[at[code]] = max(step[at[code]], _STEPS.get(scheme, 0))
        high_tech[at[code]] |= scheme == "high_tech"
    above = np.arange(count) < people.above
    chance = np.where(above, 0.60, 0.06)
    states = (step > 0) | high_tech | (rng.random(count) < chance)
    states &= people.closed_year == 0
    states[people.valve] = True
    aspires = (step <= 1) & above & (rng.random(count) < np.where(step == 1, 0.35, _ASPIRE))
    able = (
        rng.normal(0, 0.55, count)
        + 0.9 * aspires
        + np.array([0.0, 0.55, 1.25, 2.2])[step]
        + 0.4 * high_tech
    )
    able[people.valve] = 2.4
    careful = rng.random(count) < np.array([0.5, 0.7, 0.88, 0.93])[step] + 0.1 * high_tech
    careful |= aspires & (rng.random(count) < 0.7)
    return Standings(step, high_tech, states, careful, aspires, able)


def facts(
    people: Population,
    codes: list[str],
    enterprise_period: pl.DataFrame,
    title: pl.DataFrame,
    calendar: Calendar,
    seed: int,
) -> pl.DataFrame:
    """Return the table ``enterprise_fact``.

    Parameters
    ----------
    people, codes
        The enterprises and their codes.
    enterprise_period, title
        What they reported and hold: the facts agree with both.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    standing = standings(people, codes, title, calendar, seed)
    rng = stream(seed, "facts")
    told = years(enterprise_period, codes, calendar)
    day = min(date(calendar.base + 1, 3, 31), calendar.end)
    book = Book(codes, standing.states, standing.careful, people.valve, day, rng)
    _money(book, people, standing, told, rng)
    _people(book, standing, told, rng)
    _market(book, people, standing, calendar, rng)
    _property(book, standing, calendar, rng)
    _strength(book, standing, rng)
    _record(book, standing, rng)
    _judged(book, standing, rng)
    return book.frame()


def _money(
    book: Book, people: Population, standing: Standings, told: Years, rng: np.random.Generator
) -> None:
    """State main revenue, debt, profit and R&D of three years, in agreement with the forms."""
    count, able = len(people), standing.able
    main = np.clip(0.84 + 0.06 * able + rng.normal(0, 0.07, count), 0.45, 0.995)
    main = np.where(standing.step == 3, np.maximum(main, 0.905), main)
    main = np.where(standing.step == 2, np.maximum(main, 0.80), main)
    debt = np.clip(0.56 - 0.05 * able + rng.normal(0, 0.13, count), 0.12, 1.15)
    debt = np.where(standing.step >= 2, np.minimum(debt, 0.69), debt)
    margin = np.clip(0.045 + 0.02 * able + rng.normal(0, 0.03, count), -0.08, 0.25)
    intensity = _intensity(people, standing, told, rng)
    slip = rng.random(count)
    for year in told.years:
        revenue, assets, rd = told.revenue(year), told.assets(year), told.rd(year)
        drift = rng.normal(0, 0.008, count)
        share = np.clip(main + drift, 0.3, 0.999)
        stated = np.where(slip < _CONTRADICT, 1.3, share) * revenue  # main above the whole
        book.number("main_revenue", stated, year, known=0.92)
        book.number("liabilities", np.clip(debt + drift, 0.05, 1.2) * assets, year, known=0.92)
        book.number("net_profit", (margin + drift) * revenue, year, known=0.85)
        book.number("cost", (1 - margin - 0.02) * revenue, year, known=0.7)
        book.number("income", revenue * 1.012, year, known=0.7)
        # The small are not asked for R&D by the form; an audit may find another figure than it.
        audited = np.where(np.isnan(intensity), np.nan, intensity * revenue)
        in_yuan = (slip > 1 - 2 * _CONTRADICT) & (audited > 0)  # for 10,000 of them
        audited = np.where(in_yuan & (year == told.years[0]), audited * 1e4, audited)
        book.number("rd", audited, year, known=1.0)
        spent = np.where(np.isnan(intensity), rd, intensity * revenue)
        book.number("rd_domestic", spent * 0.97, year, known=0.75)
        if year == told.years[0]:
            products = np.clip(0.55 + 0.09 * able + 0.1 * standing.high_tech, 0.1, 0.97)
            book.number("high_tech_revenue", products * revenue, year, known=0.65)
        raised = rng.random(count) < 0.02 + 0.03 * (standing.step == 3)
        equity = np.where(raised, rng.choice([500.0, 1000.0, 3000.0, 8000.0], count), 0.0)
        book.number("equity_raised", equity, year, known=0.6)


def _intensity(
    people: Population, standing: Standings, told: Years, rng: np.random.Generator
) -> Floats:
    """Return R&D over revenue as an audit found it; NaN where the form is all there is.

    An audit finds more than the form: what was put on the books as an asset is in it too.
    """
    last = told.years[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        reported = told.rd(last) / told.revenue(last)
    reported = np.where(np.isfinite(reported), reported, 0.0)
    unasked = np.isnan(told.rd(last))
    drawn = np.clip(rng.lognormal(np.log(0.028), 0.6, len(people)), 0.002, 0.2)
    found = np.where(unasked, drawn + 0.012 * (standing.step > 0), np.nan)
    differs = rng.random(len(people)) < _AUDITED
    found = np.where(differs & ~unasked & (reported > 0), reported * 1.4, found)
    # Who was recognised had what the scheme asks for, and most still have: of a high-tech
    # enterprise the more, the smaller it is.
    revenue = np.maximum(told.revenue(last), 1.0)
    by_size = np.select([revenue <= 6000, revenue <= 22_000], [0.052, 0.042], 0.032)
    asked = np.maximum(
        np.array([0.0, 0.0, 0.033, 0.036])[standing.step], by_size * standing.high_tech
    )
    asked = np.maximum(asked, np.where(standing.step >= 2, 130.0, 0.0) / revenue)
    asked = np.maximum(asked, np.where(standing.aspires, 0.028 + 130.0 / revenue * 0.2, 0.0))
    short = np.where(np.isnan(found), reported, found) < asked
    short &= rng.random(len(people)) < 0.88
    kept = np.minimum(asked * rng.uniform(1.02, 1.2, len(people)), 0.3)
    found = np.where(short, kept, found)
    found[people.valve] = 0.038
    return np.asarray(found)


def _people(book: Book, standing: Standings, told: Years, rng: np.random.Generator) -> None:
    last = told.years[0]
    staff, able = told.staff(last), standing.able
    research = np.clip(0.09 + 0.045 * able + rng.normal(0, 0.05, len(staff)), 0.0, 0.6)
    contradicts = rng.random(len(staff)) < _CONTRADICT
    research = np.where(contradicts, 1.4, research)
    book.whole("rd_staff", np.ceil(research * staff), last, known=0.85)
    technical = np.clip(np.minimum(research, 0.6) + rng.uniform(0.0, 0.12, len(staff)), 0.0, 0.8)
    technical = np.where(standing.high_tech, np.maximum(technical, 0.11), technical)
    book.whole("technical_staff", np.ceil(technical * staff), last, known=0.8)


def _market(
    book: Book,
    people: Population,
    standing: Standings,
    calendar: Calendar,
    rng: np.random.Generator,
) -> None:
    count, able, base = len(people), standing.able, calendar.base
    age = np.maximum(base - people.founded_year, 0)
    niche = np.minimum(age, np.rint(rng.gamma(3.0, 2.4, count) + 2 * standing.step))
    niche = np.where(standing.step >= 2, np.maximum(niche, 3), niche)
    book.number("niche_years", niche.astype(np.float64), base, known=0.9)
    share = np.clip(rng.lognormal(np.log(0.022), 0.8, count) * np.exp(0.55 * able), 0.001, 0.6)
    share = np.where((standing.step == 3) & (share < 0.1), share + 0.1, share)
    book.number("niche_share", np.round(share, 4), base, known=0.7)
    book.number("niche_share_world", np.round(share * 0.3, 4), base, known=0.3)
    rank = np.maximum(1, np.rint(rng.lognormal(2.4, 0.7, count) * np.exp(-0.6 * able)))
    book.whole("niche_rank", rank, base, known=0.5)
    book.whole("niche_rank_provincial", np.maximum(1, np.rint(rank / 3)), base, known=0.5)
    basic = np.isin(people.division, _BASIC)
    book.flag("own_brand", _chance(rng, 0.5 + 0.12 * able), known=0.85)
    book.flag("six_bases", basic & _chance(rng, 0.55 + 0.12 * able), known=0.85)
    book.flag("key_chain_link", _chance(rng, 0.3 + 0.15 * able), known=0.8)
    book.flag("fills_gap", _chance(rng, 0.15 + 0.18 * able), known=0.75)
    book.flag("brand_or_chain", _chance(rng, 0.15 + 0.1 * able), known=0.7)
    emerging = np.isin(people.division, _EMERGING)
    book.flag("strategic_emerging", emerging & _chance(rng, 0.6 + 0.1 * able), known=0.85)
    supported = _chance(rng, np.where(basic, 0.6, 0.3) + 0.15 * able) | standing.high_tech
    book.flag("supported_field", supported, known=0.85)


def _property(
    book: Book, standing: Standings, calendar: Calendar, rng: np.random.Generator
) -> None:
    """State rights: those in use, self-developed and of high value are among all of Class I."""
    able, step = standing.able, standing.step
    held = rng.poisson(np.clip(np.exp(0.85 * able) * 0.5, 0.03, 12))
    held = np.maximum(held, np.array([0, 0, 1, 4])[step])
    own = np.maximum(rng.binomial(held, 0.85), np.array([0, 0, 1, 4])[step])
    own = np.minimum(own, held)
    used = np.maximum(rng.binomial(own, 0.85), np.minimum(np.array([0, 0, 1, 2])[step], own))
    book.whole("class1_ip", held, known=0.95)
    book.whole("class1_ip_own", own, known=0.9)
    book.whole("class1_ip_in_use", used, known=0.92)
    book.whole("class1_ip_high_value", rng.binomial(own, 0.3), known=0.8)
    second = rng.poisson(np.clip(2.5 + 3.5 * able + 7 * standing.high_tech, 0.2, 60))
    book.whole("class2_ip", second, known=0.92)
    book.flag("self_developed_ip", own + second > 0, known=0.9)
    book.flag("core_ip", (own > 0) | ((second > 4) & standing.high_tech), known=0.85)
    for year in range(calendar.base, calendar.base - 3, -1):
        put_to_use = rng.poisson(np.clip(1.2 + 1.3 * able + 4 * standing.high_tech, 0.1, 14))
        book.whole("transformations", put_to_use, year, known=0.7)


def _strength(book: Book, standing: Standings, rng: np.random.Generator) -> None:
    able, count = standing.able, len(standing.able)
    rank = able + rng.normal(0, 0.5, count)
    levels = ("none", "below", "municipal", "provincial", "national")
    at = np.digitize(rank, [0.15, 0.75, 1.45, 3.3])
    book.text("rd_institution", [levels[i] for i in at.tolist()], known=0.9)
    rare = {
        "science_prize_3y": 0.02, "provincial_prize_top3_3y": 0.012,
        "national_prize_top5_3y": 0.001, "national_prize_top3_3y": 0.0005,
        "national_prize_top3_5y": 0.001, "maker_china_500_3y": 0.006,
        "maker_china_50_3y": 0.0008, "demonstration": 0.02, "standards_led_5y": 0.02,
        "first_set": 0.04, "contest_prize": 0.02, "quality_prize": 0.05,
    }  # fmt: skip
    for key, share in rare.items():
        book.flag(key, _chance(rng, share * np.exp(0.8 * able)), known=0.85)
    book.whole("digital_level", np.clip(np.rint(1.4 + 0.55 * rank), 1, 4), known=0.75)
    book.flag("core_process_it", _chance(rng, 0.6 + 0.15 * able), known=0.85)
    book.flag("management_certificate", _chance(rng, 0.6 + 0.15 * able), known=0.9)
    book.flag("product_certificate_abroad", _chance(rng, 0.1 + 0.08 * able), known=0.8)
    book.flag("standard_setting", _chance(rng, 0.08 + 0.14 * able), known=0.85)
    book.flag("patented_niche_process", _chance(rng, 0.2 + 0.2 * able), known=0.75)
    book.flag("new_business_form", _chance(rng, 0.1 + 0.06 * able), known=0.6)
    book.flag("overseas_operation", _chance(rng, 0.05 + 0.05 * able), known=0.7)
    book.flag("lean_management", _chance(rng, 0.3 + 0.15 * able), known=0.7)


def _record(book: Book, standing: Standings, rng: np.random.Generator) -> None:
    """State the record, which is clean with few exceptions; of who holds nothing it is often open.

    Nobody is barred who holds a title.
    """
    count = len(standing.step)
    free = standing.step == 0
    for key, share in (
        ("abnormal_listing", 0.02), ("serious_dishonesty", 0.006), ("major_incident_3y", 0.012),
        ("fraud_3y", 0.004), ("falsification_ban", 0.003), ("major_incident_1y", 0.005),
    ):  # fmt: skip
        book.flag(key, free & (rng.random(count) < share), known=0.94)


def _judged(book: Book, standing: Standings, rng: np.random.Generator) -> None:
    """State what others judged: the platform's score, and what reviewers found of holders."""
    able, count = standing.able, len(standing.able)
    step = standing.step
    score = 49.5 + 8.5 * able + rng.normal(0, 5, count)
    score = np.maximum(score, np.array([0, 0, 50.5, 61])[step] * (rng.random(count) < 0.93))
    score = np.round(np.clip(score, 18, 96), 1)
    book.number("platform_score", score, known=np.where(step > 0, 0.95, 0.72))
    before = np.round(np.clip(score + rng.normal(-1.5, 2.5, count), 18, 96), 1)
    book.number("platform_score_before", before, known=np.where(step > 0, 0.9, 0.5))
    found = np.where(step >= 2, 0.95, 0.0)
    for key in ("market_standing", "reputation", "listed_product_field"):
        book.flag(key, np.ones(count, dtype=np.bool_), known=found)
    assessed = np.where(standing.high_tech, 0.6, 0.0)
    for key, least, most in (
        ("ip_advancement_points", 6, 8), ("ip_support_points", 6, 8), ("ip_standards_points", 0, 2),
        ("organisation_rules_points", 4, 6), ("organisation_institution_points", 4, 6),
        ("organisation_transfer_points", 3, 4), ("organisation_talent_points", 3, 4),
    ):  # fmt: skip
        book.whole(key, rng.integers(least, most + 1, count), known=assessed)
    graded = np.where(step >= 2, 0.8, 0.1)
    book.whole("province_fit_points", rng.integers(1, 5, count), known=graded)
    book.whole("listing_points", (rng.random(count) < 0.15) * 3, known=graded)


def _chance(rng: np.random.Generator, share: Floats | float) -> Flags:
    """Return for each enterprise whether something is so, by its own chance."""
    shares = np.clip(np.asarray(share, dtype=np.float64), 0.0, 0.97)
    return np.asarray(rng.random(shares.shape) < shares)
