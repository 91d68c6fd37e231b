"""Native resolution of one worker against bare uvloop echoes, in one run.

    python benchmarks/node_native.py [--ten-million] [--records N] [--rounds N] [--seconds S]

A registry of 1 million records of four values (URL, BATCH, PRODUCT_NAME,
HS_ADMIN), filled through the registry; a node as it is served, writer and
worker; keys drawn uniformly, so that no cache of answers could help. The
generator (``load/native.c``, built here) checks every answer: request, code,
handle. Server on one core, generator on the other; it never sleeps, because a
server that has to wake it pays for that. Peers and node take turns.

What stands against what:

* UDP: the peer is ``datagram_received: transport.sendto`` on uvloop, with packets of the
  size of our requests, and of our answers; 8 sockets with 8 requests under way each.
* TCP, connections kept open, 1, 8 and 32 requests under way on each of 8. ``raw`` is
  ``data_received: transport.write`` of whatever came: it never looks for a message, so at
  depth it answers 32 with one call. ``framed`` finds the messages by their length
  and answers each with one ready-made message of the size of ours: no look-up, nothing made.

Claims, 0.5 of the peer's messages a second: UDP against both sizes; TCP kept open with one request
under way on each connection, against both peers. Of deeper pipelines the ratios are printed and
nothing is claimed: an echo pays its system calls once for all messages of a chunk, and what
remains of ours is the look-up itself. CPU a message is printed too: it also holds on a machine
that has other work.
With --ten-million, against 10 thousand records: the worker is up within a second, and one
resolution at a time (UDP, TCP; median as the client sees it) takes at most 1.2 times as long.
What a worker at its limit answers a second is printed beside it, without a claim: there the
misses of the processor's caches on the way down a tree of 3 GB are all that is different, and all
that is left.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import WorkerOrders

SERVER_CORE, GENERATOR_CORE = 0, 1
CONNECTIONS, DEPTHS, UDP_DEPTH = 8, (1, 8, 32), 8
LIMIT, SLOWER = 0.5, 0.2
# Name, transport, requests under way on each connection, connections.
SIZED = (
    ("UDP, one at a time", "udp", 1, 1),
    ("TCP, one at a time", "tcp", 1, 1),
    ("UDP at its limit", "udp", 8, 8),
    ("TCP at its limit, depth 8", "tcp", 8, 8),
)
LOAD = Path(__file__).resolve().parent / "load"
ANSWER_BYTES = 298


def fill(home: Path, records: int) -> dict[str, str]:
    """Make a node with many records; return what the generator asks for."""
    command = [sys.executable, str(LOAD / "native_fill.py"), str(home), str(records)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: str(value) for name, value in json.loads(said).items()}


@dataclass
class Server:
    """A running server: where it is, and what its processes are."""

    port: int
    process: subprocess.Popen[bytes]
    start_seconds: float = 0.0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def spawn(command: list[str], orders: str = "", core: int | None = None) -> subprocess.Popen[bytes]:
    """Start a process on a core."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})
    assert process.stdin is not None
    if orders:
        process.stdin.write(orders.encode() + b"\n")
        process.stdin.flush()
    return process


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for a server."""
    deadline = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("a server did not start")
        time.sleep(0.002)


def connects(port: int) -> bool:
    """Whether somebody listens; the handshake also proves this address to the node."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def peer(kind: str) -> Iterator[Server]:
    """Run an echo."""
    port = free_port()
    process = spawn(
        [sys.executable, str(LOAD / "native_echoes.py"), kind, str(port), str(ANSWER_BYTES)],
        core=SERVER_CORE,
    )
    try:
        if kind == "udp":
            wait_until(lambda: port_is_bound(port), process)
        else:
            wait_until(lambda: connects(port), process)
        yield Server(port, process)
    finally:
        process.kill()
        process.wait()


def port_is_bound(port: int) -> bool:
    """Whether a UDP port is taken."""
    return f":{port:04X} " in Path("/proc/net/udp").read_text()


@contextmanager
def node(home: Path, workers: int = 1) -> Iterator[list[Server]]:
    """Run a writer and workers, which share a port."""
    writer = spawn(
        [sys.executable, "-m", "ballast.node.writer.process"],
        json.dumps({"home": str(home), "language": "en"}),
    )
    servers = [Server(0, writer)]
    port = free_port()
    # One address asks for everything here; counted as ever, but not held back.
    limits = BudgetLimits(requests_per_second=10**9, request_burst=10**9)
    try:
        wait_until(lambda: (home / "node" / "writer.sock").exists(), writer)
        for number in range(workers):
            orders = WorkerOrders(
                str(home), number, "en", native_port=port, http_port=-1, limits=limits
            )
            begun = time.perf_counter()
            process = spawn(
                [sys.executable, "-m", "ballast.node.servers.worker"], orders.line(), SERVER_CORE
            )
            servers.append(Server(port, process))
            wait_until(lambda number=number: listening(port) > number, process)  # type: ignore[misc]
            servers[-1].start_seconds = time.perf_counter() - begun
        connects(port)
        yield servers
    finally:
        for server in servers:
            if server.process.stdin is not None:
                server.process.stdin.close()
            server.process.wait()


def listening(port: int) -> int:
    """Return how many sockets listen on a port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def pss(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Return the memory of a process in MB: its share in all, and what of it is no file."""
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    found = {line.split()[0].rstrip(":"): int(line.split()[1]) / 1024 for line in lines[1:]}
    return {name: found[name] for name in ("Pss", "Pss_Anon", "Pss_File", "Pss_Shmem")}


@dataclass(frozen=True)
class Load:
    """What the generator does."""

    program: Path
    seconds: float
    records: int
    asked: dict[str, str]

    def run(
        self,
        transport: str,
        server: Server,
        depth: int,
        mode: str,
        size: int = 0,
        connections: int = CONNECTIONS,
    ) -> Run:
        """Load a server and return what came of it."""
        template = self.asked["template"]
        if mode == "echo" and size and transport == "udp":
            template += "00" * (size - len(template) // 2)
        echoed = size or len(template) // 2
        before = cpu_seconds(server.process.pid)
        said = subprocess.run(
            [
                self.program, transport, mode, "127.0.0.1", str(server.port), str(connections),
                str(depth), str(self.seconds), "0.5", str(GENERATOR_CORE), template,
                self.asked["offset"], self.asked["digits"], str(self.records),
                str(echoed),
            ],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        spent = cpu_seconds(server.process.pid) - before
        found = json.loads(said)
        if found["wrong"] or not found["answers"]:
            raise SystemExit(f"{transport}: wrong answers, or none: {found}")
        whole = found["answers"] * (self.seconds + 0.5) / self.seconds
        return Run(
            found["rate"],
            found["p50_us"],
            found["p99_us"],
            found["p50_ns"],
            spent / whole * 1e6,
        )


@dataclass(frozen=True)
class Run:
    """Answers a second, latencies, CPU of the server for each message."""

    rate: float
    p50: float
    p99: float
    p50_ns: float
    cpu_us: float


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def warm(home: Path) -> None:
    """Read the registry once, so that what is measured is no disk."""
    with (home / "node" / "registry" / "records.mdb").open("rb") as file:
        while file.read(1 << 24):
            pass


def line(name: str, runs: list[Run], against: list[Run] | None = None) -> float:
    """Print the medians of a series, and return its ratio to another."""
    middle = [statistics.median(getattr(run, what) for run in runs) for what in
              ("rate", "p50", "p99", "cpu_us")]  # fmt: skip
    ratio = 0.0
    said = ""
    if against:
        pairs = list(zip(runs, against, strict=True))
        ratio = statistics.median(own.rate / other.rate for own, other in pairs)
        by_cpu = statistics.median(other.cpu_us / own.cpu_us for own, other in pairs)
        said = f"  ratio {ratio:4.2f}, by CPU {by_cpu:4.2f}"
    print(
        f"{name:<34}{middle[0]:>10,.0f}/s  p50 {middle[1]:>6,.0f} us  p99 {middle[2]:>7,.0f} us"
        f"  CPU {middle[3]:5.2f} us{said}"
    )
    return ratio


def measure_udp(load: Load, server: Server, rounds: int) -> list[str]:
    """Print UDP against its peers; return the claims that do not hold."""
    own: list[Run] = []
    small: list[Run] = []
    large: list[Run] = []
    for _ in range(rounds):
        own.append(load.run("udp", server, UDP_DEPTH, "check"))
        with peer("udp") as other:
            small.append(load.run("udp", other, UDP_DEPTH, "echo"))
            large.append(load.run("udp", other, UDP_DEPTH, "echo", ANSWER_BYTES))
    line("UDP echo, our requests' size", small)
    line("UDP echo, our answers' size", large)
    ratio = min(line("UDP, ballast", own, small), line("  against the larger packets", own, large))
    return [f"UDP {ratio:.2f}"] if ratio < LIMIT else []


def measure_tcp(load: Load, server: Server, rounds: int) -> list[str]:
    """Print TCP against its peers at every depth; return the claim if it does not hold."""
    missed = []
    for depth in DEPTHS:
        own: list[Run] = []
        peers: dict[str, list[Run]] = {"raw": [], "framed": []}
        for _ in range(rounds):
            own.append(load.run("tcp", server, depth, "check"))
            for kind, runs in peers.items():
                with peer(kind) as other:
                    size = ANSWER_BYTES if kind == "framed" else 0
                    runs.append(load.run("tcp", other, depth, "echo", size))
        for kind, runs in peers.items():
            line(f"TCP {kind} echo, depth {depth}", runs)
            ratio = line(f"TCP ballast, depth {depth}", own, runs)
            if depth == 1 and ratio < LIMIT:
                missed.append(f"TCP against the {kind} echo: {ratio:.2f}")
    return missed


def measure_size(load: Load, folder: Path, rounds: int) -> list[str]:
    """Print start and resolution at 10 thousand and 10 million records."""
    homes = {count: folder / f"home-{count}" for count in (10_000, 10_000_000)}
    for count, home in homes.items():
        begun = time.perf_counter()
        fill(home, count)
        size = (home / "node" / "registry" / "records.mdb").stat().st_size
        print(f"{count:>12,} records: {size / 1e9:.2f} GB, {time.perf_counter() - begun:.0f} s")
    missed = []
    results: dict[tuple[int, str], list[Run]] = {}
    for _ in range(rounds):
        for count, home in homes.items():
            warm(home)
            sized = replace(load, records=count)
            with node(home) as (_, server):
                # Every page is touched once before it counts.
                replace(sized, seconds=min(60, load.seconds * 4)).run("udp", server, 32, "check")
                for name, transport, depth, connections in SIZED:
                    found = sized.run(transport, server, depth, "check", 0, connections)
                    results.setdefault((count, name), []).append(found)
                if server.start_seconds >= 1:
                    missed.append(f"start with {count:,}: {server.start_seconds:.2f} s")
                print(f"{count:>12,} records: worker up after {server.start_seconds:.2f} s")
    for name, _, _, connections in SIZED:
        few, many = results[10_000, name], results[10_000_000, name]
        line(f"{name}, 10 thousand", few)
        line(f"{name}, 10 million", many, few)
        longer = statistics.median(a.p50_ns / b.p50_ns for a, b in zip(many, few, strict=True))
        print(f"{name}: a resolution takes {longer:.2f} times as long")
        if connections == 1 and longer > 1 + SLOWER:
            missed.append(f"{name}: {longer:.2f} times as long with 10 million")
    return missed


def measure_memory(home: Path) -> None:
    """Print the memory of two workers and the writer."""
    with node(home, workers=2) as servers:
        for name, server in zip(("writer", "worker 1", "worker 2"), servers, strict=True):
            found = pss(server.process)
            print(
                f"{name}: PSS {found['Pss']:.0f} MB, of which anonymous {found['Pss_Anon']:.0f}, "
                f"files (code, pages of the registry) {found['Pss_File']:.0f}"
            )


def main() -> int:
    """Print the measurements; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ten-million", action="store_true")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    compiler = shutil.which("cc")
    if compiler is None or (os.cpu_count() or 1) < 2:
        print("skipped: this needs a C compiler (cc) and two cores")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "load"
        subprocess.run([compiler, "-O2", "-o", program, LOAD / "native.c"], check=True)
        home = Path(folder) / "home"
        begun = time.perf_counter()
        load = Load(program, asked.seconds, asked.records, fill(home, asked.records))
        print(
            f"{asked.records:,} records of four values in {time.perf_counter() - begun:.1f} s; "
            f"{asked.rounds} rounds of {asked.seconds:g} s in turn, medians; one worker"
        )
        warm(home)
        with node(home) as (_, server):
            print(f"worker up after {server.start_seconds:.2f} s")
            replace(load, seconds=asked.seconds * 2).run("udp", server, 32, "check")
            missed = measure_udp(load, server, asked.rounds)
            missed += measure_tcp(load, server, asked.rounds)
        measure_memory(home)
        if asked.ten_million:
            shutil.rmtree(home)
            missed += measure_size(load, Path(folder), asked.rounds)
    for claim in missed:
        print(f"below the claim: {claim}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
