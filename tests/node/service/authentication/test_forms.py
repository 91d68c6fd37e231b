"""Proofs of a secret: the vectors of the reference encoder, and what must be refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.service.authentication.forms import (
    MAX_ITERATIONS,
    Derivation,
    SecretForm,
    checked_derivation,
    hashed_secret,
    is_hashed,
    newest_form,
    parse_secret_answer,
    secret_answer,
    secret_matches,
)
from ballast.node.wire.message import parse_message
from ballast.node.wire.requests import ChallengeAnswer, VerifyRequest
from ballast.node.wire.responses import Challenge

NONCE = bytes(range(16))
KEY = b"s3cret-key"
SALT = bytes(range(0xA0, 0xB0))
NEW, OLD, OLDEST = (2, 11), (2, 3), (2, 0)
FORMS = [form for form in SecretForm if form is not SecretForm.BARE_MD5]


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> dict[str, bytes]:
    read = json.loads((shared_data / "handle" / "wire_vectors.json").read_text("utf-8"))
    return {name: bytes.fromhex(text) for name, text in read.items()}


def digest_of(vectors: dict[str, bytes]) -> bytes:
    return vectors["request digest of REQ create (SHA-256 of header+body)"]


def test_the_reference_encoders_derived_proof_is_ours(vectors: dict[str, bytes]) -> None:
    name = "REQ answer HS_SECKEY PBKDF2 salt a0..af 10000 160 key 's3cret-key'"
    theirs = ChallengeAnswer.parse(parse_message(vectors[name]).body).response
    ours = secret_answer(SecretForm.PBKDF2, KEY, NONCE, digest_of(vectors), Derivation(SALT))
    assert ours == theirs


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("signedResponse SHA1 style (alg 02) for same nonce+digest", SecretForm.SHA1),
        ("signedResponse HMAC-SHA256 style (alg 13)", SecretForm.HMAC_SHA256),
    ],
)
def test_the_reference_encoders_older_proofs_are_ours(
    vectors: dict[str, bytes], name: str, form: SecretForm
) -> None:
    assert secret_answer(form, KEY, NONCE, digest_of(vectors)) == vectors[name]


def test_the_challenge_of_the_vectors_is_answered_by_the_answer_of_the_vectors(
    vectors: dict[str, bytes],
) -> None:
    asked = Challenge.parse(
        parse_message(vectors["RESP challenge nonce 00..0f (to REQ create URL+HS_ADMIN)"]).body
    )
    given_ = VerifyRequest.parse(parse_message(vectors["REQ verify challenge (201)"]).body)
    assert (given_.nonce, given_.digest) == (asked.nonce, asked.digest.digest)
    proof = parse_secret_answer(given_.response, NEW)
    assert secret_matches(KEY, given_.nonce, given_.digest, *proof)
    assert not secret_matches(KEY + b"x", given_.nonce, given_.digest, *proof)


def test_a_password_is_stored_as_the_reference_encoder_stores_it(
    vectors: dict[str, bytes],
) -> None:
    stored = hashed_secret(KEY)
    assert stored == vectors["encodeSecretKey('s3cret-key', hash=true)"]
    assert is_hashed(stored)
    assert not is_hashed(KEY)
    assert not is_hashed(stored.upper())


@pytest.mark.parametrize(
    ("version", "form"), [(NEW, "PBKDF2"), (OLD, "SHA1"), (OLDEST, "BARE_MD5")]
)
def test_each_version_has_its_form(version: tuple[int, int], form: str) -> None:
    assert newest_form(version).name == form


def test_before_2_1_the_proof_is_a_bare_md5() -> None:
    # md5("key" "nonce" "digest" "key"), by md5sum.
    proof = secret_answer(SecretForm.BARE_MD5, b"key", b"nonce", b"digest")
    assert proof.hex() == "3fea2eefa95321a68abf2f15b2bdc14b"
    assert parse_secret_answer(proof, OLDEST) == (SecretForm.BARE_MD5, None, proof)
    with pytest.raises(Refused):
        parse_secret_answer(b"\x01" + proof, OLDEST)


@given(
    st.sampled_from(FORMS),
    st.binary(min_size=1, max_size=64),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=16, max_size=32),
    st.integers(0, 63),
)
def test_a_proof_fits_its_key_nonce_and_digest_and_no_other(
    form: SecretForm, key: bytes, nonce: bytes, digest: bytes, at: int
) -> None:
    derivation = Derivation(SALT, iterations=1) if form is SecretForm.PBKDF2 else None
    proof = secret_answer(form, key, nonce, digest, derivation)
    read = parse_secret_answer(proof, NEW)
    assert read[:2] == (form, derivation)
    assert secret_matches(key, nonce, digest, *read)

    def flipped(text: bytes) -> bytes:
        spot = at % len(text)
        return text[:spot] + bytes([text[spot] ^ 1]) + text[spot + 1 :]

    assert not secret_matches(key + b"!", nonce, digest, *read)
    assert not secret_matches(key, flipped(nonce), digest, *read)
    assert not secret_matches(key, nonce, flipped(digest), *read)
    assert not secret_matches(key, nonce, digest, form, derivation, flipped(read[2]))


@given(st.binary(max_size=200), st.sampled_from([NEW, OLD, OLDEST]))
def test_whatever_is_sent_as_a_proof_is_read_or_refused(
    data: bytes, version: tuple[int, int]
) -> None:
    try:
        form, derivation, mac = parse_secret_answer(data, version)
    except Refused:
        return
    again = secret_answer(form, b"k", b"n", b"d", derivation)
    assert len(again) == len(data)
    assert data.endswith(mac)


@pytest.mark.parametrize(
    ("salt", "iterations", "bits"),
    [
        (b"s", 10_000, 8),  # a key of one byte could be guessed
        (b"s", 10_000, 159),
        (b"s", 10_000, 1024),
        (b"s", 0, 160),
        (b"s", MAX_ITERATIONS + 1, 160),  # would keep a processor busy
        (b"s" * 257, 10_000, 160),
    ],
)
def test_a_derivation_outside_our_bounds_is_refused(
    salt: bytes, iterations: int, bits: int
) -> None:
    with pytest.raises(Refused):
        checked_derivation(salt, iterations, bits)
    proof = secret_answer(
        SecretForm.PBKDF2, b"key", NONCE, b"d" * 32, Derivation(salt, 1, bits - bits % 8 or 8)
    )
    written = bytearray(proof)
    at = 5 + len(salt)
    written[at : at + 8] = iterations.to_bytes(4, "big") + bits.to_bytes(4, "big")
    with pytest.raises(Refused):
        parse_secret_answer(bytes(written), NEW)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 17, b"\x01" * 16, b"\x99" * 21, b"\x22\xff\xff\xff\xff"]
)
def test_what_is_no_proof_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        parse_secret_answer(data, NEW)


def test_a_derived_proof_with_bytes_behind_it_is_refused() -> None:
    proof = secret_answer(SecretForm.PBKDF2, KEY, NONCE, b"d", Derivation(SALT))
    for changed in (proof + b"\0", proof[:-1]):
        with pytest.raises(Refused):
            parse_secret_answer(changed, NEW)
