"""The facts agree with forms and titles; some are missing, and few contradict each other."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest
from tests.sample.test_bureau import END, valid

from ballast.lake.checks import Known
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.sample.months import Calendar
from ballast.sample.region import build
from ballast.terms.period import month
from ballast.terms.policy_fact import FACTS

Frames = dict[str, pl.DataFrame]
BASE = 2025


def of_year(sample: Frames, fact: str, year: int | None = BASE) -> dict[str, float]:
    """Return a fact by enterprise."""
    rows = sample["enterprise_fact"].filter(pl.col("fact") == fact)
    rows = rows if year is None else rows.filter(pl.col("year") == year)
    return dict(rows.select("uscc", "value_number").iter_rows())


@pytest.fixture(scope="module")
def revenue(yearly: pl.DataFrame) -> dict[str, float]:
    """Return revenue of the base year by enterprise, of those above scale."""
    rows = yearly.filter(pl.col("year") == BASE)
    return dict(rows.select("uscc", "revenue_1e4_cny").iter_rows())


def test_every_fact_is_one_that_rules_know_in_its_kind_and_of_a_year_where_it_is(
    sample: Frames,
) -> None:
    rows = sample["enterprise_fact"]
    assert set(rows["fact"]) <= FACTS.keys()
    # The industry and the foundation stand in the register, staff, revenue and assets in the form.
    unstated = FACTS.keys() - set(rows["fact"])
    assert unstated == {"industry", "founded", "staff", "revenue", "assets"}
    # The loader reads them as they stand: each is what its key says, within its bounds.
    sifted = sift(table("enterprise_fact"), [Cells(rows)], Known())
    assert [issue.text("en") for issue in sifted.issues(3)] == []
    assert sifted.accepted.select(rows.columns).equals(rows)


def test_facts_of_a_year_are_as_of_its_end_and_the_others_before_the_last_day(
    sample: Frames,
) -> None:
    rows = sample["enterprise_fact"]
    is_of_year = pl.col("fact").is_in([key for key, fact in FACTS.items() if fact.yearly])
    of_years, of_days = rows.filter(is_of_year), rows.filter(~is_of_year)
    assert set(of_days["year"]) == set(of_days["as_of"].dt.year()) == {2026}
    assert (of_years["as_of"] == of_years.select(pl.date("year", 12, 31)).to_series()).all()
    assert set(of_years["year"]) == {2023, 2024, 2025}
    assert rows["as_of"].max() == date(2026, 3, 31)


def test_who_holds_a_title_states_facts_and_who_is_closed_states_none(
    sample: Frames, now: pl.DataFrame
) -> None:
    stating = set(sample["enterprise_fact"]["uscc"])
    for scheme in ("technology_sme", "innovative_sme", "specialised_sme", "high_tech"):
        assert valid(sample, scheme, END) <= stating
    assert not stating & set(now.filter(pl.col("closed").is_not_null())["uscc"])
    assert 2000 < len(stating) < 2400
    assert len(stating) < 0.25 * now.height


def test_the_facts_of_little_giants_are_those_of_little_giants(
    sample: Frames, revenue: dict[str, float]
) -> None:
    main, share = of_year(sample, "main_revenue"), of_year(sample, "niche_share")
    niche, rights = of_year(sample, "niche_years"), of_year(sample, "class1_ip_in_use", None)
    giants = valid(sample, "little_giant", END)
    for giant in giants:
        assert revenue[giant] > 5000
        assert main.get(giant, revenue[giant]) > 0.7 * revenue[giant]
        assert share.get(giant, 0.1) >= 0.1
        assert niche.get(giant, 3) >= 3
        assert rights.get(giant, 2) >= 2
    assert len(giants & main.keys()) > 10


def test_holders_are_better_off_than_the_rest_who_are_not_without(sample: Frames) -> None:
    rights = of_year(sample, "class1_ip_in_use", None)
    score = of_year(sample, "platform_score", None)
    specialised = valid(sample, "specialised_sme", END)
    assert all(rights[code] >= 1 for code in specialised & rights.keys())
    rest = rights.keys() - specialised
    some = sum(rights[code] >= 1 for code in rest) / len(rest)
    assert 0.2 < some < 0.7

    def mean(codes: set[str]) -> float:
        return sum(score[code] for code in codes) / len(codes)

    assert mean(specialised & score.keys()) > mean(score.keys() - specialised) + 8
    near = [code for code in score.keys() - specialised if 45 <= score[code] < 50]
    assert len(near) > 200


def test_parts_are_within_their_whole_but_for_a_few_that_contradict_themselves(
    sample: Frames, revenue: dict[str, float]
) -> None:
    main = of_year(sample, "main_revenue")
    above = [code for code in main.keys() & revenue.keys() if main[code] > revenue[code] + 0.01]
    assert 0.005 < len(above) / len(main) < 0.03
    own, all_ = of_year(sample, "class1_ip_own", None), of_year(sample, "class1_ip", None)
    assert all(own[code] <= all_[code] for code in own.keys() & all_.keys())
    spent, at_home = of_year(sample, "rd"), of_year(sample, "rd_domestic")
    slips = [code for code in spent.keys() & revenue.keys() if spent[code] > revenue[code]]
    assert 3 < len(slips) < 30  # stated in yuan
    kept = (spent.keys() & at_home.keys()) - set(slips)
    assert sum(at_home[code] <= spent[code] for code in kept) > 0.97 * len(kept)
    staff = sample["enterprise_period"].filter(pl.col("period").is_in(["2025-12", "2025"]))
    heads = dict(staff.select("uscc", "employment_persons").iter_rows())
    research = of_year(sample, "rd_staff")
    too_many = [code for code in research if research[code] > heads[code]]
    assert 5 < len(too_many) < 60


def test_facts_are_missing_of_many_and_complete_of_the_valve_maker(
    sample: Frames, now: pl.DataFrame
) -> None:
    maker = now.filter(pl.col("name").str.contains("制冷阀件"))["uscc"].item()
    rows = sample["enterprise_fact"]
    counts = Counter(dict(rows.group_by("uscc").len().iter_rows()))
    assert counts[maker] == max(counts.values())
    of_maker = rows.filter(pl.col("uscc") == maker)
    assert set(of_maker["fact"]) == set(rows["fact"])
    assert min(counts.values()) < 0.75 * counts[maker]
    incomplete = sum(count < 0.85 * counts[maker] for count in counts.values())
    assert 0.2 < incomplete / len(counts) < 0.8


def test_the_valve_maker_spends_what_a_little_giant_must(
    sample: Frames, now: pl.DataFrame, revenue: dict[str, float]
) -> None:
    maker = now.filter(pl.col("name").str.contains("制冷阀件"))["uscc"].item()
    for year in (2024, 2025):
        assert of_year(sample, "rd", year)[maker] > 600
    assert of_year(sample, "rd")[maker] / revenue[maker] == pytest.approx(0.038, abs=1e-6)


def test_a_sample_of_whole_years_states_facts_as_of_its_last_day() -> None:
    calendar = Calendar(month(2025, 12))
    rows = build(3, last_month=month(2025, 12))["enterprise_fact"]
    assert rows["as_of"].max() == calendar.end == date(2025, 12, 31)
    assert set(rows["year"].drop_nulls()) == {2023, 2024, 2025}
