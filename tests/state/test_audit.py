"""The trail: read back as written, and refusing every change."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from tests.state.conftest import START

from ballast.state.audit import Entry, entries, record
from ballast.state.store import State


@pytest.fixture
def filled(state: State) -> State:
    for hour, who in enumerate(("zhao", "qian", "zhao")):
        at = START + timedelta(hours=hour)
        record(state, at, who, "analyst", "read", f"enterprise_period {hour}", hour, "::1")
    return state


def test_a_line_comes_back_as_it_was_written(filled: State) -> None:
    assert entries(filled, limit=1) == (
        Entry(
            3,
            START + timedelta(hours=2),
            "zhao",
            "analyst",
            "read",
            "enterprise_period 2",
            2,
            "::1",
        ),
    )


def test_lines_are_found_by_time_by_name_and_by_page(filled: State) -> None:
    def numbers(**asked: object) -> list[int]:
        return [one.id for one in entries(filled, **asked)]  # type: ignore[arg-type]

    assert numbers() == [3, 2, 1]
    assert numbers(since=START + timedelta(hours=1)) == [3, 2]
    assert numbers(who="zhao") == [3, 1]
    assert numbers(who="zhao", limit=1) == [3]
    assert numbers(before=3, limit=1) == [2]
    assert numbers(who="' OR 1=1 --") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "UPDATE audit SET at = at WHERE id = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 2",
        "REPLACE INTO audit SELECT id, at, 'nobody', role, action, what, 0, '' FROM audit",
        "INSERT OR REPLACE INTO audit SELECT id, at, 'x', role, action, what, 0, '' FROM audit",
        "INSERT INTO audit SELECT * FROM audit WHERE true "
        "ON CONFLICT (id) DO UPDATE SET who = 'nobody'",
    ],
)
def test_the_file_itself_refuses_a_change(filled: State, statement: str) -> None:
    before = entries(filled)
    outsider = sqlite3.connect(filled.path)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        outsider.execute(statement)
    outsider.rollback()
    outsider.close()
    assert entries(filled) == before


def test_long_and_odd_texts_are_cut_and_kept(state: State) -> None:
    record(state, START, "zhao", "analyst", "search", "\ud800" + "字" * 5_000, address="\udfff")
    (line,) = entries(state)
    assert line.what == "?" + "字" * 1_999
    assert line.address == "?"
