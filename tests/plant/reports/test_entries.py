"""Entries of people as reports take them: open ones closed, moments left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.plant.reports.plant_lake import VIEWER, enter

from ballast.lake.lake import Lake
from ballast.plant.reports.entries import Made, closed, made

HOUR = 3_600_000
DAY = 1_780_272_000_000  # a midnight


def row(start: int, end: int | None, good: float = 0.0) -> Made:
    return Made("lathe", start, end, "PO-7", "", "", "", good, good, None, None)


def test_an_open_order_ends_where_the_next_begins_and_not_where_pieces_are_counted() -> None:
    order, pieces, following = row(0, None), row(HOUR, HOUR, 5.0), row(3 * HOUR, None)
    found = closed([order, pieces, following], 9 * HOUR)
    assert [one.end_ms for one in found] == [3 * HOUR, HOUR, 9 * HOUR]


@pytest.mark.parametrize(
    ("at", "inside"), [(DAY - 1, 0), (DAY, 1), (DAY + HOUR - 1, 1), (DAY + HOUR, 0)]
)
def test_pieces_of_a_moment_are_in_one_window_alone(tmp_path: Path, at: int, inside: int) -> None:
    lake = Lake.create(tmp_path / "home")
    enter(
        lake, "production", {"asset": "lathe", "start": at, "end": at, "produced": 1.0, "good": 1.0}
    )
    assert len(made(lake, VIEWER, DAY, DAY + HOUR)) == inside
