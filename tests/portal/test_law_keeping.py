"""Facts that an enterprise keeps: rows of its own, kept once, seen by it alone, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ballast.portal.law_keeping import RECIPE
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.role import Role
from ballast.terms.viewer import operator, viewer_for

FACTS = {
    "form": "long", "day": "2026-06-01", "rd[2025]": "420", "class1_ip": "2",
    "revenue[2025]": "0.6亿元", "holds[specialised_sme]": "2024-07-01",
}  # fmt: skip


@pytest.fixture
def own(door: Any, two: Any) -> Any:
    two.load(door.context.lake)
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[two.own])
    return door


@pytest.fixture
def browser(own: Any) -> Iterator[Any]:
    with own.browser(Role.ENTERPRISE) as opened:
        yield opened


def keep(browser: Any, uscc: str, once: str = "a", **more: str) -> Any:
    return browser.post("/law/keep?lang=en", data={**FACTS, "uscc": uscc, "once": once, **more})


def rows(own: Any) -> list[dict[str, Any]]:
    read = own.context.lake.read("enterprise_fact", operator("test"))
    found: list[dict[str, Any]] = read.to_polars().to_dicts()
    return found


def test_the_report_offers_an_enterprise_to_keep_what_it_wrote(own: Any, browser: Any) -> None:
    report = browser.post("/public/check?lang=en", data=FACTS).text
    assert "Keep these facts for your enterprise" in report
    form = report[report.index('action="/law/keep') :]
    form = form[: form.index("</form>")]
    given = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form))
    assert given["rd[2025]"] == "420"
    answer = browser.post("/law/keep?lang=en", data=given)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/law/kept?done=L")
    page = browser.get(answer.headers["location"]).text
    assert "It is kept." in page
    assert {(row["fact"], row["year"]) for row in rows(own)} == {
        ("rd", 2025), ("class1_ip", 2026), ("revenue", 2025),
    }  # fmt: skip


def test_kept_facts_are_rows_of_the_own_enterprise_in_the_units_of_the_table(
    own: Any, browser: Any, two: Any
) -> None:
    assert keep(browser, two.own).status_code == 303
    found = {row["fact"]: row for row in rows(own)}
    assert float(found["revenue"]["value_number"]) == 6000
    assert {row["uscc"] for row in found.values()} == {two.own}
    assert any(one.what.startswith("self-check: keep") for one in entries(own.state))


def test_nobody_keeps_for_another_enterprise(own: Any, browser: Any, two: Any) -> None:
    for uscc in (two.other, "", "<script>", two.own.lower()):
        assert keep(browser, uscc).status_code == 403
    assert rows(own) == []
    for role in (Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR, Role.PUBLIC):
        own.become(browser, role)
        assert keep(browser, two.own).status_code in (401, 403)
        assert browser.get("/law/kept").status_code in (303, 403)
    assert rows(own) == []


def test_a_form_from_elsewhere_keeps_nothing(own: Any, browser: Any, two: Any) -> None:
    elsewhere = {"origin": "https://evil.example"}
    browser.headers.pop("x-csrf-token")
    for headers in ({}, {"x-csrf-token": "guessed"}, elsewhere):
        answer = browser.post("/law/keep", data=FACTS | {"uscc": two.own}, headers=headers)
        assert answer.status_code == 403
    assert rows(own) == []


def test_a_double_click_keeps_once_and_another_form_again(own: Any, browser: Any, two: Any) -> None:
    first = keep(browser, two.own).headers["location"]
    assert keep(browser, two.own).headers["location"] == first
    assert keep(browser, two.own, "b").headers["location"] != first
    live = own.context.lake.ledger.live()
    assert live["recipe"].to_list().count(RECIPE) == 2


def test_an_answer_that_cannot_be_used_keeps_nothing(own: Any, browser: Any, two: Any) -> None:
    for wrong in ({"rd[2025]": "much"}, {"revenue[2025]": "5吨"}, {"day": "soon"}):
        assert keep(browser, two.own, **wrong).status_code == 400
    only_titles = {"uscc": two.own, "holds[specialised_sme]": "2024-07-01"}
    assert browser.post("/law/keep", data=only_titles).status_code == 400
    assert rows(own) == []


def test_what_was_kept_is_taken_back_by_its_enterprise_alone(
    own: Any, browser: Any, two: Any
) -> None:
    keep(browser, two.own)
    load = own.context.lake.ledger.live()["load_id"].to_list()[-1]
    change_user(own.state, own.users[Role.ENTERPRISE].id, enterprises=[two.other])
    assert load not in browser.get("/law/kept").text
    assert browser.post("/law/forget", data={"load": load}).status_code == 404
    change_user(own.state, own.users[Role.ENTERPRISE].id, enterprises=[two.own])
    assert load in browser.get("/law/kept").text
    assert browser.post("/law/forget?lang=en", data={"load": load}).status_code == 303
    assert rows(own) == []
    assert browser.post("/law/forget", data={"load": load}).status_code == 404


def test_no_other_load_is_taken_back_here(own: Any, browser: Any) -> None:
    (register,) = own.context.lake.ledger.live()["load_id"].to_list()
    for load in (register, "", "x" * 5000, "<script>"):
        assert browser.post("/law/forget", data={"load": load}).status_code == 404
    assert own.context.lake.ledger.live()["load_id"].to_list() == [register]


def test_the_account_itself_gets_no_right_to_load(own: Any, browser: Any, two: Any) -> None:
    keep(browser, two.own)
    viewer = viewer_for(Role.ENTERPRISE, "x", frozenset({two.own}))
    assert viewer.rights == frozenset()
