"""The search finds what is called so, and nothing that its viewer may not see."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ballast.lake.lake import Lake
from ballast.portal.search import Found, find
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer

TODAY = date(2026, 6, 20)


@pytest.fixture
def lake(tmp_path: Path, two: Any) -> Lake:
    found = Lake.create(tmp_path / "home")
    two.load(found)
    return found


def search(lake: Lake, viewer: Viewer, text: str) -> list[Found]:
    return find(lake, viewer, text, region="371500", today=TODAY)


def codes(found: list[Found], kind: str) -> list[str]:
    return [one.code for one in found if one.kind == kind]


def test_names_and_codes_are_found_in_either_language(lake: Lake, two: Any) -> None:
    assert "345" in codes(search(lake, two.me, "轴承"), "industry")
    assert codes(search(lake, two.me, "345"), "industry")[0] == "345"
    assert "371581" in codes(search(lake, two.me, "临清"), "region")
    assert "371581" in codes(search(lake, two.me, "linqing"), "region")
    assert codes(search(lake, two.me, two.own.lower()), "enterprise") == [two.own]


def test_places_of_other_cities_are_not_offered(lake: Lake, two: Any) -> None:
    assert codes(search(lake, two.me, "济南"), "region") == []


def test_a_sign_of_patterns_is_only_itself(lake: Lake, two: Any) -> None:
    assert codes(search(lake, two.me, "100%"), "enterprise") == [two.own]
    assert codes(search(lake, two.me, "%"), "enterprise") == [two.own]
    assert codes(search(lake, two.me, "_"), "enterprise") == []
    assert codes(search(lake, two.me, "' OR 1=1 --"), "enterprise") == []


def test_nobody_finds_an_enterprise_that_is_not_theirs(lake: Lake, two: Any) -> None:
    owner = Viewer("o", enterprises=frozenset({two.own}))
    assert codes(search(lake, owner, two.other), "enterprise") == []
    assert codes(search(lake, owner, "有限公司"), "enterprise") == [two.own]
    assert codes(search(lake, owner, "阀门"), "enterprise") == []
    assert codes(search(lake, PUBLIC, "有限公司"), "enterprise") == []


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_asked_finds_nothing(lake: Lake, text: str, two: Any) -> None:
    assert search(lake, two.me, text) == []


def test_who_saw_which_units_is_written_down_and_names_are_text(door: Any, two: Any) -> None:
    two.load(door.context.lake)
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[two.own])
    with door.browser(Role.ANALYST) as client:
        page = client.get("/search", params={"q": "阀门"}).text
        assert two.other in page
        assert "<b>阀门" not in page
        hidden = door.become(client, Role.ENTERPRISE).get("/search", params={"q": "阀门"}).text
        assert two.other not in hidden
    seen = [(e.who, e.action, e.count) for e in entries(door.state) if "阀门" in e.what]
    assert seen == [("the-analyst", "read", 1)]
