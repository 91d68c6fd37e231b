"""Samples are kept for days, minutes for longer, hours for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.serve.plant_log import BEGUN, ME, written

from ballast.lake.lake import Lake
from ballast.serve.retention import MINUTES_LONGER, Retention
from ballast.serve.ship_once import ship_once

FIRST = datetime.fromtimestamp(BEGUN / 1000, UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, days: float) -> None:
        self.now = FIRST + timedelta(days=days)

    def __call__(self) -> datetime:
        return self.now


def counts(lake: Lake) -> list[bool]:
    names = ("telemetry", "telemetry_1min", "telemetry_1h")
    return [lake.read(name, ME).count().to_pyarrow().as_py() > 0 for name in names]


def shipped(tmp_path: Path) -> Lake:
    lake = Lake.open(written(tmp_path / "home", upto=90))
    ship_once(lake)
    return lake


def test_samples_go_before_minutes_and_hours_stay(tmp_path: Path) -> None:
    lake, clock = shipped(tmp_path), Clock(9.9)
    retention = Retention(lake, 10, clock)
    assert retention.go() == 0
    clock.now += timedelta(days=1)
    assert retention.go() == 90
    assert counts(lake) == [False, True, True]
    clock.now = FIRST + timedelta(days=10 * MINUTES_LONGER + 1)
    assert retention.go() > 0
    assert counts(lake) == [False, False, True]


def test_it_is_looked_at_about_once_an_hour(tmp_path: Path) -> None:
    lake, clock = shipped(tmp_path), Clock(0)
    retention = Retention(lake, 10, clock)
    retention.go()
    clock.now += timedelta(minutes=59)
    assert retention._next is not None
    assert clock.now < retention._next
    clock.now += timedelta(days=20)
    assert retention.go() == 90


def test_nothing_goes_where_all_is_kept_or_nothing_is_there(tmp_path: Path) -> None:
    lake = shipped(tmp_path)
    assert Retention(lake, 0, Clock(9_999)).go() == 0
    assert counts(lake) == [True, True, True]
    assert Retention(Lake.create(tmp_path / "empty"), 10, Clock(9_999)).go() == 0
