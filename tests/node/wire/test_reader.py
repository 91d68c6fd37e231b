"""Reading stops at the end of the frame, whatever a stranger wrote into lengths and counts."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import MAX_ARRAY_BYTES, Reader, string


@given(st.binary(max_size=30), st.lists(st.sampled_from(["u8", "u16", "u32", "string", "rest"])))
def test_whatever_is_read_lies_within_the_data(data: bytes, steps: list[str]) -> None:
    reader = Reader(data)
    for step in steps:
        before = reader.at
        try:
            getattr(reader, step)()
        except MalformedMessage:
            break
        assert before <= reader.at <= reader.end == len(data)


@given(st.binary(max_size=40))
def test_a_string_is_read_as_it_was_written(data: bytes) -> None:
    reader = Reader(string(data))
    assert reader.string() == data
    reader.finish()


@pytest.mark.parametrize("size", [4, 5, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_string_longer_than_its_frame_is_refused(size: int) -> None:
    reader = Reader(size.to_bytes(4, "big") + b"abc")
    with pytest.raises(MalformedMessage, match="are called for at byte 4"):
        reader.string()


def test_a_string_longer_than_allowed_is_refused_with_the_code_of_its_place() -> None:
    with pytest.raises(MalformedMessage, match="at most 2 are allowed") as refused:
        Reader(string(b"abc")).string(2, ResponseCode.INVALID_VALUE)
    assert refused.value.response_code == ResponseCode.INVALID_VALUE


def test_a_mebibyte_is_the_most_that_a_string_holds() -> None:
    assert len(Reader(string(bytes(MAX_ARRAY_BYTES))).string()) == MAX_ARRAY_BYTES
    with pytest.raises(MalformedMessage, match="at most 1048576"):
        Reader(string(bytes(MAX_ARRAY_BYTES + 1))).string()


def test_a_list_that_claims_more_than_its_frame_holds_costs_nothing() -> None:
    reader = Reader(b"\xff\xff\xff\xff" + bytes(100))
    tracemalloc.start()
    with pytest.raises(MalformedMessage, match=r"claims 4294967295 items, but .* at most 25"):
        reader.list(Reader.u32, 4)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000


def test_a_list_longer_than_allowed_is_refused_although_it_fits() -> None:
    assert Reader(b"\0\0\0\2" + bytes(8)).list(Reader.u32, 4, 2) == (0, 0)
    with pytest.raises(MalformedMessage, match="has 3 items; at most 2"):
        Reader(b"\0\0\0\3" + bytes(12)).list(Reader.u32, 4, 2)


def test_a_handle_that_is_not_utf8_is_an_invalid_handle() -> None:
    for bad in (b"88/\xff", b"88/\xc0\xaf", b"88/\xed\xa0\x80", b"88/\xe6\xa0"):
        with pytest.raises(MalformedMessage, match="at byte 0 is not UTF-8") as refused:
            Reader(string(bad)).handle()
        assert refused.value.response_code == ResponseCode.INVALID_HANDLE


def test_a_handle_has_at_most_2048_bytes() -> None:
    assert len(Reader(string(b"a" * 2048)).handle()) == 2048
    with pytest.raises(MalformedMessage, match="has 2049 bytes") as refused:
        Reader(string(b"a" * 2049)).handle()
    assert refused.value.response_code == ResponseCode.INVALID_HANDLE


def test_other_text_that_is_not_utf8_is_an_error_of_protocol() -> None:
    with pytest.raises(MalformedMessage) as refused:
        Reader(string(b"\x80")).text()
    assert refused.value.response_code == ResponseCode.PROTOCOL_ERROR
    assert Reader(string("轴".encode())).text() == "轴"


def test_an_inner_frame_ends_before_the_outer_one() -> None:
    outer = Reader(b"\1\2\3\4")
    inner = outer.restrict(3)
    assert inner.take(2) == b"\1\2"
    with pytest.raises(MalformedMessage, match="ends at byte 3"):
        inner.u16()
    assert outer.u8() == 4


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 4), (4, None)])
def test_a_frame_outside_the_data_is_refused(start: int, end: int | None) -> None:
    with pytest.raises(MalformedMessage, match="does not fit in 3 bytes"):
        Reader(b"abc", start, end)


def test_what_is_left_over_is_refused() -> None:
    reader = Reader(b"ab")
    reader.u8()
    with pytest.raises(MalformedMessage, match="1 bytes are left over at byte 1"):
        reader.finish()
    reader.u8()
    reader.finish()
