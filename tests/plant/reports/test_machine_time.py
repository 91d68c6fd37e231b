"""Times of machines: against counting every second, and against cases done by hand."""

from __future__ import annotations

import bisect
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.plant.reports.plant_lake import VIEWER, Told, befall, enter, tell
from tests.plant.reports.small_plant import (
    DAY,
    SHANGHAI,
    ZERO,
    S,
    clock,
    shift,
    site_of,
    window,
)

from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.reports.oee import oee_report
from ballast.plant.reports.window import Window, days, from_ms, to_ms


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))


@dataclass
class Drawn:
    """A random stretch of a plant, everything on whole seconds after ``ZERO``."""

    seconds: int
    every: int | None
    states: list[tuple[int, int]] = field(default_factory=list)
    counter: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[tuple[int, int | None]] = field(default_factory=list)
    stops: list[tuple[int, int, int, str]] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    shift: tuple[int, int] = (0, 0)


def draw(seed: int) -> Drawn:
    random = np.random.default_rng(seed)
    seconds = int(random.integers(1, 4)) * 3600 + int(random.integers(0, 1800))
    every = int(random.choice([0, 1, 7, 30])) or None
    found = Drawn(seconds, every)
    moment, state = int(random.integers(0, 900)), 1
    while moment < seconds + 600:
        length = int(random.choice([5, 40, 200, 1500, 4000]) * random.random()) + 1
        if every is None:
            found.states.append((moment, state))
        else:
            there = range(moment, moment + length, every)
            kept = random.random(len(there)) > random.choice([0.0, 0.02, 0.4])
            found.states += [(t, state) for t, keep in zip(there, kept, strict=True) if keep]
        moment += length
        state = int(random.choice([0, 1, 1, 1, 2, 3, 4, 9]))
    count, moment = 100, int(random.integers(0, 100))
    while moment < seconds + 600:
        found.counter.append((moment, count))
        count = 0 if random.random() < 0.01 else count + int(random.integers(0, 3))
        moment += int(random.integers(1, 60))
    for _ in range(int(random.integers(0, 4))):
        since = int(random.integers(0, seconds))
        until = None if random.random() < 0.3 else since + int(random.integers(0, 1200))
        found.gaps.append((since, until))
    for number in range(int(random.integers(0, 4))):
        start = int(random.integers(0, seconds))
        end = start + int(random.integers(1, 2000))
        found.stops.append((start, end, int(random.choice([2, 3, 4])), f"人{number}"))
    found.stops = list({row[0]: row for row in found.stops}.values())
    first, last = sorted(int(x) // 60 * 60 for x in random.integers(0, seconds, 2))
    found.shift = (first, last + 60)
    middle = (first + last) // 120 * 60
    found.breaks = [(middle, middle + 60)] if random.random() < 0.5 else []
    return found


def by_the_second(drawn: Drawn, first: int, last: int) -> dict[str, float]:
    """Return times and pieces of the machine, looking at every second by itself."""
    totals = dict.fromkeys(("apt", "aust", "adet", "idle", "unrecorded", "planned"), 0.0)
    newest = max([t for t, _ in drawn.states] + [t for t, _ in drawn.counter])
    unknown = set()
    gaps = merged([(a, a if b is None else b) for a, b in drawn.gaps])
    told = [t for t, _ in drawn.states]
    for second in range(first, last):
        state: int | None = None
        place = bisect.bisect_right(told, second) - 1
        if place >= 0 and second < newest:
            when, state = drawn.states[place]
            if drawn.every is not None and second >= when + 3 * drawn.every:
                state = None
            for since, until in gaps:
                if when <= since <= second:
                    state = None
                if since < when < until and when + 60 < until and second >= when + 60:
                    state = None
            if state is not None and state > 4:
                state = None
        else:
            state = None
        if state is not None:
            state = {0: S.IDLE, 1: S.PRODUCING, 2: S.SETUP, 3: S.DELAYED, 4: S.PLANNED_STOP}[state]
        covering = [row for row in drawn.stops if row[0] <= second < row[1]]
        if covering:
            state = max(covering)[2]
        planned = drawn.shift[0] <= second < drawn.shift[1] and not any(
            a <= second < b for a, b in drawn.breaks
        )
        totals["planned"] += planned
        if state is None and planned:
            totals["unrecorded"] += 1
        if state is None:
            if planned:
                unknown.add(second)
            continue
        if not planned and state not in (S.PRODUCING, S.SETUP):
            continue
        name = {S.PRODUCING: "apt", S.SETUP: "aust", S.DELAYED: "adet", S.IDLE: "idle"}.get(
            S(state)
        )
        if name:
            totals[name] += 1
    totals["produced"] = 0.0
    for (before, a), (when, b) in zip(drawn.counter, drawn.counter[1:], strict=False):
        if first <= when < last:
            dark = sum(1 for s in range(max(before, first), when) if s in unknown)
            if 2 * dark <= when - max(before, first):
                totals["produced"] += b - a if b >= a else b
    return totals


def merged(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for since, until in sorted(gaps):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def clock_text(second: int) -> str:
    return (DAY + timedelta(seconds=second)).time().isoformat()


@hypothesis_settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_it_is_what_counting_every_second_gives(seed: int) -> None:
    drawn = draw(seed)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.create(Path(folder) / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
        check_against_seconds(lake, drawn, seed)


def check_against_seconds(lake: Lake, drawn: Drawn, seed: int) -> None:
    random = np.random.default_rng(seed + 1)
    cut = int(random.integers(0, drawn.seconds))
    said: list[dict[str, list[tuple[int, Told]]]] = [{}, {}]
    for name, rows in (("m/state", drawn.states), ("m/produced", drawn.counter)):
        for t, value in rows:  # in two batches, with some samples of the first coming late
            late = t >= cut or random.random() < 0.02
            said[int(late)].setdefault(name, []).append((ZERO + t * 1000, float(value)))
    for batch in said:
        tell(lake, batch)
    if drawn.gaps:
        befall(
            lake,
            *(
                {"at": ZERO + (a if b is None else b) * 1000, "since": ZERO + a * 1000,
                 "until": None if b is None else ZERO + b * 1000, "kind": "gap",
                 "source": "shop/m", "seq": n}
                for n, (a, b) in enumerate(drawn.gaps)
            ),
        )  # fmt: skip
    if drawn.stops:
        enter(
            lake, "downtime",
            *(
                {"asset": "m", "start": ZERO + a * 1000, "end": ZERO + b * 1000,
                 "state": S(state).name.lower(), "reason": why}
                for a, b, state, why in drawn.stops
            ),
        )  # fmt: skip
    breaks = [(clock_text(a), clock_text(b)) for a, b in drawn.breaks]
    shifts = [shift("s", clock_text(drawn.shift[0]), clock_text(drawn.shift[1]), *breaks)]
    first, last = sorted(random.choice(drawn.seconds, 2, replace=False).tolist())
    if random.random() < 0.5:
        first, last = 0, drawn.seconds
    start, end = (from_ms(ZERO + at * 1000, SHANGHAI) for at in (first, last))
    asked = Window(start, end, SHANGHAI)
    site = site_of("m", shifts=shifts, every_s=drawn.every)
    report = oee_report(lake, VIEWER, asked, site=site)
    (row,) = report.rows
    expected = by_the_second(drawn, first, last)
    got = {
        "apt": row.elements[Element.APT], "aust": row.elements[Element.AUST],
        "adet": row.elements[Element.ADET], "idle": row.idle_s,
        "unrecorded": row.unrecorded_s, "planned": row.planned_s,
        "produced": np.nan_to_num(row.elements[Element.PQ]),
    }  # fmt: skip
    assert got == pytest.approx(expected), drawn


NIGHT = shift("night", "20:00", "08:00", ("00:00", "00:30"))
EARLY, LATE = shift("early", "08:00", "16:00"), shift("late", "16:00", "23:59")


def test_a_shift_over_midnight_is_one_row_of_the_day_on_which_it_began(lake: Lake) -> None:
    tell(
        lake,
        {"m/state": [(clock(20), 1.0), (clock(23), 3.0), (clock(25), 1.0), (clock(33), 0.0)]},
    )
    report = oee_report(
        lake, VIEWER, window(0, 48), by="shift", site=site_of("m", shifts=[NIGHT])
    )  # fmt: skip
    assert [row.key for row in report.rows] == [
        "2026-05-31 night",
        "2026-06-01 night",
        "2026-06-02 night",
    ]
    row = report.rows[1]
    # 20–23 producing, 23–1 stopped less the break 0:00–0:30, 1–8 producing.
    assert row.elements[Element.APT] == 10 * 3600
    assert row.elements[Element.ADET] == 1.5 * 3600
    assert dict(row.delays_s) == {"故障": 1.5 * 3600}
    assert row.planned_s == 11.5 * 3600
    assert row.unrecorded_s == 0


def test_a_stop_across_a_shift_boundary_is_cut_at_it(lake: Lake) -> None:
    tell(
        lake, {"m/state": [(clock(8), 1.0), (clock(15.5), 3.0), (clock(17), 1.0), (clock(24), 1.0)]}
    )
    report = oee_report(
        lake, VIEWER, window(), by="shift", site=site_of("m", shifts=[EARLY, LATE])
    )  # fmt: skip
    early, late = report.rows
    assert early.elements[Element.ADET] == 1800
    assert late.elements[Element.ADET] == 3600
    assert early.kpis["availability"] == 7.5 / 8


def test_time_without_a_record_is_told_and_is_in_no_indicator(lake: Lake) -> None:
    tell(
        lake,
        {
            "m/state": [(clock(8), 1.0), (clock(11), 1.0), (clock(12), 3.0)],
            "m/produced": [(clock(8), 0.0), (clock(9), 100.0), (clock(11), 700.0)],
        },
    )
    befall(lake, {"at": clock(11), "since": clock(9), "until": clock(11), "kind": "gap",
                  "source": "shop/m"})  # fmt: skip
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.APT] == 2 * 3600
    assert row.elements[Element.PBT] == 2 * 3600
    assert row.unrecorded_s == 2 * 3600
    assert row.coverage == 0.5
    assert row.elements[Element.PQ] == 100  # the 600 of the gap have no time to stand against
    said = " ".join(note.text("en") for note in row.notes)
    assert "120.0 min of the planned time are not recorded" in said
    assert "600 pieces were counted while" in said


def test_a_state_is_not_held_beyond_the_newest_sample_of_the_plant(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0)], "other/state": [(clock(9), 1.0)]})
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.APT] == 3600
    assert row.unrecorded_s == 3 * 3600


def test_a_collector_that_was_killed_leaves_no_production_behind(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(12), 3.0)],
                "m/produced": [(clock(9), 1.0), (clock(12), 2.0)]})  # fmt: skip
    befall(
        lake,
        {"at": clock(7), "since": clock(7), "kind": "started", "source": "broker"},
        {"at": clock(11.5), "since": clock(11.5), "kind": "started", "source": "broker"},
    )
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.APT] == 3600
    assert row.unrecorded_s == 3 * 3600


def test_what_people_enter_goes_before_the_machine_and_the_later_entry_before_the_earlier(
    lake: Lake,
) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(16), 1.0)]})
    enter(
        lake,
        "downtime",
        {
            "asset": "m",
            "start": clock(9),
            "end": clock(12),
            "state": "planned_stop",
            "reason": "保养",
        },
        {"asset": "m", "start": clock(10), "end": clock(11), "state": "delayed", "reason": "缺料"},
    )
    (row,) = oee_report(lake, VIEWER, window(8, 16), site=site_of("m")).rows
    assert row.elements[Element.APT] == 5 * 3600
    assert dict(row.delays_s) == {"缺料": 3600}
    assert row.elements[Element.PBT] == 6 * 3600
    said = " ".join(note.text("en") for note in row.notes)
    assert "stops as entered overlap" in said
    assert "180.0 min in which the machine said it was producing" in said


def test_an_open_stop_ends_when_the_machine_is_next_seen_producing(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(10), 0.0), (clock(11), 1.0), (clock(12), 1.0)]})
    enter(
        lake, "downtime", {"asset": "m", "start": clock(10), "state": "delayed", "reason": "卡刀"}
    )
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert dict(row.delays_s) == {"卡刀": 3600}
    assert row.elements[Element.APT] == 3 * 3600


def test_overtime_counts_as_busy_and_a_stop_after_work_does_not(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(17), 3.0), (clock(18), 3.0)]})
    (row,) = oee_report(lake, VIEWER, window(), site=site_of("m", shifts=[EARLY])).rows
    assert row.elements[Element.APT] == 9 * 3600
    assert row.overtime_s == 3600
    assert row.elements[Element.ADET] == 0


def test_days_are_those_of_the_zone_also_where_clocks_change(lake: Lake) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = to_ms(datetime(2026, 10, 24, tzinfo=berlin))
    tell(lake, {"m/state": [(begin, 1.0), (begin + 49 * 3_600_000, 1.0)]})
    whole = days(date(2026, 10, 24), date(2026, 10, 25), berlin)
    report = oee_report(lake, VIEWER, whole, by="day", site=site_of("m", zone=berlin))
    assert [row.window_s / 3600 for row in report.rows] == [24, 25]
    assert [row.elements[Element.APT] / 3600 for row in report.rows] == [24, 25]


def test_a_value_without_a_meaning_is_unrecorded_and_named(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(9), 77.0), (clock(10), 1.0), (clock(12), 1.0)]})
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.unrecorded_s == 3600
    assert any("told 77" in note.text("en") for note in row.notes)


def test_a_state_of_bad_quality_is_not_believed(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(9), 1.0), (clock(12), 1.0)]},
         quality={("m/state", clock(9)): 0})  # fmt: skip
    (row,) = oee_report(lake, VIEWER, window(8, 12), site=site_of("m")).rows
    assert row.elements[Element.APT] == 3600


def test_where_samples_are_gone_the_roll_ups_tell_what_they_can(lake: Lake) -> None:
    tell(lake, {"m/state": [(clock(8), 1.0), (clock(9) + 10_000, 1.0), (clock(9) + 40_000, 3.0),
                            (clock(10), 1.0)]}, raw=False)  # fmt: skip
    (row,) = oee_report(lake, VIEWER, window(8, 10), site=site_of("m")).rows
    assert row.elements[Element.APT] == 3600 + 10
    assert row.unrecorded_s == 30
    assert row.elements[Element.ADET] == 3600 - 40
