"""Where a project can go from where it stands, and which dates contradict it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from ballast.brain.projects.status import STATUS_LABELS, TRANSITIONS, Status, check_dates, step
from ballast.errors import Refused

TODAY = date(2026, 6, 10)
START, END = date(2025, 3, 1), date(2026, 5, 20)


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_what_the_table_does_not_hold_is_refused_and_says_what_it_holds(
    before: Status, after: Status
) -> None:
    if after in TRANSITIONS[before]:
        assert step(before, after) is TRANSITIONS[before][after]
        return
    with pytest.raises(Refused) as caught:
        step(before, after)
    for allowed in TRANSITIONS[before]:
        assert STATUS_LABELS[allowed].en in str(caught.value)


def test_what_is_over_comes_back_only_with_a_reason() -> None:
    for over in (Status.FINISHED, Status.CANCELLED):
        assert all(each.reason for each in TRANSITIONS[over].values())
    assert Status.PLANNED not in TRANSITIONS[Status.FINISHED]


def test_sound_dates_pass() -> None:
    check_dates(Status.PLANNED, None, None, TODAY)
    check_dates(Status.BUILDING, START, None, TODAY)
    check_dates(Status.FINISHED, START, END, TODAY)
    check_dates(Status.FINISHED, START, START, TODAY)
    check_dates(Status.CANCELLED, START, None, TODAY)
    check_dates(Status.CANCELLED, None, None, TODAY)


@pytest.mark.parametrize(
    ("status", "started", "finished", "said"),
    [
        (Status.FINISHED, END, START, "cannot have finished on 2025-03-01, before it started"),
        (Status.BUILDING, date(2026, 6, 11), None, "2026-06-11 is in the future"),
        (Status.FINISHED, START, date(2027, 1, 1), "2027-01-01 is in the future"),
        (Status.PLANNED, START, None, "has a start and is planned"),
        (Status.BUILDING, None, None, "needs the day on which it started"),
        (Status.FINISHED, None, END, "needs the day on which it started"),
        (Status.FINISHED, START, None, "needs the day on which it finished"),
        (Status.BUILDING, START, END, "no other project has one"),
    ],
)
def test_a_contradiction_is_named(
    status: Status, started: date | None, finished: date | None, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        check_dates(status, started, finished, TODAY)
