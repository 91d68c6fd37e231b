"""A home is saved and looked over with its node, also while that is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lmdb
import pytest

from ballast.cli.app import run
from ballast.node.registry.lmdb_store import FILE
from ballast.plant.spool.reader import SpoolReader, Stream

# Registers handles until it is ended, and tells of each.
REGISTERS = """
import itertools, sys
from pathlib import Path
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.wire.value import Value
with LmdbStore.open(Path(sys.argv[1])) as store:
    for number in itertools.count():
        record = record_of(b"88.118/N%d" % number, [Value(1, "URL", b"https://example.cn")], 1)
        with store.write() as transaction:
            transaction.put_record(record.key, pack_record(record))
        print(number, flush=True)
"""
# Collects samples until it is ended, and tells up to which number they are safe.
COLLECTS = """
import sys
from pathlib import Path
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Bounds, Spool
with Spool.open(Path(sys.argv[1]), bounds=Bounds(segment_bytes=20_000)) as spool:
    tag = spool.number("shop/lathe-1/load")
    while True:
        spool.put(Samples.of(tag, range(100), 1.0, received_at=1))
        print(spool.commit().sample, flush=True)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    assert run(["node", "init", "88.118"]) == 0
    assert run(["node", "register", "88.118/ABC-1", "--url", "https://example.cn/1"]) == 0
    return tmp_path / "home"


def test_the_node_of_a_restored_home_resolves_and_registers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "out.tar.gz"]) == 0
    other = ["--home", str(tmp_path / "other")]
    assert run(["restore", "out.tar.gz", *other]) == 0
    capsys.readouterr()
    assert run(["node", "resolve", "88.118/abc-1", *other]) == 0
    assert "https://example.cn/1" in capsys.readouterr().out
    assert run(["node", "register", "88.118/ABC-2", "--url", "https://example.cn/2", *other]) == 0
    assert run(["node", "audit", "--verify", *other]) == 0


def test_a_backup_taken_while_the_node_is_written_holds_what_stood_before(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writing = subprocess.Popen(
        [sys.executable, "-c", REGISTERS, str(home / "node" / "registry")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writing.stdout is not None
    try:
        stood = int([writing.stdout.readline() for _ in range(20)][-1])
        assert run(["backup", "out.tar.gz"]) == 0
    finally:
        writing.kill()
        writing.stdout.close()
        writing.wait()
    other = ["--home", str(tmp_path / "other")]
    assert run(["restore", "out.tar.gz", *other]) == 0
    assert run(["node", "resolve", f"88.118/n{stood}", *other]) == 0
    assert run(["doctor", *other]) == 0


def test_a_backup_taken_while_the_plant_is_collected_holds_the_log_of_one_moment(
    home: Path, tmp_path: Path
) -> None:
    log = home / "plant" / "spool"
    collecting = subprocess.Popen(
        [sys.executable, "-c", COLLECTS, str(log)], stdout=subprocess.PIPE, text=True
    )
    assert collecting.stdout is not None
    try:
        stood = int([collecting.stdout.readline() for _ in range(20)][-1])
        assert run(["backup", "out.tar.gz"]) == 0
    finally:
        collecting.kill()
        collecting.stdout.close()
        collecting.wait()
    assert run(["restore", "out.tar.gz", "--home", str(tmp_path / "other")]) == 0
    restored = SpoolReader(tmp_path / "other" / "plant" / "spool")
    last = restored.last(Stream.SAMPLES)
    assert last >= stood
    assert sum(len(part) for _, part in restored.samples(-1, 1000)) == last + 1


def test_the_doctor_counts_identifiers(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert "2 identifiers stand" in capsys.readouterr().err
    file = home / "node" / "registry" / FILE
    with (
        lmdb.open(str(file), subdir=False, max_dbs=9, map_size=64 << 20) as env,
        env.begin(write=True) as txn,
    ):
        txn.delete(b"88.118/abc-1", db=env.open_db(b"records", txn=txn))
    assert run(["doctor"]) == 1
    said = capsys.readouterr().err
    assert "88.118: 1 identifiers were counted, 0 are there" in said
    assert "the counts of 1 prefixes are wrong; restore it from a backup" in said


def test_the_doctor_says_in_a_line_that_a_registry_is_damaged(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "node" / "registry" / FILE).write_bytes(b"nothing of ours" * 999)
    assert run(["doctor"]) == 1
    assert "is damaged, or no registry" in capsys.readouterr().err
