"""Figures of a region as a statistical office publishes them, answered as indicators.

Never summed over regions: a province and its cities stand in one table, and
what a region's figure is has been decided by whoever published it. Over time
a flow may be put together from shorter periods, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.declared import Adds, Indicator, Measure
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question, target
from ballast.brain.indicators.restrict import same_place
from ballast.brain.picture_periods import pieces
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.still import remembered
from ballast.lake.tables import table
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.region import NATION
from ballast.terms.scheme import RegionScheme
from ballast.terms.viewer import PUBLIC
from ballast.words import Sentence, pack

__all__ = ["macro_values"]

_PROVINCE = "0000"


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    load_id: str
    status: str | None


Series = Mapping[str, Mapping[Period, _Figure]]


def macro_values(
    lake: Lake, one: Indicator, question: Question, as_of: datetime | None = None
) -> tuple[Value, ...]:
    """Return the values of one macro item.

    Parameters
    ----------
    lake
        Where to read; the table is public and is read as the public viewer.
    one
        An indicator of ``region_period``.
    question
        Its ``where`` names regions, each of which is a cell of its own where
        the cut is by region; without a cut exactly one must be named. Cut
        without being restricted, every region with a figure is a cell.
    as_of
        The moment of the lake.

    Raises
    ------
    WrongUsage
        If several regions are named and the cut is not by region.
    """
    named = question.where.get(Dimension.REGION, ())
    cut = Dimension.REGION in question.by
    if not cut and len(named) > 1:
        raise WrongUsage(
            "{indicator} is published region by region and not added up: cut it by {dimension}",
            indicator=one.label,
            dimension=Dimension.REGION.value,
        )
    wanted = target(question.period, question.form)
    series = _series(lake, one.numerator.column, as_of)
    regions = named or sorted(r for r in series if _at(series, r, wanted, one) is not None)
    found = [
        _value(one, series, code, wanted, {Dimension.REGION: code} if cut else {})
        for code in regions
    ]
    return tuple(found) or (_absent(one, {}, wanted),)


def _series(lake: Lake, item: str, as_of: datetime | None) -> Series:
    return remembered(lake, ("series", item, as_of), lambda: _read(lake, item, as_of))


def _read(lake: Lake, item: str, as_of: datetime | None) -> Series:
    rows = lake.read("region_period", PUBLIC, as_of)
    rows = rows.filter(
        rows.item == item,
        rows.region_scheme.isin([RegionScheme.GB2260.value, RegionScheme.EXT.value]),
    )
    found: dict[str, dict[Period, _Figure]] = {}
    listed: list[Mapping[str, Any]] = (
        rows.select("region", "period", "value", "status", "load_id").to_pyarrow().to_pylist()
    )
    for row in listed:
        figure = _Figure(row["value"], row["load_id"], row["status"])
        found.setdefault(row["region"], {})[Period.parse(row["period"])] = figure
    return found


@dataclass(frozen=True, slots=True)
class _Put:
    """A figure as put together for a period."""

    value: Decimal
    loads: tuple[str, ...]
    status: str | None


def _at(series: Series, region: str, wanted: Period, one: Indicator) -> _Put | None:
    known: dict[Period, _Figure] = {}
    for code in reversed(same_place(region)):
        known |= series.get(code, {})
    if one.adds is Adds.FLOW:
        parts = pieces(wanted, list(known))
        signs = [] if parts is None else [(known[x.period], x.sign) for x in parts]
    else:
        # A ratio is of its own stretch of time; a stock is of the end of any.
        fitting = [
            p
            for p in known
            if p.span == wanted.span or (one.adds is Adds.STOCK and p.end == wanted.end)
        ]
        signs = [(known[min(fitting, key=lambda p: (p != wanted, p.start))], 1)] if fitting else []
    if not signs:
        return None
    weakest = [f.status for f, _ in signs if f.status not in (None, "final")]
    return _Put(
        sum((figure.value * sign for figure, sign in signs), Decimal(0)),
        tuple(sorted({figure.load_id for figure, _ in signs})),
        weakest[0] if weakest else None,
    )


def _value(
    one: Indicator, series: Series, region: str, wanted: Period, cell: Mapping[Dimension, str]
) -> Value:
    own = _at(series, region, wanted, one)
    if own is None:
        return _absent(one, cell, wanted)
    above = None
    value = own.value * one.scale
    if one.measure is Measure.DISTANCE:
        whole = _whole(region)
        beside = None if whole is None else _at(series, whole, wanted, one)
        if whole is None:
            return _absent(one, cell, wanted, Sentence("there is no region above the nation"))
        if beside is None:
            reason = Sentence(
                "{region} has no figure of {period}", {"region": whole, "period": wanted.label}
            )
            return _absent(one, cell, wanted, reason)
        value, above = value - beside.value * one.scale, beside
    return Value(
        indicator=one.key,
        cell=cell,
        period=wanted,
        value=value,
        numerator=own.value,
        denominator=None if above is None else above.value,
        status=Status.PUBLISHED,
        reporting=1,
        expected=1,
        sources=tuple(sorted({*own.loads, *(() if above is None else above.loads)})),
        name=_status_name(own.status),
    )


def _whole(region: str) -> str | None:
    """Return the region that a distance is measured to: a place's province, a province's nation."""
    if region == NATION:
        return None
    return NATION if region.endswith(_PROVINCE) else region[:2] + _PROVINCE


def _status_name(status: str | None) -> Label | None:
    choices: Sequence[Any] = table("region_period").column("status").choices
    return next((c.label for c in choices if c.value == status), None)


def _absent(
    one: Indicator, cell: Mapping[Dimension, str], wanted: Period, reason: Sentence | None = None
) -> Value:
    said = reason or Sentence(
        "no figure of {indicator} is loaded for {period}",
        {"indicator": one.label, "period": wanted.label},
    )
    return Value(
        indicator=one.key,
        cell=cell,
        period=wanted,
        value=None,
        status=Status.MISSING,
        reason=pack([said]),
        reporting=0,
        expected=1,
    )
