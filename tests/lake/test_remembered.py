"""Headers learnt are a convenience: whatever happens to their file, loading goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.lake.home import create_home
from ballast.lake.remembered import remember_headers, remembered_headers


def test_headers_told_once_are_remembered_by_table(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    remember_headers(home, "title", {"证号": "certificate"})
    remember_headers(home, "title", {"批": "batch"})
    assert remembered_headers(home) == {"title": {"证号": "certificate", "批": "batch"}}


@pytest.mark.parametrize("damage", ["", "[1]", '"x"', "{", '{"title": 3}', "[" * 100_000])
def test_a_damaged_file_is_passed_over_and_written_anew(tmp_path: Path, damage: str) -> None:
    home = create_home(tmp_path / "home")
    (home.path / "headers.json").write_text(damage, encoding="utf-8")
    assert remembered_headers(home) == {}
    remember_headers(home, "title", {"证号": "certificate"})
    assert remembered_headers(home) == {"title": {"证号": "certificate"}}
