"""The two engines, as one fixture: every test that asks for it runs on both.

Spark is started once for the whole run and all its tests go to one worker,
because a second session costs seconds and a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ballast.errors import EngineMissing
from ballast.lake.engine import DuckEngine, SparkEngine, require_spark, start_spark

Rows = list[dict[str, Any]]
Columns = Mapping[str, Sequence[Any] | pa.Array]

SPARK = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


class Side:
    """One engine under test: tables in, rows out.

    Parameters
    ----------
    name
        ``duckdb`` or ``spark``.
    memory
        Makes an Arrow table one of the engine's.
    collect
        Runs an expression. Spark answers through a Parquet file: its way out
        through pandas turns a missing integer into NaN, and its way out
        through a socket leaves the socket open.
    """

    def __init__(
        self,
        name: str,
        memory: Callable[[pa.Table], ir.Table],
        collect: Callable[[ir.Table], pa.Table],
    ) -> None:
        self.name = name
        self.memory = memory
        self.collect = collect

    def table(self, columns: Columns) -> ir.Table:
        """Return columns as a table of this engine."""
        return self.memory(pa.table(dict(columns)))

    def rows(self, table: ir.Table, *order: str) -> Rows:
        """Return the rows of an expression, ordered."""
        answer = self.collect(table)
        if order:
            answer = answer.sort_by([(name, "ascending") for name in order])
        found: Rows = answer.to_pylist()
        return found


@pytest.fixture(scope="session")
def duckdb_side() -> Side:
    engine = DuckEngine()
    return Side("duckdb", engine.memory, lambda table: table.to_pyarrow())


@pytest.fixture(scope="session")
def spark_side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    try:
        require_spark()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    session = start_spark()
    engine = SparkEngine(session)

    answers = tmp_path_factory.mktemp("spark-answers")

    def collect(table: ir.Table) -> pa.Table:
        path = answers / f"{uuid4()}"
        session.sql(engine._connection.compile(table)).write.parquet(str(path))
        return pq.read_table(path)

    yield Side("spark", engine.memory, collect)
    engine.close()
    session.stop()


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=SPARK)])
def side(request: pytest.FixtureRequest) -> Side:
    """Return each engine in turn."""
    found: Side = request.getfixturevalue(f"{request.param}_side")
    return found


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Rows, Rows], None]:
    """Return a check that two answers are equal: NULL for NULL, numbers to 1e-12."""

    def check(found: Rows, expected: Rows) -> None:
        assert len(found) == len(expected)
        for mine, theirs in zip(found, expected, strict=True):
            assert mine.keys() == theirs.keys()
            for name, value in mine.items():
                if isinstance(value, float) and theirs[name] is not None:
                    # Sums are added in another order: the last bits may differ.
                    assert value == pytest.approx(theirs[name], rel=1e-12, abs=1e-14), mine
                else:
                    assert value == theirs[name], (name, mine, theirs)

    return check
