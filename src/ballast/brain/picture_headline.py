"""The headline of a picture: a dozen figures, each with all that a number must carry.

Levels are what was published; growth is given twice, of the published levels
and on the comparable sample, because the set of above-scale enterprises
changes every year and the two answer different questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from ballast.brain.picture_facts import flows, legs, stocks
from ballast.brain.picture_items import (
    EMPLOYMENT,
    ENTERPRISES,
    FLOWS,
    MARGIN,
    MONEY,
    PRESENT,
    RD_INTENSITY,
    SAMPLE,
    TABLES,
    Count,
    Flow,
    Ratio,
)
from ballast.brain.picture_periods import Frame, Piece
from ballast.brain.picture_shape import Change, Coverage, Indicator, Part, Point
from ballast.lake.engine import Engine
from ballast.lake.tables import table
from ballast.terms import unit
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.words.numbers import Absence, Number

__all__ = ["headline"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the engine said: by wanted period, and for the comparable sample."""

    frame: Frame
    sums: Mapping[str, Row]
    ends: Mapping[str, Row]
    matched: Row
    expected: int | None
    command: str


def headline(
    engine: Engine, reported: ir.Table, facts: ir.Table, frame: Frame, command: str
) -> tuple[Indicator, ...]:
    """Return the headline figures.

    Parameters
    ----------
    engine
        Where the lists of periods are laid down.
    reported
        The table ``enterprise_period``, all rows: tells who left the scope.
    facts
        What ``picture_facts.above_scale`` returns.
    frame
        The periods.
    command
        What reproduces the figures.
    """
    answers = _Answers(
        frame,
        _by_target(flows(facts, legs(engine, frame.made_of)), _sums),
        _by_target(stocks(engine, facts, frame.made_of), _ends),
        _one(_matched(engine, facts, frame)),
        _expected(reported, facts, frame),
        command,
    )
    return tuple(_indicators(answers))


def _indicators(answers: _Answers) -> Iterator[Indicator]:
    yield _counted(answers, ENTERPRISES)
    output, revenue, profit, exports = (_flow(answers, flow) for flow in FLOWS)
    yield from (output, revenue, profit)
    yield _ratio(answers, MARGIN)
    yield _counted(answers, EMPLOYMENT)
    yield exports
    yield _ratio(answers, RD_INTENSITY)
    yield from (_counted(answers, count) for count in PRESENT)


def _sums(rows: ir.Table) -> dict[str, ir.Value]:
    def signed(column: ir.Value) -> ir.Value:
        return rows.plus.ifelse(column, -column)

    found: dict[str, ir.Value] = {name: signed(rows[name]).sum() for name in MONEY}
    for ratio in (MARGIN, RD_INTENSITY):
        both = rows[ratio.above].notnull() & rows[ratio.below].notnull()
        found[f"{ratio.name}_above"] = signed(rows[ratio.above]).sum(where=both)
        found[f"{ratio.name}_below"] = signed(rows[ratio.below]).sum(where=both)
    return found


def _ends(rows: ir.Table) -> dict[str, ir.Value]:
    found: dict[str, ir.Value] = {
        "enterprises": rows.uscc.nunique(),
        "employment": rows.employment_persons.sum(),
        "divisions": rows.division.nunique(),
        "groups": rows.group.nullif("").nunique(),
    }
    for name in (*MONEY, "employment_persons"):
        found[f"{name}_reported"] = rows[name].count()
    return found


def _by_target(rows: ir.Table, what: Any) -> dict[str, Row]:
    found = rows.aggregate(**what(rows), by=["target"]).to_pyarrow().to_pylist()
    return {row["target"]: row for row in found}


def _one(table: ir.Table) -> Row:
    rows: list[Row] = table.to_pyarrow().to_pylist()
    return rows[0] if rows else {}


def _matched(engine: Engine, facts: ir.Table, frame: Frame) -> ir.Table:
    """Return sums now and a year before over what was reported above scale in both.

    Matched piece by piece (an enterprise's March with its March), so that one
    that entered the scope in the middle of last year does not count whole.
    """
    parts = frame.made_of[frame.to_date]
    earlier = [Piece(x.period.same_period_last_year(), x.sign) for x in parts]
    now = flows(facts, legs(engine, {x.period: [x] for x in parts}))
    base = flows(facts, legs(engine, {x.period: [y] for x, y in zip(parts, earlier, strict=True)}))
    before = base.select(
        "uscc",
        "target",
        **{f"{name}_before": base[name] for name in (*MONEY, "employment_persons")},
    )
    both = now.inner_join(before, ["uscc", "target"])
    found: dict[str, ir.Value] = {"enterprises": both.uscc.nunique()}
    for name in MONEY:
        known = both[name].notnull() & both[f"{name}_before"].notnull()
        found[name] = both.plus.ifelse(both[name], -both[name]).sum(where=known)
        earlier_value = both[f"{name}_before"]
        found[f"{name}_before"] = both.plus.ifelse(earlier_value, -earlier_value).sum(where=known)
        found[f"{name}_count"] = both.uscc.nunique(where=known)
    last = str(max(x.period for x in parts))
    persons, persons_before = both.employment_persons, both.employment_persons_before
    known = persons.notnull() & persons_before.notnull() & (both.target == last)
    found["employment"] = persons.sum(where=known)
    found["employment_before"] = persons_before.sum(where=known)
    found["employment_count"] = both.uscc.nunique(where=known)
    for ratio in (MARGIN, RD_INTENSITY):
        whole = [
            both[f"{c}{end}"].notnull()
            for c in (ratio.above, ratio.below)
            for end in ("", "_before")
        ]
        known = whole[0] & whole[1] & whole[2] & whole[3]
        for side, column in (("above", ratio.above), ("below", ratio.below)):
            for end in ("", "_before"):
                value = both[f"{column}{end}"]
                found[f"{ratio.name}_{side}{end}"] = both.plus.ifelse(value, -value).sum(
                    where=known
                )
        found[f"{ratio.name}_count"] = both.uscc.nunique(where=known)
    return both.aggregate(**found)


def _expected(reported: ir.Table, facts: ir.Table, frame: Frame) -> int | None:
    """Return how many should have reported: those of the period before, and whoever is new.

    Not those closed since, nor those that reported as below scale. Across a
    change of year nobody knows who is still in scope, so nothing is expected.
    """
    if frame.before_latest is None:
        return None
    latest, before = (
        str(max((x for x in frame.made_of[p] if x.sign > 0), key=lambda x: x.period).period)
        for p in (frame.latest, frame.before_latest)
    )
    open_then = facts.closed.isnull() | (facts.closed >= frame.latest.start)
    then = facts.filter((facts.period == before) & open_then).select("uscc")
    now = facts.filter(facts.period == latest).select("uscc")
    left = reported.filter((reported.period == latest) & ~reported.above_scale).select("uscc")
    found: int = then.union(now, distinct=True).anti_join(left, "uscc").count().to_pyarrow().as_py()
    return found


def _coverage(answers: _Answers, reported: object) -> Coverage | None:
    if answers.expected is None or not isinstance(reported, int):
        return None
    return Coverage(reported, answers.expected)


def _flow(answers: _Answers, flow: Flow) -> Indicator:
    frame = answers.frame
    sums, base = answers.sums.get(str(frame.to_date), {}), answers.sums.get(str(frame.base), {})
    value = sums.get(flow.column)
    matched = answers.matched
    return Indicator(
        name=flow.name,
        label=flow.label,
        value=value,
        absence=Absence.NO_DATA if value is None else None,
        unit=unit.CNY_1E4,
        period=frame.to_date,
        published=_relative(value, base.get(flow.column), frame.base),
        comparable=_relative(
            matched.get(flow.column),
            matched.get(f"{flow.column}_before"),
            frame.base,
            matched.get(f"{flow.column}_count"),
        ),
        series=tuple(
            Point(p, _monthly(answers.sums.get(str(p), {}).get(flow.column), p))
            for p in frame.history
        ),
        coverage=_coverage(
            answers, answers.ends.get(str(frame.latest), {}).get(f"{flow.column}_reported")
        ),
        formula=flow.formula,
        sample=SAMPLE,
        tables=TABLES,
        command=answers.command,
        parts=(Part(flow.label, frame.base, base.get(flow.column), unit.CNY_1E4),),
    )


def _monthly(value: Decimal | None, period: Period) -> float | None:
    return None if value is None else float(value) / max(len(period.months), 1)


def _ratio(answers: _Answers, ratio: Ratio) -> Indicator:
    frame = answers.frame

    def percent(row: Row, end: str = "") -> tuple[float | None, Absence | None]:
        above, below = row.get(f"{ratio.name}_above{end}"), row.get(f"{ratio.name}_below{end}")
        if above is None or below is None:
            return None, Absence.NO_DATA
        if below <= 0:
            return None, Absence.UNDEFINED
        return float(above / below) * 100, None

    value, absence = percent(answers.sums.get(str(frame.to_date), {}))
    base, _ = percent(answers.sums.get(str(frame.base), {}))
    matched, _ = percent(answers.matched)
    matched_base, _ = percent(answers.matched, "_before")
    return Indicator(
        name=ratio.name,
        label=ratio.label,
        value=value,
        absence=absence,
        unit=unit.PERCENT,
        period=frame.to_date,
        published=_difference(value, base, frame.base),
        comparable=_difference(
            matched, matched_base, frame.base, answers.matched.get(f"{ratio.name}_count")
        ),
        series=tuple(Point(p, percent(answers.sums.get(str(p), {}))[0]) for p in frame.history),
        coverage=_coverage(
            answers, answers.ends.get(str(frame.latest), {}).get(f"{ratio.above}_reported")
        ),
        formula=ratio.formula,
        sample=SAMPLE,
        tables=TABLES,
        command=answers.command,
        parts=(
            *(
                Part(
                    _declared(column),
                    frame.to_date,
                    answers.sums.get(str(frame.to_date), {}).get(f"{ratio.name}_{side}"),
                    unit.CNY_1E4,
                )
                for side, column in (("above", ratio.above), ("below", ratio.below))
            ),
            Part(ratio.label, frame.base, base, unit.PERCENT),
        ),
    )


def _declared(column: str) -> Label:
    return table("enterprise_period").column(column).label


def _counted(answers: _Answers, count: Count) -> Indicator:
    frame = answers.frame
    now, base = (answers.ends.get(str(p), {}) for p in (frame.latest, frame.latest_base))
    value: Number | None = now.get(count.name)
    persons = count is EMPLOYMENT
    comparable = None
    if persons:
        matched = answers.matched
        comparable = _relative(
            matched.get("employment"),
            matched.get("employment_before"),
            frame.latest_base,
            matched.get("employment_count"),
        )
    points = (answers.ends.get(str(p), {}).get(count.name) for p in frame.history)
    return Indicator(
        name=count.name,
        label=count.label,
        value=value,
        absence=Absence.NO_DATA if value is None else None,
        unit=count.unit,
        noun=count.noun,
        period=frame.latest,
        published=_relative(value, base.get(count.name), frame.latest_base),
        comparable=comparable,
        series=tuple(
            Point(p, None if point is None else float(point))
            for p, point in zip(frame.history, points, strict=True)
        ),
        coverage=_coverage(
            answers, now.get("employment_persons_reported" if persons else "enterprises")
        ),
        formula=count.formula,
        sample=SAMPLE,
        tables=TABLES,
        command=answers.command,
        parts=(Part(count.label, frame.latest_base, base.get(count.name), count.unit),),
    )


def _relative(
    now: Number | None, base: Number | None, against: Period, enterprises: int | None = None
) -> Change:
    """Return the change in percent; from nothing or from a loss there is none."""
    if now is None or base is None:
        return Change(None, unit.PERCENT, against, enterprises, Absence.NO_DATA)
    if base <= 0:
        return Change(None, unit.PERCENT, against, enterprises, Absence.UNDEFINED)
    return Change((float(now) / float(base) - 1) * 100, unit.PERCENT, against, enterprises)


def _difference(
    now: float | None, base: float | None, against: Period, enterprises: int | None = None
) -> Change:
    if now is None or base is None:
        return Change(None, unit.PERCENTAGE_POINTS, against, enterprises, Absence.NO_DATA)
    return Change(now - base, unit.PERCENTAGE_POINTS, against, enterprises)
