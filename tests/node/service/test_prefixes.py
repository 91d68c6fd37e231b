"""Which prefixes can be, and which are ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.service.node_at_hand import Node, admin, url

from ballast.errors import InvalidTerm
from ballast.node.service.prefixes import (
    away,
    entry_of,
    node_handle,
    parse_prefix,
    prefix_named,
    record_of_handle,
)
from ballast.terms.handle import fold, prefix_handle


@pytest.mark.parametrize("text", ["88.118.8", "88.101.0042", "10", "20.500.12345", "86.企业"])
def test_parts_with_dots_between_are_a_prefix(text: str) -> None:
    assert parse_prefix(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "88.",
        ".88",
        "88..1",
        "88/1",
        "88 1",
        "88.1\n",
        "0.NA",
        "0.na",
        "8" * 251,
        "\u200b.1",
    ],
)
def test_what_is_no_prefix_is_refused(text: str) -> None:
    with pytest.raises(InvalidTerm):
        parse_prefix(text)


@given(st.text(max_size=40))
def test_every_prefix_can_be_kept_and_named(text: str) -> None:
    try:
        prefix = parse_prefix(text)
    except InvalidTerm:
        return
    handle = prefix_handle(prefix).encode()
    assert prefix_named(handle) == fold(prefix.encode())
    assert b"/" not in prefix.encode()


def test_the_node_knows_its_own_prefix(node: Node) -> None:
    with node.store.snapshot() as snapshot:
        assert node_handle(snapshot) == b"0.NA/88.118"


def test_a_handle_and_the_handle_of_its_prefix_are_under_one_entry(node: Node) -> None:
    with node.store.snapshot() as snapshot:
        entries = [entry_of(snapshot, handle) for handle in (b"88.118.8/X", b"0.na/88.118.8")]
        assert [entry and entry.prefix for entry in entries] == ["88.118.8", "88.118.8"]
        assert entry_of(snapshot, b"88.118.9/X") is None


def test_records_are_found_in_any_spelling_and_at_any_length(node: Node) -> None:
    long = "88.118.8/" + "Ab" * 900
    node.put(long, url())
    with node.store.snapshot() as snapshot:
        found = record_of_handle(snapshot, long.upper().encode())
        assert found is not None
        assert found.handle == long.encode()


def test_a_prefix_restored_as_a_record_alone_is_still_answered(node: Node) -> None:
    node.put("0.NA/88.9", admin(100, 1, "x", 1))
    with node.store.snapshot() as snapshot:
        assert away(snapshot, b"0.na/88.9") is None
        assert away(snapshot, b"88.9/x") is not None
