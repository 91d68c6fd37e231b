"""Credentials: bytes both ways, and what they cover in each version."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CREATE, MAC, MEANING, RESOLVE

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.credential import (
    HS_SIGNED,
    Credential,
    covered,
    mac_fits,
    message_credential,
    signature_fits,
    with_mac,
    with_signature,
)
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.message import Message, digested, parse_message

KEY = bytes(range(1, 17))
MACED = MEANING["REQ resolution MACed session 77 counter 5 key 01..10 (HMAC-SHA256, v2.11)"]
credentials = st.builds(
    Credential,
    kind=generated.texts,
    algorithm=generated.texts,
    signature=generated.blobs,
    counter=generated.u32,
    signer=generated.handles,
    version=generated.u8,
    reserved=generated.u8,
    options=generated.u16,
)


def in_version(major: int, minor: int) -> Message:
    envelope = Envelope(major, minor, suggested_minor=9, session_id=0x4D, request_id=0x01020304)
    return replace(CREATE, envelope=envelope)


@given(credentials)
def test_a_credential_survives_its_bytes(credential: Credential) -> None:
    assert Credential.parse(credential.to_wire()) == credential


@given(st.binary(max_size=60))
def test_bytes_are_no_credential_or_the_bytes_of_one(data: bytes) -> None:
    try:
        credential = Credential.parse(data)
    except MalformedMessage:
        return
    assert credential.to_wire() == data


def test_a_foreign_mac_fits_and_ours_is_the_same() -> None:
    """The vector of session 77, counter 5, key 01..10."""
    assert isinstance(MACED, Message)
    credential = message_credential(MACED)
    assert credential == MAC
    assert mac_fits(MACED, MAC, KEY)
    assert with_mac(replace(MACED, credential=b""), KEY, 5) == MACED


@given(st.integers(0, 8 * 24 - 1), st.sampled_from(["envelope", "header", "counter", "key"]))
def test_a_single_bit_elsewhere_does_not_fit(bit: int, where: str) -> None:
    assert isinstance(MACED, Message)
    message, credential, key = MACED, MAC, KEY
    if where == "key":
        place, turned = divmod(bit % 128, 8)
        key = KEY[:place] + bytes([KEY[place] ^ 1 << turned]) + KEY[place + 1 :]
    elif where == "counter":
        credential = replace(MAC, counter=MAC.counter ^ 1 << bit % 32)
    elif where == "header":
        data = bytearray(message.to_wire())
        # The length of the body is left as it is: with another one there is no message.
        data[20 + bit // 8 % 20] ^= 1 << bit % 8
        message = parse_message(data)
    else:
        changes = {"session_id": 1 << bit % 32, "request_id": 1 << bit % 32, "minor": 1}
        name = list(changes)[bit % 3]
        envelope = message.envelope
        other = {name: getattr(envelope, name) ^ changes[name]}
        message = replace(message, envelope=replace(envelope, **other))
    assert not mac_fits(message, credential, key)


def test_what_is_covered_depends_on_the_version() -> None:
    text = digested(CREATE)
    numbers = bytes.fromhex("0000004d0102030400000007")
    assert covered(in_version(2, 4), 7) == covered(in_version(5, 1), 7) == text
    assert covered(in_version(2, 7), 7) == b"\2\7" + numbers + text
    assert covered(in_version(2, 8), 7) == b"\2\x08\2\x09" + numbers + text
    assert covered(in_version(2, 11), 7) == b"\2\x0b\2\x09" + numbers + text


@pytest.mark.parametrize("minor", [5, 6])
def test_versions_that_cover_nobody_knows_what_are_refused(minor: int) -> None:
    with pytest.raises(MalformedMessage, match=f"version 2.{minor} covers is not known") as refused:
        with_mac(in_version(2, minor), KEY, 1)
    assert refused.value.response_code == ResponseCode.OPERATION_NOT_SUPPORTED


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [("MD5", "md5"), ("SHA1", "sha1"), ("SHA-1", "sha1"), ("SHA-256", "sha256")],
)
@pytest.mark.parametrize("version", [(2, 4), (2, 7), (2, 11)])
def test_older_macs_hash_key_message_and_key_again(
    algorithm: str, name: str, version: tuple[int, int]
) -> None:
    message = with_mac(in_version(*version), KEY, 3, algorithm)
    credential = message_credential(message)
    assert credential is not None
    right = hashlib.new(name, KEY + covered(message, 3) + KEY).digest()
    assert credential.signature == right
    assert mac_fits(message, credential, KEY)


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [("HMAC-SHA1", "sha1"), ("HMAC-SHA256", "sha256"), ("HmacSHA256", "sha256")],
)
def test_newer_macs_are_hmac(algorithm: str, name: str) -> None:
    message = with_mac(RESOLVE, KEY, 3, algorithm)
    credential = message_credential(message)
    assert credential is not None
    assert credential.signature == hmac.digest(KEY, covered(RESOLVE, 3), name)
    assert mac_fits(parse_message(message.to_wire()), credential, KEY)


def test_an_unknown_algorithm_is_an_invalid_credential() -> None:
    for make in (
        lambda: mac_fits(RESOLVE, replace(MAC, algorithm="HMAC-X"), KEY),
        lambda: with_signature(RESOLVE, rsa.generate_private_key(65_537, 2048), "MD5"),
    ):
        with pytest.raises(MalformedMessage, match="no algorithm that is known") as refused:
            make()
        assert refused.value.response_code == ResponseCode.INVALID_CREDENTIAL


def test_a_message_without_a_credential_has_none() -> None:
    assert message_credential(RESOLVE) is None


@pytest.mark.parametrize("algorithm", ["SHA-256", "SHA1"])
@pytest.mark.parametrize("kind", ["RSA", "DSA"])
def test_a_signed_answer_is_verified_with_the_public_half(kind: str, algorithm: str) -> None:
    key: rsa.RSAPrivateKey | dsa.DSAPrivateKey = (
        rsa.generate_private_key(65_537, 2048) if kind == "RSA" else dsa.generate_private_key(2048)
    )
    message = with_signature(CREATE, key, algorithm)
    credential = message_credential(parse_message(message.to_wire()))
    assert credential is not None
    assert (credential.kind, credential.algorithm) == (HS_SIGNED, algorithm)
    public = key.public_key()
    assert signature_fits(message, credential, public)
    assert not signature_fits(replace(message, body=message.body + b"x"), credential, public)
    wrong = replace(credential, signature=credential.signature[:-1])
    assert not signature_fits(message, wrong, public)


def test_a_mac_is_no_signature_and_a_signature_no_mac() -> None:
    key = rsa.generate_private_key(65_537, 2048)
    signed = message_credential(with_signature(CREATE, key))
    assert signed is not None
    assert not mac_fits(CREATE, replace(signed, algorithm="HMAC-SHA256"), KEY)
    assert not signature_fits(CREATE, replace(MAC, algorithm="SHA-256"), key.public_key())
