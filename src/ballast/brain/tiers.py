"""The classes of size that Chinese cluster policy counts by: 百亿级, 千亿级.

The thresholds are conventions of official plans (打造百亿级、千亿级产业集群), not
law, and are on a year's revenue; they stand here as constants in the unit in
which the lake holds money.
"""

from __future__ import annotations

from enum import StrEnum

import ibis
import ibis.expr.types as ir

from ballast.terms.label import Label

__all__ = ["HUNDRED_BILLION_1E4_CNY", "TEN_BILLION_1E4_CNY", "TIER_LABELS", "Tier", "tier"]

TEN_BILLION_1E4_CNY = 1_000_000  # 100 亿元 = 1e10 CNY
HUNDRED_BILLION_1E4_CNY = 10_000_000  # 1,000 亿元 = 1e11 CNY


class Tier(StrEnum):
    """A class of size."""

    HUNDRED_BILLION = "100-billion"
    TEN_BILLION = "10-billion"
    BELOW = "below"


TIER_LABELS: dict[Tier, Label] = {
    Tier.HUNDRED_BILLION: Label("千亿级", "100-billion class"),
    Tier.TEN_BILLION: Label("百亿级", "10-billion class"),
    Tier.BELOW: Label("百亿级以下", "below the 10-billion class"),
}


def tier(revenue_1e4_cny: ir.NumericValue) -> ir.StringValue:
    """Return the class of size of a year's revenue.

    Parameters
    ----------
    revenue_1e4_cny
        Revenue of the whole year in 1e4 CNY; unknown gives NULL.

    Returns
    -------
    ir.StringValue
        A value of `Tier`: at least 1e11 CNY, at least 1e10 CNY, or below.

    Examples
    --------
    >>> import pyarrow as pa
    >>> t = ibis.memtable(pa.table({"r": [12_500_000.0, 1_000_000.0, 999_999.0, None]}))
    >>> t.select(t=tier(t.r)).to_pyarrow()["t"].to_pylist()
    ['100-billion', '10-billion', 'below', None]
    """
    # To the yuan: a sum of floats that is the threshold exactly may fall a billionth short of it.
    revenue = revenue_1e4_cny.round(4)
    return ibis.cases(
        (revenue.isnull(), ibis.null("string")),
        (revenue >= HUNDRED_BILLION_1E4_CNY, Tier.HUNDRED_BILLION.value),
        (revenue >= TEN_BILLION_1E4_CNY, Tier.TEN_BILLION.value),
        else_=Tier.BELOW.value,
    )
