"""What the lake knows of an enterprise, as facts for the rules: each with its source.

The enterprise would have to type everything again that it reported: its form
already holds revenue and R&D, the register the day it was founded. So four
tables are asked, of several statements about one fact the one of the latest
day holds, and what the enterprise said for a policy holds against the form of
the same day. One expression finds the statements for one enterprise and for
all of them, so that both engines stand on the same facts.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import polars as pl

from ballast.brain.policy.facts import Facts
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.brain.policy.reading import Laws

__all__ = ["YEARS_BACK", "fact_rows", "facts_of", "wide_facts"]

YEARS_BACK = 4
"""How many years of yearly facts are gathered, the one before the day's year first."""


def facts_of(lake: Lake, viewer: Viewer, uscc: str, day: date) -> Facts:
    """Return what is known of an enterprise on a day.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    uscc
        The enterprise.
    day
        Of the decision: nothing stated of a later day counts.

    Raises
    ------
    NotPermitted
        If the viewer may not read its unit data.
    NotFound
        If nothing is known under that code.
    """
    raise NotImplementedError


def wide_facts(lake: Lake, viewer: Viewer, day: date, laws: Laws) -> ir.Table:
    """Return the facts of all enterprises that the viewer may see, one row each.

    Parameters
    ----------
    lake, viewer, day
        As for `facts_of`.
    laws
        Whose schemes become columns.

    Returns
    -------
    ir.Table
        ``uscc``; facts without a year as ``<key>``; yearly facts as ``<key>_0`` (last year) to
        ``<key>_3``; ``holds_<scheme>``, null where it is not known. Facts in doubt are null.
    """
    raise NotImplementedError


def fact_rows(facts: Facts, uscc: str, day: date) -> pl.DataFrame:
    """Return facts as rows of ``enterprise_fact``: what an enterprise keeps of a self-check.

    Parameters
    ----------
    facts
        As read from a form or a sheet; titles are no facts and are left out.
    uscc
        Whose they are.
    day
        On which they were stated. A fact of a year that is over is as of that year's last day, so
        that facts of several years do not share a key.

    Returns
    -------
    pl.DataFrame
        The declared columns, for ``Lake.commit({"enterprise_fact": …})``.
    """
    raise NotImplementedError
