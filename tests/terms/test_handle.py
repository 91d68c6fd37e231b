"""Handles: how they are spelled, compared and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.handle import MAX_HANDLE_BYTES, Handle, fold, prefix_handle, prefix_of


@given(st.binary())
def test_folding_changes_ascii_letters_only_and_never_the_length(data: bytes) -> None:
    folded = fold(data)
    assert len(folded) == len(data)
    for before, after in zip(data, folded, strict=True):
        assert after == (before + 32 if 65 <= before <= 90 else before)


def test_letters_outside_ascii_are_not_folded() -> None:
    assert fold("88.118.8/ÀÉ轴承K".encode()) == "88.118.8/ÀÉ轴承k".encode()


@given(st.binary())
def test_the_prefix_is_what_stands_before_the_first_slash(handle: bytes) -> None:
    prefix = prefix_of(handle)
    assert b"/" not in prefix
    assert handle == prefix or handle.startswith(prefix + b"/")


def test_a_prefix_has_a_handle_of_its_own() -> None:
    assert prefix_handle("88.118.8") == "0.NA/88.118.8"
    assert Handle.parse("0.NA/88.118.8").prefix == "0.NA"


def test_a_handle_keeps_its_spelling() -> None:
    handle = Handle.parse("88.101.0042/阀门/Ä-1")
    assert str(handle) == "88.101.0042/阀门/Ä-1"
    assert (handle.prefix, handle.suffix) == ("88.101.0042", "阀门/Ä-1")
    assert handle.encoded.decode() == handle.text
    assert handle.folded == "88.101.0042/阀门/Ä-1".encode()


def test_the_longest_handle_is_taken_and_one_byte_more_is_not() -> None:
    # Three bytes a letter: characters are not what is counted.
    longest = "1/" + "标" * ((MAX_HANDLE_BYTES - 2) // 3)
    assert len(Handle.parse(longest).encoded) == MAX_HANDLE_BYTES
    with pytest.raises(InvalidTerm, match="has 2049 bytes; a handle has at most 2048"):
        Handle.parse(longest + "1")


@pytest.mark.parametrize("text", ["", "/", "88.118.8", "88.118.8/", "/A", "0"])
def test_half_a_handle_is_none(text: str) -> None:
    with pytest.raises(InvalidTerm, match="write prefix/suffix"):
        Handle.parse(text)


@pytest.mark.parametrize("letter", ["\x00", "\n", "\x1f", "\x7f", "\x85"])
def test_control_characters_are_refused(letter: str) -> None:
    with pytest.raises(InvalidTerm, match="control character"):
        Handle.parse(f"88.118.8/A{letter}")


def test_half_a_surrogate_is_refused() -> None:
    with pytest.raises(InvalidTerm, match="UTF-8"):
        Handle.parse("88.118.8/\ud800")
