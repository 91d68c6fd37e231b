"""How many Sparkplug metrics a second are parsed, read by the birth's table, and put into columns?

    python benchmarks/sparkplug_decode.py

One process, one core, no network: messages of 1, 10 and 100 metrics (double, named by alias, each
with its time) are taken through four stages, each including what the one before it does:

- parse: the bytes through the official protobuf, nothing read;
- read: and the readings by the table of the birth;
- host: and the whole state machine, sequence and all;
- columns: and 10,000 readings at a time turned into numpy columns.

``whole`` makes the frozen metrics of the general path instead, to show what the fast one saves. The
stages take turns, round after round; the medians count. A second is one of this process's CPU time,
for neighbours on a shared machine take turns with it too. The claim: at 100 metrics a message the
host and its columns handle at least 1 million metrics a CPU second.

Measured 2026-11-23, two shared cores of a Xeon under a load of 6, in million metrics a CPU second
(parse, read, host, columns, whole): 1 a message 1.39, 0.42, 0.11, 0.10, 0.14; 10 a message 9.11,
1.43, 0.78, 0.66, 0.21; 100 a message 22.1, 2.00, 1.57, 1.29, 0.23.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from ballast.plant.host.actions import Samples
from ballast.plant.host.application import Host, HostSettings
from ballast.plant.wire.birth import birth_table
from ballast.plant.wire.columns import columns
from ballast.plant.wire.datatype import DataType
from ballast.plant.wire.payload import Metric, Payload, decode, encode
from ballast.plant.wire.readings import Readings, read
from ballast.plant.wire.schema import parse

METRICS, ROUNDS, CLAIM, BATCH = 200_000, 5, 1e6, 10_000
START = 1_700_000_000_000


def message(seq: int, size: int, *, names: bool = False) -> bytes:
    """Return one message of ``size`` metrics."""
    metrics = tuple(
        Metric(f"t{n}" if names else None, n + seq / 7, DataType.DOUBLE, n + 1, START + seq)
        for n in range(size)
    )
    return encode(Payload(START + seq, metrics, seq=seq % 256))


def stages(size: int) -> dict[str, Callable[[], int]]:
    """Return the stages over messages of one size; each returns how many metrics it handled."""
    birth = message(0, size, names=True)
    table = birth_table(parse(birth))
    data = [message(1 + n, size) for n in range(METRICS // size)]

    def parsed() -> int:
        return sum(len(parse(one).metrics) for one in data)

    def was_read() -> int:
        return sum(len(read(parse(one), table, START, one).tags) for one in data)

    def whole() -> int:
        return sum(len(decode(one).metrics) for one in data)

    def heard() -> list[Readings]:
        host = Host(HostSettings("bench"))
        host.connect(START)
        host.connected(START)
        host.received("spBv1.0/g/NBIRTH/n", birth, START)
        topic, kept = "spBv1.0/g/NDATA/n", []
        for one in data:
            kept += [a.readings for a in host.received(topic, one, START) if isinstance(a, Samples)]
        return kept

    def in_columns() -> int:
        kept = heard()
        numbers = {kept[0].table: np.arange(size)}
        step = max(1, BATCH // size)
        parts = (columns(kept[n : n + step], numbers) for n in range(0, len(kept), step))
        return sum(len(column.tag) for part in parts for column in part.values())

    return {
        "parse": parsed,
        "read": was_read,
        "host": lambda: sum(len(one.tags) for one in heard()),
        "columns": in_columns,
        "whole": whole,
    }


def main() -> int:
    """Print metrics a CPU second of each stage; 1 where the claim does not hold."""
    reached = 0.0
    for size in (1, 10, 100):
        rates: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, stage in stages(size).items():
                start = time.process_time()
                handled = stage()
                rates.setdefault(name, []).append(handled / (time.process_time() - start))
                if handled != METRICS:
                    raise SystemExit(f"{name}: metrics went missing: {handled}")
        medians = {name: statistics.median(found) for name, found in rates.items()}
        told = "  ".join(f"{name} {rate / 1e6:6.2f} M/s" for name, rate in medians.items())
        print(f"{size:3d} metrics a message:  {told}")
        reached = medians["columns"]
    print(
        f"host and columns at 100 a message: {reached / 1e6:.2f} M/s (claim: {CLAIM / 1e6:g} M/s)"
    )
    return int(reached < CLAIM)


if __name__ == "__main__":
    sys.exit(main())
