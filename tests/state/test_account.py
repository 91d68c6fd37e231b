"""How an account is spelled and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.state.account import language_of, spelling
from ballast.state.store import State
from ballast.state.users import add_user, list_users
from ballast.terms.role import Role

# Published as an example in GB 32100-2015, and a made-up one with its check character.
ONE, OTHER = "91350100M000100Y43", "91110000600037341L"


@given(st.text(st.characters(exclude_categories=())))
def test_spelling_a_name_twice_changes_nothing_more(name: str) -> None:
    assert spelling(spelling(name)) == spelling(name)


@pytest.mark.parametrize("name", ["zhao", "ZHAO", " Zhao ", "ｚｈａｏ"])
def test_one_name_however_it_is_typed(name: str) -> None:
    assert spelling(name) == "zhao"


@pytest.mark.parametrize("text", ["", "fr", "ZH", "zh-CN"])
def test_pages_are_in_two_languages(text: str) -> None:
    with pytest.raises(Refused):
        language_of(text)


def test_each_account_is_read_with_its_own_codes(state: State) -> None:
    first = add_user(state, "a", role=Role.ENTERPRISE, enterprises=[ONE, OTHER])
    second = add_user(state, "b", role=Role.ENTERPRISE, enterprises=[OTHER])
    third = add_user(state, "c", role=Role.OPERATOR, clusters=["steel", "有色"])
    assert list_users(state) == (first, second, third)
    assert first.enterprises == {ONE, OTHER}
    assert third.clusters == {"steel", "有色"}
