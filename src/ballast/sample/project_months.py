"""What the sample's projects told month by month, and their history.

Drawn after the projects and from them, so that the months of a project sum to
what the project says it has invested, to the last yuan. Some of those under
way keep silent and some stand still, as in any bureau's list: what flags find
must be there to be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from ballast.sample.months import Calendar
from ballast.sample.synthetic import SOURCE, Floats, stream, typed
from ballast.terms.period import Period, joined, month

__all__ = ["project_events", "project_months"]

_SILENT = 9  # under way and told of in none of the last months
_IDLE = 14  # under way by their status, and nothing invested for months
_SLOTS = 11  # reporting months a year: January with February


def _slot(day: date) -> int:
    """Return the number of the reporting month of a day, counted from year 0."""
    return day.year * _SLOTS + max(day.month, 2) - 2


def _period(slot: int) -> Period:
    year, within = divmod(slot, _SLOTS)
    return month(year, within + 2) if within else joined(year)


@dataclass(frozen=True, slots=True)
class _Course:
    """In which reporting months a project was told of, and in which of them it invested."""

    first: int
    last: int  # the last month told
    working: int  # the last month in which anything was invested
    done: bool


def project_months(projects: pl.DataFrame, calendar: Calendar, seed: int) -> pl.DataFrame:
    """Return the table ``project_month``.

    Parameters
    ----------
    projects
        The table ``project`` of the sample.
    calendar
        The months covered; projects that began before are told of from their begin.
    seed
        Of the sample.
    """
    rng = stream(seed, "project months")
    begun = projects.filter(pl.col("started").is_not_null())
    courses = _courses(begun, calendar, rng)
    columns: dict[str, list[Any]] = {name: [] for name in ("project", "uscc", "period")}
    planned: list[Floats] = []
    invested: list[Floats] = []
    cumulative: list[Floats] = []
    for row, course in zip(begun.iter_rows(named=True), courses, strict=True):
        count = course.last - course.first + 1
        parts = _parts(float(row["invested_1e4_cny"]), count, course, rng)
        columns["project"] += [row["project"]] * count
        columns["uscc"] += [row["uscc"]] * count
        columns["period"] += [str(_period(course.first + at)) for at in range(count)]
        planned.append(_plan(row, course, count))
        invested.append(parts)
        cumulative.append(np.cumsum(parts))
    return typed(
        "project_month",
        {
            **columns,
            "planned_1e4_cny": np.concatenate(planned),
            "invested_1e4_cny": np.concatenate(invested),
            "cumulative_1e4_cny": np.round(np.concatenate(cumulative), 4),
            "source": SOURCE,
        },
    )


def _courses(begun: pl.DataFrame, calendar: Calendar, rng: np.random.Generator) -> list[_Course]:
    """Return the course of each project that has begun, in their order."""
    now = _slot(calendar.end)
    open_ones = [
        at
        for at, (status, started) in enumerate(begun.select("status", "started").iter_rows())
        if status == "building" and now - _slot(started) > 9
    ]
    picked = rng.choice(open_ones, min(_SILENT + _IDLE, len(open_ones)), replace=False).tolist()
    silent, idle = set(picked[:_SILENT]), set(picked[_SILENT:])
    found = []
    for at, row in enumerate(begun.iter_rows(named=True)):
        first = _slot(row["started"])
        last = now if row["finished"] is None else _slot(row["finished"])
        working = last
        if at in silent:
            last = working = now - int(rng.integers(2, 6))
        elif at in idle or row["status"] == "stalled":
            working = max(now - int(rng.integers(3, 8)), first)
        done = row["finished"] is not None
        found.append(_Course(first, max(last, first), working, done))
    return found


def _parts(total: float, count: int, course: _Course, rng: np.random.Generator) -> Floats:
    """Return what was invested in each month: most in the middle, summing exactly to the total.

    Of a project that goes on, the middle is now.
    """
    working = course.working - course.first + 1
    span = working if course.done else 2 * working
    middle = np.sin(np.pi * (np.arange(working) + 0.5) / span) + 0.25
    weights = np.zeros(count)
    weights[:working] = middle * rng.lognormal(0, 0.35, working)
    bounds = np.rint(total * 1e4 * np.cumsum([0.0, *weights]) / weights.sum())
    return np.asarray(np.diff(bounds) / 1e4)


def _plan(row: Mapping[str, Any], course: _Course, count: int) -> Floats:
    """Return what was planned for each month: the whole, spread evenly from plan to plan."""
    first, last = _slot(row["planned_start"]), _slot(row["planned_end"])
    share = float(row["planned_1e4_cny"]) / (last - first + 1)
    slots = course.first + np.arange(count)
    return np.where((slots >= first) & (slots <= last), np.round(share, 2), 0.0)


def project_events(projects: pl.DataFrame, calendar: Calendar, seed: int) -> pl.DataFrame:
    """Return the table ``project_event``: how each project came to where it stands.

    Parameters
    ----------
    projects
        The table ``project`` of the sample.
    calendar
        The months covered.
    seed
        Of the sample.
    """
    rng = stream(seed, "project events")
    names = ("project", "seq", "uscc", "on", "event_kind", "field", "before", "after", "reason")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for row in projects.iter_rows(named=True):
        for seq, event in enumerate(_history(row, calendar.end, rng), start=1):
            cells = (row["project"], seq, row["uscc"], *event)
            for name, cell in zip(names, cells, strict=True):
                columns[name].append(cell)
    return typed("project_event", {**columns, "who": "样例 sample"})


def _history(
    row: Mapping[str, Any], end: date, rng: np.random.Generator
) -> Iterator[tuple[Any, ...]]:
    """Yield day, kind, field, before, after, reason of every event of a project."""
    registered = min(row["planned_start"], end) - timedelta(days=int(rng.integers(20, 90)))
    if row["started"] is not None:
        registered = min(registered, row["started"])
    yield registered, "registered", None, None, "planned", None
    status, day = "planned", registered
    if row["started"] is not None:
        status, day = "building", row["started"]
        yield day, "status", "status", "planned", "building", None
    if row["status"] == "stalled":
        halted = max(end - timedelta(days=int(rng.integers(90, 200))), day)
        yield halted, "status", "status", status, "stalled", "资金未到位（样例）"
    if row["status"] == "finished":
        yield row["finished"], "status", "status", status, "finished", None
    if row["status"] == "cancelled":
        left = day + timedelta(days=int(rng.integers(0, max((end - day).days, 1))))
        yield left, "status", "status", status, "cancelled", "市场变化，企业放弃（样例）"
