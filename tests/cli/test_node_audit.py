"""The audit trail at the command line: shown, verified, sealed, and caught out."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ballast.node.registry.audit import AuditHead, audit_head
from ballast.node.registry.lmdb_store import LmdbStore

from .test_node import Line, empty, founded, home, node

__all__ = ["empty", "founded", "home", "node"]  # fixtures


def test_everything_that_was_done_stands_in_the_trail(home: Path, node: Line) -> None:
    node("register", "88.118.8/A", "--url", "https://x")
    node("register", "88.118.8/A", "--url", "https://y")
    rows = node.rows("audit")
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert [(row["action"], row["outcome"]) for row in rows][:3] == [
        ("found", "success"), ("AllotPrefix", "success"), ("CreateHandle", "success"),
    ]  # fmt: skip
    assert rows[2]["subject"] == "88.118.8/A"
    assert rows[2]["actor"]
    assert [row["number"] for row in node.rows("audit", "--after", "1", "--limit", "1")] == [2]
    assert [row["number"] for row in node.rows("audit", "--limit", "1")] == [len(rows)]


def test_a_sound_trail_is_said_to_be_sound(home: Path, node: Line) -> None:
    code, out, err = node("audit", "--verify")
    assert (code, out) == (0, "")
    assert "each as it was written: 2" in err
    assert "no seal yet" in err


def test_a_seal_is_printed_kept_and_agrees(home: Path, node: Line) -> None:
    code, out, _ = node("audit", "--seal")
    assert code == 0
    kept = (home / "node" / "keys" / "audit-seals").read_text()
    assert out == kept
    node("register", "88.118.8/A", "--url", "https://x")
    code, _, err = node("audit", "--verify")
    assert code == 0
    assert "seals that agree: 1, the last over 2 entries" in err


def head_at(home: Path, count: int) -> None:
    """Let the registry note that the trail ended earlier."""
    with LmdbStore.open(home / "node" / "registry") as store, store.write() as transaction:
        head = AuditHead(count, audit_head(transaction).digest)
        transaction.put_meta("audit-head", msgspec.msgpack.encode(head))


def test_a_trail_that_is_not_as_it_was_written_is_refused_with_where(
    home: Path, node: Line
) -> None:
    head_at(home, 7)
    code, _, err = node("audit", "--verify")
    assert code == 1
    assert "ends with entry 2, but 7 entries were written" in err
    assert "faults found: 1" in err


def test_a_seal_over_more_than_there_is_shows_a_cut(home: Path, node: Line) -> None:
    node("register", "88.118.8/A", "--url", "https://x")
    node("audit", "--seal")
    seals = (home / "node" / "keys" / "audit-seals").read_text()
    again = home / "node" / "keys" / "audit-seals"
    again.write_text(seals.replace("3 ", "2 ", 1))
    code, _, err = node("audit", "--verify")
    assert code == 1
    assert "not made with the key of this node" in err


@pytest.mark.parametrize("spoil", ["seals", "key", "no key"])
def test_seals_that_cannot_be_read_are_told(home: Path, node: Line, spoil: str) -> None:
    keys = home / "node" / "keys"
    node("audit", "--seal")
    if spoil == "seals":
        (keys / "audit-seals").write_text("nonsense\n")
    elif spoil == "key":
        (keys / "audit-key").write_text("nonsense\n")
    else:
        (keys / "audit-key").unlink()
    code, _, err = node("audit", "--verify")
    assert code == (0 if spoil == "no key" else 1)
    assert "chain alone was checked" in err if spoil == "no key" else "edited" in err
    if spoil != "seals":
        assert node("audit", "--seal")[0] == 1
