"""Signing in and out at the form, as a browser without script does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.portal.identity import session_cookie
from ballast.portal.signin import own_path
from ballast.state.audit import entries
from ballast.state.users import disable_user
from ballast.terms.role import Role

PASSWORD = "correct horse battery"


def token_in(page: Any) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


def try_in(browser: Any, name: str, password: str, **more: str) -> Any:
    csrf = token_in(browser.get("/signin"))
    return browser.post("/signin", data={"csrf": csrf, "name": name, "password": password} | more)


def signed_in(browser: Any) -> bool:
    return bool(browser.get("/").headers["location"] == "/city")


def test_the_right_name_and_password_let_in(door: Any) -> None:
    browser = door.browser()
    answer = try_in(browser, "the-analyst", PASSWORD, next="/public")
    assert (answer.status_code, answer.headers["location"]) == (303, "/public")
    cookie = answer.headers["set-cookie"].lower()
    for word in ("httponly", "samesite=lax", "path=/", "max-age=43200"):
        assert word in cookie
    assert signed_in(browser)


def test_every_wrong_try_gets_the_same_answer(door: Any) -> None:
    disable_user(door.state, door.users[Role.ENTERPRISE].id)
    tries = [
        ("the-analyst", "wrong"),
        ("nobody-here", PASSWORD),
        ("the-enterprise", PASSWORD),
        ("", ""),
        ("the-analyst\x00", PASSWORD),
        ("the-analyst", PASSWORD + "\x00"),
        ("the-analyst", "x" * 10_000),
        ("x" * 10_000, PASSWORD),
        ("<script>alert(1)</script>", "'; DROP TABLE users; --"),
    ]
    said = set()
    for name, password in tries:
        answer = try_in(door.browser(), name, password)
        assert answer.status_code == 401
        assert "ballast-session" not in answer.headers.get("set-cookie", "")
        said.add(re.sub(r'value="[0-9a-f]{64}"', "", answer.text))
    assert len(said) == 1


def test_a_name_is_locked_out_also_for_the_right_password(door: Any) -> None:
    for _ in range(5):
        try_in(door.browser(), "the-analyst", "wrong")
    assert try_in(door.browser(), "the-analyst", PASSWORD).status_code == 401
    door.clock.move(minutes=16)
    assert try_in(door.browser(), "the-analyst", PASSWORD).status_code == 303


def test_an_address_that_tries_many_names_is_slowed(door: Any) -> None:
    browser = door.browser()
    answers = [try_in(browser, f"name-{i}", "wrong").status_code for i in range(31)]
    assert answers == [401] * 30 + [429]
    assert try_in(browser, "the-analyst", PASSWORD).status_code == 429
    door.clock.move(minutes=16)
    assert try_in(browser, "the-analyst", PASSWORD).status_code == 303


def test_who_signs_in_rightly_never_uses_up_the_tries_of_an_office(door: Any) -> None:
    for _ in range(35):
        assert try_in(door.browser(), "the-analyst", PASSWORD).status_code == 303


def test_a_session_replayed_after_sign_out_is_nobodys(door: Any) -> None:
    browser = door.browser()
    try_in(browser, "the-analyst", PASSWORD)
    kept = browser.cookies[session_cookie(door.context)]
    csrf = token_in(browser.get("/signin"))
    answer = browser.post("/signout", data={"csrf": csrf})
    assert answer.status_code == 303
    assert f'{session_cookie(door.context)}=""' in answer.headers["set-cookie"]
    thief = door.browser()
    thief.cookies.set(session_cookie(door.context), kept)
    assert not signed_in(thief)


def test_a_session_ends_by_itself(door: Any) -> None:
    idle, busy = door.browser(Role.ANALYST), door.browser(Role.ANALYST)
    for _ in range(23):
        assert signed_in(busy)
        door.clock.move(minutes=31)
    assert not signed_in(idle)
    assert signed_in(busy)
    door.clock.move(minutes=31)
    assert not signed_in(busy)


def test_signing_in_ends_the_session_that_was_there(door: Any) -> None:
    browser = door.browser(Role.ENTERPRISE)
    planted = browser.cookies[session_cookie(door.context)]
    browser.cookies.delete(session_cookie(door.context))
    csrf = token_in(browser.get("/signin"))
    browser.cookies.set(session_cookie(door.context), planted)
    form = {"csrf": csrf, "name": "the-analyst", "password": PASSWORD}
    del browser.headers["x-csrf-token"]
    assert browser.post("/signin", data=form).status_code == 303
    other = door.browser()
    other.cookies.set(session_cookie(door.context), planted)
    assert not signed_in(other)


def test_a_disabled_account_is_out_at_once(door: Any) -> None:
    browser = door.browser(Role.ANALYST)
    assert signed_in(browser)
    disable_user(door.state, door.users[Role.ANALYST].id)
    assert not signed_in(browser)


def test_the_form_needs_its_token(door: Any) -> None:
    form = {"name": "the-analyst", "password": PASSWORD}
    browser = door.browser()
    assert browser.post("/signin", data=form).status_code == 403
    foreign = token_in(door.browser().get("/signin"))
    browser.get("/signin")
    assert browser.post("/signin", data=form | {"csrf": foreign}).status_code == 403
    right = token_in(browser.get("/signin"))
    twice = f"csrf={right}&csrf={right}&name=the-analyst&password=x"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/signin", content=twice, headers=headers).status_code == 403


def test_nobody_is_signed_out_by_another_site(door: Any) -> None:
    browser = door.browser(Role.ANALYST)
    del browser.headers["x-csrf-token"]
    assert browser.post("/signout").status_code == 403
    assert signed_in(browser)


def test_under_tls_cookies_are_of_this_host_alone(door: Any) -> None:
    sealed = door.again(base_url="https://portal.test", secure_cookies=True)
    answer = try_in(sealed.browser(), "the-analyst", PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-ballast-session-")
    assert "secure" in cookie.lower()
    assert answer.headers["strict-transport-security"]


def test_the_page_speaks_both_languages_and_needs_no_script(door: Any) -> None:
    browser = door.browser()
    chinese, english = browser.get("/signin?lang=zh"), browser.get("/signin?lang=en")
    assert "密码" in chinese.text
    assert 'lang="zh-CN"' in chinese.text
    assert "Password" in english.text
    assert "<script" not in chinese.text + english.text
    assert "script-src" not in english.headers["content-security-policy"]
    assert english.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_is_signed_in_and_out_is_in_the_trail(door: Any) -> None:
    browser = door.browser()
    try_in(browser, "the-analyst", "wrong")
    try_in(browser, "the-analyst", PASSWORD)
    browser.post("/signout", data={"csrf": token_in(browser.get("/signin"))})
    assert [e.action for e in entries(door.state)] == ["sign-out", "sign-in"]
    assert {e.who for e in entries(door.state)} == {"the-analyst"}


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example", "https://evil.example/city", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/%0d%0aset-cookie:x=1/..", "/city\r\nset-cookie: x=1", "///evil",
        "/signin", "/oidc/login", "/nowhere", "city", "", "/" + "a" * 5000, "http:/city",
        "/\t/evil",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_place(door: Any, asked: str) -> None:
    assert own_path(asked) == "/"
    answer = try_in(door.browser(), "the-analyst", PASSWORD, next=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "x" not in answer.cookies


def test_a_page_of_ours_is_gone_on_to_with_its_filters() -> None:
    assert own_path("/city?period=2026-05ytd&region=371500#x") == (
        "/city?period=2026-05ytd&region=371500"
    )


@given(st.text())
def test_whatever_is_asked_for_one_stays_here(asked: str) -> None:
    found = own_path(asked)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isprintable()


def test_the_portals_of_two_homes_on_one_host_do_not_sign_each_other_out(
    door: Any, shared_door: Any
) -> None:
    names = {session_cookie(one.context) for one in (door, shared_door)}
    assert len(names) == 2
    browser = door.browser(Role.ANALYST)
    # A browser sends the cookies of a host to every port of it.
    for name, value in shared_door.browser(Role.ANALYST).cookies.items():
        browser.cookies.set(name, value)
    assert signed_in(browser)
    csrf = token_in(browser.get("/signin"))
    cleared = browser.post("/signout", data={"csrf": csrf}).headers["set-cookie"]
    assert session_cookie(shared_door.context) not in cleared
