"""The figures of one enterprise over time, from the rows that it reported.

Pure: rows in, figures out. The picture of a region sums over enterprises in
the engine; of one enterprise there are a few dozen rows, and what matters is
rather which periods are there. So a period that was left out stays a gap (a
line through it would be an invention), and a period of which one month is
missing has no sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ballast.brain.enterprise_shape import Better, EnterpriseFigure, Moment, Number, ReportedRow
from ballast.brain.picture_periods import HISTORY, Frame, frame_of, pieces
from ballast.lake.tables.enterprise import ENTERPRISE_PERIOD
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, joined, month, periods
from ballast.terms.unit import Unit
from ballast.words.numbers import Absence

__all__ = [
    "COLUMNS",
    "ENERGY_PER_OUTPUT",
    "Reported",
    "Told",
    "figures",
    "slots",
    "told",
]

COLUMNS: Final = tuple(
    column for column in ENTERPRISE_PERIOD if column.unit is not None and column.name != "period"
)
"""The amounts of a form, in its order."""

ENERGY_PER_OUTPUT = Unit(
    "tce_per_1e4_cny", "energy_intensity", Decimal(1),
    Label("吨标准煤/万元", "tce per 10,000 CNY"),
)  # fmt: skip

_Rows = Mapping[Period, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Amount:
    """A column of the form: a flow is summed over the period, a stock is of its end."""

    key: str
    column: str
    flow: bool
    better: Better


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A ratio of two amounts of one period."""

    key: str
    label: Label
    above: str
    below: str
    unit: Unit
    scale: int
    better: Better


_AMOUNTS: Final = (
    _Amount("revenue", "revenue_1e4_cny", True, "up"),
    _Amount("output", "output_1e4_cny", True, "up"),
    _Amount("value_added", "value_added_1e4_cny", True, "up"),
    _Amount("profit", "profit_1e4_cny", True, "up"),
    _Amount("employment", "employment_persons", False, "none"),
    _Amount("rd", "rd_expense_1e4_cny", True, "up"),
    _Amount("energy", "energy_tce", True, "none"),
    _Amount("exports", "export_1e4_cny", True, "up"),
)
_RATIOS: Final = (
    _Ratio("margin", Label("营业收入利润率", "Profit margin"),
           "profit", "revenue", unit.PERCENT, 100, "up"),
    _Ratio("rd_intensity", Label("研发费用占营业收入比重", "R&D over revenue"),
           "rd", "revenue", unit.PERCENT, 100, "up"),
    _Ratio("export_share", Label("出口交货值占营业收入比重", "Exports over revenue"),
           "exports", "revenue", unit.PERCENT, 100, "none"),
    _Ratio("energy_intensity", Label("单位产值能耗", "Energy per output"),
           "energy", "output", ENERGY_PER_OUTPUT, 1, "down"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What one enterprise reported: its rows by period."""

    rows: _Rows


@dataclass(frozen=True, slots=True)
class Reported:
    """The figures of an enterprise, and what it left out.

    Parameters
    ----------
    latest
        The newest reporting period.
    figures
        Amounts, then ratios.
    missing
        Periods within the history that nothing was reported of.
    rows
        What was reported, newest first, at most three years of months.
    """

    latest: Period
    figures: tuple[EnterpriseFigure, ...]
    missing: tuple[Period, ...]
    rows: tuple[ReportedRow, ...]


_MOST_ROWS = 48


def told(rows: Sequence[Mapping[str, Any]]) -> Told:
    """Return the rows of one enterprise by period.

    Parameters
    ----------
    rows
        Of ``enterprise_period``, one for each period.
    """
    return Told({Period.parse(row["period"]): row for row in rows})


def figures(reported: Told, until: Period | None = None) -> Reported | None:
    """Return the figures of an enterprise; ``None`` where it reported nothing until then.

    Parameters
    ----------
    reported
        Its rows.
    until
        With which period to end; the newest where it is ``None``. Where nothing was reported that
        ends with it, what was reported last before it.
    """
    rows = reported.rows
    known = [p for p in rows if until is None or p.end <= until.end]
    frame = frame_of(known)
    if frame is None:
        return None
    line = slots(frame.history)
    found = [_amount(one, rows, frame, line) for one in _AMOUNTS]
    held = {one.key: one for one in found}
    found += [_ratio(one, held) for one in _RATIOS]
    ordered = sorted(known, reverse=True)[:_MOST_ROWS]
    return Reported(
        frame.latest,
        tuple(found),
        tuple(p for p in line if pieces(p, known) is None),
        tuple(
            ReportedRow(p, bool(rows[p]["above_scale"]), tuple(rows[p][c.name] for c in COLUMNS))
            for p in ordered
        ),
    )


def slots(history: Sequence[Period]) -> tuple[Period, ...]:
    """Return the periods from the first to the last of a history, those left out included.

    Parameters
    ----------
    history
        Oldest first: months with January and February joined or apart, or periods of one kind.

    Examples
    --------
    >>> held = [Period.parse(t) for t in ("2025-11", "2026-01..02", "2026-04")]
    >>> [str(p) for p in slots(held)]
    ['2025-11', '2025-12', '2026-01..02', '2026-03', '2026-04']
    """
    first, last = history[0], history[-1]
    if last.kind not in (PeriodKind.MONTH, PeriodKind.JOINED):
        return tuple(periods(first, last))
    held, found = set(history), []
    at = month(first.year, first.first_month)
    end = month(last.year, last.last_month)
    while at <= end:
        apart = at in held or month(at.year, 1) in held or month(at.year, 2) in held
        if at.number == 1 and not apart and end >= month(at.year, 2):
            found.append(joined(at.year))
            at += 2
        else:
            found.append(at)
            at += 1
    return tuple(found[-HISTORY:])


def _amount(one: _Amount, rows: _Rows, frame: Frame, line: Sequence[Period]) -> EnterpriseFigure:
    column = ENTERPRISE_PERIOD.column(one.column)
    assert column.unit is not None  # noqa: S101  an amount of a form has one
    known = [p for p in rows if p.end <= frame.latest.end]
    period = frame.to_date if one.flow else frame.latest
    base = period.same_period_last_year()
    value, before = (_of(one, rows, known, p) for p in (period, base))
    change, why = _growth(value, before)
    return EnterpriseFigure(
        key=one.key,
        label=_capital(column.label),
        unit=column.unit,
        value=value,
        absence=Absence.NO_DATA if value is None else None,
        period=period,
        change=change,
        change_unit=unit.PERCENT,
        change_absence=why,
        base=base,
        base_value=before,
        numerator=None,
        denominator=None,
        series=tuple(Moment(p, _of(one, rows, known, p)) for p in line),
        formula=column.meaning,
        better=one.better,
        flow=one.flow,
    )


def _of(one: _Amount, rows: _Rows, known: Sequence[Period], wanted: Period) -> Number | None:
    made = pieces(wanted, known)
    if made is None:
        return None
    if not one.flow:
        last = max((x.period for x in made if x.sign > 0), key=lambda p: p.end)
        stock: Number | None = rows[last][one.column]
        return stock
    parts = [(rows[x.period][one.column], x.sign) for x in made]
    if any(amount is None for amount, _ in parts):
        return None
    total: Number = sum((amount * sign for amount, sign in parts), start=parts[0][0] * 0)
    return total


def _ratio(one: _Ratio, held: Mapping[str, EnterpriseFigure]) -> EnterpriseFigure:
    above, below = held[one.above], held[one.below]
    value, absence = _divided(above.value, below.value, one.scale)
    before, _ = _divided(above.base_value, below.base_value, one.scale)
    share = one.unit is unit.PERCENT
    change: float | None = None
    why: Absence | None = Absence.NO_DATA
    if value is not None and before is not None:
        change, why = (value - before, None) if share else _growth(value, before)
    return EnterpriseFigure(
        key=one.key,
        label=one.label,
        unit=one.unit,
        value=value,
        absence=absence,
        period=above.period,
        change=change,
        change_unit=unit.PERCENTAGE_POINTS if share else unit.PERCENT,
        change_absence=why,
        base=above.base,
        base_value=before,
        numerator=above.value,
        denominator=below.value,
        series=tuple(
            Moment(x.period, _divided(x.value, y.value, one.scale)[0])
            for x, y in zip(above.series, below.series, strict=True)
        ),
        formula=Label(
            f"{above.label.zh} ÷ {below.label.zh}（同一时期）",
            f"{above.label.en} ÷ {below.label.en.lower()}, both of one period",
        ),
        better=one.better,
    )


def _divided(
    above: Number | None, below: Number | None, scale: int
) -> tuple[float | None, Absence | None]:
    if above is None or below is None:
        return None, Absence.NO_DATA
    if below <= 0:
        return None, Absence.UNDEFINED
    return float(above) / float(below) * scale, None


def _growth(value: Number | None, before: Number | None) -> tuple[float | None, Absence | None]:
    if value is None or before is None:
        return None, Absence.NO_DATA
    if before <= 0:
        return None, Absence.UNDEFINED
    return (float(value) / float(before) - 1) * 100, None


def _capital(label: Label) -> Label:
    return Label(label.zh, label.en[:1].upper() + label.en[1:])
