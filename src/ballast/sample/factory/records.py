"""What people and controllers of the shop wrote down: production, stops, inspections.

Thirty days of it, where sensors have seven: sheets are kept longer than
samples. They follow from the same days as the samples, so that a stop on a
sheet is the stop that the state register told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import polars as pl

from ballast.lake.lake import Lake
from ballast.plant.measures.time_model import MachineState
from ballast.sample.factory.course import Course
from ballast.sample.factory.days import DAY_MS, HOUR_MS, Order, order_of
from ballast.sample.factory.mapping import reason_of
from ballast.sample.factory.noise import key, normal, uniform
from ballast.sample.factory.shop import MACHINES, MEANINGS, USCC, Code, asset_of
from ballast.sample.region import NOTE
from ballast.sample.synthetic import typed
from ballast.terms.viewer import Viewer

__all__ = ["RECIPE", "frames", "load_records"]

RECIPE = "sample-factory"
_LONG_MS = 5 * 60_000  # a stop of so long is written down by a person
_SAMPLE_MS = 2 * HOUR_MS
_PIECES = 5
#: Bore of the valve body, mm: nominal, spread of a piece, limits.
_BORE, _SPREAD, _LOWER, _UPPER = 12.0, 0.0042, 11.98, 12.02
# A worn insert in machining centre 2 is found at the next sample but one.
_WORN_DAY, _WORN_MM = 24, 0.012
_INSPECTED = 200
_Rows = dict[str, list[object]]


def frames(courses: Mapping[str, Course], until: int) -> dict[str, pl.DataFrame]:
    """Return the tables of what was written down until a moment.

    Parameters
    ----------
    courses
        Of all machines, until behind that moment.
    until
        Epoch ms. What is under way then has no end yet.
    """
    return {
        "production": _production(courses, until),
        "downtime": _downtime(courses, until),
        "inspection": _inspection(courses, until),
    }


def load_records(lake: Lake, viewer: Viewer, courses: Mapping[str, Course], until: int) -> str:
    """Commit what was written down as one load, marked synthetic, and return its identifier.

    Parameters
    ----------
    lake
        Of the factory's home.
    viewer
        Who loads it.
    courses, until
        As for ``frames``.
    """
    tables = frames(courses, until)
    digest = sha256(RECIPE.encode())
    for name, frame in sorted(tables.items()):
        digest.update(name.encode() + frame.hash_rows(0).to_numpy().tobytes())
    return lake.commit(
        tables,
        viewer,
        file_hash=digest.hexdigest(),
        recipe=RECIPE,
        provenance="synthetic",
        note=NOTE,
    )


def _production(courses: Mapping[str, Course], until: int) -> pl.DataFrame:
    rows: _Rows = {}
    for machine in MACHINES:
        course = courses[machine.machine]
        which = course.day * 4 + course.order
        starts = np.append(0, np.flatnonzero(np.diff(which)) + 1)
        ends = np.append(starts[1:], len(which))
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            start, end = int(course.edges[first]), int(course.edges[last])
            if start >= until:
                break
            order = order_of(course.seed, *divmod(int(which[first]), 4))
            made, bad = course.between(start, min(end, until))
            _add(
                rows,
                asset=asset_of(machine),
                start=_moment(start),
                end=_moment(end) if end <= until else None,
                order=order.number,
                product=order.product.model,
                batch_handle=order.batch,
                produced=float(made),
                good=float(made - bad),
                scrap=float(bad),
            )
    return typed("production", {"uscc": USCC, "rework": 0.0, "entered_by": "machine", **rows})


def _downtime(courses: Mapping[str, Course], until: int) -> pl.DataFrame:
    rows: _Rows = {}
    for machine in MACHINES:
        course = courses[machine.machine]
        starts = np.append(0, np.flatnonzero(np.diff(course.code)) + 1)
        ends = np.append(starts[1:], len(course.code))
        for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
            start, end = int(course.edges[first]), int(course.edges[last])
            code = Code(int(course.code[first]))
            state = MEANINGS[code][0]
            stopped = state in (MachineState.DELAYED, MachineState.SETUP)
            if start >= until or not (stopped or code is Code.MAINTENANCE):
                continue
            _add(
                rows,
                asset=asset_of(machine),
                start=_moment(start),
                end=_moment(end) if end <= until else None,
                state=state.name.lower(),
                reason=reason_of(code),
                entered_by="person" if end - start >= _LONG_MS else "machine",
            )
    return typed("downtime", {"uscc": USCC, **rows})


def _inspection(courses: Mapping[str, Course], until: int) -> pl.DataFrame:
    rows: _Rows = {}
    for name in ("mill-1", "mill-2"):
        _bores(rows, courses[name], until)
    _batches(rows, courses["leak-tester-1"], until)
    return typed("inspection", {"uscc": USCC, "entered_by": "person", **rows})


def _bores(rows: _Rows, course: Course, until: int) -> None:
    """Add five bores every two hours in which the machine runs."""
    start = course.first_day * DAY_MS
    times = np.arange(start + HOUR_MS, until, _SAMPLE_MS, dtype=np.int64)
    running = course.code[course.place(times)] == Code.RUN
    worn = (course.first_day + _WORN_DAY) * DAY_MS + 3 * HOUR_MS
    series = key(course.seed, course.machine.machine, "bore")
    for at in times[running].tolist():
        # The pieces of a sample have more in common than those of a day.
        centre = _BORE + 0.0004 * float(normal(series, at, 100)[0])
        if course.machine.machine == "mill-2" and worn <= at < worn + 2 * _SAMPLE_MS:
            centre += _WORN_MM
        for piece in range(1, _PIECES + 1):
            value = centre + _SPREAD * float(normal(series, at, piece)[0])
            _add(
                rows,
                asset=asset_of(course.machine),
                start=_moment(at),
                characteristic="阀孔直径 bore",
                sample=piece,
                value=round(value, 4),
                unit="mm",
                lower=_LOWER,
                upper=_UPPER,
                inspected=None,
                defectives=None,
                batch_handle=_order(course, at).batch,
            )


def _batches(rows: _Rows, course: Course, until: int) -> None:
    """Add the visual check of 200 pieces at the end of every batch."""
    half = 6 * HOUR_MS
    for at in range(course.first_day * DAY_MS + half, until, half):
        chance = uniform(key(course.seed, "visual", at), np.arange(_INSPECTED))
        _add(
            rows,
            asset=asset_of(course.machine),
            start=_moment(at),
            characteristic="外观 appearance",
            sample=1,
            value=None,
            unit=None,
            lower=None,
            upper=None,
            inspected=float(_INSPECTED),
            defectives=float((chance < 0.013).sum()),
            batch_handle=_order(course, at - 1).batch,
        )


def _order(course: Course, at: int) -> Order:
    place = int(course.place(np.array([at]))[0])
    return order_of(course.seed, int(course.day[place]), int(course.order[place]))


def _add(rows: _Rows, **cells: object) -> None:
    for name, cell in cells.items():
        rows.setdefault(name, []).append(cell)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
