"""China's day is told from a moment of any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ballast.terms.china import day_in_china


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 15, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 12, tzinfo=timezone(timedelta(hours=-5))), date(2026, 7, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_beijing(moment: datetime, day: date) -> None:
    assert day_in_china(moment) == day
