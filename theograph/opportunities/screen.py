"""Screening everyone in a snapshot, some tens of thousands of people at a time.

A slice at a time keeps memory the same however many people there are; each person's rows
stand together in the files, so a slice reads little more than its own. Slices are worked side
by side, each on one core: one query on several cores leaves them waiting for each other.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from theograph.opportunities.engine import (
    FOUND,
    ORDER,
    READ,
    detect_opportunities,
    find_families,
    write_plan,
)
from theograph.opportunities.rulebook import Rulebook
from theograph.opportunities.workbench import DuckDBWorkbench, SparkWorkbench
from theograph.progress import Progress, say_nothing
from theograph.record.tables import FEEDS, OPPORTUNITIES
from theograph.sql_text import quote
from theograph.stopping import interruptible

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

PEOPLE_AT_ONCE: Final = 50_000
FEWEST_AT_ONCE: Final = 5_000  # of fewer, beginning a slice costs more than a second core saves
MOST_SLICES_AT_ONCE: Final = 6  # of a gigabyte each

Slice = tuple[str, str]  # the first and last reference of the people


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
    progress("Looking for missed opportunities", 0)
    at_most = min(os.cpu_count() or 1, MOST_SLICES_AT_ONCE)
    slices = _slice_people(folder, at_once, side_by_side=at_most)
    write_plan(DuckDBWorkbench.dialect, find_families(rulebook.rules))  # once for all slices
    parts = folder / ".screened"
    parts.mkdir()
    try:
        with ThreadPoolExecutor(at_most) as pool:
            files = [parts / f"{number:06d}.parquet" for number in range(len(slices))]
            done = pool.map(
                lambda bounds, file: _screen_slice(folder, bounds, rulebook, as_of, file),
                slices,
                files,
            )
            for number, _ in enumerate(done, start=1):
                progress("Looking for missed opportunities", number / len(slices))
        return _join_parts(files, folder / f"{OPPORTUNITIES.name}.parquet")
    finally:
        shutil.rmtree(parts)


def _screen_slice(
    folder: Path, bounds: Slice, rulebook: Rulebook, as_of: date, target: Path
) -> None:
    with duckdb.connect() as sql, interruptible(sql):
        sql.execute(f"set temp_directory = {quote(target.with_suffix('.spill'))}")
        sql.execute("set timezone = 'UTC'")
        sql.execute("set threads = 1")
        _open_tables(sql, folder, bounds)
        bench = DuckDBWorkbench(sql)
        detect_opportunities(bench, rulebook.rules, rulebook.concepts, as_of=as_of)
        sql.register("no_opportunity", OPPORTUNITIES.schema.empty_table())
        sql.execute("create table opportunities as from no_opportunity")
        sql.execute(f"insert into opportunities by name from {FOUND} order by {', '.join(ORDER)}")
        sql.execute(f"copy opportunities to {quote(target)} (format parquet)")


def _open_tables(sql: duckdb.DuckDBPyConnection, folder: Path, bounds: Slice) -> None:
    first, last = map(quote, bounds)
    for table in READ:
        path = quote(folder / f"{table.name}.parquet")
        whose = "" if table is FEEDS else f" where person_ref between {first} and {last}"
        sql.execute(f"create view {table.name} as from read_parquet({path}){whose}")


def _slice_people(folder: Path, at_once: int, *, side_by_side: int) -> list[Slice]:
    """Slices of at most so many people, enough of them for as many to be worked side by side."""
    people = quote(folder / "people.parquet")
    with duckdb.connect() as sql:
        ((count,),) = sql.execute(f"select count(*) from {people}").fetchall()
        fair_share = -(-int(count) // side_by_side)
        at_once = min(at_once, max(fair_share, FEWEST_AT_ONCE))
        return sql.execute(
            "select min(person_ref), max(person_ref) from (select person_ref, "
            "(row_number() over (order by person_ref) - 1) // $at_once as slice "
            f"from {people}) group by slice order by slice",
            {"at_once": at_once},
        ).fetchall()


def _join_parts(files: Sequence[Path], target: Path) -> int:
    """One table of the slices', which follow each other as their people do; returns its rows."""
    with duckdb.connect() as sql:
        sql.register("no_opportunity", OPPORTUNITIES.schema.empty_table())
        paths = ", ".join(map(quote, files))
        rows = f"from read_parquet([{paths}])" if files else "from no_opportunity"
        sql.execute(
            f"copy ({rows}) to {quote(target)} "
            "(format parquet, compression zstd, row_group_size 50000)"
        )
        ((found,),) = sql.execute(f"select count(*) from {quote(target)}").fetchall()
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
