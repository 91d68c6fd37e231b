"""Five tries in a quarter of an hour, whatever their rhythm; then a rest that ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.state.conftest import START, HandClock

from ballast.state.lockout import LOCKED, MOST, WITHIN, count_try, forget
from ballast.state.store import State

NAMES = count()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    with State(tmp_path_factory.mktemp("home"), HandClock()) as opened:
        yield opened


def tried(state: State, name: str, now: datetime) -> bool:
    with state.write() as connection:
        return count_try(connection, name, now)


@settings(deadline=None)  # the disk of a busy machine
@given(st.lists(st.floats(0, 2_000), min_size=1, max_size=25))
def test_no_rhythm_gets_more_than_five_tries_into_a_window(
    shared: State, gaps: list[float]
) -> None:
    name, now = f"n{next(NAMES)}", START
    moments: list[datetime] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        moments.append(now)
    with shared.write() as connection:
        made = [moment for moment in moments if count_try(connection, name, moment)]
    for first in made:
        assert sum(first <= one < first + WITHIN for one in made) <= MOST


def test_the_sixth_try_is_refused_until_a_quarter_of_an_hour_after_the_fifth(
    state: State,
) -> None:
    for minute in range(5):
        assert tried(state, "zhao", START + timedelta(minutes=minute))
    fifth = START + timedelta(minutes=4)
    assert not tried(state, "zhao", fifth)
    assert not tried(state, "zhao", fifth + LOCKED - timedelta(seconds=1))
    # Refused tries did not prolong it, and five more are given.
    assert [tried(state, "zhao", fifth + LOCKED) for _ in range(6)] == [True] * 5 + [False]


def test_other_names_are_not_locked_with_it(state: State) -> None:
    assert [tried(state, "zhao", START) for _ in range(6)] == [True] * 5 + [False]
    assert tried(state, "qian", START)


def test_what_is_forgotten_does_not_count(state: State) -> None:
    for _ in range(6):
        tried(state, "zhao", START)
    with state.write() as connection:
        forget(connection, "zhao")
    assert tried(state, "zhao", START)


def test_old_tries_leave_the_file(state: State) -> None:
    tried(state, "zhao", START)
    tried(state, "qian", START + WITHIN + LOCKED + timedelta(seconds=1))
    with state.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tries").scalar() == 1
