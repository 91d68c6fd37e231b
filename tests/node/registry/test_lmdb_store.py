"""A registry is opened, or it is said in one line why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ballast.errors import BallastError, HomeVersion, NotFound, StorageFailed
from ballast.node.registry import store as layout
from ballast.node.registry.lmdb_store import FILE, LmdbStore

from .records_made import made, many, put

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with LmdbStore.open(tmp_path / "registry") as store, store.write() as transaction:
        transaction.put_new_records(many("88.118.8", 0, 2000))
    return tmp_path / "registry"


def problem(path: Path, *, readonly: bool = False) -> str:
    """Return why a registry cannot be opened, in the one line that is said."""
    with pytest.raises(BallastError) as caught:
        LmdbStore.open(path, readonly=readonly).close()
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_a_registry_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no registry here"):
        LmdbStore.open(tmp_path / "registry", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_its_files_are_for_their_owner_only(path: Path) -> None:
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()}
    assert modes == dict.fromkeys((FILE, f"{FILE}-lock", f"{FILE}-writer"), 0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_large_map_takes_no_space(path: Path) -> None:
    used = sum(file.stat().st_blocks * 512 for file in path.iterdir())
    assert used < 2 << 20
    assert (path / FILE).stat().st_size < 2 << 20


def test_the_identity_comes_from_the_given_random_bytes(tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path / "r", random=lambda n: b"\xab" * n, clock=lambda: 7.9) as store:
        assert store.node_id == "ab" * 16
        with store.snapshot() as moment:
            assert moment.meta("made_at") == b"7"


def test_a_newer_format_is_refused_with_the_reason(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LmdbStore.open(path) as store, store.write() as transaction:
        transaction.put_meta("format", str(layout.FORMAT + 1).encode())
    for readonly in (False, True):
        with pytest.raises(HomeVersion, match="has format 2, this version reads format 1"):
            LmdbStore.open(path, readonly=readonly)


@pytest.mark.parametrize("written", [b"", b"0", b"one", b"\xff"])
def test_a_format_that_never_was_is_damage(path: Path, written: bytes) -> None:
    with LmdbStore.open(path) as store, store.write() as transaction:
        transaction.put_meta("format", written)
    assert "is damaged, or no registry (format" in problem(path)


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize(
    "content",
    [b"x", b"no registry" * 9999, bytes(2 * PAGE), bytes(100 * PAGE)],
    ids=["a byte", "another file", "two pages of zeros", "zeros"],
)
def test_another_file_is_no_registry(tmp_path: Path, content: bytes, readonly: bool) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert "is damaged, or no registry" in problem(tmp_path, readonly=readonly)
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.parametrize("pages", [2, 3, 50, -1])
@pytest.mark.parametrize("readonly", [False, True])
def test_a_file_that_was_cut_off_is_damaged(path: Path, pages: int, readonly: bool) -> None:
    size = (path / FILE).stat().st_size
    os.truncate(path / FILE, pages * PAGE if pages > 0 else size - PAGE)
    assert "is damaged, or no registry" in problem(path, readonly=readonly)


def test_a_file_may_be_short_of_pages_that_are_free(tmp_path: Path) -> None:
    with LmdbStore.open(tmp_path) as store:
        for _ in range(10):  # leaves free pages in front
            put(store, "1/a")
        with store.write() as transaction:
            transaction.put_meta("large", b"x" * 40 * PAGE)
        with store.write() as transaction:
            transaction.put_meta("large", b"")
        last = store.env.info()["last_pgno"]
    with (tmp_path / FILE).open("rb+") as file:
        file.truncate((last - 4) * PAGE)  # without five pages of the large value
    for readonly in (True, False):
        with LmdbStore.open(tmp_path, readonly=readonly) as store, store.snapshot() as moment:
            assert moment.record(b"1/a") == made("1/a")[1]


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="cannot be used"):
        LmdbStore.open(tmp_path / "file" / "registry")


def test_a_registry_opened_for_reading_cannot_be_written(path: Path) -> None:
    with (
        LmdbStore.open(path, readonly=True) as store,
        pytest.raises(StorageFailed, match="cannot be used"),
        store.write(),
    ):
        pass


def test_a_registry_opened_twice_in_one_process_is_refused(path: Path) -> None:
    with LmdbStore.open(path) as store:
        assert "already open" in problem(path, readonly=True)
        put(store, "1/a")


def test_too_many_readers_are_told_so(path: Path) -> None:
    (path / f"{FILE}-lock").unlink()
    with LmdbStore.open(path, max_readers=8) as store:
        readers = [store.reader() for _ in range(100)]
        with pytest.raises(StorageFailed, match="too many programs read"):
            sum(reader.total() for reader in readers)
        for reader in readers:
            reader.release()
        assert readers[0].total() == 2000
        readers[0].release()


def test_what_fails_beside_the_registry_is_not_blamed_on_it(path: Path) -> None:
    with LmdbStore.open(path) as store:
        for opened in (store.snapshot, store.write):
            with pytest.raises(BrokenPipeError), opened():
                raise BrokenPipeError
