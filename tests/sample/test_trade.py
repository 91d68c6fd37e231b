from __future__ import annotations

import polars as pl
import pytest

from ballast.sample.structure import CITY
from ballast.sample.trade import CITY_OVER_ENTERPRISES, CUSTOMS_TOLERANCE, VALVE_PARTNERS

Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def trade(sample: Frames) -> pl.DataFrame:
    return sample["trade"].with_columns(pl.col(pl.Decimal).cast(pl.Float64))


def test_exports_by_commodity_sum_to_the_export_deliveries(
    trade: pl.DataFrame, yearly: pl.DataFrame
) -> None:
    by_customs = (
        trade.filter(pl.col("uscc") != "", pl.col("export_1e4_cny").is_not_null())
        .group_by("uscc", pl.col("period").cast(pl.Int64).alias("year"))
        .agg(pl.col("export_1e4_cny").sum().alias("customs"))
    )
    sold = yearly.filter(pl.col("export_1e4_cny") > 0, pl.col("year").is_between(2022, 2025))
    both = sold.join(by_customs, on=["uscc", "year"])
    assert both.height == sold.height == by_customs.height
    difference = (both["customs"] / both["export_1e4_cny"] - 1).abs()
    # Very small deliveries are divided into cells of whole yuan.
    assert (difference <= CUSTOMS_TOLERANCE + 0.001).all()


def test_the_city_exports_what_its_enterprises_do_and_more(trade: pl.DataFrame) -> None:
    keys = ["hs6", "partner", "period"]
    named = trade.filter(pl.col("uscc") != "").group_by(keys).agg(pl.col("export_1e4_cny").sum())
    city = trade.filter(pl.col("region") == CITY).select(*keys, "export_1e4_cny")
    both = city.drop_nulls().join(named, on=keys, suffix="_named")
    assert both.height > 3000
    expected = both["export_1e4_cny_named"] * CITY_OVER_ENTERPRISES
    assert ((both["export_1e4_cny"] - expected).abs() < 0.001).all()


def test_exports_and_imports_of_the_macro_items_are_those_of_the_city(
    sample: Frames, trade: pl.DataFrame
) -> None:
    for flow in ("export", "import"):
        city = trade.filter(pl.col("region") == CITY, pl.col("period") == "2025")
        macro = sample["region_period"].filter(
            pl.col("region") == CITY, pl.col("item") == f"{flow}s", pl.col("period") == "2025"
        )
        assert float(macro["value"].item()) == pytest.approx(
            float(city[f"{flow}_1e4_cny"].sum()) / 1e4, abs=1e-3
        )


def test_the_valve_maker_sells_to_europe_south_america_and_south_east_asia(
    trade: pl.DataFrame, now: pl.DataFrame
) -> None:
    maker = now.filter(pl.col("name").str.contains("制冷阀件"))["uscc"].item()
    own = trade.filter(pl.col("uscc") == maker)
    assert set(own["partner"]) == set(VALVE_PARTNERS)
    assert own["hs6"].str.starts_with("8481").all()


def test_a_row_is_of_an_enterprise_or_of_the_city(trade: pl.DataFrame) -> None:
    assert ((trade["uscc"] == "") != (trade["region"] == "")).all()
    assert trade["hs6"].str.contains(r"^\d{6}$").all()
    assert trade["partner"].str.contains("^[A-Z]{2}$").all()
