"""Tables on disk are found again, wherever the home stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from ballast.errors import StorageFailed
from ballast.lake import store
from ballast.lake.engine import DuckEngine

ROWS = pa.table({"code": pa.array(["371500", "371502"], pa.string())})


@pytest.mark.parametrize("folder", ["聊城 数据", "50% done", "a+b#c?d", "plain"])
def test_a_home_may_stand_in_a_folder_of_any_name(folder: str, tmp_path: Path) -> None:
    directory = tmp_path / folder / "region"
    directory.parent.mkdir()
    store.append(directory, ROWS)
    store.append(directory, ROWS)
    found = store.files(directory)
    assert len(found) == 2
    assert all(Path(name).is_file() for name in found)
    assert store.read(directory, ROWS.schema)["code"].to_list() == ["371500", "371502"] * 2
    rows = DuckEngine().open(found, ROWS.schema)
    assert rows.count().to_pyarrow().as_py() == 4


def delete(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [delete, cut, empty, replace_by_a_folder])
def test_a_table_that_lost_a_file_is_named_before_an_engine_meets_it(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    directory = tmp_path / "region"
    store.append(directory, ROWS)
    store.append(directory, ROWS)
    assert len(store.readable(directory)) == 2
    lost = Path(store.files(directory)[1])
    damage(lost)
    with pytest.raises(StorageFailed, match=f"region: a file .*{lost.name}.*backup"):
        store.readable(directory)
    with pytest.raises(StorageFailed, match="restore the home"):
        store.read(directory, ROWS.schema)
