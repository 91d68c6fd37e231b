"""What the sensors of the shop say at any moment, and what each of them is.

One list of signals serves all: the mapping names them, the history writes
them, the edge nodes give birth to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ballast.plant.site import TagRole
from ballast.plant.wire.datatype import DataType
from ballast.sample.factory.course import Course, leak, wear
from ballast.sample.factory.days import HOUR_MS
from ballast.sample.factory.noise import key, normal, slow
from ballast.sample.factory.shop import (
    LEAK_UPPER,
    METER,
    SHOP,
    Code,
    Machine,
    asset_of,
)
from ballast.sample.synthetic import Floats, Ints
from ballast.terms.label import Label

__all__ = [
    "LEAK",
    "METER_ASSET",
    "SIGNALS",
    "STATE",
    "Signal",
    "leak_tests",
    "metered",
    "read",
    "signals_of",
    "tag_of",
]

_HOUR = HOUR_MS
METER_ASSET = f"{SHOP}/utilities/{METER}"
_LIGHT_KW, _AIR_KW = 6.0, 11.0


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal of a machine.

    Parameters
    ----------
    metric
        Its name in Sparkplug, and the last part of its tag.
    name, quantity, unit
        As in the mapping.
    role
        What it is to the reports.
    datatype
        How the edge node writes it.
    decimals
        To how many its sensor rounds.
    lower, upper, target
        Specification, where it has one.
    every_s
        How often it is told at least, seconds; none where it speaks when there is something.
    """

    metric: str
    name: Label
    quantity: str
    unit: str
    role: TagRole
    datatype: DataType = DataType.DOUBLE
    decimals: int = 2
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    every_s: float | None = 60.0


STATE = Signal("state", Label("设备状态", "state"), "state", "1", TagRole.STATE,
               DataType.INT32, 0)  # fmt: skip
_PRODUCED = Signal("produced", Label("产量", "produced"), "count", "count", TagRole.PRODUCED,
                   DataType.UINT32, 0)  # fmt: skip
_GOOD = Signal("good", Label("合格", "good"), "count", "count", TagRole.GOOD,
               DataType.UINT32, 0)  # fmt: skip
_SCRAP = Signal("scrap", Label("报废", "scrap"), "count", "count", TagRole.SCRAP,
                DataType.UINT32, 0)  # fmt: skip
_LOAD = Signal("spindle-load", Label("主轴负载", "spindle load"), "load", "%",
               TagRole.MEASUREMENT, decimals=1)  # fmt: skip
_VIBRATION = Signal("vibration", Label("主轴振动", "spindle vibration"), "vibration", "mm/s",
                    TagRole.MEASUREMENT)  # fmt: skip
_TEMPERATURE = Signal("temperature", Label("温度", "temperature"), "temperature", "°C",
                      TagRole.MEASUREMENT, decimals=1)  # fmt: skip
_PRESSURE = Signal("test-pressure", Label("测试压力", "test pressure"), "pressure", "bar",
                   TagRole.MEASUREMENT, decimals=3, lower=5.9, upper=6.1, target=6.0)  # fmt: skip
LEAK = Signal("leak-loss", Label("气密压降", "leak test pressure loss"), "pressure", "Pa",
              TagRole.MEASUREMENT, decimals=1, upper=LEAK_UPPER, every_s=None)  # fmt: skip
_POWER = Signal("power", Label("功率", "power"), "power", "kW", TagRole.POWER)
_ENERGY = Signal("energy", Label("电能", "energy"), "energy", "kWh", TagRole.ENERGY)

_COUNTING = (STATE, _PRODUCED, _GOOD, _SCRAP)


def signals_of(machine: Machine | None) -> tuple[Signal, ...]:
    """Return the signals of a machine, or of the main meter where there is none."""
    if machine is None:
        return (_POWER, _ENERGY)
    if machine.spindle:
        return (*_COUNTING, _LOAD, _VIBRATION, _TEMPERATURE, _POWER, _ENERGY)
    if machine.machine == "leak-tester-1":
        return (*_COUNTING, LEAK, _PRESSURE, _TEMPERATURE, _POWER, _ENERGY)
    return (*_COUNTING, _TEMPERATURE, _POWER, _ENERGY)


#: How the value of every signal but the leak test is found, for moments of shape (n,).
SIGNALS: Mapping[str, Callable[[Course, Ints], Floats]] = {
    "state": lambda course, at: course.code[course.place(at)].astype(np.float64),
    "produced": lambda course, at: course.counts(at)[0].astype(np.float64),
    "good": lambda course, at: np.subtract(*course.counts(at)).astype(np.float64),
    "scrap": lambda course, at: course.counts(at)[1].astype(np.float64),
    "spindle-load": lambda course, at: _load(course, at),
    "vibration": lambda course, at: _vibration(course, at),
    "temperature": lambda course, at: _temperature(course, at),
    "test-pressure": lambda course, at: 6.0 + 0.018 * _noise(course, "test-pressure", at),
    "power": lambda course, at: _power(course, at),
    "energy": lambda course, at: course.energy_kwh(at),
}


def tag_of(machine: Machine | None, signal: Signal) -> str:
    """Return the tag of a signal."""
    return f"{METER_ASSET if machine is None else asset_of(machine)}/{signal.metric}"


def read(course: Course, signal: Signal, at: Ints) -> Floats:
    """Return what a sensor says at given moments, as it rounds it.

    Parameters
    ----------
    course
        Of the machine, until behind the last moment.
    signal
        Any of its signals but ``LEAK``, which speaks once a piece.
    at
        Shape (n,): epoch ms.
    """
    return np.round(SIGNALS[signal.metric](course, at), signal.decimals)


def leak_tests(course: Course, start: int, end: int) -> tuple[Ints, Floats]:
    """Return when pieces were tested after ``start`` up to ``end``, and their loss, Pa."""
    number, when = course.pieces(start, end)
    return when, np.round(leak(course.seed, number, when, course.first_day), LEAK.decimals)


def metered(courses: Mapping[str, Course], signal: Signal, at: Ints) -> Floats:
    """Return what the main meter says: all machines, light and compressed air."""
    first = next(iter(courses.values()))
    if signal is _ENERGY:
        machines = np.sum([one.energy_kwh(at) for one in courses.values()], axis=0)
        since = (at - first.edges[0]) / _HOUR
        total: Floats = machines + (_LIGHT_KW + _AIR_KW) * since
        return np.round(total, signal.decimals)
    drawn = np.sum([_power(one, at) for one in courses.values()], axis=0)
    air = _AIR_KW * (1 + 0.5 * slow(key(first.seed, METER, "air"), at, 240_000))
    now: Floats = drawn + _LIGHT_KW + np.clip(air, 2.0, 22.0)
    return np.round(now, signal.decimals)


def _noise(course: Course, metric: str, at: Ints) -> Floats:
    return normal(key(course.seed, course.machine.machine, metric), at // 1000)


def _cutting(course: Course, at: Ints) -> Floats:
    """Return how hard the spindle cuts, 0 to 1: hard in the middle of a piece, not between two."""
    done = course.progress(at) % 1.0
    running = course.code[course.place(at)] == Code.RUN
    return np.where(running, 0.15 + 0.85 * np.sin(np.pi * done) ** 0.7, 0.0)


def _load(course: Course, at: Ints) -> Floats:
    noise = _noise(course, "spindle-load", at)
    setting = course.code[course.place(at)] == Code.SETUP
    found = 62 * _cutting(course, at) + np.where(setting, 7.0, 0.0)
    return np.asarray(np.clip(found + np.where(found > 0, 2.2, 0.1) * noise, 0.0, 130.0))


def _vibration(course: Course, at: Ints) -> Floats:
    cuts = _cutting(course, at)
    worn = wear(course.machine, at, course.first_day) ** 2
    found = 0.12 + (0.9 + 3.4 * worn) * (cuts > 0) + 0.6 * cuts
    return np.asarray(found * np.maximum(1 + 0.07 * _noise(course, "vibration", at), 0.2))


def _temperature(course: Course, at: Ints) -> Floats:
    # Warmest at three in the afternoon, which is seven UTC.
    hall = 22 + 3.5 * np.cos(2 * np.pi * ((at / _HOUR) % 24 - 7) / 24)
    weather = 1.2 * slow(key(course.seed, "weather"), at, 12 * _HOUR)
    worn = 9.0 * wear(course.machine, at, course.first_day) ** 2
    return np.asarray(
        hall + weather + course.warmth(at) + worn + 0.15 * _noise(course, "temperature", at)
    )


def _power(course: Course, at: Ints) -> Floats:
    mean = course.drawn_kw(at)
    if course.machine.spindle:
        cuts = _cutting(course, at)
        mean = np.where(cuts > 0, mean * (0.62 + 0.55 * cuts), mean)
    return np.asarray(mean * np.maximum(1 + 0.03 * _noise(course, "power", at), 0.1))
