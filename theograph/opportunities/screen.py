"""Screening everyone in a snapshot, some tens of thousands of people at a time.

A slice at a time keeps memory the same however many people there are; each person's rows
stand together in the files, so a slice reads little more than its own.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from theograph.opportunities.engine import FOUND, ORDER, READ, detect_opportunities
from theograph.opportunities.rulebook import Rulebook
from theograph.opportunities.workbench import DuckDBWorkbench, SparkWorkbench
from theograph.progress import Progress, say_nothing
from theograph.record.tables import FEEDS, OPPORTUNITIES
from theograph.sql_text import quote

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

PEOPLE_AT_ONCE: Final = 50_000


def screen_people(
    folder: Path,
    rulebook: Rulebook,
    *,
    as_of: date,
    at_once: int = PEOPLE_AT_ONCE,
    progress: Progress = say_nothing,
) -> int:
    """Write `opportunities.parquet` beside the tables in `folder`; returns how many there are.

    `as_of` is the last day of the data for people who have none of their own. `progress` runs
    from 0 to 1.
    """
    with duckdb.connect() as sql:
        sql.execute("set temp_directory = $folder", {"folder": str(folder / ".spill")})
        sql.execute("set timezone = 'UTC'")
        sql.execute("set preserve_insertion_order = false")
        _open_tables(sql, folder)
        slices = _slice_people(sql, at_once)
        bench = DuckDBWorkbench(sql)
        for number, bounds in enumerate(slices):
            progress("Looking for missed opportunities", number / len(slices))
            _choose_slice(sql, bounds)
            detect_opportunities(bench, rulebook.rules, rulebook.concepts, as_of=as_of)
            # slices follow each other as their people do, so that each is put in order by itself
            sql.execute(
                f"insert into every_opportunity by name from {FOUND} order by {', '.join(ORDER)}"
            )
        sql.execute("set preserve_insertion_order = true")
        sql.execute(
            f"copy every_opportunity to {quote(folder / f'{OPPORTUNITIES.name}.parquet')} "
            "(format parquet, compression zstd, row_group_size 50000)"
        )
        ((found,),) = sql.execute("select count(*) from every_opportunity").fetchall()
        return int(found)


def screen_with_spark(
    folder: Path, rulebook: Rulebook, session: SparkSession, *, as_of: date
) -> pa.Table:
    """The opportunities of everyone in `folder`, worked out by Spark, in the same order."""
    for table in READ:
        rows = session.read.parquet(str(folder / f"{table.name}.parquet"))
        rows.createOrReplaceTempView(table.name)
    detect_opportunities(SparkWorkbench(session), rulebook.rules, rulebook.concepts, as_of=as_of)
    found: pa.Table = session.table(FOUND).toArrow().cast(OPPORTUNITIES.schema)
    return found.sort_by([(name, "ascending") for name in ORDER])


def _open_tables(sql: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for table in READ:
        name = table.name if table is FEEDS else f"every_{table.name}"
        path = quote(folder / f"{table.name}.parquet")
        sql.execute(f"create view {name} as from read_parquet({path})")
    sql.register("no_opportunity", OPPORTUNITIES.schema.empty_table())
    sql.execute("create table every_opportunity as from no_opportunity")


def _slice_people(sql: duckdb.DuckDBPyConnection, at_once: int) -> list[tuple[str, str]]:
    """The first and last reference of each slice."""
    return sql.execute(
        "select min(person_ref), max(person_ref) from (select person_ref, "
        "(row_number() over (order by person_ref) - 1) // $at_once as slice from every_people) "
        "group by slice order by slice",
        {"at_once": at_once},
    ).fetchall()


def _choose_slice(sql: duckdb.DuckDBPyConnection, bounds: tuple[str, str]) -> None:
    first, last = map(quote, bounds)
    for table in READ:
        if table is not FEEDS:
            sql.execute(
                f"create or replace view {table.name} as from every_{table.name} "
                f"where person_ref between {first} and {last}"
            )
