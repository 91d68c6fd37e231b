"""One day of a hundred machines, ten tags each, a value a second: how long do its reports take?

86.4 million rows go into the lake through the shipper itself (its outbox is
fed from memory instead of a log), in batches as large as the files that its
merges make in the end: the files on the disk are what a plant has after a day.
Then OEE of all machines and one control chart of a tag's 86,400 values, against
a bare DuckDB scan of the same files in the same run. Cold: the files are not in
the memory of the operating system, and the process has read nothing of them.
Warm: the median of five.

    python benchmarks/plant_day.py [machines] [folder to keep the lake in]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.lake.shipper import ship, shipping
from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.charts import TagSubject, control_chart
from ballast.plant.reports.oee import OeeReport, oee_report
from ballast.plant.reports.window import Window, day, to_ms
from ballast.plant.site.asset import Asset, Level
from ballast.plant.site.shift import Shift
from ballast.plant.site.site import Site
from ballast.plant.site.tag import StateMeaning, Tag, TagRole
from ballast.plant.spool.reader import Stream
from ballast.plant.spool.samples import Samples
from ballast.serve.plant_outbox import PlantSamples
from ballast.serve.plant_rollups import COMBINED, Owner
from ballast.terms.label import Label
from ballast.terms.unit import COUNT
from ballast.terms.viewer import operator

MACHINES, SECONDS, FILE_ROWS, REPEATS = 100, 86_400, 1 << 22, 5
ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 22, tzinfo=ZONE)
OEE_S, CHART_S = 2.0, 0.1
ROLES = {"state": TagRole.STATE, "produced": TagRole.PRODUCED, "good": TagRole.GOOD}
TAGS = (*ROLES, *(f"value-{n}" for n in range(7)))
MEANINGS = MappingProxyType(
    {
        "0": StateMeaning(MachineState.IDLE),
        "1": StateMeaning(MachineState.PRODUCING),
        "2": StateMeaning(MachineState.SETUP, "换型"),
        "3": StateMeaning(MachineState.DELAYED, "换刀"),
        "4": StateMeaning(MachineState.DELAYED, "卡料"),
    }
)
_SHIFTS = (("day", "08:00", "20:00", "12"), ("night", "20:00", "08:00", "00"))
VIEWER = operator("benchmark")


def names(machines: int) -> list[str]:
    """Return the tags, machine by machine."""
    return [f"shop/machine-{n:03d}/{tag}" for n in range(machines) for tag in TAGS]


def site_of(machines: int) -> Site:
    """Return the mapping of the plant: two shifts with a break each."""
    found = {}
    for name in names(machines):
        asset, _, last = name.rpartition("/")
        role = ROLES.get(last, TagRole.MEASUREMENT)
        found[name] = Tag(
            name, asset, Label(last, last), last, COUNT, role, 1.0,
            MEANINGS if role is TagRole.STATE else {},
            lower=40.0 if role is TagRole.MEASUREMENT else None,
            upper=60.0 if role is TagRole.MEASUREMENT else None,
        )  # fmt: skip
    clock = datetime.fromisoformat
    shifts = tuple(
        Shift(name, Label(name, name), clock(f"2026-11-22T{start}").time(),
              clock(f"2026-11-22T{end}").time(), frozenset(range(7)),
              ((clock(f"2026-11-22T{pause}:00").time(), clock(f"2026-11-22T{pause}:30").time()),))
        for name, start, end, pause in _SHIFTS
    )  # fmt: skip
    assets = {tag.asset: Asset(tag.asset, None, Level.MACHINE, tag.name, cycle_s=28.0)
              for tag in found.values()}  # fmt: skip
    return Site("", Label("车间", "shop"), ZONE, "synthetic", assets, found, shifts)


class Day:
    """A spool of one day, made up as it is read; the shipper asks it as it asks any."""

    def __init__(self, machines: int) -> None:
        self.tags = names(machines)
        self.rng = np.random.default_rng(11)
        self.step = FILE_ROWS // len(self.tags)
        # Some forty stretches a day and machine: a state, then another one.
        self.states = np.zeros((machines, SECONDS), np.float64)
        for row in self.states:
            edges = np.sort(self.rng.integers(0, SECONDS, 40))
            row[:] = self.rng.choice([1, 1, 1, 1, 0, 2, 3, 4], 41)[
                np.searchsorted(edges, np.arange(SECONDS), "right")
            ]
        producing = self.states == 1
        self.made = np.floor(np.cumsum(producing, axis=1) / self.rng.uniform(26, 34, (machines, 1)))
        self.good = np.floor(self.made * 0.98)

    def identity(self) -> str:
        """Return the name of the log."""
        return "benchmark"

    def last(self, stream: Stream) -> int:
        """Return the number of the newest sample."""
        return SECONDS * len(self.tags) - 1 if stream is Stream.SAMPLES else -1

    def names(self) -> tuple[str, ...]:
        """Return the names of the tags."""
        return tuple(self.tags)

    def forget(self, stream: Stream, up_to: int) -> None:
        """Do nothing: there is no disk behind it."""

    def samples(self, after: int, limit: int) -> Iterator[tuple[int, Samples]]:
        """Yield the day, a file's worth at a time."""
        count, begin = len(self.tags), to_ms(DAY)
        for first in range((after + 1) // count, SECONDS, limit // count):
            at = slice(first, min(first + limit // count, SECONDS))
            rows = at.stop - at.start
            value = np.empty((rows, count // len(TAGS), len(TAGS)))
            value[:, :, 0], value[:, :, 1], value[:, :, 2] = (
                self.states[:, at].T,
                self.made[:, at].T,
                self.good[:, at].T,
            )
            value[:, :, 3:] = np.round(self.rng.normal(50.0, 2.5, value[:, :, 3:].shape), 2)
            times = np.repeat(begin + 1000 * np.arange(at.start, at.stop), count)
            numbers = np.tile(np.arange(count, dtype=np.int32), rows)
            received = times + self.rng.integers(3, 40, len(times))
            yield (
                at.stop * count - 1,
                Samples.of(numbers, times, value.reshape(-1), received_at=received),
            )


def fill(lake: Lake, machines: int) -> None:
    """Put the day into the lake, as the shipper does."""
    outbox = PlantSamples(Day(machines), lambda: Owner(None, "synthetic"), lambda _: (), print)  # type: ignore[arg-type]
    with shipping(lake):
        begun = time.perf_counter()
        found = ship(lake, outbox, limit=FILE_ROWS, combine=COMBINED)
    spent = time.perf_counter() - begun
    print(f"shipped {found.rows:,} rows in {found.batches} batches, {spent:.0f} s")


def forget_files(lake: Lake) -> None:
    """Take the files of the lake out of the memory of the operating system."""
    os.sync()
    for path in lake.home.lake.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def timed(action: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def measure(name: str, action: Callable[[], object], lake: Lake, bound: float | None) -> float:
    """Time an action cold and warm, print both, and return the warm one."""
    forget_files(lake)
    cold = timed(action)
    warm = statistics.median(timed(action) for _ in range(REPEATS))
    held = "" if bound is None else f"; bound {bound:g} s: {'held' if warm < bound else 'missed'}"
    print(f"{name}: cold {cold:.3f} s, warm {warm:.3f} s{held}")
    return warm


def bare_scan(lake: Lake) -> float:
    """Scan every sample with DuckDB and nothing else."""
    files = store.files(lake.directory("telemetry"))
    bare = duckdb.connect()
    query = "SELECT count(*), sum(value), max(time), max(tag) FROM read_parquet(?)"
    return measure(
        "bare DuckDB scan of all samples",
        lambda: bare.execute(query, [files]).fetchall(),
        lake,
        None,
    )


def check(report: OeeReport, plant: Day, machines: int) -> None:
    """Compare a few machines with the day they were made from."""
    seconds = np.arange(SECONDS)
    planned = (seconds // 1800 != 24) & (seconds // 1800 != 0)
    for number in range(0, machines, 17):
        row = report.rows[number]
        states = plant.states[number]
        known = (np.isin(states, (1, 2)) | planned)[:-1]  # the last value is told at its end
        expected = float((known & (states[:-1] == 1)).sum())
        if abs(row.elements["APT"] - expected) > 1.0:  # type: ignore[index]
            sys.exit(f"machine {number}: {row.elements['APT']} s of production, not {expected}")  # type: ignore[index]


def main() -> None:
    """Fill a lake, or take one that is kept, and measure."""
    machines = int(sys.argv[1]) if len(sys.argv) > 1 else MACHINES
    with tempfile.TemporaryDirectory(prefix="ballast-plant-day-") as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "home"
        lake = Lake.create(folder, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC))
        if not store.files(lake.directory("telemetry")):
            fill(lake, machines)
        files = [Path(name) for name in store.files(lake.directory("telemetry"))]
        size = sum(file.stat().st_size for file in files)
        rows = SECONDS * machines * len(TAGS)
        print(f"{rows:,} samples in {len(files)} files, {size / 1e6:,.0f} MB")
        site, window = site_of(machines), day(DAY.date(), ZONE)
        reports: list[OeeReport] = []

        def report() -> None:
            reports[:] = [oee_report(lake, VIEWER, window, site=site)]

        def chart(of: Window, **more: object) -> Callable[[], object]:
            subject = TagSubject(f"shop/machine-{machines // 2:03d}/value-3")
            return lambda: control_chart(lake, VIEWER, subject, of, site=site, **more)  # type: ignore[arg-type]

        scan = bare_scan(lake)
        oee = measure(f"OEE of {machines} machines", report, lake, OEE_S)
        of_day = measure(
            "control chart of a day (86,400 values, I-MR)", chart(window), lake, CHART_S
        )
        measure("control chart of a day (X̄-R of 5)", chart(window, kind="xbar_r"), lake, CHART_S)
        print(f"OEE {scan / oee:.2f} x, chart {scan / of_day:.2f} x as fast as the bare scan")
        check(reports[0], Day(machines), machines)


if __name__ == "__main__":
    main()
