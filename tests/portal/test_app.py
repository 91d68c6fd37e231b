"""The portal as a whole: where it begins, what it leaves in the home, what it refuses."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import Any

import pytest

from ballast.errors import WrongUsage
from ballast.portal.app import create_app
from ballast.portal.formtoken import portal_secret
from ballast.terms.role import Role


def test_the_first_page_sends_each_to_their_own(door: Any) -> None:
    assert door.browser().get("/").headers["location"] == "/public"
    assert door.browser(Role.ANALYST).get("/").headers["location"] == "/city"


def test_head_is_answered_like_get_without_a_body(door: Any) -> None:
    answer = door.browser().head("/signin")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-security-policy"]


def test_another_method_is_told_which_are_taken(door: Any) -> None:
    answer = door.browser().delete("/signin")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_there_is_said_in_the_reader_s_language(door: Any, language: str) -> None:
    answer = door.browser().get("/nowhere", params={"lang": language})
    assert answer.status_code == 404
    assert ("此地址没有内容" in answer.text) == (language == "zh")


def test_no_description_of_the_program_is_served_by_itself(door: Any) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert door.browser(Role.ADMINISTRATOR).get(path).status_code == 404


def test_the_secret_is_kept_for_the_owner_alone_and_stays(door: Any) -> None:
    path = door.context.lake.home.path / "portal" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.read_text()
    create_app(door.context)
    assert path.read_text() == before == portal_secret(door.context)


def test_pages_load_nothing_from_elsewhere_and_their_cookie_is_sealed(door: Any) -> None:
    with door.browser(Role.ANALYST) as browser:
        page = browser.get("/city")
    assert page.status_code == 200
    assert 'src="http' not in page.text
    assert 'href="http' not in page.text
    assert "httponly" in page.headers["set-cookie"].lower()


def test_assets_carry_no_cookie(door: Any) -> None:
    import nicegui

    with door.browser(Role.ANALYST) as browser:
        answer = browser.get(f"/_nicegui/{nicegui.__version__}/static/nicegui.js")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


def test_two_portals_in_one_process_answer_each_for_themselves(door: Any) -> None:
    other = door.again(base_url="http://other.test")
    assert other.browser().get("/signin").status_code == 200
    assert door.browser().get("/signin").status_code == 200
    assert other.browser().get("/signin", headers={"host": "portal.test"}).status_code == 421


@pytest.mark.parametrize("url", ["", "portal.test", "ftp://portal.test", "http://", "http://a/b"])
def test_an_address_that_browsers_cannot_use_is_refused(door: Any, url: str) -> None:
    with pytest.raises(WrongUsage):
        replace(door.context, base_url=url)
