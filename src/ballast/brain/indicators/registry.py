"""Every indicator that there is, by its key.

A closed list in code rather than a table that a home could fill: cube, pages
and reference are generated from it, and a figure under one name means one
thing in every home.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.registry_enterprise import ENTERPRISE_INDICATORS
from ballast.brain.indicators.registry_others import OTHER_INDICATORS
from ballast.brain.indicators.registry_projects import PROJECT_INDICATORS
from ballast.errors import NotFound

__all__ = ["INDICATORS", "indicator"]

INDICATORS: Mapping[str, Indicator] = MappingProxyType(
    {one.key: one for one in (*ENTERPRISE_INDICATORS, *OTHER_INDICATORS, *PROJECT_INDICATORS)}
)


def indicator(key: str) -> Indicator:
    """Return the declaration of an indicator.

    Raises
    ------
    NotFound
        If there is none of that key; the message names the nearest.

    Examples
    --------
    >>> indicator("margin").denominator.column
    'revenue_1e4_cny'
    >>> indicator("margins")
    Traceback (most recent call last):
    ballast.errors.NotFound: there is no indicator margins; did you mean margin?
    """
    found = INDICATORS.get(key)
    if found is not None:
        return found
    near = difflib.get_close_matches(key[:60].lower(), list(INDICATORS), n=3, cutoff=0.5)
    if near:
        raise NotFound(
            "there is no indicator {key}; did you mean {near}?", key=key, near=", ".join(near)
        )
    raise NotFound(
        "there is no indicator {key}; there are: {known}", key=key, known=", ".join(INDICATORS)
    )
