"""The course of a machine over days: what it has made, drawn and warmed up to at any moment.

What accumulates (pieces, energy, heat) is added up once at the edges of the
stretches; between two edges it is a straight line or an exponential. Asking
for one second therefore costs as little as asking for a week, and both get
the same number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.sample.factory.days import (
    BEARING_DAY,
    BEARING_FAILS,
    DAY_MS,
    HOUR_MS,
    drift,
    stretches,
)
from ballast.sample.factory.noise import key, normal, uniform
from ballast.sample.factory.shop import LEAK_UPPER, Code, Machine
from ballast.sample.synthetic import Floats, Ints

__all__ = ["Course", "course", "wear"]

SHIFT_MS = 12 * HOUR_MS
_WARMING_MS = 25 * 60_000  # time constant
_DRAWN = {Code.RUN: 1.0, Code.SETUP: 0.45, Code.IDLE: 0.2, Code.BREAK: 0.12, Code.MAINTENANCE: 0.1}
_WARM = {Code.RUN: 1.0, Code.SETUP: 0.4}
_STANDING_DRAWN, _STANDING_WARM = 0.25, 0.08
_BEARING_HOURS = 30  # for how long before it fails it can be heard
_LEAK_MEAN, _LEAK_SPREAD, _LEAK_DRIFT = 21.0, 4.0, 24.0  # Pa
_DROPPED = 0.003  # share of tested pieces that are lost otherwise


@dataclass(frozen=True, slots=True)
class Course:
    """A machine from the shop's first day on.

    Parameters
    ----------
    machine, seed, first_day
        What it was made from.
    edges
        Shape (n + 1,): where stretches begin and the last ends, epoch ms.
    code, order, day
        Shape (n,): state, place of the order (0 to 3), production day of each.
    cycle_ms
        Shape (n,): what a piece takes in it.
    made, energy
        Shape (n + 1,): pieces and kWh since the first day, at the edges.
    heat
        Shape (n,): K above the hall, where each stretch begins.
    bad
        Shape (pieces + 1,): how many of the first k pieces were scrap.
    """

    machine: Machine
    seed: int
    first_day: int
    edges: Ints
    code: npt.NDArray[np.int16]
    order: npt.NDArray[np.int8]
    day: Ints
    cycle_ms: Floats
    made: Floats
    energy: Floats
    heat: Floats
    bad: Ints

    def place(self, at: Ints) -> Ints:
        """Return in which stretch each moment lies; the last stretch for what is behind it."""
        found = np.searchsorted(self.edges, at, side="right") - 1
        return np.clip(found, 0, len(self.code) - 1).astype(np.int64)

    def progress(self, at: Ints) -> Floats:
        """Return the pieces made until each moment, the one under way as a share."""
        where = self.place(at)
        running = self.code[where] == Code.RUN
        since = (at - self.edges[where]) / self.cycle_ms[where]
        return np.asarray(self.made[where] + np.where(running, since, 0.0))

    def counts(self, at: Ints) -> tuple[Ints, Ints]:
        """Return pieces and scrap since the shift began, as a controller counts them."""
        shift = at // SHIFT_MS * SHIFT_MS
        now, then = (np.floor(self.progress(t)).astype(np.int64) for t in (at, shift))
        return now - then, self.bad[now] - self.bad[then]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return pieces and scrap of a stretch of time."""
        low, high = np.floor(self.progress(np.array([start, end]))).astype(np.int64).tolist()
        return high - low, int(self.bad[high] - self.bad[low])

    def pieces(self, start: int, end: int) -> tuple[Ints, Ints]:
        """Return the numbers of the pieces finished after ``start`` up to ``end``, and when."""
        low, high = np.floor(self.progress(np.array([start, end]))).astype(np.int64).tolist()
        number = np.arange(low, high, dtype=np.int64)
        return number, np.interp(number + 1, self.made, self.edges).astype(np.int64)

    def drawn_kw(self, at: Ints) -> Floats:
        """Return the mean power of the state that each moment is in, kW."""
        return self.machine.run_kw * _shares(self.code, _DRAWN, _STANDING_DRAWN)[self.place(at)]

    def energy_kwh(self, at: Ints) -> Floats:
        """Return the energy since the first day, kWh."""
        where = self.place(at)
        return np.asarray(
            self.energy[where] + self.drawn_kw(at) * (at - self.edges[where]) / HOUR_MS
        )

    def warmth(self, at: Ints) -> Floats:
        """Return how much warmer than the hall the machine is, K."""
        where = self.place(at)
        ends = self.machine.rise * _shares(self.code, _WARM, _STANDING_WARM)[where]
        left = np.exp(-(at - self.edges[where]) / _WARMING_MS)
        return np.asarray(ends + (self.heat[where] - ends) * left)


def _shares(code: npt.NDArray[np.int16], known: dict[Code, float], else_: float) -> Floats:
    table = np.full(max(Code) + 1, else_)
    for one, share in known.items():
        table[one] = share
    return table[code]


def course(seed: int, machine: Machine, first_day: int, last_day: int) -> Course:
    """Return the course of a machine.

    Parameters
    ----------
    seed
        Of the sample.
    machine
        Which.
    first_day, last_day
        Days since 1970: the first of the shop, and the last that is asked about.
    """
    days = [stretches(seed, machine, day, first_day) for day in range(first_day, last_day + 1)]
    edges = np.concatenate([*(one.edges[:-1] for one in days), days[-1].edges[-1:]])
    code = np.concatenate([one.code for one in days])
    cycle = np.concatenate([one.cycle_ms for one in days])
    lasted = np.diff(edges)
    made = np.append(0.0, np.cumsum(np.where(code == Code.RUN, lasted / cycle, 0.0)))
    drawn = machine.run_kw * _shares(code, _DRAWN, _STANDING_DRAWN)
    ends = machine.rise * _shares(code, _WARM, _STANDING_WARM)
    return Course(
        machine=machine,
        seed=seed,
        first_day=first_day,
        edges=edges,
        code=code,
        order=np.concatenate([one.order for one in days]),
        day=np.repeat(np.arange(first_day, last_day + 1), [len(one.code) for one in days]),
        cycle_ms=cycle,
        made=made,
        energy=np.append(0.0, np.cumsum(drawn * lasted / HOUR_MS)),
        heat=_heat(ends, lasted),
        bad=_bad(seed, machine, first_day, made, edges),
    )


def _heat(ends: Floats, lasted: Ints) -> Floats:
    """Return the warmth at the beginning of each stretch: one relaxes towards its own end."""
    left = np.exp(-lasted / _WARMING_MS)
    found = np.empty(len(ends))
    now = float(ends[0])
    for at, (end, share) in enumerate(zip(ends.tolist(), left.tolist(), strict=True)):
        found[at] = now
        now = end + (now - end) * share
    return found


def _bad(seed: int, machine: Machine, first_day: int, made: Floats, edges: Ints) -> Ints:
    number = np.arange(int(made[-1]) + 1, dtype=np.int64)
    chance = uniform(key(seed, machine.machine, "scrap"), number)
    if machine.machine == "leak-tester-1":
        when = np.interp(number + 1, made, edges).astype(np.int64)
        spoilt = (leak(seed, number, when, first_day) > LEAK_UPPER) | (chance < _DROPPED)
    else:
        spoilt = chance < machine.scrap
    return np.append(0, np.cumsum(spoilt)).astype(np.int64)


def leak(seed: int, number: Ints, when: Ints, first_day: int) -> Floats:
    """Return the pressure loss of tested pieces, Pa: steady, but where the seal is worn.

    Parameters
    ----------
    seed, first_day
        Of the shop.
    number, when
        Shape (n,): which piece, and when it was tested, epoch ms.
    """
    start, end = drift(first_day)
    worn = np.where((when >= start) & (when < end), (when - start) / (end - start), 0.0)
    spread = _LEAK_SPREAD * normal(key(seed, "leak"), number)
    return np.asarray(np.maximum(_LEAK_MEAN + spread + _LEAK_DRIFT * worn, 0.5))


def wear(machine: Machine, at: Ints, first_day: int) -> Floats:
    """Return how worn the spindle bearing is, 0 to 1: that of lathe 2, until it fails."""
    if machine.machine != "lathe-2":
        return np.zeros(len(at))
    fails = (first_day + BEARING_DAY) * DAY_MS + BEARING_FAILS
    left = (fails - at) / (_BEARING_HOURS * HOUR_MS)
    return np.asarray(np.where((left >= 0) & (left < 1), 1 - left, 0.0))
