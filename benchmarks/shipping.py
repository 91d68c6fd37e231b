"""How fast do events of a node reach the lake? Rows a second, against a bare append.

The peer is ``write_deltalake`` of the same rows in one piece, without numbers,
locks or a forced write to the disk: what exactly-once costs above it. No claim
is held; the figure answers whether a shipper keeps up with a bulk load
(100,000 registrations a second are a burst, not a day).

    python benchmarks/shipping.py [events]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from ballast.lake.lake import Lake
from ballast.lake.shipper import ship
from ballast.node.registry.entries import EventDraft, EventKind
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.serve.node_outbox import NodeEvents
from ballast.terms.viewer import operator

EVENTS = 1_000_000
BLOCK = 2000
NOW_MS = 1_780_000_000_000


def fill(store: LmdbStore, events: int) -> None:
    """Put registrations into the outbox, as a bulk load does: a block an entry."""
    with store.write() as transaction:
        for first in range(0, events, BLOCK):
            handles = tuple(b"88.118.8/A-%09d" % n for n in range(first, first + BLOCK))
            draft = EventDraft(NOW_MS, EventKind.REGISTERED, "88.118.8", handles, "operator", "")
            transaction.append_events([draft])


def main() -> None:
    """Measure and print."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory(prefix="ballast-shipping-") as folder:
        lake = Lake.create(Path(folder) / "home")
        with LmdbStore.open(lake.home.path / "node" / "registry") as store:
            fill(store, events)

            def forget(up_to: int) -> None:
                with store.write() as transaction:
                    transaction.forget_outbox(up_to)

            begun = time.perf_counter()
            shipped = ship(lake, NodeEvents(store, "88.118", forget, print))
            seconds = time.perf_counter() - begun
        rows = lake.read("handle_event", operator("benchmark")).to_pyarrow()
        if rows.num_rows != events or len(set(rows["seq"].to_pylist())) != events:
            sys.exit(f"{rows.num_rows} rows of {events} events")
        bare = append_bare(Path(folder) / "bare", rows)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"shipped: {events:,} events in {shipped.batches} batches, {seconds:.2f} s, "
          f"{events / seconds:,.0f} a second")  # fmt: skip
    print(f"bare append of the same rows: {bare:.2f} s; ratio {seconds / bare:.1f}")
    print(f"memory of this process at most: {memory:.0f} MB")


def append_bare(path: Path, rows: pa.Table) -> float:
    """Return the seconds of an append without anything around it."""
    begun = time.perf_counter()
    write_deltalake(path, rows, mode="append")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
