"""A backup comes back whole, or is refused; a home is never half-restored."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from tests.lake.conftest import Rows

from ballast.errors import HomeBusy, NoHome, Refused, UnreadableFile
from ballast.lake.backup import back_up, restore
from ballast.lake.home import open_home
from ballast.lake.lake import Lake
from ballast.terms.viewer import Viewer


@pytest.fixture
def saved(lake: Lake, analyst: Viewer, employment: Rows, tmp_path: Path) -> Path:
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    back_up(lake.home, tmp_path / "saved.tar.gz")
    return tmp_path / "saved.tar.gz"


def test_a_backup_comes_back_with_every_row_and_its_history(
    saved: Path, lake: Lake, tmp_path: Path, analyst: Viewer
) -> None:
    report = restore(saved, tmp_path / "other")
    other = Lake.open(tmp_path / "other")
    assert other.loads(analyst).equals(lake.loads(analyst))
    rows = other.read("region_industry", analyst).to_pyarrow()
    assert rows["employment_persons"].to_pylist() == [7]
    assert report.files > 4


def test_what_is_loaded_after_a_backup_is_not_in_it(
    saved: Path, lake: Lake, tmp_path: Path, analyst: Viewer, employment: Rows
) -> None:
    lake.commit({"region_industry": employment(r371503=9)}, analyst)
    restore(saved, tmp_path / "other")
    assert Lake.open(tmp_path / "other").loads(analyst).height == 1


def test_a_backup_never_overwrites_and_never_lies_in_its_own_home(saved: Path, lake: Lake) -> None:
    with pytest.raises(Refused, match="exists already"):
        back_up(lake.home, saved)
    with pytest.raises(Refused, match="inside the home"):
        back_up(lake.home, lake.home.path / "b.tar.gz")


def test_a_home_is_restored_into_an_empty_place_only(saved: Path, lake: Lake) -> None:
    with pytest.raises(Refused, match="not empty"):
        restore(saved, lake.home.path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_backup_leaves_nothing_behind(saved: Path, tmp_path: Path, kept: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(UnreadableFile):
        restore(saved, tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "other.restoring").exists()


def repacked(saved: Path, change: str, content: bytes) -> Path:
    """Return a copy of a backup with one member changed or added."""
    target = saved.with_name("changed.tar.gz")
    with tarfile.open(saved) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            inside = old.extractfile(member)
            assert inside is not None
            data = content if member.name == change else inside.read()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
        if change not in old.getnames():
            extra = tarfile.TarInfo(change)
            extra.size = len(content)
            new.addfile(extra, io.BytesIO(content))
    return target


def test_a_changed_file_in_a_backup_is_found(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"home\.toml is damaged"):
        restore(repacked(saved, "home.toml", b"format = 1\n# changed\n"), tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "lake/../../outside.txt"])
def test_a_member_that_would_leave_the_home_is_refused(
    saved: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UnreadableFile, match="tampered"):
        restore(repacked(saved, name, b"x"), tmp_path / "deep" / "other")
    assert not (tmp_path / "deep" / "outside.txt").exists()


def test_a_listed_member_that_would_leave_the_home_is_refused(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as old:
        first = old.extractfile("manifest.json")
        assert first is not None
        manifest = json.loads(first.read())
    manifest["sha256"]["../outside.txt"] = "0" * 64
    changed = repacked(saved, "manifest.json", json.dumps(manifest).encode())
    changed.rename(saved)
    with pytest.raises(UnreadableFile, match="tampered"):
        restore(repacked(saved, "../outside.txt", b"x"), tmp_path / "other")


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(b"hello")
    with pytest.raises(UnreadableFile):
        restore(tmp_path / "x.tar.gz", tmp_path / "other")
    with pytest.raises(UnreadableFile):
        restore(tmp_path / "missing.tar.gz", tmp_path / "other")


def test_a_folder_without_the_mark_of_a_home_is_none(tmp_path: Path) -> None:
    with pytest.raises(NoHome, match="no home here"):
        open_home(tmp_path)


def test_copies_are_made_once_the_lake_can_no_longer_change(lake: Lake, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (lake.home.path / "written").mkdir()
    (lake.home.path / "written" / "file.mdb").write_bytes(b"half")
    (lake.home.path / "written" / "file.mdb-lock").write_bytes(b"lock")

    def copies() -> dict[str, Path]:
        with pytest.raises(HomeBusy), lake.home.lock(wait_seconds=0):
            pass
        copy.write_bytes(b"whole")
        return {"written/file.mdb": copy}

    back_up(lake.home, tmp_path / "saved.tar.gz", copies)
    restore(tmp_path / "saved.tar.gz", tmp_path / "other")
    written = {path.name: path.read_bytes() for path in (tmp_path / "other" / "written").iterdir()}
    assert written == {"file.mdb": b"whole"}
