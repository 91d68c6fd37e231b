"""An indicator over facts, as one Ibis expression without any engine.

Pure, so that a nation's rows on Spark, the sample's on DuckDB and a handful
in a test pass through the same lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.indicators.declared import Indicator
from ballast.brain.indicators.dimensions import Dimension

__all__ = ["expression"]


def expression(
    indicator: Indicator, facts: ir.Table, by: Sequence[Dimension], *, largest: bool = False
) -> ir.Table:
    """Return an indicator's terms by cell and period.

    Parameters
    ----------
    indicator
        The declaration.
    facts
        What `facts.enterprise_facts` returns, spread over clusters where the cut asks for it.
    by
        The cut.
    largest
        Also say how much of the cell the largest enterprises hold, for disclosure.

    Returns
    -------
    ir.Table
        The dimensions (by their value, ``-`` read as ``_``), ``target``,
        ``numerator``, ``denominator`` (NULL without one), ``reporting``
        (enterprises that reported it at the end), ``enterprises`` (that the
        sums rest on), ``incomplete``; with ``largest`` also ``whole``,
        ``first`` and ``second``: the column that decides dominance, summed
        over the cell, and of its two largest enterprises (by absolute value).
    """
    raise NotImplementedError
