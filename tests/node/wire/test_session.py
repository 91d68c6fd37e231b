"""Bodies of sessions: both ways, and the two bytes that are reckoned but not written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import ADMINISTRATOR, TOY_MODULUS

from ballast.errors import MalformedMessage
from ballast.node.wire.keys import DhPublicKey, RsaPublicKey
from ballast.node.wire.session import (
    DhOffer,
    KeyExchange,
    SessionCipher,
    SessionMode,
    SessionSetup,
    SessionSetupResponse,
)
from ballast.node.wire.value import Reference

KEY = RsaPublicKey(b"\x01\x00\x01", TOY_MODULUS).to_wire()
SETUPS = [
    SessionSetup(SessionMode.CLIENT_KEY, 60, ADMINISTRATOR, 300, public_key=KEY),
    SessionSetup(SessionMode.SERVER_KEY, 3600, b"", 0, trailing=b""),
    SessionSetup(
        SessionMode.KEY_IN_HANDLE, 1, b"", 0, key_reference=Reference("88.118.8/ADMIN", 301)
    ),
    SessionSetup(SessionMode.DIFFIE_HELLMAN, 60, ADMINISTRATOR, 300, public_key=b"\0\0\0\3"),
    SessionSetup(SessionMode(77), 60, ADMINISTRATOR, 300, trailing=b"of a later version"),
]


@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: str(setup.mode.name))
def test_a_setup_survives_its_bytes_in_every_mode(setup: SessionSetup) -> None:
    assert SessionSetup.parse(setup.to_wire()) == setup


def test_a_setup_ends_in_two_zero_bytes() -> None:
    """Trap 8 of the design page: the bodies are two bytes longer than what they say."""
    setup = SessionSetup(SessionMode.SERVER_KEY, 3600, ADMINISTRATOR, 300)
    assert len(setup.to_wire()) == 2 + 4 + 4 + 14 + 4 + 2
    granted = SessionSetupResponse(SessionMode.SERVER_KEY, KEY)
    assert granted.to_wire() == b"\0\2" + len(KEY).to_bytes(4, "big") + KEY + b"\0\0"


@given(st.binary(max_size=60))
def test_bytes_are_no_setup_or_the_bytes_of_one(data: bytes) -> None:
    for kind in (SessionSetup, SessionSetupResponse, KeyExchange, DhOffer):
        try:
            body = kind.parse(data)
        except MalformedMessage:
            continue
        assert body.to_wire() == data


@given(generated.u16.map(SessionMode), generated.blobs, generated.blobs)
def test_a_grant_survives_its_bytes(mode: SessionMode, data: bytes, more: bytes) -> None:
    granted = SessionSetupResponse(mode, data, more)
    assert SessionSetupResponse.parse(granted.to_wire()) == granted


@given(generated.blobs)
def test_a_key_survives_its_bytes(encrypted: bytes) -> None:
    assert KeyExchange.parse(KeyExchange(encrypted).to_wire()) == KeyExchange(encrypted)


def test_an_offer_names_its_cipher_before_its_key() -> None:
    offer = DhOffer(SessionCipher.AES, DhPublicKey(b"\x05", b"\x17", b"\x02"))
    assert offer.to_wire().hex() == (
        "000000030000000a" + b"DH_PUB_KEY".hex() + "0000000000010500000001170000000102"
    )
    assert DhOffer.parse(offer.to_wire()) == offer
