from __future__ import annotations

import polars as pl
import pytest

from ballast.lake.tables.macro_items import MACRO_ITEMS
from ballast.sample.macro import PEERS, PROVINCE_CITIES
from ballast.sample.structure import CITY
from ballast.terms.region import NATION
from ballast.terms.unit import parse_unit

Frames = dict[str, pl.DataFrame]


def value(sample: Frames, region: str, item: str, period: str) -> float:
    rows = sample["region_period"].filter(
        pl.col("region") == region, pl.col("item") == item, pl.col("period") == period
    )
    return float(rows["value"].item())


def test_upgrade_investment_grows_17_5_percent_a_year(sample: Frames) -> None:
    first = value(sample, CITY, "upgrade_investment", "2022")
    last = value(sample, CITY, "upgrade_investment", "2025")
    assert (last / first) ** (1 / 3) - 1 == pytest.approx(0.175, abs=0.0005)


def test_upgrade_investment_grows_faster_than_in_province_and_peers(sample: Frames) -> None:
    def growth(region: str) -> float:
        first = value(sample, region, "upgrade_investment", "2022")
        return value(sample, region, "upgrade_investment", "2025") / first

    assert all(growth(CITY) > growth(other) for other in ("370000", *PEERS))


def test_the_months_of_investment_sum_to_their_year(sample: Frames) -> None:
    rows = sample["region_period"].filter(pl.col("region") == CITY)
    for item in ("upgrade_investment", "industrial_investment", "above_scale_output"):
        own = rows.filter(pl.col("item") == item)
        for year in ("2022", "2023", "2024", "2025"):
            months = own.filter(pl.col("period").str.starts_with(f"{year}-"))
            assert months.height == 11
            assert months["value"].sum() == own.filter(pl.col("period") == year)["value"].item()


def test_the_high_tech_share_is_4_points_above_the_province(sample: Frames) -> None:
    city = value(sample, CITY, "high_tech_share", "2025")
    assert city - value(sample, "370000", "high_tech_share", "2025") == pytest.approx(4.0)


@pytest.mark.parametrize("year", ["2022", "2023", "2024", "2025"])
def test_rd_over_gdp_is_third_of_the_16_cities_in_every_year(sample: Frames, year: str) -> None:
    rows = sample["region_period"].filter(
        pl.col("item") == "rd_intensity",
        pl.col("period") == year,
        pl.col("region").is_in(list(PROVINCE_CITIES)),
    )
    assert rows.height == 16
    ranked = rows.sort("value", descending=True)["region"].to_list()
    assert ranked.index(CITY) == 2


def test_rd_intensity_is_rd_over_gdp(sample: Frames) -> None:
    for region in ("370000", NATION, *PROVINCE_CITIES):
        ratio = value(sample, region, "society_rd", "2025") / value(sample, region, "gdp", "2025")
        assert value(sample, region, "rd_intensity", "2025") == pytest.approx(100 * ratio, abs=1e-4)


def test_the_province_is_the_sum_of_its_cities(sample: Frames) -> None:
    for item in ("gdp", "society_rd"):
        cities = sum(value(sample, region, item, "2024") for region in PROVINCE_CITIES)
        assert value(sample, "370000", item, "2024") == pytest.approx(cities)


def test_enterprises_spend_most_of_the_rd_of_the_society(
    sample: Frames, yearly: pl.DataFrame
) -> None:
    spent = float(yearly.filter(pl.col("year") == 2025)["rd_expense_1e4_cny"].sum()) / 1e4
    assert 0.6 < spent / value(sample, CITY, "society_rd", "2025") < 0.95


def test_just_over_2000_enterprises_have_gone_digital(sample: Frames) -> None:
    assert 2000 < value(sample, CITY, "digitised_enterprises", "2025") < 2100


def test_what_the_enterprises_say_is_not_drawn_again(sample: Frames, yearly: pl.DataFrame) -> None:
    revenue = float(yearly.filter(pl.col("year") == 2025)["revenue_1e4_cny"].sum()) / 1e4
    # In 1e8 CNY, eleven periods rounded to four decimals.
    assert value(sample, CITY, "above_scale_revenue", "2025") == pytest.approx(revenue, abs=1e-3)
    at_end = sample["enterprise_period"].filter(pl.col("period") == "2025-12").height
    assert value(sample, CITY, "above_scale_enterprises", "2025") == at_end


def test_every_value_is_in_the_unit_of_its_item(sample: Frames) -> None:
    for item, unit in sample["region_period"].select("item", "unit").unique().rows():
        assert parse_unit(unit) == MACRO_ITEMS[item].unit


def test_every_item_is_there_for_the_city(sample: Frames) -> None:
    city = sample["region_period"].filter(pl.col("region") == CITY, pl.col("period") == "2025")
    assert set(city["item"]) == set(MACRO_ITEMS)


def test_the_city_is_on_the_list_three_years_running(sample: Frames) -> None:
    own = sample["ranking"].filter(pl.col("region") == CITY).sort("year")
    assert own["year"].to_list() == [2023, 2024, 2025]
    assert own["place"].is_between(1, 100).all()
    assert own["list"].unique().to_list() == ["全国先进制造业百强市"]


def test_the_zones_lie_in_the_city(sample: Frames) -> None:
    assert sample["region"]["parent"].unique().to_list() == [CITY]
    assert sample["region"]["region_scheme"].unique().to_list() == ["ext"]
    assert sample["region"].select("name", "name_en").null_count().row(0) == (0, 0)
