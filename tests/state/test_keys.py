"""API keys: shown once, ended by a day, by hand and with their account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.state.conftest import START, HandClock, stored_bytes

from ballast.errors import NotFound, Refused, SignInRefused
from ballast.state.keys import issue_key, list_keys, revoke_key, user_of_key
from ballast.state.store import State
from ballast.state.users import User, add_user, change_user, disable_user, enable_user
from ballast.terms.role import Role

ENDS = START + timedelta(days=30)


def test_a_key_has_the_rights_of_its_account_as_they_are_now(state: State, zhao: User) -> None:
    secret, _ = issue_key(state, zhao.id, "report", ENDS)
    assert secret.startswith("bk_")
    assert user_of_key(state, secret) == zhao
    changed = change_user(state, zhao.id, role=Role.OPERATOR, clusters=["steel"])
    assert user_of_key(state, secret) == changed


def test_the_secret_is_nowhere_in_the_file(state: State, zhao: User) -> None:
    secret, _ = issue_key(state, zhao.id, "monthly report", ENDS)
    user_of_key(state, secret)
    kept = stored_bytes(state)
    assert b"monthly report" in kept
    assert secret.encode() not in kept
    assert secret.removeprefix("bk_").encode() not in kept
    assert secret not in repr(list_keys(state, zhao.id))


def test_unknown_ended_revoked_and_of_a_disabled_account_are_one_refusal(
    state: State, zhao: User, clock: HandClock
) -> None:
    short, _ = issue_key(state, zhao.id, "short", START + timedelta(days=1))
    revoked, key = issue_key(state, zhao.id, "revoked", ENDS)
    revoke_key(state, key.id)
    gone = add_user(state, "gone", role=Role.ANALYST)
    of_gone, _ = issue_key(state, gone.id, "gone", ENDS)
    disable_user(state, gone.id)
    clock.move(days=1)
    messages = set()
    for secret in (short, revoked, of_gone, "bk_unknown", "", "\ud800"):
        with pytest.raises(SignInRefused) as caught:
            user_of_key(state, secret)
        messages.add(str(caught.value))
    assert len(messages) == 1
    enable_user(state, gone.id)
    assert user_of_key(state, of_gone).name == "gone"


def test_the_use_of_a_key_is_noted_once_a_minute_at_most(
    state: State, zhao: User, clock: HandClock
) -> None:
    secret, key = issue_key(state, zhao.id, "report", ENDS)
    assert key.last_used is None
    used = []
    for seconds in (0, 30, 30):
        clock.move(seconds=seconds)
        user_of_key(state, secret)
        used.append(list_keys(state)[0].last_used)
    assert used == [START, START, START + timedelta(minutes=1)]


def test_keys_are_listed_by_account_newest_first(state: State, zhao: User) -> None:
    qian = add_user(state, "qian", role=Role.ADMINISTRATOR)
    made = [issue_key(state, user.id, "x", ENDS)[1] for user in (zhao, qian, zhao)]
    assert list_keys(state) == (made[2], made[1], made[0])
    assert list_keys(state, zhao.id) == (made[2], made[0])


def test_nobody_takes_back_anothers_key(state: State, zhao: User) -> None:
    qian = add_user(state, "qian", role=Role.ADMINISTRATOR)
    secret, key = issue_key(state, zhao.id, "x", ENDS)
    with pytest.raises(NotFound):
        revoke_key(state, key.id, qian.id)
    with pytest.raises(NotFound):
        revoke_key(state, 404)
    assert user_of_key(state, secret) == zhao


def test_a_key_taken_back_twice_keeps_the_first_moment(
    state: State, zhao: User, clock: HandClock
) -> None:
    _, key = issue_key(state, zhao.id, "x", ENDS)
    first = revoke_key(state, key.id, zhao.id)
    clock.move(hours=1)
    assert revoke_key(state, key.id) == first
    assert first.revoked_at == START


@pytest.mark.parametrize("days", [-1, 0, 401])
def test_a_key_ends_within_400_days(state: State, zhao: User, days: int) -> None:
    with pytest.raises(Refused):
        issue_key(state, zhao.id, "x", START + timedelta(days=days))


@pytest.mark.parametrize("label", ["", "  ", "x" * 101, "a\x07"])
def test_a_key_says_what_it_is_for(state: State, zhao: User, label: str) -> None:
    with pytest.raises(Refused):
        issue_key(state, zhao.id, label, ENDS)


def test_a_disabled_account_gets_no_key(state: State, zhao: User) -> None:
    disable_user(state, zhao.id)
    with pytest.raises(Refused):
        issue_key(state, zhao.id, "x", ENDS)
