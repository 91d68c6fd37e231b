"""Values: both ways, and each way in which one can contradict itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import CHINESE, URL

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import Reader, string
from ballast.node.wire.value import (
    SECRET_PERMISSIONS,
    VALUE_HEAD,
    Reference,
    Value,
    read_values,
    values_from_wire,
    values_to_wire,
    write_values,
)


@given(generated.values)
def test_a_value_survives_its_bytes(value: Value) -> None:
    reader = Reader(value.to_wire())
    assert Value.parse(reader) == value
    reader.finish()


@given(generated.several_values)
def test_several_values_survive_their_bytes(values: tuple[Value, ...]) -> None:
    assert values_from_wire(values_to_wire(values), len(values)) == values
    assert read_values(Reader(write_values(values))) == values


@given(st.binary(max_size=60))
def test_bytes_are_no_value_or_the_bytes_of_one(data: bytes) -> None:
    reader = Reader(data)
    try:
        value = Value.parse(reader)
    except MalformedMessage:
        return
    assert value.to_wire() == data[: reader.at]


def test_the_documented_layout_is_that_of_the_head() -> None:
    data = CHINESE.to_wire()
    assert VALUE_HEAD.unpack_from(data) == (2, 1_750_000_000, 1, 1_900_000_000, 0x0E, 12)
    assert data[13] == CHINESE.permissions
    assert data[VALUE_HEAD.size :].startswith(b"PRODUCT_NAME")


@pytest.mark.parametrize("cut", range(len(CHINESE.to_wire())))
def test_a_truncated_value_is_refused_at_every_byte(cut: int) -> None:
    with pytest.raises(MalformedMessage):
        Value.parse(Reader(CHINESE.to_wire()[:cut]))


@pytest.mark.parametrize("count", [0, 1, 3, 1 << 40])
def test_other_than_the_given_number_of_values_is_refused(count: int) -> None:
    with pytest.raises(MalformedMessage):
        values_from_wire(values_to_wire([URL, CHINESE]), count)


def test_more_than_2048_values_are_refused() -> None:
    value = Value(1, "", b"")
    assert len(read_values(Reader(write_values((value,) * 2048)))) == 2048
    with pytest.raises(MalformedMessage, match="has 2049 items; at most 2048"):
        read_values(Reader(write_values((value,) * 2049)))


def head(ttl_kind: int = 0, size: int = 3) -> bytes:
    return VALUE_HEAD.pack(1, 0, ttl_kind, 86_400, 0x0E, size)


@pytest.mark.parametrize(
    "data",
    [
        head(ttl_kind=2) + b"URL" + string(b"x") + bytes(4),
        head() + b"UR\xff" + string(b"x") + bytes(4),
        head(size=2049) + b"U" * 2049 + string(b"x") + bytes(4),
    ],
    ids=["kind of TTL", "type is not UTF-8", "type is too long"],
)
def test_a_value_that_contradicts_its_layout_is_an_invalid_value(data: bytes) -> None:
    with pytest.raises(MalformedMessage) as refused:
        Value.parse(Reader(data))
    assert refused.value.response_code == ResponseCode.INVALID_VALUE


def test_a_reference_to_what_is_no_handle_is_an_invalid_handle() -> None:
    data = head() + b"URL" + string(b"x") + bytes([0, 0, 0, 1]) + string(b"\xff") + bytes(4)
    with pytest.raises(MalformedMessage) as refused:
        Value.parse(Reader(data))
    assert refused.value.response_code == ResponseCode.INVALID_HANDLE


@pytest.mark.parametrize("permissions", range(16))
def test_permissions_are_read_off_their_bits(permissions: int) -> None:
    value = Value(1, "URL", b"", permissions)
    shown = value.admin_read, value.admin_write, value.public_read, value.public_write
    assert "".join(str(int(bit)) for bit in shown) == f"{permissions:04b}"


def test_a_secret_is_not_for_everyone() -> None:
    """Trap 17 of the design page: with the usual permissions a secret key is public."""
    assert Value(300, "HS_SECKEY", b"x").public_read
    assert not Value(300, "HS_SECKEY", b"x", SECRET_PERMISSIONS).public_read
    assert SECRET_PERMISSIONS == 0x0C


@given(generated.references)
def test_a_reference_survives_its_bytes(reference: Reference) -> None:
    assert Reference.parse(Reader(reference.to_wire())) == reference


def test_the_smallest_values_and_references_fill_their_frame() -> None:
    smallest = Value(0, "", b"", references=(Reference("", 0),) * 5)
    data = smallest.to_wire()
    assert Value.parse(Reader(data)) == smallest
    at = len(data) - 5 * 8 - 4
    with pytest.raises(MalformedMessage, match="claims 6 items, but the frame holds at most 5"):
        Value.parse(Reader(data[:at] + (6).to_bytes(4, "big") + data[at + 4 :]))
    listed = write_values((Value(0, "", b""),) * 3)
    with pytest.raises(MalformedMessage, match="claims 4 items, but the frame holds at most 3"):
        read_values(Reader((4).to_bytes(4, "big") + listed[4:]))


def test_a_type_has_at_most_2048_bytes() -> None:
    longest = Value(1, "T" * 2048, b"")
    assert Value.parse(Reader(longest.to_wire())) == longest
