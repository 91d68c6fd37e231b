"""Lines over time: a name is written once on the time axis."""

from __future__ import annotations

import re
from collections import Counter
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


@pytest.mark.parametrize("months", [2, 4, 6, 12, 24])
def test_no_month_is_written_twice_on_the_time_axis(months: int) -> None:
    days = [date(2025 + (m // 12), m % 12 + 1, 28) for m in range(months)]
    points = tuple((day, float(n)) for n, day in enumerate(days))
    drawn = svg(
        line_chart([Series("x", points, accent=True)], Caption("t"), "en", width=1040), inline=True
    )
    written = Counter(re.findall(r">(\d{4}-\d{2})<", drawn))
    assert written
    assert set(written.values()) == {1}
