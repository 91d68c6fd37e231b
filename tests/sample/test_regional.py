from __future__ import annotations

import polars as pl
import pytest

from ballast.sample.months import Calendar
from ballast.sample.structure import CITY, COUNTIES, ZONES
from ballast.terms import industry
from ballast.terms.region import NATION

Frames = dict[str, pl.DataFrame]
FIGURES = ("output_1e4_cny", "employment_persons", "establishments")


def of(sample: Frames, level: str, *regions: str) -> pl.DataFrame:
    return sample["region_industry"].filter(
        pl.col("region").is_in(regions), pl.col("industry_level") == level
    )


def test_32_divisions_and_137_groups_are_present_in_every_year(sample: Frames) -> None:
    for level, count in (("division", 32), ("group", 137)):
        by_year = of(sample, level, CITY).group_by("period").agg(pl.col("industry").n_unique())
        assert by_year["industry"].unique().to_list() == [count]


def test_32_divisions_and_137_groups_report_above_scale_in_every_period(
    sample: Frames, now: pl.DataFrame
) -> None:
    counted = (
        sample["enterprise_period"]
        .filter(pl.col("above_scale"))
        .join(now.select("uscc", "industry"), on="uscc")
        .group_by("period")
        .agg(
            divisions=pl.col("industry").str.head(2).n_unique(),
            groups=pl.col("industry").str.head(3).n_unique(),
        )
    )
    assert counted.select("divisions", "groups").unique().rows() == [(32, 137)]


def test_small_enterprises_stay_within_the_groups_of_the_above_scale(
    now: pl.DataFrame,
) -> None:
    assert now["industry"].str.head(3).n_unique() == 137


@pytest.mark.parametrize("level", ["division", "group"])
def test_the_city_is_the_sum_of_its_above_scale_enterprises(
    sample: Frames, now: pl.DataFrame, calendar: Calendar, level: str
) -> None:
    digits = {"division": 2, "group": 3}[level]
    rows = (
        sample["enterprise_period"]
        .filter(pl.col("above_scale"), ~pl.col("period").str.contains("^2021|^2026"))
        .join(now.select("uscc", "industry"), on="uscc")
        .with_columns(
            period=pl.col("period").str.head(4),
            industry=pl.col("industry").str.head(digits),
            december=pl.col("period").str.ends_with("-12"),
        )
    )
    expected = rows.group_by("industry", "period").agg(
        pl.col("output_1e4_cny").sum(),
        pl.col("employment_persons").filter("december").sum(),
        establishments=pl.col("december").sum().cast(pl.Int64),
    )
    found = of(sample, level, CITY).select("industry", "period", *FIGURES)
    assert expected.height == found.height
    joined = found.join(expected, on=["industry", "period"], suffix="_expected")
    assert joined.height == found.height
    for name in FIGURES:
        assert (joined[name] == joined[f"{name}_expected"]).all()


@pytest.mark.parametrize("level", ["division", "group"])
def test_the_counties_sum_to_the_city(sample: Frames, level: str) -> None:
    keys = ["industry", "period"]
    city = of(sample, level, CITY).select(*keys, *FIGURES).sort(keys)
    counties = of(sample, level, *COUNTIES).group_by(keys).agg(pl.col(*FIGURES).sum()).sort(keys)
    for name in (*keys, *FIGURES):
        assert (city[name] == counties[name]).all()


def test_every_zone_is_smaller_than_the_county_it_lies_in(sample: Frames) -> None:
    zones = of(sample, "division", *(zone.code for zone in ZONES))
    county = of(sample, "division", "371502")
    assert zones["region"].n_unique() == 3
    assert zones["region_scheme"].unique().to_list() == ["ext"]
    assert zones["output_1e4_cny"].sum() < county["output_1e4_cny"].sum()


@pytest.mark.parametrize("region", ["370000", NATION])
def test_province_and_nation_have_every_division_and_group_and_they_agree(
    sample: Frames, region: str
) -> None:
    divisions, groups = of(sample, "division", region), of(sample, "group", region)
    industrial = {d.code for s in "BCD" for d in industry.children(s)}
    assert set(divisions["industry"]) == industrial
    assert groups["industry"].n_unique() == 207
    for name in FIGURES:
        assert divisions[name].sum() == groups[name].sum()


def test_non_ferrous_metals_stand_out_against_the_nation(sample: Frames) -> None:
    def share(region: str) -> float:
        rows = of(sample, "division", region).filter(pl.col("period") == "2025")
        own = rows.filter(pl.col("industry") == "32")["employment_persons"].sum()
        return float(own) / float(rows["employment_persons"].sum())

    assert 5 < share(CITY) / share(NATION) < 9
