"""Large tables: sorted files, merges by levels, narrow reads, and what is too old is gone."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import StorageFailed
from ballast.lake import sorted_store, store
from ballast.lake.declare import Order
from ballast.lake.lake import Lake
from ballast.lake.ordering import ordered
from ballast.lake.streamed import stored
from ballast.lake.tables import TABLES, table
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, operator, viewer_for

BEGUN = datetime(2026, 5, 1, tzinfo=UTC)
ORDER = Order(("tag", "time"), "time")
ME = operator("test")
CODE = "91371500YL0000001X"


def batch(number: int, *, tags: int = 3, seconds: int = 4, uscc: str | None = None) -> pa.Table:
    """Return samples of some tags for some seconds, those of the batches before left out."""
    rows = tags * seconds
    begin = BEGUN + timedelta(seconds=number * seconds)
    when = pa.array(
        [begin + timedelta(seconds=n // tags) for n in range(rows)], pa.timestamp("us", tz="UTC")
    )
    flags = dict.fromkeys(
        ("late", "ahead", "historical", "retained", "stale", "untimed", "unmapped"),
        pa.repeat(False, rows),
    )
    return stored(
        "telemetry",
        pa.table(
            {
                "tag": [f"shop/lathe-{n % tags}" for n in range(rows)],
                "time": when,
                "ordinal": [0] * rows,
                "value": [float(number * rows + n) for n in range(rows)],
                "text": pa.nulls(rows, pa.string()),
                "quality": [192] * rows,
                "received_at": when,
                "uscc": pa.repeat(pa.scalar(uscc, pa.string()), rows),
                "provenance": ["synthetic"] * rows,
                **flags,
            }
        ),
    )


def put(lake: Lake, number: int, **how: object) -> bool:
    return sorted_store.append(
        lake.directory("telemetry"), batch(number, **how), ORDER, transaction=("log", number),  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def small_fans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_store, "FANS", (4, 3))


def test_only_the_large_tables_of_the_plant_are_kept_in_order() -> None:
    assert [t.name for t in TABLES.values() if t.order] == [
        "telemetry", "telemetry_1min", "telemetry_1h",
    ]  # fmt: skip


def test_rows_of_every_batch_are_there_once_and_each_file_is_sorted(
    lake: Lake, small_fans: None
) -> None:
    for number in range(30):
        put(lake, number)
    directory = lake.directory("telemetry")
    rows = lake.read("telemetry", ME).to_pyarrow()
    assert sorted(rows["value"].to_pylist()) == [float(n) for n in range(360)]
    found = sorted_store.sheaves(directory, "time")
    assert sorted(one.level for one in found) == [0, 0, 1, 2, 2]
    assert sum(one.rows for one in found) == 360
    for one in found:
        held = pq.read_table(directory / one.path)
        assert held.equals(held.sort_by([("tag", "ascending"), ("time", "ascending")]))
        assert (one.least, one.most) == (
            min(held["time"].to_pylist()), max(held["time"].to_pylist()),
        )  # fmt: skip
    assert store.transaction_version(directory, "log") == 29


def test_what_was_merged_can_be_removed_and_all_rows_stay(lake: Lake, small_fans: None) -> None:
    merged = [put(lake, number) for number in range(9)]
    assert merged.count(True) == 2
    directory = lake.directory("telemetry")
    assert store.remove_dead_files(directory, 0) == 8
    assert lake.read("telemetry", ME).count().to_pyarrow().as_py() == 108


def test_a_file_that_is_large_is_not_merged_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_store, "FANS", (2, 2))
    monkeypatch.setattr(sorted_store, "MOST_ROWS", 50)
    for number in range(12):
        put(lake, number)
    found = sorted_store.sheaves(lake.directory("telemetry"), "time")
    assert sum(one.rows for one in found) == 144
    assert all(one.rows <= 50 for one in found)
    assert max(one.rows for one in found) == 48


def test_a_read_of_a_stretch_opens_no_file_without_it(lake: Lake) -> None:
    for number in range(10):
        put(lake, number)
    since, until = BEGUN + timedelta(seconds=9), BEGUN + timedelta(seconds=14)
    rows = lake.read("telemetry", ME, within=(since, until))
    assert rows.count().to_pyarrow().as_py() == 15
    directory = lake.directory("telemetry")
    assert len(sorted_store.within(directory, ORDER, since, until)) == 2
    torn = sorted_store.within(directory, ORDER, BEGUN, BEGUN + timedelta(seconds=1))
    Path(torn[0]).write_bytes(b"torn")
    assert lake.read("telemetry", ME, within=(since, until)).count().to_pyarrow().as_py() == 15
    with pytest.raises(StorageFailed, match="missing or damaged"):
        lake.read("telemetry", ME)


def test_a_read_of_one_tag_skips_the_row_groups_of_others(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_store, "GROUP_ROWS", 100)
    put(lake, 0, tags=20, seconds=50)
    only = pq.ParquetFile(sorted_store.within(
        lake.directory("telemetry"), ORDER, BEGUN, BEGUN + timedelta(days=1))[0])  # fmt: skip
    held = [only.metadata.row_group(n).column(0).statistics for n in range(10)]
    assert sum(one.min <= "shop/lathe-7" <= one.max for one in held) <= 2


def test_an_enterprise_reads_its_own_samples_alone(lake: Lake) -> None:
    put(lake, 0, uscc=CODE)
    put(lake, 1)
    mine = viewer_for(Role.ENTERPRISE, "owner", frozenset({CODE}))
    assert lake.read("telemetry", mine).count().to_pyarrow().as_py() == 12
    day = (BEGUN, BEGUN + timedelta(days=1))
    assert lake.read("telemetry", mine, within=day).count().to_pyarrow().as_py() == 12


def test_a_stretch_of_a_table_without_an_order_is_a_fault(lake: Lake, analyst: Viewer) -> None:
    with pytest.raises(ValueError, match="not kept in the order"):
        lake.read("handle_event", analyst, within=(BEGUN, BEGUN))


def test_what_is_too_old_goes_file_by_file(lake: Lake) -> None:
    for number in range(5):
        put(lake, number)
    directory = lake.directory("telemetry")
    assert sorted_store.expire(directory, "time", BEGUN + timedelta(seconds=9)) == 24
    assert sorted_store.expire(directory, "time", BEGUN + timedelta(seconds=9)) == 0
    rows = lake.read("telemetry", ME).to_pyarrow()
    assert min(rows["time"].to_pylist()) == BEGUN + timedelta(seconds=8)
    assert store.transaction_version(directory, "log") == 4
    assert sorted_store.expire(lake.directory("telemetry_1h"), "time", BEGUN) == 0


def test_a_full_disk_leaves_the_table_as_it_was(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(lake, 0)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(pq, "write_table", full)
        with pytest.raises(StorageFailed, match="disk is full"):
            put(lake, 1)
    assert lake.read("telemetry", ME).count().to_pyarrow().as_py() == 12
    assert store.transaction_version(lake.directory("telemetry"), "log") == 0
    put(lake, 1)
    assert lake.read("telemetry", ME).count().to_pyarrow().as_py() == 24


def test_a_column_that_a_table_gains_is_empty_in_its_older_files(
    lake: Lake, small_fans: None
) -> None:
    directory = lake.directory("telemetry")
    for number in range(3):
        older = batch(number).drop_columns(["untimed"])
        sorted_store.append(directory, older, ORDER, transaction=("log", number))
    assert put(lake, 3)  # merges all four
    rows = lake.read("telemetry", ME).to_pyarrow()
    assert rows["untimed"].null_count == 36
    assert rows.num_rows == 48


def test_the_log_is_told_to_let_go_of_what_is_old(lake: Lake) -> None:
    put(lake, 0)
    told = DeltaTable(lake.directory("telemetry")).metadata().configuration
    assert told == sorted_store.CONFIGURATION


@given(st.lists(st.tuples(st.sampled_from("abü中"), st.integers(-5, 5)), max_size=40))
def test_rows_are_sorted_as_python_sorts_them(rows: list[tuple[str, int]]) -> None:
    given_rows = pa.table({
        "tag": pa.array([tag for tag, _ in rows], pa.string()),
        "time": pa.array([time for _, time in rows], pa.int64()),
        "place": np.arange(len(rows)),
    })  # fmt: skip
    found = ordered(given_rows, ("tag", "time")).to_pylist()
    told = [(row["tag"], row["time"], row["place"]) for row in found]
    assert told == sorted((tag, time, n) for n, (tag, time) in enumerate(rows))
    assert table("telemetry").order == ORDER
