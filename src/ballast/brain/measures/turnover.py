"""Who makes a growth: enterprises that stayed, that entered, that left (存续、进入、退出).

The published level of a year and that of the year before belong to different
sets of enterprises, because the list of those above scale is drawn up anew
each year. Their ratio mixes growth with membership; so does the comparable
sample (同口径), the other way round. Here both are kept apart and add up.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from ballast.brain.measures.quantities import number, ratio

__all__ = ["structural_change", "turnover"]


def turnover(
    table: ir.Table, *, start: str, end: str, within: Sequence[str] = ("region",)
) -> ir.Table:
    """Return the growth of a published level, and what each group of enterprises gives to it.

    Parameters
    ----------
    table
        A row for each enterprise: of each of the two years its quantity, NULL where it was not in
        the scope of that year. An enterprise in scope that made nothing has 0.
    start, end
        The quantity in the first and the last year, ≥ 0.
    within
        The columns that name a group of enterprises.

    Returns
    -------
    ir.Table
        ``within``; ``stayed``, ``entered``, ``left`` (numbers of enterprises); ``level_start``,
        ``level_end``; ``growth_published`` (ratio of levels − 1); ``growth_comparable`` (of those
        that stayed); and ``from_stayed``, ``from_entered``, ``from_left``, contributions to the
        published growth (ratios, not points), which sum to it. NULL where the level that they
        divide by is zero.

    Notes
    -----
    Equations, with S those in both years, N the new, X the gone: growth_published =
    (Σ_S e1 − Σ_S e0)/Σe0 + Σ_N e1/Σe0 − Σ_X e0/Σe0;  growth_comparable = Σ_S e1 / Σ_S e0 − 1.

    Source: the definitions of the statistics of enterprises above scale; the sum is an identity.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["r"] * 3, "e0": [100.0, 50.0, None], "e1": [120.0, None, 45.0]}
    >>> t = turnover(ibis.memtable(pa.table(rows)), start="e0", end="e1")
    >>> [row] = t.to_pyarrow().to_pylist()
    >>> [round(row[name], 3) for name in ("growth_published", "growth_comparable")]
    [0.1, 0.2]
    """
    before, after = number(table[start]), number(table[end])
    cells = table.mutate(
        e0__=before,
        e1__=after,
        stays__=before.notnull() & after.notnull(),
        comes__=before.isnull() & after.notnull(),
        goes__=before.notnull() & after.isnull(),
    )

    def of(group: ir.BooleanValue, amount: ir.FloatingColumn) -> ir.Value:
        return group.ifelse(amount, 0.0).sum().coalesce(0.0)

    sums = cells.aggregate(
        stayed=cells.stays__.sum().cast("int64"),
        entered=cells.comes__.sum().cast("int64"),
        left=cells.goes__.sum().cast("int64"),
        s0__=of(cells.stays__, cells.e0__),
        s1__=of(cells.stays__, cells.e1__),
        n1__=of(cells.comes__, cells.e1__),
        x0__=of(cells.goes__, cells.e0__),
        by=list(within),
    )
    first, last = sums.s0__ + sums.x0__, sums.s1__ + sums.n1__
    return sums.select(
        *within,
        "stayed",
        "entered",
        "left",
        level_start=first,
        level_end=last,
        growth_published=ratio(last, first) - 1,
        growth_comparable=ratio(sums.s1__, sums.s0__) - 1,
        from_stayed=ratio(sums.s1__ - sums.s0__, first),
        from_entered=ratio(sums.n1__, first),
        from_left=-ratio(sums.x0__, first),
    )


def structural_change(
    table: ir.Table, *, start: str, end: str, within: Sequence[str] = ("region",)
) -> ir.Table:
    """Return how far the shares of industries moved (结构变动): 0 for not at all, 1 for altogether.

    Parameters
    ----------
    table
        A row for each industry of a region.
    start, end
        The quantity in the first and the last year, ≥ 0; NULL (unknown) leaves the industry out.
    within
        The columns that name a region.

    Returns
    -------
    ir.Table
        ``within``, ``industries`` (how many were compared) and ``moved``, the share of the whole
        that changed its industry; NULL where a year sums to zero.

    Notes
    -----
    Equation: ½ Σ_i |e1_i/e1 − e0_i/e0|, the norm of absolute values.

    Source: M. Michaely, Concentration in International Trade (1962). From memory of it.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> rows = {"region": ["r", "r"], "e0": [3.0, 1.0], "e1": [1.0, 1.0]}
    >>> t = structural_change(ibis.memtable(pa.table(rows)), start="e0", end="e1")
    >>> t.to_pyarrow().to_pylist()
    [{'region': 'r', 'industries': 2, 'moved': 0.25}]
    """
    both = table.mutate(e0__=number(table[start]), e1__=number(table[end]))
    both = both.filter(both.e0__.notnull() & both.e1__.notnull())
    beside = both.group_by(list(within)).mutate(all0__=both.e0__.sum(), all1__=both.e1__.sum())
    apart = (ratio(beside.e1__, beside.all1__) - ratio(beside.e0__, beside.all0__)).abs()
    each = beside.mutate(apart__=apart)
    found = each.aggregate(industries=each.count(), sum__=each.apart__.sum(), by=list(within))
    return found.select(*within, "industries", moved=found.sum__ / 2)
