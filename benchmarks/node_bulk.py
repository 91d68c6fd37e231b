"""How fast does a node register? Bulk loads in key order and at random, and single registrations.

The claims: on two cores, from NDJSON to result lines, each given only after
the fsync of what it says,

- a bulk load in key order registers at least 100,000 records a second;
- a record of four values then takes at most 64 bytes above its payload (the
  values as they are sent), its key and the indexes above the leaves.

Stated beside them: the same load in random order, also into a registry that
holds a million records already; the same records put by bare LMDB in one
process, packed beforehand, judged by nobody, 2,000 and a fsync each; and single
registrations by 1, 16 and 256 clients at once, against the bare fsync of one
page that none of them can do without.

The worker's side (lines to packed records) is this process, the writer is the
process that a node runs in production; both together have two cores. The load
in key order and its bare peer take turns, round after round, each into a new
registry; the medians count. Microseconds of processor time for each record are
given for both processes: on a machine that has other work they say more than
the rate.

    python benchmarks/node_bulk.py [records]

Ends with 1 if a claim does not hold.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import lmdb

from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.registry.records import unpack_record
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import CreateHandle
from ballast.node.service.founding import Ports, found_node
from ballast.node.wire.value import Value, values_to_wire
from ballast.node.writer.client import WriterClient
from ballast.node.writer.lines import LineCutter
from ballast.node.writer.local import writer_answers
from ballast.node.writer.packing import Packer
from ballast.node.writer.socket_path import SOCKET_NAME

PREFIX = "88.118.8"
RECORDS = 1_000_000
CLAIM_A_SECOND, CLAIM_BYTES = 100_000, 64
CLIENTS, SINGLE_SECONDS = (1, 16, 256), 4.0
CHUNK = 256 << 10
BARE_BLOCK = 2_000
SEED = 2026
MAP_BYTES = 16 << 30
ROUNDS, CORES = 3, 2
TICKS = os.sysconf("SC_CLK_TCK")

ADMIN = (
    '{"format":"admin","value":{"handle":"0.NA/88.118.8","index":300,"permissions":"011111110011"}}'
)


def line(number: int) -> str:
    """Return a line with a record of four values: address, product, batch, administrator."""
    return (
        f'{{"handle":"{PREFIX}/VALVE.DN50.2026.{number:09d}","values":['
        f'{{"index":1,"type":"URL","data":"https://example.cn/p/{number:09d}"}},'
        '{"index":2,"type":"PRODUCT_NAME","data":"闸阀 DN50 PN16","permissions":"1110"},'
        f'{{"index":3,"type":"BATCH","data":"B{number // 100:07d}","ttl":86400}},'
        f'{{"index":100,"type":"HS_ADMIN","data":{ADMIN}}}]}}\n'
    )


def write_lines(path: Path, numbers: list[int]) -> None:
    """Write a load."""
    with path.open("w", encoding="utf-8") as out:
        for at in range(0, len(numbers), 10_000):
            out.write("".join(map(line, numbers[at : at + 10_000])))


@dataclass
class Measured:
    """What one load took."""

    records: int
    seconds: float
    worker_seconds: float
    writer_seconds: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    def row(self, name: str, bare: float | None = None) -> str:
        """Return it as a line of the table."""
        each = 1e6 / self.records
        ratio = f"{self.rate / bare:>8.2f}" if bare else " " * 8
        return (
            f"{name:<38}{self.rate:>12,.0f}{self.worker_seconds * each:>12.2f}"
            f"{self.writer_seconds * each:>12.2f}{ratio}"
        )


@contextmanager
def node(folder: Path) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """Give the socket of a writer of a node founded in a folder, and its process."""
    registry = folder / "node" / "registry"
    if not registry.exists():
        with LmdbStore.open(registry, map_bytes=MAP_BYTES) as store:
            found_node(
                store, PREFIX, keys_dir=folder / "node" / "keys",
                addresses=[IPv4Address("127.0.0.1")], ports=Ports(2641, 8000, 0),
                clock=time.time, random=os.urandom,
            )  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "ballast.node.writer.process"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    try:
        orders = {"home": str(folder), "language": "en", "map_bytes": MAP_BYTES}
        process.stdin.write((json.dumps(orders) + "\n").encode())
        process.stdin.flush()
        path = folder / "node" / SOCKET_NAME
        deadline = time.monotonic() + 30
        while not writer_answers(path):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the writer did not start")
            time.sleep(0.02)
        yield path, process
    finally:
        process.stdin.close()
        process.wait(60)


def processor_seconds(pid: int) -> float:
    """Return the processor time a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(path: Path, process: subprocess.Popen[bytes], lines: Path, records: int) -> Measured:
    """Load a file through the writer."""

    async def chunks() -> AsyncIterator[bytes]:
        with lines.open("rb") as source:
            while chunk := source.read(CHUNK):
                yield chunk

    async def run() -> int:
        client = WriterClient(path)
        done = 0
        async for piece in client.bulk(chunks(), OPERATOR, key=str(lines)):
            done += piece.count(b'"code":1,')
        await client.close()
        return done

    own, theirs, begun = time.process_time(), processor_seconds(process.pid), time.perf_counter()
    done = asyncio.run(run())
    taken = time.perf_counter() - begun
    if done != records:
        raise SystemExit(f"{records - done} records were not registered")
    return Measured(
        records, taken, time.process_time() - own, processor_seconds(process.pid) - theirs
    )


def bare(folder: Path, lines: Path, records: int) -> Measured:
    """Put the same records, packed beforehand, with nothing but LMDB."""
    cutter, packer = LineCutter(block_lines=BARE_BLOCK), Packer()
    blocks = []
    with lines.open("rb") as source:
        while chunk := source.read(CHUNK):
            blocks += [packer.pack(block, int(time.time())).items for block in cutter.feed(chunk)]
    blocks.append(packer.pack(cutter.flush(), int(time.time())).items)
    folder.mkdir()
    with lmdb.open(str(folder), map_size=MAP_BYTES) as env:
        own, begun = time.process_time(), time.perf_counter()
        for block in blocks:
            with env.begin(write=True) as txn, txn.cursor() as cursor:
                cursor.putmulti(block)
        taken = time.perf_counter() - begun
    if sum(map(len, blocks)) != records:
        raise SystemExit("lines went missing")
    return Measured(records, taken, 0, time.process_time() - own)


@dataclass
class Overhead:
    """Where the bytes of a record are, on average."""

    payload: float
    key: float
    leaf: float
    index: float

    @property
    def above(self) -> float:
        """What the leaves take above payload and key."""
        return self.leaf - self.payload - self.key


def overhead(registry: Path) -> Overhead:
    """Measure the tree of the records."""
    payload = keys = 0
    with LmdbStore.open(registry, readonly=True) as store, store.snapshot() as snapshot:
        after = None
        while page := snapshot.records(None, after, 10_000):
            for key, packed in page:
                record = unpack_record(key, packed)
                payload += len(record.public) + len(record.restricted)
                keys += len(key)
            after = page[-1][0]
        total = snapshot.total()
    with lmdb.open(
        str(registry / FILE), subdir=False, readonly=True, max_dbs=16, lock=False
    ) as env, env.begin() as txn:  # fmt: skip
        stat = txn.stat(env.open_db(b"records", txn=txn, create=False))
    leaf = (stat["leaf_pages"] + stat["overflow_pages"]) * stat["psize"]
    index = stat["branch_pages"] * stat["psize"]
    return Overhead(payload / total, keys / total, leaf / total, index / total)


def fsync_seconds(folder: Path) -> float:
    """Return the median of what one page costs to be made durable."""
    taken = []
    handle = os.open(folder / "page", os.O_RDWR | os.O_CREAT)
    for n in range(300):
        os.pwrite(handle, os.urandom(4096), 4096 * (n % 50))
        begun = time.perf_counter()
        os.fdatasync(handle)
        taken.append(time.perf_counter() - begun)
    os.close(handle)
    return statistics.median(taken)


def singles(path: Path, clients: int) -> list[float]:
    """Return the seconds of each registration by so many clients that each wait for their own."""
    values = [
        Value(1, "URL", b"https://example.cn/p/000000001"),
        Value(2, "PRODUCT_NAME", "闸阀 DN50 PN16".encode()),
        Value(3, "BATCH", b"B0000001"),
        Value(4, "SERIAL", b"000000001"),
    ]
    wire = values_to_wire(values)
    taken: list[float] = []

    async def one(client: WriterClient, number: int, until: float) -> None:
        turn = 0
        while (begun := time.perf_counter()) < until:
            handle = f"{PREFIX}/S.{clients}.{number}.{turn}".encode()
            answer = await client.apply(CreateHandle(handle, wire, len(values)), OPERATOR)
            taken.append(time.perf_counter() - begun)
            if not answer.ok:
                raise SystemExit(f"not registered: {answer.message}")
            turn += 1

    async def run() -> None:
        client = WriterClient(path)
        until = time.perf_counter() + SINGLE_SECONDS
        await asyncio.gather(*(one(client, number, until) for number in range(clients)))
        await client.close()

    asyncio.run(run())
    return sorted(taken)


def bare_once(scratch: Path, lines: Path, records: int) -> Measured:
    """Put the records of a load into a new file of bare LMDB, and drop it."""
    try:
        return bare(scratch / "bare", lines, records)
    finally:
        shutil.rmtree(scratch / "bare")


def load_once(scratch: Path, lines: Path, records: int) -> tuple[Measured, Overhead]:
    """Load into a new registry, and drop it."""
    try:
        with node(scratch / "a") as (path, process):
            measured = load(path, process, lines, records)
        return measured, overhead(scratch / "a" / "node" / "registry")
    finally:
        shutil.rmtree(scratch / "a")


def middle(rounds: Iterable[Measured]) -> Measured:
    """Return the round in the middle."""
    return sorted(rounds, key=lambda one: one.rate)[ROUNDS // 2]


def bulk_rows(scratch: Path, records: int) -> tuple[Measured, Overhead]:
    """Measure bulk loads, print their table, and return what the claims are about."""
    ordered, shuffled, more = (scratch / name for name in ("ordered", "shuffled", "more"))
    numbers = list(range(records))
    write_lines(ordered, numbers)
    random.Random(SEED).shuffle(numbers)
    write_lines(shuffled, numbers)
    write_lines(more, [records + n for n in numbers[: max(records // 5, 1)]])
    ordered_rounds = [
        (bare_once(scratch, ordered, records), *load_once(scratch, ordered, records))
        for _ in range(ROUNDS)
    ]
    bare_ordered = middle(one for one, _, _ in ordered_rounds)
    in_order = middle(one for _, one, _ in ordered_rounds)
    taken = ordered_rounds[0][2]
    bare_shuffled = bare_once(scratch, shuffled, records)
    with node(scratch / "b") as (path, process):
        at_random = load(path, process, shuffled, records)
        behind = load(path, process, more, max(records // 5, 1))
    random_taken = overhead(scratch / "b" / "node" / "registry")

    print(f"{'bulk':<38}{'a second':>12}{'worker us':>12}{'writer us':>12}{'of bare':>8}")
    print(bare_ordered.row("bare LMDB, key order"))
    print(in_order.row("key order", bare_ordered.rate))
    print(bare_shuffled.row("bare LMDB, random order"))
    print(at_random.row("random order", bare_shuffled.rate))
    print(behind.row(f"random order, behind {records:,}"))
    print(f"\n{'bytes a record':<38}{'payload':>9}{'key':>6}{'leaf':>7}{'above':>7}{'index':>7}")
    for name, found in (("key order", taken), ("random order", random_taken)):
        print(
            f"{name:<38}{found.payload:>9.1f}{found.key:>6.1f}{found.leaf:>7.1f}"
            f"{found.above:>7.1f}{found.index:>7.1f}"
        )
    return in_order, taken


def single_rows(scratch: Path) -> None:
    """Measure single registrations, and print their table."""
    floor = fsync_seconds(scratch)
    print(f"\nsingle registrations; the bare fsync of a page: {floor * 1e3:.2f} ms")
    print(f"{'clients':<38}{'a second':>12}{'p50 ms':>9}{'p99 ms':>9}{'p50/fsync':>11}")
    with node(scratch / "c") as (path, process):
        for clients in CLIENTS:
            taken = singles(path, clients)
            middle = taken[len(taken) // 2]
            late = taken[len(taken) * 99 // 100]
            print(
                f"{clients:<38}{len(taken) / SINGLE_SECONDS:>12,.0f}{middle * 1e3:>9.2f}"
                f"{late * 1e3:>9.2f}{middle / floor:>11.1f}"
            )
        status = Path(f"/proc/{process.pid}/status").read_text()
    held = next(row.split()[1] for row in status.splitlines() if row.startswith("RssAnon"))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nmemory: writer {int(held) // 1024} MiB of its own; this process {own // 1024} MiB")


def main() -> int:
    """Run, print the tables, and say whether the claims hold."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    usable = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        os.sched_setaffinity(0, sorted(usable)[:CORES])
        print(f"{records:,} records of four values, seed {SEED}; load on the machine: "
              f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")  # fmt: skip
        in_order, taken = bulk_rows(scratch, records)
        single_rows(scratch)
    fast, small = in_order.rate >= CLAIM_A_SECOND, taken.above <= CLAIM_BYTES
    print(f"key order >= {CLAIM_A_SECOND:,} a second: {'holds' if fast else 'DOES NOT HOLD'}")
    print(f"overhead in key order <= {CLAIM_BYTES} bytes: {'holds' if small else 'DOES NOT HOLD'}")
    return 0 if fast and small else 1


if __name__ == "__main__":
    raise SystemExit(main())
