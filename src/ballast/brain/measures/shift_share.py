"""Shift–share (偏离–份额分析): how much of a region's change the growth of the whole explains.

Every variant is one expression over cells that carry both years of the region
and of what it is compared with. An industry that is new in a region has no
growth rate; its change is a part of its own here. The usual programs drop such
industries, and then the parts no longer sum to the change.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.measures.quantities import number, ratio

__all__ = ["shift_share", "summed"]

_PARTS = (
    "change",
    "national",
    "industry_mix",
    "competitive_shift",
    "competitive",
    "allocation",
    "entered",
)


def shift_share(
    table: ir.Table,
    *,
    start: str,
    end: str,
    peer_start: str,
    peer_end: str,
    within: Sequence[str] = ("region",),
) -> ir.Table:
    """Return the parts of each industry's change, classic and after Esteban-Marquillas.

    Parameters
    ----------
    table
        A row for each industry of a region, with the industries that only one of the two years
        or only the peer has.
    start, end
        The region's quantity in the first and the last year, ≥ 0, one unit.
    peer_start, peer_end
        The same of what it is compared with (the nation, the province): of the industry.
    within
        The columns that name a region, and a period where there are several: for the dynamic
        form (Barff and Knight), give a row for each pair of neighbouring years, name the year
        here, and add the parts with ``summed``.

    Returns
    -------
    ir.Table
        The table with ``change``, ``national`` (growth of the whole), ``industry_mix`` (the
        industry grows otherwise than the whole), ``competitive_shift`` (the region grows otherwise
        than the industry: the classic third part), its two parts ``competitive`` and
        ``allocation``, and ``entered`` (the change of an industry that the region did not have).
        change = national + industry_mix + competitive_shift + entered and
        competitive_shift = competitive + allocation. NULL where a quantity is unknown, where the
        peer had nothing of an industry that the region had, or where the peer is empty.

    Notes
    -----
    Equations, with e, E the quantity of region and peer, 0 and 1 the years, g_i, G_i the growth
    rates of industry i in region and peer and G that of the peer's sum:
    national = e0_i G;  industry_mix = e0_i (G_i − G);  competitive_shift = e0_i (g_i − G_i);
    with the homothetic quantity ê_i = e0 E0_i / E0: competitive = ê_i (g_i − G_i),
    allocation = (e0_i − ê_i) (g_i − G_i).

    Source: E. S. Dunn, "A statistical and analytical technique for regional analysis", Papers in
    Regional Science 6 (1960); J. M. Esteban-Marquillas, "A reinterpretation of shift–share
    analysis", Regional and Urban Economics 2 (1972); R. A. Barff and P. L. Knight, "Dynamic
    Shift–Share Analysis", Growth and Change 19 (1988). From memory of them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = {"region": ["r", "r"], "industry": ["a", "b"], "e0": [10.0, 30.0],
    ...         "e1": [15.0, 30.0], "n0": [100.0, 100.0], "n1": [130.0, 90.0]}
    >>> t = ibis.memtable(pa.table(rows))
    >>> found = shift_share(t, start="e0", end="e1", peer_start="n0", peer_end="n1")
    >>> row = found.order_by("industry").to_pyarrow().to_pylist()[0]
    >>> [round(row[name], 6) for name in ("national", "industry_mix", "competitive_shift")]
    [1.0, 2.0, 2.0]
    """
    cells = table.mutate(
        e0__=number(table[start]),
        e1__=number(table[end]),
        n0__=number(table[peer_start]),
        n1__=number(table[peer_end]),
    )
    whole = cells.group_by(list(within)).mutate(
        e0_all__=cells.e0__.sum(), n0_all__=cells.n0__.sum(), n1_all__=cells.n1__.sum()
    )
    growth = ratio(whole.n1_all__, whole.n0_all__) - 1
    peer = ratio(whole.n1__, whole.n0__) - 1
    own = ratio(whole.e1__, whole.e0__) - 1
    new = whole.e0__ == 0
    mix = new.ifelse(0.0, whole.e0__ * (peer - growth))
    # An industry that is new here has no rate of growth, and nothing that a rate applies to.
    lead = new.ifelse(0.0, own - peer)
    alike = whole.e0_all__ * ratio(whole.n0__, whole.n0_all__)
    return whole.select(
        *table.columns,
        change=whole.e1__ - whole.e0__,
        national=whole.e0__ * growth,
        industry_mix=mix,
        competitive_shift=whole.e0__ * lead,
        competitive=alike * lead,
        allocation=(whole.e0__ - alike) * lead,
        entered=new.ifelse(whole.e1__, 0.0),
    )


def summed(parts: ir.Table, by: Sequence[str]) -> ir.Table:
    """Return the parts added up; NULL where one of them is, since a sum without it is another.

    Parameters
    ----------
    parts
        What ``shift_share`` gave.
    by
        The columns to keep, such as ``["region"]``: over industries, over years, or both.

    Returns
    -------
    ir.Table
        ``by``, the parts, and ``undefined``: of how many rows a part is undefined.
    """
    missing = parts.competitive_shift.isnull() | parts.industry_mix.isnull()
    counted = parts.aggregate(
        **{f"{name}__": parts[name].sum() for name in _PARTS},
        undefined=missing.sum().cast("int64"),
        by=list(by),
    )
    nothing = ibis.null("float64")
    return counted.select(
        *by,
        "undefined",
        **{name: (counted.undefined > 0).ifelse(nothing, counted[f"{name}__"]) for name in _PARTS},
    )
