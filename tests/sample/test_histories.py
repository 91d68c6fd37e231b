from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

Frames = dict[str, pl.DataFrame]


def test_about_2000_are_above_scale_and_about_8000_never(sample: Frames, now: pl.DataFrame) -> None:
    period = sample["enterprise_period"]
    ever = period.filter("above_scale")["uscc"].n_unique()
    latest = period.filter(pl.col("period") == "2026-05").height
    assert 1950 <= latest <= ever <= 2200
    assert 7900 <= now.height - ever <= 8200


def test_a_year_above_scale_follows_a_year_of_20_million_revenue(sample: Frames) -> None:
    years = (
        sample["enterprise_period"]
        .group_by("uscc", pl.col("period").str.head(4).cast(pl.Int64).alias("year"))
        .agg(pl.col("revenue_1e4_cny").sum().cast(pl.Float64), pl.col("above_scale").all())
    )
    before = years.with_columns(year=pl.col("year") + 1).filter(pl.col("year") > 2022)
    pairs = years.join(before, on=["uscc", "year"], suffix="_before")
    # The revenue of a year is rounded in eleven periods, so to a few yuan.
    follows = pairs["revenue_1e4_cny_before"] >= 1999.99
    assert pairs.height > 30_000
    assert (pairs["above_scale"] <= follows).all()
    clearly = pairs.filter(pl.col("revenue_1e4_cny_before") >= 2000.01)
    assert clearly["above_scale"].all()


def test_the_scope_is_entered_and_left_every_year(sample: Frames) -> None:
    rows = sample["enterprise_period"].filter("above_scale")
    sets = {
        year: set(rows.filter(pl.col("period").str.starts_with(str(year)))["uscc"])
        for year in range(2021, 2027)
    }
    for year in range(2022, 2027):
        assert 40 <= len(sets[year] - sets[year - 1]) <= 200
        assert 20 <= len(sets[year - 1] - sets[year]) <= 150


def test_revenue_of_the_city_is_between_450_and_550_billion(yearly: pl.DataFrame) -> None:
    total = float(yearly.filter(pl.col("year") == 2025)["revenue_1e4_cny"].sum()) / 1e4
    assert 4500 < total < 5500


def test_the_valve_maker_exports_30_percent_and_its_exports_grow_70_percent_a_year(
    now: pl.DataFrame, yearly: pl.DataFrame
) -> None:
    maker = now.filter(pl.col("name").str.contains("制冷阀件"))
    assert (maker["industry"].item(), maker["region"].item()) == ("3443", "371502")
    own = yearly.filter(pl.col("uscc") == maker["uscc"].item()).sort("year")
    full = own.filter(pl.col("year").is_between(2022, 2025))
    shares = (full["export_1e4_cny"] / full["revenue_1e4_cny"]).to_list()
    assert shares == pytest.approx([0.30] * 4, abs=0.015)
    exports = full["export_1e4_cny"].to_list()
    growth = [b / a - 1 for a, b in pairwise(exports)]
    assert growth == pytest.approx([0.70] * 3, abs=0.08)
    assert (exports[-1] / exports[0]) ** (1 / 3) - 1 == pytest.approx(0.70, abs=0.03)


def test_about_300_enterprises_export(sample: Frames) -> None:
    sells = sample["enterprise_period"].filter(pl.col("export_1e4_cny") > 0)
    assert 250 <= sells["uscc"].n_unique() <= 360
