"""HS_ADMIN: both ways, the string of bits, the two spare bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated
from tests.node.wire.golden import ADMIN_ALL

from ballast.errors import InvalidTerm, MalformedMessage
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin, AdminPermission
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import string
from ballast.node.wire.value import Reference


@given(generated.admins)
def test_an_administrator_survives_the_bytes(admin: Admin) -> None:
    assert Admin.parse(admin.to_wire()) == admin


@given(st.binary(max_size=30))
def test_bytes_are_no_administrator_or_the_bytes_of_one(data: bytes) -> None:
    try:
        admin = Admin.parse(data)
    except MalformedMessage:
        return
    assert admin.to_wire() == data


def test_the_permissions_are_those_of_the_field() -> None:
    """Design page, section 6; RFC 3651 numbers some of them otherwise."""
    named = [one.name for one in AdminPermission]
    assert named == [
        "ADD_HANDLE", "DELETE_HANDLE", "ADD_DERIVED_PREFIX", "DELETE_DERIVED_PREFIX",
        "MODIFY_VALUE", "REMOVE_VALUE", "ADD_VALUE", "MODIFY_ADMIN", "REMOVE_ADMIN", "ADD_ADMIN",
        "READ_VALUE", "LIST_HANDLES",
    ]  # fmt: skip
    assert [one.value for one in AdminPermission] == [1 << bit for bit in range(12)]
    assert sum(AdminPermission) == ALL_PERMISSIONS == ADMIN_ALL.permissions


def test_two_spare_bytes_are_tolerated_and_kept() -> None:
    data = ADMIN_ALL.to_wire() + b"\0\0"
    admin = Admin.parse(data)
    assert admin.spare
    assert admin.reference == Reference("0.NA/88.118.8", 300)
    assert admin.to_wire() == data


@pytest.mark.parametrize("more", [b"\0", b"\0\1", b"\0\0\0", b"\0\0\0\0"])
def test_anything_else_behind_it_is_refused(more: bytes) -> None:
    with pytest.raises(MalformedMessage, match="left over"):
        Admin.parse(ADMIN_ALL.to_wire() + more)


def test_an_administrator_whose_handle_is_not_utf8_is_refused() -> None:
    with pytest.raises(MalformedMessage) as refused:
        Admin.parse(b"\x0f\xff" + string(b"\xff") + bytes(4))
    assert refused.value.response_code == ResponseCode.INVALID_HANDLE


@given(st.integers(0, 0xFFFF).map(AdminPermission))
def test_bits_are_shown_and_read_high_to_low(permissions: AdminPermission) -> None:
    shown = Admin(permissions, "a/b", 1).bit_string()
    assert Admin.from_bit_string(shown) == permissions


@pytest.mark.parametrize("text", ["", "1", "01111111001", "01111111001x", "0" * 17, "٠" * 12])
def test_what_is_no_set_of_permissions_is_refused(text: str) -> None:
    with pytest.raises(InvalidTerm, match="write 12 digits"):
        Admin.from_bit_string(text)
