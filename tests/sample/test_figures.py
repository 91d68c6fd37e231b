from __future__ import annotations

import polars as pl

Frames = dict[str, pl.DataFrame]


def _floats(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Decimal).cast(pl.Float64))


def test_sixty_months_come_in_55_periods_with_january_and_february_together(
    sample: Frames,
) -> None:
    monthly = sample["enterprise_period"].filter("above_scale")["period"].unique().to_list()
    assert len(monthly) == 55
    assert sum(period.endswith("-01..02") for period in monthly) == 5
    assert not any(period[5:] in ("01", "02") for period in monthly)
    assert min(monthly) == "2021-06"
    assert max(monthly) == "2026-05"


def test_the_others_report_by_year_and_fewer_items(sample: Frames) -> None:
    small = sample["enterprise_period"].filter(~pl.col("above_scale"))
    assert sorted(small["period"].unique()) == ["2021", "2022", "2023", "2024", "2025"]
    for unasked in ("export_1e4_cny", "rd_expense_1e4_cny", "energy_tce", "electricity_1e4_kwh"):
        assert small[unasked].null_count() == small.height
    asked = ("output_1e4_cny", "revenue_1e4_cny", "employment_persons", "assets_1e4_cny")
    assert all(small[name].null_count() == 0 for name in asked)


def test_the_above_scale_report_every_item(sample: Frames) -> None:
    above = sample["enterprise_period"].filter("above_scale")
    assert sum(above.null_count().row(0)) == 0


def test_no_enterprise_reports_a_year_both_ways(sample: Frames) -> None:
    ways = (
        sample["enterprise_period"]
        .group_by("uscc", pl.col("period").str.head(4))
        .agg(pl.col("above_scale").n_unique())
    )
    assert (ways["above_scale"] == 1).all()


def test_items_of_a_row_agree_with_each_other(sample: Frames) -> None:
    rows = _floats(sample["enterprise_period"])
    assert (rows["value_added_1e4_cny"] < rows["output_1e4_cny"]).all()
    assert (rows["value_added_1e4_cny"] > 0).all()
    ratio = rows["output_1e4_cny"] / rows["revenue_1e4_cny"]
    assert ratio.is_between(0.9, 1.1).all()
    above = rows.filter("above_scale")
    assert (above["export_1e4_cny"] <= above["output_1e4_cny"]).all()
    # 1.229 tce per 10,000 kWh is in the energy, to the last decimal of each.
    electric = above["electricity_1e4_kwh"] * 1.229
    assert (above["energy_tce"] >= electric - 0.001).all()
    assert (rows["employment_persons"] > 0).all()


def test_some_make_a_loss_but_the_city_does_not(sample: Frames) -> None:
    rows = _floats(sample["enterprise_period"].filter("above_scale"))
    losses = (rows["profit_1e4_cny"] < 0).mean()
    assert isinstance(losses, float)
    assert 0.03 < losses < 0.25
    margin = float(rows["profit_1e4_cny"].sum()) / float(rows["revenue_1e4_cny"].sum())
    assert 0.02 < margin < 0.08


def test_money_is_exact_to_one_yuan(sample: Frames) -> None:
    money = sample["enterprise_period"].select(pl.col(pl.Decimal))
    assert set(money.dtypes) == {pl.Decimal(24, 4)}


def test_a_smelter_uses_more_energy_for_its_output_than_a_bearing_maker(
    sample: Frames, now: pl.DataFrame
) -> None:
    rows = _floats(sample["enterprise_period"].filter("above_scale")).join(
        now.select("uscc", "industry"), on="uscc"
    )

    def intensity(code: str) -> float:
        own = rows.filter(pl.col("industry") == code)
        return float(own["energy_tce"].sum()) / float(own["output_1e4_cny"].sum())

    assert intensity("3216") > 10 * intensity("3451")
