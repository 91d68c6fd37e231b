"""The envelope: flags and suggested version share a byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import EnvelopeFlag
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope


@given(st.binary(min_size=16, max_size=16), st.integers(0, 262_144))
def test_any_20_bytes_with_a_possible_length_survive(start: bytes, length: int) -> None:
    data = start + length.to_bytes(4, "big")
    assert len(data) == ENVELOPE_BYTES
    assert Envelope.parse(data).to_wire() == data


def test_the_suggested_version_is_kept_apart_from_the_flags() -> None:
    """Trap 1 of the design page; the bytes of the captured client, with two flags added."""
    envelope = Envelope.parse(bytes.fromhex("0203620a0000000039e610fc0000000300000021"))
    assert (envelope.major, envelope.minor) == (2, 3)
    assert (envelope.suggested_major, envelope.suggested_minor) == (2, 10)
    assert envelope.flags == EnvelopeFlag.ENCRYPTED | EnvelopeFlag.TRUNCATED
    assert envelope.encrypted
    assert envelope.truncated
    plain = Envelope()
    assert not plain.encrypted
    assert not plain.truncated
    assert (envelope.request_id, envelope.sequence, envelope.length) == (0x39E610FC, 3, 33)


@pytest.mark.parametrize("size", range(ENVELOPE_BYTES))
def test_less_than_20_bytes_are_none(size: int) -> None:
    with pytest.raises(MalformedMessage, match=f"{size} bytes are no message"):
        Envelope.parse(bytes(size))


def test_a_message_announces_at_most_262144_bytes() -> None:
    assert Envelope.parse(Envelope(length=262_144).to_wire()).length == 262_144
    with pytest.raises(MalformedMessage, match="announces 262145 bytes"):
        Envelope.parse(Envelope(length=262_145).to_wire())
