"""Host, sizes, policies, and that no answer shows what is inside."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from ballast.errors import NotFound, NotPermitted, Refused
from ballast.portal.access import SMALL_BODY
from ballast.portal.security import POLICIES, same_host
from ballast.terms.role import Role


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/signin", "public"), ("/nowhere", "public"), ("/favicon.ico", "asset"),
        ("/api/v1/me", "api"), ("/api/v1/nowhere", "api"), ("/city", "page"),
    ],
)  # fmt: skip
def test_each_kind_of_answer_has_its_policy(door: Any, path: str, kind: Any) -> None:
    answer = door.browser().get(path)
    assert answer.headers["content-security-policy"] == POLICIES[kind]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "server" not in answer.headers
    if kind != "asset":
        assert answer.headers["cache-control"] == "no-store"


def test_only_interactive_pages_may_run_script_and_none_loads_from_elsewhere() -> None:
    assert [kind for kind, said in POLICIES.items() if "script-src" in said] == ["page"]
    assert not any("http:" in said or "https:" in said or "*" in said for said in POLICIES.values())
    assert all("frame-ancestors 'none'" in said for said in POLICIES.values())


@pytest.mark.parametrize(
    "host",
    ["evil.example", "portal.test.evil.example", "portal.test@evil.example", "", "portal.test/x",
     "evil.example#portal.test", "portal.test:port", "[::1", "portal.test evil"],
)  # fmt: skip
def test_another_host_is_refused(door: Any, host: str) -> None:
    answer = door.browser().get("/signin", headers={"host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


def test_the_names_of_this_machine_are_one_another() -> None:
    assert same_host("localhost:8710", "127.0.0.1")
    assert same_host("[::1]:8710", "localhost")
    assert not same_host("localhost", "portal.test")


@given(st.text())
def test_any_text_as_a_host_is_answered(host: str) -> None:
    assert same_host(host, "portal.test") in (True, False)


def test_a_body_larger_than_its_row_takes_is_refused_by_what_it_says(door: Any) -> None:
    answer = door.browser().post("/signin", content=b"x" * (SMALL_BODY + 1))
    assert answer.status_code == 413


def test_a_body_that_does_not_say_its_length_is_counted(door: Any) -> None:
    taken = 0

    def pieces() -> Any:
        nonlocal taken
        for _ in range(1000):
            taken += 1024
            yield b"name=" + b"x" * 1019

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = door.browser().post("/signin", content=pieces(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("said", ["-1", "1e9", "９", "9" * 400])
def test_a_length_that_is_none_is_refused(door: Any, said: str) -> None:
    headers = {"content-length": said.encode()}
    answer = door.browser().post("/signin", content=b"", headers=headers)
    assert answer.status_code == 413


def test_giant_cookies_are_refused_with_what_to_do(door: Any) -> None:
    answer = door.browser().get("/signin", headers={"cookie": "a=" + "b" * 20_000})
    assert answer.status_code == 431
    assert "delete them" in answer.text


def test_control_characters_in_an_address_are_refused(door: Any) -> None:
    assert door.browser().get("/signin%00").status_code == 400
    assert door.browser().get("/%0d%0aset-cookie:%20a=b").status_code == 400


def test_a_prefix_that_a_client_names_reaches_no_page(door: Any) -> None:
    with door.browser(Role.ANALYST) as browser:
        page = browser.get("/city", headers={"x-forwarded-prefix": "/evil"})
    assert "/evil" not in page.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (
            NotPermitted("this is not open to your account; ask the administrator of the portal"),
            403,
        ),
        (NotFound("there is no load {load_id}; `ballast loads` lists them", load_id="L1"), 404),
        (Refused("a key's label has 1 to {most} printable signs", most=1), 400),
        (RuntimeError("the secret is 42"), 500),
    ],
)
def test_an_error_is_a_sentence_in_the_reader_s_language(
    door: Any, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Request) -> None:
        raise error

    route = next(r for r in door.app.routes if getattr(r, "path", "") == "/health")
    monkeypatch.setattr(route.dependant, "call", broken)
    monkeypatch.setattr(route, "app", _raising(error))
    answer = door.browser().get("/health", headers={"accept-language": "zh"})
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "42" not in answer.text
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.text)
    assert answer.headers["content-security-policy"]


def _raising(error: Exception) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    return app
