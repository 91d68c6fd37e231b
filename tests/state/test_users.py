"""Accounts: made, changed, shut out; and the one answer to whoever guesses."""

from __future__ import annotations

import logging
import threading
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from tests.state.conftest import PASSWORD, START, HandClock, stored_bytes

from ballast.errors import InvalidTerm, NotFound, NotPermitted, Refused, SignInRefused
from ballast.state import passwords
from ballast.state.sessions import open_session, session_of
from ballast.state.store import State
from ballast.state.users import (
    User,
    add_user,
    change_user,
    disable_user,
    enable_user,
    find_user,
    link_subject,
    list_users,
    set_password,
    user_named,
    user_of_subject,
    verify_password,
)
from ballast.terms.role import Role

CODE = "91110000600037341L"
ISSUER = "https://id.example.org"


def hash_of(state: State, user: User) -> str:
    with state.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT password_hash FROM users WHERE id = ?", (user.id,)
        )
        return str(found.scalar())


def test_an_account_is_found_by_number_and_by_name(state: State, zhao: User) -> None:
    assert find_user(state, zhao.id) == user_named(state, " ZHAO ") == zhao
    assert zhao == User(
        1, "zhao", "zhao", Role.ANALYST, frozenset(), frozenset(), False, START, "zh"
    )


def test_who_is_not_there_is_not_found(state: State) -> None:
    with pytest.raises(NotFound):
        find_user(state, 404)
    with pytest.raises(NotFound):
        user_named(state, "nobody")


@pytest.mark.parametrize("name", ["zhao", "Zhao", "ｚｈａｏ"])
def test_a_name_is_given_once_however_it_is_spelled(state: State, zhao: User, name: str) -> None:
    with pytest.raises(Refused, match="already"):
        add_user(state, name, role=Role.PUBLIC)
    assert list_users(state) == (zhao,)


@pytest.mark.parametrize("name", ["钱七", "li.si@example.org", "o-neil_2"])
def test_names_of_any_script_and_addresses_do(state: State, name: str) -> None:
    assert add_user(state, name, role=Role.ANALYST).name == name


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "<b>x</b>", "../x", "public", "PUBLIC", "a" * 65, "a\nb", "\ud800"]
)
def test_what_can_be_no_name_is_refused(state: State, name: str) -> None:
    with pytest.raises(Refused):
        add_user(state, name, role=Role.ANALYST)
    assert list_users(state) == ()


@pytest.mark.parametrize("display", ["\x07", "x" * 201, "a\u202eb"])
def test_a_person_has_a_name_that_can_be_printed(state: State, display: str) -> None:
    with pytest.raises(Refused):
        add_user(state, "zhao", role=Role.ANALYST, display=display)


def test_codes_go_with_their_role_alone(state: State, zhao: User) -> None:
    for role in set(Role) - {Role.ENTERPRISE}:
        with pytest.raises(Refused, match="role enterprise"):
            add_user(state, "x", role=role, enterprises=[CODE])
    for role in set(Role) - {Role.OPERATOR}:
        with pytest.raises(Refused, match="role operator"):
            add_user(state, "x", role=role, clusters=["steel"])
    with pytest.raises(Refused):
        change_user(state, zhao.id, clusters=["steel"])
    assert find_user(state, zhao.id) == zhao


def test_a_mistyped_code_is_refused(state: State) -> None:
    with pytest.raises(InvalidTerm):
        add_user(state, "x", role=Role.ENTERPRISE, enterprises=[CODE[:-1] + "X"])


def test_a_weak_password_makes_no_account(state: State) -> None:
    with pytest.raises(Refused):
        add_user(state, "zhaowei", role=Role.ANALYST, password="zhaowei2026")
    assert list_users(state) == ()


def test_a_change_leaves_the_rest_as_it_was(state: State) -> None:
    made = add_user(state, "x", role=Role.ENTERPRISE, enterprises=[CODE], display="X")
    changed = change_user(state, made.id, language="en")
    assert changed == find_user(state, made.id)
    assert (changed.language, changed.display) == ("en", "X")
    assert changed.enterprises == {CODE}
    changed = change_user(state, made.id, role=Role.OPERATOR, enterprises=(), clusters=["steel"])
    assert changed == find_user(state, made.id)
    assert not changed.enterprises
    assert changed.clusters == {"steel"}


def test_the_last_administrator_stays_one(state: State) -> None:
    first = add_user(state, "a", role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="no administrator"):
        disable_user(state, first.id)
    with pytest.raises(Refused, match="no administrator"):
        change_user(state, first.id, role=Role.ANALYST)
    assert find_user(state, first.id) == first
    second = add_user(state, "b", role=Role.ADMINISTRATOR)
    disable_user(state, first.id)
    with pytest.raises(Refused, match="no administrator"):
        disable_user(state, second.id)


def test_a_name_and_its_password_open_the_account(state: State, zhao: User) -> None:
    assert verify_password(state, " ZHAO", PASSWORD) == zhao


def refusal(state: State, name: str, password: str) -> str:
    with pytest.raises(SignInRefused) as caught:
        verify_password(state, name, password)
    return str(caught.value)


def test_one_message_for_everything_that_does_not_open(state: State, zhao: User) -> None:
    add_user(state, "gone", role=Role.ANALYST, password=PASSWORD)
    disable_user(state, user_named(state, "gone").id)
    add_user(state, "byoidc", role=Role.ANALYST)
    asked = [
        ("zhao", "wrong password"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("byoidc", PASSWORD),
        ("byoidc", ""),
        ("", ""),
        ("\ud800' OR 1=1 --", "\ud800"),
    ]
    messages = {refusal(state, name, password) for name, password in asked}
    for _ in range(5):
        messages.add(refusal(state, "zhao", "wrong password"))
    messages.add(refusal(state, "zhao", PASSWORD))  # locked out by now
    assert len(messages) == 1
    assert issubclass(SignInRefused, NotPermitted)


@pytest.mark.parametrize("name", ["zhao", "nobody", "byoidc"])
def test_a_wrong_try_costs_one_hash_whoever_it_names(
    state: State, zhao: User, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(state, "byoidc", role=Role.ANALYST)
    verified: list[str] = []

    class Watching(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Watching.from_parameters(CHEAPEST))
    refusal(state, name, "wrong password")
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$")


def test_five_wrong_tries_lock_known_and_unknown_names_alike(
    state: State, zhao: User, clock: HandClock
) -> None:
    for name in ("zhao", "nobody"):
        for _ in range(5):
            refusal(state, name, "wrong password")
    refusal(state, "Zhao", PASSWORD)
    clock.move(minutes=14, seconds=59)
    refusal(state, "zhao", PASSWORD)
    clock.move(seconds=1)
    assert verify_password(state, "zhao", PASSWORD) == zhao


def test_many_guesses_at_once_get_no_more_tries(
    state: State, zhao: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    is_right = passwords.is_right

    def watched(stored: str | None, password: str) -> bool:
        looked_at.append(password)
        return is_right(stored, password)

    monkeypatch.setattr(passwords, "is_right", watched)

    def guess(number: int) -> None:
        with pytest.raises(SignInRefused):
            verify_password(state, "zhao", f"guess number {number}")

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) == 5


def test_many_who_know_the_password_come_in_at_once(state: State, zhao: User) -> None:
    came: list[User] = []
    threads = [
        threading.Thread(target=lambda: came.append(verify_password(state, "zhao", PASSWORD)))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came == [zhao] * 20


def test_coming_in_forgets_the_wrong_tries(state: State, zhao: User) -> None:
    for _ in range(3):
        for _ in range(4):
            refusal(state, "zhao", "wrong password")
        assert verify_password(state, "zhao", PASSWORD) == zhao


def test_a_new_password_lifts_the_lock_and_ends_sessions(state: State, zhao: User) -> None:
    token, _ = open_session(state, zhao.id)
    for _ in range(6):
        refusal(state, "zhao", "wrong password")
    set_password(state, zhao.id, "another long one")
    assert session_of(state, token) is None
    assert verify_password(state, "zhao", "another long one") == zhao
    refusal(state, "zhao", PASSWORD)


def test_a_refused_password_leaves_the_old_one(state: State, zhao: User) -> None:
    with pytest.raises(Refused):
        set_password(state, zhao.id, "short")
    assert verify_password(state, "zhao", PASSWORD) == zhao


def test_a_disabled_account_is_out_at_once_and_in_again_when_enabled(
    state: State, zhao: User
) -> None:
    token, _ = open_session(state, zhao.id)
    assert disable_user(state, zhao.id).disabled
    assert session_of(state, token) is None
    refusal(state, "zhao", PASSWORD)
    assert enable_user(state, zhao.id) == zhao
    assert session_of(state, token) is None
    assert verify_password(state, "zhao", PASSWORD) == zhao


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(
    state: State, zhao: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hash_of(state, zhao)
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1, hash_len=16, salt_len=16)
    monkeypatch.setattr(passwords, "HASHER", dearer)
    refusal(state, "zhao", "wrong password")
    assert hash_of(state, zhao) == before
    verify_password(state, "zhao", PASSWORD)
    after = hash_of(state, zhao)
    assert "$m=16,t=2,p=1$" in after
    verify_password(state, "zhao", PASSWORD)
    assert hash_of(state, zhao) == after


def test_an_organisations_subject_opens_the_account_it_was_linked_to(
    state: State, zhao: User
) -> None:
    assert user_of_subject(state, ISSUER, "0815") is None
    link_subject(state, zhao.id, ISSUER, "0815")
    assert user_of_subject(state, ISSUER, "0815") == zhao
    assert user_of_subject(state, "https://other.example.org", "0815") is None
    assert user_of_subject(state, ISSUER, "0815 ") is None


def test_a_subject_opens_one_account(state: State, zhao: User) -> None:
    other = add_user(state, "qian", role=Role.ADMINISTRATOR)
    link_subject(state, zhao.id, ISSUER, "0815")
    with pytest.raises(Refused, match="already"):
        link_subject(state, other.id, ISSUER, "0815")
    assert user_of_subject(state, ISSUER, "0815") == zhao


def test_a_subject_does_not_open_a_disabled_account(state: State, zhao: User) -> None:
    link_subject(state, zhao.id, ISSUER, "0815")
    disable_user(state, zhao.id)
    with pytest.raises(SignInRefused):
        user_of_subject(state, ISSUER, "0815")


def test_no_password_reaches_the_file_or_a_log(
    state: State, zhao: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed_into_the_wrong_field = "Hunter2-Hunter2"
    refusal(state, typed_into_the_wrong_field, "")
    refusal(state, "zhao", "wrong password")
    set_password(state, zhao.id, "another long one")
    verify_password(state, "zhao", "another long one")
    hashed = hash_of(state, zhao)
    kept = stored_bytes(state)
    assert b"zhao" in kept
    assert hashed.encode() in kept
    for secret in (
        PASSWORD,
        "wrong password",
        "another long one",
        typed_into_the_wrong_field,
        typed_into_the_wrong_field.lower(),
    ):
        assert secret.encode() not in kept
        assert secret not in caplog.text
    assert hashed not in caplog.text
