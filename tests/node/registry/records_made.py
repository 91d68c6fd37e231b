"""Stores, and what tests put into them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ballast.node.registry.entries import EventDraft, EventKind
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.registry.store import Store
from ballast.node.wire.value import Value

NOW = 1_750_000_000
STORES: dict[str, Callable[[Path], Store]] = {"lmdb": lambda path: LmdbStore.open(path)}


def made(handle: str, text: str = "https://example.cn/1") -> tuple[bytes, bytes]:
    """Return key and packed record of a handle with four values, one of them not public."""
    values = [
        Value(1, "URL", text.encode(), timestamp=NOW),
        Value(2, "NAME", "阀门 DN50".encode(), timestamp=NOW),
        Value(3, "SERIAL", b"SN-000000000001", timestamp=NOW),
        Value(300, "HS_SECKEY", b"secret", permissions=0x0C, timestamp=NOW),
    ]
    record = record_of(handle.encode(), values, NOW)
    return record.key, pack_record(record)


def many(prefix: str, first: int, last: int) -> list[tuple[bytes, bytes]]:
    """Return records of a prefix in the order of their keys."""
    return [made(f"{prefix}/BATCH-2026.{number:08d}") for number in range(first, last)]


def put(store: Store, *handles: str) -> None:
    """Put records of these handles in one commit."""
    with store.write() as transaction:
        for handle in handles:
            transaction.put_record(*made(handle))


def draft(*handles: str, kind: EventKind = EventKind.REGISTERED) -> EventDraft:
    """Return events of these handles."""
    return EventDraft(1_750_000_000_000, kind, "1", tuple(map(str.encode, handles)), "300:1/a", "u")
