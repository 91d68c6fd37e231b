"""A record comes back as it went in, and what a look-up sends is ready in it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.node.registry.records import (
    HEAD,
    MAX_KEY_BYTES,
    Record,
    RecordState,
    pack_record,
    record_key,
    record_of,
    spelling_of,
    unpack_record,
)
from ballast.node.wire.value import Reference, Value

NOW = 1_750_000_000
seconds = st.integers(0, 0xFFFFFFFF)
suffixes = st.one_of(
    st.text(max_size=40), st.text(max_size=900), st.text(alphabet="aA/é", min_size=450)
)
handles = st.builds(
    lambda prefix, suffix: f"{prefix}/{suffix}".encode()[:2048].decode(errors="ignore").encode(),
    st.from_regex(r"[0-9A-Za-z.]{1,20}", fullmatch=True),
    suffixes,
)
values = st.lists(
    st.builds(
        Value,
        index=st.integers(1, 0xFFFFFFFF),
        type=st.text(min_size=1, max_size=12),
        data=st.binary(max_size=60),
        permissions=st.integers(0, 15),
        ttl=seconds,
        ttl_absolute=st.booleans(),
        timestamp=seconds,
        references=st.lists(st.builds(Reference, st.just("88.118.8/A"), seconds), max_size=2).map(
            tuple
        ),
    ),
    max_size=6,
    unique_by=lambda value: value.index,
)


@given(handles, values, seconds, seconds, seconds, st.sampled_from(RecordState))
def test_a_record_comes_back_as_it_went_in(
    handle: bytes, held: list[Value], now: int, made: int, ends: int, state: RecordState
) -> None:
    record = record_of(handle, held, now, expires_at=ends, created_at=made, state=state)
    packed = pack_record(record)
    back = unpack_record(record.key, packed)
    assert back == record
    assert back.values() == tuple(sorted(held, key=lambda value: value.index))
    assert spelling_of(record.key, packed) == handle
    assert pack_record(back) == packed


@given(handles, values)
def test_what_anyone_may_read_stands_behind_the_head_as_it_is_sent(
    handle: bytes, held: list[Value]
) -> None:
    packed = pack_record(record_of(handle, held, NOW))
    public = sorted((v for v in held if v.public_read), key=lambda value: value.index)
    ready = b"".join(value.to_wire() for value in public)
    head = HEAD.unpack_from(packed)
    assert (head[4], head[5]) == (len(public), len(ready))
    assert packed[HEAD.size : HEAD.size + len(ready)] == ready


def test_the_layout_is_that_of_the_page() -> None:
    record = Record(b"1/aB", RecordState.REVOKED, 2, 3, 4, 5, b"public", 6, b"other")
    assert pack_record(record).hex() == (
        "01" "00000002" "00000003" "00000004" "0005" "00000006" "0006" "0001"
        + b"public".hex() + b"other".hex() + "01"
    )  # fmt: skip


@given(st.binary(max_size=600), st.binary(max_size=600))
def test_keys_differ_where_handles_do(one: bytes, other: bytes) -> None:
    one, other = one.replace(b"\xff", b""), other.replace(b"\xff", b"")  # UTF-8 holds none
    assert (record_key(one) == record_key(other)) == (one == other)
    assert 0 < len(record_key(one)) <= MAX_KEY_BYTES


@given(st.binary(max_size=510), st.binary(max_size=510))
def test_keys_sort_as_handles_do_up_to_510_bytes(one: bytes, other: bytes) -> None:
    assert (record_key(one) < record_key(other)) == (one < other) or not (one and other)


@given(st.binary(min_size=480, max_size=480), st.binary(min_size=1, max_size=100))
def test_a_long_handle_is_listed_where_it_belongs(start: bytes, end: bytes) -> None:
    key = record_key(start + b"a" * 40 + end)
    assert key[:478] == start[:478]
    assert key > record_key(start[:478])


def test_the_key_of_a_long_handle_is_its_start_and_a_digest() -> None:
    long = b"88.118.8/" + b"x" * 502
    assert record_key(long) == long[:478] + b"\xff" + hashlib.blake2b(long, digest_size=32).digest()
    assert record_key(long[:-1]) == long[:-1]


def test_of_one_handle_all_spellings_share_a_key() -> None:
    record = record_of("88.118.8/ABC-é-阀门".encode(), [], NOW)
    assert record.key == "88.118.8/abc-é-阀门".encode()
    assert len(pack_record(record)) == HEAD.size + 3  # one bit a byte says which were capitals


@pytest.mark.parametrize(
    "handle",
    [b"", b"noslash", b"/x", b"1/" + b"x" * 2047, b"9" * 256 + b"/x", b"1/\xff"],
    ids=["nothing", "no slash", "no prefix", "too long", "prefix too long", "no UTF-8"],
)
def test_what_is_no_handle_is_refused(handle: bytes) -> None:
    with pytest.raises(Refused, match="is no handle that can be kept"):
        record_of(handle, [], NOW)


def test_an_index_twice_is_refused() -> None:
    with pytest.raises(Refused, match="1/a: two values have the same index"):
        record_of(b"1/a", [Value(1, "URL", b""), Value(1, "URL", b"")], NOW)


@pytest.mark.parametrize("moment", [-1, 1 << 32])
def test_a_moment_that_32_bits_cannot_hold_is_refused(moment: int) -> None:
    with pytest.raises(Refused, match="before 1970 or behind 2106"):
        pack_record(record_of(b"1/a", [], NOW, expires_at=moment))


def test_more_values_than_a_record_counts_are_refused() -> None:
    with pytest.raises(Refused, match="a record holds at most 65535"):
        record_of(b"1/a", [Value(n, "A", b"") for n in range(1, 65537)], NOW)
