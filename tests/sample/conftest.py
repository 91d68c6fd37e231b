"""The sample, drawn once for all its tests."""

from __future__ import annotations

import polars as pl
import pytest

from ballast.sample.months import DEFAULT_LAST_MONTH, Calendar
from ballast.sample.region import build


@pytest.fixture(scope="session")
def sample() -> dict[str, pl.DataFrame]:
    """Return the tables of the default sample."""
    return build()


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """Return the months of the default sample."""
    return Calendar(DEFAULT_LAST_MONTH)


@pytest.fixture(scope="session")
def now(sample: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the enterprises as registered at the end: one row each."""
    return sample["enterprise"].sort("valid_from").unique("uscc", keep="last")


@pytest.fixture(scope="session")
def yearly(sample: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the sums of the above-scale enterprises by year, as floats."""
    return (
        sample["enterprise_period"]
        .filter(pl.col("above_scale"))
        .group_by("uscc", pl.col("period").str.head(4).cast(pl.Int64).alias("year"))
        .agg(
            pl.col(
                "output_1e4_cny", "revenue_1e4_cny", "value_added_1e4_cny", "export_1e4_cny",
                "rd_expense_1e4_cny",
            ).sum().cast(pl.Float64),
            pl.len().alias("periods"),
        )
    )  # fmt: skip
