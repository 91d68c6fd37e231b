"""Keys from files, and a signer that does not show them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from ballast.errors import BallastError, UnreadableFile
from ballast.node.service.authentication.answering import Signer, load_private_key
from ballast.node.service.authentication.forms import (
    hashed_secret,
    parse_secret_answer,
    secret_matches,
)
from ballast.node.wire.responses import Challenge, DigestAlgorithm, RequestDigest
from ballast.node.wire.value import Reference

WHO = Reference("88.118.8/ADMIN", 300)
CHALLENGE = Challenge(RequestDigest(DigestAlgorithm.SHA256, b"d" * 32), b"n" * 16)


def pem(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey, encryption: KeySerializationEncryption
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def test_a_signer_answers_with_the_digest_where_the_node_keeps_the_digest() -> None:
    answer = Signer(WHO, b"password", hashed=True).answer(CHALLENGE, bytes)
    proof = parse_secret_answer(answer.response, (2, 11))
    assert secret_matches(hashed_secret(b"password"), b"n" * 16, b"d" * 32, *proof)


def test_a_signer_does_not_show_its_key() -> None:
    assert "password" not in repr(Signer(WHO, b"password"))


def test_a_private_key_is_read_from_its_file(tmp_path: Path, rsa_key: rsa.RSAPrivateKey) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(rsa_key, NoEncryption()))
    assert load_private_key(path).private_numbers() == rsa_key.private_numbers()


def test_a_file_that_is_no_key_is_refused_by_name(
    tmp_path: Path, rsa_key: rsa.RSAPrivateKey
) -> None:
    with pytest.raises(UnreadableFile, match="missing"):
        load_private_key(tmp_path / "missing.pem")
    path = tmp_path / "key.pem"
    for content in (
        b"",
        b"hello",
        pem(rsa_key, BestAvailableEncryption(b"phrase")),
    ):
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"key\.pem"):
            load_private_key(path)
    path.write_bytes(pem(ed25519.Ed25519PrivateKey.generate(), NoEncryption()))
    with pytest.raises(BallastError, match="RSA and DSA"):
        load_private_key(path)
