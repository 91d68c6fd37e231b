"""Passwords: strong enough, hashed with the parameters that are stated, compared as text."""

from __future__ import annotations

from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from ballast.errors import Refused
from ballast.state import passwords
from ballast.state.passwords import check_strength, hash_password, is_outdated, is_right, make_up


def test_the_hash_states_the_parameters_of_rfc_9106(real_hashes: None) -> None:
    # RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes.
    assert hash_password("correct horse battery").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_two_hashes_of_one_password_differ_and_both_open() -> None:
    one, other = hash_password("correct horse battery"), hash_password("correct horse battery")
    assert one != other
    assert is_right(one, "correct horse battery")
    assert is_right(other, "correct horse battery")
    assert not is_right(one, "correct horse batterx")


@pytest.mark.parametrize("stored", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$", None])
def test_what_is_no_hash_opens_to_nothing(stored: str | None) -> None:
    assert not is_right(stored, "")
    assert not is_right(stored, "correct horse battery")


def test_full_width_letters_are_the_same_password() -> None:
    assert is_right(hash_password("ｃｏｒｒｅｃｔ　ｈｏｒｓｅ"), "correct horse")


@pytest.mark.parametrize("password", ["", "123456789", "九个字的密码还是短", "a" * 257])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    with pytest.raises(Refused, match=r"too (short|long)"):
        check_strength(password)


@pytest.mark.parametrize("password", ["0123456789", "十个汉字就可以做密码了", "a" * 256])
def test_ten_signs_of_any_script_do(password: str) -> None:
    check_strength(password, "zhao")


@pytest.mark.parametrize("password", ["xxZHAOWEIxx", "zhaowei-2026", "ｚｈａｏｗｅｉ１２３"])
def test_the_own_name_in_it_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(Refused) as caught:
        check_strength(password, "zhaowei")
    assert password not in str(caught.value)


def test_a_name_of_two_letters_does_not_forbid_half_the_words() -> None:
    check_strength("a lithe otter swims", "li")


def test_half_of_a_surrogate_pair_is_refused_and_opens_nothing() -> None:
    with pytest.raises(Refused, match="no text"):
        check_strength("correct horse \ud800")
    assert not is_right(hash_password("correct horse ?"), "correct horse \ud800")


def test_a_password_beyond_any_length_is_not_even_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = hash_password("correct horse battery")
    seen: list[int] = []

    class Watching(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            seen.append(len(password))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Watching.from_parameters(CHEAPEST))
    assert not is_right(stored, "a" * 10_000_000)
    assert seen == [0]


def test_a_hash_of_other_parameters_is_outdated(real_hashes: None) -> None:
    assert is_outdated(PasswordHasher.from_parameters(CHEAPEST).hash("x"))
    assert not is_outdated(hash_password("correct horse battery"))


def test_what_is_made_up_is_strong_differs_and_can_be_read_aloud() -> None:
    made = {make_up() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_strength(password)
        assert not set(password) & set("0O1lI")
