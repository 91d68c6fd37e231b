"""Lists of values, and handles as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.wire import generated

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Reference
from ballast.node.wire.vlist import alias_from_wire, alias_to_wire, vlist_from_wire, vlist_to_wire


@given(st.lists(generated.references, max_size=5).map(tuple))
def test_a_list_survives_its_bytes(members: tuple[Reference, ...]) -> None:
    assert vlist_from_wire(vlist_to_wire(members)) == members


@given(st.binary(max_size=60))
def test_bytes_are_no_list_or_the_bytes_of_one(data: bytes) -> None:
    try:
        members = vlist_from_wire(data)
    except MalformedMessage:
        return
    assert vlist_to_wire(members) == data


def test_a_list_that_claims_too_much_or_ends_too_late_is_refused() -> None:
    data = vlist_to_wire([Reference("88.118.8/ADMIN", 300)])
    with pytest.raises(MalformedMessage, match="claims"):
        vlist_from_wire(b"\xff\xff\xff\xff" + data[4:])
    with pytest.raises(MalformedMessage, match="left over"):
        vlist_from_wire(data + b"\0")


@given(generated.texts)
def test_an_alias_is_its_handle(handle: str) -> None:
    assert alias_from_wire(alias_to_wire(handle)) == handle.encode()


@pytest.mark.parametrize("data", [b"\xff", b"a" * 2049])
def test_an_alias_that_is_no_handle_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage) as refused:
        alias_from_wire(data)
    assert refused.value.response_code == ResponseCode.INVALID_HANDLE
