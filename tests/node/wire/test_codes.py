"""Numbers without a name survive, and are not remembered for ever."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.wire.codes import EnvelopeFlag, OpCode, OpFlag, ResponseCode

u32 = st.integers(0, 0xFFFFFFFF)


def test_the_numbers_are_those_of_the_protocol() -> None:
    """RFC 3652, sections 2.2.2.1 and 2.2.2.2, and the design page, section 3."""
    assert {code.name: code.value for code in OpCode} == {
        "RESERVED": 0, "RESOLVE": 1, "GET_SITE_INFO": 2, "CREATE_HANDLE": 100,
        "DELETE_HANDLE": 101, "ADD_VALUE": 102, "REMOVE_VALUE": 103, "MODIFY_VALUE": 104,
        "LIST_HANDLES": 105, "LIST_SUB_PREFIXES": 106, "CHALLENGE_ANSWER": 200,
        "VERIFY_CHALLENGE": 201, "HOME_PREFIX": 300, "UNHOME_PREFIX": 301,
        "LIST_HOMED_PREFIXES": 302, "SESSION_SETUP": 400, "SESSION_TERMINATE": 401,
        "SESSION_EXCHANGE_KEY": 402, "RETRIEVE_TRANSACTION_LOG": 1000, "DUMP_HANDLES": 1001,
        "RETRIEVE_NEXT_TRANSACTION_ID": 1002, "BACKUP_SERVER": 1003,
        "LOGIN_PASSWORD": 2000, "LOGIN_IDENTITY": 2001,
    }  # fmt: skip
    assert {code.value for code in ResponseCode} == {
        *range(8), 100, 101, 102, 200, 201, 202, *range(300, 304), *range(400, 409),
        *range(500, 506), 3001,
    }  # fmt: skip


def test_the_flags_are_those_of_the_protocol() -> None:
    assert {flag.name: flag.value for flag in OpFlag} == {
        "AUTH": 1 << 31, "CERT": 1 << 30, "ENCR": 1 << 29, "RECU": 1 << 28, "CACR": 1 << 27,
        "CONT": 1 << 26, "KPAL": 1 << 25, "PUBL": 1 << 24, "RRDG": 1 << 23, "OVRW": 1 << 22,
        "MINT": 1 << 21, "DNRF": 1 << 20, "RECU_AUTH": 1 << 2,
    }  # fmt: skip


@pytest.mark.parametrize("kind", [OpCode, ResponseCode])
@given(number=u32)
def test_every_number_has_a_printable_name(
    kind: type[OpCode] | type[ResponseCode], number: int
) -> None:
    code = kind(number)
    assert code == number
    assert code.name.isprintable()
    assert code.name
    assert kind(number) == code
    assert hash(code) == hash(number)
    assert pickle.loads(pickle.dumps(code)) == code


@pytest.mark.parametrize("number", [-1, 1 << 32, 0.5, "1"])
def test_what_does_not_fit_the_wire_is_no_code(number: Any) -> None:
    with pytest.raises(ValueError, match=str(number)):
        OpCode(number)


@given(u32, u32)
def test_flags_are_sets_of_bits_whatever_their_names(one: int, other: int) -> None:
    flags = OpFlag(one)
    assert flags == one
    assert flags & OpFlag(other) == one & other
    assert flags | OpFlag(other) == one | other
    assert flags & ~OpFlag(other) == one & ~other
    assert pickle.loads(pickle.dumps(flags)) == flags


def test_unnamed_bits_are_printed() -> None:
    assert OpFlag(0x00800040).name == "RRDG|0x40"
    assert OpFlag(0).name == "0"
    assert EnvelopeFlag.TRUNCATED in EnvelopeFlag(0x24)


@pytest.mark.parametrize("kind", [OpCode, OpFlag])
def test_strangers_numbers_are_not_kept(kind: type[OpCode] | type[OpFlag]) -> None:
    """A table that grows with every new number would be a way to fill the memory."""
    table = kind._value2member_map_
    before = len(table)
    for number in range(5_000_000, 5_003_000):
        kind(number)
    assert len(table) == before
