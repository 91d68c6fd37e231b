"""Carbon dioxide of the electricity used (外购电力的二氧化碳排放): activity times factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = ["EmissionFactor"]


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
