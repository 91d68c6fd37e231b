"""The past of the shop's sensors, put into the spool as a collector would have left it there.

Through the spool and the shipper, not straight into the lake: the demo then
shows the one way that samples take, roll-ups and all, and a second demo goes
on where the last one ended. A minute is the step: what changes faster is told
by the live publisher; states stand at the second at which they changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ballast.plant.spool.events import CollectEvent, EventKind
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Spool
from ballast.sample.factory.course import Course
from ballast.sample.factory.days import DAY_MS, HOUR_MS
from ballast.sample.factory.shop import GROUP, MACHINES
from ballast.sample.factory.signals import (
    LEAK,
    STATE,
    Signal,
    leak_tests,
    metered,
    read,
    signals_of,
    tag_of,
)
from ballast.sample.synthetic import Floats, Ints

__all__ = ["HISTORY_DAYS", "STEP_MS", "outage", "write_history"]

#: How far the samples go back.
HISTORY_DAYS = 7
STEP_MS = 60_000
_ON_THE_WAY_MS = 120
# A switch in packing was without power for some minutes, and nobody heard its edge node.
_OUTAGE_AREA, _OUTAGE_DAY = "packing", 26
_OUTAGE_FROM, _OUTAGE_MS = 6 * HOUR_MS + 480_000, 540_000


def outage(first_day: int) -> tuple[int, int]:
    """Return from when until when nothing was heard of packing, epoch ms."""
    start = (first_day + _OUTAGE_DAY) * DAY_MS + _OUTAGE_FROM
    return start, start + _OUTAGE_MS


def write_history(spool: Spool, courses: Mapping[str, Course], since: int, until: int) -> int:
    """Put the samples of a stretch of time into a spool and commit them, a day at a time.

    Parameters
    ----------
    spool
        Open for writing.
    courses
        Of all machines, until behind the end.
    since, until
        Epoch ms: samples after the first, up to the second.

    Returns
    -------
    int
        How many samples.

    Raises
    ------
    StorageFailed
        If the disk is full; the days before are in the spool.
    """
    first_day = next(iter(courses.values())).first_day
    dark = outage(first_day)
    count = 0
    for start in range(since, until, DAY_MS):
        end = min(start + DAY_MS, until)
        found = list(_series(courses, start, end, dark))
        tags = [np.full(len(at), spool.number(tag), np.int32) for tag, at, _ in found]
        times = np.concatenate([at for _, at, _ in found])
        values = np.concatenate([values for _, _, values in found])
        order = np.argsort(times, kind="stable")
        at = times[order]
        spool.put(
            Samples.of(
                np.concatenate(tags)[order], at, values[order], received_at=at + _ON_THE_WAY_MS
            )
        )
        if start < dark[1] <= end:
            spool.put_event(
                CollectEvent(
                    dark[1] + _ON_THE_WAY_MS, EventKind.GAP, f"{GROUP}/{_OUTAGE_AREA}", None,
                    dark[0], dark[1], 0,
                )
            )  # fmt: skip
        spool.commit()
        count += len(at)
    return count


Series = tuple[str, Ints, Floats]


def _series(
    courses: Mapping[str, Course], start: int, end: int, dark: tuple[int, int]
) -> Iterator[Series]:
    grid = np.arange(start // STEP_MS + 1, end // STEP_MS + 1, dtype=np.int64) * STEP_MS
    for machine in MACHINES:
        course = courses[machine.machine]
        for signal in signals_of(machine):
            at, values = _read(course, signal, grid, start, end)
            if machine.area == _OUTAGE_AREA:
                heard = (at < dark[0]) | (at >= dark[1])
                at, values = at[heard], values[heard]
            yield tag_of(machine, signal), at, values
    for signal in signals_of(None):
        yield tag_of(None, signal), grid, metered(courses, signal, grid)


def _read(course: Course, signal: Signal, grid: Ints, start: int, end: int) -> tuple[Ints, Floats]:
    if signal is LEAK:
        return leak_tests(course, start, end)
    if signal is not STATE:
        return grid, read(course, signal, grid)
    inside = course.edges[(course.edges > start) & (course.edges <= end)]
    at = np.union1d(grid, inside)
    return at, read(course, signal, at)
