"""The comparable sample (同口径): the same enterprises in both periods, where they are now.

The list of enterprises above scale is drawn up anew each year, so the ratio of two
published levels mixes growth with membership. Here only what an enterprise reported
in both periods counts, piece by piece (its March with its March), so that one that
entered in the middle of last year does not count whole. Both periods are cut by the
registration at the end of the later one, as the bureau does it when it asks this
year's enterprises for last year's figures: who moved into a county brings his past
along, and does not make it grow.

The sample is chosen as rows of facts, not as sums, so that what an indicator is made
of stays written once, in its declaration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from ballast.brain.indicators.compile import WEIGHT
from ballast.brain.indicators.declared import Comparison, How, Indicator
from ballast.brain.indicators.growth import Basis, Growth, grown
from ballast.brain.measures.turnover import turnover
from ballast.terms.period import Period
from ballast.terms.unit import Unit
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = ["comparable_growth", "in_both", "side_by_side", "turned_over"]

_BASE, _END = "_base", "_end"


def in_both(
    facts: ir.Table, one: Indicator, *, base: Period, end: Period, piecewise: bool = True
) -> ir.Table:
    """Return the rows of facts that are of the comparable sample.

    Parameters
    ----------
    facts
        Of both periods (``target``), in the shape of `facts.enterprise_facts`.
    one
        The indicator: what it is made of must be known in both periods.
    base, end
        The two periods, a whole number of years apart.
    piecewise
        Match piece by piece, which needs both periods to be made of pieces of the same months;
        else whoever is in scope in any piece of both.

    Returns
    -------
    ir.Table
        The rows of an enterprise and piece that is in scope, with all terms known, in both
        periods. A stock need only be known where it counts, at the end of each.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from ballast.brain.indicators.registry import indicator
    >>> facts = ibis.memtable(pa.table({
    ...     "uscc": ["stays", "leaves", "stays", "enters"], "target": ["2025", "2025", "2026", "2026"],
    ...     "period": ["2025", "2025", "2026", "2026"], "last": [True] * 4,
    ...     "output_1e4_cny": [100.0, 45.0, 120.0, 50.0]}))
    >>> both = in_both(facts, indicator("output"), base=Period.parse("2025"), end=Period.parse("2026"))
    >>> both.order_by("target").to_pyarrow()["output_1e4_cny"].to_pylist()
    [100.0, 120.0]
    """  # noqa: E501 - a doctest shows the rows whole
    known = ibis.literal(True)
    for term in one.terms:
        if term.how is How.DISTINCT:
            continue
        there = facts[term.column].notnull()
        known = known & (~facts["last"] | there if term.how is How.LAST else there)
    piece = facts.period.substr(4) if piecewise else ibis.literal("")
    rows = facts.mutate(piece__=piece).filter(known)
    seen = rows.aggregate(
        ends__=(rows.target == str(end)).any(),
        starts__=(rows.target == str(base)).any(),
        by=["uscc", "piece__"],
    )
    both = seen.filter(seen.ends__ & seen.starts__)
    return rows.semi_join(both, ["uscc", "piece__"]).drop("piece__")


def side_by_side(
    facts: ir.Table, *, base: Period, end: Period, by: Sequence[str], value: str
) -> ir.Table:
    """Return both periods beside each other: a row for each enterprise, cell and piece.

    Parameters
    ----------
    facts
        Of both periods, in the shape of `facts.enterprise_facts`.
    base, end
        The two periods.
    by
        The columns that name a cell; none for the whole.
    value
        The column of a flow.

    Returns
    -------
    ir.Table
        ``uscc``, ``piece__``, ``by``, ``base`` and ``end``: NULL where the enterprise was not in
        the cell in that period, or did not report. Several rows of an enterprise in a cell (two of
        its industries in one division) are added.
    """
    amount = facts.plus.ifelse(facts[value], -facts[value])
    if WEIGHT in facts.columns:
        amount = amount.cast("float64") * facts[WEIGHT]
    rows = facts.mutate(
        piece__=facts.period.substr(4),
        base=(facts.target == str(base)).ifelse(amount, None),
        end=(facts.target == str(end)).ifelse(amount, None),
    )
    # Grouped and not joined: a NULL of a key (an enterprise of no zone) equals itself in a group.
    return rows.aggregate(base=rows.base.sum(), end=rows.end.sum(), by=["uscc", "piece__", *by])


def turned_over(rows: ir.Table, *, by: Sequence[str]) -> ir.Table:
    """Return whose growth the published one is: of those that stayed, entered, left the cell.

    Parameters
    ----------
    rows
        What `side_by_side` returns, of a flow or a stock that is not negative.
    by
        The columns that name a cell.

    Returns
    -------
    ir.Table
        `brain.measures.turnover`, whose parts sum to the published growth, with ``stayed``,
        ``entered`` and ``left`` as numbers of different enterprises: one that entered in the
        middle of last year has both stayed and entered.
    """
    amounts = turnover(rows, start="base", end="end", within=by).drop("stayed", "entered", "left")
    was, now = rows.base.notnull(), rows.end.notnull()
    counted = rows.aggregate(
        stayed=rows.uscc.nunique(where=was & now).cast("int64"),
        entered=rows.uscc.nunique(where=~was & now).cast("int64"),
        left=rows.uscc.nunique(where=was & ~now).cast("int64"),
        by=list(by),
    )
    if not by:
        return amounts.cross_join(counted)
    aside = counted.rename({f"{name}__": name for name in by})
    joined = amounts.join(aside, [amounts[n].identical_to(aside[f"{n}__"]) for n in by])
    return joined.drop(*(f"{name}__" for name in by))


def comparable_growth(
    base_value: Number | None,
    end_value: Number | None,
    *,
    enterprises: int,
    base: Period,
    end: Period,
    comparison: Comparison,
    unit: Unit,
    least: int,
) -> Growth:
    """Return the growth on the comparable sample of one cell.

    Parameters
    ----------
    base_value, end_value
        The two levels of the sample, in ``unit``.
    enterprises
        How many different enterprises it holds.
    base, end, comparison, unit
        As in `growth.grown`.
    least
        The least number of enterprises; the growth of fewer is theirs, not the cell's.

    Returns
    -------
    Growth
        Undefined, with its reason and without its levels, where the sample shrank below ``least``.

    Examples
    --------
    >>> from ballast.terms.unit import CNY_1E4
    >>> found = comparable_growth(
    ...     100, 120, enterprises=2, base=Period.parse("2025"), end=Period.parse("2026"),
    ...     comparison=Comparison.GROWTH, unit=CNY_1E4, least=3)
    >>> found.value, found.enterprises
    (None, 2)
    >>> print(found.reason.text("en"))
    enterprises in the comparable sample of 2025 and 2026: 2; below 3 it has no growth
    """
    moved = grown(
        base_value,
        end_value,
        base=base,
        end=end,
        comparison=comparison,
        unit=unit,
        basis=Basis.COMPARABLE,
    )
    if enterprises >= least:
        return replace(moved, enterprises=enterprises)
    said = {"base": str(base), "end": str(end), "count": enterprises, "least": least}
    reason = Sentence(
        "enterprises in the comparable sample of {base} and {end}: {count}; below {least} it has "
        "no growth",
        said,
    )
    return replace(
        moved, value=None, base_value=None, end_value=None, enterprises=enterprises, reason=reason
    )
