"""Every version of the file comes to the newest, with its rows; a newer one is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.state.conftest import HandClock

from ballast.errors import HomeVersion
from ballast.state.migrations import STEPS, migrate, statements, version_of
from ballast.state.store import State
from ballast.state.users import list_users

USER = (
    "INSERT INTO users (name, display, role, language, disabled, created_at) "
    "VALUES ('zhao', 'Zhao', 'analyst', 'zh', 0, '2026-06-01T08:00:00.000000Z')"
)


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def shape(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def test_an_empty_file_takes_every_step(tmp_path: Path) -> None:
    connection = opened(tmp_path / "s")
    assert migrate(connection, tmp_path / "s") == len(STEPS)
    assert version_of(connection) == len(STEPS)
    assert migrate(connection, tmp_path / "s") == 0
    connection.close()


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_every_version_comes_to_the_same_shape_with_its_rows(
    version: int, tmp_path: Path, clock: HandClock
) -> None:
    fresh, old = opened(tmp_path / "fresh"), opened(tmp_path / "old")
    migrate(fresh, tmp_path / "fresh")
    migrate(old, tmp_path / "old", STEPS[:version])
    old.execute(USER)
    assert version_of(old) == version
    assert migrate(old, tmp_path / "old") == len(STEPS) - version
    assert shape(old) == shape(fresh)
    fresh.close()
    old.close()
    with State(tmp_path / "old", clock) as state:
        assert [user.name for user in list_users(state)] == ["zhao"]


def test_a_newer_file_is_refused_and_not_touched(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "state.sqlite"
    connection = opened(path)
    newer = (*STEPS, "CREATE TABLE of_tomorrow (id INTEGER);")
    migrate(connection, path, newer)
    before = shape(connection)
    with pytest.raises(HomeVersion, match="newer version"):
        State(path, clock)
    assert (shape(connection), version_of(connection)) == (before, len(newer))
    connection.close()


def test_a_step_that_fails_leaves_the_version_before_whole(tmp_path: Path) -> None:
    connection = opened(tmp_path / "s")
    migrate(connection, tmp_path / "s")
    connection.execute(USER)
    before = shape(connection)
    broken = "CREATE TABLE half (id INTEGER); DELETE FROM users; INSERT INTO nowhere VALUES (1);"
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, tmp_path / "s", (*STEPS, broken))
    assert (shape(connection), version_of(connection)) == (before, len(STEPS))
    assert connection.execute("SELECT count(*) FROM users").fetchone() == (1,)
    connection.close()


def test_a_trigger_is_one_statement() -> None:
    trigger = "CREATE TRIGGER t BEFORE DELETE ON a BEGIN SELECT 1; END;"
    assert statements(f"-- why; indeed\nCREATE TABLE a (b);\n{trigger}") == [
        "-- why; indeed\nCREATE TABLE a (b);",
        trigger,
    ]
