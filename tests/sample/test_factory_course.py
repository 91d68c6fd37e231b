"""The days of the sample factory: the same for history and live, and what is said of them holds."""

from __future__ import annotations

import numpy as np
import pytest

from ballast.sample.factory.course import Course, course, wear
from ballast.sample.factory.days import (
    BEARING_DAY,
    BEARING_FAILS,
    DAY_MS,
    HOUR_MS,
    drift,
    order_of,
    orders_of,
    stretches,
)
from ballast.sample.factory.shop import LEAK_UPPER, MACHINES, MEANINGS, Code, Machine
from ballast.sample.factory.signals import SIGNALS, leak_tests, metered, read, signals_of

SEED, FIRST = 11, 20_000
LAST = FIRST + 30
SHIFT_MS = 12 * HOUR_MS


def machine(name: str) -> Machine:
    return next(one for one in MACHINES if one.machine == name)


@pytest.fixture(scope="module")
def courses() -> dict[str, Course]:
    return {one.machine: course(SEED, one, FIRST, LAST) for one in MACHINES}


def test_a_day_is_the_same_however_many_days_are_asked_for(courses: dict[str, Course]) -> None:
    short = course(SEED, machine("lathe-1"), FIRST, FIRST + 3)
    at = np.arange(FIRST * DAY_MS, (FIRST + 4) * DAY_MS, 61_000, dtype=np.int64)
    for signal in signals_of(machine("lathe-1")):
        both = [read(one, signal, at) for one in (short, courses["lathe-1"])]
        assert both[0].tolist() == both[1].tolist(), signal.metric


def test_another_seed_is_another_factory() -> None:
    one, other = (course(seed, machine("mill-1"), FIRST, FIRST + 1) for seed in (1, 2))
    assert one.made[-1] != other.made[-1]


def test_stretches_cover_the_day_and_neighbours_differ() -> None:
    for one in MACHINES:
        day = stretches(SEED, one, FIRST + 5, FIRST)
        assert day.edges[0] == (FIRST + 5) * DAY_MS
        assert day.edges[-1] == (FIRST + 6) * DAY_MS
        assert (np.diff(day.edges) > 0).all()
        same = (np.diff(day.code) == 0) & (np.diff(day.order) == 0)
        assert not same.any()
        assert set(day.code.tolist()) <= set(MEANINGS)


def test_breaks_are_those_of_the_mapping(courses: dict[str, Course]) -> None:
    lunch = (FIRST + 2) * DAY_MS + int(3.5 * HOUR_MS)  # half past eleven in China
    at = np.array([lunch - 1, lunch, lunch + 45 * 60_000 - 1, lunch + 45 * 60_000])
    for one in courses.values():
        states = one.code[one.place(at)]
        assert (states[1:3] == Code.BREAK).all()
        assert (states[[0, 3]] != Code.BREAK).all()


def test_counters_begin_with_the_shift_and_add_up(courses: dict[str, Course]) -> None:
    for one in courses.values():
        start = (FIRST + 4) * DAY_MS
        at = np.arange(start, start + SHIFT_MS, 60_000, dtype=np.int64)
        produced, scrap = one.counts(at)
        assert produced[0] == scrap[0] == 0
        assert (np.diff(produced) >= 0).all()
        assert (np.diff(scrap) >= 0).all()
        assert (scrap <= produced).all()
        made, bad = one.between(start, start + SHIFT_MS)
        assert made == pytest.approx(int(produced[-1]), abs=10)
        assert bad >= scrap[-1]


def test_a_standing_machine_makes_nothing(courses: dict[str, Course]) -> None:
    one = courses["lathe-1"]
    for place in np.flatnonzero(~np.isin(one.code, [Code.RUN]))[:50]:
        assert one.made[place + 1] == one.made[place]


def test_energy_never_falls_and_is_power_times_time(courses: dict[str, Course]) -> None:
    at = np.arange(FIRST * DAY_MS, (FIRST + 7) * DAY_MS, 300_000, dtype=np.int64)
    for one in courses.values():
        counted = one.energy_kwh(at)
        assert (np.diff(counted) >= 0).all()
        mean = counted[-1] / (7 * 24)
        assert 0.4 * one.machine.run_kw < mean < one.machine.run_kw
    energy = next(s for s in signals_of(None) if s.metric == "energy")
    power = next(s for s in signals_of(None) if s.metric == "power")
    total = metered(courses, energy, at)
    assert (np.diff(total) >= 0).all()
    drawn = metered(courses, power, at).mean()
    assert (total[-1] - total[0]) / ((at[-1] - at[0]) / HOUR_MS) == pytest.approx(drawn, rel=0.05)


def test_temperature_has_no_jumps(courses: dict[str, Course]) -> None:
    signal = next(s for s in signals_of(machine("lathe-1")) if s.metric == "temperature")
    at = np.arange(FIRST * DAY_MS, (FIRST + 3) * DAY_MS, 60_000, dtype=np.int64)
    found = read(courses["lathe-1"], signal, at)
    assert np.abs(np.diff(found)).max() < 3.0
    assert found.min() > 15
    assert found.max() < 75


def test_leak_tests_drift_at_the_known_moment_and_only_then(courses: dict[str, Course]) -> None:
    one = courses["leak-tester-1"]
    start, end = drift(FIRST)
    before = leak_tests(one, start - DAY_MS, start)[1]
    when, worn = leak_tests(one, start, end)
    after = leak_tests(one, end + HOUR_MS, end + DAY_MS)[1]
    assert before.mean() == pytest.approx(21, abs=0.5)
    assert after.mean() == pytest.approx(21, abs=0.5)
    assert worn[-200:].mean() > 40
    assert (before <= LEAK_UPPER).all()
    # What fails the test is scrap: the counter says the same as the values.
    _, bad = one.between(start, end)
    assert bad >= int((worn > LEAK_UPPER).sum()) > 10
    assert (np.diff(when) > 0).all()
    at = np.array([end, end + 34 * 60_000])
    assert (one.code[one.place(at)] == Code.SEAL).all()


def test_the_bearing_is_heard_before_it_fails(courses: dict[str, Course]) -> None:
    fails = (FIRST + BEARING_DAY) * DAY_MS + BEARING_FAILS
    one = courses["lathe-2"]
    assert one.code[one.place(np.array([fails]))][0] == Code.SPINDLE
    at = np.array([fails - 40 * HOUR_MS, fails - 60_000, fails + HOUR_MS])
    assert wear(one.machine, at, FIRST).tolist() == pytest.approx([0, 1, 0], abs=0.01)
    assert not wear(machine("lathe-1"), at, FIRST).any()
    signal = next(s for s in signals_of(one.machine) if s.metric == "vibration")

    def loud(around: int) -> float:
        near = np.arange(around - 4 * HOUR_MS, around, 10_000, dtype=np.int64)
        running = one.code[one.place(near)] == Code.RUN
        return float(np.median(read(one, signal, near[running])))

    assert loud(fails) > 2.5 * loud(fails - 2 * DAY_MS)


def test_products_of_a_shift_differ_and_batches_are_named_once() -> None:
    days = [orders_of(SEED, day) for day in range(FIRST, FIRST + 60)]
    assert all(a.product is not b.product for d in days for a, b in (d[:2], d[2:]))
    batches = [one.batch for d in days for one in d]
    assert len(set(batches)) == len(batches)
    assert order_of(SEED, FIRST, 3) == days[0][3]


def test_every_signal_says_numbers_at_any_moment(courses: dict[str, Course]) -> None:
    rng = np.random.default_rng(3)
    at = np.sort(rng.integers(FIRST * DAY_MS, (LAST + 1) * DAY_MS, 2000))
    for one in MACHINES:
        for signal in signals_of(one):
            if signal.metric in SIGNALS:
                assert np.isfinite(read(courses[one.machine], signal, at)).all(), signal.metric


def test_the_shop_is_neither_idle_nor_perfect(courses: dict[str, Course]) -> None:
    for one in courses.values():
        days = LAST - FIRST + 1
        ideal = one.made[-1] * one.machine.cycle_s / (days * 86_400)
        assert 0.5 < ideal < 0.9, one.machine.machine
