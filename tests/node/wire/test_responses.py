"""Bodies of responses: both ways, by operation and code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CHALLENGE, HANDLE, SITE, URL, answer
from tests.node.wire.test_digests import digests

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.responses import (
    Challenge,
    CreateResponse,
    ErrorResponse,
    ListResponse,
    OpaqueResponse,
    Referral,
    ResolveResponse,
    ResponseBody,
    VerifyResponse,
    parse_response,
    split_digest,
)

handles = generated.handles
bodies = (
    st.builds(ResolveResponse, handles, generated.several_values)
    | st.builds(CreateResponse, handles | st.none())
    | st.builds(ListResponse, st.lists(handles, max_size=5).map(tuple))
    | st.builds(ErrorResponse, generated.texts)
    | st.builds(Referral, handles, generated.several_values | st.none())
    | st.builds(Challenge, digests, generated.blobs)
    | st.builds(VerifyResponse, st.booleans())
    | st.builds(OpaqueResponse, generated.blobs)
)


@given(bodies)
def test_a_body_survives_its_bytes(body: ResponseBody) -> None:
    assert type(body).parse(body.to_wire()) == body


@given(
    generated.u32_known.map(OpCode),
    st.sampled_from(ResponseCode),
    st.sampled_from([OpFlag(0), OpFlag.RRDG]),
    st.binary(max_size=60),
)
def test_bytes_are_no_body_or_the_bytes_of_one(
    op: OpCode, code: ResponseCode, flags: OpFlag, body: bytes
) -> None:
    message = answer(op, body, flags, code)
    try:
        parsed = parse_response(message)
        digest, _ = split_digest(message)
    except MalformedMessage:
        return
    led = b"" if digest is None or isinstance(parsed, Challenge) else digest.to_wire()
    assert led + parsed.to_wire() == body


@pytest.mark.parametrize(
    ("op", "code", "body"),
    [
        (OpCode.RESOLVE, ResponseCode.SUCCESS, ResolveResponse(HANDLE, (URL,))),
        (OpCode.CREATE_HANDLE, ResponseCode.SUCCESS, CreateResponse(HANDLE)),
        (OpCode.CREATE_HANDLE, ResponseCode.SUCCESS, CreateResponse(None)),
        (OpCode.DELETE_HANDLE, ResponseCode.SUCCESS, OpaqueResponse(b"")),
        (OpCode.LIST_HANDLES, ResponseCode.SUCCESS, ListResponse((HANDLE,))),
        (OpCode.LIST_HOMED_PREFIXES, ResponseCode.SUCCESS, ListResponse(())),
        (OpCode.VERIFY_CHALLENGE, ResponseCode.SUCCESS, VerifyResponse(True)),
        (OpCode.GET_SITE_INFO, ResponseCode.SUCCESS, SITE),
        (OpCode.RESOLVE, ResponseCode.HANDLE_NOT_FOUND, ErrorResponse()),
        (OpCode.RESOLVE, ResponseCode.SERVER_BUSY, ErrorResponse("later")),
        (OpCode.RESOLVE, ResponseCode(700), ErrorResponse("neu", bare=False)),
        (OpCode.RESOLVE, ResponseCode.ERROR, ErrorResponse(bare=True)),
        (OpCode.RESOLVE, ResponseCode.SERVICE_REFERRAL, Referral(b"0.NA/88.118.8")),
        (OpCode.RESOLVE, ResponseCode.PREFIX_REFERRAL, Referral(b"", (URL,))),
        (OpCode.CREATE_HANDLE, ResponseCode.AUTHENTICATION_NEEDED, CHALLENGE),
    ],
)
def test_operation_and_code_tell_what_the_body_is(
    op: OpCode, code: ResponseCode, body: ResponseBody
) -> None:
    assert parse_response(answer(op, body, response=code)) == body


def test_an_answer_to_a_challenge_is_read_as_one_to_what_was_asked_first() -> None:
    message = answer(OpCode.CHALLENGE_ANSWER, CreateResponse(HANDLE))
    assert parse_response(message, OpCode.CREATE_HANDLE) == CreateResponse(HANDLE)


def test_a_challenge_signs_nonce_and_digest() -> None:
    assert CHALLENGE.signed == CHALLENGE.nonce + CHALLENGE.digest.digest
    assert len(CHALLENGE.signed) == 16 + 32


@pytest.mark.parametrize("said", [b"", b"\2", b"\1\1"])
def test_a_verification_says_yes_or_no_and_nothing_else(said: bytes) -> None:
    with pytest.raises(MalformedMessage):
        VerifyResponse.parse(said)


def test_a_list_that_claims_too_much_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="claims 4294967295 items"):
        ListResponse.parse(b"\xff\xff\xff\xff" + bytes(40))


def test_the_smallest_handles_fill_their_frame() -> None:
    smallest = ListResponse((b"",) * 7)
    assert ListResponse.parse(smallest.to_wire()) == smallest
    with pytest.raises(MalformedMessage, match="claims 8 items, but the frame holds at most 7"):
        ListResponse.parse((8).to_bytes(4, "big") + smallest.to_wire()[4:])
