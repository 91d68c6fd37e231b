"""Windows become days of a year, and the days of the law itself stand beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ballast.brain.policy.facts import Held
from ballast.brain.policy.law_shape import Law
from ballast.brain.policy.reading import Laws, laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.windows import Event, EventKind, calendar, openings
from ballast.errors import NotFound, Refused

NAME = {"zh": "名", "en": "name"}


def small_law(**version: Any) -> Laws:
    """Return one law with one version that applies from 2024 on."""
    return Laws({"own": Law.model_validate({
        "scheme": "own", "label": NAME, "about": NAME, "rung": 1,
        "instruments": [
            {"id": "a", "number": "1号", "title": NAME, "issuer": NAME, "since": date(2024, 1, 1),
             "confirmed": False},
            {"id": "b", "number": "2号", "title": NAME, "issuer": NAME, "since": date(2027, 1, 1)},
        ],
        "versions": [
            {"id": "first", "instrument": "a", "applies": [
                {"to": "new", "since": date(2024, 1, 1), "until": date(2025, 12, 31), "why": NAME},
                {"to": "new", "since": date(2026, 1, 1), "until": date(2026, 12, 31), "why": NAME},
                {"to": "renewal", "since": date(2024, 1, 1), "why": NAME},
            ]} | version,
            {"id": "second", "instrument": "b", "applies": [
                {"to": "new", "since": date(2027, 1, 1), "why": NAME},
            ]},
        ],
    })})  # fmt: skip


def window(opens: str, closes: str, **more: Any) -> dict[str, Any]:
    return {"label": NAME, "opens": opens, "closes": closes} | more


def days(found: Laws, since: date, until: date) -> list[tuple[date, date]]:
    return [(one.opens, one.closes) for one in openings(found, "own", since, until)]


def test_a_window_without_years_is_open_in_every_year_in_which_its_version_applies() -> None:
    held = small_law(windows=[window("06-01", "08-31", to="new")])
    assert days(held, date(2020, 1, 1), date(2029, 1, 1)) == [
        (date(year, 6, 1), date(year, 8, 31)) for year in (2024, 2025, 2026)
    ]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ((2025, 5, 1), (2025, 5, 31), 0), ((2025, 5, 1), (2025, 6, 1), 1),
        ((2025, 8, 31), (2025, 8, 31), 1), ((2025, 9, 1), (2026, 5, 31), 0),
    ],
)  # fmt: skip
def test_a_window_counts_from_its_first_day_to_its_last(
    since: tuple[int, int, int], until: tuple[int, int, int], found: int
) -> None:
    held = small_law(windows=[window("06-01", "08-31")])
    assert len(days(held, date(*since), date(*until))) == found


def test_a_window_of_named_years_is_not_made_up_for_others() -> None:
    held = small_law(windows=[window("06-01", "08-31", years=[2026])])
    assert days(held, date(2024, 1, 1), date(2029, 1, 1)) == [(date(2026, 6, 1), date(2026, 8, 31))]


def test_a_window_over_the_turn_of_the_year_is_one() -> None:
    held = small_law(windows=[window("12-15", "01-15", years=[2025])])
    assert days(held, date(2026, 1, 10), date(2026, 1, 10)) == [
        (date(2025, 12, 15), date(2026, 1, 15))
    ]


def test_a_window_ends_with_a_february_of_any_length() -> None:
    held = small_law(windows=[window("02-01", "02-29")])
    assert [closes.day for _, closes in days(held, date(2024, 1, 1), date(2025, 12, 31))] == [
        29,
        28,
    ]


def test_a_window_on_a_day_that_there_is_not_is_refused() -> None:
    for written in ("06-31", "6-1", "13-01", "June 1"):
        with pytest.raises(Refused, match="which there is not"):
            days(small_law(windows=[window(written, "08-31")]), date(2025, 1, 1), date(2025, 2, 1))


def test_a_single_day_is_a_deadline_and_no_window() -> None:
    held = small_law(windows=[window("05-31", "05-31")])
    (one,) = openings(held, "own", date(2025, 1, 1), date(2025, 12, 31))
    assert one.is_deadline
    kinds = [e.kind for e in calendar(held, date(2025, 1, 2), date(2025, 12, 30))]
    assert kinds == [EventKind.DUE]


def test_a_calendar_says_when_versions_and_figures_change() -> None:
    figure = {
        "label": NAME, "unit": "percent",
        "values": [
            {"since": date(2024, 1, 1), "value": 3, "article": "1"},
            {"since": date(2025, 7, 1), "value": "3.50", "article": "1"},
        ],
    }  # fmt: skip
    held = small_law(parameters={"share": figure})
    found = calendar(held, date(2024, 1, 1), date(2027, 12, 31))
    assert [(e.day, e.kind, e.application) for e in found] == [
        (date(2024, 1, 1), EventKind.BEGINS, Application.NEW),
        (date(2024, 1, 1), EventKind.BEGINS, Application.RENEWAL),
        (date(2025, 7, 1), EventKind.CHANGES, None),
        # The version goes on into 2026 for another reason: nothing begins and nothing ends.
        (date(2026, 12, 31), EventKind.ENDS, Application.NEW),
        (date(2027, 1, 1), EventKind.BEGINS, Application.NEW),
    ]
    assert found[2].label.en == "name changes from 3 to 3.5 (%)"
    # Of the first instrument the first day is not confirmed.
    assert [e.confirmed for e in found] == [False, False, True, True, True]


def test_a_title_expires_on_its_last_day() -> None:
    held = Held("high_tech", date(2023, 6, 2), date(2026, 6, 1), "GR1")
    forever = Held("champion", date(2023, 6, 2), None)

    def expiries(since: date, until: date) -> list[Event]:
        found = calendar(laws(), since, until, [held, forever])
        return [e for e in found if e.kind is EventKind.EXPIRES]

    (event,) = expiries(date(2026, 6, 1), date(2026, 6, 1))
    assert (event.day, event.scheme, event.certificate) == (held.expires, "high_tech", "GR1")
    assert expiries(date(2026, 6, 2), date(2026, 7, 1)) == []


def test_the_calendar_of_2026_tells_the_change_of_law_and_the_window_of_technology_smes() -> None:
    found = calendar(laws(), date(2026, 1, 1), date(2026, 12, 31))
    assert [e.day for e in found] == sorted(e.day for e in found)
    told = {(e.day, e.kind, e.scheme, e.application) for e in found}
    new, renewal = Application.NEW, Application.RENEWAL
    assert (date(2026, 3, 31), EventKind.ENDS, "little_giant", new) in told
    assert (date(2026, 4, 1), EventKind.BEGINS, "little_giant", new) in told
    assert (date(2026, 3, 31), EventKind.ENDS, "little_giant", renewal) not in told
    assert (date(2026, 6, 1), EventKind.OPENS, "technology_sme", None) in told
    assert (date(2026, 8, 31), EventKind.CLOSES, "technology_sme", None) in told
    assert all(e.label.zh != e.label.en for e in found)


def test_days_the_wrong_way_round_and_too_many_years_are_refused() -> None:
    with pytest.raises(Refused, match="ends before it begins"):
        calendar(laws(), date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(Refused, match="longer than 30 years"):
        openings(laws(), "high_tech", date(1990, 1, 1), date(2026, 1, 1))
    with pytest.raises(NotFound):
        openings(laws(), "no_such_scheme", date(2026, 1, 1), date(2026, 1, 1))
    # The ends of time itself are no fault of the calendar.
    assert calendar(laws(), date.min, date(2, 1, 1)) == ()
    calendar(laws(), date(9998, 1, 1), date.max)
