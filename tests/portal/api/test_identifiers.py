"""Prefixes, days and the search over the interface: each sees what the page would show them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import record_of
from ballast.node.wire.value import Value
from ballast.state.audit import entries
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role

AT = 1_780_000_000
ROOT = "/api/v1/identifiers"
THIRD = with_check_character("91371500MA3C00003")


@pytest.fixture(scope="module")
def noded(stocked: Any, make_node: Callable[[Path], Any]) -> Any:
    """Return the filled portal, with a node and its writer."""
    own, other = (with_check_character(f"91371500MA3C0000{n}") for n in (1, 2))  # as in conftest
    node = make_node(stocked.door.context.lake.home.path)
    node.put(
        PrefixEntry("88.118", PrefixState.HOMED, allotted_at=AT),
        PrefixEntry("88.118.8", PrefixState.HOMED, own, "自家铜业", allotted_at=AT),
        PrefixEntry("88.118.9", PrefixState.HOMED, other, "别家", allotted_at=AT),
        PrefixEntry("88.118.10", PrefixState.DELEGATED, own, "自家铜业", allotted_at=AT),
        records=[
            record_of(f"88.118.{p}/A-{n}".encode(), [Value(1, "URL", b"https://x.cn")], AT)
            for p, most in ((8, 5), (9, 2))
            for n in range(most)
        ],
    )
    node.start_writer()
    return stocked


def asked(noded: Any, role: Role, path: str, **query: Any) -> Any:
    answer = noded.caller(role).get(ROOT + path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(noded: Any, role: Role) -> dict[str, int | None]:
    return {one["prefix"]: one["count"] for one in asked(noded, role, "/prefixes")["prefixes"]}


def test_each_role_sees_its_prefixes_with_the_counts_it_may_see(noded: Any) -> None:
    assert counts(noded, Role.ANALYST) == {
        "88.118": 0, "88.118.8": 5, "88.118.9": 2, "88.118.10": 0,
    }  # fmt: skip
    assert counts(noded, Role.ENTERPRISE) == {"88.118.8": 5, "88.118.10": 0}
    hidden = counts(noded, Role.ADMINISTRATOR)
    assert (hidden["88.118"], hidden["88.118.8"], hidden["88.118.9"]) == (0, None, None)
    assert counts(noded, Role.OPERATOR).keys() == {"88.118.8", "88.118.10"}  # who consented


def test_prefixes_come_in_pages(noded: Any) -> None:
    first = asked(noded, Role.ANALYST, "/prefixes", limit=3)
    rest = asked(noded, Role.ANALYST, "/prefixes", limit=3, cursor=first["next"])
    assert [one["prefix"] for one in first["prefixes"] + rest["prefixes"]] == [
        "88.118", "88.118.8", "88.118.9", "88.118.10",
    ]  # fmt: skip
    assert rest["next"] is None


def test_the_search_goes_through_all_that_begins_so_and_through_nothing_else(noded: Any) -> None:
    found, cursor = [], None
    while True:
        more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
        told = asked(noded, Role.ENTERPRISE, "/search", begins="88.118.8/a-", limit=2, **more)
        found += [one["handle"] for one in told["identifiers"]]
        cursor = told["next"]
        if cursor is None:
            break
    assert found == [f"88.118.8/A-{n}" for n in range(5)]


def test_a_cursor_of_another_question_is_refused(noded: Any) -> None:
    cursor = asked(noded, Role.ENTERPRISE, "/search", begins="88.118.8/", limit=1)["next"]
    program = noded.caller(Role.ENTERPRISE)
    answer = program.get(f"{ROOT}/search", params={"begins": "88.118.8/A", "cursor": cursor})
    assert answer.status_code == 422
    assert "cursor" in answer.json()["detail"]


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR])
def test_what_is_anothers_is_not_listed(noded: Any, role: Role) -> None:
    answer = noded.caller(role).get(f"{ROOT}/search", params={"begins": "88.118.9/"})
    assert "A-0" not in answer.text
    assert answer.status_code == 403 or answer.json()["identifiers"] == []


def test_a_list_that_was_read_is_written_down(noded: Any) -> None:
    asked(noded, Role.ANALYST, "/search", begins="88.118.9/A")
    newest = entries(noded.door.state, who="the-analyst", limit=1)[0]
    assert (newest.what, newest.count) == ("identifiers: 88.118.9/A", 1)


def test_days_are_counted_without_gaps_and_by_right(noded: Any) -> None:
    whole = asked(noded, Role.ADMINISTRATOR, "/daily", first="2026-01-01", last="2026-01-10")
    assert [day["day"] for day in whole["days"]] == [f"2026-01-{n:02}" for n in range(1, 11)]
    assert len(asked(noded, Role.ENTERPRISE, "/daily")["days"]) == 30
    own = asked(noded, Role.ENTERPRISE, "/daily", prefix="88.118.8")
    assert own["prefix"] == "88.118.8"
    for role, prefix in ((Role.ADMINISTRATOR, "88.118.8"), (Role.ENTERPRISE, "88.118.9")):
        answer = noded.caller(role).get(f"{ROOT}/daily", params={"prefix": prefix})
        assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    "days",
    [
        {"first": "2026-02-01", "last": "2026-01-01"},
        {"first": "1999-01-01", "last": "1999-02-01"},
        {"first": "2024-01-01", "last": "2026-01-01"},
        {"last": "0001-01-01"},
    ],
)
def test_days_that_cannot_be_counted_are_refused(noded: Any, days: dict[str, str]) -> None:
    answer = noded.caller(Role.ANALYST).get(f"{ROOT}/daily", params=days)
    assert answer.status_code == 422


def test_the_administrator_allots_a_prefix_and_nobody_else(noded: Any) -> None:
    wish = {"prefix": "88.118.77", "uscc": THIRD, "enterprise": "第三家"}
    for role in (Role.ENTERPRISE, Role.OPERATOR, Role.ANALYST):
        assert noded.caller(role).post(f"{ROOT}/prefixes", json=wish).status_code == 403
    program = noded.caller(Role.ADMINISTRATOR)
    answer = program.post(f"{ROOT}/prefixes", json=wish)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["count"]) == ("homed", None)
    again = program.post(f"{ROOT}/prefixes", json=wish)
    assert (again.status_code, again.json()["status"]) == (409, 409)
    wrong = program.post(f"{ROOT}/prefixes", json=wish | {"uscc": THIRD[:-1] + "A"})
    assert wrong.status_code == 422


def test_without_a_node_each_endpoint_says_how_to_get_one(door: Any) -> None:
    browser = door.browser(Role.ANALYST)
    for path in ("/prefixes", "/search?begins=88.118.8/", "/daily", "/records?handle=88.118.8/A"):
        answer = browser.get(ROOT + path)
        assert answer.status_code == 404
        assert "ballast node init" in answer.json()["detail"]
