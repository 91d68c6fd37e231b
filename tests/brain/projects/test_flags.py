"""Late, stalled, over budget, silent: each at its bound, each with its reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.brain.projects.conftest import make_ledger, make_months, make_project

from ballast.brain.projects.flags import FLAG_LABELS, FlagKind, Rules, flagged, flags
from ballast.brain.projects.ledger import Month, Project
from ballast.brain.projects.status import Status
from ballast.terms.period import Period

ON = date(2026, 5, 31)
NEWEST = Period.parse("2026-05")
TOLD = make_months(("2026-04", "10", "490"), ("2026-05", "10", "500"))


def kinds(one: Project, months: tuple[Month, ...] = TOLD, **more: object) -> list[str]:
    given: dict[str, object] = {"on": ON, "newest": NEWEST} | more
    return [flag.kind.value for flag in flags(one, months, **given)]  # type: ignore[arg-type]


def test_a_project_as_planned_is_not_flagged() -> None:
    assert kinds(make_project("1")) == []


def test_late_is_from_the_day_after_the_planned_end() -> None:
    assert kinds(make_project("1", planned_end=ON)) == []
    [late] = flags(make_project("1", planned_end=date(2026, 5, 30)), TOLD, on=ON, newest=NEWEST)
    assert late.kind is FlagKind.LATE
    assert late.reason.text("en") == (
        "it was to end on 2026-05-30, 1 days ago, and is 50 % built by investment"
    )
    assert "已逾期 1 天，按投资完成 50%" in late.reason.text("zh")


def test_what_never_began_is_late_to_start_and_what_is_over_is_not_late() -> None:
    planned = make_project(
        "1", status=Status.PLANNED, started=None, planned_start=date(2026, 5, 1), invested=None
    )
    [late] = flags(planned, (), on=ON, newest=NEWEST)
    assert "was to start on 2026-05-01, 30 days ago" in late.reason.text("en")
    over = date(2025, 1, 1)
    assert kinds(make_project("1", status=Status.CANCELLED, planned_end=over)) == []
    done = make_project("1", status=Status.FINISHED, planned_end=over, finished=date(2026, 2, 1))
    assert kinds(done) == []


def test_three_reports_without_investment_are_a_stall_and_two_are_not() -> None:
    nothing = make_months(
        ("2026-01..02", "5", "500"), ("2026-03", "0", "500"), ("2026-04", "0", "500"),
        ("2026-05", "-1", "499"),
    )  # fmt: skip
    [stalled] = flags(make_project("1"), nothing, on=ON, newest=NEWEST)
    assert stalled.kind is FlagKind.STALLED
    assert stalled.since == date(2026, 3, 1)
    assert "(3 reports)" in stalled.reason.text("en")
    assert kinds(make_project("1"), (*nothing[:3], *TOLD[1:])) == []
    assert kinds(make_project("1"), nothing, rules=Rules(idle_months=4)) == []


def test_a_month_of_which_the_investment_is_not_told_is_no_zero() -> None:
    unknown = tuple(
        Month(period=Period.parse(f"2026-0{n}"), progress="设备安装") for n in (3, 4, 5)
    )
    assert kinds(make_project("1"), unknown) == []


def test_a_status_of_stalled_is_flagged_whatever_the_months_say() -> None:
    one = make_project("1", status=Status.STALLED)
    assert kinds(one) == ["stalled"]
    assert kinds(one, ()) == ["stalled", "silent"]


@pytest.mark.parametrize(("invested", "over"), [("1100", False), ("1100.01", True)])
def test_over_budget_begins_above_the_tolerance(invested: str, over: bool) -> None:
    one = make_project("1", invested=Decimal(invested))
    assert ("over-budget" in kinds(one)) is over


def test_over_budget_is_remembered_for_a_year_after_the_end_and_undefined_without_a_plan() -> None:
    done = {"status": Status.FINISHED, "invested": Decimal(2000)}
    assert kinds(make_project("1", finished=date(2025, 5, 31), **done)) == ["over-budget"]
    assert kinds(make_project("1", finished=date(2025, 5, 30), **done)) == []
    assert kinds(make_project("1", planned=Decimal(0), invested=Decimal(5))) == []
    assert kinds(make_project("1", invested=None)) == []


def test_silent_is_who_is_behind_the_others_and_january_counts_with_february() -> None:
    one = make_project("1")
    assert kinds(one, TOLD[:1]) == []
    told = make_months(("2025-12", "10", "500"))
    assert kinds(one, told, newest=Period.parse("2026-01..02")) == []
    assert kinds(one, told, newest=Period.parse("2026-03")) == ["silent"]
    assert kinds(one, told, newest=None) == []
    [never] = flags(one, (), on=ON, newest=NEWEST)
    assert "nothing was ever told of it" in never.reason.text("en")


def test_the_whole_ledger_is_judged_at_the_end_of_the_newest_month_told() -> None:
    of = make_ledger()
    assert of.as_of(date(2026, 11, 1)) == date(2026, 4, 30)
    assert of.as_of(date(2026, 4, 15)) == date(2026, 4, 15)
    found = flagged(of, today=date(2026, 11, 1))
    assert {number: [f.kind.value for f in some] for number, some in found.items()} == {
        "JG-3": ["late"]
    }


def test_every_flag_has_a_name() -> None:
    assert set(FLAG_LABELS) == set(FlagKind)
