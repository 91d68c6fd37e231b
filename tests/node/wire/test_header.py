"""The header: any 24 bytes are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import OpCode, OpFlag
from ballast.node.wire.header import DEFAULT_REQUEST_FLAGS, HEADER_BYTES, UNKNOWN_SERIAL, Header
from ballast.node.wire.reader import Reader


@given(st.binary(min_size=24, max_size=24))
def test_any_24_bytes_survive(data: bytes) -> None:
    """Unknown operations, codes, flags and the reserved byte included."""
    assert Header.parse(Reader(data)).to_wire() == data


def test_what_a_client_writes_by_default() -> None:
    header = Header(OpCode.RESOLVE)
    assert header.flags == DEFAULT_REQUEST_FLAGS == 0x19000000
    assert header.site_serial == UNKNOWN_SERIAL == 0xFFFF
    assert header.flags & OpFlag.PUBL
    assert (header.response, header.recursion, header.expiration, header.reserved) == (0, 0, 0, 0)


def test_a_truncated_header_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        Header.parse(Reader(bytes(HEADER_BYTES - 1)))
