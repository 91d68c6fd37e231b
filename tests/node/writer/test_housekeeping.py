"""Housekeeping: loads nobody goes on with are forgotten after a week, killed readers at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from ballast.node.registry.entries import BulkProgress, BulkRefusal
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.writer.commits import GroupCommit
from ballast.node.writer.housekeeping import forget_loads, keep_house, stale_loads
from ballast.node.writer.idempotency import KEEP_SECONDS

NOW = 1_800_000_000.0


def keep(store: LmdbStore, key: bytes, at: float) -> None:
    with store.write() as transaction:
        progress = BulkProgress(lines=1, changed_at=int(at))
        transaction.put_bulk(key, progress, [BulkRefusal(1, "x", 4, "no")])


def test_loads_are_forgotten_after_a_week_with_what_was_refused(store: LmdbStore) -> None:
    keep(store, b"old", NOW - KEEP_SECONDS - 1)
    keep(store, b"new", NOW - KEEP_SECONDS + 1)
    assert stale_loads(store, NOW)
    with store.write() as transaction:
        assert forget_loads(transaction, NOW) == 1
    assert not stale_loads(store, NOW)
    with store.snapshot() as snapshot:
        assert (snapshot.bulk(b"old"), snapshot.bulk_refusals(b"old")) == (None, [])
        assert snapshot.bulk(b"new") is not None
        assert len(snapshot.bulk_refusals(b"new")) == 1


READS_AND_DIES = """
import os, sys
from pathlib import Path
from ballast.node.registry.lmdb_store import LmdbStore
reader = LmdbStore.open(Path(sys.argv[1]), readonly=True).reader()
reader.get(b"1/a")
os.kill(os.getpid(), 9)
"""


def test_the_house_is_kept_while_the_writer_runs(store: LmdbStore) -> None:
    keep(store, b"old", NOW - KEEP_SECONDS - 1)
    subprocess.run([sys.executable, "-c", READS_AND_DIES, str(store.path)], check=False)
    commits = GroupCommit(store)
    commits.start()

    async def a_while() -> None:
        house = asyncio.create_task(keep_house(store, commits, lambda: NOW, every_seconds=0.05))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if not stale_loads(store, NOW):
                break
        house.cancel()
        await asyncio.gather(house, return_exceptions=True)

    asyncio.run(a_while())
    commits.end()
    assert not stale_loads(store, NOW)
    assert store.check_readers() == 0
