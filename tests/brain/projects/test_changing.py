"""An edit is a load of one row with its history: rights, transitions, reasons, who was quicker."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.brain.projects.conftest import CLERK, TODAY, VALVES

from ballast.brain.projects.changing import EDITABLE, change_project, row_of
from ballast.brain.projects.ledger import history, ledger
from ballast.brain.projects.status import Status
from ballast.errors import NotPermitted, Refused, WrongUsage
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for


def change(lake: Lake, number: str = "JG-1", reason: str = "现场核实", **given: str) -> str:
    one = ledger(lake, CLERK).project(number)
    return change_project(lake, CLERK, one, given, reason=reason, today=TODAY)[0]


def test_a_change_is_one_load_and_its_history_says_who_what_and_why(lake: Lake) -> None:
    load_id = change(lake, status="finished", finished="2026-05-20", invested_1e4_cny="990")
    now = ledger(lake, CLERK).project("JG-1")
    assert (now.status, now.finished, now.invested) == (
        Status.FINISHED, date(2026, 5, 20), Decimal(990),
    )  # fmt: skip
    events = history(lake, CLERK, "JG-1")
    assert [(e.seq, e.field, e.before, e.after) for e in events] == [
        (1, "invested_1e4_cny", "500", "990"),
        (2, "finished", None, "2026-05-20"),
        (3, "status", "building", "finished"),
    ]
    assert {(e.who, e.reason, e.load_id) for e in events} == {("clerk", "现场核实", load_id)}
    assert events[2].on == date(2026, 5, 20)
    change(lake, name="阀门二期")
    assert [e.seq for e in history(lake, CLERK, "JG-1")] == [1, 2, 3, 4]


def test_a_change_can_be_withdrawn_and_the_project_stands_as_before(lake: Lake) -> None:
    before = ledger(lake, CLERK).project("JG-1")
    lake.withdraw(change(lake, name="别的名称"), CLERK)
    assert row_of(ledger(lake, CLERK).project("JG-1")) == row_of(before)
    assert history(lake, CLERK, "JG-1") == ()


@pytest.mark.parametrize(
    ("number", "given", "said"),
    [
        ("JG-4", {"status": "planned"}, "cannot become planned"),
        ("JG-1", {"status": "planned"}, "cannot become planned"),
        ("JG-3", {"status": "finished", "finished": "2026-05-01"}, "cannot become finished"),
        ("JG-1", {"status": "finished"}, "needs the day on which it finished"),
        ("JG-1", {"status": "finished", "finished": "2024-01-01"}, "before|cannot be before"),
        ("JG-1", {"status": "done"}, "done"),
        ("JG-1", {"status": ""}, "is empty"),
        ("JG-1", {"planned_1e4_cny": "很多"}, "很多"),
        ("JG-1", {"planned_1e4_cny": "-5"}, "below 0"),
        ("JG-1", {"planned_end": "2020-01-01"}, "cannot be before it"),
        ("JG-1", {"region": "999999"}, "999999"),
        ("JG-1", {"started": "2027-01-01"}, "in the future"),
        ("JG-1", {"name": ""}, "empty"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    lake: Lake, number: str, given: dict[str, str], said: str
) -> None:
    loads = lake.live_loads()
    with pytest.raises(Refused, match=said):
        change(lake, number, **given)
    assert lake.live_loads() == loads


def test_whose_a_project_is_and_its_number_are_not_changed(lake: Lake) -> None:
    assert {"project", "uscc"}.isdisjoint(EDITABLE)
    assert set(row_of(ledger(lake, CLERK).project("JG-1"))) == {c.name for c in table("project")}
    for field in ("uscc", "project", "no-such", "load_id"):
        with pytest.raises(WrongUsage, match="is no field of a project that is changed"):
            change(lake, **{field: "x"})


@pytest.mark.parametrize("reason", ["", "  ", "x"])
def test_a_change_needs_a_reason(lake: Lake, reason: str) -> None:
    with pytest.raises(Refused, match="say why"):
        change(lake, reason=reason, name="新名称")


def test_what_stands_so_already_is_no_load(lake: Lake) -> None:
    loads = lake.live_loads()
    assert change(lake, name="阀门生产线技术改造项目", planned_1e4_cny="1000.00") == ""
    assert lake.live_loads() == loads


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR, Role.PUBLIC])
def test_who_may_not_load_may_not_change_even_one_s_own_project(lake: Lake, role: Role) -> None:
    one = ledger(lake, CLERK).project("JG-1")
    me = viewer_for(role, "somebody", frozenset({VALVES}))
    with pytest.raises(NotPermitted, match="may not change projects"):
        change_project(lake, me, one, {"name": "x"}, reason="想改", today=TODAY)
    assert ledger(lake, CLERK).project("JG-1").name == one.name


def test_who_saw_an_older_project_is_told_that_another_was_quicker(lake: Lake) -> None:
    seen = ledger(lake, CLERK).project("JG-1")
    change(lake, name="甲改的名称")
    loads = lake.live_loads()
    with pytest.raises(Refused, match="changed by somebody else meanwhile"):
        change_project(lake, CLERK, seen, {"name": "乙改的名称"}, reason="改名", today=TODAY)
    assert lake.live_loads() == loads
    assert ledger(lake, CLERK).project("JG-1").name == "甲改的名称"


def test_an_enterprise_sees_its_own_projects_and_their_history_alone(lake: Lake) -> None:
    change(lake, name="新名称")
    change(lake, "JG-2", name="余热二期")
    me = viewer_for(Role.ENTERPRISE, "own", frozenset({VALVES}))
    of = ledger(lake, me)
    assert set(of.projects) == {"JG-1", "JG-3", "JG-4"}
    assert set(of.months) == {"JG-1"}
    assert history(lake, me, "JG-2") == ()
    assert history(lake, me, "JG-1")
