"""The Projects page: flags first, one's own projects alone, a form for who may change them."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from tests.brain.projects.conftest import CLERK, VALVES, make_project, small_tables

from ballast.brain.projects.changing import frame_of, row_of
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.label import LANGUAGES
from ballast.terms.role import Role

HOSTILE = "<img src=x onerror=alert(1)>项目"


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    tables = small_tables()
    odd = make_project("JG-5", name=HOSTILE, uscc=VALVES)
    tables["project"].extend(frame_of("project", [row_of(odd)]))
    shared_door.context.lake.commit(tables, CLERK)
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[VALVES])
    return shared_door


@pytest.fixture
def browser(town: Any) -> Any:
    with town.browser() as opened:
        yield opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page wait for its answer, as these tests open no line on which it could follow."""
    monkeypatch.setattr("ballast.portal.factory_panel._PATIENCE", 60.0)


@pytest.fixture
def seen(town: Any, browser: Any) -> Any:
    def read(role: Role, address: str = "", language: str = "en") -> str:
        town.become(browser, role)
        join = "&" if "?" in address else "?"
        answer = browser.get(f"/projects{address}{join}lang={language}")
        assert answer.status_code == 200, answer.text
        whole: str = answer.text
        text = whole.replace("\\u003C", "<").replace("\\u003c", "<")
        return unescape(text.encode().decode("unicode_escape", "replace")) + whole

    return read


def test_flags_come_first_with_their_reasons(seen: Any) -> None:
    page = seen(Role.ANALYST)
    assert "5 projects: 3 under way, 1 planned, 1 finished, 0 stalled, 0 given up." in page
    assert "2 want attention: 1 late" in page
    assert "it was to start on 2025-03-01" in page
    assert "judged as of 2026-04-30" in page
    none = seen(Role.ANALYST, "?flag=over-budget")
    assert "No project is flagged here." in none


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_sees_the_own_projects_and_no_form(seen: Any, language: str) -> None:
    for address in ("", "?part=ledger", "?project=JG-1", "?project=JG-2", "?part=effect"):
        page = seen(Role.ENTERPRISE, address, language)
        assert "余热回收" not in page, address
        assert "Save the change" not in page
        assert "保存修改" not in page
    other = seen(Role.ENTERPRISE, "?project=JG-2", language).replace("JG-2", "X")
    nobody = seen(Role.ENTERPRISE, "?project=JG-8", language).replace("JG-8", "X")
    for sentence in ("that you may see; look for it", "没有您可查看的项目 X"):
        assert (sentence in other) == (sentence in nobody)


def test_an_analyst_finds_opens_and_may_change(town: Any, seen: Any) -> None:
    ledger = seen(Role.ANALYST, "?part=ledger&status=finished")
    assert "关键设备更新改造项目" in ledger
    assert "数字化车间建设项目" not in ledger
    one = seen(Role.ANALYST, "?project=JG-1")
    assert "50 % of the planned investment is made by April 2026" in one
    assert "Save the change" in one
    assert "project JG-1" in [entry.what for entry in entries(town.state)]


def test_effects_are_for_who_reads_units_and_say_what_is_missing(seen: Any) -> None:
    assert "reported a whole quarter" in seen(Role.ANALYST, "?part=effect")
    assert "not open to your account" in seen(Role.ENTERPRISE, "?part=effect")


def test_names_are_text(town: Any, browser: Any) -> None:
    town.become(browser, Role.ANALYST)
    for address in ("?", "?part=ledger", "?project=JG-5", "?part=ledger&find=%3Cimg"):
        page = browser.get(f"/projects{address}&lang=en").text
        assert "<img src=x" not in page, address
        assert "img src=x" in page, address


@pytest.mark.parametrize(
    "address",
    ["?page=-1", "?page=99999", "?page=x", "?part=none", "?flag=x", "?kind=x", "?status=x",
     "?project=%00", "?find=" + "长" * 300, "?outcome=x&part=effect", "?project=JG-1&done=%3Cb%3E"],
)  # fmt: skip
def test_an_odd_address_is_a_page(seen: Any, address: str) -> None:
    assert "Which projects move" in seen(Role.ANALYST, address)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.ADMINISTRATOR])
def test_who_reads_no_enterprise_is_turned_away(town: Any, browser: Any, role: Role) -> None:
    town.become(browser, role)
    assert browser.get("/projects").status_code in (302, 303, 401, 403)
