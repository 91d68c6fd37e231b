"""A node without keys: what the tests of the writer need of one, in a few milliseconds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.service.caller import Caller
from ballast.node.service.founding import PREFIX_META
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.value import Reference, Value
from ballast.node.writer.local import writer_answers
from ballast.node.writer.socket_path import SOCKET_NAME

PREFIX = "88.118.8"
OWN = f"0.NA/{PREFIX}"
MAP_BYTES = 1 << 28


def found(home: Path, *prefixes: str) -> None:
    """Make a registry with homed prefixes, each its own administrator (300)."""
    with (
        LmdbStore.open(home / "node" / "registry", map_bytes=MAP_BYTES) as store,
        store.write() as transaction,
    ):
        transaction.put_meta(PREFIX_META, PREFIX.encode())
        for prefix in prefixes or (PREFIX,):
            handle = f"0.NA/{prefix}"
            admin = Admin(ALL_PERMISSIONS, handle, 300)
            record = record_of(
                handle.encode(), [Value(200, "HS_ADMIN", admin.to_wire())], 1_800_000_000
            )
            transaction.put_record(record.key, pack_record(record))
            transaction.put_prefix(PrefixEntry(prefix, PrefixState.HOMED, uscc="", enterprise="甲"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a node of one prefix."""
    found(tmp_path)
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[LmdbStore]:
    """Return its registry, opened for writing."""
    with LmdbStore.open(home / "node" / "registry", map_bytes=MAP_BYTES) as opened:
        yield opened


@pytest.fixture
def administrator() -> Caller:
    """Return who may register under the prefix."""
    return Caller(Reference(OWN, 300), "192.0.2.7", "http")


def launch(home: Path) -> subprocess.Popen[bytes]:
    """Start the writer's process and wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast.node.writer.process"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    orders = {"home": str(home), "language": "en", "map_bytes": MAP_BYTES}
    process.stdin.write((json.dumps(orders) + "\n").encode())
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not writer_answers(home / "node" / SOCKET_NAME):
        assert process.poll() is None, "the writer ended while it started"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a writer, and let go of what it was started with."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stderr):
        if stream is not None:
            stream.close()


@pytest.fixture
def start_writer(home: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Return what starts the writer's process and waits until it listens."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        running.append(launch(home))
        return running[-1]

    yield start
    for process in running:
        end(process)
