"""Windows: local days, moments with zones, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ballast.errors import Refused
from ballast.plant.reports.window import Window, day, days, from_ms, last, to_ms

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_a_day_is_the_shops_and_not_the_servers() -> None:
    wanted = day(date(2026, 11, 23), SHANGHAI)
    assert wanted.start.astimezone(UTC) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert wanted.seconds == 86_400
    assert wanted.dates == (date(2026, 11, 23),)


def test_days_with_a_change_of_clocks_have_23_and_25_hours() -> None:
    assert day(date(2026, 3, 29), BERLIN).seconds == 23 * 3600
    assert day(date(2026, 10, 25), BERLIN).seconds == 25 * 3600
    assert len(days(date(2026, 10, 24), date(2026, 10, 26), BERLIN).dates) == 3


def test_the_last_hours_are_hours_also_across_a_change_of_clocks() -> None:
    now = to_ms(datetime(2026, 10, 25, 12, tzinfo=BERLIN))
    assert last(timedelta(hours=24), now, BERLIN).seconds == 24 * 3600
    assert from_ms(now, BERLIN).hour == 12


def test_what_is_no_window_is_refused() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="moments with a zone"):
        Window(datetime(2026, 1, 1), moment, UTC)  # noqa: DTZ001
    with pytest.raises(Refused, match="must end later"):
        Window(moment, moment, UTC)
    with pytest.raises(Refused, match="ask for 400 days"):
        Window(moment, moment + timedelta(days=401), UTC)
