"""What does the durable log cost above the disk itself? Ratios against bare write + fdatasync.

The peer writes the same number of bytes, made beforehand, to a file of its own
and forces them to the disk: no numbers, no checksum, no columns. Log and peer
take turns, commit by commit, so that a disk that is busy is busy for both.
Two sizes: 10,000 samples a commit (a plant at full speed) and one sample a
commit (a lone machine, where nothing but the sync should be felt). Then
messages of 100 samples put one by one, and the log read back by a shipper.

    python benchmarks/plant_spool.py [seconds a measurement]
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ballast.plant.spool.reader import SpoolReader, Stream
from ballast.plant.spool.samples import Samples
from ballast.plant.spool.spool import Bounds, Spool

SECONDS = 4.0
MOST_BYTES = 3 << 30
TAGS = 1000


def samples(spool: Spool, count: int) -> Samples:
    """Return samples of a thousand tags, as a collector hands them on."""
    tags = np.array([spool.number(f"shop/machine-{n}/load") for n in range(min(TAGS, count))])
    rng = np.random.default_rng(7)
    times = 1_780_000_000_000 + np.arange(count)
    return Samples.of(np.resize(tags, count), times, rng.random(count), received_at=times + 5)


def timed(action: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def against_bare(folder: Path, rows: int, seconds: float) -> None:
    """Commit rows and write bare bytes in turns, and print both."""
    bare = os.open(folder / f"bare-{rows}", os.O_RDWR | os.O_CREAT)
    ours: list[float] = []
    theirs: list[float] = []
    with Spool.open(folder / f"spool-{rows}", bounds=Bounds(waiting_bytes=MOST_BYTES)) as spool:
        part = samples(spool, rows)
        spool.put(part)
        spool.commit()
        before = spool.waiting().bytes
        spool.put(part)
        spool.commit()
        size = spool.waiting().bytes - before
        data = os.urandom(size)
        place = 0
        until = time.perf_counter() + seconds

        def write() -> None:
            os.pwrite(bare, data, place)
            os.fdatasync(bare)

        def commit() -> None:
            spool.put(part)
            spool.commit()

        while time.perf_counter() < until and spool.room() > size:
            ours.append(timed(commit))
            theirs.append(timed(write))
            place += size
    os.close(bare)
    log, peer = statistics.median(ours), statistics.median(theirs)
    print(f"{rows:,} samples a commit ({size:,} bytes), {len(ours)} commits: "
          f"log {log * 1e3:.3f} ms, bare {peer * 1e3:.3f} ms (medians); "
          f"{sum(theirs) / sum(ours):.2f} x of the bare rate over all; "
          f"{rows * len(ours) / sum(ours):,.0f} samples/s")  # fmt: skip


def small_messages(folder: Path, seconds: float) -> None:
    """Put messages of 100 samples, with a commit each 100 of them."""
    count = 0
    with Spool.open(folder / "messages", bounds=Bounds(waiting_bytes=MOST_BYTES)) as spool:
        part = samples(spool, 100)
        begun = time.perf_counter()
        while time.perf_counter() < begun + seconds and spool.room() > 1 << 20:
            for _ in range(100):
                spool.put(part)
            spool.commit()
            count += 10_000
        spent = time.perf_counter() - begun
    print(f"messages of 100 samples, a commit each 100 messages: {count / spent:,.0f} samples/s")


def read_back(folder: Path, name: str, limit: int) -> None:
    """Read a log as the shipper does, forgetting as it goes."""
    reader = SpoolReader(folder / name)
    count = 0
    begun = time.perf_counter()
    for last, part in reader.samples(-1, limit):
        count += len(part)
        reader.forget(Stream.SAMPLES, last)
    spent = time.perf_counter() - begun
    if count != reader.last(Stream.SAMPLES) + 1:
        sys.exit(f"{count} samples read of {reader.last(Stream.SAMPLES) + 1}")
    print(f"{name} read back: {count:,} samples, {count / spent:,.0f} a second")


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory(prefix="ballast-spool-") as name:
        folder = Path(name)
        against_bare(folder, 10_000, seconds)
        against_bare(folder, 1, seconds)
        small_messages(folder, seconds)
        read_back(folder, "spool-10000", 100_000)
        read_back(folder, "spool-1", 100_000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process at most: {memory:.0f} MB")


if __name__ == "__main__":
    main()
