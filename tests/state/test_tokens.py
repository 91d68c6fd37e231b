"""Tokens: long, different, and kept as something else."""

from __future__ import annotations

import base64
import hashlib

from ballast.state.tokens import derived, digest, new_token


def test_a_token_holds_256_bits_and_comes_once() -> None:
    made = {new_token() for _ in range(500)}
    assert len(made) == 500
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in made} == {32}


def test_the_digest_is_sha_256() -> None:
    # FIPS 180-4, the example "abc".
    assert digest("abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_derived_secrets_differ_by_token_and_purpose() -> None:
    assert derived("a", "csrf") == derived("a", "csrf")
    found = {derived("a", "csrf"), derived("b", "csrf"), derived("a", "other")}
    assert len(found | {hashlib.sha256(b"a").hexdigest()}) == 4


def test_any_text_of_a_cookie_has_a_digest() -> None:
    assert len(digest("\ud800\x00")) == 32
