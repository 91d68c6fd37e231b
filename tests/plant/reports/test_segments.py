"""Segments: read as coarsely as the question allows, the same as from the samples alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.plant.reports.plant_lake import VIEWER, Told, tell
from tests.plant.reports.small_plant import clock

from ballast.lake.lake import Lake
from ballast.plant.reports.accounts import counted, increments
from ballast.plant.reports.parts import Segments
from ballast.plant.reports.segments import Said, Wanted, read_segments, watermark
from ballast.plant.reports.spans import Plan, laid


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


def said(lake: Lake, *edges: int, alike: bool = True, every: int | None = 1000) -> Said:
    wanted = Wanted("m/s", np.array(edges, dtype=np.int64), alike=alike, every_ms=every)
    return read_segments(lake, VIEWER, [wanted], clock(8), clock(11))


def second_by_second(*changes: tuple[float, float]) -> list[tuple[int, Told]]:
    """Return a value a second from eight to eleven, another one from each change on."""
    at = range(clock(8), clock(11), 1000)
    return [(ms, [v for hour, v in changes if clock(hour) <= ms][-1]) for ms in at]


def test_hours_of_one_value_are_taken_whole(lake: Lake) -> None:
    tell(lake, {"m/s": second_by_second((8, 1.0))})
    found = said(lake)
    assert found.samples == 0
    assert len(found.of["m/s"]) == 3


def test_samples_are_read_only_of_the_minute_in_which_something_changed(lake: Lake) -> None:
    tell(lake, {"m/s": second_by_second((8, 1.0), (9.508, 3.0))})
    found = said(lake)
    assert found.samples == 60
    assert len(found.of["m/s"]) == 2 + 59 + 60


def test_an_edge_opens_the_minute_in_which_it_lies(lake: Lake) -> None:
    tell(lake, {"m/s": second_by_second((8, 1.0))})
    assert said(lake, clock(9.5) + 17).samples == 60


def test_a_late_sample_that_lies_across_a_part_is_read_with_its_neighbours(lake: Lake) -> None:
    tell(lake, {"m/s": [(clock(8) + n * 1000, 1.0) for n in range(60) if n != 30]})
    tell(lake, {"m/s": [(clock(8) + 30_000, 3.0)]}, late=True)
    of = said(lake, every=None).of["m/s"]
    assert of.first[30] == 3.0
    assert len(of) == 60


def test_two_missing_in_a_row_are_looked_at_and_one_is_not(lake: Lake) -> None:
    tell(
        lake, {"m/s": [(clock(8) + n * 1000, 1.0) for n in range(600) if n not in (100, 310, 311)]}
    )
    found = said(lake)
    assert found.samples == 58


def test_the_last_value_before_is_found_days_back(lake: Lake) -> None:
    tell(lake, {"m/s": [(clock(-100), 1.0), (clock(-99), 3.0)]})
    of = said(lake).of["m/s"]
    assert (of.first_at[-1], of.first[-1]) == (clock(-99), 3.0)
    tell(lake, {"m/s": [(clock(-50), "OFF")]})
    assert said(lake).of["m/s"].text[-1] == "OFF"


def test_a_counter_rises_alike_in_parts_and_in_samples(lake: Lake) -> None:
    random = np.random.default_rng(3)
    steps = random.integers(0, 3, 10_800).cumsum().astype(float)
    steps[5000:] -= steps[5000]  # set back to zero on the way
    told = [(clock(8) + n * 1000, float(v)) for n, v in enumerate(steps)]
    tell(lake, {"m/s": [*told]})
    single = np.array([ms for ms, _ in told])
    spans = laid(clock(8), clock(11), [], Plan.of([]))
    zero = np.zeros(len(single))
    by_sample = increments(single, single, steps, steps, zero, spans)
    edge = clock(9) + 123_456
    of: Segments = said(lake, edge, alike=False).of["m/s"]
    by_part = increments(of.first_at, of.last_at, of.first, of.last, of.rise, spans)
    assert len(of) < 200
    for stretch in ((clock(8), edge), (edge, clock(11))):
        assert counted(by_part, [stretch]) == counted(by_sample, [stretch])


def test_the_watermark_is_the_newest_of_any_tag(lake: Lake) -> None:
    assert watermark(lake, VIEWER, clock(8)) == clock(8)
    tell(lake, {"m/s": [(clock(9), 1.0)], "n/s": [(clock(9.5), 1.0)]})
    assert watermark(lake, VIEWER, clock(8)) == clock(9.5)
    tell(lake, {"n/t": [(clock(10) + 90_500, "ON")]})
    assert watermark(lake, VIEWER, clock(8)) == clock(10) + 60_000  # to the minute, of a text


def test_many_questions_leave_nothing_in_the_connection(lake: Lake) -> None:
    tell(lake, {"m/s": second_by_second((8, 1.0), (9, 3.0))})
    said(lake)
    count = "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
    connection = lake.engine._connection.con  # type: ignore[attr-defined]
    before = connection.execute(count).fetchall()
    for _ in range(3):
        said(lake)
    assert connection.execute(count).fetchall() == before
