"""Carbon dioxide of electricity from the grid (外购电力的二氧化碳排放): energy times a factor.

The factor is data: dated, with its source, and what a site gives in its mapping goes
before it. For a day the factor of the newest year not after that day's is taken; a
year's factor is published one or two years later, so recent years are reckoned with
the last one known, and the report names it. Before the first there is none: the
number does not exist, rather than being made with a factor of another decade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.ratios import Floats

__all__ = ["NATIONAL_GRID", "EmissionFactor", "emissions", "factor_at"]


@dataclass(frozen=True, slots=True)
class EmissionFactor:
    """How much carbon dioxide a kWh from the grid stands for.

    Parameters
    ----------
    since
        The first day of use it is taken for.
    kg_per_kwh
        kg CO2 a kWh.
    source
        Who published it, in what, for which year.
    """

    since: date
    kg_per_kwh: Decimal
    source: str


# 全国电力平均二氧化碳排放因子, published by the ministry (生态环境部) and the bureau of statistics
# (国家统计局). The announcements themselves were not at hand: the figures were read in reports of
# them, 2021 and 2022 in daydaynews.cc/zh-hant/finance/3899452.html (新京报, 27 December 2024), 2023
# at reportify.ai (新浪财经, 22 January 2026), which repeats that of 2022.
NATIONAL_GRID = (
    EmissionFactor(
        date(2021, 1, 1),
        Decimal("0.5568"),
        "生态环境部、国家统计局：2021年全国电力平均二氧化碳排放因子（公告2024年第12号）",
    ),
    EmissionFactor(
        date(2022, 1, 1),
        Decimal("0.5366"),
        "生态环境部、国家统计局：2022年全国电力平均二氧化碳排放因子（2024年12月20日公告）",
    ),
    EmissionFactor(
        date(2023, 1, 1),
        Decimal("0.5306"),
        "生态环境部、国家统计局：2023年全国电力平均二氧化碳排放因子（2026年1月公布）",
    ),
)


def factor_at(
    day: date,
    own: Sequence[EmissionFactor] = (),
    published: Sequence[EmissionFactor] = NATIONAL_GRID,
) -> EmissionFactor | None:
    """Return the factor of a day: the site's own where one holds, else the published one.

    Examples
    --------
    >>> factor_at(date(2022, 6, 1)).kg_per_kwh
    Decimal('0.5366')
    >>> factor_at(date(2018, 6, 1)) is None
    True
    """
    for factors in (own, published):
        held = [one for one in factors if one.since <= day]
        if held:
            return max(held, key=lambda one: one.since)
    return None


def emissions(
    day: npt.NDArray[np.datetime64], kwh: npt.ArrayLike, own: Sequence[EmissionFactor] = ()
) -> tuple[Floats, tuple[EmissionFactor, ...]]:
    """Return the carbon dioxide of energy, and the factors that were used.

    Parameters
    ----------
    day
        Shape (n,), ``datetime64[D]``: the local day of each energy.
    kwh
        Shape (n,).
    own
        The site's factors.

    Returns
    -------
    kg
        Shape (n,), kg CO2; nan on days without a factor.
    factors
        Those used, oldest first.

    Notes
    -----
    Equation: E = AD · EF, activity data times emission factor.
    """
    energy = np.asarray(kwh, dtype=np.float64)
    days, where = np.unique(day, return_inverse=True)
    factors = [factor_at(one, own) for one in days.tolist()]
    rate = np.array([np.nan if one is None else float(one.kg_per_kwh) for one in factors])
    used = {one.since: one for one in factors if one is not None}
    return energy * rate[where], tuple(used[since] for since in sorted(used))
