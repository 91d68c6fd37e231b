"""Shares of a whole, the plainest measure and the first step of most others.

The whole is grouped and joined back rather than taken with a window function:
over millions of cells a window sorts, a join looks up (measured: the joins add
a twentieth to the grouping that is needed anyway, the windows double it).
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.quantities import attach, known, ratio, total

__all__ = ["shares"]


def shares(
    table: ir.Table, *, value: str, of: Sequence[str], within: Sequence[str] = ()
) -> ir.Table:
    """Return the share of each part in its whole.

    Parameters
    ----------
    table
        Rows with the columns below; several rows of one part are added first.
    value
        The quantity, ≥ 0, any unit.
    of
        The columns that name a part, such as ``["industry"]``.
    within
        The columns that name a whole, such as ``["region", "period"]``; none:
        the whole table is one.

    Returns
    -------
    ir.Table
        ``within``, ``of``, ``value`` (sum, float64) and ``share`` (0 to 1).
        A part whose rows are all NULL is unknown: its share is NULL, and the
        whole is the sum of the known parts. A whole of zero has no shares: NULL.

    Notes
    -----
    Equation: s_p = v_p / Σ_q v_q, over the parts q of the same whole.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["a", "a", "b"], "industry": ["x", "y", "x"], "n": [3, 1, 2]}
    >>> t = ibis.memtable(pa.table(rows))
    >>> s = shares(t, value="n", of=["industry"], within=["region"])
    >>> s.order_by("region", "industry").to_pyarrow()["share"].to_pylist()
    [0.75, 0.25, 1.0]
    """
    keys = [*within, *of]
    parts = known(table, keys).aggregate(total(table[value]).name(value), by=keys)
    wholes = parts.aggregate(whole__=total(parts[value]), by=list(within))
    beside = attach(parts, wholes, within)
    return beside.mutate(share=ratio(beside[value], beside.whole__)).drop("whole__")
