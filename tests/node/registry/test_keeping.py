"""A backup is whole, private and comes back; a damaged one is noticed before it is used."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ballast.errors import Refused, StorageFailed
from ballast.node.registry.keeping import backup, restore
from ballast.node.registry.lmdb_store import FILE, LmdbStore

from .records_made import draft, many, put

PAGE = 4096


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    with LmdbStore.open(tmp_path / "registry") as store:
        for start in range(0, 3000, 1000):
            with store.write() as transaction:
                transaction.put_new_records(many("88.118.8", start, start + 1000))
                transaction.append_events([draft("1/a", "1/b")])
        with store.write() as transaction:
            transaction.forget_outbox(4)
        assert backup(store, tmp_path / "saved.mdb") == (tmp_path / "saved.mdb").stat().st_size
    return tmp_path / "saved.mdb"


def test_what_is_restored_is_what_was_saved(saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "home" / "registry")
    with (
        LmdbStore.open(tmp_path / "registry", readonly=True) as one,
        LmdbStore.open(tmp_path / "home" / "registry") as other,
    ):
        assert one.node_id == other.node_id
        with one.snapshot() as before, other.snapshot() as after:
            assert after.records(limit=9999) == before.records(limit=9999)
            assert after.outbox() == before.outbox()
            assert after.outbox_last() == before.outbox_last() == 6
            assert after.counts() == before.counts()
        put(other, "1/a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "registry", "saved.mdb"]


def test_a_backup_is_for_its_owner_only_and_stands_alone(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not saved.with_name("saved.mdb.new").exists()


def test_behind_a_newer_lake_no_number_is_given_twice(saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "new", shipped=90)
    with LmdbStore.open(tmp_path / "new") as store, store.write() as transaction:
        assert transaction.outbox() == []  # the lake has them
        assert transaction.append_events([draft("1/c")]) == 91


def test_nothing_is_overwritten(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a registry stands here already"):
        restore(saved, tmp_path / "registry")
    with (
        LmdbStore.open(tmp_path / "registry") as store,
        pytest.raises(Refused, match="exists already"),
    ):
        backup(store, saved)


@pytest.mark.parametrize("harm", ["cut off", "a page of another", "no registry", "not there"])
def test_a_damaged_backup_is_noticed_and_nothing_is_left(
    saved: Path, tmp_path: Path, harm: str
) -> None:
    if harm == "cut off":
        os.truncate(saved, saved.stat().st_size - PAGE)
    elif harm == "a page of another":
        pages = bytearray(saved.read_bytes())
        pages[9 * PAGE : 10 * PAGE] = pages[8 * PAGE : 9 * PAGE]
        saved.write_bytes(pages)
    elif harm == "no registry":
        saved.write_bytes(b"x" * 9999)
    else:
        saved.unlink()
    with pytest.raises(StorageFailed, match=r"saved\.mdb: "):
        restore(saved, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.restoring").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        LmdbStore.open(tmp_path / "registry", readonly=True) as store,
        pytest.raises(StorageFailed, match="cannot be used"),
    ):
        backup(store, tmp_path / "file" / "saved.mdb")


def test_a_backup_leaves_out_pages_that_are_free(saved: Path, tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path / "registry") as store:
        with store.write() as transaction:
            for key, _ in many("88.118.8", 0, 2900):
                transaction.delete_record(key)
        size = backup(store, tmp_path / "small.mdb")
    assert size < (tmp_path / "registry" / FILE).stat().st_size / 5
