"""How fast are the measures? Location quotients and Ellison–Glaeser over 5 million establishments.

The claim: end to end, from the rows to an Arrow table of results, each takes
at most 1.5 times the bare DuckDB GROUP BY that it cannot do without:

- location quotients need ``SELECT region, industry, sum(size) … GROUP BY region, industry``;
- Ellison–Glaeser needs the same with ``sum(size²)`` and ``count(size)``.

The data are seeded: 3,000 regions × 700 industries with codes as text, as the
lake holds them, about 1.9 million cells. They are read from a table in memory,
where scanning is cheapest and the measure has least to hide behind, and from a
Parquet file, as the lake has them.

All four programs take turns, round after round, in one process, so that
whatever else the machine does falls on all of them. The ratio is the median of
the rounds' own ratios; seconds are medians too.
Peak memory is each program's own: a fresh process that opens the Parquet file
and runs it once (maximum resident set, from getrusage).

    python benchmarks/measures.py

Ends with 1 if the claim does not hold.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ballast.brain.measures import ellison_glaeser, location_quotients

SEED = 2024
ROWS, REGIONS, INDUSTRIES = 5_000_000, 3_000, 700
ROUNDS = 5
CLAIM = 1.5

BARE = {
    "location quotients": "SELECT region, industry, sum(size) FROM {source} GROUP BY ALL",
    "Ellison–Glaeser": (
        "SELECT region, industry, sum(size), sum(size * size), count(size) "
        "FROM {source} GROUP BY ALL"
    ),
}
MEASURES: dict[str, Callable[[ir.Table], ir.Table]] = {
    "location quotients": lambda rows: location_quotients(rows, value="size"),
    "Ellison–Glaeser": lambda rows: ellison_glaeser(rows, size="size"),
}


def establishments() -> pa.Table:
    """Return the seeded rows: region and industry as text, size in persons."""
    generator = np.random.default_rng(SEED)

    def codes(first: int, count: int) -> pa.Array:
        names = pa.array([str(first + i) for i in range(count)])
        drawn = pa.array(generator.integers(0, count, ROWS, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(drawn, names).cast(pa.string())

    size = np.ceil(generator.lognormal(2.0, 1.2, ROWS)).astype(np.int64)
    return pa.table(
        {"region": codes(100_000, REGIONS), "industry": codes(1_000, INDUSTRIES), "size": size}
    )


def programs(path: Path, source: str) -> dict[tuple[str, str], Callable[[], int]]:
    """Return what to run: (measure, bare or measured) to a function that gives its rows."""
    connection = ibis.duckdb.connect()
    connection.raw_sql("SET enable_progress_bar = false")
    if source == "memory":
        connection.raw_sql(f"CREATE TABLE rows AS FROM read_parquet('{path}')")
    else:
        connection.raw_sql(f"CREATE VIEW rows AS FROM read_parquet('{path}')")
    rows = connection.table("rows")

    def bare(name: str) -> Callable[[], int]:
        statement = BARE[name].format(source="rows")
        return lambda: int(connection.con.sql(statement).to_arrow_table().num_rows)

    def measured(name: str) -> Callable[[], int]:
        return lambda: int(MEASURES[name](rows).to_pyarrow().num_rows)

    return {
        (name, kind): make(name)
        for name in MEASURES
        for kind, make in (("bare", bare), ("measured", measured))
    }


def rounds(path: Path, source: str) -> dict[tuple[str, str], list[float]]:
    """Return the seconds of each program in each round, all taking turns."""
    chosen = programs(path, source)
    taken: dict[tuple[str, str], list[float]] = {key: [] for key in chosen}
    for program in chosen.values():
        program()
    for _ in range(ROUNDS):
        for key, program in chosen.items():
            start = time.perf_counter()
            program()
            taken[key].append(time.perf_counter() - start)
    return taken


def peak_megabytes(path: Path, key: tuple[str, str]) -> float:
    """Return the maximum resident set of this process after running one program."""
    programs(path, "parquet")[key]()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Run, print a table, and say whether the claim holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "establishments.parquet"
        pq.write_table(establishments(), path, compression="zstd")
        pool = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            max_tasks_per_child=1,
        )
        with pool:
            peaks = {
                (name, kind): pool.submit(peak_megabytes, path, (name, kind)).result()
                for name in MEASURES
                for kind in ("bare", "measured")
            }
        taken = {source: rounds(path, source) for source in ("memory", "parquet")}

    print(f"{ROWS:,} establishments, {REGIONS:,} regions x {INDUSTRIES} industries, seed {SEED};")
    print("bare: DuckDB's own GROUP BY region, industry alone, to an Arrow table; all: the measure")
    print(f"from the same rows to an Arrow table; medians of {ROUNDS} rounds, taking turns\n")
    print(
        f"{'measure':<20}{'rows from':<11}{'bare s':>8}{'all s':>8}{'ratio':>7}  claim <= {CLAIM}"
    )
    holds = True
    for source, seconds in taken.items():
        for name in MEASURES:
            bare, measured = seconds[name, "bare"], seconds[name, "measured"]
            ratio = statistics.median(m / b for m, b in zip(measured, bare, strict=True))
            holds = holds and ratio <= CLAIM
            verdict = "holds" if ratio <= CLAIM else "MISSED"
            b, m = statistics.median(bare), statistics.median(measured)
            print(f"{name:<20}{source:<11}{b:>8.3f}{m:>8.3f}{ratio:>7.2f}  {verdict}")
    print("\npeak memory (fresh process, from Parquet)")
    for name in MEASURES:
        print(
            f"{name:<20}bare {peaks[name, 'bare']:,.0f} MB, "
            f"measured {peaks[name, 'measured']:,.0f} MB"
        )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
