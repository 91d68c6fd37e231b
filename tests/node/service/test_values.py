"""What holds of every value that is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import MalformedMessage, RequestDeclined
from ballast.node.service.values import MAX_RECORD_BYTES, kept, refuse_indexes, settled
from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.codes import ResponseCode as Code
from ballast.node.wire.value import Value, values_to_wire


def code_of(*values: Value) -> int:
    with pytest.raises(RequestDeclined) as refused:
        settled(values_to_wire(values), len(values), 7)
    return refused.value.response_code


@pytest.mark.parametrize(
    "value",
    [
        Value(0, "URL", b"x"),
        Value(1900, "URL", b"x"),
        Value(1, "", b"x"),
        Value(1, "URL", b"x", 0x10),
        Value(1, "HS_ADMIN", b"x"),
        Value(1, "hs_admin", b""),
        Value(1, "HS_VLIST", b"\0\0\0\1"),
        Value(1, "HS_ALIAS", b"\xff"),
        Value(1, "BIG", bytes(MAX_RECORD_BYTES)),
    ],
)
def test_what_cannot_be_kept_is_an_invalid_value(value: Value) -> None:
    assert code_of(value) == Code.INVALID_VALUE


def test_an_index_is_given_once() -> None:
    assert code_of(Value(1, "URL", b"a"), Value(1, "EMAIL", b"b")) == Code.INVALID_VALUE


def test_bytes_that_are_no_values_are_malformed() -> None:
    with pytest.raises(MalformedMessage):
        settled(b"\0" * 20, 1, 7)


def test_more_values_than_a_handle_has_are_refused_before_they_are_read() -> None:
    with pytest.raises(RequestDeclined):
        settled(b"no values", 2049, 7)


def test_what_decides_about_rights_is_kept_as_it_is() -> None:
    data = Admin(AdminPermission(0x07F3), "88.118.8/A", 300).to_wire()
    assert kept(Value(1, "HS_ADMIN", data), 7).data == data


@given(
    st.integers(1, 1000), st.sampled_from(["URL", "HS_SECKEY", "hs_SecKey"]), st.integers(0, 15),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_the_node_sets_the_time_and_keeps_secrets_secret(
    index: int, kind: str, permissions: int, sent: int
) -> None:
    value = kept(Value(index, kind, b"x", permissions, timestamp=sent), 7)
    assert value.timestamp == 7
    if kind == "URL":
        assert value.permissions == permissions
    else:
        assert not value.public_read
        assert not value.public_write


@given(st.lists(st.integers(1, 9), min_size=1), st.lists(st.integers(1, 9)))
def test_indexes_must_all_be_there_or_all_be_free(asked: list[int], held: list[int]) -> None:
    for exist, code in ((True, 200), (False, 201)):
        if all((index in held) is exist for index in asked):
            refuse_indexes(asked, held, exist=exist)
        else:
            with pytest.raises(RequestDeclined) as refused:
                refuse_indexes(asked, held, exist=exist)
            assert refused.value.response_code == code
