"""Signing in with an organisation's account, at a real provider in a process of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ballast.errors import WrongUsage
from ballast.portal.app import OidcSettings
from ballast.state.users import add_user, disable_user, link_subject, user_of_subject
from ballast.terms.role import Role

SUBJECTS: list[dict[str, object]] = [
    {"sub": "s-linked", "email": "linked@elsewhere.test", "email_verified": True},
    {"sub": "s-verified", "email": "Li@bureau.test", "email_verified": True},
    {"sub": "s-unverified", "email": "li@bureau.test", "email_verified": False},
    {"sub": "s-textual", "email": "li@bureau.test", "email_verified": "true"},
    {"sub": "s-foreign", "email": "li@bureau.test.evil.test", "email_verified": True},
    {"sub": "s-second", "email": "li@bureau.test", "email_verified": True},
    {"sub": "s-<b>stranger</b>"},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--require-nonce"]
    for claims in SUBJECTS:
        command += ["--user-claims", json.dumps(claims)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    address = f"http://127.0.0.1:{port}"
    provider = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx.HTTPError:
                assert provider.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        provider.terminate()
        provider.wait(10)


@pytest.fixture
def organised(door: Any, issuer: str, tmp_path: Path) -> Any:
    """Return a portal whose organisation is the provider, with accounts of two of its people."""
    secret = tmp_path / "client-secret"
    secret.write_text("not-for-everyone\n")
    linked = add_user(door.state, "linked", role=Role.ANALYST)
    link_subject(door.state, linked.id, issuer, "s-linked")
    add_user(door.state, "li@bureau.test", role=Role.ANALYST)
    return door.again(
        oidc=OidcSettings(issuer, "ballast", secret, email_domains=frozenset({"bureau.test"}))
    )


def at_the_provider(asked: str, subject: str) -> str:
    """Choose who one is, as a person does at the provider; return the way back."""
    answer = httpx.post(asked, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix("http://portal.test")


def come_in(browser: Any, subject: str, after: str = "/") -> Any:
    asked = browser.get("/oidc/login", params={"next": after}).headers["location"]
    return browser.get(at_the_provider(asked, subject))


def signed_in(browser: Any) -> bool:
    return bool(browser.get("/").headers["location"] == "/city")


def test_somebody_whose_subject_is_on_file_comes_in(organised: Any) -> None:
    browser = organised.browser()
    answer = come_in(browser, "s-linked", after="/public?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/public?lang=en")
    assert signed_in(browser)
    assert "ballast-oidc" not in browser.cookies


def test_the_request_carries_state_nonce_and_challenge(organised: Any, issuer: str) -> None:
    asked = organised.browser().get("/oidc/login")
    sent = parse_qs(urlsplit(asked.headers["location"]).query)
    assert asked.headers["location"].startswith(issuer)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["redirect_uri"] == ["http://portal.test/oidc/callback"]
    assert sent["response_type"] == ["code"]
    for secret in ("state", "nonce", "code_challenge"):
        assert len(sent[secret][0]) >= 20
    assert "httponly" in asked.headers["set-cookie"].lower()


def test_a_verified_address_of_a_declared_domain_names_its_account(
    organised: Any, issuer: str
) -> None:
    browser = organised.browser()
    assert come_in(browser, "s-verified").status_code == 303
    assert signed_in(browser)
    user = user_of_subject(organised.state, issuer, "s-verified")
    assert user is not None
    assert user.name == "li@bureau.test"


@pytest.mark.parametrize("subject", ["s-unverified", "s-textual", "s-foreign", "s-<b>stranger</b>"])
def test_nobody_else_comes_in_and_each_is_told_what_to_do(organised: Any, subject: str) -> None:
    browser = organised.browser()
    answer = come_in(browser, subject)
    assert answer.status_code == 403
    assert "give the administrator this" in answer.text
    assert "<b>" not in answer.text
    assert not signed_in(browser)


def test_without_a_declared_domain_an_address_opens_nothing(organised: Any) -> None:
    settings = replace(organised.context.oidc, email_domains=frozenset())
    browser = organised.again(oidc=settings).browser()
    assert come_in(browser, "s-verified").status_code == 403


def test_a_disabled_account_stays_out(organised: Any, issuer: str) -> None:
    user = user_of_subject(organised.state, issuer, "s-linked")
    assert user is not None
    disable_user(organised.state, user.id)
    browser = organised.browser()
    assert come_in(browser, "s-linked").status_code == 403
    assert not signed_in(browser)


def test_a_way_back_that_was_not_begun_here_leads_nowhere(organised: Any) -> None:
    asked = organised.browser().get("/oidc/login").headers["location"]
    back = at_the_provider(asked, "s-linked")
    victim = organised.browser()
    assert victim.get(back).status_code == 400
    victim.get("/oidc/login")
    assert victim.get(back).status_code == 400
    assert not signed_in(victim)


def test_a_way_back_is_gone_once(organised: Any) -> None:
    browser = organised.browser()
    asked = browser.get("/oidc/login").headers["location"]
    errand = browser.cookies["ballast-oidc"]
    back = at_the_provider(asked, "s-linked")
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400
    again = organised.browser()
    again.cookies.set("ballast-oidc", errand)
    assert again.get(back).status_code == 403
    assert not signed_in(again)


def test_a_code_of_another_sign_in_is_refused_for_its_nonce(organised: Any) -> None:
    attacker, victim = organised.browser(), organised.browser()
    stolen = at_the_provider(attacker.get("/oidc/login").headers["location"], "s-linked")
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    asked = victim.get("/oidc/login").headers["location"]
    state = parse_qs(urlsplit(asked).query)["state"][0]
    answer = victim.get("/oidc/callback", params={"code": code, "state": state})
    assert answer.status_code == 403
    assert "cannot be trusted" in answer.text
    assert not signed_in(victim)


def test_a_sign_in_takes_ten_minutes_at_most(organised: Any) -> None:
    browser = organised.browser()
    back = at_the_provider(browser.get("/oidc/login").headers["location"], "s-linked")
    organised.clock.move(minutes=11)
    assert browser.get(back).status_code == 400


def test_who_says_no_at_the_provider_is_not_let_in(organised: Any) -> None:
    browser = organised.browser()
    asked = browser.get("/oidc/login").headers["location"]
    answer = httpx.post(asked, data={"action": "deny"})
    back = answer.headers["location"].removeprefix("http://portal.test")
    assert browser.get(back).status_code in (400, 403)
    assert not signed_in(browser)


@pytest.mark.parametrize("cookie", ["", "x", "e30=.x", "." * 100, "é"])
def test_an_invented_errand_is_refused(organised: Any, cookie: str) -> None:
    headers = {"cookie": f"ballast-oidc={cookie}".encode()}
    answer = organised.browser().get("/oidc/callback?state=a&code=b", headers=headers)
    assert answer.status_code == 400


def test_a_provider_that_does_not_answer_is_said_so(organised: Any) -> None:
    settings = replace(organised.context.oidc, issuer="http://127.0.0.1:9")
    answer = organised.again(oidc=settings).browser().get("/oidc/login")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


class Impostor(BaseHTTPRequestHandler):
    """A provider that says of itself what it is told to, and keeps what it is sent."""

    issuer = ""
    posted: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.connection.getsockname()[1]}"
        self._say(
            {
                "issuer": self.issuer or here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/keys",
                "id_token_signing_alg_values_supported": ["none", "HS256"],
            }
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.posted.append(parse_qs(body))
        claims = {"iss": "x", "sub": "s-linked"}
        part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        token = f"eyJhbGciOiJub25lIn0.{part}."
        self._say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _say(self, body: object) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def impostor(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Impostor, "posted", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), Impostor) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def test_a_provider_that_calls_itself_otherwise_is_not_used(
    organised: Any, impostor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Impostor, "issuer", "https://bureau.test")
    settings = replace(organised.context.oidc, issuer=impostor)
    assert organised.again(oidc=settings).browser().get("/oidc/login").status_code == 502


def test_the_verifier_is_sent_and_a_token_without_signature_opens_nothing(
    organised: Any, impostor: str
) -> None:
    browser = organised.again(oidc=replace(organised.context.oidc, issuer=impostor)).browser()
    asked = parse_qs(urlsplit(browser.get("/oidc/login").headers["location"]).query)
    answer = browser.get("/oidc/callback", params={"code": "c", "state": asked["state"][0]})
    assert answer.status_code == 403
    assert not signed_in(browser)
    verifier = Impostor.posted[0]["code_verifier"][0]
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert asked["code_challenge"] == [challenge]


def test_without_an_organisation_there_is_no_such_way(door: Any) -> None:
    browser = door.browser()
    assert browser.get("/oidc/login").status_code == 404
    assert browser.get("/oidc/callback").status_code == 404
    assert not re.search("/oidc/login", browser.get("/signin").text)


def test_a_secret_that_cannot_be_read_keeps_the_portal_from_starting(
    organised: Any, tmp_path: Path
) -> None:
    settings = replace(organised.context.oidc, client_secret_file=tmp_path / "none")
    with pytest.raises(WrongUsage, match="cannot be read"):
        organised.again(oidc=settings)
