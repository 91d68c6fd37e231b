"""Whole messages: the vectors, the framing, the answers and refusals."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import json
import pkgutil
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CHALLENGE, CREATE, MEANING, PAGE, RESOLVE, SECRET, written

from ballast.errors import MalformedMessage
from ballast.node import wire
from ballast.node.wire.codes import EnvelopeFlag, OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.message import (
    BODY_AT,
    HEAD,
    NO_CREDENTIAL,
    Message,
    answer_to,
    digested,
    parse_message,
    refusal_of,
)
from ballast.node.wire.requests import parse_request
from ballast.node.wire.responses import ErrorResponse, parse_response


@pytest.fixture(scope="session")
def vectors(shared_data: Path) -> dict[str, str]:
    folder = shared_data / "handle"
    files = "wire_vectors.json", "id_sdk_capture.json"
    return {
        name: text
        for file in files
        for name, text in json.loads((folder / file).read_text(encoding="utf-8")).items()
    }


def test_the_meaning_of_every_vector_is_known(vectors: dict[str, str]) -> None:
    assert vectors.keys() == MEANING.keys()
    assert len(vectors) == 36 + 8


@pytest.mark.parametrize("name", MEANING)
def test_a_meaning_is_written_as_its_vector(name: str, vectors: dict[str, str]) -> None:
    assert written(MEANING[name]).hex() == vectors[name]


@pytest.mark.parametrize("name", [n for n, m in MEANING.items() if isinstance(m, Message)])
def test_a_vector_of_a_message_is_read_as_its_meaning(name: str, vectors: dict[str, str]) -> None:
    parsed = parse_message(bytes.fromhex(vectors[name]))
    assert parsed == MEANING[name]
    assert parsed.to_wire().hex() == vectors[name]
    asked = parsed.header.response == ResponseCode.REQUEST
    body = parse_request(parsed) if asked else parse_response(parsed)
    assert "Opaque" not in type(body).__name__
    assert parsed.body.endswith(body.to_wire())


@pytest.mark.parametrize("name", PAGE)
def test_what_the_design_page_writes_is_written_and_read(name: str) -> None:
    text, meaning = PAGE[name]
    assert meaning.to_wire().hex() == text
    data = bytes.fromhex(text)
    if isinstance(meaning, Message):
        assert parse_message(data) == meaning
    else:
        parse = type(meaning).parse  # type: ignore[attr-defined]
        assert parse(data) == meaning


def test_the_digest_covers_header_and_body_and_nothing_else() -> None:
    """The digest of the create request as the design page gives it (vector D)."""
    right = "1a8a0f6c2b44d00d4ad5b60cb53ed5c73d5fd2650302a83b223d2fb60b9fb92a"
    assert hashlib.sha256(digested(CREATE)).hexdigest() == right
    other = replace(
        CREATE, envelope=replace(CREATE.envelope, request_id=9, minor=4), credential=b"x"
    )
    assert digested(other) == digested(CREATE)


def test_nonce_and_digest_are_signed_in_this_order() -> None:
    """Vectors E and "HMAC-SHA256 style" were made by a foreign client over these bytes."""
    salt = bytes(range(0xA0, 0xB0))
    key = hashlib.pbkdf2_hmac("sha1", SECRET, salt, 10_000, 20)
    mac = hmac.digest(key, CHALLENGE.signed, "sha1")
    assert mac.hex() == "964d39dd02459cf927646b18071e659e3c08dd27"
    plain = hmac.digest(SECRET, CHALLENGE.signed, "sha256")
    assert plain.hex() == "80474f114b5f53f7fd6af6d6b16cafd3603f8fe04843d697182dcd11a9b4200f"


@given(generated.messages)
def test_a_message_survives_its_bytes(message: Message) -> None:
    assert parse_message(message.to_wire()) == message


@given(st.binary(max_size=120))
def test_bytes_are_refused_or_written_again_as_they_were(data: bytes) -> None:
    try:
        message = parse_message(data)
    except MalformedMessage:
        return
    assert message.to_wire() == data


def test_every_type_of_the_wire_is_frozen_and_has_slots() -> None:
    found = 0
    for entry in pkgutil.iter_modules(wire.__path__, wire.__name__ + "."):
        module = importlib.import_module(entry.name)
        for name in module.__all__ if hasattr(module, "__all__") else ():
            kind = getattr(module, name)
            if isinstance(kind, type) and is_dataclass(kind):
                found += 1
                assert kind.__dataclass_params__.frozen, name  # type: ignore[attr-defined]
                assert "__slots__" in vars(kind), name
    assert found > 30


def test_the_documented_offsets_are_those_of_the_parts() -> None:
    data = CREATE.to_wire()
    framed, said = CREATE.envelope, CREATE.header
    assert BODY_AT == 44
    assert HEAD.unpack_from(data) == (
        framed.major, framed.minor, framed.flags | framed.suggested_major, framed.suggested_minor,
        framed.session_id, framed.request_id, framed.sequence, framed.length,
        said.op, said.response, said.flags, said.site_serial, said.recursion, said.reserved,
        said.expiration, said.body_length,
    )  # fmt: skip
    assert data[BODY_AT : BODY_AT + said.body_length] == CREATE.body
    assert int.from_bytes(data[20:24], "big") == OpCode.CREATE_HANDLE
    assert int.from_bytes(data[32:34], "big") == said.site_serial
    assert int.from_bytes(data[40:44], "big") == len(CREATE.body)
    assert data[44 + len(CREATE.body) :] == NO_CREDENTIAL


def test_a_message_without_the_length_of_a_credential_is_read_and_kept() -> None:
    bare = replace(RESOLVE, credential_counted=False)
    data = bare.to_wire()
    assert len(data) == len(RESOLVE.to_wire()) - 4
    assert parse_message(data) == bare
    assert bare.envelope.length == RESOLVE.envelope.length - 4


def test_lengths_follow_from_the_parts() -> None:
    message = Message(Envelope(length=7), replace(RESOLVE.header, body_length=9), b"abc", b"de")
    assert (message.envelope.length, message.header.body_length) == (24 + 3 + 4 + 2, 3)
    assert replace(message, credential_counted=False).credential_counted


@pytest.mark.parametrize("cut", range(len(RESOLVE.to_wire())))
def test_a_truncated_message_is_refused_at_every_byte(cut: int) -> None:
    with pytest.raises(MalformedMessage) as refused:
        parse_message(RESOLVE.to_wire()[:cut])
    assert refused.value.response_code == ResponseCode.PROTOCOL_ERROR


def test_bytes_behind_a_message_are_refused() -> None:
    with pytest.raises(MalformedMessage, match="announces 56 bytes, but 57 follow"):
        parse_message(RESOLVE.to_wire() + b"\0")


def test_bytes_behind_the_credential_are_refused() -> None:
    data = bytearray(RESOLVE.to_wire() + b"\0")
    data[19] += 1
    with pytest.raises(MalformedMessage, match="1 bytes are left over"):
        parse_message(data)


def test_a_body_longer_than_its_message_is_refused() -> None:
    data = bytearray(RESOLVE.to_wire())
    data[40:44] = (29 + 4).to_bytes(4, "big")
    with pytest.raises(MalformedMessage, match="are called for"):
        parse_message(data)


def test_an_announced_length_beyond_the_limit_is_refused_before_it_is_read() -> None:
    data = bytearray(RESOLVE.to_wire())
    data[16:20] = (262_145).to_bytes(4, "big")
    with pytest.raises(MalformedMessage, match="at most 262144"):
        parse_message(data)
    long = Message(Envelope(), RESOLVE.header, bytes(262_144 - 28))
    assert parse_message(long.to_wire()) == long


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        (EnvelopeFlag.ENCRYPTED, ResponseCode.SESSION_FAILED),
        (EnvelopeFlag.COMPRESSED, ResponseCode.OPERATION_NOT_SUPPORTED),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_code(
    flag: EnvelopeFlag, code: ResponseCode
) -> None:
    message = replace(RESOLVE, envelope=replace(RESOLVE.envelope, flags=flag))
    with pytest.raises(MalformedMessage) as refused:
        parse_message(message.to_wire())
    assert refused.value.response_code == code


def test_memoryviews_are_parsed_without_keeping_them() -> None:
    data = bytearray(CREATE.to_wire())
    message = parse_message(memoryview(data))
    data[:] = bytes(len(data))
    assert message == CREATE


def test_an_answer_repeats_what_the_asker_knows_it_by() -> None:
    asked = parse_message(bytes.fromhex(PAGE["H login 2001"][0]))
    answered = answer_to(asked, ResponseCode.INVALID_VALUE, b"\0\0\0\0", session_id=8)
    assert answered.envelope == Envelope(
        2, 10, suggested_minor=11, session_id=8, request_id=0x54DFE855, length=32
    )
    assert answered.header.op == OpCode.LOGIN_IDENTITY
    assert answered.header.response == ResponseCode.INVALID_VALUE
    # A digest leads the body only where the flag says so; the asker's wish is not a promise.
    assert answered.header.flags == OpFlag(0)
    assert answered.header.expiration == 0x6B04374D


def test_an_old_client_is_answered_in_codes_that_it_knows() -> None:
    asked = replace(RESOLVE, envelope=Envelope(2, 4, suggested_major=2, suggested_minor=4))
    answered = answer_to(asked, ResponseCode.INVALID_VALUE)
    assert answered.header.response == ResponseCode.VALUE_ALREADY_EXISTS
    assert (answered.envelope.major, answered.envelope.minor) == (2, 4)


def refused_with(data: bytes) -> Message:
    with pytest.raises(MalformedMessage) as refused:
        parse_message(data)
    return refusal_of(data, refused.value, expiration=5)


def test_a_refusal_names_the_request_where_it_can_be_read() -> None:
    refusal = refused_with(CREATE.to_wire()[:-3])
    assert refusal.envelope.request_id == 0x01020304
    assert (refusal.envelope.major, refusal.envelope.minor) == (2, 11)
    assert refusal.header.op == OpCode.CREATE_HANDLE
    assert refusal.header.response == ResponseCode.PROTOCOL_ERROR
    said = parse_response(refusal)
    assert isinstance(said, ErrorResponse)
    assert "announces 166 bytes, but 163 follow" in said.message
    assert parse_message(refusal.to_wire()) == refusal


def test_a_refusal_of_what_has_no_envelope_is_that_of_servers_in_the_field() -> None:
    refusal = refused_with(b"GET / HTTP/1.1\r\n\r\n")
    assert refusal.envelope.request_id == 0xFFFFFFFF
    assert refusal.header.op == OpCode.RESERVED


@pytest.mark.parametrize(("size", "op"), [(23, 0), (24, OpCode.CREATE_HANDLE)])
def test_a_refusal_names_the_operation_as_soon_as_it_is_there(size: int, op: int) -> None:
    assert refused_with(CREATE.to_wire()[:size]).header.op == op


def test_a_refusal_names_operations_of_any_size() -> None:
    unknown = replace(RESOLVE, header=replace(RESOLVE.header, op=OpCode(0xFEDCBA98)))
    assert refused_with(unknown.to_wire()[:-1]).header.op == 0xFEDCBA98


def test_a_refusal_of_an_endless_message_names_its_request() -> None:
    data = bytearray(CREATE.to_wire())
    data[16:20] = b"\xff" * 4
    assert refused_with(bytes(data)).envelope.request_id == 0x01020304


@given(st.binary(max_size=80))
def test_every_refusal_can_be_sent(data: bytes) -> None:
    try:
        parse_message(data)
    except MalformedMessage as error:
        refusal = refusal_of(data, error)
        assert parse_message(refusal.to_wire()) == refusal
