from __future__ import annotations

import base64
import os

import httpx
import pytest

from ballast.node.service.authentication.forms import SecretForm, secret_answer
from ballast.node.service.authentication.rest_challenge import (
    RestClaim,
    rest_authorization,
)
from ballast.node.wire.value import Reference

from .running import PREFIX

WHO = Reference(f"0.NA/{PREFIX}", 301)


def claim(session: dict[str, str], secret: str) -> RestClaim:
    cnonce = os.urandom(16)
    nonce = base64.b64decode(session["nonce"])
    proof = secret_answer(SecretForm.HMAC_SHA256, secret.encode(), nonce, cnonce)
    # On the native protocol the form stands in front; here it has a name.
    return RestClaim(session["sessionId"], WHO, "HS_SECKEY", cnonce, "HMAC-SHA256", proof[1:])


def test_a_session_is_proved_once_and_then_only_named(client: httpx.Client, secret: str) -> None:
    opened = client.post("/api/sessions")
    assert opened.status_code == 201
    session = opened.json()
    proof = rest_authorization(session["sessionId"], claim(session, secret))
    shown = client.put("/api/sessions/this", headers={"authorization": proof})
    assert shown.status_code == 200
    assert shown.json()["authenticated"] is True
    assert shown.json()["id"] == f"301:0.NA/{PREFIX}"
    named = {"authorization": rest_authorization(session["sessionId"])}
    assert client.get(f"/api/handles?prefix={PREFIX}", headers=named).status_code == 200
    assert client.delete("/api/sessions/this", headers=named).status_code == 204
    over = client.get(f"/api/handles?prefix={PREFIX}", headers=named)
    assert (over.status_code, over.json()["responseCode"]) == (401, 402)


def test_the_challenge_of_a_401_can_be_answered_at_once(client: httpx.Client, secret: str) -> None:
    path = f"/api/handles/{PREFIX}/S-1"
    body = [{"index": 1, "type": "URL", "data": "https://a.cn"}]
    told = client.put(path, json=body).headers["www-authenticate"]
    parts = dict(part.split("=", 1) for part in told.split("Handle ")[1].split(", "))
    session = {name: value.strip('"') for name, value in parts.items()}
    proof = rest_authorization(session["sessionId"], claim(session, secret))
    assert client.put(path, json=body, headers={"authorization": proof}).status_code == 201


def test_a_proof_is_good_once(client: httpx.Client, secret: str) -> None:
    session = client.post("/api/sessions").json()
    proof = {"authorization": rest_authorization(session["sessionId"], claim(session, secret))}
    assert client.put("/api/sessions/this", headers=proof).status_code == 200
    again = client.put("/api/sessions/this", headers=proof)
    assert (again.status_code, again.json()["responseCode"]) == (403, 403)


def test_a_proof_may_stand_in_the_body(client: httpx.Client, secret: str) -> None:
    session = client.post("/api/sessions").json()
    made = claim(session, secret)
    body = {
        "sessionId": made.session_id,
        "id": str(WHO),
        "type": made.kind,
        "cnonce": base64.b64encode(made.cnonce).decode(),
        "alg": made.algorithm,
        "signature": base64.b64encode(made.signature).decode(),
    }
    assert client.put("/api/sessions/this", json=body).json()["authenticated"] is True


def test_a_wrong_proof_proves_nothing(client: httpx.Client) -> None:
    session = client.post("/api/sessions").json()
    proof = rest_authorization(session["sessionId"], claim(session, "wrong"))
    answer = client.put("/api/sessions/this", headers={"authorization": proof})
    assert (answer.status_code, answer.json()["responseCode"]) == (403, 403)
    named = {"authorization": rest_authorization(session["sessionId"])}
    assert client.get("/api/sessions/this", headers=named).json()["authenticated"] is False


@pytest.mark.parametrize(
    "header",
    [
        'Handle version="0", sessionId="nobody"', 'Handle clientCert="true"', "Handle ???",
        "Bearer x", "Basic", "Basic !!!", "Basic Og==",
    ],
)  # fmt: skip
def test_a_header_that_proves_nothing_changes_nothing(client: httpx.Client, header: str) -> None:
    answer = client.delete(f"/api/handles/{PREFIX}/A-1", headers={"authorization": header})
    assert answer.status_code in (401, 403)
    assert client.get(f"/api/handles/{PREFIX}/A-1").status_code == 200


def test_a_session_that_nobody_named_is_not_shown(client: httpx.Client) -> None:
    assert client.get("/api/sessions/this").status_code == 401
    assert client.delete("/api/sessions/this").status_code == 401
    assert client.put("/api/sessions/this", content=b"[").status_code == 401


def test_a_session_ends_with_the_key_by_which_it_was_proved(
    client: httpx.Client, secret: str
) -> None:
    by_secret = httpx.BasicAuth(str(WHO).replace(":", "%3A"), secret)
    clerk, ledger = f"{PREFIX}/CLERK", f"{PREFIX}/LEDGER"
    admin = {"handle": clerk, "index": 300, "permissions": "011111110011"}
    bodies = {
        clerk: [{"index": 300, "type": "HS_SECKEY", "data": "first", "permissions": "1100"}],
        ledger: [
            {"index": 1, "type": "KEY", "data": "k", "permissions": "1100"},
            {"index": 100, "type": "HS_ADMIN", "data": {"format": "admin", "value": admin}},
        ],
    }
    for handle, body in bodies.items():
        assert client.put(f"/api/handles/{handle}", json=body, auth=by_secret).status_code == 201
    session = client.post("/api/sessions").json()
    cnonce = os.urandom(16)
    nonce = base64.b64decode(session["nonce"])
    proof = secret_answer(SecretForm.HMAC_SHA256, b"first", nonce, cnonce)[1:]
    made = RestClaim(
        session["sessionId"], Reference(clerk, 300), "HS_SECKEY", cnonce, "HMAC-SHA256", proof
    )
    header = {"authorization": rest_authorization(session["sessionId"], made)}
    assert client.put("/api/sessions/this", headers=header).status_code == 200
    named = {"authorization": rest_authorization(session["sessionId"])}
    wanted = f"/api/handles/{ledger}?index=1"
    assert client.get(wanted, headers=named).status_code == 200
    other = [{"index": 300, "type": "HS_SECKEY", "data": "second", "permissions": "1100"}]
    path = f"/api/handles/{clerk}?index=300"
    assert client.put(path, json=other, auth=by_secret).status_code == 200
    refused = client.get(wanted, headers=named)
    assert refused.json()["responseCode"] == 401, refused.text
