"""A lake that stands still answers from one moment, and makes what is asked for twice once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lake.conftest import Rows

from ballast.lake import store
from ballast.lake.lake import Lake
from ballast.lake.still import MOST_LAID, laid, remembered, still
from ballast.terms.viewer import PUBLIC, Viewer


def regions(lake: Lake, viewer: Viewer) -> set[str]:
    rows: list[str] = lake.read("region_industry", viewer).to_pyarrow()["region"].to_pylist()
    return set(rows)


def lying_in(lake: Lake) -> set[str]:
    """Return the tables of memory that the engine holds."""
    engine: Any = lake.engine
    rows = engine._connection.con.execute("SELECT view_name FROM duckdb_views()").fetchall()
    return {name for (name,) in rows if "memory" in name}


def test_what_commits_meanwhile_is_seen_by_the_others_alone(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    first = lake.commit({"region_industry": employment(r371502=7)}, analyst)
    with still(lake) as standing:
        lake.commit({"region_industry": employment(r371503=9)}, analyst)
        lake.withdraw(first, analyst)
        # Also a table that nobody has asked for yet is of the moment at which it began to stand.
        assert regions(standing, analyst) == {"371502"}
        assert standing.live_loads() == [first]
        assert regions(lake, analyst) == {"371503"}
    with still(lake) as later:
        assert regions(later, analyst) == {"371503"}


def test_files_that_are_merged_meanwhile_are_read_all_the_same(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    for n in range(3):
        lake.commit({"region_industry": employment(f"202{n}", r371502=n)}, analyst)
    with still(lake) as standing:
        rows = standing.read("region_industry", analyst)
        assert store.compact(lake.directory("region_industry")) == 3
        assert rows.count().to_pyarrow().as_py() == 3
        assert standing.read("region_industry", analyst).count().to_pyarrow().as_py() == 3


def test_each_viewer_reads_with_its_own_rights(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    with still(lake) as standing:
        assert regions(standing, analyst) == {"371502"}
        with pytest.raises(Exception, match="may not read"):
            regions(standing, PUBLIC)


def test_a_thing_is_made_once_where_the_lake_stands_and_anew_where_it_moves(lake: Lake) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [remembered(lake, "key", make) for _ in range(2)] == [0, 1]
    with still(lake) as standing, still(standing) as same:
        assert standing is same
        assert [remembered(one, "key", make) for one in (standing, same)] == [2, 2]
        assert remembered(standing, "another", make) == 3
    with still(lake) as later:
        assert remembered(later, "key", make) == 4


def test_rows_lie_in_the_engine_once_and_are_gone_at_the_end(lake: Lake, analyst: Viewer) -> None:
    before = lying_in(lake)
    with still(lake) as standing:
        for _ in range(2):
            with laid(standing, "key", lambda: lake.read("region_industry", analyst)) as rows:
                assert rows.count().to_pyarrow().as_py() == 0
        assert len(lying_in(lake) - before) <= 2  # itself, and the table that has no files
        for number in range(3 * MOST_LAID):
            with laid(standing, number, lambda: lake.read("region_industry", analyst)):
                pass
        assert len(lying_in(lake) - before) <= MOST_LAID + 1
    assert len(lying_in(lake) - before) <= 1
    with laid(lake, "key", lambda: lake.read("region_industry", analyst)) as rows:
        assert rows.get_name() in lying_in(lake)
    assert rows.get_name() not in lying_in(lake)


def test_rows_that_are_being_read_stay_however_many_are_laid_beside_them(
    lake: Lake, analyst: Viewer, employment: Rows
) -> None:
    lake.commit({"region_industry": employment(r371502=7)}, analyst)
    with (
        still(lake) as standing,
        laid(standing, "kept", lambda: lake.read("region_industry", analyst)) as kept,
    ):
        for number in range(2 * MOST_LAID):
            with laid(standing, number, lambda: lake.read("region_industry", analyst)):
                pass
        assert kept.count().to_pyarrow().as_py() == 1


def test_it_is_for_reading_alone(lake: Lake, analyst: Viewer, employment: Rows) -> None:
    load_id = lake.commit({"region_industry": employment(r371502=7)}, analyst)
    with still(lake) as standing:
        with pytest.raises(TypeError, match="reading alone"):
            standing.commit({"region_industry": employment(r371503=9)}, analyst)
        with pytest.raises(TypeError, match="reading alone"):
            standing.withdraw(load_id, analyst)
    assert regions(lake, analyst) == {"371502"}
    assert lake.unfinished_rows() == {}
