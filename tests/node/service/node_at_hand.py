"""A node in a temporary directory, with the prefix of an enterprise, for these tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ballast.node.registry import audit
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import Record, pack_record, record_of, unpack_record
from ballast.node.registry.store import Snapshot, Transaction
from ballast.node.service.answers import Answer
from ballast.node.service.caller import ANONYMOUS, OPERATOR, Caller
from ballast.node.service.changes import AllotPrefix, Change, CreateHandle
from ballast.node.service.changing import apply
from ballast.node.service.founding import PREFIX_META, SITE_META
from ballast.node.service.prefixes import record_of_handle
from ballast.node.service.reading import resolve
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin, AdminPermission
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.value import Reference, Value, values_from_wire, values_to_wire

NOW = 1_750_000_000.0
USCC = "91110000600037341L"
OTHER_USCC = "91110108551385082Q"
ENTERPRISE = Caller(Reference("0.NA/88.118.8", 301), "192.0.2.8", "tcp")
NODE = Caller(Reference("0.NA/88.118", 301), "192.0.2.1", "tcp")
STRANGER = Caller(Reference("0.NA/77.1.1", 300), "203.0.113.9", "http")
SITE = bytes.fromhex(
    "0001020b0001800200000000000000000000000100000001"
    "0000000000000000000000007f00000100000000"
    "00000001030100000a51"
)


class Undone(Exception):
    """Ends a transaction whose changes nobody wants to keep."""


def admin(index: int, permissions: int, handle: str, key: int) -> Value:
    data = Admin(AdminPermission(permissions), handle, key).to_wire()
    return Value(index, "HS_ADMIN", data)


def url(index: int = 1, data: bytes = b"https://example.cn", permissions: int = 0x0E) -> Value:
    return Value(index, "URL", data, permissions)


def creation(handle: str, *values: Value, **more: object) -> CreateHandle:
    made = CreateHandle(handle.encode(), values_to_wire(values), len(values))
    return CreateHandle(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **more})


def values_of(answer: Answer) -> tuple[Value, ...]:
    return values_from_wire(answer.values, answer.count)


@dataclass
class Node:
    """A store, and a clock that stands still."""

    store: LmdbStore
    now: float = NOW

    def apply(self, change: Change, caller: Caller = OPERATOR) -> Answer:
        with self.store.write() as transaction:
            return self.apply_in(transaction, change, caller)

    def apply_in(self, transaction: Transaction, change: Change, caller: Caller) -> Answer:
        return apply(transaction, change, caller, self.now, lambda size: bytes(range(size)))

    def resolve(
        self,
        handle: str,
        caller: Caller = ANONYMOUS,
        *,
        indexes: Iterable[int] = (),
        types: Iterable[str] = (),
        **flags: bool,
    ) -> Answer:
        request = ResolveRequest(handle.encode(), tuple(indexes), tuple(types))
        with self.store.snapshot() as snapshot:
            return resolve(snapshot, request, caller, self.now, **flags)

    def record(self, handle: str) -> Record | None:
        with self.store.snapshot() as snapshot:
            return record_of_handle(snapshot, handle.encode())

    def put(self, handle: str, *values: Value, expires_at: int = 0) -> None:
        """Put a record past all rules, as an import of old data might."""
        record = record_of(handle.encode(), values, int(self.now), expires_at=expires_at)
        with self.store.write() as transaction:
            transaction.put_record(record.key, pack_record(record))

    def audited(self) -> list[audit.AuditEntry]:
        with self.store.snapshot() as snapshot:
            return audit.entries(snapshot)

    @contextmanager
    def undone(self) -> Iterator[Transaction]:
        """Give a transaction that leaves no trace."""
        try:
            with self.store.write() as transaction:
                yield transaction
                raise Undone
        except Undone:
            pass


def everything(snapshot: Snapshot) -> list[object]:
    """Return all that a registry holds but the audit trail."""
    return [
        snapshot.records(),
        snapshot.prefixes(),
        snapshot.outbox(),
        snapshot.outbox_last(),
        snapshot.total(),
        snapshot.daily(date(2025, 1, 1), date(2026, 1, 1)),
    ]


def spelled(snapshot: Snapshot) -> list[bytes]:
    return [unpack_record(key, packed).handle for key, packed in snapshot.records()]


def node_in(path: Path) -> Node:
    """Return a node for 88.118 with the enterprise's prefix 88.118.8."""
    node = Node(LmdbStore.open(path, clock=lambda: NOW, random=lambda n: bytes(n)))
    own = record_of(
        b"0.NA/88.118",
        [
            admin(100, ALL_PERMISSIONS, "0.NA/88.118", 301),
            Value(301, "HS_SECKEY", b"secret of the node", 0x0C),
        ],
        int(NOW),
    )
    with node.store.write() as transaction:
        transaction.put_meta(PREFIX_META, b"88.118")
        transaction.put_meta(SITE_META, SITE)
        transaction.put_prefix(PrefixEntry("88.118", PrefixState.HOMED))
        transaction.put_record(own.key, pack_record(own))
    allotted = node.apply(
        AllotPrefix("88.118.8", USCC, "示范阀门有限公司", secret=b"secret of the enterprise")
    )
    assert allotted.ok, allotted.message
    return node
