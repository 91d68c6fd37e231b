"""A home is a directory with a mark; what it cannot be is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.errors import HomeVersion, NoHome, StorageFailed
from ballast.lake.home import FORMAT, create_home, open_home


def test_a_home_is_made_once_and_opened_from_then_on(tmp_path: Path) -> None:
    made = create_home(tmp_path / "home")
    assert create_home(tmp_path / "home") == made == open_home(tmp_path / "home")
    assert f"format = {FORMAT}" in (tmp_path / "home" / "home.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["a[1]", "b*", "c?", "d{1,2}", "e|f", "g^", "h%20i", "j\\k", "l\nm", "n\udcff"]
)
def test_a_path_that_reads_as_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoHome, match="cannot hold"):
        create_home(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_home_of_another_format_is_refused_with_both_formats(tmp_path: Path) -> None:
    create_home(tmp_path / "home")
    (tmp_path / "home" / "home.toml").write_text("format = 7\n", encoding="utf-8")
    with pytest.raises(HomeVersion, match=f"format 7, this version reads format {FORMAT}"):
        open_home(tmp_path / "home")


@pytest.mark.parametrize("mark", ["", "format = ", "\x00", "format = 'one'"])
def test_a_damaged_mark_never_opens(tmp_path: Path, mark: str) -> None:
    create_home(tmp_path / "home")
    (tmp_path / "home" / "home.toml").write_text(mark, encoding="utf-8")
    with pytest.raises((NoHome, HomeVersion)):
        open_home(tmp_path / "home")


def test_a_file_where_the_home_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")
    with pytest.raises(StorageFailed, match="cannot be written"):
        create_home(tmp_path / "home")


def test_a_home_whose_lock_cannot_be_opened_says_so(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    (tmp_path / "home" / "lock").mkdir()
    with pytest.raises(StorageFailed, match="cannot be written"), home.lock():
        pass
