"""One indicator of a nation by county and division, against bare DuckDB, and equal on Spark.

    python benchmarks/indicators.py                   a million enterprises, 36 months
    python benchmarks/indicators.py --thousands 20    a small nation, for trying out

Spark is asked where Java is.

Generated: every enterprise reports every month of three years (a few are below scale in some), and
one in twenty moved to another county in the last year. The question is the newest year to date:
12 of the 36 months, cut by the county where each was registered at the end and by the division of
its main industry. The peer is one SQL statement that knows the data: it reads the same files and
does the same sums, without declarations, periods, or a word on how many stand behind a figure.

Claim: from the files to an Arrow table within 5 s on DuckDB, for a flow and for a ratio of a flow
over a stock; every cell equal, to the last digit, to the bare statement's and to Spark's.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ballast.brain.indicators.compile import expression
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.facts import enterprise_facts
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import indicator
from ballast.errors import EngineMissing
from ballast.lake import store
from ballast.lake.engine import SparkEngine, require_spark
from ballast.lake.home import open_home
from ballast.lake.lake import Lake
from ballast.lake.ledger import LoadRow
from ballast.lake.tables import TABLES
from ballast.terms.industry import INDUSTRIAL_SECTIONS, industries
from ballast.terms.period import Period
from ballast.terms.region import valid_on
from ballast.terms.region_list import RegionLevel, level_of, tenures_by_code
from ballast.terms.scheme import IndustryLevel
from ballast.terms.viewer import operator

YEARS = (2024, 2025, 2026)
WANTED = Period.parse("2026-12ytd")
BY = (Dimension.REGION, Dimension.INDUSTRY_DIVISION)
CLAIM = 5.0
LOAD = "L0000001-00000000"
WHO = operator("benchmark")
Cells = dict[tuple[str, str], tuple[Any, ...]]

BARE = """
WITH who AS (
    SELECT uscc, region, substr(industry, 1, 2) AS division
    FROM read_parquet({enterprise}) WHERE valid_from <= DATE '2026-12-31'
    QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY valid_from DESC) = 1
), {sums}
"""
OUTPUT = """own AS (SELECT uscc, output_1e4_cny AS n FROM read_parquet({reported})
    WHERE above_scale AND period >= '2026')
SELECT region, division, sum(n), NULL FROM own JOIN who USING (uscc) GROUP BY ALL"""
PRODUCTIVITY = """own AS (
    SELECT uscc, sum(value_added_1e4_cny) AS n,
           max(employment_persons) FILTER (WHERE period = '2026-12') AS d
    FROM read_parquet({reported}) WHERE above_scale AND period >= '2026' GROUP BY uscc)
SELECT region, division, sum(n), sum(d) FROM own JOIN who USING (uscc)
WHERE n IS NOT NULL AND d IS NOT NULL GROUP BY ALL"""
QUESTIONS = {"output": OUTPUT, "labour_productivity": PRODUCTIVITY}


def counties() -> list[str]:
    """Return the codes of the counties that are valid in all three years."""
    days = [date(year, 7, 1) for year in (*YEARS, YEARS[0] - 1)]
    codes = sorted(tenures_by_code())
    return [
        c for c in codes if level_of(c) is RegionLevel.COUNTY and all(valid_on(c, d) for d in days)
    ]


def classes() -> list[str]:
    """Return the codes of the industrial classes."""
    return [c.code for s in INDUSTRIAL_SECTIONS for c in industries(IndustryLevel.CLASS, within=s)]


def generate(home: Path, enterprises: int) -> Lake:
    """Write a nation's tables as one load of a new home."""
    lake = Lake.create(home)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    for name, codes in (("places", counties()), ("industries", classes())):
        connection.register(name, pa.table({"at": range(len(codes)), "code": codes}))
    counts = {
        "enterprise": _write(lake, connection, "enterprise", _registered(connection, enterprises)),
        "enterprise_period": sum(
            _write(lake, connection, "enterprise_period", _reported(enterprises, year, month))
            for year in YEARS
            for month in range(1, 13)
        ),
    }
    lake.ledger.commit(
        LoadRow(
            load_id=LOAD, at=datetime(2027, 1, 15, tzinfo=UTC), tables=",".join(counts),
            recipe=None, file=None, file_hash=None, who=WHO.name, accepted=sum(counts.values()),
            refused=0, provenance="synthetic", note=None,
        )
    )  # fmt: skip
    return lake


def _registered(connection: duckdb.DuckDBPyConnection, enterprises: int) -> str:
    places, kinds = (
        connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
        for name in ("places", "industries")
    )
    # The second row of one in twenty: it moved in the middle of the last year.
    return f"""
    SELECT printf('91%016d', i) AS uscc, day AS valid_from, 'invented' AS name,
           'gb2260' AS region_scheme, p.code AS region, 'gbt4754-2017' AS industry_scheme,
           k.code AS industry
    FROM (SELECT i, DATE '2020-01-01' AS day, hash(i) % {places} AS place
          FROM range({enterprises}) t(i)
          UNION ALL
          SELECT i, DATE '2026-07-01', hash(i + 1) % {places} FROM range({enterprises}) t(i)
          WHERE hash(i + 2) % 20 = 0) e
    JOIN places p ON p.at = e.place JOIN industries k ON k.at = hash(i + 3) % {kinds}
    """


def _reported(enterprises: int, year: int, month: int) -> str:
    at = year * 12 + month
    return f"""
    SELECT printf('91%016d', i) AS uscc, '{year}-{month:02d}' AS period,
           hash(i, {at}) % 100 < 97 AS above_scale,
           (100 + hash(i, 1) % 9000 + hash(i, {at}, 1) % 500) + (hash(i, {at}) % 10000) / 10000.0
               AS output_1e4_cny,
           CASE WHEN hash(i, {at}, 2) % 50 > 0 THEN 20 + hash(i, 2) % 900 + hash(i, {at}) % 100 END
               AS value_added_1e4_cny,
           CASE WHEN hash(i, {at}, 3) % 50 > 0 THEN 5 + hash(i, 3) % 400 END AS employment_persons
    FROM range({enterprises}) t(i)
    """


def _write(lake: Lake, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
    """Append what a query gives, columns that it lacks empty, under the declared types."""
    schema = TABLES[table].stored_schema
    rows = connection.sql(query).to_arrow_table()
    columns = {
        field.name: rows[field.name].cast(field.type)
        if field.name in rows.column_names
        else pa.array([LOAD] * rows.num_rows, field.type)
        if field.name == "load_id"
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    }
    store.append(lake.directory(table), pa.table(columns, schema=schema))
    return int(rows.num_rows)


def compiled(lake: Lake, key: str) -> Cells:
    """Return numerator and denominator by county and division, as the room compiles them."""
    facts = enterprise_facts(lake, WHO, [WANTED])
    found = lake.engine.collect(expression(indicator(key), facts, BY, detail=False))
    return _cells(found.select(["region", "division", "numerator", "denominator"]))


def bare(lake: Lake, key: str) -> Cells:
    """Return the same by one statement that knows the data."""
    found = {
        name: repr(store.files(lake.directory(table)))
        for name, table in (("enterprise", "enterprise"), ("reported", "enterprise_period"))
    }
    sums = QUESTIONS[key].format(**found)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    answer = connection.sql(BARE.format(**found, sums=sums)).to_arrow_table()
    return _cells(answer.rename_columns(["region", "division", "numerator", "denominator"]))


def _cells(found: pa.Table) -> Cells:
    """Return the cells in which somebody reported all that is asked for."""
    rows = found.to_pylist()
    cells = {
        (r["region"], r["division"]): (_exact(r["numerator"]), _exact(r["denominator"]))
        for r in rows
    }
    return {cell: terms for cell, terms in cells.items() if terms != (None, None)}


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).normalize()


def seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Return how long a run takes, on the clock and of processors."""
    start, busy = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - start, time.process_time() - busy


def on_spark(home: Path) -> Lake | None:
    """Return the same home on Spark; ``None`` where there is no Java for it."""
    try:
        require_spark()
    except EngineMissing as missing:
        print(f"Spark: not measured ({missing})")
        return None
    return Lake(open_home(home), SparkEngine())


def main() -> int:
    """Generate, measure, compare, and say whether the claim holds."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--thousands", type=int, default=1000, help="of enterprises")
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--home", type=Path, help="generate here and keep it, or use what is here")
    chosen = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder) / "home"
        if home.exists():
            lake = Lake.open(home)
        else:
            taken, _ = seconds(lambda: generate(home, chosen.thousands * 1000))
            print(
                f"generated in {taken:.0f} s, {chosen.thousands:,} thousand enterprises x 36 months"
            )
            lake = Lake.open(home)
        return measure(lake, home, chosen.rounds)


def measure(lake: Lake, home: Path, rounds: int) -> int:
    """Print the table; 0 where the claim holds.

    Processor seconds stand beside, since the clock of a machine busy with other work says nothing
    of the program: on two idle cores half of them is the least that the clock can show.
    """
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; medians of {rounds} rounds")
    heads = ("cells", "bare s", "compiled s", "ratio", "bare cpu", "compiled cpu")
    print(f"{'indicator':<22}" + "".join(f"{h:>13}" for h in heads) + f"  claim <= {CLAIM} s")
    holds, answers = True, {}
    for key in QUESTIONS:
        runs = (partial(bare, lake, key), partial(compiled, lake, key))
        expected, found = runs[0](), runs[1]()
        equal = expected == found
        taken = [(*seconds(runs[0]), *seconds(runs[1])) for _ in range(rounds)]
        plain, plain_cpu, own, own_cpu = map(statistics.median, zip(*taken, strict=True))
        holds = holds and equal and own <= CLAIM
        verdict = ("holds" if own <= CLAIM else "MISSED") + ("" if equal else ", CELLS DIFFER")
        figures = (plain, own, own / plain, plain_cpu, own_cpu)
        print(f"{key:<22}{len(found):>13,}" + "".join(f"{x:>13.2f}" for x in figures), verdict)
        answers[key] = found
    question = Question(("output",), BY, period=WANTED)
    whole, whole_cpu = seconds(lambda: evaluate(lake, WHO, question))
    print(
        f"output as a whole answer, coverage and sources of every cell: {whole:.2f} s, "
        f"of processors {whole_cpu:.2f} s"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:,.0f} MB")
    if (spark := on_spark(home)) is not None:
        for key, expected in answers.items():
            start = time.perf_counter()
            equal = compiled(spark, key) == expected
            holds = holds and equal
            verdict = "equal" if equal else "DIFFERENT"
            print(f"Spark, {key}: {time.perf_counter() - start:.1f} s, {verdict} in all cells")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
