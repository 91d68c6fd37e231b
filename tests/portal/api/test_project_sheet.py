"""A monthly sheet over the interface: a look, a commit as it was looked at, by who may load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.brain.projects.conftest import CLERK, VALVES, small_tables

from ballast.brain.projects.ledger import ledger
from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.terms.role import Role

PATH = "/api/v1/project-sheet"
HEADS = "项目编号,项目名称,统一社会信用代码,总投资（万元）,当月完成投资（万元）,状态\n"
GOOD = "JG-1,阀门生产线技术改造,,,50,停滞\n"
SURE = f"XM-4,数字化车间建设,{VALVES},80,5,\n"
WRONG = "JG-2,余热回收利用,,,二十,在建\n"


@pytest.fixture
def town(door: Any) -> Any:
    door.clock.move(days=20)
    door.context.lake.commit(small_tables(), CLERK)
    return door


@pytest.fixture
def send(town: Any) -> Callable[..., Any]:
    keys: dict[Role, str] = {}
    ends = town.clock() + timedelta(days=300)

    def call(text: str = HEADS + GOOD, role: Role = Role.ANALYST, name: str = "五月.csv",
             **form: Any) -> Any:  # fmt: skip
        client = TestClient(town.app, town.context.base_url, follow_redirects=False)
        headers = {"accept-language": "en"}
        if role is not Role.PUBLIC:
            if role not in keys:
                keys[role] = issue_key(town.state, town.users[role].id, "test", ends)[0]
            headers["authorization"] = f"Bearer {keys[role]}"
        data = {"period": "2026-05"} | form
        files = {"file": (name, text.encode())}
        return client.post(PATH, data=data, files=files, headers=headers)

    return call


def told(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_look_counts_explains_and_changes_nothing(town: Any, send: Callable[..., Any]) -> None:
    found = told(send(HEADS + GOOD + SURE + WRONG))
    assert (found["dry_run"], found["load_id"], found["already"]) == (True, None, False)
    assert found["by"] == {"number": 1, "evidence": 1}
    assert (found["rows"], found["refused"], found["period"]) == (3, 1, "2026-05")
    assert "二十" in found["issues"][0]["message"]
    row = next(one for one in found["told"] if one["row"] == "2")
    status = {"table": "project", "field": "status", "before": "building", "after": "stalled"}
    assert status in row["changes"]
    assert len(town.context.lake.live_loads()) == 1
    assert list((town.context.lake.home.path / "uploads").iterdir()) == []
    waiting = told(send(HEADS + SURE, evidence="false"))["told"][0]
    assert (waiting["asks"], waiting["candidates"][0]["number"]) == ("decision", "JG-3")


def test_a_commit_is_of_what_was_looked_at(town: Any, send: Callable[..., Any]) -> None:
    seen = told(send())["seen"]
    done = told(send(dry_run="false", seen=seen))
    lake = town.context.lake
    assert done["load_id"] == lake.live_loads()[-1]
    assert ledger(lake, CLERK).projects["JG-1"].status.value == "stalled"
    assert "change" in {one.action for one in entries(town.state) if "五月" in one.what}
    again = told(send(dry_run="false"))
    assert (again["already"], again["load_id"]) == (True, done["load_id"])
    assert len(lake.live_loads()) == 2


def test_a_look_that_was_overtaken_is_a_conflict(town: Any, send: Callable[..., Any]) -> None:
    seen = told(send())["seen"]
    told(send(HEADS + SURE, name="另一张.csv", dry_run="false"))
    answer = send(dry_run="false", seen=seen)
    assert answer.status_code == 409
    assert "look at it again" in answer.json()["detail"]
    assert len(town.context.lake.live_loads()) == 2
    assert send(dry_run="false", seen="x").status_code == 409


def test_wrong_rows_stop_a_commit_unless_the_others_are_wanted(
    town: Any, send: Callable[..., Any]
) -> None:
    answer = send(HEADS + GOOD + WRONG, dry_run="false")
    assert answer.status_code == 422
    assert "1 rows cannot be taken" in answer.json()["detail"]
    assert len(town.context.lake.live_loads()) == 1
    done = told(send(HEADS + GOOD + WRONG, dry_run="false", partly="true"))
    assert (done["changing"], done["refused"]) == (1, 1)


def test_decisions_are_rows_and_projects(send: Callable[..., Any]) -> None:
    unsure = f"XM-5,关键设备更新,{VALVES},70,5,\n"
    assert told(send(HEADS + unsure))["told"][0]["asks"] == "decision"
    assert told(send(HEADS + unsure, same="2=JG-4"))["by"] == {"decided": 1}
    assert told(send(HEADS + unsure, leave_out="2"))["by"] == {"left_out": 1}
    wrong = (({"same": "2"}, 422), ({"same": "2=JG-77"}, 404), ({"new": "9"}, 404),
             ({"new": "2", "leave_out": "2"}, 422))  # fmt: skip
    for form, status in wrong:
        assert send(HEADS + unsure, **form).status_code == status, form


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_who_may_not_load_is_refused(town: Any, send: Callable[..., Any], role: Role) -> None:
    assert send(role=role).status_code in (401, 403)
    assert send(role=role, dry_run="false").status_code in (401, 403)
    assert len(town.context.lake.live_loads()) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.exe", "MZ"), ("a.csv", ""), ("a.csv", "甲,乙\n1,2\n"), ("a.xlsx", "<html>")],
)
def test_what_is_no_sheet_is_one_sentence(
    town: Any, send: Callable[..., Any], name: str, text: str
) -> None:
    answer = send(text, name=name)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(town.context.lake.home.path) not in answer.text
