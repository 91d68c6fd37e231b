"""The comparable sample (同口径): the same enterprises, in the same cell, in both periods.

The list of enterprises above scale is drawn up anew each year, so the ratio of two
published levels mixes growth with membership. Here both periods are laid side by
side, enterprise by enterprise and piece by piece (its March with its March), so that
one that entered in the middle of last year does not count whole, and one that moved
into the cell does not make it grow. The bureau's own practice asks this year's
enterprises again for last year's figures; nobody who holds two years of forms needs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir

from ballast.brain.indicators.declared import Comparison
from ballast.brain.indicators.growth import Basis, Growth, grown
from ballast.brain.measures.turnover import turnover
from ballast.terms.period import Period
from ballast.terms.unit import Unit
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = ["comparable_growth", "side_by_side", "sums", "turned_over"]

_BASE, _END = "_base", "_end"


def side_by_side(
    end: ir.Table, base: ir.Table, *, by: Sequence[str], values: Sequence[str]
) -> ir.Table:
    """Return both periods beside each other: a row for each enterprise, cell and piece.

    Parameters
    ----------
    end, base
        What was reported within the scope in each of the two periods: ``uscc``, ``piece`` (which
        part of the period, named alike in both, such as ``03``), the columns of ``by``, and
        ``values``, of which NULL is unknown. Several rows of an enterprise, cell and piece (two
        of its industries in one division) are added.
    by
        The columns that name a cell; none for the whole.
    values
        The columns to lay side by side.

    Returns
    -------
    ir.Table
        ``uscc``, ``piece``, ``by``, and of each value ``…_base`` and ``…_end``, NULL where the
        enterprise was not in the cell at that time, or did not report it.
    """
    keys = ["uscc", "piece", *by]

    def one_side(rows: ir.Table, own: str, other: str) -> ir.Table:
        given = {f"{v}{own}": rows[v] for v in values}
        empty = {f"{v}{other}": ibis.null(rows[v].type()) for v in values}
        columns = {**given, **empty}
        return rows.select(*keys, **{name: columns[name] for name in sorted(columns)})

    # Grouped and not joined: a NULL of a key (an enterprise of no zone) equals itself in a group.
    stacked = one_side(end, _END, _BASE).union(one_side(base, _BASE, _END))
    return stacked.aggregate(
        **{f"{v}{at}": stacked[f"{v}{at}"].sum() for v in values for at in (_BASE, _END)}, by=keys
    )


def sums(rows: ir.Table, *, by: Sequence[str], values: Sequence[str]) -> ir.Table:
    """Return the sums of the comparable sample of every cell.

    Parameters
    ----------
    rows
        What `side_by_side` returns.
    by
        The columns that name a cell.
    values
        The columns that must be known in both periods for a piece to count, and are summed:
        numerator and denominator of a ratio together, or one column.

    Returns
    -------
    ir.Table
        ``by``; ``enterprises`` in the sample (different ones); of each value ``…_base`` and
        ``…_end``, NULL where the sample is empty. Cells without a sample have a row too.

    Examples
    --------
    >>> import pyarrow as pa
    >>> end = ibis.memtable(pa.table(
    ...     {"uscc": ["stays", "enters"], "piece": ["03", "03"], "output": [120.0, 50.0]}))
    >>> base = ibis.memtable(pa.table(
    ...     {"uscc": ["stays", "leaves"], "piece": ["03", "03"], "output": [100.0, 45.0]}))
    >>> both = side_by_side(end, base, by=[], values=["output"])
    >>> sums(both, by=[], values=["output"]).to_pyarrow().to_pylist()
    [{'enterprises': 1, 'output_base': 100.0, 'output_end': 120.0}]
    """
    known = ibis.and_(*(rows[f"{v}{at}"].notnull() for v in values for at in (_BASE, _END)))
    found: dict[str, ir.Value] = {"enterprises": rows.uscc.nunique(where=known).cast("int64")}
    for value in values:
        for at in (_BASE, _END):
            found[f"{value}{at}"] = rows[f"{value}{at}"].sum(where=known)
    return rows.aggregate(**found, by=list(by))


def turned_over(rows: ir.Table, *, by: Sequence[str], value: str) -> ir.Table:
    """Return whose growth the published one is: of those that stayed, entered, left the cell.

    Parameters
    ----------
    rows
        What `side_by_side` returns, of a flow or a stock that is not negative.
    by
        The columns that name a cell.
    value
        The column.

    Returns
    -------
    ir.Table
        `brain.measures.turnover`, whose parts sum to the published growth, with ``stayed``,
        ``entered`` and ``left`` as numbers of different enterprises: one that entered in the
        middle of last year has both stayed and entered.
    """
    start, end = f"{value}{_BASE}", f"{value}{_END}"
    amounts = turnover(rows, start=start, end=end, within=by).drop("stayed", "entered", "left")
    was, now = rows[start].notnull(), rows[end].notnull()
    counted = rows.aggregate(
        stayed=rows.uscc.nunique(where=was & now).cast("int64"),
        entered=rows.uscc.nunique(where=~was & now).cast("int64"),
        left=rows.uscc.nunique(where=was & ~now).cast("int64"),
        by=list(by),
    )
    if not by:
        return amounts.cross_join(counted)
    # A cell may be of no zone or no size class: NULL names a cell like any other.
    aside = counted.rename({f"{name}__": name for name in by})
    joined = amounts.join(aside, [amounts[n].identical_to(aside[f"{n}__"]) for n in by])
    return joined.drop(*(f"{name}__" for name in by))


def comparable_growth(
    found: Mapping[str, Any] | None,
    *,
    numerator: str,
    denominator: str | None,
    scale: Number = 1,
    base: Period,
    end: Period,
    comparison: Comparison,
    unit: Unit,
    least: int,
) -> Growth:
    """Return the growth on the comparable sample of one cell.

    Parameters
    ----------
    found
        The cell's row of `sums`; ``None`` where it has none.
    numerator, denominator
        Which of its values are divided; ``None`` for a level.
    scale
        By which a ratio is multiplied.
    base, end, comparison, unit
        As in `growth.grown`.
    least
        The least number of enterprises; the growth of fewer is theirs, not the cell's.

    Returns
    -------
    Growth
        Undefined, with its reason, where the sample shrank below ``least``.

    Examples
    --------
    >>> from ballast.terms.unit import CNY_1E4
    >>> found = comparable_growth(
    ...     {"enterprises": 2, "output_base": 100.0, "output_end": 120.0}, numerator="output",
    ...     denominator=None, base=Period.parse("2025"), end=Period.parse("2026"),
    ...     comparison=Comparison.GROWTH, unit=CNY_1E4, least=3)
    >>> found.value, found.enterprises
    (None, 2)
    >>> print(found.reason.text("en"))
    the comparable sample of 2025 and 2026 shrank to 2 enterprises; below 3 it has no growth
    """
    row = found or {}
    count = int(row.get("enterprises") or 0)
    levels = [_level(row, numerator, denominator, at, scale) for at in (_BASE, _END)]
    moved = grown(
        *levels, base=base, end=end, comparison=comparison, unit=unit, basis=Basis.COMPARABLE
    )
    if count >= least:
        return replace(moved, enterprises=count)
    said = {"base": str(base), "end": str(end), "count": count, "least": least}
    reason = Sentence(
        "the comparable sample of {base} and {end} shrank to {count} enterprises; below {least} "
        "it has no growth",
        said,
    )
    return replace(
        moved, value=None, base_value=None, end_value=None, enterprises=count, reason=reason
    )


def _level(
    row: Mapping[str, Any], numerator: str, denominator: str | None, at: str, scale: Number
) -> Number | None:
    above: Number | None = row.get(f"{numerator}{at}")
    if above is None:
        return None
    if denominator is None:
        return above if scale == 1 else float(above) * float(scale)
    below: Number | None = row.get(f"{denominator}{at}")
    return None if not below else float(above) / float(below) * float(scale)
