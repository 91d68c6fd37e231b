from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ballast.sample.fact_years import years
from ballast.sample.months import Calendar

Frames = dict[str, pl.DataFrame]


def test_years_are_what_the_forms_add_up_to(
    sample: Frames, yearly: pl.DataFrame, calendar: Calendar
) -> None:
    codes = yearly["uscc"].unique().sort().to_list()
    told = years(sample["enterprise_period"], codes, calendar)
    assert told.years == (2025, 2024, 2023)
    at = {code: i for i, code in enumerate(codes)}
    for code, revenue, rd in (
        yearly.filter(pl.col("year") == 2024)
        .select("uscc", "revenue_1e4_cny", "rd_expense_1e4_cny")
        .head(50)
        .iter_rows()
    ):
        assert told.revenue(2024)[at[code]] == pytest.approx(revenue)
        assert told.rd(2024)[at[code]] == pytest.approx(rd)


def test_who_is_not_asked_for_research_has_none_that_is_known(
    sample: Frames, calendar: Calendar
) -> None:
    small = sample["enterprise_period"].filter(pl.col("period") == "2025")
    codes = small["uscc"].head(20).to_list()
    told = years(sample["enterprise_period"], [*codes, "unknown"], calendar)
    assert np.isnan(told.rd(2025)).all()
    assert (told.revenue(2025)[:-1] > 0).all()
    assert told.revenue(2025)[-1] == 0
    assert np.isnan(told.staff(2025)[-1])
    assert np.isnan(told.assets(2025)[-1])
