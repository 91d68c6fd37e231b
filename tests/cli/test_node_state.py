"""What becomes of a record at the command line: revoked, valid again, renewed, ended."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.cli.node_state import expiry_of
from ballast.errors import WrongUsage

from .test_node import Line, empty, founded, home, node

__all__ = ["empty", "founded", "home", "node"]  # fixtures
HANDLE = "88.118.8/S-1"


@pytest.fixture
def registered(home: Path, node: Line) -> Path:
    assert node("register", HANDLE, "--url", "https://example.cn/s")[0] == 0
    return home


def status(node: Line) -> list[str]:
    """Return what an answer says has become of the record."""
    code, out, err = node("resolve", HANDLE)
    assert code == 0, err
    assert "https://example.cn/s" in out, "its values stay"
    return [line for line in out.splitlines() if line.split()[:2] == ["1900", "STATUS"]]


def test_a_revoked_handle_is_answered_as_revoked_until_it_holds_again(
    registered: Path, node: Line
) -> None:
    assert status(node) == []
    code, out, err = node("state", HANDLE, "--revoke", "--reason", "召回 2026-3")
    assert (code, out) == (0, "")
    assert "revoked" in err
    (line,) = status(node)
    assert "revoked" in line
    assert node("state", HANDLE, "--valid")[0] == 0
    assert status(node) == []


def test_the_reason_stands_in_the_audit_trail(registered: Path, node: Line) -> None:
    node("state", HANDLE, "--revoke", "--reason", "召回 2026-3")
    entries = node.rows("audit")
    assert any(entry["subject"] == HANDLE and entry["detail"] == "召回 2026-3" for entry in entries)


def test_an_end_is_set_and_taken_away(registered: Path, node: Line) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    assert node("state", HANDLE, "--expires", soon.isoformat(timespec="seconds"))[0] == 0
    time.sleep(2.1)
    (line,) = status(node)
    assert "expired" in line
    code, _, err = node("state", HANDLE, "--expires", "2040-01-01")
    assert code == 0
    assert "2040-01-01 00:00:00 UTC" in err
    assert status(node) == []
    assert "does not expire" in node("state", HANDLE, "--expires", "never")[2]


def test_revoked_and_renewed_go_in_one_change(registered: Path, node: Line) -> None:
    both = ["--valid", "--expires", "2040-01-01"]
    node("state", HANDLE, "--revoke", "--reason", "x")
    code, _, err = node("state", HANDLE, *both)
    assert code == 0
    assert "not revoked" in err
    assert "2040" in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([HANDLE], 2),
        ([HANDLE, "--reason", "x"], 2),
        ([HANDLE, "--revoke"], 2),
        ([HANDLE, "--revoke", "--reason", " "], 2),
        ([HANDLE, "--revoke", "--valid", "--reason", "x"], 2),
        ([HANDLE, "--expires", "soon"], 2),
        ([HANDLE, "--expires", "1970-01-01"], 2),
        ([HANDLE, "--expires", "1901-01-01"], 2),
        ([HANDLE, "--expires", "2001-01-01"], 1),
        ([HANDLE, "--expires", "9999-01-01"], 1),
        (["88.118.8/none", "--valid"], 1),
        (["99.1/x", "--valid"], 1),
        (["0.NA/88.118", "--revoke", "--reason", "x"], 1),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    registered: Path, node: Line, arguments: list[str], code: int
) -> None:
    found, out, err = node("state", *arguments)
    assert (found, out) == (code, ""), err
    assert err
    assert status(node) == []


def test_where_there_is_no_node_one_line_says_so(empty: Path, node: Line) -> None:
    code, _, err = node("state", HANDLE, "--valid")
    assert code == 1
    assert "ballast node init" in err


def test_it_speaks_chinese(registered: Path, node: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    assert "已吊销" in node("state", HANDLE, "--revoke", "--reason", "x")[2]


@given(st.integers(1, 4_260_000_000))
def test_a_date_means_itself(seconds: int) -> None:
    whole = datetime.fromtimestamp(seconds, UTC)
    assert expiry_of(whole.isoformat()) == seconds
    assert expiry_of(whole.replace(tzinfo=None).isoformat()) == seconds


@given(st.text())
def test_any_other_text_is_refused_or_a_date(text: str) -> None:
    with suppress(WrongUsage):
        assert expiry_of(text) >= 0
