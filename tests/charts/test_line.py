"""A line through time: no day is written under it twice."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ballast.charts.figure import Caption, svg
from ballast.charts.line import Series, line_chart


@pytest.mark.parametrize(("days", "all_of_them"), [(2, True), (6, True), (60, False)])
def test_no_day_is_written_twice(days: int, all_of_them: bool) -> None:
    first = date(2026, 11, 1)
    points = tuple((first + timedelta(days=n), 1.0 + n) for n in range(days))
    figure = line_chart(
        [Series("it", points)], Caption("t", "h"), "en", width=1040, height=180, by_day=True
    )
    written = re.findall(r">(\d\d-\d\d)</text>", svg(figure, inline=True))
    assert len(written) == len(set(written)) > 1
    assert (len(written) == days) is all_of_them
