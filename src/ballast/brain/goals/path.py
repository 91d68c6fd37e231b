"""The way from where a goal starts to where it ends: what should be reached by when.

A goal for the end of 2027 is silent in May 2026. What makes it speak is the
path: through the years by equal steps or at one rate, and through the months
of a year as the year before went, because a flow of five months is no five
twelfths of a year in which February has a holiday.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["Way", "level_of", "through_the_year", "yearly"]

Way = Literal["even", "compound"]
Measure = Literal["level", "growth", "yearly_growth"]


def level_of(measure: str, target: float, base: float | None, years: int) -> float | None:
    """Return the level that a goal means.

    Parameters
    ----------
    measure
        ``level``; ``growth``, percent over the base; ``yearly_growth``, percent a year.
    target
        As the goal has it.
    base
        The level that growth starts from.
    years
        From the base to the goal.

    Returns
    -------
    float or None
        L = t; L = b (1 + t/100); L = b (1 + t/100)^n. ``None`` where growth has no base, or
        one that is not above zero.

    Examples
    --------
    >>> level_of("level", 60, None, 1), level_of("growth", 50, 200.0, 1)
    (60, 300.0)
    >>> round(level_of("yearly_growth", 10, 100.0, 3), 6)
    133.1
    """
    if measure == "level":
        return target
    if base is None or base <= 0:
        return None
    return base * (1 + target / 100) ** (years if measure == "yearly_growth" else 1)


def yearly(way: str, base: float, level: float, passed: float, years: int) -> float | None:
    r"""Return what the path has reached after some of its years.

    Parameters
    ----------
    way
        ``even``: :math:`b + (L - b) p / n`; ``compound``: :math:`b (L / b)^{p / n}`.
    base, level
        b and L.
    passed
        p, years since the base; parts of a year count.
    years
        n, years from the base to the goal, 1 or more.

    Returns
    -------
    float or None
        ``None`` where a rate of growth does not exist: b or L not above zero.

    Examples
    --------
    >>> yearly("even", 100, 130, 1, 3), round(yearly("compound", 100, 133.1, 1, 3), 6)
    (110.0, 110.0)
    >>> yearly("compound", 0, 10, 1, 2) is None
    True
    """
    part = min(max(passed / years, 0.0), 1.0)
    if way == "even":
        return base + (level - base) * part
    if base <= 0 or level <= 0:
        return None
    return float(base * (level / base) ** part)


def through_the_year(
    whole: float, before_part: float | None, before_whole: float | None
) -> float | None:
    """Return what a part of a year should have reached, the year going as the one before went.

    Parameters
    ----------
    whole
        What the path wants of the year.
    before_part, before_whole
        The same part of the year before, and that year.

    Returns
    -------
    float or None
        W x part / whole; ``None`` where the year before does not tell.

    Examples
    --------
    >>> through_the_year(230.0, 80.0, 200.0)
    92.0
    """
    if before_part is None or not before_whole or before_part / before_whole <= 0:
        return None
    return whole * before_part / before_whole
