"""Titles for programs: the law as data, a check that keeps nothing, the ladder with its rights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.brain.enterprise_town import Town, code

from ballast.brain.policy.reading import laws
from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.state.users import change_user
from ballast.terms.role import Role

PATH = "/api/v1/policy"
FACTS = {"revenue[2025]": "6800", "rd[2025]": "420", "rd[2024]": "0.04亿元", "platform_score": "57"}


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    Town(count=4).load(shared_door.context.lake.home.path, lake=shared_door.context.lake)
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[code(1)])
    change_user(shared_door.state, shared_door.users[Role.OPERATOR].id, clusters=["bearings"])
    return shared_door


@pytest.fixture(scope="module")
def keys(town: Any) -> dict[Role, str]:
    ends = town.clock() + timedelta(days=300)
    return {
        role: issue_key(town.state, user.id, "test", ends)[0]
        for role, user in town.users.items()
        if role is not Role.PUBLIC
    }


@pytest.fixture
def ask(town: Any, keys: dict[Role, str]) -> Any:
    def call(role: Role, path: str, method: str = "GET", **more: Any) -> Any:
        client = TestClient(town.app, town.context.base_url, follow_redirects=False)
        headers = {"accept-language": "en"}
        if role in keys:
            headers["authorization"] = f"Bearer {keys[role]}"
        return client.request(method, path, headers=headers, **more)

    return call


def test_anyone_reads_the_law_whole_with_its_figures_dates_and_marks(ask: Any) -> None:
    listed = ask(Role.PUBLIC, f"{PATH}/schemes").json()["schemes"]
    assert [one["scheme"] for one in listed] == list(laws().schemes)
    giant = ask(Role.PUBLIC, f"{PATH}/schemes/little_giant").json()
    assert giant == laws().law("little_giant").model_dump(mode="json")
    answer = ask(Role.PUBLIC, f"{PATH}/schemes/<script>")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_calendar_is_of_the_days_that_are_asked_for(ask: Any) -> None:
    answer = ask(Role.PUBLIC, f"{PATH}/calendar?since=2026-01-01&until=2026-12-31").json()
    days = [one["day"] for one in answer["events"]]
    assert days == sorted(days)
    assert "2026-04-01" in days
    for wrong in (
        "since=2026-02-30",
        "since=2026-12-31&until=2026-01-01",
        "since=1900-01-01&until=2100-01-01",
        "sinse=2026-01-01",
    ):
        assert ask(Role.PUBLIC, f"{PATH}/calendar?{wrong}").status_code == 422
    assert ask(Role.PUBLIC, f"{PATH}/calendar?since=9999-12-31").status_code in (200, 422)


def test_facts_that_are_sent_are_decided_and_not_kept(town: Any, ask: Any) -> None:
    before = town.context.lake.live_loads(), len(entries(town.state))
    body = {"day": "2026-06-01", "schemes": ["little_giant"], "facts": FACTS}
    answer = ask(Role.ENTERPRISE, f"{PATH}/check", "POST", json=body)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["decisions"]
    assert one["scheme"] == "little_giant"
    assert one["decision"]["verdict"] in ("ineligible", "incomplete")
    assert "820" in answer.text
    assert (town.context.lake.live_loads(), len(entries(town.state))) == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"facts": {"revenue[1999]": "1"}},
        {"facts": {"revenue[2025]": "5 tonnes"}},
        {"facts": {"<script>": "1"}},
        {"facts": {"revenue": "1"}},
        {"facts": {f"a{n}": "1" for n in range(401)}},
        {"facts": {"staff[2025]": "1" * 81}},
        {"facts": {}, "schemes": ["nobel"]},
        {"facts": {}, "schemes": ["little_giant"] * 21},
        {"facts": {}, "day": "1000-01-01", "schemes": ["little_giant"]},
        {"facts": {}, "more": 1},
        {"facts": {}, "application": "gift"},
        [],
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_words(ask: Any, body: Any) -> None:
    day = {"day": "2026-06-01"} if isinstance(body, dict) and "day" not in body else {}
    sent = {**day, **body} if isinstance(body, dict) else body
    answer = ask(Role.ANALYST, f"{PATH}/check", "POST", json=sent)
    assert answer.status_code in (404, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_check_needs_an_account_or_a_page_s_form(ask: Any) -> None:
    assert ask(Role.PUBLIC, f"{PATH}/check", "POST", json={"facts": {}}).status_code == 401


def test_the_ladder_is_told_to_who_sees_the_enterprise_and_written_down(
    town: Any, ask: Any
) -> None:
    own = ask(Role.ENTERPRISE, f"/api/v1/enterprises/{code(1)}/ladder?day=2026-06-01")
    assert own.status_code == 200, own.text
    assert own.json()["uscc"] == code(1)
    assert {one["scheme"] for one in own.json()["next"]} >= {"little_giant"}
    assert own.headers["cache-control"] == "private, no-store"
    assert any(one.what == f"enterprise {code(1)}: ladder" for one in entries(town.state))
    other = ask(Role.ENTERPRISE, f"/api/v1/enterprises/{code(2)}/ladder")
    nobody = ask(Role.ENTERPRISE, f"/api/v1/enterprises/{code(900)}/ladder")
    assert (other.status_code, other.json()["type"]) == (nobody.status_code, nobody.json()["type"])
    assert other.text.replace(code(2), "X") == nobody.text.replace(code(900), "X")
    assert ask(Role.ADMINISTRATOR, f"/api/v1/enterprises/{code(1)}/ladder").status_code == 403


def test_today_is_chinas_day(ask: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.clock, "now", datetime(2026, 6, 30, 17, tzinfo=UTC))
    body = {"schemes": ["little_giant"], "facts": FACTS}
    checked = ask(Role.ANALYST, f"{PATH}/check", "POST", json=body).json()
    assert checked["day"] == "2026-07-01"
    ladder = ask(Role.ANALYST, f"/api/v1/enterprises/{code(1)}/ladder").json()
    pool = ask(Role.ANALYST, f"{PATH}/pool").json()
    assert ladder["day"] == pool["day"] == "2026-07-01"
