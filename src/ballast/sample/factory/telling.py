"""What the edge nodes of the shop tell as time goes by: from the simulation to readings.

Between clock and socket, so that what is told when is tested without either.
By exception: a value that has not changed is told again once a minute, as
gateways do; what changes between two looks carries the time at which it did.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ballast.sample.factory.course import Course, course
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.edge_node import Reading
from ballast.sample.factory.shop import MACHINES, METER
from ballast.sample.factory.signals import (
    LEAK,
    STATE,
    Signal,
    leak_tests,
    metered,
    read,
    signals_of,
)
from ballast.sample.synthetic import Ints

__all__ = ["REPEAT_MS", "Shop", "devices_of"]

#: After so long a value is told again though it has not changed.
REPEAT_MS = 60_000


def devices_of(area: str) -> dict[str, tuple[Signal, ...]]:
    """Return the devices of an area's edge node, and the signals of each.

    Examples
    --------
    >>> list(devices_of("packing"))
    ['packer-1', 'labeller-1']
    """
    if area == "utilities":
        return {METER: signals_of(None)}
    return {one.machine: signals_of(one) for one in MACHINES if one.area == area}


class Shop:
    """The shop between now and the last time it was asked.

    Parameters
    ----------
    seed
        Of the sample.
    first_day
        Of the shop, days since 1970.
    """

    def __init__(self, seed: int, first_day: int) -> None:
        self._seed, self._first_day = seed, first_day
        self._courses: dict[str, Course] = {}
        self._until = 0
        self._told: dict[tuple[str, str], tuple[int, float]] = {}

    def courses(self, at: int) -> Mapping[str, Course]:
        """Return the courses of all machines until the end of the day of a moment."""
        if at >= self._until:
            day = at // DAY_MS
            self._courses = {
                one.machine: course(self._seed, one, self._first_day, day) for one in MACHINES
            }
            self._until = (day + 1) * DAY_MS
        return self._courses

    def now(self, area: str, now: int) -> dict[str, list[Reading]]:
        """Return what every sensor of an area says now, for births; the last leak test as well."""
        told = {}
        for device, signals in devices_of(area).items():
            readings = [self._reading(device, signal, now) for signal in signals]
            for one in readings:
                self._told[device, one.signal.metric] = (now, one.value)
            told[device] = readings
        return told

    def since(self, area: str, then: int, now: int) -> dict[str, list[Reading]]:
        """Return what the sensors of an area have to tell of the time after ``then`` up to ``now``.

        Parameters
        ----------
        area
            Key of ``AREAS``.
        then, now
            Epoch ms.
        """
        told = {}
        for device, signals in devices_of(area).items():
            found = [one for signal in signals for one in self._changed(device, signal, then, now)]
            if found:
                told[device] = sorted(found, key=lambda one: one.at)
        return told

    def _changed(self, device: str, signal: Signal, then: int, now: int) -> list[Reading]:
        if signal is LEAK:
            when, loss = leak_tests(self.courses(now)[device], then, now)
            return [Reading(LEAK, *pair) for pair in zip(when.tolist(), loss.tolist(), strict=True)]
        found = []
        if signal is STATE:
            edges = self.courses(now)[device].edges
            inside = edges[(edges > then) & (edges <= now)]
            found = [self._reading(device, signal, at) for at in inside.tolist()]
        found.append(self._reading(device, signal, now))
        place = (device, signal.metric)
        kept = []
        for one in found:
            at, value = self._told.get(place, (0, np.nan))
            if one.value != value or one.at - at >= REPEAT_MS:
                kept.append(one)
                self._told[place] = (one.at, one.value)
        return kept

    def _reading(self, device: str, signal: Signal, at: int) -> Reading:
        moment: Ints = np.array([at], np.int64)
        courses = self.courses(at)
        if device == METER:
            return Reading(signal, at, float(metered(courses, signal, moment)[0]))
        of = courses[device]
        if signal is not LEAK:
            return Reading(signal, at, float(read(of, signal, moment)[0]))
        # The newest piece: longer ago than any stop, there is one.
        when, loss = leak_tests(of, max(at - DAY_MS, int(of.edges[0])), at)
        if not len(when):
            return Reading(LEAK, at, 0.0)
        return Reading(LEAK, int(when[-1]), float(loss[-1]))
