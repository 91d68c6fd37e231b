"""A node that runs: a founded registry, its writer as a process, the HTTP door in a thread."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import uvloop

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import RecordState, pack_record, record_of
from ballast.node.servers.budget import BudgetLimits, Budgets
from ballast.node.servers.counters import Counters
from ballast.node.servers.front import Front
from ballast.node.servers.http.app import create_app
from ballast.node.servers.http.context import HttpContext, HttpLimits, Tls
from ballast.node.servers.http.hosting import HttpServer
from ballast.node.servers.tally import Tally
from ballast.node.service.founding import Ports, found_node
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.value import SECRET_PERMISSIONS, Value
from ballast.node.writer.client import WriterClient
from ballast.node.writer.process import WriterOrders
from ballast.node.writer.socket_path import SOCKET_NAME

PREFIX = "88.118.8"
MAP_BYTES = 1 << 28
PATIENCE = 20.0
ADMIN = f"300:{PREFIX}/ADMIN"
PASSWORD = "s3cret-阀门"
NOW = 1_750_000_000


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def wait_for(true: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"{what} did not come about"
        time.sleep(0.02)


@dataclass
class Node:
    """A node under test."""

    home: Path
    base: str
    port: int
    context: HttpContext
    tls: Path | None = None
    loop: asyncio.AbstractEventLoop | None = None
    errors: list[BaseException] = field(default_factory=list)


VALUES = (
    Value(1, "URL", b"https://example.cn/p/1", timestamp=NOW),
    Value(2, "NAME", "球阀 DN50".encode(), timestamp=NOW),
    Value(3, "EMAIL", b"qa@example.cn", timestamp=NOW),
    Value(4, "BLOB", bytes(range(8)), ttl=600, timestamp=NOW),
    Value(300, "HS_SECKEY", b"hidden", permissions=SECRET_PERMISSIONS, timestamp=NOW),
)


LONG_LIVED = Value(1, "URL", b"https://example.cn/p/1", ttl=0xFFFFFFFF, timestamp=NOW)
CARELESS = (VALUES[0], Value(2, "hs_SecKey", b"laid open", timestamp=NOW))


def admin(index: int = 100) -> Value:
    data = Admin(ALL_PERMISSIONS, f"{PREFIX}/ADMIN", 300).to_wire()
    return Value(index, "HS_ADMIN", data, timestamp=NOW)


MARKUP = (
    Value(1, "NAME", "<b>x</b>\u202e".encode(), timestamp=NOW),
    Value(2, "<i>", b"\x1b[2J", timestamp=NOW),
)


def seed(store: LmdbStore) -> None:
    """Put in what the tests look up: valid, revoked, expired, odd spellings, nothing to link."""
    secret = Value(
        300, "HS_SECKEY", PASSWORD.encode(), permissions=SECRET_PERMISSIONS, timestamp=NOW
    )
    mine = [
        (f"{PREFIX}/ADMIN", (secret, admin()), {}),
        (f"{PREFIX}/A-1", VALUES, {}),
        (f"{PREFIX}/Valve#1?x/阀门", VALUES[:2], {}),
        (f"{PREFIX}/REVOKED", VALUES[:2], {"state": RecordState.REVOKED}),
        (f"{PREFIX}/EXPIRED", VALUES[:2], {"expires_at": NOW + 5}),
        (f"{PREFIX}/NOLINK", VALUES[1:3], {}),
        (f"{PREFIX}/EVIL", (Value(1, "URL", b"javascript:alert(1)", timestamp=NOW),), {}),
        (f"{PREFIX}/MARKUP", MARKUP, {}),
        (f"{PREFIX}/HIDDEN", VALUES[4:], {}),
        (f"{PREFIX}/CARELESS", CARELESS, {}),
        (f"{PREFIX}/LONG-LIVED", (LONG_LIVED,), {}),
        (f"{PREFIX}/SOON", (LONG_LIVED,), {"expires_at": NOW + 960}),
        (f"{PREFIX}/ALIAS", (Value(1, "HS_ALIAS", f"{PREFIX}/A-1".encode(), timestamp=NOW),), {}),
    ]
    with store.write() as transaction:
        transaction.put_prefix(
            PrefixEntry("99.1", PrefixState.DELEGATED, "91371500MA3C5EEJ8Q", "聊城另一企业有限公司")
        )
        for handle, values, more in mine:
            record = record_of(handle.encode(), values, NOW, **more)  # type: ignore[arg-type]
            transaction.put_record(record.key, pack_record(record))


def name_enterprise(store: LmdbStore) -> None:
    """Say who is behind the node's own prefix, as a secondary node would."""
    with store.write() as transaction:
        entry = transaction.prefix(PREFIX.encode())
        assert entry is not None
        transaction.put_prefix(
            PrefixEntry(
                entry.prefix,
                entry.state,
                "91371500MA3C5EEJ8Q",
                "山东聊城阀门制造有限公司",
                entry.contact,
                entry.allotted_at,
                entry.site,
            )
        )


@contextmanager
def writer_process(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the node's writer; its supervisor is this test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast.node.writer.process"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write((WriterOrders(str(home), "en", MAP_BYTES).line() + "\n").encode())
    process.stdin.flush()
    try:
        wait_for((home / "node" / SOCKET_NAME).exists, "the writer's socket")
        yield process
    finally:
        process.stdin.close()
        process.wait(PATIENCE)


@contextmanager
def running_node(
    home: Path,
    *,
    tls: Tls | None = None,
    basic_over_plain: bool = False,
    limits: HttpLimits | None = None,
    budget: BudgetLimits | None = None,
    clock: Callable[[], float] = lambda: NOW + 60.0,
) -> Iterator[Node]:
    """Run a node until the block ends."""
    folder = home / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "registry").exists():
        store = LmdbStore.open(folder / "registry", map_bytes=MAP_BYTES)
        found_node(
            store, PREFIX, keys_dir=folder / "keys", addresses=[IPv4Address("127.0.0.1")],
            ports=Ports(), clock=lambda: NOW, random=os.urandom, title="聊城标识解析二级节点",
        )  # fmt: skip
        seed(store)
        name_enterprise(store)
        store.close()
    port = free_port()
    with writer_process(home):
        store = LmdbStore.open(folder / "registry", readonly=True, map_bytes=MAP_BYTES)
        try:
            with _door(store, folder, port, tls, basic_over_plain, limits, budget, clock) as node:
                yield node
        finally:
            store.close()


@contextmanager
def _door(
    store: LmdbStore,
    folder: Path,
    port: int,
    tls: Tls | None,
    basic_over_plain: bool,
    limits: HttpLimits | None,
    budget: BudgetLimits | None,
    clock: Callable[[], float],
) -> Iterator[Node]:
    ready, stop = threading.Event(), threading.Event()
    made: list[Node] = []
    failed: list[BaseException] = []

    async def serve() -> None:
        writer = WriterClient(folder / SOCKET_NAME)
        budgets = Budgets(budget or BudgetLimits(), time.monotonic)
        counters = Counters(folder / "counters", 0)
        tally = Tally()
        front = Front(store, writer, budgets, counters, tally, clock=clock, random=os.urandom)
        context = HttpContext(
            store, writer, front, budgets, counters, tally, folder / "counters", clock,
            os.urandom, folder, basic_over_plain=basic_over_plain,
            title="聊城标识解析二级节点", limits=limits or HttpLimits(),
        )  # fmt: skip
        server = HttpServer(create_app(context), "127.0.0.1", port, tls=tls, limits=context.limits)
        await server.start()
        scheme = "https" if tls else "http"
        made.append(Node(folder.parent, f"{scheme}://127.0.0.1:{port}", port, context))
        ready.set()
        while not stop.is_set():
            await asyncio.sleep(0.02)
            budgets.tick()
        await server.stop()
        await writer.close()
        counters.close()
        with suppress(AttributeError):
            front.close()

    def run() -> None:
        try:
            uvloop.run(serve())
        except BaseException as error:
            failed.append(error)
            ready.set()
            raise

    thread = threading.Thread(target=run, name="door")
    thread.start()
    assert ready.wait(PATIENCE), "the door did not open"
    if failed:
        raise failed[0]
    try:
        yield made[0]
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the door did not close"
