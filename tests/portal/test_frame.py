"""The frame: filters in the address, navigation by role, nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ballast.errors import InvalidTerm
from ballast.portal.access import may
from ballast.portal.frame import NAVIGATION
from ballast.portal.frame_address import filters_of, go
from ballast.terms.role import Role

HOME = "371500"


def test_an_address_keeps_its_filters_on_the_way_to_another_page() -> None:
    query = {"period": "2026-05ytd", "region": "371581", "lang": "en", "view": "wall", "x": "1"}
    filters = filters_of(query, home=HOME, language="zh")
    assert filters.wall
    assert filters.link("/data") == go("/data", period="2026-05ytd", region="371581", lang="en")
    assert filters.link("/data", region=None) == go("/data", period="2026-05ytd", lang="en")


def test_nothing_asked_is_the_home_s_region_and_the_newest_period() -> None:
    filters = filters_of({}, home=HOME, language="en")
    assert (filters.region, filters.period, filters.language) == (HOME, None, "en")


@pytest.mark.parametrize(
    "query",
    [{"region": "999999"}, {"region": "<script>"}, {"region": "999999-KFQ"}, {"period": "soon"}],
)
def test_an_unknown_code_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(InvalidTerm):
        filters_of(query, home=HOME, language="en")


def test_a_role_is_led_only_where_it_may_go(door: Any) -> None:
    entries = [sum(may(role, "GET", address) for address, _ in NAVIGATION) for role in Role]
    assert max(entries) <= 8
    with door.browser(Role.ANALYST) as client:
        as_analyst = client.get("/city").text
        as_administrator = door.become(client, Role.ADMINISTRATOR).get("/city").text
        as_enterprise = door.become(client, Role.ENTERPRISE).get("/city").text
    led = [
        {a for a, _ in NAVIGATION if f"&quot;{a}\\" in page or f'href=\\"{a}' in page}
        for page in (as_analyst, as_administrator, as_enterprise)
    ]
    assert "/users" not in led[0]
    assert "/users" in led[1]
    assert "/data" in led[0]
    assert {"/data", "/users"}.isdisjoint(led[2])


def test_a_page_names_nothing_that_lies_elsewhere(door: Any) -> None:
    with door.browser(Role.ANALYST) as client:
        page = client.get("/city").text
    elsewhere = {
        host
        for host in re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]{2,})", page)
        if host not in {"www.w3.org", "portal.test"}
    }
    assert elsewhere == set()


def test_a_name_of_an_account_is_text(door: Any) -> None:
    from ballast.state.users import change_user

    user = door.users[Role.ANALYST]
    change_user(door.state, user.id, display="<img src=x onerror=alert(1)>")
    with door.browser(Role.ANALYST) as client:
        assert "<img src=x" not in client.get("/city").text
