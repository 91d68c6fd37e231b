"""REST Basic: the identity URL-encoded, its secret in any of the forms that clients send."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.authentication.basic import (
    BasicClaim,
    check_basic,
    parse_basic,
    parse_identity,
    verify_basic,
)
from ballast.node.service.authentication.forms import hashed_secret
from ballast.node.service.authentication.verifying import Credential
from ballast.node.wire.value import Reference

from .conftest import ADMIN, NOW, SECRET


def header(plain: str) -> str:
    return "Basic " + base64.b64encode(plain.encode()).decode()


def test_a_client_that_encodes_both_parts_is_understood() -> None:
    """As pyhandle 1.5 does (``utilhandle.create_authentication_string``)."""
    claim = parse_basic(header(quote("300:88.118.8/ADMIN") + ":" + quote("a b:ü%/+")))
    assert claim.identity == Reference("88.118.8/ADMIN", 300)
    assert "a b:ü%/+".encode() in claim.secrets


@pytest.mark.parametrize("secret", [SECRET.decode(), "s3cret%2Dkey"])
def test_the_stored_secret_proves_its_identity(store: LmdbStore, secret: str) -> None:
    claim = parse_basic(header(f"300%3A{ADMIN}:{secret}"))
    with store.snapshot() as snapshot:
        assert verify_basic(snapshot, claim, NOW).identity == Reference(ADMIN, 300)


def test_the_password_of_a_stored_digest_proves_its_identity() -> None:
    credential = Credential("HS_SECKEY", ADMIN, ((300, hashed_secret(b"pass word")),))
    for typed in ("pass word", "pass%20word"):
        claim = parse_basic(header(f"300%3A{ADMIN}:{typed}"))
        assert check_basic(credential, claim).identity == Reference(ADMIN, 300)


@pytest.mark.parametrize(
    "plain",
    [
        f"300%3A{ADMIN}:wrong",
        f"301%3A{ADMIN}:{SECRET.decode()}",
        f"300%3A88.118.8/NOBODY:{SECRET.decode()}",
        "300%3A88.118.8/NOBODY:" + "0" * 40,
        f"305%3A{ADMIN}:anybody-reads-me",
    ],
)
def test_a_wrong_secret_and_an_unknown_identity_are_told_the_same(
    store: LmdbStore, plain: str
) -> None:
    with store.snapshot() as snapshot:
        found = verify_basic(snapshot, parse_basic(header(plain)), NOW)
    assert found.identity is None
    assert found.counts
    assert found.message == "the answer does not prove this identity"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Basic",
        "Basic !!!",
        "Bearer abc",
        header("300%3Aa/b"),
        header("300%3Aa/b:"),
        header("300:a/b:secret"),  # the colon of the user name must be encoded
        header("noslash:secret"),
        header("99999999999%3Aa/b:secret"),
        header("4294967296%3Aa/b:secret"),
        "Basic " + base64.b64encode(b"300%3Aa/\xff:secret").decode(),
        header("300%3Aa/" + "x" * 3000 + ":secret"),
        header("x" * 9000),
    ],
)
def test_what_is_no_basic_authentication_is_refused_in_words(sent: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_basic(sent)
    assert "secret" not in str(refused.value).replace("holds no secret", "")


def test_the_secret_is_in_no_picture_of_the_claim() -> None:
    assert "hidden" not in repr(BasicClaim(Reference("a/b", 300), (b"hidden",)))


@given(st.text(max_size=60))
def test_every_text_is_an_administrator_or_is_refused(text: str) -> None:
    try:
        found = parse_identity(text)
    except Refused:
        return
    assert found.handle in text
    assert 0 <= found.index <= 0xFFFFFFFF
