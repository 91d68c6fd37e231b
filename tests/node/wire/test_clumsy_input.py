"""A bounded storm of broken messages: only ``MalformedMessage`` ever leaves a parser.

Seeds are the foreign vectors, which reach every parser of the room; the generator is seeded, so
that a failure comes back. Half of the broken messages have their lengths mended, or hardly any
would pass the envelope and reach what is behind it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.node.wire.golden import MEANING, PAGE, written

from ballast.errors import MalformedMessage
from ballast.node.wire.admin import Admin
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.credential import Credential, message_credential
from ballast.node.wire.fragments import Reassembly, split_datagrams
from ballast.node.wire.keys import parse_public_key
from ballast.node.wire.message import Message, parse_message, refusal_of
from ballast.node.wire.reader import Reader
from ballast.node.wire.requests import parse_request
from ballast.node.wire.responses import ErrorResponse, parse_response, split_digest
from ballast.node.wire.session import DhOffer, SessionSetup, SessionSetupResponse
from ballast.node.wire.site import Site
from ballast.node.wire.value import Value, values_from_wire
from ballast.node.wire.vlist import alias_from_wire, vlist_from_wire

CASES = 40_000
CODES = frozenset(ResponseCode)
EXTREMES = [0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
MESSAGES = [
    *(m.to_wire() for m in MEANING.values() if isinstance(m, Message)),
    *(m.to_wire() for _, m in PAGE.values() if isinstance(m, Message)),
]
DATA = [written(m) for m in MEANING.values() if not isinstance(m, Message)]


def broken(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Return bytes with one to four things wrong."""
    wrong = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(wrong) + 1)
        match chance.randrange(7):
            case 0 if at < len(wrong):
                wrong[at] ^= 1 << chance.randrange(8)
            case 1:
                extreme = chance.choice(EXTREMES)
                wrong[at : at + 4] = extreme.to_bytes(4, "big")
            case 2:
                del wrong[at:]
            case 3:
                wrong[at:at] = chance.randbytes(chance.randint(1, 12))
            case 4:
                del wrong[at : at + chance.randint(1, 12)]
            case 5:
                other = chance.choice(others)
                wrong[at:] = other[chance.randrange(len(other)) :]
            case _:
                wrong[at : at + 2] = chance.choice([b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0"])
    return bytes(wrong)


def mended(data: bytes) -> bytes:
    """Return bytes whose two lengths fit, as far as there are any."""
    if len(data) < 48:
        return data
    whole = bytearray(data)
    whole[2] &= 0x3F
    whole[16:20] = (len(data) - 20).to_bytes(4, "big")
    body = int.from_bytes(whole[40:44], "big")
    if body > len(data) - 44:
        whole[40:44] = (len(data) - 48).to_bytes(4, "big")
        whole[-4:] = bytes(4)
    return bytes(whole)


def judged(data: bytes) -> str:
    """Parse a message to its last part; return how far it got."""
    try:
        message = parse_message(data)
    except MalformedMessage as error:
        refusal = refusal_of(data, error)
        assert parse_message(refusal.to_wire()) == refusal
        return "framing"
    assert message.to_wire() == data
    try:
        credential = message_credential(message)
        if credential is not None:
            assert credential.to_wire() == message.credential
        if message.header.response == ResponseCode.REQUEST:
            assert parse_request(message).to_wire() == message.body
        else:
            body = parse_response(message)
            digest, rest = split_digest(message)
            assert body.to_wire() in (rest, message.body)
            assert digest is None or message.body == digest.to_wire() + rest
    except MalformedMessage as error:
        # The refusal can be said and sent.
        ErrorResponse(str(error)).to_wire()
        return "body" if error.response_code in CODES else "unknown code"
    return "whole"


def test_broken_messages_are_refused_or_written_again_as_they_were() -> None:
    chance = random.Random(3652)
    reached = {"framing": 0, "body": 0, "whole": 0}
    started = time.process_time()
    for case in range(CASES):
        data = broken(chance.choice(MESSAGES), chance, MESSAGES)
        reached[judged(mended(data) if case % 2 else data)] += 1
    assert time.process_time() - started < 60
    # A storm that never gets past the door would prove nothing.
    assert min(reached.values()) > CASES // 20, reached


PARSERS: list[Callable[[bytes], Any]] = [
    Admin.parse,
    Site.parse,
    parse_public_key,
    vlist_from_wire,
    alias_from_wire,
    Credential.parse,
    SessionSetup.parse,
    SessionSetupResponse.parse,
    DhOffer.parse,
    lambda data: Value.parse(Reader(data)),
    lambda data: values_from_wire(data, 2),
]
WHOLE = [Admin.parse, Site.parse, parse_public_key, Credential.parse, SessionSetup.parse]


def test_broken_data_of_values_are_refused_or_read() -> None:
    chance = random.Random(3651)
    refused = read = 0
    for _ in range(CASES // len(PARSERS)):
        data = broken(chance.choice(DATA), chance, DATA)
        for parse in PARSERS:
            try:
                found = parse(data)
            except MalformedMessage:
                refused += 1
                continue
            read += 1
            if parse in WHOLE:
                assert found.to_wire() == data
    assert refused > 10 * read > 10_000


def test_broken_datagrams_leave_nothing_behind() -> None:
    chance = random.Random(512)
    long = MESSAGES[0][:16] + (1200).to_bytes(4, "big") + chance.randbytes(1200)
    datagrams = split_datagrams(long)
    reassembly = Reassembly(max_pending=64, max_bytes=100_000)
    for case in range(5_000):
        data = broken(chance.choice(datagrams), chance, datagrams)
        with suppress(MalformedMessage):
            reassembly.add(case % 7, data, now=case / 1000)
        assert len(reassembly) <= 64
        assert reassembly.held_bytes <= 100_000
    reassembly.expire(1e9)
    assert (len(reassembly), reassembly.held_bytes) == (0, 0)
