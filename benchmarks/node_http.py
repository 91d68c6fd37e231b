"""How fast does a node answer by HTTP? Records as JSON and redirects, against a bare "hello".

The claim: one worker over 1 million records of four values answers
``GET /api/handles/{handle}`` at half the rate, or more, of a bare granian RSGI
application that says "hello", hosted by granian's own server with its defaults.

Both servers have one core to themselves, all of their threads together; the
load generator (``load/http.c``, built here with ``cc``) has the other. It keeps
64 connections open with one request on its way on each, draws a handle anew for
every request, and judges every answer: status, and the handle in the body. The
servers take turns, round after round; the ratio is the median of the rounds'
own ratios. The worker is the process that a node runs in production.

    python benchmarks/node_http.py [records]

Ends with 1 if the claim does not hold, or an answer was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record, record_of
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import WorkerOrders
from ballast.node.service.founding import Ports, found_node
from ballast.node.wire.admin import ALL_PERMISSIONS, Admin
from ballast.node.wire.value import Value

PREFIX = "88.118.8"
RECORDS = 1_000_000
ROUNDS, SECONDS, WARMUP = 5, 3.0, 1.0
CONNECTIONS = 64
CLAIM = 0.5
SERVER_CORE, LOAD_CORE = 0, 1
MAP_BYTES = 8 << 30
NOW = 1_750_000_000
PATIENCE = 30.0


async def hello(_scope: Any, protocol: Any) -> None:
    """Answer as little as can be answered."""
    protocol.response_str(200, [("content-type", "text/plain")], "hello")


def serve_hello(port: int) -> None:
    """Run the bare server until it is ended."""
    Server(
        "node_http:hello",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        log_enabled=False,
        websockets=False,
    ).serve()


def made(number: int) -> tuple[bytes, bytes]:
    """Return key and packed record of a handle with four values."""
    admin = Admin(ALL_PERMISSIONS, f"0.NA/{PREFIX}", 300).to_wire()
    values = (
        Value(1, "URL", b"https://product.example.cn/batch/%08d" % number, timestamp=NOW),
        Value(2, "NAME", "球阀 DN50".encode(), timestamp=NOW),
        Value(3, "SERIAL", b"SN-2026-%08d" % number, timestamp=NOW),
        Value(100, "HS_ADMIN", admin, timestamp=NOW),
    )
    record = record_of(b"%s/BATCH-2026.%08d" % (PREFIX.encode(), number), values, NOW)
    return record.key, pack_record(record)


def build(home: Path, records: int) -> None:
    """Make a node with so many records."""
    store = LmdbStore.open(home / "node" / "registry", map_bytes=MAP_BYTES)
    found_node(
        store, PREFIX, keys_dir=home / "node" / "keys", addresses=[IPv4Address("127.0.0.1")],
        ports=Ports(), clock=lambda: NOW, random=os.urandom,
    )  # fmt: skip
    for first in range(0, records, 20_000):
        with store.write() as transaction:
            transaction.put_new_records(
                [made(number) for number in range(first, min(first + 20_000, records))]
            )
    store.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, order: str = "") -> Iterator[int]:
    """Run a server on its core, all of its threads; give its process number."""
    process = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), sys.executable, *command],
        stdin=subprocess.PIPE,
        cwd=Path(__file__).parent,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(order.encode())
        process.stdin.flush()
        until = time.monotonic() + PATIENCE
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command} did not open its port")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(PATIENCE)


@dataclass(frozen=True)
class Load:
    """What is asked of a server."""

    name: str
    port: int
    status: int
    path: str


def measure(generator: Path, load: Load, records: int) -> dict[str, float]:
    """Return what one round of load measured."""
    command: list[str] = [
        str(generator), "127.0.0.1", str(load.port), str(CONNECTIONS), str(SECONDS), str(WARMUP),
        str(LOAD_CORE), str(load.status), load.path, str(records),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS + WARMUP + PATIENCE
    )
    if done.returncode:
        raise SystemExit(f"{load.name}: {done.stderr}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def peak(pid: int) -> float:
    """Return the highest memory of a process so far in MiB, mapped pages of files included."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def main() -> int:
    """Measure, print, and judge."""
    if sys.argv[1:2] == ["serve-hello"]:
        serve_hello(int(sys.argv[2]))
        return 0
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        home, generator = Path(folder) / "home", Path(folder) / "http"
        source = Path(__file__).parent / "load" / "http.c"
        compiler = shutil.which("cc")
        if compiler is None:
            raise SystemExit("the load generator needs a C compiler (cc)")
        subprocess.run([compiler, "-O2", "-o", str(generator), str(source)], check=True)
        began = time.monotonic()
        build(home, records)
        print(f"{records:,} records built in {time.monotonic() - began:.0f} s")
        return compare(home, generator, records)


def compare(home: Path, generator: Path, records: int) -> int:
    """Let the servers take turns; print what was measured."""
    bare, node = free_port(), free_port()
    limits = BudgetLimits(requests_per_second=10_000_000, request_burst=10_000_000)
    orders = WorkerOrders(
        str(home), native_port=-1, http_port=node, map_bytes=MAP_BYTES, limits=limits
    )
    loads = [
        Load("hello", bare, 200, "/"),
        Load("record", node, 200, f"/api/handles/{PREFIX}/BATCH-2026.########"),
        Load("redirect", node, 302, f"/{PREFIX}/BATCH-2026.########"),
    ]
    rounds: dict[str, list[dict[str, float]]] = {load.name: [] for load in loads}
    with (
        running([str(Path(__file__)), "serve-hello", str(bare)], bare),
        running(["-m", "ballast.node.servers.worker"], node, orders.line() + "\n") as worker,
    ):
        for _ in range(ROUNDS):
            for load in loads:
                rounds[load.name].append(measure(generator, load, records))
        memory = peak(worker)
    wrong = sum(told["wrong"] for each in rounds.values() for told in each)
    print(f"{'':10}{'a second':>12}{'of hello':>10}{'p50 µs':>9}{'p99 µs':>9}{'bytes':>8}")
    ratios = {}
    for load in loads:
        mine = rounds[load.name]
        ratios[load.name] = statistics.median(
            told["per_second"] / base["per_second"]
            for told, base in zip(mine, rounds["hello"], strict=True)
        )
        rate, p50, p99, size = (
            statistics.median(told[what] for told in mine)
            for what in ("per_second", "p50_us", "p99_us", "bytes")
        )
        print(
            f"{load.name:10}{rate:12,.0f}{ratios[load.name]:10.2f}{p50:9,.0f}{p99:9,.0f}{size:8.0f}"
        )
    print(f"worker: {memory:.0f} MiB of its own; wrong answers: {wrong:.0f}")
    return 0 if ratios["record"] >= CLAIM and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
