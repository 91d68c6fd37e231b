"""The Factory page: who is let in, what stands where nothing is, and a part each."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.portal.factory_shop import LATHE, USCC, furnish

from ballast.portal.factory import PARTS
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.role import Role


@pytest.fixture(scope="module")
def shop(shared_door: Any) -> Any:
    furnish(shared_door.context.lake)
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[USCC])
    return shared_door


def seen(browser: Any, address: str = "") -> str:
    answer = browser.get(f"/factory{address}")
    assert answer.status_code == 200, answer.text
    # What a page holds is told to its script as JSON inside the document.
    return unescape(answer.text.encode().decode("unicode_escape", "replace"))


def test_a_home_without_a_plant_shows_how_to_begin(door: Any) -> None:
    with door.browser(Role.ENTERPRISE) as browser:
        page = seen(browser)
    assert "ballast plant serve" in page
    assert "mosquitto" in page


def test_machines_heard_without_a_mapping_are_shown_to_nobody(door: Any) -> None:
    (door.context.lake.home.path / "plant" / "spool").mkdir(parents=True)
    with door.browser(Role.ENTERPRISE) as browser:
        assert "no mapping says whose they are" in seen(browser)


def test_a_mapping_that_is_wrong_says_what_and_where(door: Any) -> None:
    folder: Path = door.context.lake.home.path / "plant"
    folder.mkdir()
    (folder / "site.toml").write_text("[site]\nuscc = 3\n", encoding="utf-8")
    with door.browser(Role.ENTERPRISE) as browser:
        assert "[site]" in seen(browser)


def test_people_of_another_enterprise_see_no_machine(shop: Any) -> None:
    own = shop.users[Role.ENTERPRISE].id
    change_user(shop.state, own, enterprises=["91371500MA1111111F"])
    with shop.browser(Role.ENTERPRISE) as browser:
        for part in PARTS:
            page = seen(browser, f"?part={part}")
            assert "another enterprise" in page
            assert "Lathe" not in page
    change_user(shop.state, own, enterprises=[USCC])


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR])
def test_nobody_else_is_let_in(shop: Any, role: Role) -> None:
    with shop.browser(role) as browser:
        assert browser.get("/factory").status_code == 403


def test_a_factory_s_own_people_begin_at_their_machines(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        assert browser.get("/").headers["location"] == "/factory"
    with shop.browser(Role.ANALYST) as browser:
        assert browser.get("/").headers["location"] == "/city"


def test_the_board_tells_state_order_and_last_values(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        page = seen(browser)
    assert "1 of 2 machines are producing." in page
    assert "41.5 %" in page
    assert "beyond its limits" in page  # a bore of 12.03 mm
    assert "it has no state tag" in page


def test_what_was_seen_is_written_down(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        for part in PARTS:
            seen(browser, f"?part={part}")
    said = {entry.what.split()[1] for entry in entries(shop.state) if "factory:" in entry.what}
    assert said == {"machines", "oee", "chart", "energy", "data"}


def test_a_part_there_is_not_is_the_board(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        assert "machines are producing" in seen(browser, "?part=nothing")


def test_a_stretch_of_time_there_is_not_is_refused_in_one_line(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        for part, span in zip(
            ("oee", "quality", "energy", "data"),
            ("soon", "2026-13-40", "2026-06-02..2026-06-01", "<script>alert(1)</script>"),
            strict=True,
        ):
            page = seen(browser, f"?part={part}&span={span}")
            assert re.search(r"role=\W*alert", page)
            assert "<script>alert" not in page


def test_every_part_stands_in_both_languages(shop: Any) -> None:
    with shop.browser(Role.ENTERPRISE) as browser:
        for part, one in PARTS.items():
            page = browser.get(f"/factory?part={part}&lang=zh&machine={LATHE}").text
            assert one.label.zh in page.encode().decode("unicode_escape", "replace") or (
                one.label.zh in unescape(page)
            )
