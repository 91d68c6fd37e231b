"""Who gave an answer: the right key proves it, nothing else does, and nothing else is told."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import RecordState, pack_record, record_key, unpack_record
from ballast.node.service.authentication import forms, verifying
from ballast.node.service.authentication.answering import Signer
from ballast.node.service.authentication.challenge import make_challenge
from ballast.node.service.authentication.signatures import signature_matches
from ballast.node.service.authentication.vault import Pending
from ballast.node.service.authentication.verifying import (
    Verdict,
    check_verification,
    find_credential,
    verify_answer,
)
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message
from ballast.node.wire.requests import ChallengeAnswer, HandleRequest, VerifyRequest
from ballast.node.wire.responses import Challenge, DigestAlgorithm, RequestDigest
from ballast.node.wire.value import Reference

from .conftest import ADMIN, NOW, SECRET

FAILED = ResponseCode.AUTHENTICATION_FAILED


def challenged(version: tuple[int, int] = (2, 11)) -> Pending:
    request = Message(
        Envelope(*version), Header(OpCode.DELETE_HANDLE), HandleRequest(b"88.118.8/A").to_wire()
    )
    return make_challenge(request, "192.0.2.1", os.urandom)


def as_challenge(pending: Pending) -> Challenge:
    return Challenge(
        RequestDigest(DigestAlgorithm(pending.algorithm), pending.digest), pending.nonce
    )


def verdict(store: LmdbStore, signer: Signer, pending: Pending) -> Verdict:
    answer = signer.answer(as_challenge(pending), os.urandom, pending.version)
    with store.snapshot() as snapshot:
        return verify_answer(snapshot, answer, pending, NOW)


@pytest.mark.parametrize("version", [(2, 11), (2, 7), (2, 6), (2, 1), (2, 0)])
def test_a_secret_proves_its_identity_in_every_version(
    store: LmdbStore, version: tuple[int, int]
) -> None:
    found = verdict(store, Signer(Reference(ADMIN, 300), SECRET), challenged(version))
    assert found.identity == Reference(ADMIN, 300)
    assert found.code == ResponseCode.SUCCESS
    assert not found.counts


@pytest.mark.parametrize("version", [(2, 11), (2, 3)])
@pytest.mark.parametrize(("index", "kind"), [(301, "rsa"), (302, "dsa")])
def test_a_private_key_proves_its_identity(
    store: LmdbStore,
    rsa_key: rsa.RSAPrivateKey,
    dsa_key: dsa.DSAPrivateKey,
    version: tuple[int, int],
    index: int,
    kind: str,
) -> None:
    key = rsa_key if kind == "rsa" else dsa_key
    found = verdict(store, Signer(Reference(ADMIN, index), key), challenged(version))
    assert found.identity == Reference(ADMIN, index)


def test_the_spelling_of_the_handle_does_not_matter(store: LmdbStore) -> None:
    found = verdict(store, Signer(Reference(ADMIN.lower(), 300), SECRET), challenged())
    assert found.identity == Reference(ADMIN, 300)


def test_index_zero_takes_any_key_and_says_which_it_was(
    store: LmdbStore, rsa_key: rsa.RSAPrivateKey
) -> None:
    assert verdict(
        store, Signer(Reference(ADMIN, 0), b"another"), challenged()
    ).identity == Reference(ADMIN, 304)
    assert verdict(store, Signer(Reference(ADMIN, 0), rsa_key), challenged()).identity == Reference(
        ADMIN, 301
    )


@pytest.mark.parametrize(
    ("handle", "index", "secret"),
    [
        (ADMIN, 300, b"wrong"),
        (ADMIN, 304, SECRET),  # the secret of another index
        (ADMIN, 301, SECRET),  # no secret at that index
        (ADMIN, 999, SECRET),
        ("88.118.8/NOBODY", 300, SECRET),
        (ADMIN, 305, b"anybody-reads-me"),
        (ADMIN, 306, b""),
    ],
)
def test_a_wrong_secret_and_an_unknown_identity_are_told_the_same(
    store: LmdbStore, handle: str, index: int, secret: bytes
) -> None:
    found = verdict(store, Signer(Reference(handle, index), secret), challenged())
    assert found == Verdict(FAILED, "the answer does not prove this identity")
    assert found.counts


def test_an_unknown_identity_costs_one_derivation_like_a_known_one(
    store: LmdbStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    derive = hashlib.pbkdf2_hmac

    def counted(name: str, key: bytes, salt: bytes, rounds: int, size: int) -> bytes:
        made.append(rounds)
        return derive(name, key, salt, rounds, size)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", counted)
    costs = []
    for handle in (ADMIN, "88.118.8/NOBODY"):
        answer = Signer(Reference(handle, 300), b"wrong").answer(
            as_challenge(pending := challenged()), os.urandom
        )
        made.clear()
        with store.snapshot() as snapshot:
            verify_answer(snapshot, answer, pending, NOW)
        costs.append(list(made))
    assert costs == [[10_000], [10_000]]


def test_an_unknown_identity_costs_one_signature_check_like_a_known_one(
    store: LmdbStore, rsa_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []
    check = signature_matches

    def counted(key: bytes, algorithm: str, signature: bytes, signed: bytes) -> bool:
        checked.append(key)
        return check(key, algorithm, signature, signed)

    monkeypatch.setattr(verifying, "signature_matches", counted)
    found = verdict(store, Signer(Reference("88.118.8/NOBODY", 301), rsa_key), challenged())
    assert found.code == FAILED
    assert len(checked) == 1


def test_a_proof_for_one_request_proves_nothing_for_another(store: LmdbStore) -> None:
    signer = Signer(Reference(ADMIN, 300), SECRET)
    pending = challenged()
    answer = signer.answer(as_challenge(pending), os.urandom)
    with store.snapshot() as snapshot:
        assert verify_answer(snapshot, answer, pending, NOW).proved
        for changed in (
            replace_pending(pending, nonce=os.urandom(16)),
            replace_pending(pending, digest=os.urandom(32)),
        ):
            assert not verify_answer(snapshot, answer, changed, NOW).proved


def replace_pending(pending: Pending, **changes: object) -> Pending:
    import msgspec

    return msgspec.structs.replace(pending, **changes)


def test_a_challenge_that_is_over_proves_nothing(store: LmdbStore) -> None:
    signer = Signer(Reference(ADMIN, 300), SECRET)
    pending = replace_pending(challenged(), expires_at=float(NOW))
    assert verdict(store, signer, pending).code == ResponseCode.AUTHENTICATION_TIMEOUT


@pytest.mark.parametrize("change", ["revoked", "expired"])
def test_a_record_that_no_longer_holds_proves_nobody(store: LmdbStore, change: str) -> None:
    with store.write() as transaction:
        key = record_key(ADMIN.lower().encode())
        packed = transaction.record(key)
        assert packed is not None
        record = unpack_record(key, packed)
        if change == "revoked":
            record = replace(record, state=RecordState.REVOKED)
        else:
            record = replace(record, expires_at=NOW)
        transaction.put_record(key, pack_record(record))
    assert verdict(store, Signer(Reference(ADMIN, 300), SECRET), challenged()).code == FAILED


@pytest.mark.parametrize("kind", ["HS_MAGIC", "", "hs_seckey"])
def test_a_kind_of_key_that_is_not_understood_is_refused_by_name(
    store: LmdbStore, kind: str
) -> None:
    answer = ChallengeAnswer(kind, ADMIN.encode(), 300, b"x")
    with store.snapshot() as snapshot:
        found = verify_answer(snapshot, answer, challenged(), NOW)
    assert found.code == ResponseCode.INVALID_CREDENTIAL
    assert "HS_SECKEY and HS_PUBKEY" in found.message


def test_a_public_key_of_another_kind_is_refused_by_name(
    store: LmdbStore, rsa_key: rsa.RSAPrivateKey
) -> None:
    found = verdict(store, Signer(Reference(ADMIN, 303), rsa_key), challenged())
    assert found.code == FAILED
    assert "SM2_PUB_KEY" in found.message


@pytest.mark.parametrize(
    "response",
    [b"", b"\0\0\0\7SHA-256", b"\0\0\0\3MD5\0\0\0\1x", b"\xff" * 8, b"\0\0\0\1\xff\0\0\0\0"],
)
def test_a_signature_that_cannot_be_read_is_refused(store: LmdbStore, response: bytes) -> None:
    answer = ChallengeAnswer("HS_PUBKEY", ADMIN.encode(), 301, response)
    with store.snapshot() as snapshot:
        found = verify_answer(snapshot, answer, challenged(), NOW)
    assert found.code == FAILED
    assert found.counts


def test_another_server_is_told_whether_a_proof_fits_a_secret_kept_here(store: LmdbStore) -> None:
    proof = forms.secret_answer(forms.SecretForm.HMAC_SHA256, SECRET, b"n" * 16, b"d" * 32)
    asked = VerifyRequest(ADMIN.encode(), 300, b"n" * 16, b"d" * 32, proof)
    with store.snapshot() as snapshot:
        credential = find_credential(snapshot, "HS_SECKEY", asked.handle, asked.index, NOW)
    assert check_verification(credential, asked, (2, 11))
    assert not check_verification(credential, replace(asked, nonce=b"m" * 16), (2, 11))
    assert not check_verification(credential, replace(asked, response=b""), (2, 11))
