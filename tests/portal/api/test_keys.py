"""Keys: one's own, shown once, taken back at once, and never begotten by another key."""

from __future__ import annotations

from typing import Any

from ballast.terms.role import Role


def test_a_key_is_issued_in_a_session_works_and_is_taken_back(own_stocked: Any) -> None:
    browser = own_stocked.door.browser(Role.ENTERPRISE)
    made = browser.post("/api/v1/keys", json={"label": "ERP", "days": 3})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "private, no-store"
    secret, number = made.json()["secret"], made.json()["key"]["id"]
    program = own_stocked.caller(Role.PUBLIC)
    program.headers["authorization"] = f"Bearer {secret}"
    assert program.get("/api/v1/me").json()["role"] == "enterprise"
    assert secret not in browser.get("/api/v1/keys").text
    assert browser.delete(f"/api/v1/keys/{number}").json()["revoked_at"] is not None
    assert program.get("/api/v1/me").status_code == 401


def test_a_key_cannot_issue_a_key(stocked: Any) -> None:
    answer = stocked.caller(Role.ANALYST).post("/api/v1/keys", json={"label": "more"})
    assert answer.status_code == 403


def test_nobody_sees_or_revokes_the_key_of_another(own_stocked: Any) -> None:
    theirs = own_stocked.caller(Role.ANALYST).get("/api/v1/keys").json()["keys"]
    program = own_stocked.caller(Role.ENTERPRISE)
    assert not {k["id"] for k in theirs} & {
        k["id"] for k in program.get("/api/v1/keys").json()["keys"]
    }
    assert program.delete(f"/api/v1/keys/{theirs[0]['id']}").status_code == 404
    assert own_stocked.caller(Role.ANALYST).get("/api/v1/me").status_code == 200


def test_an_expired_key_opens_nothing(own_stocked: Any) -> None:
    own_stocked.door.clock.move(days=301)
    answer = own_stocked.caller(Role.ANALYST).get("/api/v1/me")
    assert answer.status_code == 401


def test_me_says_what_the_account_may_see(stocked: Any, own_code: str) -> None:
    told = stocked.caller(Role.ENTERPRISE).get("/api/v1/me").json()
    assert (told["enterprises"], told["rights"]) == ([own_code], [])
