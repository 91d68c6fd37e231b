"""Records go out as Parquet and come back without a byte changed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ballast.errors import Refused, UnreadableFile, WrongColumns
from ballast.node.registry import parquet
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.parquet import SCHEMA, export_parquet, import_parquet
from ballast.node.registry.records import RecordState, pack_record, record_of
from ballast.node.wire.value import Reference, Value

from .records_made import NOW, made, many


def odd_records() -> list[tuple[bytes, bytes]]:
    """Return records with everything that a record can have."""
    values = [
        Value(7, "中文.类型", "阀门".encode(), permissions=0, ttl=1_800_000_000, ttl_absolute=True),
        Value(1, "", b"", permissions=15, ttl=0, timestamp=0xFFFFFFFF),
        Value(
            0xFFFFFFFF, "X", bytes(range(256)), permissions=0x0C,
            references=(Reference("88.118.8/A", 300), Reference("0.NA/88", 0)),
        ),
    ]  # fmt: skip
    revoked = record_of(
        "88.118.8/Ödd-ABC".encode(), values, NOW, created_at=5, expires_at=0xFFFFFFFF,
        state=RecordState.REVOKED,
    )  # fmt: skip
    empty = record_of(b"88.118.8/", [], NOW)
    long = record_of(b"88.118.8/" + b"L" * 2000, values[:1], NOW)
    return [(record.key, pack_record(record)) for record in (revoked, empty, long)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with LmdbStore.open(tmp_path / "registry") as store:
        with store.write() as transaction:
            transaction.put_new_records([*many("88.118.8", 0, 50), made("88.118.80/a")])
            transaction.put_new_records(odd_records())
        with store.snapshot() as moment:
            assert export_parquet(moment, tmp_path / "all.parquet") == 54
            assert export_parquet(moment, tmp_path / "one.parquet", b"88.118.80") == 1
            assert export_parquet(moment, tmp_path / "none.parquet", b"88.118") == 0
    return tmp_path


def test_records_come_back_without_a_byte_changed(path: Path) -> None:
    blocks = list(import_parquet(path / "all.parquet", block=20))
    assert [len(block) for block in blocks] == [20, 20, 14]
    with LmdbStore.open(path / "registry") as store, store.snapshot() as moment:
        assert [item for block in blocks for item in block] == moment.records(limit=99)
    assert [key for block in import_parquet(path / "one.parquet") for key, _ in block] == [
        b"88.118.80/a"
    ]
    assert list(import_parquet(path / "none.parquet")) == []


def test_groups_of_rows_follow_on_one_another(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROWS_A_GROUP", 10)
    with LmdbStore.open(path / "registry") as store, store.snapshot() as moment:
        assert export_parquet(moment, path / "groups.parquet") == 54
        assert [item for block in import_parquet(path / "groups.parquet") for item in block] == (
            moment.records(limit=99)
        )
    assert pq.ParquetFile(path / "groups.parquet").num_row_groups == 6


def test_any_reader_of_parquet_sees_what_stands_in_a_record(path: Path) -> None:
    frame = pl.read_parquet(path / "all.parquet")
    row = frame.row(by_predicate=pl.col("handle") == "88.118.8/Ödd-ABC", named=True)
    assert (row["state"], row["expires_at"].year, row["created_at"].year) == ("revoked", 2106, 1970)
    assert [value["index"] for value in row["values"]] == [1, 7, 0xFFFFFFFF]
    assert row["values"][1]["data"].decode() == "阀门"
    assert row["values"][2]["references"][0] == {"handle": "88.118.8/A", "index": 300}
    other = frame.row(by_predicate=pl.col("handle") == "88.118.80/a", named=True)
    assert other["expires_at"] is None


def test_what_another_tool_wrote_again_is_read(path: Path) -> None:
    pl.read_parquet(path / "all.parquet").with_columns(
        pl.col("created_at").cast(pl.Datetime("ns", "UTC")), remark=pl.lit("seen")
    ).write_parquet(path / "again.parquet")
    assert list(import_parquet(path / "again.parquet")) == list(
        import_parquet(path / "all.parquet")
    )


def test_an_export_is_for_its_owner_only_and_overwrites_nothing(path: Path) -> None:
    assert stat.S_IMODE((path / "all.parquet").stat().st_mode) == 0o600
    with (
        LmdbStore.open(path / "registry") as store,
        store.snapshot() as moment,
        pytest.raises(Refused, match="exists already"),
    ):
        export_parquet(moment, path / "all.parquet")


@pytest.mark.parametrize("content", [b"", b"handle,state\n", b"PAR1" + bytes(50) + b"PAR1"])
def test_what_is_no_parquet_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.parquet").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"x\.parquet: cannot be read as an export"):
        list(import_parquet(tmp_path / "x.parquet"))


def test_a_damaged_export_is_said_so(path: Path) -> None:
    content = bytearray((path / "all.parquet").read_bytes())
    content[40:400] = bytes(360)
    (path / "all.parquet").write_bytes(content)
    with pytest.raises(UnreadableFile, match="cannot be read as an export"):
        list(import_parquet(path / "all.parquet"))


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda table: table.drop_columns(["state"]), "state"),
        (lambda t: t.set_column(5, "values", pa.array(list(range(t.num_rows)))), "values"),
        (lambda t: t.set_column(2, "expires_at", pa.array(["soon"] * t.num_rows)), "expires_at"),
    ],
)
def test_a_missing_or_other_column_is_named(path: Path, change: Any, column: str) -> None:
    table = pq.read_table(path / "all.parquet")
    pq.write_table(change(table), path / "changed.parquet")
    with pytest.raises(WrongColumns, match=f"the column {column} is missing, or"):
        list(import_parquet(path / "changed.parquet"))


def row(**fields: Any) -> dict[str, Any]:
    usual = {"handle": "1/a", "state": "valid", "created_at": 1, "changed_at": 1, "values": []}
    return usual | fields


VALUE = {
    "index": 1, "type": "URL", "data": b"", "permissions": 14, "ttl": 1, "ttl_absolute": False,
    "timestamp": 0, "references": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(state="lost"), "row 2 is no record"),
        (row(handle=None), "row 2 is no record"),
        (row(values=None), "row 2 is no record"),
        (row(values=[VALUE | {"index": None}]), "row 2 is no record"),
        (row(values=[VALUE | {"type": None}]), "row 2 is no record"),
        (row(handle="noslash"), "is no handle that can be kept"),
        (row(values=[VALUE, VALUE]), "two values have the same index"),
        (row(changed_at=-5000), "before 1970"),
    ],
)
def test_a_row_that_is_no_record_is_named(tmp_path: Path, bad: dict[str, Any], reason: str) -> None:
    loose = pa.schema([pa.field(field.name, field.type) for field in SCHEMA])
    table = pa.Table.from_pylist([row(), bad], schema=loose)
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(Refused, match=reason):
        list(import_parquet(tmp_path / "x.parquet"))
