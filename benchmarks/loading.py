"""Loading a CSV of 1 million rows, validated, against polars.read_csv plus a Delta write.

    python benchmarks/loading.py

The rows are monthly figures of 20,000 invented enterprises: codes with check
characters, periods, a flag, five amounts of money, a count of persons. Ours
reads, checks every cell and every key, and commits; the peer reads with
inferred types and writes, checking nothing. Both end on the disk in Delta
tables. Claim: within 4 times the peer's time. The two run in turn, several
times; the medians count.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from deltalake import write_deltalake

from ballast.lake.lake import Lake
from ballast.lake.loading import load_file
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import month
from ballast.terms.viewer import operator

ENTERPRISES, MONTHS, RUNS, LIMIT = 20_000, 50, 5, 4.0


def write_input(path: Path) -> None:
    """Write the CSV that both sides read."""
    rng = np.random.default_rng(20260601)
    codes = [with_check_character(f"91371502{n:09d}") for n in range(ENTERPRISES)]
    periods = [str(month(2022, 1) + n) for n in range(MONTHS)]
    rows = ENTERPRISES * MONTHS
    money = {
        name: np.round(rng.lognormal(6, 1, rows), 4)
        for name in ("output", "value_added", "revenue", "profit", "tax")
    }
    pl.DataFrame(
        {
            "uscc": np.repeat(codes, MONTHS),
            "period": np.tile(periods, ENTERPRISES),
            "above_scale": np.repeat(rng.random(ENTERPRISES) < 0.2, MONTHS),
            **{f"{name}_1e4_cny": values for name, values in money.items()},
            "employment_persons": rng.integers(5, 3000, rows),
        }
    ).write_csv(path)


def ours(source: Path, home: Path) -> None:
    """Load the file into a new home."""
    report = load_file(Lake.create(home), "enterprise_period", source, operator("bench"))
    if (report.accepted, report.refused) != (ENTERPRISES * MONTHS, 0):
        raise SystemExit(f"rows went missing: {report}")


def peer(source: Path, table: Path) -> None:
    """Read and write, with nothing between."""
    write_deltalake(table, pl.read_csv(source))


def timed(run: Callable[[Path, Path], None], source: Path) -> float:
    """Return the seconds of one run into a new directory."""
    target = Path(tempfile.mkdtemp())
    start = time.perf_counter()
    run(source, target / "out")
    seconds = time.perf_counter() - start
    shutil.rmtree(target)
    return seconds


def main() -> int:
    """Print the medians and their ratio; 1 where the claim does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "enterprise_period.csv"
        write_input(source)
        peer_peak = ours_peak = 0
        pairs = []
        for number in range(RUNS + 1):
            bare = timed(peer, source)
            peer_peak = peer_peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            own = timed(ours, source)
            if number:  # the first pair warms caches and imports
                pairs.append((own, bare))
        ours_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = source.stat().st_size / 1e6
    own, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"CSV of {ENTERPRISES * MONTHS:,} rows, {size:.0f} MB; median of {RUNS} runs in turn")
    print(f"polars.read_csv + Delta write   {bare:6.2f} s   peak {peer_peak / 1024:6.0f} MB")
    print(f"ballast, validated, committed   {own:6.2f} s   peak {ours_peak / 1024:6.0f} MB")
    print(f"ratio {ratio:.2f} (claim: at most {LIMIT:g})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
