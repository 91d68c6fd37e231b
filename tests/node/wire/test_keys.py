"""HS_PUBKEY: bytes both ways, and keys that verify what their other half signed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CAPTURED_MODULUS, TOY_MODULUS

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.keys import (
    DhPublicKey,
    DsaPublicKey,
    OpaquePublicKey,
    PublicKeyValue,
    RsaPublicKey,
    Sm2PublicKey,
    parse_public_key,
    public_key_value,
)
from ballast.node.wire.reader import string

blobs, u16 = generated.blobs, generated.u16
known = (
    st.builds(RsaPublicKey, blobs, blobs, u16, blobs)
    | st.builds(DsaPublicKey, blobs, blobs, blobs, blobs, u16, blobs)
    | st.builds(DhPublicKey, blobs, blobs, blobs, u16, blobs)
    | st.builds(Sm2PublicKey, blobs, u16, blobs)
)
kinds = {kind.kind for kind in (RsaPublicKey, DsaPublicKey, DhPublicKey, Sm2PublicKey)}
keys = known | st.builds(
    OpaquePublicKey, generated.texts.filter(lambda name: name not in kinds), blobs
)


@given(keys)
def test_a_key_survives_its_bytes(key: PublicKeyValue) -> None:
    parsed = parse_public_key(key.to_wire())
    assert parsed == key
    assert parsed.kind == key.kind


@given(st.sampled_from(["", *sorted(kinds)]), st.binary(max_size=60))
def test_bytes_are_no_key_or_the_bytes_of_one(name: str, rest: bytes) -> None:
    data = string(name.encode()) + rest if name else rest
    try:
        key = parse_public_key(data)
    except MalformedMessage:
        return
    assert key.to_wire() == data


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2048)


def test_an_rsa_key_verifies_what_its_other_half_signed(rsa_key: rsa.RSAPrivateKey) -> None:
    value = public_key_value(rsa_key.public_key())
    assert value.to_wire().startswith(bytes.fromhex("0000000b") + b"RSA_PUB_KEY" + b"\0\0")
    assert value.to_wire().endswith(bytes(4))
    read = parse_public_key(value.to_wire())
    assert isinstance(read, RsaPublicKey)
    signature = rsa_key.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
    read.to_cryptography().verify(signature, b"text", padding.PKCS1v15(), hashes.SHA256())


def test_a_dsa_key_comes_back_as_it_was() -> None:
    key = dsa.generate_private_key(2048).public_key()
    value = parse_public_key(public_key_value(key).to_wire())
    assert isinstance(value, DsaPublicKey)
    assert value.to_cryptography().public_numbers() == key.public_numbers()
    assert (value.flags, value.trailing) == (0, b"")


def test_big_integers_have_a_zero_byte_before_a_set_highest_bit() -> None:
    """As writers in the field spell them: the modulus of the captured server, and e = 65537."""
    numbers = rsa.RSAPublicNumbers(65_537, int.from_bytes(CAPTURED_MODULUS, "big"))
    value = RsaPublicKey.of(numbers.public_key())
    assert value == RsaPublicKey(b"\x01\x00\x01", CAPTURED_MODULUS)
    assert value.modulus[:2] == b"\x00\xb6"


def test_a_number_without_that_byte_means_the_same_and_stays_as_it_was() -> None:
    bare = RsaPublicKey(b"\0\0\x01\x00\x01", TOY_MODULUS[1:], trailing=b"")
    assert parse_public_key(bare.to_wire()) == bare
    right = RsaPublicKey(b"\x01\x00\x01", TOY_MODULUS).to_cryptography()
    assert bare.to_cryptography().public_numbers() == right.public_numbers()


@pytest.mark.parametrize(
    "key",
    [
        RsaPublicKey(b"", b""),
        RsaPublicKey(b"\x02", TOY_MODULUS),
        DsaPublicKey(b"\x01", b"\x01", b"\x01", b"\x01"),
    ],
)
def test_numbers_that_make_no_key_are_an_invalid_credential(
    key: RsaPublicKey | DsaPublicKey,
) -> None:
    assert parse_public_key(key.to_wire()) == key
    with pytest.raises(MalformedMessage, match="make no key") as refused:
        key.to_cryptography()
    assert refused.value.response_code == ResponseCode.INVALID_CREDENTIAL


def test_an_enormous_key_is_not_tried() -> None:
    with pytest.raises(MalformedMessage, match="at most 16384 are taken"):
        RsaPublicKey(b"\x01\x00\x01", b"\x7f" * 4096).to_cryptography()


def test_a_key_of_16384_bits_is_the_largest_that_is_tried() -> None:
    modulus = b"\0" + b"\xff" * 2048
    assert RsaPublicKey(b"\x01\x00\x01", modulus).to_cryptography().key_size == 16_384
