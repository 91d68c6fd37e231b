"""How many enterprises are connected: counted from the days that they told, not from a survey.

A survey asks who calls itself digital. Here an enterprise counts while its
plant tells the city what it made, and stops counting a month after it stopped
telling; the figure can fall, and each enterprise in it can be named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ballast.brain.picture_shape import Change, Indicator, Part, Point
from ballast.lake.engine import Engine
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.period import Period, month
from ballast.words.numbers import Absence

__all__ = ["DAYS", "connected", "connected_count"]

#: So long an enterprise counts as connected after the last day that it told.
DAYS = 30
_HISTORY = 24
_LABEL = Label(f"近 {DAYS} 天联网上报企业", f"Connected, last {DAYS} days")
_NOUN = Label("家", "")
_SAMPLE = Label(
    "登记地在本地区的工业企业（GB/T 4754-2017 的 B、C、D 门类），不限规模",
    "industrial enterprises of the region (sections B, C and D of GB/T 4754-2017), of any size",
)


def connected(plant_daily: ir.Table, enterprises: ir.Table) -> ir.Table:
    """Return the enterprises of a region with each day that their plants told.

    Parameters
    ----------
    plant_daily
        The table of that name.
    enterprises
        One row for each, with ``uscc``.

    Returns
    -------
    ir.Table
        ``uscc``, ``day``, ``synthetic``; each enterprise and day once.
    """
    rows = plant_daily.semi_join(enterprises, "uscc")
    return rows.group_by("uscc", "day").agg(synthetic=(rows.provenance == "synthetic").any())


def connected_count(engine: Engine, told: ir.Table, *, today: date, command: str) -> Indicator:
    """Return how many enterprises are connected, as a headline figure.

    Parameters
    ----------
    engine
        Where the dates are laid down.
    told
        What ``connected`` returns.
    today
        The day at which it is counted.
    command
        What reproduces it.
    """
    now = month(today.year, today.month)
    history = [now - steps for steps in reversed(range(_HISTORY))]
    base = now.same_period_last_year()
    year_ago = today - timedelta(days=365)
    ends = {str(p): min(p.end, today) for p in history}
    found = _counted(engine, told, [today, year_ago, *ends.values()])
    first = told.day.min().to_pyarrow().as_py()
    value, invented = found.get(today, (0, 0)) if first is not None else (None, 0)
    since = today - timedelta(days=DAYS - 1)
    return Indicator(
        name="connected",
        label=_LABEL,
        value=value,
        absence=Absence.NO_DATA if value is None else None,
        unit=unit.COUNT,
        noun=_NOUN,
        period=now,
        published=_change(value, found.get(year_ago, (0, 0))[0], first, year_ago, base),
        series=tuple(Point(p, _point(found, ends[str(p)], first)) for p in history),
        formula=Label(
            f"截至 {today}：最近 {DAYS} 天（{since} 起）中至少有一天的工厂日汇总已签名送达的企业数",
            f"as of {today}: enterprises of which a signed summary of at least one of the last "
            f"{DAYS} days (from {since} on) has arrived",
        ),
        sample=_SAMPLE,
        tables=("plant_daily", "enterprise"),
        command=command,
        parts=(
            Part(Label("其中合成数据", "of them synthetic"), now, invented, unit.COUNT),
            Part(_LABEL, base, _past(found, year_ago, first), unit.COUNT),
        ),
    )


def _counted(engine: Engine, told: ir.Table, days: Sequence[date]) -> dict[date, tuple[int, int]]:
    """Return how many were connected on each day, and how many of those are invented."""
    ends = engine.memory(pa.table({"until": pa.array(sorted(set(days)), pa.date32())}))
    reach = ibis.interval(days=DAYS - 1)
    joined = told.join(
        ends, [told.day <= ends.until, told.day >= (ends.until - reach).cast("date")]
    )
    rows = joined.group_by("until").agg(
        count=joined.uscc.nunique(), synthetic=joined.uscc.nunique(where=joined.synthetic)
    )
    return {row["until"]: (row["count"], row["synthetic"]) for row in rows.to_pyarrow().to_pylist()}


Found = Mapping[date, tuple[int, int]]


def _past(found: Found, day: date, first: date | None) -> int | None:
    """Return the count of a day; none before anything was told at all."""
    if first is None or day < first:
        return None
    return found.get(day, (0, 0))[0]


def _point(found: Found, day: date, first: date | None) -> float | None:
    count = _past(found, day, first)
    return None if count is None else float(count)


def _change(
    value: int | None, before: int, first: date | None, year_ago: date, base: Period
) -> Change:
    if value is None or first is None or year_ago < first:
        return Change(None, unit.PERCENT, base, absence=Absence.NO_DATA)
    if not before:
        return Change(None, unit.PERCENT, base, absence=Absence.UNDEFINED)
    return Change((value / before - 1) * 100, unit.PERCENT, base)
