"""What the sample enterprises reported of whole years, as arrays: facts must agree with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ballast.sample.months import Calendar
from ballast.sample.synthetic import Floats

__all__ = ["Years", "years"]

_BACK = 3


@dataclass(frozen=True, slots=True)
class Years:
    """Figures of the last full years, newest first; NaN where nothing was reported."""

    years: tuple[int, ...]
    held: Mapping[tuple[str, int], Floats]

    def revenue(self, year: int) -> Floats:
        """Return revenue of a year in 10,000 CNY, 0 where there was none."""
        return np.nan_to_num(self.held["revenue", year])

    def rd(self, year: int) -> Floats:
        """Return R&D expense of a year in 10,000 CNY; NaN where the form did not ask."""
        return self.held["rd", year]

    def assets(self, year: int) -> Floats:
        """Return assets at the year's end in 10,000 CNY; NaN where they are not known."""
        return self.held["assets", year]

    def staff(self, year: int) -> Floats:
        """Return staff at the year's end; NaN where it is not known."""
        return self.held["staff", year]


def years(enterprise_period: pl.DataFrame, codes: Sequence[str], calendar: Calendar) -> Years:
    """Return the figures of the last three full years.

    Parameters
    ----------
    enterprise_period
        The table, the periods of an enterprise in order.
    codes
        The enterprises, in the order of the arrays.
    calendar
        The months covered.
    """
    wanted = tuple(range(calendar.base, calendar.base - _BACK, -1))
    year = pl.col("period").str.head(4).cast(pl.Int64).alias("year")
    rd = pl.col("rd_expense_1e4_cny")
    sums = (
        enterprise_period.with_columns(year)
        .filter(pl.col("year").is_in(wanted))
        .group_by("uscc", "year", maintain_order=True)
        .agg(
            pl.col("revenue_1e4_cny").sum().cast(pl.Float64).alias("revenue"),
            pl.when(rd.null_count() == 0).then(rd.sum()).cast(pl.Float64).alias("rd"),
            pl.col("assets_1e4_cny").last().cast(pl.Float64).alias("assets"),
            pl.col("employment_persons").last().cast(pl.Float64).alias("staff"),
        )
    )
    order = pl.DataFrame({"uscc": codes})
    held = {}
    for one in wanted:
        rows = order.join(sums.filter(pl.col("year") == one), on="uscc", how="left")
        for name in ("revenue", "rd", "assets", "staff"):
            held[name, one] = rows[name].fill_null(float("nan")).to_numpy()
    return Years(wanted, held)
