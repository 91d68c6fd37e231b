"""The engines: DuckDB in the process, or Spark; the same Ibis expressions on both.

A table of the lake reaches an engine as a list of Parquet files. That is not
the obvious way (Ibis can read Delta itself) but Ibis's own reader wants an
extension from the internet, and the Arrow-dataset way is half as fast.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from ballast.errors import EngineMissing, WrongUsage

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


#: So many tables stay open in one connection; each is a view of a few hundred bytes a file.
MOST_OPEN = 2048


class Engine(Protocol):
    """What the lake asks of an engine."""

    name: str

    def open(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return the rows of Parquet files as an Ibis table of exactly this schema."""
        ...

    def memory(self, rows: pa.Table) -> ir.Table:
        """Return a small table as an Ibis table of this engine."""
        ...

    def lent(self, rows: pa.Table) -> AbstractContextManager[ir.Table]:
        """Give a small table as ``memory`` does, for as long as this holds and no longer."""
        ...

    def collect(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an expression over this engine's tables."""
        ...


class DuckEngine:
    """DuckDB in the process."""

    name = "duckdb"

    def __init__(self, *, threads: int | None = None) -> None:
        config: dict[str, Any] = {"autoinstall_known_extensions": "false"}
        if threads is not None:
            config["threads"] = threads
        self._connection = ibis.duckdb.connect(**config)
        self._connection.raw_sql("SET enable_progress_bar = false")
        # The files of a table never change. Their footers, read again for every question, cost
        # more than a narrow question itself: 1 MB of memory a file, freed where memory is short.
        self._connection.raw_sql("SET parquet_metadata_cache = true")
        self._open: dict[tuple[pa.Schema, tuple[str, ...]], ir.Table] = {}

    def open(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return the rows of Parquet files as an Ibis table of exactly this schema.

        The same files are one table, however often they are asked for: a page that asks every
        few seconds would else leave the connection a view each time.
        """
        key = (schema, tuple(files))
        found = self._open.get(key)
        if found is None:
            if len(self._open) >= MOST_OPEN:
                self._close_oldest()
            found = self._open[key] = self._opened(list(files), schema)
        return found

    def _opened(self, files: list[str], schema: pa.Schema) -> ir.Table:
        if not files:
            return self.memory(schema.empty_table())
        return _conform(self._connection.read_parquet(files, union_by_name=True), schema)

    def _close_oldest(self) -> None:
        """Drop the view that was opened first; who holds its table has long had the answer."""
        key = next(iter(self._open))
        found = self._open.pop(key)
        (named,) = found.op().find(ops.DatabaseTable)
        if key[1]:
            self._connection.con.execute(f'DROP VIEW IF EXISTS "{named.name}"')
        else:
            self._connection.con.unregister(named.name)

    def memory(self, rows: pa.Table) -> ir.Table:
        """Return a small table as an Ibis table of this engine."""
        name = ibis.util.gen_name("memory")
        self._connection.con.register(name, rows)
        return self._connection.table(name)

    @contextmanager
    def lent(self, rows: pa.Table) -> Iterator[ir.Table]:
        """Give a small table as ``memory`` does, for as long as this holds and no longer.

        Not ``ibis.memtable``, whose rows stay with the connection until the process ends.
        """
        found = self.memory(rows)
        try:
            yield found
        finally:
            self._connection.con.unregister(found.get_name())

    def collect(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an expression over this engine's tables."""
        return expression.to_pyarrow()


class SparkEngine:
    """A Spark session, local or a cluster's."""

    name = "spark"

    def __init__(self, session: SparkSession | None = None) -> None:
        self._session = session or start_spark()
        self._connection = ibis.pyspark.connect(self._session)
        self._scratch = Path(tempfile.mkdtemp(prefix="ballast-spark-"))
        # Every answer comes through here, also that of an expression asked by itself.
        self._connection.to_pyarrow = self._answer

    def open(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return the rows of Parquet files as an Ibis table of exactly this schema."""
        if not files:
            return self.memory(schema.empty_table())
        frame = self._session.read.option("mergeSchema", "true").parquet(*files)
        name = ibis.util.gen_name("files")
        frame.createOrReplaceTempView(name)
        return _conform(self._connection.table(name), schema)

    def memory(self, rows: pa.Table) -> ir.Table:
        """Return a small table as an Ibis table of this engine.

        Through a Parquet file: Spark's own way in from Arrow or pandas loses
        decimals and the types of empty columns.
        """
        path = self._scratch / f"{ibis.util.gen_name('memory')}.parquet"
        pq.write_table(rows, path)
        return self.open([str(path)], rows.schema)

    @contextmanager
    def lent(self, rows: pa.Table) -> Iterator[ir.Table]:
        """Give a small table as ``memory`` does; its file goes with the others, at ``close``."""
        yield self.memory(rows)

    def collect(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an expression over this engine's tables."""
        answer: pa.Table = self._answer(expression)
        return answer

    def _answer(self, expression: ir.Expr, /, **_: object) -> Any:
        """Return what ``expression.to_pyarrow()`` promises: a table, a column or a scalar.

        Through a Parquet file again: Ibis's own way out leads through pandas,
        which turns a missing whole number into NaN.
        """
        whole = expression.as_table()
        path = self._scratch / ibis.util.gen_name("answer")
        self._session.sql(self._connection.compile(whole)).write.parquet(str(path))
        answer = pq.read_table(path).cast(whole.schema().to_pyarrow())
        shutil.rmtree(path, ignore_errors=True)
        return expression.__pyarrow_result__(answer)

    def close(self) -> None:
        """Remove the scratch files; the session is its owner's to stop."""
        shutil.rmtree(self._scratch, ignore_errors=True)


def start_spark(threads: int = 2) -> SparkSession:
    """Start a local Spark session that listens on loopback alone.

    Raises
    ------
    EngineMissing
        If pyspark or Java is not installed.
    """
    require_spark()
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    scratch = Path(tempfile.mkdtemp(prefix="ballast-spark-"))
    (scratch / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={scratch}/log4j2.properties",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }
    # Spark asks for the address of the machine's own name before it reads a setting, and fails
    # where that name has none; a local session needs loopback alone.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    builder = SparkSession.builder.appName("ballast").master(f"local[{threads}]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session: SparkSession = builder.getOrCreate()
    except PySparkRuntimeError:
        raise EngineMissing(
            "Spark did not start; it needs Java 17: point JAVA_HOME at one"
        ) from None
    return session


# Spark says much on standard error before any setting of its log level is read.
_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""


def require_spark() -> None:
    """Say what Spark lacks here, without starting it.

    Raises
    ------
    EngineMissing
        If pyspark or Java is not installed.
    """
    if find_spec("pyspark") is None:
        raise EngineMissing("Spark is not installed; install it with: pip install 'ballast[spark]'")
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise EngineMissing(
            "Spark needs Java 17 and none was found; install openjdk-17-jre-headless, "
            "or set JAVA_HOME"
        )


def engine(name: str) -> Engine:
    """Return an engine by its name, ``duckdb`` or ``spark``.

    Raises
    ------
    WrongUsage
        If there is no engine of that name.
    """
    if name == DuckEngine.name:
        return DuckEngine()
    if name == SparkEngine.name:
        return SparkEngine()
    raise WrongUsage("there is no engine {name}; there are: duckdb, spark", name=name)


def _conform(found: ir.Table, schema: pa.Schema) -> ir.Table:
    """Select the declared columns, a column that older files lack as nulls of its type."""
    wanted = ibis.Schema.from_pyarrow(schema)
    return found.select(
        **{
            name: (found[name].cast(kind) if found.schema()[name] != kind else found[name])
            if name in found.columns
            else ibis.null(kind)
            for name, kind in wanted.items()
        }
    )
