"""An enterprise is connected while its plant tells its days, and no longer than a month after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from ballast.brain.digitised import connected, connected_count
from ballast.brain.picture_shape import Indicator
from ballast.lake.engine import DuckEngine
from ballast.lake.tables import table
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import month
from ballast.words.numbers import Absence

TODAY = date(2026, 11, 23)
A, B, C, ELSEWHERE = (with_check_character(f"91371500MA{n:07d}") for n in range(4))


def counted(*told: tuple[str, int, str], today: date = TODAY) -> Indicator:
    """Return the figure where these plants told the days so many days ago, two groups of each."""
    engine = DuckEngine()
    rows = [
        {"seq": n, "uscc": uscc, "asset_group": group, "day": TODAY - timedelta(days=ago),
         "machines": 1, "received_at": datetime(2026, 11, 23, tzinfo=UTC), "provenance": kind}
        for n, (uscc, ago, kind) in enumerate(told)
        for group in ("plant", "press")
    ]  # fmt: skip
    daily = engine.memory(pa.Table.from_pylist(rows, table("plant_daily").arrow_schema))
    register = engine.memory(pa.table({"uscc": [A, B, C]}))
    return connected_count(engine, connected(daily, register), today=today, command="x")


def test_each_enterprise_counts_once_however_much_it_told() -> None:
    found = counted((A, 1, "real"), (A, 2, "real"), (B, 29, "synthetic"), (C, 30, "real"))
    assert found.value == 2
    assert found.parts[0].value == 1  # of them synthetic


def test_enterprises_of_other_regions_are_not_counted() -> None:
    assert counted((ELSEWHERE, 1, "real"), (A, 1, "real")).value == 1


def test_days_to_come_do_not_count() -> None:
    assert counted((A, -1, "real"), (B, 40, "real")).value == 0


def test_nothing_told_is_no_figure_and_nothing_lately_is_zero() -> None:
    found = counted()
    assert (found.value, found.absence) == (None, Absence.NO_DATA)
    assert counted((A, 31, "real")).value == 0


def test_the_story_says_as_of_when_and_how_it_is_counted() -> None:
    found = counted((A, 1, "real"))
    assert found.formula.en.startswith("as of 2026-11-23")
    assert "2026-10-25" in found.formula.zh
    assert (found.period, found.tables) == (month(2026, 11), ("plant_daily", "enterprise"))


def test_the_months_before_show_how_it_grew_and_nothing_from_before_the_first_day() -> None:
    found = counted((A, 1, "real"), (B, 60, "real"), (C, 60, "real"), (A, 60, "real"))
    by_month = {str(point.period): point.value for point in found.series}
    assert len(by_month) == 24
    assert by_month["2026-11"] == 1
    assert by_month["2026-09"] == 3
    assert by_month["2026-08"] is None
    assert found.published is not None
    assert found.published.absence is Absence.NO_DATA


def test_a_year_later_the_change_is_against_the_same_day_of_last_year() -> None:
    found = counted((A, 365, "real"), (B, 370, "real"), (A, 1, "real"), (C, 380, "real"))
    assert found.published is not None
    assert found.published.value == pytest.approx(-200 / 3)
