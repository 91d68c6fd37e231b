"""Counts, moments and names as the data pages write them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ballast.lake.declare import Stage
from ballast.lake.tables import TABLES
from ballast.terms.label import Language
from ballast.words.numbers import grouped

__all__ = ["count", "loaded_tables", "moment"]


def count(number: int, language: Language) -> str:
    """Return a count as text.

    Examples
    --------
    >>> count(1234, "zh")
    '1234'
    """
    return grouped(Decimal(number), language)


def moment(at: datetime) -> str:
    """Return a moment in the time of the machine that the portal runs on."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def loaded_tables() -> list[str]:
    """Return the names of the tables that files are loaded into.

    Examples
    --------
    >>> "enterprise_period" in loaded_tables(), "load" in loaded_tables()
    (True, False)
    """
    return [name for name, declared in TABLES.items() if declared.stage is Stage.LOADED]
