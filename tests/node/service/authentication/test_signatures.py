"""Signatures: RSA and DSA with SHA-256 and SHA-1, and nothing that keeps us busy."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa

from ballast.errors import Refused
from ballast.node.service.authentication.signatures import UNKNOWN_KEY, sign, signature_matches
from ballast.node.wire.keys import RsaPublicKey, public_key_value

SIGNED = b"nonce and digest"


@pytest.mark.parametrize("algorithm", ["SHA-256", "SHA256", "SHA1", "sha-1"])
@pytest.mark.parametrize("kind", ["rsa", "dsa"])
def test_a_signature_fits_its_key_and_its_bytes(
    rsa_key: rsa.RSAPrivateKey, dsa_key: dsa.DSAPrivateKey, kind: str, algorithm: str
) -> None:
    private = rsa_key if kind == "rsa" else dsa_key
    key = public_key_value(private.public_key()).to_wire()
    signature = sign(private, algorithm, SIGNED)
    assert signature_matches(key, algorithm, signature, SIGNED)
    assert not signature_matches(key, algorithm, signature, SIGNED + b".")
    assert not signature_matches(key, algorithm, signature[:-1], SIGNED)
    assert not signature_matches(key, algorithm, b"", SIGNED)


def test_the_key_of_nobody_is_a_key_that_nothing_fits(rsa_key: rsa.RSAPrivateKey) -> None:
    signature = sign(rsa_key, "SHA-256", SIGNED)
    assert not signature_matches(UNKNOWN_KEY, "SHA-256", signature, SIGNED)


def rsa_of(exponent: int, modulus: int) -> bytes:
    def signed(number: int) -> bytes:
        return number.to_bytes(number.bit_length() // 8 + 1, "big")

    return RsaPublicKey(signed(exponent), signed(modulus)).to_wire()


@pytest.mark.parametrize(
    "key",
    [
        rsa_of(65537, (1 << 511) + 1),  # too short to prove anything
        rsa_of(65537, (1 << 9000) + 1),  # would keep a processor busy
        rsa_of((1 << 2000) + 1, (1 << 2047) + 1),
        rsa_of(2, (1 << 2047) + 1),
        b"",
        b"\0\0\0\x0bRSA_PUB_KEY",
        b"\0\0\0\x0aDH_PUB_KEY\0\0" + b"\0\0\0\1x" * 3,
        b"\0\0\0\x0bSM2_PUB_KEY\0\0\0\0\0\1x",
        b"\0\0\0\3NEW",
    ],
)
def test_a_key_with_which_nothing_can_be_checked_is_refused(key: bytes) -> None:
    with pytest.raises(Refused):
        signature_matches(key, "SHA-256", b"x" * 256, SIGNED)


@pytest.mark.parametrize("algorithm", ["", "MD5", "SHA-512", "x" * 1000])
def test_another_digest_is_refused(rsa_key: rsa.RSAPrivateKey, algorithm: str) -> None:
    key = public_key_value(rsa_key.public_key()).to_wire()
    with pytest.raises(Refused) as refused:
        signature_matches(key, algorithm, b"x", SIGNED)
    assert len(str(refused.value)) < 200
