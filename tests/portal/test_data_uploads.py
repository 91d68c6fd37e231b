"""Files that are sent: counted while they come, never under the sender's name, nobody else's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import NotFound, Refused
from ballast.portal.access import find
from ballast.portal.data_uploads import MAX_UPLOAD_BYTES, Shelf, Upload, label_of

OWNER, OTHER = 1, 2


def receive(shelf: Shelf, name: str, *chunks: bytes, user: int = OWNER) -> Upload:
    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return asyncio.run(shelf.receive(body(), name, user))


def left(shelf: Shelf) -> list[str]:
    return sorted(p.name for p in shelf.folder.iterdir()) if shelf.folder.is_dir() else []


def test_a_file_stands_whole_under_a_random_name(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    upload = receive(shelf, "5月.CSV", b"a" * 700_000, b"b" * 700_000, b"c")
    assert upload.path.read_bytes() == b"a" * 700_000 + b"b" * 700_000 + b"c"
    assert upload.path == shelf.folder / f"{upload.token}.csv"
    assert (upload.name, upload.size) == ("5月.CSV", 1_400_001)
    assert receive(shelf, "5月.CSV", b"a").token != upload.token


@pytest.mark.parametrize(
    "sent",
    ["../../../etc/passwd.csv", "..\\..\\windows\\x.csv", "/etc/cron.d/x.csv", "a/../../b.csv"],
)
def test_a_path_in_a_name_leads_nowhere(tmp_path: Path, sent: str) -> None:
    shelf = Shelf(tmp_path / "home" / "uploads")
    shelf.folder.parent.mkdir()
    upload = receive(shelf, sent, b"x")
    assert upload.path.parent == shelf.folder
    assert not set(upload.name) & set("/\\")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [upload.path]


@given(st.text(max_size=300))
def test_a_label_is_short_without_folders_or_signs_that_hide(sent: str) -> None:
    label = label_of(sent)
    assert 0 < len(label) <= 120
    assert not set(label) & set("/\\\x00\n\u202e\u2066\u200b")
    assert label not in (".", "..")


def test_a_file_over_the_limit_is_cut_off_and_nothing_stays(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads", limit=3 * 1024 * 1024)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 1024 * 1024

    with pytest.raises(Refused, match="larger than 3 MB"):
        asyncio.run(shelf.receive(endless(), "big.csv", OWNER))
    assert sent == 4
    assert left(shelf) == []


def test_the_door_lets_in_what_the_shelf_takes() -> None:
    row = find("POST", "/data/upload")
    assert row is not None
    assert row.body == MAX_UPLOAD_BYTES


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.xlsx.sh", "noname", ".csv", "a.zip"])
def test_another_kind_of_file_is_refused_before_a_byte_is_kept(tmp_path: Path, name: str) -> None:
    shelf = Shelf(tmp_path / "uploads")
    with pytest.raises(Refused, match="not read"):
        receive(shelf, name, b"x")
    assert left(shelf) == []


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    with pytest.raises(Refused, match="empty"):
        receive(shelf, "a.csv")


def test_a_sender_who_goes_away_leaves_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")

    async def torn() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(shelf.receive(torn(), "a.csv", OWNER))
    assert left(shelf) == []


def test_nobody_reaches_the_file_of_another(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    upload = receive(shelf, "a.csv", b"x")
    assert shelf.find(upload.token, OWNER) == upload
    with pytest.raises(NotFound):
        shelf.find(upload.token, OTHER)
    with pytest.raises(NotFound):
        shelf.find("../state", OWNER)


def test_one_person_holds_three_files_at_most(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    held = [receive(shelf, "a.csv", b"x") for _ in range(4)]
    other = receive(shelf, "a.csv", b"x", user=OTHER)
    assert left(shelf) == sorted(one.path.name for one in [*held[1:], other])
    with pytest.raises(NotFound):
        shelf.find(held[0].token, OWNER)


def test_what_was_left_behind_is_swept_and_refused_rows_are_kept_a_week(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    upload = receive(shelf, "a.csv", b"x")
    refused = shelf.folder / f"{upload.token}.refused.csv"
    refused.write_text("x")
    now = upload.path.stat().st_mtime
    assert shelf.sweep(now + 3600) == 0
    assert shelf.sweep(now + 2 * 24 * 3600) == 1
    assert left(shelf) == [refused.name]
    assert shelf.refused(refused.name) == refused
    os.utime(refused, (now, now))
    assert shelf.sweep(now + 8 * 24 * 3600) == 1
    with pytest.raises(NotFound):
        shelf.refused(refused.name)


@pytest.mark.parametrize("name", ["", "../state.sqlite", "x.refused.csv", "a" * 32 + ".csv"])
def test_only_refused_rows_are_handed_out(tmp_path: Path, name: str) -> None:
    shelf = Shelf(tmp_path / "uploads")
    shelf.folder.mkdir()
    (tmp_path / "state.sqlite").write_text("secret")
    (shelf.folder / ("a" * 32 + ".csv")).write_text("x")
    with pytest.raises(NotFound):
        shelf.refused(name)
