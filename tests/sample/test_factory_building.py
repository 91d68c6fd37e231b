"""The factory's home: filled once, continued without hole or double, sheets and samples agree."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ballast.lake.lake import Lake
from ballast.plant.spool.reader import SpoolReader
from ballast.plant.spool.spool import Spool
from ballast.sample.factory.building import SHEET_DAYS, build, first_day_of
from ballast.sample.factory.course import Course, course
from ballast.sample.factory.days import DAY_MS, HOUR_MS
from ballast.sample.factory.history import outage, write_history
from ballast.sample.factory.records import frames
from ballast.sample.factory.shop import MACHINES, PREFIX, Code, asset_of
from ballast.sample.factory.signals import signals_of
from ballast.terms.viewer import operator

SEED, FIRST = 5, 20_000
NOW = (FIRST + SHEET_DAYS) * DAY_MS + 5 * HOUR_MS + 123
VIEWER = operator("test")


def silent(_text: str, _done: float) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def courses() -> dict[str, Course]:
    day = NOW // DAY_MS
    return {one.machine: course(SEED, one, FIRST, day) for one in MACHINES}


@pytest.fixture(scope="module")
def sheets(courses: dict[str, Course]) -> dict[str, pl.DataFrame]:
    return frames(courses, NOW)


def keys(folder: Path) -> tuple[dict[int, str], list[tuple[int, int, int]]]:
    reader = SpoolReader(folder)
    found = [
        key
        for _, some in reader.samples(-1, 1_000_000)
        for key in zip(some.tag.tolist(), some.time.tolist(), some.ordinal.tolist(), strict=True)
    ]
    return dict(enumerate(reader.names())), found


def test_a_stretch_written_in_two_goes_is_that_written_in_one(
    tmp_path: Path, courses: dict[str, Course]
) -> None:
    end = NOW - 2 * HOUR_MS
    cuts = {"one": [end - DAY_MS, end], "two": [end - DAY_MS, end - 7_654_321, end]}
    written = {}
    for name, edges in cuts.items():
        with Spool.open(tmp_path / name) as spool:
            for since, until in pairwise(edges):
                write_history(spool, courses, since, until)
        names, found = keys(tmp_path / name)
        assert len(set(found)) == len(found)
        written[name] = {(names[tag], time, ordinal) for tag, time, ordinal in found}
    assert written["one"] == written["two"]
    assert max(time for _, time, _ in written["one"]) <= end


def test_nothing_was_heard_of_packing_during_the_outage(
    tmp_path: Path, courses: dict[str, Course]
) -> None:
    dark, back = outage(FIRST)
    with Spool.open(tmp_path) as spool:
        write_history(spool, courses, dark - HOUR_MS, back + HOUR_MS)
    names, found = keys(tmp_path)
    inside = {names[tag] for tag, time, _ in found if dark <= time < back}
    assert inside
    assert not any("/packing/" in tag for tag in inside)
    events = [one for _, some in SpoolReader(tmp_path).events(-1, 100) for one in some]
    assert [(one.kind, one.since, one.until) for one in events if one.kind == "gap"] == [
        ("gap", dark, back)
    ]


def test_a_home_is_filled_and_goes_on_where_it_ended(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home", clock=lambda: datetime.fromtimestamp(NOW / 1000, UTC))
    spool = lake.home.path / "plant" / "spool"
    assert first_day_of(lake, VIEWER) is None
    early = NOW - 3 * DAY_MS
    first = build(lake, VIEWER, spool, silent, now=early, seed=SEED)
    assert first.first_day == early // DAY_MS - SHEET_DAYS == first_day_of(lake, VIEWER)
    tags = sum(len(signals_of(one)) for one in MACHINES)
    assert first.samples > 7 * 24 * 60 * (tags - 2)
    # The same again adds nothing, a later one what has come since, a broken-off one the rest.
    assert build(lake, VIEWER, spool, silent, now=early, seed=SEED).samples == 0
    then = build(lake, VIEWER, spool, silent, now=NOW, seed=SEED)
    assert then.first_day == first.first_day
    assert 0.3 < then.samples / first.samples < 0.6
    _, found = keys(spool)
    assert len(set(found)) == len(found)


def test_sheets_follow_from_the_days(
    sheets: dict[str, pl.DataFrame], courses: dict[str, Course]
) -> None:
    made = sheets["production"]
    assert made["batch_handle"].str.starts_with(f"{PREFIX}/3443.").all()
    assert (made["produced"] == made["good"] + made["scrap"]).all()
    whole = made.filter(pl.col("end").is_not_null())
    for machine in MACHINES:
        rows = whole.filter(pl.col("asset") == asset_of(machine))
        counted = courses[machine.machine].between(
            FIRST * DAY_MS,
            round(rows["end"].max().timestamp() * 1000),  # type: ignore[union-attr]
        )
        assert rows["produced"].sum() == counted[0]
        assert rows["scrap"].sum() == counted[1]


def test_what_is_under_way_has_no_end_yet(sheets: dict[str, pl.DataFrame]) -> None:
    now = datetime.fromtimestamp(NOW / 1000, UTC)
    for name in ("production", "downtime"):
        frame = sheets[name]
        assert frame["start"].max() <= now  # type: ignore[operator]
        assert frame["end"].max() <= now  # type: ignore[operator]
    running = sheets["production"].filter(pl.col("end").is_null())
    assert running.height == len(MACHINES)
    assert sheets["inspection"]["start"].max() < now  # type: ignore[operator]


def test_stops_of_a_machine_do_not_overlap_and_have_a_reason(
    sheets: dict[str, pl.DataFrame],
) -> None:
    for (_,), rows in sheets["downtime"].group_by("asset"):
        ordered = rows.sort("start")
        ends, starts = ordered["end"][:-1], ordered["start"][1:]
        assert (ends <= starts).all()
    assert sheets["downtime"]["reason"].str.len_chars().min() > 3  # type: ignore[operator]
    assert set(sheets["downtime"]["state"]) == {"delayed", "setup", "planned_stop"}


def test_the_bearing_stands_on_the_sheet(sheets: dict[str, pl.DataFrame]) -> None:
    (row,) = (
        sheets["downtime"].filter(pl.col("reason").str.contains("bearing")).iter_rows(named=True)
    )
    assert row["asset"] == "valve-shop/machining/lathe-2"
    assert (row["end"] - row["start"]).total_seconds() == 95 * 60


def test_bores_are_in_control_but_for_the_worn_insert(sheets: dict[str, pl.DataFrame]) -> None:
    bores = sheets["inspection"].filter(pl.col("characteristic").str.contains("bore"))
    means = bores.group_by("asset", "start").agg(pl.col("value").mean(), pl.len())
    assert set(means["len"]) == {5}
    off = means.filter((pl.col("value") - 12.0).abs() > 0.0077)
    assert off["asset"].to_list() == ["valve-shop/machining/mill-2"] * off.height
    assert 1 <= off.height <= 2
    counted = sheets["inspection"].filter(pl.col("defectives").is_not_null())
    assert (counted["defectives"] <= counted["inspected"]).all()
    assert 0 < counted["defectives"].mean() < 8  # type: ignore[operator]


def test_the_states_of_a_day_are_on_the_sheet_to_the_second(
    sheets: dict[str, pl.DataFrame], courses: dict[str, Course]
) -> None:
    one = courses["lathe-1"]
    rows = sheets["downtime"].filter(
        (pl.col("asset") == asset_of(one.machine)) & (pl.col("state") == "delayed")
    )
    lost = (rows["end"] - rows["start"]).sum().total_seconds()  # type: ignore[union-attr]
    until = np.minimum(one.edges[1:], NOW)
    faults = np.isin(one.code, [Code.TOOL, Code.FEED, Code.MATERIAL])
    told = np.maximum(until - one.edges[:-1], 0)[faults].sum() / 1000
    open_rows = rows.filter(pl.col("end").is_null()).height
    assert lost == told or open_rows
