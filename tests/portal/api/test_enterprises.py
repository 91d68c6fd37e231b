"""Enterprises for programs: one's own in full, another's like one that is not there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.brain.enterprise_town import Town, code

from ballast.brain.enterprise_sealing import Sealing
from ballast.state.audit import entries
from ballast.state.keys import issue_key
from ballast.state.users import change_user
from ballast.terms.role import Role

PATH = "/api/v1/enterprises"


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    Town(count=24).load(shared_door.context.lake.home.path, lake=shared_door.context.lake)
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


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a vintage stand that was made of all that is loaded; sealing one takes seconds."""
    found = Sealing(datetime(2026, 6, 1, 9, tzinfo=UTC), frozenset({"345"}))
    monkeypatch.setattr("ballast.brain.enterprise_profile.sealing", lambda *_: found)


@pytest.fixture
def ask(town: Any, keys: dict[Role, str]) -> Any:
    def call(role: Role, path: str = "", language: str = "en", **query: Any) -> Any:
        client = TestClient(town.app, town.context.base_url, follow_redirects=False)
        headers = {"accept-language": language}
        if role in keys:
            headers["authorization"] = f"Bearer {keys[role]}"
        return client.get(f"{PATH}{path}", params=query or None, headers=headers)

    return call


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["uscc"] for one in answer.json()["enterprises"]]


def test_an_enterprise_is_told_with_exact_amounts(ask: Any) -> None:
    answer = ask(Role.ENTERPRISE, f"/{code(1)}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found = answer.json()
    revenue = next(one for one in found["figures"] if one["key"] == "revenue")
    assert Decimal(revenue["value"]) == Decimal(440)
    assert (revenue["period"], revenue["unit"]["name"]) == ("2026-04ytd", "1e4_cny")
    assert found["about"]["synthetic"]
    assert found["about"]["status"] == "unsuppressed"
    peers = found["position"]["peers"]
    assert (peers["industry"], peers["members"], peers["exact"]) == ("345", 20, False)
    margin = next(one for one in found["position"]["measures"] if one["key"] == "margin")
    assert [q["value"] for q in margin["quantiles"]] == [6.0, 12.0, 18.0]
    assert (margin["quarter"], margin["rank"], margin["of"]) == (1, None, None)


def test_another_s_is_told_like_a_code_that_nobody_has(ask: Any) -> None:
    there, nobody = (ask(Role.ENTERPRISE, f"/{wanted}") for wanted in (code(2), code(900)))
    assert there.status_code == nobody.status_code == 404
    assert there.text.replace(code(2), "x") == nobody.text.replace(code(900), "x")


def test_no_answer_to_an_owner_holds_what_another_reported(ask: Any) -> None:
    own = ask(Role.ENTERPRISE, f"/{code(1)}").text
    for n in range(2, 25):
        assert code(n) not in own
        assert f"第{n}轴承" not in own
    for n in range(7, 25):  # months of the others, as no sum of one's own is
        assert not re.search(rf'"{100 * n}(\.0+)?"', own)


def test_the_list_is_of_whom_the_caller_may_see(ask: Any) -> None:
    assert names(ask(Role.ENTERPRISE)) == [code(1)]
    assert names(ask(Role.ENTERPRISE, q="第2")) == []
    assert len(names(ask(Role.ANALYST))) == 24
    operator = names(ask(Role.OPERATOR))
    assert sorted(operator) == sorted(code(n) for n in range(2, 25, 2))
    assert ask(Role.OPERATOR, f"/{code(2)}").status_code == 200
    assert ask(Role.OPERATOR, f"/{code(3)}").status_code == 404


def test_the_list_comes_in_pages_that_hold_each_once(ask: Any) -> None:
    held, cursor = [], None
    while True:
        answer = ask(Role.ANALYST, limit=7, **({} if cursor is None else {"cursor": cursor}))
        held += names(answer)
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert sorted(held) == sorted(code(n) for n in range(1, 25))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PUBLIC])
def test_who_gives_accounts_reads_none(ask: Any, role: Role) -> None:
    for path in ("", f"/{code(1)}"):
        answer = ask(role, path)
        assert answer.status_code == (401 if role is Role.PUBLIC else 403)
        assert "第1" not in answer.text


def test_what_was_read_is_written_down_and_what_was_refused_is_not(ask: Any, town: Any) -> None:
    def written() -> list[tuple[str, str, int]]:
        return [
            (one.who, one.what, one.count)
            for one in entries(town.state)
            if one.what.startswith("enterprise")
        ]

    before = len(written())
    ask(Role.ENTERPRISE, f"/{code(2)}")
    assert len(written()) == before
    ask(Role.ENTERPRISE, f"/{code(1)}")
    ask(Role.ANALYST, q="轴承", limit=5)
    assert len(written()) == before + 2
    assert ("the-enterprise", f"enterprise {code(1)}", 1) in written()
    assert ("the-analyst", "enterprises: 轴承", 5) in written()


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (f"/{code(1)}", {"period": "soon"}, 422), (f"/{code(1)}", {"peers": "3451"}, 422),
        ("", {"limit": 0}, 422), ("", {"cursor": "abc"}, 422), ("", {"q": "x" * 81}, 422),
        ("/" + "9" * 41, {}, 422), ("/%00", {}, 400), ("", {"q": "%00"}, 200),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_in_one_line(
    ask: Any, path: str, query: dict[str, Any], status: int
) -> None:
    answer = ask(Role.ENTERPRISE, path, **query)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "\n" not in answer.json()["detail"]
        assert "Traceback" not in answer.text


def test_reasons_are_in_the_caller_s_language(ask: Any) -> None:
    found = ask(Role.ENTERPRISE, f"/{code(1)}", "zh").json()
    growth = next(one for one in found["position"]["measures"] if one["key"] == "growth")
    assert growth["own"] is None
    assert growth["absent"] == "no-data"
    assert "不足 20 家" in growth["quantiles"][0]["why"]
