"""The short way of packing a line comes to the same bytes as the long one, and refuses as much."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.registry.records import pack_record, record_of, unpack_record
from ballast.node.service.values import kept
from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Value
from ballast.node.writer.lines import MAX_LINE_BYTES, LineBlock, LineCutter
from ballast.node.writer.packing import Packed, Packer
from ballast.words import unpack

NOW = 1_800_000_000


def packed(*lines: bytes | dict[str, Any]) -> Packed:
    encoded = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
    cutter = LineCutter()
    blocks = [*cutter.feed(b"\n".join(encoded)), cutter.flush()]
    assert len(blocks) == 1
    return Packer().pack(blocks[0], NOW)


def line(handle: str = "88.118.8/A-1", **changes: Any) -> dict[str, Any]:
    value = {"index": 1, "type": "URL", "data": "https://example.cn"} | changes
    return {"handle": handle, "values": [value]}


def refusal(*lines: bytes | dict[str, Any]) -> tuple[int, str]:
    found = packed(*lines)
    assert not found.items
    (refused,) = found.refused
    return refused.code, unpack(refused.message, "en")


DEEP = b'{"handle":"88.118.8/A","values":[{"index":1,"type":"A","data":' + b'{"value":' * 50_000

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
SUFFIX = TEXT.filter(bool)
VALUES = st.lists(
    st.builds(
        Value,
        st.integers(1, 2**32 - 1).filter(lambda n: n != 1900),
        TEXT.filter(lambda kind: bool(kind) and kind[:3].upper() != "HS_"),
        TEXT.map(str.encode),
        st.integers(0, 15),
        st.integers(0, 2**32 - 1),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda value: value.index,
)


@given(st.sampled_from(["88.118.8", "20.500.ABC", "前缀"]), SUFFIX, VALUES)
def test_a_line_is_packed_as_the_registry_packs_its_record(
    prefix: str, suffix: str, values: list[Value]
) -> None:
    handle = f"{prefix}/{suffix}"
    given_values = [
        {
            "index": value.index,
            "type": value.type,
            "data": value.data.decode(),
            "permissions": f"{value.permissions:04b}",
            "ttl": value.ttl,
        }
        for value in values
    ]
    found = packed({"handle": handle, "values": given_values})
    record = record_of(handle.encode(), [kept(value, NOW) for value in values], NOW)
    assert found.items == [(record.key, pack_record(record))]
    assert found.spellings == [handle.encode()]
    assert found.prefixes == [(prefix.encode().lower(), 1)]
    assert not found.refused


@pytest.mark.parametrize("length", [501, 502, 2039])
def test_long_handles_are_packed_as_the_registry_does(length: int) -> None:
    handle = "88.118.8/" + "X" * length
    found = packed(line(handle))
    value = kept(Value(1, "URL", b"https://example.cn"), NOW)
    record = record_of(handle.encode(), [value], NOW)
    assert found.items == [(record.key, pack_record(record))]


def test_spellings_of_one_pattern_and_different_length_are_kept_apart() -> None:
    handles = ["88.118.8/Ab", "88.118.8/" + "X" * 600, "88.118.8/Ac", "88.118.8/" + "Y" * 600]
    found = packed(*(line(handle) for handle in handles))
    assert [unpack_record(*item).handle.decode() for item in found.items] == handles


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"format": "string", "value": "阀门"}, "阀门".encode()),
        (
            {"format": "base64", "value": base64.b64encode(bytes(range(256))).decode()},
            bytes(range(256)),
        ),
        ({"format": "hex", "value": "00FF"}, b"\x00\xff"),
    ],
)
def test_data_may_say_their_format(data: Any, expected: bytes) -> None:
    (item,) = packed(line(data=data)).items
    assert unpack_record(*item).values()[0].data == expected


def test_administrators_are_written_as_the_rest_interface_shows_them() -> None:
    admin = {"handle": "0.NA/88.118.8", "index": 300, "permissions": "011111110011"}
    given_line = line(type="HS_ADMIN", index=100, data={"format": "admin", "value": admin})
    (item,) = packed(given_line).items
    (value,) = unpack_record(*item).values()
    assert value.data == Admin(AdminPermission(0x07F3), "0.NA/88.118.8", 300).to_wire()


def test_a_secret_key_is_never_public() -> None:
    (item,) = packed(line(type="HS_SECKEY", data="s3cret", permissions="1111")).items
    record = unpack_record(*item)
    assert (record.public_count, record.restricted_count) == (0, 1)
    assert not record.values()[0].public_write


def test_a_date_of_expiry_is_kept() -> None:
    (item,) = packed(line() | {"expires": "2030-01-01T08:00:00+08:00"}).items
    assert unpack_record(*item).expires_at == datetime(2030, 1, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("bad", "code", "said"),
    [
        (b"{", ResponseCode.PROTOCOL_ERROR, "cannot be read"),
        (b"\xff\xfe", ResponseCode.PROTOCOL_ERROR, "cannot be read"),
        (b'{"handle":"88.118.8/\xff","values":[]}', ResponseCode.PROTOCOL_ERROR, "cannot be read"),
        (b'{"handle":"88.118.8/\\ud800","values":[]}', ResponseCode.PROTOCOL_ERROR, "cannot be"),
        (b"[]", ResponseCode.INVALID_HANDLE, "cannot be read"),
        (b"[" * 100_000, ResponseCode.INVALID_HANDLE, "cannot be read"),
        (DEEP, ResponseCode.PROTOCOL_ERROR, "cannot be read"),
        (b'{"values":[{}]}', ResponseCode.INVALID_HANDLE, "required"),
        (b'{"handle":7,"values":[{}]}', ResponseCode.INVALID_HANDLE, "handle"),
        (b"x" * (MAX_LINE_BYTES + 1), ResponseCode.PROTOCOL_ERROR, "longer than"),
        ({"handle": "88.118.8/A", "values": []}, ResponseCode.INVALID_VALUE, "values"),
        (line("88.118.8"), ResponseCode.INVALID_HANDLE, "prefix/suffix"),
        (line("88.118.8/"), ResponseCode.INVALID_HANDLE, "prefix/suffix"),
        (line("/A"), ResponseCode.INVALID_HANDLE, "prefix/suffix"),
        (line("88.118.8/A\n"), ResponseCode.INVALID_HANDLE, "control"),
        (line("88.118.8/" + "x" * 2040), ResponseCode.INVALID_HANDLE, "at most 2048"),
        (line("8" * 256 + "/A"), ResponseCode.INVALID_HANDLE, "prefix"),
        (line(index=0), ResponseCode.INVALID_VALUE, "index"),
        (line(index=1900), ResponseCode.INVALID_VALUE, "1900"),
        (line(index=2**32), ResponseCode.INVALID_VALUE, "index"),
        (line(type=""), ResponseCode.INVALID_VALUE, "type"),
        (line(type="值" * 1000), ResponseCode.INVALID_VALUE, "at most 2048"),
        (line(permissions="0"), ResponseCode.INVALID_VALUE, "four digits"),
        (line(ttl=-1), ResponseCode.INVALID_VALUE, "ttl"),
        (line(colour="red"), ResponseCode.INVALID_VALUE, "colour"),
        (line(data={"format": "xml", "value": ""}), ResponseCode.INVALID_VALUE, "formats are"),
        (line(data={"format": "hex", "value": "0x"}), ResponseCode.INVALID_VALUE, "hex"),
        (line(data={"format": "base64", "value": "Ä"}), ResponseCode.INVALID_VALUE, "base64"),
        (line(data={"format": "admin", "value": []}), ResponseCode.INVALID_VALUE, "admin"),
        (line(type="HS_ADMIN", data="me"), ResponseCode.INVALID_VALUE, "HS_ADMIN"),
        (line(data="x" * 200_000), ResponseCode.INVALID_VALUE, "bytes together"),
        (line() | {"expires": "2030-01-01T00:00:00"}, ResponseCode.INVALID_VALUE, "expires"),
        (line() | {"expires": "1999-01-01T00:00:00Z"}, ResponseCode.INVALID_VALUE, "past"),
        (line() | {"expires": "2200-01-01T00:00:00Z"}, ResponseCode.INVALID_VALUE, "2106"),
    ],
)  # fmt: skip
def test_a_bad_line_is_refused_with_its_own_code(bad: Any, code: int, said: str) -> None:
    found, message = refusal(bad)
    assert (found, said in message) == (code, True), message


def test_two_values_of_one_index_are_refused_in_any_order() -> None:
    value = {"index": 2, "type": "A", "data": ""}
    given_line = {"handle": "88.118.8/A", "values": [value, value | {"index": 1}, value]}
    assert refusal(given_line) == (202, "index 2 is given to two values")


def test_a_bad_line_stops_none_of_the_others() -> None:
    found = packed(
        line("88.118.8/A"), b"{", line("88.118.8/B"), line("nothing"), b"", line("88.118.8/C")
    )
    assert found.handles == ["88.118.8/A", "88.118.8/B", "88.118.8/C"]
    assert found.numbers == [1, 3, 6]
    assert [one.line for one in found.refused] == [2, 4]
    assert found.prefixes == [(b"88.118.8", 3)]


def test_prefixes_are_counted_in_turn() -> None:
    handles = ["88.1/A", "88.1/B", "88.2/A", "88.1/C"]
    assert packed(*map(line, handles)).prefixes == [(b"88.1", 2), (b"88.2", 1), (b"88.1", 1)]


@given(st.binary(max_size=300))
def test_whatever_comes_each_line_has_its_answer(data: bytes) -> None:
    cutter = LineCutter(block_bytes=10_000)
    list(cutter.feed(data))
    block: LineBlock = cutter.flush()
    found = Packer().pack(block, NOW)
    answered = [*found.numbers, *(one.line for one in found.refused)]
    filled = [n for n, text in enumerate(data.split(b"\n"), 1) if text.strip()]
    assert sorted(answered) == filled
