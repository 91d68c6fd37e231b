"""OEE of machines, against a computation second by second and against cases done by hand."""

from __future__ import annotations

import bisect
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.plant.reports.plant_lake import VIEWER, Told, befall, enter, tell

from ballast.errors import NotFound, NotPermitted, WrongUsage
from ballast.lake.lake import Lake
from ballast.plant.measures.kpi import Element
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.oee import OeeReport, oee_report
from ballast.plant.reports.window import Window, days, from_ms, to_ms
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.shift import Shift
from ballast.plant.site.site import Site
from ballast.plant.site.tag import SparkplugSource, StateMeaning, Tag, TagRole
from ballast.terms.label import Label
from ballast.terms.unit import COUNT
from ballast.terms.viewer import Viewer

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 6, 1, tzinfo=SHANGHAI)
ZERO = to_ms(DAY)
S = MachineState
MEANINGS = {
    "0": StateMeaning(S.IDLE),
    "1": StateMeaning(S.PRODUCING),
    "2": StateMeaning(S.SETUP, "换型"),
    "3": StateMeaning(S.DELAYED, "故障"),
    "4": StateMeaning(S.PLANNED_STOP),
}
EVERY_DAY = frozenset(range(7))


def tag(asset: str, name: str, role: TagRole, every_s: float | None = None) -> Tag:
    return Tag(
        f"{asset}/{name}", asset, Label(name, name), "", COUNT, role, every_s,
        MEANINGS if role is TagRole.STATE else {},
        source=SparkplugSource("shop", asset.rsplit("/", 1)[-1], None, name),
    )  # fmt: skip


def site_of(
    *machines: str, shifts: Sequence[Shift] = (), every_s: float | None = None,
    cycle_s: float | None = 10.0, zone: ZoneInfo = SHANGHAI,
) -> Site:  # fmt: skip
    tags = [tag(one, "state", TagRole.STATE, every_s) for one in machines]
    tags += [
        tag(one, role.value, role) for one in machines for role in (TagRole.PRODUCED, TagRole.GOOD)
    ]
    return Site(
        uscc="91371500MA3C4D5E6X", name=Label("厂", "shop"), zone=zone,
        assets={"shop": Asset("shop", None, Level.SITE, Label("厂", "shop"))}
        | {one: Asset(one, "shop", Level.MACHINE, Label(one, one), cycle_s=cycle_s) for one in machines},
        tags={one.tag: one for one in tags}, shifts=tuple(shifts),
    )  # fmt: skip


def shift(name: str, start: str, end: str, *breaks: tuple[str, str]) -> Shift:
    return Shift(
        name, Label(name, name), time.fromisoformat(start), time.fromisoformat(end), EVERY_DAY,
        tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in breaks),
    )  # fmt: skip


def clock(hours: float) -> int:
    """Return a moment of the day, epoch ms."""
    return ZERO + round(hours * 3_600_000)


def window(first: float = 0, last: float = 24, zone: ZoneInfo = SHANGHAI) -> Window:
    return Window(from_ms(clock(first), zone), from_ms(clock(last), zone), zone)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home", clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))


def only(report: OeeReport) -> dict[str, float]:
    """Return minutes by element of the only row of a report."""
    (row,) = report.rows
    return {name.value: row.elements[name] / 60.0 for name in Element}


# --- second by second -------------------------------------------------------------------------


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


@hypothesis_settings(max_examples=25)
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
    report = oee_report(
        lake, VIEWER,
        Window(from_ms(ZERO + first * 1000, SHANGHAI), from_ms(ZERO + last * 1000, SHANGHAI), SHANGHAI),
        site=site_of("m", shifts=shifts, every_s=drawn.every),
    )  # fmt: skip
    (row,) = report.rows
    expected = by_the_second(drawn, first, last)
    got = {
        "apt": row.elements[Element.APT], "aust": row.elements[Element.AUST],
        "adet": row.elements[Element.ADET], "idle": row.idle_s,
        "unrecorded": row.unrecorded_s, "planned": row.planned_s,
        "produced": np.nan_to_num(row.elements[Element.PQ]),
    }  # fmt: skip
    assert got == pytest.approx(expected), drawn
