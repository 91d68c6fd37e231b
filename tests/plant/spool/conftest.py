"""Folders in memory: a log syncs at every turn, and a disk shared with others makes that slow."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give a folder in memory, where there is one: a kill is no power cut, and loses none of it."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="spool-") as folder:
        inside = Path(folder) / "home"  # what a test puts beside it goes as well
        inside.mkdir()
        yield inside


@pytest.fixture
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder on the disk."""
    return tmp_path_factory.mktemp("on-disk")
