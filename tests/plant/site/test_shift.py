"""Shifts: instants of the site's own clock, over midnight and over a change of the clock."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ballast.plant.site import Shift, shift_intervals
from ballast.terms.label import Label

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(range(7))
HOUR = 3_600_000


def ms(text: str, zone: ZoneInfo = CHINA) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def shift(name: str, start: int, end: int, days: frozenset[int] = EVERY_DAY) -> Shift:
    return Shift(name, Label(name, name), time(start % 24), time(end % 24), days)


DAY, NIGHT = shift("day", 8, 20), shift("night", 20, 8)


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    found = shift_intervals((DAY, NIGHT), CHINA, ms("2026-03-02T02:00"), ms("2026-03-02T21:00"))
    assert [(one.shift.shift, one.day) for one in found] == [
        ("night", date(2026, 3, 1)),
        ("day", date(2026, 3, 2)),
        ("night", date(2026, 3, 2)),
    ]
    assert (found[0].start, found[0].end) == (ms("2026-03-01T20:00"), ms("2026-03-02T08:00"))


def test_a_window_that_ends_where_a_shift_starts_has_none_of_it() -> None:
    found = shift_intervals((DAY, NIGHT), CHINA, ms("2026-03-02T08:00"), ms("2026-03-02T20:00"))
    assert [one.shift.shift for one in found] == ["day"]


def test_a_day_off_has_no_shift() -> None:
    monday = shift("day", 8, 20, frozenset({0}))
    assert not shift_intervals((monday,), CHINA, ms("2026-03-03T00:00"), ms("2026-03-08T00:00"))
    assert shift_intervals((monday,), CHINA, ms("2026-03-08T00:00"), ms("2026-03-10T00:00"))


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    start = ms("2026-03-28T12:00", BERLIN)
    (found,) = shift_intervals((NIGHT,), BERLIN, start + 10 * HOUR, start + 12 * HOUR)
    assert found.end - found.start == 11 * HOUR


def test_a_shift_of_a_whole_day_lasts_a_day() -> None:
    whole = shift("all", 0, 0)
    found = shift_intervals((whole,), CHINA, ms("2026-03-02T00:00"), ms("2026-03-04T00:00"))
    assert [one.end - one.start for one in found] == [24 * HOUR, 24 * HOUR]


@given(
    st.integers(263_000, 560_000).map(lambda hour: hour * HOUR),  # 2000 to 2033
    st.integers(1, 14 * 24),
    st.sampled_from([CHINA, BERLIN]),
)
def test_two_shifts_that_share_the_day_cover_every_moment_once(
    start: int, hours: int, zone: ZoneInfo
) -> None:
    end = start + hours * HOUR
    found = shift_intervals((DAY, NIGHT), zone, start, end)
    assert found[0].start <= start
    assert found[-1].end >= end
    assert all(a.end == b.start for a, b in pairwise(found))
