"""How fast does the collector bring Sparkplug metrics from a publisher to the synced log?

    python benchmarks/plant_collect.py

mosquitto on loopback, one publisher process that sends messages encoded
beforehand, and one receiver: the collector's own process, or, for comparison, a
bare gmqtt client on uvloop that only counts. Both take turns, round after round,
with the same messages; the publisher sends as fast as the broker takes them, and
the broker queues what the receiver has not taken (nothing is dropped, or the
round fails). A round lasts from the first byte sent to the last message counted,
or to the last metric that is in the log behind a ``fdatasync``.

Claims: at 1 metric a message the collector reaches at least half the rate of the
bare client; at 100 metrics a message at least 1 million metrics a second; its
memory stays below 200 MB (the peak of its proportional set size, sampled every
50 ms; the peak resident set is printed beside it).

Ends with 1 if a claim does not hold.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gmqtt  # type: ignore[import-untyped]
import numpy as np
import uvloop

from ballast.plant.collect import COMMAND_MODULE, CollectorOrders
from ballast.plant.spool.live import read_live
from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import BD_SEQ, Metric, Payload, encode

MESSAGES = {1: 200_000, 100: 20_000}
ROUNDS = int(os.environ.get("R", "5"))
RATIO, METRICS_A_SECOND, MEGABYTES = 0.5, 1e6, 200.0
START = time.time_ns() // 1_000_000
NBIRTH, NDATA = "spBv1.0/bench/NBIRTH/node", "spBv1.0/bench/NDATA/node"
PATIENCE_S = 60.0


# ── what is sent ────────────────────────────────────────────────────────────────────────────────


def varint(number: int) -> bytes:
    """Return a number as MQTT and protobuf both write it."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes((*out, number))


def packet(topic: str, payload: bytes) -> bytes:
    """Return a PUBLISH of QoS 0."""
    body = struct.pack("!H", len(topic)) + topic.encode() + payload
    return b"\x30" + varint(len(body)) + body


def messages(size: int, count: int) -> bytes:
    """Return a birth and so many data messages of ``size`` doubles, as they stand on the wire."""
    metrics = tuple(Metric(f"tag {n}", 0.5, DataType.DOUBLE, n + 1, START) for n in range(size))
    born = Payload(START, (Metric(BD_SEQ, 0, DataType.INT64), *metrics), seq=0)
    values = np.random.default_rng(20261123).normal(20.0, 1.0, (count, size)).astype("<f8")
    heads = [b"\x10" + varint(n + 1) + b"\x18" for n in range(size)]
    kind = b"\x20" + varint(DataType.DOUBLE) + b"\x69"
    packets = [packet(NBIRTH, encode(born))]
    for number in range(count):
        sent = varint(START + 1 + number)
        raw = values[number].tobytes()
        told = b"".join(
            b"\x12" + varint(len(body)) + body
            for n, head in enumerate(heads)
            for body in [head + sent + kind + raw[8 * n : 8 * n + 8]]
        )
        payload = b"\x08" + sent + told + b"\x18" + varint((number + 1) % 256)
        packets.append(packet(NDATA, payload))
    return b"".join(packets)


def publish(port: int, path: Path) -> None:
    """Send a file of packets once told to; print when the first byte went."""
    body = struct.pack("!H4sBBHH", 4, b"MQTT", 4, 2, 0, 3) + b"gen"
    with socket.create_connection(("127.0.0.1", port)) as out:
        out.sendall(b"\x10" + varint(len(body)) + body)
        out.recv(4)
        data = path.read_bytes()
        print("ready", flush=True)
        sys.stdin.readline()
        print(time.monotonic(), flush=True)
        out.sendall(data)
        out.sendall(b"\xe0\x00")


async def count_bare(port: int, wanted: int) -> None:
    """Receive with gmqtt alone; print when all messages were counted."""
    client = gmqtt.Client("bare", clean_session=True)
    done = asyncio.Event()
    seen = 0

    def on_message(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == wanted:
            done.set()

    client.on_message = on_message
    await client.connect("127.0.0.1", port)
    client.subscribe("spBv1.0/#", qos=1)
    await asyncio.sleep(0.3)
    print("ready", flush=True)
    await asyncio.wait_for(done.wait(), PATIENCE_S)
    print(time.monotonic(), flush=True)
    await client.disconnect()


# ── who takes part ──────────────────────────────────────────────────────────────────────────────


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """Run a mosquitto that drops nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 0",
             *(["user root"] if os.getuid() == 0 else [])]  # fmt: skip
    path = folder / "mosquitto.conf"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with subprocess.Popen(["/usr/sbin/mosquitto", "-c", path], stderr=subprocess.DEVNULL) as run:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while True:
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if time.monotonic() > deadline:
                    raise SystemExit("mosquitto does not listen")
                time.sleep(0.02)
            yield port
        finally:
            run.terminate()


@contextmanager
def publisher(port: int, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Have a publisher ready."""
    with own("publish", str(port), str(path)) as process:
        expect_ready(process)
        yield process


@contextmanager
def own(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run this program in another part."""
    with started([sys.executable, __file__, *arguments]) as process:
        yield process


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program; whatever goes wrong, it does not outlive this."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def line(process: subprocess.Popen[str]) -> str:
    """Return the next line of a process."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def expect_ready(process: subprocess.Popen[str]) -> None:
    """Wait until a process is ready."""
    if line(process) != "ready":
        raise SystemExit("a part of the benchmark did not start")


def go(process: subprocess.Popen[str]) -> float:
    """Let a publisher begin; return when it did."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(line(process))


# ── rounds ──────────────────────────────────────────────────────────────────────────────────────


def bare_round(folder: Path, path: Path, count: int) -> float:
    """Return the seconds of a round of the bare client."""
    with broker(folder) as port, own("bare", str(port), str(count + 1)) as bare:
        expect_ready(bare)
        with publisher(port, path) as sender:
            begun = go(sender)
            return float(line(bare)) - begun


def collector_round(folder: Path, path: Path, metrics: int) -> tuple[float, float, float]:
    """Return seconds, peak PSS and peak RSS (MB) of a round of the collector."""
    home = Path(tempfile.mkdtemp(dir=folder))
    spool = home / "plant" / "spool"
    with broker(folder) as port:
        orders = CollectorOrders(str(home), "en", broker_host="127.0.0.1", broker_port=port)
        with started([sys.executable, "-m", COMMAND_MODULE]) as collector:
            assert collector.stdin is not None
            collector.stdin.write(orders.line() + "\n")
            collector.stdin.flush()
            deadline = time.monotonic() + PATIENCE_S
            while not ((live := read_live(spool)) and live.status.connected_since):
                if collector.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the collector did not start")
                time.sleep(0.05)
            with peak_of(collector.pid) as peak, publisher(port, path) as sender:
                begun = go(sender)
                ended = stored(spool, metrics)
            resident = proportional(collector.pid, "status", "VmHWM:")
            collector.terminate()
            collector.wait()
    return ended - begun, max(peak), resident


def stored(spool: Path, metrics: int) -> float:
    """Wait until so many metrics are in the log; return when."""
    reader, deadline = SpoolReader(spool), time.monotonic() + PATIENCE_S
    while reader.last(Stream.SAMPLES) + 1 < metrics:
        if time.monotonic() > deadline:
            raise SystemExit(f"metrics went missing: {reader.last(Stream.SAMPLES) + 1}")
        time.sleep(0.005)
    return time.monotonic()


@contextmanager
def peak_of(pid: int) -> Iterator[list[float]]:
    """Sample the proportional set size of a process, MB."""
    found, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            found.append(proportional(pid, "smaps_rollup", "Pss:"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def proportional(pid: int, file: str, name: str) -> float:
    """Return a figure of a process that the system tells in kB, in MB."""
    for told in Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines():
        if told.startswith(name):
            return int(told.split()[1]) / 1024
    return 0.0


def main() -> int:
    """Print rates, ratio and memory; 1 where a claim does not hold."""
    holds = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size, count in MESSAGES.items():
            path = folder / f"{size}.bin"
            path.write_bytes(messages(size, count))
            metrics = size * (count + 1)
            bare, ours, pss, rss = [], [], [], []
            for _ in range(ROUNDS):
                bare.append(count / bare_round(folder, path, count))
                seconds, proportion, resident = collector_round(folder, path, metrics)
                ours.append(count / seconds)
                pss.append(proportion)
                rss.append(resident)
            ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
            rate, reached = statistics.median(bare), statistics.median(ours)
            print(
                f"{size:3d} metrics a message: bare client {rate:8,.0f} messages/s, collector "
                f"{reached:8,.0f} messages/s = {reached * size:9,.0f} metrics/s in the log; "
                f"ratio {ratio:.2f}; memory {max(pss):.0f} MB (resident {max(rss):.0f} MB)"
            )
            holds &= ratio >= RATIO if size == 1 else reached * size >= METRICS_A_SECOND
            holds &= max(pss) < MEGABYTES
    print(
        f"claims: ratio >= {RATIO} at 1, {METRICS_A_SECOND:,.0f} metrics/s at 100, "
        f"< {MEGABYTES:.0f} MB: {'hold' if holds else 'MISSED'}"
    )
    return int(not holds)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["publish", port, path]:
            publish(int(port), Path(path))
        case ["bare", port, wanted]:
            uvloop.run(count_bare(int(port), int(wanted)))
        case _:
            sys.exit(main())
