"""Where the engine works: DuckDB in this process, or a Spark session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import duckdb
import pyarrow as pa

from theograph.errors import UsageError
from theograph.opportunities.plan import Dialect

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Workbench(Protocol):
    """An engine that keeps what it has worked out, so that nothing is worked out twice."""

    dialect: ClassVar[Dialect]

    def give(self, name: str, rows: pa.Table) -> None:
        """Make `rows` of ours a table of the engine."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Work `query` out now and keep it under `name`, in place of what had that name."""
        ...

    def add(self, name: str, query: str) -> None:
        """Work `query` out now and add its rows to the table `name`."""
        ...

    def count(self, name: str) -> int:
        """How many rows the table `name` has."""
        ...


class DuckDBWorkbench:
    """The embedded engine."""

    dialect: ClassVar[Dialect] = "duckdb"

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def give(self, name: str, rows: pa.Table) -> None:
        """See `Workbench`."""
        self._con.register(f"{name}_given", rows)
        self._con.execute(f"create or replace temp table {name} as from {name}_given")
        self._con.unregister(f"{name}_given")

    def keep(self, name: str, query: str) -> None:
        """See `Workbench`."""
        self._con.execute(f"create or replace temp table {name} as {query}")

    def add(self, name: str, query: str) -> None:
        """See `Workbench`."""
        self._con.execute(f"insert into {name} by name {query}")

    def count(self, name: str) -> int:
        """See `Workbench`."""
        ((found,),) = self._con.execute(f"select count(*) from {name}").fetchall()
        return int(found)


class SparkWorkbench:
    """A Spark session: `pip install theograph[spark]` brings one, a cluster has its own.

    The session's time zone must be UTC: our times have none. A session of Spark 4.0 needs
    `spark.sql.constraintPropagation.enabled` false, as `open_spark` sets it.
    """

    dialect: ClassVar[Dialect] = "pyspark"

    def __init__(self, session: SparkSession) -> None:
        self._session: Any = session

    def give(self, name: str, rows: pa.Table) -> None:
        """See `Workbench`."""
        self._session.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        """See `Workbench`; a checkpoint cuts the plan, which would otherwise grow and grow."""
        self._session.sql(query).localCheckpoint().createOrReplaceTempView(name)

    def add(self, name: str, query: str) -> None:
        """See `Workbench`."""
        both = self._session.table(name).unionByName(self._session.sql(query))
        both.localCheckpoint().createOrReplaceTempView(name)

    def count(self, name: str) -> int:
        """See `Workbench`."""
        return int(self._session.table(name).count())


@contextmanager
def open_spark(master: str = "local[2]") -> Iterator[SparkSession]:
    """A Spark session of our own on this machine, gone afterwards; `UsageError` without pyspark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(
            "the Spark engine is not installed; pip install 'theograph[spark]', and Java 17"
        ) from error
    builder: Any = SparkSession.builder
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.sql.session.timeZone": "UTC",
        # Spark 4.0 loses a column of a union in a join while it spreads constraints
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = builder.master(master).appName("theograph")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()
