from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from ballast.sample.bureau import RECORDED_SHARE, TITLES
from ballast.sample.macro import upgrade_investment
from ballast.sample.months import Calendar

Frames = dict[str, pl.DataFrame]
END = date(2026, 5, 31)


def valid(sample: Frames, scheme: str, on: date) -> set[str]:
    rows = sample["title"].filter(
        pl.col("scheme") == scheme, pl.col("awarded") <= on, pl.col("expires") >= on
    )
    assert rows["uscc"].is_unique().all()
    return set(rows["uscc"])


def test_more_than_1800_projects_are_carried_out(sample: Frames) -> None:
    rows = sample["project"]
    assert 1800 < rows.filter(pl.col("status").is_in(["finished", "building"])).height < 1900
    assert set(rows["project_kind"]) == {"upgrade", "digital", "green", "capacity", "innovation"}


def test_what_projects_invested_is_60_percent_of_the_upgrade_investment(
    sample: Frames, calendar: Calendar
) -> None:
    rows = sample["project"].filter(pl.col("status") == "finished")
    for year, worth in upgrade_investment(calendar).items():
        own = rows.filter(pl.col("finished").dt.year() == year)
        invested = float(own["invested_1e4_cny"].sum())
        assert invested == pytest.approx(worth * 1e4 * RECORDED_SHARE, abs=1)


def test_what_projects_invested_grows_17_5_percent_a_year(sample: Frames) -> None:
    rows = sample["project"].filter(pl.col("status") == "finished")
    by_year = dict(
        rows.group_by(pl.col("finished").dt.year()).agg(pl.col("invested_1e4_cny").sum()).rows()
    )
    ratio = float(by_year[2025] / by_year[2022])
    assert ratio ** (1 / 3) - 1 == pytest.approx(0.175, abs=0.0005)


def test_dates_of_a_project_fit_its_status(sample: Frames) -> None:
    rows = sample["project"]
    done = rows.filter(pl.col("status") == "finished")
    assert (done["started"] < done["finished"]).all()
    assert done["finished"].is_between(date(2022, 1, 1), END).all()
    assert rows.filter(pl.col("status") != "finished")["finished"].null_count() == (
        rows.height - done.height
    )
    begun = rows.drop_nulls("started")
    assert (begun["started"] <= END).all()
    assert set(rows.filter(pl.col("started").is_null())["status"]) == {"planned", "cancelled"}
    assert (rows["planned_start"] < rows["planned_end"]).all()


def test_projects_and_titles_are_of_enterprises_in_the_register(
    sample: Frames, now: pl.DataFrame
) -> None:
    known = set(now["uscc"])
    for name in ("project", "title"):
        assert set(sample[name]["uscc"]) <= known
    industries = sample["project"].join(now.select("uscc", "industry", "region"), on="uscc")
    assert (industries["industry"] == industries["industry_right"]).all()
    assert (industries["region"] == industries["region_right"]).all()


@pytest.mark.parametrize("scheme", TITLES, ids=lambda scheme: scheme.name)
def test_the_holders_of_a_title_double_over_three_years(sample: Frames, scheme: object) -> None:
    name, holders = scheme.name, scheme.holders  # type: ignore[attr-defined]
    assert len(valid(sample, name, date(2022, 12, 31))) == holders // 2
    assert len(valid(sample, name, date(2025, 12, 31))) == holders
    assert len(valid(sample, name, END)) == holders


def test_the_ladder_is_climbed_step_by_step(sample: Frames, now: pl.DataFrame) -> None:
    for on in (date(2023, 12, 31), date(2025, 12, 31), END):
        innovative = valid(sample, "innovative_sme", on)
        specialised = valid(sample, "specialised_sme", on)
        giants = valid(sample, "little_giant", on)
        assert giants < specialised < innovative
    maker = now.filter(pl.col("name").str.contains("制冷阀件"))["uscc"].item()
    assert maker in valid(sample, "little_giant", END)


def test_certificates_last_as_long_as_their_scheme_says(sample: Frames) -> None:
    rows = sample["title"]
    assert (rows["awarded"] < rows["expires"]).all()
    assert rows["awarded"].max() <= END  # type: ignore[operator]
    days = rows.group_by("scheme").agg(
        (pl.col("expires") - pl.col("awarded")).dt.total_days().max().alias("days")
    )
    lasting = dict(days.rows())
    assert lasting["technology_sme"] in (364, 365)
    assert lasting["high_tech"] in (1094, 1095)
