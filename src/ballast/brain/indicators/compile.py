"""An indicator over facts, as one Ibis expression without any engine.

Pure, so that a nation's rows on Spark, the sample's on DuckDB and a handful
in a test pass through the same lines. First every enterprise becomes one row
of each cell, with its own sums; then cells are summed over enterprises. The
one-step way (sum all rows at once) cannot tell how many enterprises stand
behind a cell, which of them is the largest, and whether one lacks a month;
it is there for those who need only the sums.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from ballast.brain.indicators.declared import How, Indicator, Measure, Term
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.facts import column_of
from ballast.errors import WrongUsage

__all__ = ["COPY", "COUNTS", "WEIGHT", "expression", "expressions"]

COPY = "industry__"
"""The industry that a copy of an enterprise stands for, where ``spread`` made copies."""
WEIGHT = "weight__"
"""How much of an enterprise's amounts a copy holds; absent where there are no copies."""
COUNTS = "counts__"
"""How much a copy counts where enterprises are counted; absent where each counts as one."""


def expression(
    indicator: Indicator,
    facts: ir.Table,
    by: Sequence[Dimension],
    *,
    largest: bool = False,
    detail: bool = True,
) -> ir.Table:
    """Return an indicator's terms by cell and period.

    Parameters
    ----------
    indicator
        The declaration.
    facts
        Rows of the indicator's table in the shape of `facts.enterprise_facts`,
        spread over clusters, chains or weights where the cut asks for it.
    by
        The cut.
    largest
        Also say how much of the cell the largest enterprises hold, for disclosure.
    detail
        Whether ``enterprises`` and ``incomplete`` are wanted; without them a
        sum, or a ratio of two sums, takes one step over the rows instead of two.

    Returns
    -------
    ir.Table
        The dimensions (by their value, ``-`` read as ``_``), ``target``,
        ``numerator``, ``denominator`` (NULL without one), ``reporting``
        (enterprises that reported it at the end), and with ``detail``
        ``enterprises`` (that the sums rest on) and ``incomplete`` (those of
        them without a figure for a part of the period); with ``largest`` also
        ``whole``, ``first`` and ``second``: the amount that decides dominance,
        summed over the cell, and of its two largest enterprises, all by
        absolute value. NULL where no amount decides.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from ballast.brain.indicators.registry import indicator
    >>> rows = {"uscc": ["a", "a", "b"], "target": ["2026-03ytd"] * 3, "parts": [2, 2, 2],
    ...         "period": ["2026-01..02", "2026-03", "2026-03"], "plus": [True] * 3,
    ...         "last": [False, True, True], "revenue_1e4_cny": [20, 10, 50]}
    >>> facts = ibis.memtable(pa.table(rows))
    >>> expression(indicator("revenue"), facts, [], largest=True).drop(
    ...     "target", "denominator").to_pyarrow().to_pylist()
    [{'numerator': 80, 'reporting': 2, 'enterprises': 2, 'incomplete': 1, 'whole': 80, 'first': 50, 'second': 30}]
    """  # noqa: E501 - a doctest shows the row whole
    found = expressions([indicator], facts, by, largest=largest, detail=detail)
    names = {
        name: f"{indicator.key}__{name}"
        for name in _MEASURES
        if f"{indicator.key}__{name}" in found.columns
    }
    return found.select(*_cell(by), "target", **{name: found[at] for name, at in names.items()})


_MEASURES = (
    "numerator", "denominator", "reporting", "enterprises", "incomplete", "whole", "first",
    "second",
)  # fmt: skip


def expressions(
    indicators: Sequence[Indicator],
    facts: ir.Table,
    by: Sequence[Dimension],
    *,
    largest: bool = False,
    detail: bool = True,
) -> ir.Table:
    """Return several indicators of one table at once: a row for each cell and period.

    Parameters
    ----------
    indicators
        Of one table of facts.
    facts, by, largest, detail
        As for `expression`.

    Returns
    -------
    ir.Table
        As for `expression`, each column under ``<key>__<name>``.
    """
    for one in indicators:
        if one.measure is Measure.CONCENTRATION and len(indicators) > 1:
            raise WrongUsage("{indicator} is compiled by itself", indicator=one.label)
    if len(indicators) == 1 and indicators[0].measure is Measure.CONCENTRATION:
        return _concentration(indicators[0], facts, by, largest=largest)
    plain = COUNTS not in facts.columns and all(_one_step(one) for one in indicators)
    if plain and not detail and not largest:
        return _direct(indicators, facts, by)
    own = _each(indicators, facts, by)
    return _summed(indicators, own, by, largest=largest)


def _cell(by: Sequence[Dimension]) -> list[str]:
    return [column_of(d) for d in by]


def _only(term: Term, facts: ir.Table) -> ir.BooleanValue | None:
    """Return which rows a term is of; ``None`` for all."""
    found: ir.BooleanValue | None = None
    for column, value in term.filter:
        one = facts[column] == value
        found = one if found is None else found & one
    return found


def _both(one: Indicator, facts: ir.Table) -> ir.BooleanValue:
    """Return which rows count for an indicator: those in which all that it sums is known.

    Flow over stock is paired enterprise by enterprise instead, see `_each`.
    """
    known = ibis.literal(True)
    pairs = len({term.how for term in one.terms}) == 1
    for term in one.terms if pairs else one.terms[:1]:
        if term.how is not How.DISTINCT:
            known = known & facts[term.column].notnull()
        if (only := _only(term, facts)) is not None:
            known = known & only
    return known


def _amount(facts: ir.Table, column: str, *, signed: bool) -> ir.NumericValue:
    """Return what a row adds: with the sign of its stored period, and the weight of its copy."""
    value = facts.plus.ifelse(facts[column], -facts[column]) if signed else facts[column]
    return value.cast("float64") * facts[WEIGHT] if WEIGHT in facts.columns else value


def _one_step(one: Indicator) -> bool:
    return len({term.how for term in one.terms}) == 1


def _direct(indicators: Sequence[Indicator], facts: ir.Table, by: Sequence[Dimension]) -> ir.Table:
    found: dict[str, ir.Value] = {}
    for one in indicators:
        known = _both(one, facts)
        ends = known & facts["last"]
        for side, term in zip(("numerator", "denominator"), one.terms, strict=False):
            if term.how is How.DISTINCT:
                value = facts[term.column].nullif("")
                found[f"{one.key}__{side}"] = value.nunique(where=ends)
                continue
            amount = _amount(facts, term.column, signed=term.how is How.SUM)
            found[f"{one.key}__{side}"] = amount.sum(where=known if term.how is How.SUM else ends)
        # A row of a report at the end is an enterprise; of other tables it has several rows there.
        once = COPY not in facts.columns and one.numerator.table == "enterprise_period"
        found[f"{one.key}__reporting"] = (
            facts.count(where=ends) if once else facts.uscc.nunique(where=ends)
        )
    return _complete(indicators, facts.aggregate(**found, by=[*_cell(by), "target"]))


def _complete(indicators: Sequence[Indicator], cells: ir.Table, largest: bool = False) -> ir.Table:
    """Return cells with NULL for what an indicator has not: a denominator, an amount that decides.

    A constant cannot be aggregated beside sums, so it is laid on afterwards.
    """
    absent: dict[str, ir.Value] = {}
    for one in indicators:
        if one.denominator is None:
            absent[f"{one.key}__denominator"] = ibis.null("float64")
        if largest and one.disclosure.dominance is None:
            absent |= {
                f"{one.key}__{name}": ibis.null("float64") for name in ("whole", "first", "second")
            }
    return cells.mutate(**absent) if absent else cells


def _each(indicators: Sequence[Indicator], facts: ir.Table, by: Sequence[Dimension]) -> ir.Table:
    """Return one row for each enterprise of a cell: its own part of every term."""
    found: dict[str, ir.Value] = {"parts__": facts.parts.max()}
    for one in indicators:
        known = _both(one, facts)
        ends = known & facts["last"]
        for side, term in zip(("above", "below"), one.terms, strict=False):
            if term.how is How.SUM:
                value = _amount(facts, term.column, signed=True).sum(where=known)
            elif term.how is How.LAST:
                amount = _amount(facts, term.column, signed=False)
                beside = side == "below" and not _one_step(one)
                value = amount.sum(where=facts["last"] if beside else ends)
            else:
                value = facts[term.column].max(where=ends)
            found[f"{one.key}__{side}"] = value
        found[f"{one.key}__last"] = ends.fill_null(False).any()
        # Rows of reports are periods, unless copied; different ones are dear to count.
        once = COPY not in facts.columns and one.numerator.table == "enterprise_period"
        found[f"{one.key}__rows"] = (
            facts.count(where=known) if once else facts.period.nunique(where=known)
        )
        if (column := one.disclosure.dominance) is not None:
            stock = any(t.column == column and t.how is How.LAST for t in one.terms)
            amount = _amount(facts, column, signed=not stock)
            found[f"{one.key}__size"] = amount.sum(where=facts["last"] if stock else known)
    whose = [*_cell(by), "target", "uscc"]
    own = facts.aggregate(**found, by=whose)
    if COUNTS not in facts.columns:
        return own
    # Apart: an enterprise's rows may be several for one copy, and a copy counts once.
    copies = facts.aggregate(**{COUNTS: facts[COUNTS].max()}, by=[*whose, COPY])
    counted = copies.aggregate(**{COUNTS: copies[COUNTS].sum()}, by=whose)
    return own.inner_join(counted, whose)


def _counted(one: Indicator, own: ir.Table) -> ir.BooleanValue:
    """Return which enterprises an indicator's sums rest on."""
    known = own[f"{one.key}__rows"] > 0
    return known if _one_step(one) else known & own[f"{one.key}__below"].notnull()


def _summed(
    indicators: Sequence[Indicator], own: ir.Table, by: Sequence[Dimension], *, largest: bool
) -> ir.Table:
    """Return cells summed over the rows of their enterprises."""
    if largest:
        own = _ranked(indicators, own, by)
    counts = own[COUNTS] if COUNTS in own.columns else None
    found: dict[str, ir.Value] = {}
    for one in indicators:
        key = one.key
        known = _counted(one, own)
        ends = own[f"{key}__last"] & known
        for side, part, term in zip(
            ("numerator", "denominator"), ("above", "below"), one.terms, strict=False
        ):
            value = own[f"{key}__{part}"]
            if term.how is How.DISTINCT and term.column == "uscc":
                found[f"{key}__{side}"] = (
                    ends.cast("int64").sum() if counts is None else counts.sum(where=ends)
                )
            elif term.how is How.DISTINCT:
                found[f"{key}__{side}"] = value.nullif("").nunique(where=ends)
            else:
                found[f"{key}__{side}"] = value.sum(where=known)
        found[f"{key}__reporting"] = ends.cast("int64").sum()
        found[f"{key}__enterprises"] = known.cast("int64").sum()
        flows = any(term.how is How.SUM for term in one.terms)
        lacking = known & (own[f"{key}__rows"] < own.parts__) & ibis.literal(flows)
        found[f"{key}__incomplete"] = lacking.cast("int64").sum()
        if largest:
            found |= _largest(one, own, known)
    cells = own.aggregate(**found, by=[*_cell(by), "target"])
    return _complete(indicators, cells, largest)


def _ranked(indicators: Sequence[Indicator], own: ir.Table, by: Sequence[Dimension]) -> ir.Table:
    """Return the rows with each enterprise's size and its place in the cell, from 0."""
    found: dict[str, ir.Value] = {}
    for one in indicators:
        if one.disclosure.dominance is None:
            continue
        size = _counted(one, own).ifelse(own[f"{one.key}__size"].abs(), 0).fill_null(0)
        found[f"{one.key}__size"] = size
        found[f"{one.key}__place"] = ibis.row_number().over(
            group_by=[own[name] for name in (*_cell(by), "target")],
            order_by=[size.desc(), own.uscc.asc()],
        )
    return own.mutate(**found)


def _largest(one: Indicator, own: ir.Table, known: ir.BooleanValue) -> dict[str, ir.Value]:
    names = [f"{one.key}__{name}" for name in ("whole", "first", "second")]
    if one.disclosure.dominance is None:
        return {}
    size, place = own[f"{one.key}__size"], own[f"{one.key}__place"]
    return {
        names[0]: size.sum(where=known),
        names[1]: size.max(where=known & (place == 0)),
        names[2]: size.max(where=known & (place == 1)),
    }


def _concentration(
    one: Indicator, facts: ir.Table, by: Sequence[Dimension], *, largest: bool
) -> ir.Table:
    """Return a concentration: numerator Σ xᵢ² over the parts, denominator (Σ xᵢ)².

    HHI = Σ (xᵢ / Σ x)², so that numerator over denominator is the value; it
    does not exist where the whole is zero.
    """
    if one.over is None:
        raise ValueError(f"{one.key}: a concentration without parts")
    part = column_of(one.over)
    term = one.numerator
    amount = _amount(facts, term.column, signed=True).cast("float64")
    cell = [*_cell(by), "target"]
    parts = facts.aggregate(amount__=amount.sum(), by=[*cell, part])
    squared = parts.aggregate(
        numerator__=(parts.amount__ * parts.amount__).sum(), whole__=parts.amount__.sum(), by=cell
    )
    squared = squared.select(
        *cell,
        **{
            f"{one.key}__numerator": squared.numerator__,
            f"{one.key}__denominator": squared.whole__ * squared.whole__,
        },
    )
    own = _each([one], facts, by)
    sums = _summed([one], own, by, largest=largest)
    sums = sums.drop(f"{one.key}__numerator", f"{one.key}__denominator")
    return squared.inner_join(sums, cell)
