from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import BadHandle, HttpRefused
from ballast.node.servers.http.paths import handle_of, parse_query


@given(st.text(min_size=1, max_size=300))
def test_whatever_is_text_is_a_handle_and_nothing_of_it_is_lost(text: str) -> None:
    try:
        encoded = handle_of(text)
    except BadHandle:
        assert "\ufffd" in text or not _is_utf8(text) or len(text.encode()) > 2048
    else:
        assert encoded.decode() == text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1),
    )
)
def test_a_query_is_read_as_it_was_escaped(parameters: dict[str, list[str]]) -> None:
    told = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, values in parameters.items()
        for value in values
    )
    query = parse_query(told)
    assert {name: list(query.all(name)) for name in parameters} == parameters


@given(st.text(max_size=200))
def test_a_query_of_any_characters_is_read_or_refused(text: str) -> None:
    try:
        query = parse_query(text)
        query.indexes()
        query.flag("pretty")
    except HttpRefused:
        pass


@pytest.mark.parametrize("text", ["type=%", "type=%4", "type=%gg", "type=%ff", "%zz"])
def test_what_is_no_escape_or_no_text_is_refused(text: str) -> None:
    with pytest.raises(HttpRefused):
        parse_query(text)


def test_a_plus_stays_a_plus() -> None:
    assert parse_query("type=a+b").types() == ("a+b",)


@pytest.mark.parametrize("text", ["index=-1", "index=4294967296", "index=１", "index= 1"])
def test_an_index_is_a_whole_number_of_32_bits(text: str) -> None:
    with pytest.raises(HttpRefused):
        parse_query(text).indexes()


def test_a_flag_is_a_yes_a_no_or_a_mistake() -> None:
    query = parse_query("a&b=true&c=FALSE&d=0&e=maybe")
    assert (query.flag("a"), query.flag("b"), query.flag("c"), query.flag("d")) == (
        True, True, False, False,
    )  # fmt: skip
    assert query.flag("none", default=True)
    with pytest.raises(HttpRefused):
        query.flag("e")


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(HttpRefused):
        parse_query("index=1&" * 5000)
