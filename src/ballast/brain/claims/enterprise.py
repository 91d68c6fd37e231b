"""Statements about one enterprise, held against what it reported, if the viewer may read that.

Not an indicator cut down to one enterprise: no indicator has that cut, because
it would be the enterprise's own figure. It is read as a unit's figure is, under
the same right, and said to be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from ballast.brain.claims.agreeing import agrees, comparable, in_unit
from ballast.brain.claims.answers import Ours
from ballast.brain.claims.asking import Unasked
from ballast.brain.claims.attempt import Missing, Try
from ballast.brain.claims.statement import Kind, Statement
from ballast.brain.indicators.declared import Measure
from ballast.brain.indicators.registry import INDICATORS
from ballast.brain.picture_periods import pieces
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period, whole_year, year_to_date
from ballast.terms.unit import PERCENT
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["enterprise_tries"]

_FURTHEST = 5
_Rows = Mapping[Period, Mapping[str, Any]]


def enterprise_tries(statement: Statement, lake: Lake, viewer: Viewer) -> Iterator[Try | Unasked]:
    """Yield what an enterprise's reports say to a statement about it.

    Parameters
    ----------
    statement
        Its scope is an enterprise with a code.
    lake, viewer
        Where to read, and for whom.
    """
    scope, amount = statement.scope, statement.amount
    one = INDICATORS.get(statement.subject.key or "")
    name = scope.words if scope is not None else ""
    if one is None or amount is None or one.numerator.table != "enterprise_period" or (
        statement.kind not in (Kind.LEVEL, Kind.GROWTH)
    ):  # fmt: skip
        yield Unasked(
            Sentence("of a single enterprise only what its monthly form asks for can be checked")
        )
        return
    rows = _rows(lake, viewer, scope.code if scope is not None else None)
    if not rows:
        yield Unasked(
            Sentence("{name} has reported nothing that you may see", {"name": name}),
            Sentence("the monthly reports of {name}", {"name": name}),
        )
        return
    for period in (statement.period,) if statement.period else _candidates(rows):
        yield from _tries(statement, one.key, rows, period)


def _rows(lake: Lake, viewer: Viewer, code: str | None) -> _Rows:
    table = lake.read("enterprise_period", viewer)
    found = table.filter(table.uscc == (code or "")).to_pyarrow().to_pylist()
    return {Period.parse(row["period"]): row for row in found}


def _candidates(rows: _Rows) -> tuple[Period, ...]:
    last = max(rows, key=lambda p: p.end)
    ends = [p.year for p in rows if p.last_month == 12]
    whole = (whole_year(max(ends)),) if ends else ()
    return (year_to_date(last.year, last.last_month), *whole)


def _value(key: str, rows: _Rows, period: Period) -> Decimal | float | None:
    """Return a figure of a period: a sum, or a ratio of sums; ``None`` where a month is missing."""
    one = INDICATORS[key]
    parts = pieces(period, list(rows))
    if parts is None:
        return None
    sums = []
    for term in one.terms:
        amounts = [rows[part.period].get(term.column) for part in parts]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return None
        sums.append(
            sum((Decimal(a) * p.sign for a, p in zip(known, parts, strict=True)), Decimal(0))
        )
    if one.measure is Measure.RATIO:
        return None if sums[1] <= 0 else sums[0] / sums[1] * one.scale
    return sums[0]


def _tries(statement: Statement, key: str, rows: _Rows, period: Period) -> Iterator[Try | Unasked]:
    one, amount = INDICATORS[key], statement.amount
    name = statement.scope.words if statement.scope is not None else ""
    label = Label(
        f"{name}{period.label.zh}{one.label.zh}", f"{one.label.en} of {name}, {period.label.en}"
    )
    now = _value(key, rows, period)
    if now is None or amount is None:
        yield Missing(label, Sentence("there is no figure of {period}", {"period": str(period)}))
        return
    loads = tuple(sorted({row["load_id"] for row in rows.values() if row.get("load_id")}))
    if statement.kind is Kind.LEVEL:
        if not comparable(amount, one.unit):
            yield Unasked(
                Sentence("{indicator} is kept in {unit}; the text gives it in {words}",
                         {"indicator": one.label, "unit": one.unit.label, "words": amount.words})
            )  # fmt: skip
            return
        yield _ours(label, now, one.unit, agrees(in_unit(amount, one.unit), now), loads)
        return
    for base, yearly, years in _bases(statement, period):
        then = _value(key, rows, base)
        if then is None or then <= 0 or now <= 0:
            continue
        growth = ((float(now) / float(then)) ** (1 / years) - 1) * 100
        a_year = ("年均", " a year") if yearly else ("", "")
        note = Label(
            f"{label.zh}较{base.label.zh}{a_year[0]}增速",
            f"{label.en}, growth{a_year[1]} since {base.label.en}",
        )
        yield _ours(note, growth, PERCENT, agrees(amount, growth), loads)


def _bases(statement: Statement, period: Period) -> Iterator[tuple[Period, bool, int]]:
    if statement.since is not None and statement.since.kind is period.kind:
        years = period.year - statement.since.year
        if years > 0:
            yield statement.since, statement.yearly, years if statement.yearly else 1
        return
    back = period
    for years in range(1, _FURTHEST if statement.yearly else 2):
        back = back.same_period_last_year()
        yield back, statement.yearly, years


def _ours(
    label: Label, value: Decimal | float, unit: Any, agreed: bool, loads: tuple[str, ...]
) -> Ours:
    as_of: datetime | None = None
    return Ours(label=label, value=value, unit=unit, agrees=agreed, sources=loads, as_of=as_of,
                command="ballast show enterprise_period")  # fmt: skip
