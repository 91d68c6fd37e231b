"""Hoover's index and the Gini coefficient of a value against a weight, over rows.

Both read off the Lorenz curve: Hoover is its greatest distance from the
diagonal, Gini twice the area between them. They stand apart from the regional
measures (`localisation`) because a row here may be anything: a region with its
population, an enterprise with its revenue.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.distribution import lay_out

__all__ = ["gini", "hoover"]


def hoover(
    table: ir.Table, *, value: str, weight: str | None = None, within: Sequence[str] = ()
) -> ir.Table:
    """Return Hoover's index of concentration of each group.

    Parameters
    ----------
    table
        One row for each unit (a region, an enterprise).
    value
        What is distributed, ≥ 0, any unit.
    weight
        What it is compared with, ≥ 0 (population, area, all employment).
        None: every unit weighs the same.
    within
        The columns that name a group.

    Returns
    -------
    ir.Table
        ``within``; ``units``; ``hoover`` (0 to 1): the share of the value that
        would have to move for it to be spread like the weight. NULL where the
        sum of values or of weights is zero. Units of which either is unknown
        are left out.

    Notes
    -----
    Equation: ½ Σ_u |p_u − q_u|,  p_u = v_u / Σv,  q_u = w_u / Σw

    Source: E. M. Hoover, "The Measurement of Industrial Localization", Review
    of Economics and Statistics 18 (1936).

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> t = ibis.memtable(pa.table({"jobs": [0, 10, 10, 30, 50], "people": [10, 15, 20, 25, 30]}))
    >>> hoover(t, value="jobs", weight="people").to_pyarrow().to_pylist()
    [{'units': 5, 'hoover': 0.25}]
    """
    rows = lay_out(table, value=value, weight=weight, within=within)
    return rows.aggregate(
        units=rows.count(), hoover=(rows.p - rows.q).abs().sum() / 2.0, by=list(within)
    )


def gini(
    table: ir.Table, *, value: str, weight: str | None = None, within: Sequence[str] = ()
) -> ir.Table:
    """Return the Gini coefficient of each group.

    Parameters
    ----------
    table
        One row for each unit.
    value
        What is distributed, ≥ 0, any unit.
    weight
        What it is compared with, ≥ 0. None: every unit weighs the same.
    within
        The columns that name a group.

    Returns
    -------
    ir.Table
        ``within``; ``units``; ``gini`` (0 to 1; with n equal weights at most
        1 − 1/n, no small-sample correction). NULL where the sum of values or
        of weights is zero. Units of which either is unknown are left out.

    Notes
    -----
    Equation, units in ascending order of p_u / q_u and P_u = Σ_{k≤u} p_k:
    G = 1 − Σ_u q_u (P_u + P_{u−1})

    Source: C. Gini, Variabilità e mutabilità (Bologna, 1912); the weighted
    form is the area under the Lorenz curve by trapezia.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> t = ibis.memtable(pa.table({"jobs": [0, 10, 10, 30, 50]}))
    >>> gini(t, value="jobs").to_pyarrow().to_pylist()
    [{'units': 5, 'gini': 0.48}]
    """
    rows = lay_out(table, value=value, weight=weight, within=within)
    # p/(p+q) orders like p/q and exists where the weight is zero; where both are, any place does.
    rows = rows.mutate(steepness__=rows.p / (rows.p + rows.q).nullif(0.0))
    rows = rows.mutate(
        until__=rows.p.cumsum(group_by=list(within) or None, order_by=rows.steepness__)
    )
    area = (rows.q * (2.0 * rows.until__ - rows.p)).sum()
    return rows.aggregate(units=rows.count(), gini=1.0 - area, by=list(within))
