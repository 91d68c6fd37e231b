"""Theil's two indices of inequality, T and L, which are different numbers.

T weighs by the share of the value, L (the mean logarithmic deviation) by the
share of the weight. "The Theil index" without the letter is T in most books;
here both carry their letter. Both decompose without a rest into inequality
between groups and inequality within them.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.distribution import lay_out
from ballast.brain.measures.quantities import ratio

__all__ = ["theil"]


def theil(
    table: ir.Table, *, value: str, weight: str | None = None, within: Sequence[str] = ()
) -> ir.Table:
    """Return Theil T and Theil L of a value over rows, for each group.

    Parameters
    ----------
    table
        One row for each unit (a region, an enterprise).
    value
        What is distributed, ≥ 0, any unit (GDP, employment).
    weight
        What it is compared with, ≥ 0 (population, area, all employment).
        None: every unit weighs the same.
    within
        The columns that name a group, such as ``["province"]``.

    Returns
    -------
    ir.Table
        ``within``; ``units``; ``theil_t`` (nats, 0 to ln(Σw / min w));
        ``theil_l`` (nats, ≥ 0). Units of which value or weight is unknown are
        left out. A unit with value zero adds nothing to T, but L contains
        ln(1/0): L is then NULL, because no finite number is right and
        replacing the zero by a small one makes the result whatever one likes.
        A unit with weight zero and a value makes T NULL and adds nothing to L.
        Both are NULL where the sum of values or of weights is zero.

    Notes
    -----
    Equations, with p_u = v_u / Σv and q_u = w_u / Σw:

    T = Σ_u p_u ln(p_u / q_u);  L = Σ_u q_u ln(q_u / p_u)

    Decomposition over groups g with shares P_g and Q_g:
    T = Σ_g P_g ln(P_g / Q_g) + Σ_g P_g T_g;  L = Σ_g Q_g ln(Q_g / P_g) + Σ_g Q_g L_g.

    Source: H. Theil, Economics and Information Theory (Amsterdam, 1967),
    chapter 4; A. F. Shorrocks, "The Class of Additively Decomposable
    Inequality Measures", Econometrica 48 (1980).

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> t = ibis.memtable(pa.table({"gdp": [30.0, 10.0], "people": [1, 1]}))
    >>> [row] = theil(t, value="gdp", weight="people").to_pyarrow().to_pylist()
    >>> round(row["theil_t"], 6), round(row["theil_l"], 6)
    (0.130812, 0.143841)
    """
    rows = lay_out(table, value=value, weight=weight, within=within)
    p_over_q = ratio(rows.p, rows.q)
    # ln(0) is an error in DuckDB and NULL in Spark, so zeros never reach it.
    t_term = ibis.ifelse(rows.p == 0, 0.0, rows.p * p_over_q.nullif(0.0).ln())
    l_term = ibis.ifelse(rows.q == 0, 0.0, -rows.q * p_over_q.nullif(0.0).ln())
    sums = rows.aggregate(
        units=rows.count(),
        t__=t_term.sum(),
        l__=l_term.sum(),
        unweighted__=((rows.q == 0) & (rows.p > 0)).sum(),
        empty__=((rows.p == 0) & (rows.q > 0)).sum(),
        by=list(within),
    )
    nothing = ibis.null("float64")
    return sums.select(
        *within,
        "units",
        theil_t=(sums.unweighted__ > 0).ifelse(nothing, sums.t__),
        theil_l=(sums.empty__ > 0).ifelse(nothing, sums.l__),
    )
