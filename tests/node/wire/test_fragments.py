"""Datagrams: cut and put together, whatever order, loss, lie or flood they come in."""

from __future__ import annotations

import random
from collections.abc import Hashable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire.golden import HANDLE, RESOLVE, URL, answer

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import EnvelopeFlag, OpCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.fragments import DATAGRAM_BYTES, MAX_DATAGRAMS, Reassembly, split_datagrams
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.responses import ResolveResponse

HERE = ("192.0.2.1", 2641)


def message_of(size: int, request_id: int = 7) -> bytes:
    """Return a message with so many bytes behind its envelope, each of them telling its place."""
    body = bytes(place % 251 for place in range(size - 28))
    envelope = replace(RESOLVE.envelope, request_id=request_id)
    return Message(envelope, RESOLVE.header, body).to_wire()


def fed(
    reassembly: Reassembly, datagrams: list[bytes], address: Hashable = HERE, now: float = 0.0
) -> list[bytes]:
    whole = [reassembly.add(address, one, now) for one in datagrams]
    return [one for one in whole if one is not None]


def test_1256_bytes_are_cut_as_servers_in_the_field_cut_them() -> None:
    """Observed (design page, section 7): datagrams of 512, 512 and 292 bytes."""
    datagrams = split_datagrams(message_of(1256))
    assert [len(one) for one in datagrams] == [512, 512, 292]
    for place, one in enumerate(datagrams):
        envelope = Envelope.parse(one)
        assert envelope.truncated
        assert envelope.sequence == place
        assert envelope.length == 1256
        assert envelope.request_id == 7


def test_what_fits_into_a_datagram_is_not_cut() -> None:
    longest = message_of(DATAGRAM_BYTES - ENVELOPE_BYTES)
    assert split_datagrams(longest) == [longest]
    assert len(split_datagrams(message_of(DATAGRAM_BYTES - ENVELOPE_BYTES + 1))) == 2


@given(st.integers(28, 6_000), st.randoms(use_true_random=False))
def test_any_order_with_any_repetition_gives_the_message_once(
    size: int, chance: random.Random
) -> None:
    whole = message_of(size)
    datagrams = split_datagrams(whole)
    # Each twice; what comes when the message is complete begins another one that never will be.
    dealt = datagrams + datagrams[:-1]
    chance.shuffle(dealt)
    reassembly = Reassembly()
    found = fed(reassembly, dealt)
    assert found[0] == whole
    assert len(found) == 1 or len(datagrams) == 1
    assert len(reassembly) <= 1
    reassembly.expire(now=1e9)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_the_message_that_comes_out_is_one_that_can_be_parsed() -> None:
    message = answer(OpCode.RESOLVE, ResolveResponse(HANDLE, (URL,) * 40))
    (whole,) = fed(Reassembly(), split_datagrams(message.to_wire()))
    assert parse_message(whole) == message


@given(st.integers(1000, 6_000), st.data())
def test_with_one_lost_there_is_no_message_until_it_is_sent_again(
    size: int, data: st.DataObject
) -> None:
    whole = message_of(size)
    datagrams = split_datagrams(whole)
    lost = data.draw(st.integers(0, len(datagrams) - 1))
    reassembly = Reassembly()
    assert fed(reassembly, datagrams[:lost] + datagrams[lost + 1 :]) == []
    assert len(reassembly) == 1
    assert fed(reassembly, [datagrams[lost]]) == [whole]
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_messages_of_several_askers_do_not_mix() -> None:
    one, other = split_datagrams(message_of(900)), split_datagrams(message_of(1300))
    reassembly = Reassembly()
    assert fed(reassembly, one[:1], "a") == []
    assert fed(reassembly, other[:2], "b") == []
    assert fed(reassembly, split_datagrams(message_of(901, request_id=8))[:1], "a") == []
    assert len(reassembly) == 3
    assert fed(reassembly, other[2:], "b") == [message_of(1300)]
    assert fed(reassembly, one[1:], "a") == [message_of(900)]


def changed(datagram: bytes, **changes: int) -> bytes:
    return replace(Envelope.parse(datagram), **changes).to_wire() + datagram[ENVELOPE_BYTES:]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes", [{"length": 1301}, {"session_id": 5}, {"minor": 3}, {"suggested_minor": 1}]
)
def test_envelopes_that_contradict_each_other_end_the_message(changes: dict[str, int]) -> None:
    first, second, _ = split_datagrams(message_of(1300))
    reassembly = Reassembly()
    reassembly.add(HERE, first, 0)
    with pytest.raises(MalformedMessage, match="datagram 1 of request 7 contradicts"):
        reassembly.add(HERE, changed(second, **changes), 0)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_two_contents_of_one_place_end_the_message() -> None:
    first, _, _ = split_datagrams(message_of(1300))
    reassembly = Reassembly()
    reassembly.add(HERE, first, 0)
    with pytest.raises(MalformedMessage, match="datagram 0 of request 7 contradicts"):
        reassembly.add(HERE, first[:-1] + b"?", 0)
    assert len(reassembly) == 0


def test_more_bytes_than_announced_end_the_message() -> None:
    first, second, third = split_datagrams(message_of(1300))
    reassembly = Reassembly()
    assert fed(reassembly, [first, second]) == []
    with pytest.raises(MalformedMessage, match="hold more than the 1300 bytes announced"):
        reassembly.add(HERE, third + b"!", 0)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_all_bytes_with_a_hole_in_the_sequence_end_the_message() -> None:
    first, second = split_datagrams(message_of(900))
    reassembly = Reassembly()
    reassembly.add(HERE, first, 0)
    with pytest.raises(MalformedMessage, match="not in one sequence"):
        reassembly.add(HERE, changed(second, sequence=2), 0)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_datagrams_that_are_part_of_no_message_are_refused() -> None:
    first = split_datagrams(message_of(900))[0]
    for wrong in (first[:ENVELOPE_BYTES], changed(first, length=100), first[:10]):
        reassembly = Reassembly()
        with pytest.raises(MalformedMessage):
            reassembly.add(HERE, wrong, 0)
        assert len(reassembly) == 0
    with pytest.raises(MalformedMessage, match=f"at most {MAX_DATAGRAMS}"):
        Reassembly().add(HERE, changed(first, sequence=MAX_DATAGRAMS), 0)


def test_the_longest_message_passes_in_full_and_in_half_filled_datagrams() -> None:
    whole = message_of(262_144)
    assert fed(Reassembly(), split_datagrams(whole)) == [whole]
    envelope = replace(Envelope.parse(whole), flags=EnvelopeFlag.TRUNCATED)
    half = [
        replace(envelope, sequence=place).to_wire() + whole[at : at + 246]
        for place, at in enumerate(range(ENVELOPE_BYTES, len(whole), 246))
    ]
    assert fed(Reassembly(), half) == [whole]


def test_what_waits_too_long_is_given_up() -> None:
    first, second = split_datagrams(message_of(900))
    reassembly = Reassembly(timeout=5.0)
    assert reassembly.add(HERE, first, 100.0) is None
    assert reassembly.expire(104.9) == 0
    assert reassembly.add(HERE, second, 105.0) is None
    # The first one is gone; the second waits alone, from its own time on.
    assert len(reassembly) == 1
    assert reassembly.expire(109.9) == 0
    assert reassembly.expire(110.0) == 1
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_the_oldest_gives_way_when_too_many_wait() -> None:
    reassembly = Reassembly(max_pending=3)
    cut = [split_datagrams(message_of(900, request_id=n)) for n in range(5)]
    for number, (first, _) in enumerate(cut):
        reassembly.add(f"address {number}", first, 0)
        assert len(reassembly) <= 3
    found = [fed(reassembly, [cut[n][1]], f"address {n}") for n in (4, 3, 2, 1, 0)]
    assert [len(whole) for whole in found] == [1, 1, 1, 0, 0]


def test_one_address_cannot_push_out_the_others() -> None:
    reassembly = Reassembly(max_by_address=2)
    first, second = split_datagrams(message_of(900))
    reassembly.add("other", first, 0)
    refused = 0
    for number in range(50):
        flood = split_datagrams(message_of(900, request_id=number))[0]
        try:
            reassembly.add("flooding", flood, 0)
        except MalformedMessage:
            refused += 1
    assert refused == 48
    assert len(reassembly) == 3
    assert fed(reassembly, [second], "other") == [message_of(900)]
    reassembly.expire(1e9)
    # What is over is not counted against the address.
    assert fed(reassembly, [first, second], "flooding", now=1e9) == [message_of(900)]


def test_a_flood_never_holds_more_bytes_than_allowed() -> None:
    limit = 20_000
    reassembly = Reassembly(max_pending=10_000, max_bytes=limit)
    envelope = Envelope(flags=EnvelopeFlag.TRUNCATED, length=262_144)
    for number in range(3_000):
        part = replace(envelope, request_id=number % 40, sequence=number % 700)
        try:
            reassembly.add(number % 13, part.to_wire() + bytes([number % 256]) * (number % 490), 0)
        except MalformedMessage:
            continue
        assert reassembly.held_bytes <= limit
    reassembly.expire(1e9)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)


def test_a_datagram_that_is_a_message_by_itself_passes() -> None:
    whole = message_of(100)
    reassembly = Reassembly()
    assert reassembly.add(HERE, whole, 0) == whole
    assert len(reassembly) == 0
