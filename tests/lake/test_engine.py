"""What a long-lived connection keeps: one view for the same files, nothing of what was lent."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ballast.lake import engine
from ballast.lake.engine import DuckEngine

SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.string())])


def views(duck: DuckEngine) -> int:
    found = duck._connection.con.execute(
        "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    return int(found[0][0])


def written(folder: Path, number: int) -> str:
    path = folder / f"{number}.parquet"
    pq.write_table(pa.table({"a": [number]}), path)
    return str(path)


def test_the_same_files_are_one_view_however_often_they_are_asked_for(tmp_path: Path) -> None:
    duck, file = DuckEngine(threads=1), written(tmp_path, 7)
    for _ in range(5):
        assert duck.open([file], SCHEMA).to_pyarrow().to_pylist() == [{"a": 7, "b": None}]
        assert duck.open([], SCHEMA).to_pyarrow().num_rows == 0
    assert views(duck) == 2


def test_the_oldest_view_makes_room_for_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_OPEN", 3)
    duck = DuckEngine(threads=1)
    for number in range(9):
        found = duck.open([written(tmp_path, number)], SCHEMA)
        assert found.a.max().to_pyarrow().as_py() == number
        duck.open([], pa.schema([(f"c{number}", pa.int64())]))
    assert views(duck) == 3


def test_what_was_lent_is_given_back(tmp_path: Path) -> None:
    duck = DuckEngine(threads=1)
    rows = duck.open([written(tmp_path, 7)], SCHEMA)
    with duck.lent(pa.table({"a": [7, 8]})) as wanted:
        assert rows.semi_join(wanted, "a").to_pyarrow().num_rows == 1
        assert views(duck) == 2
    assert views(duck) == 1
