"""The Enterprise page: one's own is shown, another's is not, and what was seen is written down."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from tests.brain.enterprise_town import ME, Town, code, plant_day, rows, stream

from ballast.brain.enterprise_sealing import Sealing
from ballast.portal.enterprise_list import MOST
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.label import LANGUAGES
from ballast.terms.role import Role

HOSTILE = "<img src=x onerror=alert(1)>厂"
SECRET = "第2轴承"
"""An enterprise that shares with its cluster's operator; the owner of the first never meets it."""
UNSHARED = "第3轴承"


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    made = Town(count=24)
    made.register[4]["name"] = HOSTILE
    made.load(shared_door.context.lake.home.path, lake=shared_door.context.lake)
    stream(shared_door.context.lake, "plant_daily", plant_day(1, date(2026, 5, 30)))
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[code(1)])
    change_user(shared_door.state, shared_door.users[Role.OPERATOR].id, clusters=["bearings"])
    return shared_door


@pytest.fixture
def browser(town: Any) -> Any:
    with town.browser() as opened:
        yield opened


@pytest.fixture
def seen(town: Any, browser: Any) -> Any:
    """Return what reads a page as somebody of a role."""

    def read(role: Role, address: str = "", language: str = "en") -> str:
        town.become(browser, role)
        join = "&" if "?" in address else "?"
        answer = browser.get(f"/enterprise{address}{join}lang={language}")
        assert answer.status_code == 200, answer.text
        # What a page holds is told to its script as JSON inside the document.
        text = answer.text.replace("\\u003C", "<").replace("\\u003c", "<")
        return unescape(text.encode().decode("unicode_escape", "replace")) + unescape(answer.text)

    return read


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a vintage stand that was made of all that is loaded; sealing one takes seconds."""
    found = Sealing(datetime(2026, 6, 1, 9, tzinfo=UTC), frozenset({"345"}))
    monkeypatch.setattr("ballast.brain.enterprise_profile.sealing", lambda *_: found)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page wait for its answer, as these tests open no line on which it could follow."""
    monkeypatch.setattr("ballast.portal.factory_panel._PATIENCE", 60.0)


def written(town: Any) -> list[tuple[str, str, int]]:
    """Return what the audit trail holds of enterprises: who, what, of how many."""
    return [
        (one.who, one.what, one.count)
        for one in entries(town.state)
        if one.what.startswith("enterprise")
    ]


def test_an_owner_lands_on_the_enterprise_of_the_account(
    town: Any, browser: Any, seen: Any
) -> None:
    town.become(browser, Role.ENTERPRISE)
    assert browser.get("/").headers["location"] == "/enterprise"
    page = seen(Role.ENTERPRISE)
    assert "Where does my enterprise stand?" in page
    assert code(1) in page
    assert "Bearing Works No. 1" in page
    assert "it earned CNY 4.40 m" in page
    assert "synthetic sample" in page


def test_the_place_among_peers_is_told_in_quarters_and_in_no_rank(seen: Any) -> None:
    page = seen(Role.ENTERPRISE)
    assert "345 " in page
    assert "At least 20 enterprises" in page
    assert "lowest quarter" in page
    assert "place 24 of 24" not in page
    analyst = seen(Role.ANALYST, f"?code={code(1)}")
    assert "place 24 of 24" in analyst


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_s_page_is_the_page_of_a_code_that_nobody_has(seen: Any, language: str) -> None:
    for wanted in (code(2), code(2).lower(), code(3), f" {code(2)} "):
        page = seen(Role.ENTERPRISE, f"?code={wanted}", language)
        for word in (SECRET, UNSHARED, "No. 2", "No. 3"):
            assert word not in page, wanted
    there = seen(Role.ENTERPRISE, f"?code={code(2)}", language).replace(code(2), "CODE")
    nobody = seen(Role.ENTERPRISE, f"?code={code(900)}", language).replace(code(900), "CODE")
    for sentence in ("that you may see; look for it", "没有您可查看的企业 CODE"):
        assert (sentence in there) == (sentence in nobody)
    assert ("that you may see; look for it" in there) or ("没有您可查看的企业 CODE" in there)


@pytest.mark.parametrize(
    "address",
    ["?list=all", "?find=轴承", "?find=Bearing", f"?find={code(2)}", f"?code={code(1)}&find=第2",
     f"?code={code(1)}&figure=profit&code={code(2)}", "?list=all&page=1", "?find=%25"],
)  # fmt: skip
def test_no_way_of_asking_leads_to_another_s_figures(seen: Any, address: str) -> None:
    page = seen(Role.ENTERPRISE, address)
    for word in (SECRET, UNSHARED, "Bearing Works No. 2", "Bearing Works No. 3", HOSTILE):
        assert word not in page


def test_the_operator_sees_those_that_agreed_and_no_other(seen: Any) -> None:
    page = seen(Role.OPERATOR)
    assert "Bearing Works No. 2" in page
    assert "Bearing Works No. 3" not in page
    assert "it earned" in seen(Role.OPERATOR, f"?code={code(2)}")
    assert "it earned" not in seen(Role.OPERATOR, f"?code={code(3)}")


def test_consent_that_is_taken_back_closes_the_page(door: Any) -> None:
    town = Town(count=2)
    lake = town.load(door.context.lake.home.path, lake=door.context.lake)
    change_user(door.state, door.users[Role.OPERATOR].id, clusters=["bearings"])
    with door.browser(Role.OPERATOR) as browser:
        address = f"/enterprise?code={code(2)}&lang=en"
        assert "No. 2" in browser.get(address).text
        later = Town(count=0)
        later.register.append(town.entry(2, valid_from=date(2026, 5, 1), consent_share=False))
        lake.commit({"enterprise": rows("enterprise", *later.register)}, ME)
        assert "No. 2" not in browser.get(address).text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PUBLIC])
def test_who_gives_accounts_and_who_has_none_are_not_let_in(
    town: Any, browser: Any, role: Role
) -> None:
    town.become(browser, role)
    answer = browser.get(f"/enterprise?code={code(1)}")
    assert answer.status_code == (403 if role is Role.ADMINISTRATOR else 303)
    assert "No. 1" not in answer.text


def test_what_was_seen_is_written_down_and_what_was_not_is_not(town: Any, seen: Any) -> None:
    before = len(written(town))
    seen(Role.ENTERPRISE)
    seen(Role.ENTERPRISE, f"?code={code(2)}")
    seen(Role.ANALYST, f"?code={code(2)}")
    seen(Role.ANALYST, "?find=Bearing Works No. 1")
    found = written(town)
    assert len(found) == before + 3
    assert ("the-enterprise", f"enterprise {code(1)}", 1) in found
    assert ("the-enterprise", f"enterprise {code(2)}", 1) not in found
    assert ("the-analyst", f"enterprise {code(2)}", 1) in found
    assert ("the-analyst", "enterprises: Bearing Works No. 1", 11) in found


def test_an_analyst_looks_for_one_and_is_led_to_it(town: Any, browser: Any, seen: Any) -> None:
    assert "Enter a name or a code" in seen(Role.ANALYST)
    assert f"code={code(7)}" in seen(Role.ANALYST, f"?find={code(7)}")
    assert "Nothing that you may see is called" in seen(Role.ANALYST, "?find=nobody")
    town.become(browser, Role.ANALYST)
    found = browser.get(f"/search?q={code(7)}&lang=en").text
    assert re.search(rf"/enterprise\?[^<>]*code={code(7)}", found)


def test_a_name_is_text(seen: Any, browser: Any, town: Any) -> None:
    town.become(browser, Role.ANALYST)
    for address in ("?list=all", f"?code={code(5)}"):
        raw = browser.get(f"/enterprise{address}&lang=zh").text
        assert "<img src=x" not in raw
        assert "<img src=x" not in raw.encode().decode("unicode_escape", "replace")


def test_an_account_of_no_enterprise_is_told_what_to_do(town: Any, seen: Any) -> None:
    own = town.users[Role.ENTERPRISE].id
    change_user(town.state, own, enterprises=[])
    assert "Your account names no enterprise yet" in seen(Role.ENTERPRISE)
    change_user(town.state, own, enterprises=[code(1)])
    clusters = town.users[Role.OPERATOR].id
    change_user(town.state, clusters, clusters=["no-such"])
    assert "has agreed to share its figures" in seen(Role.OPERATOR)
    change_user(town.state, clusters, clusters=["bearings"])


def test_people_of_two_enterprises_choose(town: Any, seen: Any) -> None:
    own = town.users[Role.ENTERPRISE].id
    change_user(town.state, own, enterprises=[code(1), code(4)])
    page = seen(Role.ENTERPRISE)
    assert f"code={code(1)}" in page
    assert f"code={code(4)}" in page
    assert code(2) not in page
    change_user(town.state, own, enterprises=[code(1)])


def test_figures_end_with_the_period_of_the_address(seen: Any) -> None:
    assert "In 2025 to the end of March it earned CNY 3.00 m" in seen(
        Role.ENTERPRISE, "?period=2025-03ytd"
    )
    assert "cannot be read" in (page := seen(Role.ENTERPRISE, "?period=soon")) or "period" in page
    assert "it earned" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_stands_in_both_languages(seen: Any, language: str) -> None:
    page = seen(Role.ENTERPRISE, f"?code={code(1)}&figure=profit", language)
    parts = {
        "zh": ("在同类企业中的位置", "历期变化", "称号与项目", "集群、产业链、标识、设备",
               "合成样例", "暂无称号", "尚无标识前缀", "已联网", "轴承"),
        "en": ("Among its peers", "Over time", "Titles and projects",
               "Clusters, chains, identifiers, machines", "synthetic sample", "No title is known",
               "holds no prefix", "Connected: 1 of the last 30 days", "Bearings"),
    }[language]  # fmt: skip
    for part in parts:
        assert part in page, part


def test_a_list_comes_in_pages(door: Any) -> None:
    town = Town(count=MOST + 5)
    town.reports.clear()
    town.reports[1, "2026-03"] = town.report(1, "2026-03")
    town.load(door.context.lake.home.path, lake=door.context.lake)
    with door.browser(Role.ANALYST) as browser:
        first = browser.get("/enterprise?list=all&lang=en").text
        last = browser.get("/enterprise?list=all&page=1&lang=en").text
        strange = browser.get("/enterprise?list=all&page=99999999999&lang=en")
    assert first.count("Bearing Works") == MOST
    assert "The next page" in first
    assert last.count("Bearing Works") == 5
    assert "The page before" in last
    assert strange.status_code == 200
