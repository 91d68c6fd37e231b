"""The panel of the effect study, read from the lake: quarters, finishes, who may be held against.

Quarters rather than months, because a month in which January and February
come together fits no calendar and a single month is mostly noise; not years,
because four of them leave nothing to see a trend in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ballast.brain.projects.effect import Effect, estimated
from ballast.brain.projects.effect_matching import Floats, Panel, Window, matched_sets
from ballast.brain.projects.ledger import Ledger, ledger
from ballast.brain.projects.status import Status
from ballast.errors import NotPermitted, Undefined, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, quarter
from ballast.terms.viewer import Right, Viewer

__all__ = ["OUTCOMES", "Outcome", "Study", "panel_of", "study"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure on which an effect is looked for: one column, or one over another.

    Parameters
    ----------
    label
        What it is called.
    above, below
        Columns of ``enterprise_period``, summed over the quarter; persons are those at its end.
    """

    label: Label
    above: str
    below: str | None = None


OUTCOMES: Mapping[str, Outcome] = {
    "output": Outcome(Label("工业总产值", "gross output"), "output_1e4_cny"),
    "revenue": Outcome(Label("营业收入", "revenue"), "revenue_1e4_cny"),
    "productivity": Outcome(
        Label("劳动生产率（增加值÷用工）", "value added a person"),
        "value_added_1e4_cny",
        "employment_persons",
    ),
    "employment": Outcome(Label("用工人数", "persons employed"), "employment_persons"),
    "electricity": Outcome(Label("用电量", "electricity use"), "electricity_1e4_kwh"),
    "energy-intensity": Outcome(
        Label("单位增加值能耗", "energy over value added"), "energy_tce", "value_added_1e4_cny"
    ),
}
"""By the name that commands and pages use."""

_STOCKS = frozenset({"employment_persons"})


@dataclass(frozen=True, slots=True)
class Study:
    """An effect, and what it was looked for in.

    Parameters
    ----------
    outcome, kinds
        Of which figure, of which kinds of projects.
    effect
        What was found.
    first, last
        The quarters that the data span.
    synthetic
        Whether any of it is invented.
    """

    outcome: str
    kinds: tuple[str, ...]
    effect: Effect
    first: Period
    last: Period
    synthetic: bool


def study(
    lake: Lake,
    viewer: Viewer,
    *,
    outcome: str = "output",
    kinds: Collection[str] = ("upgrade",),
    window: Window | None = None,
) -> Study:
    """Return what finished projects did to a figure of their enterprises.

    Parameters
    ----------
    lake, viewer
        Where to read; the viewer must read units.
    outcome
        One of `OUTCOMES`.
    kinds
        Kinds of projects, as ``project.project_kind`` has them.
    window
        Which quarters count; two years before and one after where ``None``.

    Raises
    ------
    NotPermitted
        If the viewer may not read what every enterprise reported.
    WrongUsage
        If there is no such outcome.
    Undefined
        If too few can be compared.
    """
    if not viewer.may(Right.READ_UNITS):
        raise NotPermitted(
            "{who} may not see figures made of what every enterprise reported; ask the home's "
            "administrator for the right {right}",
            who=viewer.name,
            right=Right.READ_UNITS.value,
        )
    if outcome not in OUTCOMES:
        raise WrongUsage(
            "there is no outcome {outcome}; there are: {known}",
            outcome=outcome[:40],
            known=", ".join(OUTCOMES),
        )
    wanted = window or Window()
    of = ledger(lake, viewer, only=())
    panel, first, last = panel_of(lake, viewer, of, outcome=outcome, kinds=kinds)
    effect = estimated(panel, matched_sets(panel, wanted), wanted)
    return Study(outcome, tuple(kinds), effect, first, last, of.synthetic)


def panel_of(
    lake: Lake, viewer: Viewer, of: Ledger, *, outcome: str, kinds: Collection[str]
) -> tuple[Panel, Period, Period]:
    """Return the panel of one figure, and its first and last quarter.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    of
        The ledger of projects.
    outcome, kinds
        As for `study`.

    Raises
    ------
    Undefined
        If nobody reported a whole quarter.
    """
    found = OUTCOMES[outcome]
    columns = [name for name in (found.above, found.below) if name is not None]
    rows = lake.read("enterprise_period", viewer)
    rows = rows.filter(rows.above_scale).select("uscc", "period", *columns)
    frame = pl.from_arrow(lake.engine.collect(rows))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(type(frame))
    by_quarter = _quarters(frame, columns)
    if by_quarter.is_empty():
        raise Undefined("nobody has reported a whole quarter; load enterprise_period first")
    first, last = by_quarter["quarter"].min(), by_quarter["quarter"].max()
    if not isinstance(first, int) or not isinstance(last, int):
        raise TypeError(type(first))
    units = by_quarter["uscc"].unique().sort().to_list()
    values = _grid(by_quarter, units, columns, first, last)
    finished, touched = _finishes(of, kinds, first)
    divisions = _division(lake, viewer)
    panel = Panel(
        tuple(units),
        tuple(divisions.get(code, "") for code in units),
        values,
        np.array([_within(finished.get(code), last - first) for code in units], dtype=np.int64),
        np.array([code not in touched for code in units], dtype=np.bool_),
    )
    return panel, _period(first), _period(last)


def _quarters(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return sums by enterprise and quarter, of quarters that were wholly reported."""
    periods = {text: Period.parse(text) for text in frame["period"].unique().to_list()}
    months = {t: p for t, p in periods.items() if p.kind in (PeriodKind.MONTH, PeriodKind.JOINED)}
    if not months:
        return pl.DataFrame(schema={"uscc": pl.String, "quarter": pl.Int64})
    number = {t: p.year * 4 + (p.end.month - 1) // 3 for t, p in months.items()}
    length = {t: 2 if p.kind is PeriodKind.JOINED else 1 for t, p in months.items()}
    ends = {t: p.end.month for t, p in months.items()}
    kept = frame.filter(pl.col("period").is_in(list(months))).with_columns(
        pl.col(columns).cast(pl.Float64),
        quarter=pl.col("period").replace_strict(number, return_dtype=pl.Int64),
        months=pl.col("period").replace_strict(length, return_dtype=pl.Int64),
        end=pl.col("period").replace_strict(ends, return_dtype=pl.Int64),
    )
    sums = [
        pl.col(name).sort_by("end").last() if name in _STOCKS
        else pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum())
        for name in columns
    ]  # fmt: skip
    return kept.group_by("uscc", "quarter").agg(pl.col("months").sum(), *sums).filter(
        pl.col("months") == 3
    )  # fmt: skip


def _grid(
    rows: pl.DataFrame, units: list[str], columns: list[str], first: int, last: int
) -> Floats:
    """Return logarithms, units x quarters; NaN where there is no positive figure."""
    figure = pl.col(columns[0]) if len(columns) == 1 else pl.col(columns[0]) / pl.col(columns[1])
    place = {code: at for at, code in enumerate(units)}
    values = np.full((len(units), last - first + 1), np.nan)
    found = rows.select(
        unit=pl.col("uscc").replace_strict(place, return_dtype=pl.Int64),
        at=pl.col("quarter") - first,
        figure=pl.when(figure.is_finite() & (figure > 0)).then(figure.log()),
    ).drop_nulls()
    values[found["unit"].to_numpy(), found["at"].to_numpy()] = found["figure"].to_numpy()
    return values


def _finishes(
    of: Ledger, kinds: Collection[str], first: int
) -> tuple[dict[str, int], frozenset[str]]:
    """Return the quarter of each enterprise's first finish, and who has any project at all.

    An enterprise whose first finished project is of another kind is none of the treated: what
    came after it would be put down to the second.
    """
    earliest: dict[str, tuple[int, str]] = {}
    touched = set()
    for one in of.projects.values():
        if one.status in (Status.BUILDING, Status.STALLED, Status.FINISHED):
            touched.add(one.uscc)
        if one.finished is not None:
            when = one.finished.year * 4 + (one.finished.month - 1) // 3 - first
            if one.uscc not in earliest or when < earliest[one.uscc][0]:
                earliest[one.uscc] = (when, one.kind)
    wanted = set(kinds)
    return {u: when for u, (when, kind) in earliest.items() if kind in wanted}, frozenset(touched)


def _within(when: int | None, last: int) -> int:
    """Return the quarter of a finish; one before the data begin is no finish to look at."""
    return when if when is not None and 0 <= when <= last else -1


def _division(lake: Lake, viewer: Viewer) -> dict[str, str]:
    """Return the division of each enterprise as it is registered now."""
    rows = lake.read("enterprise", viewer).select("uscc", "valid_from", "industry")
    frame = pl.from_arrow(lake.engine.collect(rows))
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(type(frame))
    newest = frame.sort("valid_from", nulls_last=False).unique("uscc", keep="last")
    return dict(newest.select("uscc", pl.col("industry").str.head(2)).iter_rows())


def _period(number: int) -> Period:
    return quarter(number // 4, number % 4 + 1)
