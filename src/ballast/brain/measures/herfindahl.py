"""Herfindahl index: of a region's industries, of an industry's establishments.

One pass: the sums of the values and of their squares suffice, no share is ever
laid down.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.quantities import known, number, ratio, total

__all__ = ["herfindahl"]


def herfindahl(
    table: ir.Table,
    *,
    value: str,
    within: Sequence[str] = (),
    of: Sequence[str] = (),
) -> ir.Table:
    """Return the Herfindahl index of each group.

    Parameters
    ----------
    table
        Rows with the columns below.
    value
        The quantity, ≥ 0, any unit.
    within
        The columns that name a group: ``["region"]`` for how one-sided a
        region's industries are, ``["industry"]`` for how concentrated an
        industry is.
    of
        The columns that name a unit whose rows are added first
        (``["industry"]`` for a region's industries). None: every row is a unit
        (an industry's establishments).

    Returns
    -------
    ir.Table
        ``within``; ``units`` (how many are known); ``herfindahl`` (1/units to
        1); ``herfindahl_normalised`` (0 to 1). NULL where the group's known
        total is zero; the normalised one also where there is one unit. Units
        that are unknown are left out; units of zero count among ``units``.

    Notes
    -----
    Equation: H = Σ_u s_u²,  s_u = v_u / Σ v;  H* = (H − 1/n) / (1 − 1/n)

    n: the number of known units.

    Sources: O. C. Herfindahl, Concentration in the Steel Industry (thesis,
    Columbia, 1950); A. O. Hirschman, "The Paternity of an Index", American
    Economic Review 54 (1964).

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> t = ibis.memtable(pa.table({"industry": ["x", "x", "y"], "size": [1, 3, 5]}))
    >>> h = herfindahl(t, value="size", within=["industry"]).order_by("industry")
    >>> h.to_pyarrow().to_pylist()  # doctest: +NORMALIZE_WHITESPACE
    [{'industry': 'x', 'units': 2, 'herfindahl': 0.625, 'herfindahl_normalised': 0.25},
     {'industry': 'y', 'units': 1, 'herfindahl': 1.0, 'herfindahl_normalised': None}]
    """
    units = known(table, [*within, *of])
    if of:
        units = units.aggregate(total(units[value]).name(value), by=[*within, *of])
    size = number(units[value])
    sums = units.aggregate(
        units=size.count(),
        sum__=total(units[value]),
        squares__=(size * size).sum(),
        by=list(within),
    )
    index = ratio(sums.squares__, sums.sum__ * sums.sum__)
    even = ratio(1.0, sums.units.cast("float64"))
    return sums.select(
        *within,
        "units",
        herfindahl=index,
        herfindahl_normalised=ratio(index - even, 1.0 - even),
    )
