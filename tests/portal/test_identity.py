"""Who is behind a request, and what that account may read of the lake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from ballast.errors import NotPermitted, SignInRefused
from ballast.portal.identity import Identity, audited, identify, require, session_cookie
from ballast.state.audit import entries
from ballast.state.keys import issue_key, revoke_key
from ballast.state.sessions import open_session
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Right


def request(door: Any, **headers: str) -> HTTPConnection:
    """Return a request as the outermost layer hands it on."""
    return HTTPConnection(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "client": ("192.0.2.7", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "state": {"context": door.context},
        }
    )


def of_session(door: Any, role: Role) -> Identity:
    token, _ = open_session(door.state, door.users[role].id)
    return identify(request(door, cookie=f"{session_cookie(door.context)}={token}"), by_key=False)


def key_of(door: Any, role: Role, **ends: int) -> tuple[str, int]:
    expires = door.clock() + timedelta(**(ends or {"days": 1}))
    secret, key = issue_key(door.state, door.users[role].id, "a test", expires)
    return secret, key.id


def test_nobody_is_the_public(door: Any) -> None:
    nobody = identify(request(door), by_key=True)
    assert (nobody.user, nobody.viewer, nobody.csrf) == (None, PUBLIC, None)


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.ANALYST, Role.ADMINISTRATOR])
def test_each_role_reads_as_its_own_viewer(door: Any, role: Role) -> None:
    found = of_session(door, role)
    assert found.role is role
    assert found.viewer.may(Right.READ_UNITS) == (role is Role.ANALYST)
    assert found.viewer.may(Right.MANAGE_USERS) == (role is Role.ADMINISTRATOR)
    assert found.address == "192.0.2.7"


def test_a_key_opens_what_its_account_opens_and_only_there(door: Any) -> None:
    secret, _ = key_of(door, Role.ANALYST)
    with_key = request(door, authorization=f"Bearer {secret}")
    assert identify(with_key, by_key=True).how == "key"
    assert identify(with_key, by_key=False).user is None
    browser = door.browser()
    headers = {"authorization": f"Bearer {secret}"}
    assert browser.get("/api/v1/me", headers=headers).status_code == 200
    assert browser.get("/city", headers=headers).status_code == 303


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_key_that_ended_or_was_taken_back_says_so(door: Any, language: str) -> None:
    ended, _ = key_of(door, Role.ANALYST, minutes=1)
    taken, number = key_of(door, Role.ANALYST)
    revoke_key(door.state, number)
    door.clock.move(minutes=2)
    for secret in (ended, taken, "bk_", "bk_" + "x" * 5000, "bk_\x00", ""):
        headers = {"authorization": f"Bearer {secret}".encode(), "accept-language": language}
        answer = door.browser().get("/api/v1/me", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert ("密钥" in answer.json()["detail"]) == (language == "zh")


def test_a_wrong_key_is_not_covered_by_a_session(door: Any) -> None:
    browser = door.browser(Role.ANALYST)
    headers = {"authorization": "Bearer bk_wrong"}
    assert browser.get("/api/v1/me").status_code == 200
    assert browser.get("/api/v1/me", headers=headers).status_code == 401


def test_a_key_needs_no_form_token_and_a_session_does(door: Any) -> None:
    secret, _ = key_of(door, Role.ANALYST)
    keyed = door.browser()
    answer = keyed.delete("/api/v1/keys/999", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 404
    browser = door.browser(Role.ANALYST)
    assert browser.delete("/api/v1/keys/999").status_code == 404
    for headers in (
        {"x-csrf-token": ""},
        {"x-csrf-token": "guessed"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert browser.delete("/api/v1/keys/999", headers=headers).status_code == 403


def test_the_form_token_of_another_session_is_not_taken(door: Any) -> None:
    one, other = door.browser(Role.ANALYST), door.browser(Role.ENTERPRISE)
    one.headers["x-csrf-token"] = other.headers["x-csrf-token"]
    assert one.delete("/api/v1/keys/999").status_code == 403


def test_an_account_changed_meanwhile_has_its_new_rights_at_once(door: Any) -> None:
    from ballast.state.users import change_user

    browser = door.browser(Role.ANALYST)
    assert browser.get("/api/v1/loads").status_code == 200
    change_user(door.state, door.users[Role.ANALYST].id, role=Role.ENTERPRISE)
    assert browser.get("/api/v1/loads").status_code == 403


def test_require_names_nothing_that_exists(door: Any) -> None:
    enterprise = of_session(door, Role.ENTERPRISE)
    require(enterprise, Role.ENTERPRISE, Role.ANALYST)
    with pytest.raises(NotPermitted, match="not open to your account"):
        require(enterprise, Role.ANALYST)


def test_what_was_read_is_in_the_trail(door: Any) -> None:
    audited(of_session(door, Role.ANALYST), "enterprise_period 2026-05", 12)
    (entry,) = entries(door.state)
    assert (entry.who, entry.role, entry.action) == ("the-analyst", "analyst", "read")
    assert (entry.what, entry.count, entry.address) == (
        "enterprise_period 2026-05",
        12,
        "192.0.2.7",
    )
    assert entry.at == door.clock()


def test_a_word_that_is_no_key_is_refused(door: Any) -> None:
    for said in ("Bearer", "Basic eA==", "bk_x", "Bearer  "):
        with pytest.raises(SignInRefused):
            identify(request(door, authorization=said), by_key=True)
