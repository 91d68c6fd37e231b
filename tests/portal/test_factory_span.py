"""Stretches of time of an address: named ones move, dates stay, nothing reaches beyond now."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.portal.factory_shop import MINUTE, NOW, OPENED, site

from ballast.errors import BallastError, InvalidTerm
from ballast.portal.factory_span import SPAN_LABELS, span_of, zone_of


@given(st.sampled_from(sorted(SPAN_LABELS)), st.integers(0, 400 * 24 * 60 * 60_000))
def test_every_name_is_a_stretch_that_ends_by_now(name: str, later: int) -> None:
    now = NOW + later
    window = span_of(name, site(), now).window
    assert window.start_ms < window.end_ms
    # A day that has just begun is a minute long, or there would be nothing to ask about.
    assert window.end_ms <= max(now, window.start_ms + MINUTE)
    assert span_of(name, site(), now).window == window


def test_who_looks_in_the_same_minute_sees_the_same() -> None:
    windows = {span_of("today", site(), NOW + ms).window for ms in (0, 1, 59_999)}
    assert len(windows) == 1


def test_a_shift_is_the_mapping_s(tmp_path: object) -> None:
    span = span_of("shift", site(), NOW)
    assert (span.window.start_ms, span.window.end_ms) == (OPENED, NOW)
    assert span.label.en == "this shift (06-01, Day shift)"
    before = span_of("last-shift", site(), NOW)
    assert before.window.end_ms <= OPENED
    assert before.label.zh == "上一班（05-30 白班）"  # nobody works on Sunday


def test_a_site_without_shifts_says_so() -> None:
    with pytest.raises(InvalidTerm, match="no shifts"):
        span_of("shift", replace(site(), shifts=()), NOW)


def test_dates_are_days_of_the_site_and_stay() -> None:
    one = span_of("2026-05-20", site(), NOW)
    assert one.window.seconds == 86_400
    assert one.window.start.isoformat() == "2026-05-20T00:00:00+08:00"
    assert span_of("2026-05-20", site(), NOW + 10**9).window == one.window
    several = span_of("2026-05-20..2026-05-22", site(), NOW)
    assert several.window.seconds == 3 * 86_400


def test_a_day_with_a_changed_clock_is_as_long_as_it_is() -> None:
    berlin = replace(site(), zone=ZoneInfo("Europe/Berlin"))
    assert span_of("2025-10-26", berlin, NOW).window.seconds == 25 * 3600


DATES = st.from_regex(r"\A\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?\Z")


@given(st.text(max_size=60) | DATES | st.sampled_from(["9999-12-31", "0001-01-01", "2026-02-30"]))
def test_anything_else_is_refused_in_one_line(name: str) -> None:
    try:
        window = span_of(name, site(), NOW).window
    except BallastError:
        return
    assert window.start_ms < window.end_ms


def test_without_a_mapping_days_are_china_s() -> None:
    assert zone_of(None).utcoffset(None) == zone_of(site()).utcoffset(span_of(
        "today", site(), NOW
    ).window.start)  # fmt: skip
