"""Accounts at the command line: passwords go in unseen and come out once."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ballast.cli.app import run
from ballast.errors import SignInRefused
from ballast.lake.home import create_home
from ballast.state.audit import entries
from ballast.state.keys import user_of_key
from ballast.state.store import State
from ballast.state.users import user_named, verify_password
from ballast.terms.role import Role

PASSWORD = "correct horse battery"
CODE = "91110000600037341L"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    return create_home(tmp_path / "home").path


class Line:
    """The command line of a test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys, self._patch = capsys, patch

    def __call__(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        code = run(["users", *arguments])
        told = self._capsys.readouterr()
        return code, told.out, told.err


@pytest.fixture
def users(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(capsys, monkeypatch)


def opened(home: Path) -> State:
    return State(home, lambda: datetime.now(UTC))


def test_a_password_is_read_from_standard_input_and_said_nowhere(home: Path, users: Line) -> None:
    code, out, err = users("add", "zhao", "--role", "analyst", typed=f"{PASSWORD}\nmore\n")
    assert (code, out) == (0, "")
    assert PASSWORD not in err
    with opened(home) as state:
        assert verify_password(state, "zhao", PASSWORD).role is Role.ANALYST


def test_a_generated_password_is_printed_alone_and_opens(home: Path, users: Line) -> None:
    code, out, err = users("add", "zhao", "--role", "analyst", "--generate")
    assert code == 0
    assert out.strip() not in err
    with opened(home) as state:
        assert verify_password(state, "zhao", out.strip()).name == "zhao"


@pytest.mark.parametrize("command", ["add", "password"])
def test_a_password_as_an_argument_is_wrong_usage(command: str, users: Line) -> None:
    users("add", "zhao", "--role", "analyst", "--no-password")
    role = ["--role", "analyst"] if command == "add" else []
    assert users(command, "zhao", PASSWORD, *role)[0] == 2
    assert users(command, "zhao", "--password", PASSWORD, *role)[0] == 2


def test_no_password_where_one_is_read_is_wrong_usage(users: Line) -> None:
    code, _, err = users("add", "zhao", "--role", "analyst", typed="")
    assert code == 2
    assert "--generate" in err
    assert "zhao" not in users("list")[1]


def test_both_ways_at_once_are_wrong_usage(users: Line) -> None:
    assert users("add", "x", "--role", "analyst", "--generate", "--no-password")[0] == 2


def on_a_terminal(arguments: list[str], answers: list[str]) -> tuple[int, str]:
    """Run the command with a terminal of its own; answer each prompt; return what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast", "users", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {"BALLAST_LANGUAGE": "zh"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for answer in answers:
        seen = len(shown)
        while "：" not in shown[seen:].decode("utf-8", "ignore"):
            shown += os.read(ours, 1024)
        os.write(ours, f"{answer}\n".encode())
    while True:
        try:
            piece = os.read(ours, 1024)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return process.wait(timeout=60), shown.decode("utf-8")


def test_on_a_terminal_it_is_asked_twice_and_not_shown(home: Path) -> None:
    code, shown = on_a_terminal(["add", "zhao", "--role", "analyst"], [PASSWORD, PASSWORD])
    assert code == 0, shown
    assert "zhao 的密码：" in shown
    assert "再输入一次：" in shown
    assert PASSWORD not in shown
    with opened(home) as state:
        assert verify_password(state, "zhao", PASSWORD).language == "zh"


def test_two_different_passwords_change_nothing(home: Path) -> None:
    code, shown = on_a_terminal(["add", "zhao", "--role", "analyst"], [PASSWORD, PASSWORD + "x"])
    assert code == 1
    assert "不一致" in shown
    with opened(home) as state:
        assert entries(state) == ()


def test_accounts_are_listed_for_eyes_and_for_programs(users: Line) -> None:
    users("add", "zhao", "--role", "enterprise", "--enterprise", CODE, "--no-password")
    users("add", "qian", "--role", "operator", "--cluster", "steel", "--no-password")
    table = users("list")[1]
    assert "cluster operator" in table
    assert CODE in table
    rows = list(csv.DictReader(io.StringIO(users("list", "--format", "csv")[1])))
    assert [(row["name"], row["role"]) for row in rows] == [
        ("qian", "operator"),
        ("zhao", "enterprise"),
    ]
    assert json.loads(users("list", "--format", "json")[1])[0]["clusters"] == "steel"


def test_a_home_without_accounts_lists_none(users: Line) -> None:
    assert users("list", "--format", "json")[1].strip() == "[]"


def test_a_new_role_drops_codes_that_do_not_go_with_it(home: Path, users: Line) -> None:
    users("add", "zhao", "--role", "enterprise", "--enterprise", CODE, "--no-password")
    assert users("change", "zhao", "--display", "Zhao Wei")[0] == 0
    with opened(home) as state:
        assert user_named(state, "zhao").enterprises == {CODE}
    assert users("change", "zhao", "--role", "operator", "--cluster", "steel")[0] == 0
    with opened(home) as state:
        changed = user_named(state, "zhao")
    assert not changed.enterprises
    assert changed.clusters == {"steel"}
    assert changed.display == "Zhao Wei"


def test_a_disabled_account_is_out_until_it_is_enabled(home: Path, users: Line) -> None:
    users("add", "zhao", "--role", "analyst", typed=PASSWORD)
    assert users("disable", "zhao")[0] == 0
    with opened(home) as state, pytest.raises(SignInRefused):
        verify_password(state, "zhao", PASSWORD)
    assert users("enable", "ZHAO")[0] == 0
    with opened(home) as state:
        assert verify_password(state, "zhao", PASSWORD).name == "zhao"


def test_a_new_password_takes_the_place_of_the_old(home: Path, users: Line) -> None:
    users("add", "zhao", "--role", "analyst", typed=PASSWORD)
    assert users("password", "zhao", typed="another long one")[0] == 0
    made = users("password", "zhao", "--generate")[1].strip()
    with opened(home) as state:
        verify_password(state, "zhao", made)
        for old in (PASSWORD, "another long one"):
            with pytest.raises(SignInRefused):
                verify_password(state, "zhao", old)


def test_the_last_administrator_is_kept(users: Line) -> None:
    users("add", "qian", "--role", "administrator", "--no-password")
    code, _, err = users("disable", "qian")
    assert code == 1
    assert "administrator" in err


def test_a_key_is_printed_once_alone_and_taken_back_by_number(home: Path, users: Line) -> None:
    users("add", "zhao", "--role", "analyst", "--no-password")
    code, out, err = users("keys", "issue", "zhao", "monthly report", "--days", "30")
    secret = out.strip()
    assert code == 0
    assert secret not in err
    with opened(home) as state:
        assert user_of_key(state, secret).name == "zhao"
    listed = users("keys", "list", "zhao", "--format", "csv")[1]
    assert secret not in listed
    number = next(csv.DictReader(io.StringIO(listed)))["key"]
    assert users("keys", "revoke", number)[0] == 0
    with opened(home) as state, pytest.raises(SignInRefused):
        user_of_key(state, secret)


@pytest.mark.parametrize("days", ["0", "401", "999999999999"])
def test_a_key_does_not_last_for_ever(users: Line, days: str) -> None:
    users("add", "zhao", "--role", "analyst", "--no-password")
    code, out, _ = users("keys", "issue", "zhao", "x", "--days", days)
    assert code in (1, 2)
    assert out == ""


def test_what_was_done_stands_in_the_audit_trail_without_the_password(
    home: Path, users: Line
) -> None:
    users("add", "zhao", "--role", "analyst", typed=PASSWORD)
    users("password", "zhao", typed="another long one")
    users("disable", "zhao")
    users("enable", "zhao")
    users("keys", "issue", "zhao", "x")
    users("keys", "revoke", "1")
    users("change", "zhao", "--language", "en")
    with opened(home) as state:
        found = entries(state)
    assert [line.action for line in reversed(found)] == [
        *("user-add", "user-password", "user-disable", "user-enable"),
        *("key-issue", "key-revoke", "user-change"),
    ]
    assert all("zhao" in line.what and line.address == "command line" for line in found)
    assert not any(PASSWORD in line.what for line in found)


@pytest.mark.parametrize(
    "arguments",
    [
        ["password", "nobody", "--generate"],
        ["disable", "nobody"],
        ["enable", "nobody"],
        ["change", "nobody"],
        ["keys", "issue", "nobody", "x"],
        ["keys", "list", "nobody"],
        ["keys", "revoke", "7"],
        ["add", "public", "--role", "analyst", "--generate"],
        ["add", "x", "--role", "enterprise", "--enterprise", "123", "--generate"],
        ["add", "x", "--role", "analyst", "--language", "fr", "--no-password"],
        ["add", "x", "--role", "analyst", "--cluster", "steel", "--no-password"],
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments: list[str], users: Line) -> None:
    code, out, err = users(*arguments)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


def test_accounts_are_in_a_backup_made_while_people_sign_in(
    home: Path, users: Line, tmp_path: Path
) -> None:
    users("add", "zhao", "--role", "analyst", typed=PASSWORD)
    for folder in ("uploads", "portal"):
        (home / folder).mkdir()
        (home / folder / "changes").write_text("all the time")
    with opened(home) as state, state.write() as connection:
        connection.exec_driver_sql("UPDATE users SET display = 'not committed'")
        assert run(["backup", "out.tar.gz"]) == 0
    assert run(["restore", "out.tar.gz", "--home", str(tmp_path / "other")]) == 0
    names = {path.name for path in (tmp_path / "other").iterdir()}
    assert names >= {"state.sqlite", "home.toml"}
    assert not names & {"state.sqlite-wal", "state.sqlite-shm", "uploads", "portal"}
    with opened(tmp_path / "other") as state:
        assert verify_password(state, "zhao", PASSWORD).display == "zhao"
    for private in (tmp_path / "other" / "state.sqlite", tmp_path / "out.tar.gz"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_without_a_home_there_are_no_accounts(users: Line, tmp_path: Path) -> None:
    code, _, err = users("list", "--home", str(tmp_path / "none"))
    assert code == 1
    assert "no home" in err
    assert not (tmp_path / "none").exists()
