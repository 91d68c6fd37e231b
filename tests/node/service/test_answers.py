"""Answers in words: one line, in either language, whatever fills them."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import MalformedMessage, Refused, RequestDeclined
from ballast.node.service.answers import Answer, declined, turned_down
from ballast.node.wire.codes import ResponseCode as Code


def test_an_answer_can_be_said_in_chinese_after_a_journey() -> None:
    answer = turned_down(Code.HANDLE_NOT_FOUND, "{handle}: is not registered", b"88.118.8/A")
    there = msgspec.msgpack.decode(msgspec.msgpack.encode(answer), type=Answer)
    assert there == answer
    assert there.said("en") == there.message == "88.118.8/A: is not registered"
    assert there.said("zh") == "88.118.8/A：未注册"


@given(st.binary(max_size=3000))
def test_no_handle_breaks_the_line_or_the_datagram(handle: bytes) -> None:
    answer = turned_down(Code.HANDLE_NOT_FOUND, "{handle}: is not registered", handle or b"x")
    assert answer.message.isprintable() or not answer.message.isascii()
    assert "\n" not in answer.message
    assert "\x1b" not in answer.message
    assert len(answer.message) < 1500
    assert answer.handle == (handle or b"x")


def test_an_error_knows_its_code_better() -> None:
    for error, code in (
        (MalformedMessage("x", response_code=102), 102),
        (RequestDeclined("x", response_code=201), 201),
        (Refused("x"), 202),
    ):
        assert declined(error, Code.INVALID_VALUE).code == code


def test_only_402_asks_for_authentication() -> None:
    assert turned_down(Code.AUTHENTICATION_NEEDED, "x").need_authentication
    assert declined(RequestDeclined("x", response_code=402), Code.ERROR).need_authentication
    assert not turned_down(Code.INSUFFICIENT_PERMISSIONS, "x").need_authentication


def test_an_error_that_quotes_a_message_is_cut_but_not_its_sentence() -> None:
    error = Refused("{reason}", reason="\x1b" + "y" * 500)
    answer = declined(error, Code.ERROR)
    assert len(answer.message) < 200
    assert answer.said("en") == answer.message
