"""Projects for programs: what the caller may see, a change with its right, effects, goals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.brain.projects.conftest import CLERK, VALVES, small_tables

from ballast.brain.projects.ledger import history, ledger
from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.state.users import change_user
from ballast.terms.role import Role

PATH = "/api/v1/projects"
READERS = (Role.ENTERPRISE, Role.OPERATOR, Role.ANALYST)


@pytest.fixture
def town(door: Any) -> Any:
    door.context.lake.commit(small_tables(), CLERK)
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[VALVES])
    return door


@pytest.fixture
def ask(town: Any) -> Any:
    ends = town.clock() + timedelta(days=300)
    keys = {
        role: issue_key(town.state, user.id, "test", ends)[0]
        for role, user in town.users.items()
        if role is not Role.PUBLIC
    }

    def call(
        role: Role, path: str = PATH, *, patch: Any = None, language: str = "en", **query: Any
    ) -> Any:
        client = TestClient(town.app, town.context.base_url, follow_redirects=False)
        headers = {"accept-language": language}
        if role in keys:
            headers["authorization"] = f"Bearer {keys[role]}"
        if patch is not None:
            return client.patch(path, json=patch, headers=headers)
        return client.get(path, params=query or None, headers=headers)

    return call


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json()["projects"]]


def test_each_sees_the_projects_of_the_enterprises_that_may_be_seen(ask: Any) -> None:
    assert numbers(ask(Role.ANALYST)) == ["JG-4", "JG-3", "JG-2", "JG-1"]
    assert numbers(ask(Role.ENTERPRISE)) == ["JG-4", "JG-3", "JG-1"]
    assert ask(Role.OPERATOR).status_code in (200, 403)
    for role in (Role.ADMINISTRATOR, Role.PUBLIC):
        assert ask(role).status_code in (401, 403)


def test_the_ledger_is_searched_and_paged(ask: Any) -> None:
    assert numbers(ask(Role.ANALYST, q="老编号")) == ["JG-1"]
    assert numbers(ask(Role.ANALYST, status="planned")) == ["JG-3"]
    assert numbers(ask(Role.ANALYST, region="371524")) == []
    first = ask(Role.ANALYST, limit=3)
    assert numbers(first) == ["JG-4", "JG-3", "JG-2"]
    assert numbers(ask(Role.ANALYST, limit=3, cursor=first.json()["next"])) == ["JG-1"]
    assert ask(Role.ANALYST, kind="wonder").status_code == 422
    assert ask(Role.ANALYST, status="done").status_code == 422


def test_another_s_project_is_like_one_that_is_not_there(ask: Any) -> None:
    there = ask(Role.ENTERPRISE, f"{PATH}/JG-2")
    nobody = ask(Role.ENTERPRISE, f"{PATH}/JG-9")
    assert there.status_code == nobody.status_code == 404
    assert there.text.replace("JG-2", "X") == nobody.text.replace("JG-9", "X")


def test_a_project_is_told_whole_and_what_was_seen_is_written_down(town: Any, ask: Any) -> None:
    found = ask(Role.ANALYST, f"{PATH}/JG-1").json()
    assert found["project"]["planned_1e4_cny"] == "1000.0000"
    assert [m["period"] for m in found["months"]] == ["2026-03", "2026-04"]
    assert found["as_of"] == "2026-04-30"
    assert "project JG-1" in [one.what for one in entries(town.state)]
    flags = ask(Role.ANALYST, "/api/v1/project-flags").json()
    assert [(f["number"], f["flag"]["kind"]) for f in flags["flags"]] == [("JG-3", "late")]


def test_a_change_needs_the_right_a_reason_and_an_allowed_step(town: Any, ask: Any) -> None:
    wish = {"changes": {"name": "新名称"}, "reason": "更名"}
    for role in (Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR, Role.PUBLIC):
        assert ask(role, f"{PATH}/JG-1", patch=wish).status_code in (401, 403), role
    lake = town.context.lake
    assert len(lake.live_loads()) == 1
    refused = (
        ({"changes": {"status": "planned"}, "reason": "为什么"}, "cannot become planned"),
        ({"changes": {"uscc": "x"}, "reason": "为什么"}, "no field of a project"),
        ({"changes": {"finished": "2024-01-01", "status": "finished"}, "reason": "为什么"},
         "before it"),
        ({"changes": {"name": "新"}, "reason": "x"}, "at least 2"),
        ({"changes": {}, "reason": "为什么"}, ""),
        ({"changes": {"name": "新"}, "reason": "为什么", "seen": "L0000009-aa"}, "somebody else"),
    )  # fmt: skip
    for body, said in refused:
        answer = ask(Role.ANALYST, f"{PATH}/JG-1", patch=body)
        assert answer.status_code == 422, body
        assert said in answer.text
    assert len(lake.live_loads()) == 1


def test_a_change_is_told_back_with_its_history(town: Any, ask: Any) -> None:
    seen = ask(Role.ANALYST, f"{PATH}/JG-1").json()["project"]["load_id"]
    wish = {
        "changes": {"status": "finished", "finished": "2026-05-20"},
        "reason": "现场核实",
        "seen": seen,
    }
    answer = ask(Role.ANALYST, f"{PATH}/JG-1", patch=wish)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["project"]["status"] == "finished"
    assert {e["field"] for e in found["history"]} == {"status", "finished"}
    assert {e["who"] for e in found["history"]} == {"the-analyst"}
    events = history(town.context.lake, CLERK, "JG-1")
    assert {e.reason for e in events} == {"现场核实"}
    assert ledger(town.context.lake, CLERK).project("JG-1").load_id != seen
    actions = [one.action for one in entries(town.state) if one.what.startswith("project JG-1:")]
    assert actions == ["change"]


def test_an_effect_is_for_who_reads_units_and_too_little_is_undefined(ask: Any) -> None:
    path = "/api/v1/project-effect"
    assert ask(Role.ENTERPRISE, path).status_code == 403
    answer = ask(Role.ANALYST, path)
    assert answer.status_code == 422
    assert "reported a whole quarter" in answer.text
    assert ask(Role.ANALYST, path, outcome="luck").status_code == 422
    assert ask(Role.ANALYST, path, kind="luck").status_code == 422
