"""Tables on disk are found again, wherever the home stands."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

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
