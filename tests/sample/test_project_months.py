"""Months of the sample's projects sum to the projects, and all of them to the city's investment."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from ballast.brain.projects.status import TRANSITIONS, Status
from ballast.terms.period import Period

Frames = dict[str, pl.DataFrame]


def test_the_months_of_a_project_sum_to_what_it_says_it_has_invested(sample: Frames) -> None:
    told = sample["project_month"].group_by("project").agg(
        pl.col("invested_1e4_cny").sum(), pl.col("cumulative_1e4_cny").max().alias("last")
    )  # fmt: skip
    begun = sample["project"].filter(pl.col("started").is_not_null())
    both = begun.join(told, on="project", how="left", suffix="_told")
    assert both.height == told.height == begun.height
    assert (both["invested_1e4_cny"] == both["invested_1e4_cny_told"]).all()
    assert (both["invested_1e4_cny"] == both["last"]).all()


def test_each_month_leads_from_one_sum_to_the_next(sample: Frames) -> None:
    for _, rows in sample["project_month"].head(2000).group_by("project"):
        ordered = sorted(rows.iter_rows(named=True), key=lambda r: Period.parse(r["period"]).end)
        sums = [row["cumulative_1e4_cny"] for row in ordered]
        months = [row["invested_1e4_cny"] for row in ordered]
        assert all(b - a == m for (a, b), m in zip(pairwise(sums), months[1:], strict=True))


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_what_all_of_them_invest_is_about_three_fifths_of_the_city_s(
    sample: Frames, year: int
) -> None:
    own = sample["project_month"].filter(pl.col("period").str.starts_with(str(year)))
    city = sample["region_period"].filter(
        pl.col("region") == "371500",
        pl.col("item") == "upgrade_investment",
        pl.col("period").str.starts_with(f"{year}-"),
    )
    share = float(own["invested_1e4_cny"].sum()) / float(city["value"].sum()) / 1e4
    assert 0.52 < share < 0.72


def test_no_end_stands_before_its_start_and_funds_sum_to_the_plan(sample: Frames) -> None:
    rows = sample["project"]
    assert not (rows["planned_end"] < rows["planned_start"]).any()
    assert not (rows["finished"] < rows["started"]).any()
    funds = rows.select(pl.sum_horizontal(pl.col("^funds_.*$"))).to_series()
    assert (funds == rows["planned_1e4_cny"]).all()


def test_the_history_of_a_project_ends_where_it_stands(sample: Frames) -> None:
    events = sample["project_event"].filter(pl.col("event_kind") != "correction")
    for (number,), rows in events.group_by("project"):
        after = [Status(text) for text in rows.sort("seq")["after"]]
        assert all(b in TRANSITIONS[a] for a, b in pairwise(after)), number
        days = rows.sort("seq")["on"].to_list()
        assert days == sorted(days)
        assert max(days) <= date(2026, 5, 31)
    last = events.sort("seq").group_by("project").last().select("project", "after")
    both = sample["project"].join(last, on="project", how="left")
    assert (both["status"] == both["after"]).all()


def test_some_are_silent_and_some_stand_still(sample: Frames) -> None:
    open_ones = sample["project"].filter(pl.col("status") == "building")["project"]
    told = sample["project_month"].filter(pl.col("project").is_in(open_ones.implode()))
    last = told.group_by("project").agg(pl.col("period").max())
    assert 5 <= (last["period"] < "2026-04").sum() <= 15
    zero = told.filter(pl.col("period") == "2026-05", pl.col("invested_1e4_cny") == 0)
    assert 10 <= zero.height <= 30
