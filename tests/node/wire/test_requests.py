"""Bodies of requests: both ways, and the codes that answer what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import HANDLE, URL, request

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.reader import string
from ballast.node.wire.requests import (
    ChallengeAnswer,
    HandleRequest,
    LoginRequest,
    OpaqueRequest,
    RemoveRequest,
    RequestBody,
    ResolveRequest,
    ValuesRequest,
    VerifyRequest,
    parse_request,
)

handles, u32, blobs = generated.handles, generated.u32, generated.blobs
indexes = st.lists(u32, max_size=4).map(tuple)
bodies = (
    st.builds(HandleRequest, handles)
    | st.builds(ResolveRequest, handles, indexes, st.lists(generated.texts, max_size=3).map(tuple))
    | st.builds(ValuesRequest, handles, generated.several_values)
    | st.builds(RemoveRequest, handles, indexes)
    | st.builds(ChallengeAnswer, generated.texts, handles, u32, blobs)
    | st.builds(VerifyRequest, handles, u32, blobs, blobs, blobs)
    | st.builds(LoginRequest, handles, u32)
    | st.builds(OpaqueRequest, blobs)
)


@given(bodies)
def test_a_body_survives_its_bytes(body: RequestBody) -> None:
    assert type(body).parse(body.to_wire()) == body


@given(generated.u32_known.map(OpCode), st.binary(max_size=60))
def test_bytes_are_no_body_or_the_bytes_of_one(op: OpCode, body: bytes) -> None:
    message = request(op, body)
    try:
        parsed = parse_request(message)
    except MalformedMessage:
        return
    assert parsed.to_wire() == body


@pytest.mark.parametrize("op", [4711, OpCode.LOGIN_PASSWORD, OpCode.SESSION_TERMINATE])
def test_operations_without_a_form_keep_their_bytes(op: int) -> None:
    body = parse_request(request(OpCode(op), b"anything"))
    assert body == OpaqueRequest(b"anything")


SOME = (
    HandleRequest(HANDLE),
    ResolveRequest(HANDLE, (1, 2), ("URL", "HS_ADMIN")),
    ValuesRequest(HANDLE, (URL,)),
    RemoveRequest(HANDLE, (1, 2)),
    ChallengeAnswer("HS_SECKEY", HANDLE, 300, b"signed"),
    VerifyRequest(HANDLE, 300, b"n", b"d", b"r"),
    LoginRequest(HANDLE, 300),
)


@pytest.mark.parametrize("body", SOME, ids=lambda body: type(body).__name__)
def test_a_truncated_or_extended_body_is_refused(body: RequestBody) -> None:
    data = body.to_wire()
    for wrong in [data + b"\0", *(data[:cut] for cut in range(len(data)))]:
        with pytest.raises(MalformedMessage):
            type(body).parse(wrong)


@pytest.mark.parametrize("body", SOME, ids=lambda body: type(body).__name__)
@pytest.mark.parametrize("handle", [b"88.118.8/\xff", b"88.118.8/" + b"x" * 2048])
def test_a_handle_that_is_none_is_answered_as_such(body: RequestBody, handle: bytes) -> None:
    data = body.to_wire().replace(string(HANDLE), string(handle))
    with pytest.raises(MalformedMessage) as refused:
        type(body).parse(data)
    assert refused.value.response_code == ResponseCode.INVALID_HANDLE


def test_a_handle_of_2048_bytes_is_asked_for() -> None:
    longest = b"88.118.8/" + b"x" * (2048 - 9)
    assert HandleRequest.parse(HandleRequest(longest).to_wire()).handle == longest


def test_types_that_are_not_utf8_are_invalid_values() -> None:
    data = string(HANDLE) + bytes(4) + b"\0\0\0\1" + string(b"\xff")
    with pytest.raises(MalformedMessage) as refused:
        ResolveRequest.parse(data)
    assert refused.value.response_code == ResponseCode.INVALID_VALUE


def test_more_than_2048_indexes_are_refused() -> None:
    assert len(RemoveRequest.parse(RemoveRequest(HANDLE, (1,) * 2048).to_wire()).indexes) == 2048
    for body in (RemoveRequest(HANDLE, (1,) * 2049), ResolveRequest(HANDLE, (1,) * 2049)):
        with pytest.raises(MalformedMessage, match="at most 2048"):
            type(body).parse(body.to_wire())


def test_a_kind_of_key_that_is_unknown_survives() -> None:
    answered = ChallengeAnswer("SM2_PUBKEY", HANDLE, 1, b"x")
    assert ChallengeAnswer.parse(answered.to_wire()) == answered
