"""Sessions: opened by a token that is kept nowhere, ended by time, by hand and with the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.state.conftest import START, HandClock, stored_bytes

from ballast.state.sessions import close_all, close_session, open_session, session_of
from ballast.state.store import State
from ballast.state.users import User, add_user
from ballast.terms.role import Role


def test_a_token_opens_its_session(state: State, zhao: User) -> None:
    token, session = open_session(state, zhao.id)
    assert session_of(state, token) == session
    assert session.user_id == zhao.id
    assert session.expires_at == START + timedelta(hours=12)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "\x00", "' OR 1=1 --"])
def test_what_is_no_token_opens_nothing(state: State, zhao: User, token: str) -> None:
    open_session(state, zhao.id)
    assert session_of(state, token) is None


def test_an_idle_hour_ends_it(state: State, zhao: User, clock: HandClock) -> None:
    token, _ = open_session(state, zhao.id)
    clock.move(minutes=59, seconds=59)
    assert session_of(state, token) is not None
    clock.move(minutes=60)
    assert session_of(state, token) is None


def test_twelve_hours_end_it_however_busy(state: State, zhao: User, clock: HandClock) -> None:
    token, _ = open_session(state, zhao.id)
    for _ in range(23):
        clock.move(minutes=30)
        assert session_of(state, token) is not None
    clock.move(minutes=30)
    assert session_of(state, token) is None


def test_a_shorter_lifetime_holds(state: State, zhao: User, clock: HandClock) -> None:
    token, _ = open_session(state, zhao.id, timedelta(minutes=5))
    clock.move(minutes=5)
    assert session_of(state, token) is None


def test_being_seen_is_written_once_a_minute_at_most(
    state: State, zhao: User, clock: HandClock
) -> None:
    token, _ = open_session(state, zhao.id)

    def seen() -> object:
        session = session_of(state, token)
        assert session is not None
        return session.last_seen - START

    clock.move(seconds=59)
    assert seen() == timedelta(0)
    clock.move(seconds=1)
    assert seen() == timedelta(minutes=1)
    clock.move(seconds=30)
    assert seen() == timedelta(minutes=1)


def test_a_closed_session_is_not_opened_again(state: State, zhao: User) -> None:
    token, _ = open_session(state, zhao.id)
    other, _ = open_session(state, zhao.id)
    close_session(state, token)
    close_session(state, token)
    assert session_of(state, token) is None
    assert session_of(state, other) is not None


def test_all_sessions_of_one_account_end_together(state: State, zhao: User) -> None:
    qian = add_user(state, "qian", role=Role.ADMINISTRATOR)
    mine = [open_session(state, zhao.id)[0] for _ in range(3)]
    others, _ = open_session(state, qian.id)
    assert close_all(state, zhao.id) == 3
    assert [session_of(state, token) for token in mine] == [None] * 3
    assert session_of(state, others) is not None


def test_ended_sessions_leave_the_file(state: State, zhao: User, clock: HandClock) -> None:
    open_session(state, zhao.id)
    clock.move(hours=13)
    open_session(state, zhao.id)
    with state.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 1


def test_each_session_has_its_own_csrf_token_that_tells_nothing_of_the_cookie(
    state: State, zhao: User
) -> None:
    opened = [open_session(state, zhao.id) for _ in range(3)]
    tokens = {session.csrf for _, session in opened}
    assert len(tokens) == 3
    assert not tokens & {token for token, _ in opened}


def test_neither_token_is_in_the_file(state: State, zhao: User) -> None:
    token, session = open_session(state, zhao.id)
    session_of(state, token)
    kept = stored_bytes(state)
    assert token.encode() not in kept
    assert session.csrf.encode() not in kept
    assert bytes.fromhex(session.csrf) not in kept
    assert session.opened_at.strftime("%Y-%m-%dT%H").encode() in kept
