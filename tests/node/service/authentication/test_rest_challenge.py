"""``Authorization: Handle``: what clients in the field send, and what must be refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.authentication.answering import Signer
from ballast.node.service.authentication.rest_challenge import (
    RestClaim,
    check_rest,
    find_rest_credential,
    parse_rest,
    rest_authorization,
    rest_claim,
    session_json,
    www_authenticate,
)
from ballast.node.service.authentication.vault import RestSession
from ballast.node.service.authentication.verifying import Verdict
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Reference

from .conftest import ADMIN, NOW, SECRET

NONCE = bytes(range(16))


def judged(store: LmdbStore, claim: RestClaim, nonce: bytes = NONCE) -> Verdict:
    with store.snapshot() as snapshot:
        credential = find_rest_credential(snapshot, claim, NOW)
    return check_rest(credential, claim, nonce)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("kind", ["secret", "rsa", "dsa"])
def test_a_proof_travels_in_the_header_and_proves(
    store: LmdbStore, rsa_key: rsa.RSAPrivateKey, dsa_key: dsa.DSAPrivateKey, kind: str
) -> None:
    index, key = {"secret": (300, SECRET), "rsa": (301, rsa_key), "dsa": (302, dsa_key)}[kind]
    assert isinstance(key, bytes | rsa.RSAPrivateKey | dsa.DSAPrivateKey)
    made = Signer(Reference(ADMIN, index), key).rest_claim("abc", NONCE, os.urandom)
    read = parse_rest(rest_authorization("abc", made))
    assert read == made
    assert judged(store, read).identity == Reference(ADMIN, index)
    assert not judged(store, read, os.urandom(16)).proved


def test_a_client_as_the_field_has_them_is_understood(
    store: LmdbStore, rsa_key: rsa.RSAPrivateKey
) -> None:
    """The spacing, the encoded slash and the names as scripts for Handle.Net write them."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    cnonce = os.urandom(16)
    signature = rsa_key.sign(NONCE + cnonce, padding.PKCS1v15(), hashes.SHA256())
    sent = (
        f'Handle version="0",sessionId="abc", cnonce="{b64(cnonce)}", id="301:88.118.8%2FADMIN", '
        f'type="HS_PUBKEY",alg="SHA256", signature="{b64(signature)}"'
    )
    assert judged(store, parse_rest(sent)).identity == Reference(ADMIN, 301)


@pytest.mark.parametrize(
    ("algorithm", "mac"),
    [
        ("HMAC-SHA256", lambda text: hmac.digest(SECRET, text, "sha256")),
        ("HMAC-SHA1", lambda text: hmac.digest(SECRET, text, "sha1")),
        ("SHA-1", lambda text: hashlib.sha1(SECRET + text + SECRET).digest()),
        ("MD5", lambda text: hashlib.md5(SECRET + text + SECRET).digest()),
    ],
)
def test_the_older_forms_of_a_secret_prove(store: LmdbStore, algorithm: str, mac: object) -> None:
    assert callable(mac)
    cnonce = os.urandom(16)
    claim = rest_claim({
        "sessionId": "abc", "id": f"300:{ADMIN}", "type": "HS_SECKEY", "cnonce": b64(cnonce),
        "alg": algorithm, "signature": b64(mac(NONCE + cnonce)),
    })  # fmt: skip
    assert judged(store, claim).identity == Reference(ADMIN, 300)
    assert not judged(store, claim, os.urandom(16)).proved


def test_an_unknown_identity_and_a_wrong_secret_are_told_the_same(store: LmdbStore) -> None:
    wrong = Signer(Reference(ADMIN, 300), b"wrong").rest_claim("abc", NONCE, os.urandom)
    nobody = Signer(Reference("88.118.8/NO", 300), SECRET).rest_claim("abc", NONCE, os.urandom)
    assert judged(store, wrong) == judged(store, nobody)
    assert judged(store, wrong).code == ResponseCode.AUTHENTICATION_FAILED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "HS_MAGIC"}, ResponseCode.INVALID_CREDENTIAL),
        ({"algorithm": "ROT13"}, ResponseCode.AUTHENTICATION_FAILED),
        ({"bits": 8}, ResponseCode.AUTHENTICATION_FAILED),
        ({"iterations": 999_999_999}, ResponseCode.AUTHENTICATION_FAILED),
        ({"signature": b""}, ResponseCode.AUTHENTICATION_FAILED),
    ],
)
def test_what_we_do_not_take_is_refused(
    store: LmdbStore, changes: dict[str, object], code: ResponseCode
) -> None:
    from dataclasses import replace

    claim = Signer(Reference(ADMIN, 300), SECRET).rest_claim("abc", NONCE, os.urandom)
    assert judged(store, claim).proved
    assert judged(store, replace(claim, **changes)).code == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Basic abc",
        "Handle ???",
        'Handle sessionId="a", sessionId="b"',
        'Handle id="300:a/b"',
        'Handle sessionId="a", id="300:a/b", cnonce="****"',
        'Handle sessionId="a", id="300:a/b", cnonce="AAAA"',  # three bytes are no nonce
        'Handle sessionId="a", id="nobody", cnonce="AAAAAAAAAAAAAAAA"',
        'Handle sessionId="a", id="300:a/b", cnonce="AAAAAAAAAAAAAAAA", iterations="many"',
        'Handle sessionId="' + "a" * 20_000 + '"',
    ],
)
def test_a_header_that_cannot_be_read_is_refused(sent: str) -> None:
    with pytest.raises(Refused):
        parse_rest(sent)


@given(st.text(max_size=300))
def test_every_text_is_read_or_refused(text: str) -> None:
    for sent in (text, "Handle " + text):
        try:
            claim = parse_rest(sent)
        except Refused:
            continue
        assert len(claim.algorithm) <= 64


def test_a_session_alone_proves_nothing_by_itself() -> None:
    claim = parse_rest(rest_authorization("abc"))
    assert claim == RestClaim("abc")
    assert not claim.proves


def test_the_challenge_in_the_header_is_the_one_observed_in_the_field() -> None:
    session = RestSession("abc", NONCE, "192.0.2.1", 0.0)
    told = www_authenticate(session)
    # As Handle.Net 9.3.1 writes it: both schemes in one header.
    assert re.fullmatch(r'Basic realm="handle", Handle sessionId="abc", nonce="[\w+/=]+"', told)
    assert www_authenticate(None) == 'Basic realm="handle"'


def test_a_session_says_whose_it_is_only_once_that_is_proved() -> None:
    session = RestSession("abc", NONCE, "192.0.2.1", 0.0)
    assert session_json(session) == {"sessionId": "abc", "nonce": b64(NONCE)}
    proved = RestSession("abc", NONCE, "192.0.2.1", 0.0, 300, ADMIN)
    assert session_json(proved)["authenticated"] is True
    assert session_json(proved)["id"] == f"300:{ADMIN}"
