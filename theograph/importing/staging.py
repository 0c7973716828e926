"""The workbench of an import: an on-disk database beside the draft snapshot."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    IDENTIFIERS,
    MEASURES,
    PROVENANCE,
    PROVENANCE_NAMES,
    REJECTS,
    Column,
    ColumnType,
    Table,
)
from theograph.sources.extract import Extract
from theograph.sources.mapping import SECTIONS, Section
from theograph.sources.table import KEYS, STORED
from theograph.sql_text import quote
from theograph.stopping import interruptible
from theograph.store import Snapshot, Store, verify_snapshot

_SQL_TYPES: dict[ColumnType, str] = {
    "text": "varchar",
    "whole": "bigint",
    "number": "double",
    "yes_no": "boolean",
    "instant": "timestamp",
    "date": "date",
}

_MEMORY = "4GB"  # beyond it the database goes on, slower, on disk

# Tables a snapshot holds for the next import: people as each source gave them, and which
# identifiers have been seen together.
PEOPLE_ROWS = "people_rows"
LINKS = "links"


@dataclass(frozen=True, slots=True)
class Staging:
    """A database in which the rows of an import stand until they are published.

    `read_<section>` holds the new rows, `old_<section>` those of the snapshot in force.
    """

    sql: duckdb.DuckDBPyConnection
    draft: Path
    work: Path
    old: Snapshot | None
    _numbers: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def add_file(self, file_no: int, name: str) -> None:
        """Note the name of a file; its rows give its number."""
        self.sql.execute("insert into read_files values (?, ?)", [file_no, name])

    def add_extract(self, extract: Extract, *, file_no: int | None) -> None:
        """Append the rows of every table that the extract feeds.

        They are of the file `file_no`, or each of the file that it names itself.
        """
        number = "file_no" if extract.sheet.gathered else f"{file_no}::integer as file_no"
        for section, query in extract.queries.items():
            self.sql.execute(
                f"insert into read_{section} by name select * from "
                f"(select * {'exclude (file_no)' if extract.sheet.gathered else ''}, {number} "
                f"from ({query})) join read_files using (file_no)"
            )
        if extract.sheet.weighed:
            self._weigh_rows(extract, number)

    def _weigh_rows(self, extract: Extract, number: str) -> None:
        """Note the rows that stand for several of their file."""
        self.sql.execute(
            f"insert into row_weights select {number}, source_row, r.rows "
            f"from {extract.sheet.source} r where r.rows <> 1"
        )

    def next_file(self) -> Path:
        """A new Parquet file for the rows of a sheet."""
        return self.work / f"rows{next(self._numbers)}.parquet"

    def count(self, table: str) -> int:
        """Rows of a table."""
        (found,) = self.sql.execute(f"select count(*) from {table}").fetchall()
        return int(found[0])


@contextmanager
def open_staging(store: Store, *, anew: bool = False) -> Iterator[Staging]:
    """A workbench over the snapshot in force, or none if `anew`; gone afterwards with its draft.

    The snapshot is looked up once no other import is writing, so that none of its rows are lost.
    """
    with store.writing() as draft:
        old = None if anew else store.current_or_none()
        if old is not None:
            verify_snapshot(old)
        work = draft.with_name(f"{draft.name}-work")
        work.mkdir(mode=0o700)
        sql = duckdb.connect(work / "staging.duckdb")
        try:
            staging = Staging(sql, draft, work, old)
            staging.sql.execute("set timezone = 'UTC'")
            staging.sql.execute(f"set memory_limit = '{_MEMORY}'")
            _create_read_tables(staging.sql)
            _open_old_tables(staging.sql, old)
            with interruptible(staging.sql):
                yield staging
        finally:
            sql.close()
            shutil.rmtree(work, ignore_errors=True)


def _create_read_tables(sql: duckdb.DuckDBPyConnection) -> None:
    sql.execute("create table read_files (file_no integer, source_file varchar)")
    sql.execute("create table row_weights (file_no integer, source_row bigint, file_rows bigint)")
    for section in SECTIONS:
        columns = _section_columns(section)
        if section != "feeds":
            columns += [f"{key} varchar" for key in KEYS]
        extra = ("file_no integer", "reason varchar", "reason_value varchar", '"row" varchar')
        definitions = ", ".join((*columns, *_provenance(), *extra))
        # temporary, so that nothing is packed and logged that is gone at the end; it spills
        sql.execute(f"create temp table read_{section} ({definitions})")


def _section_columns(section: Section) -> list[str]:
    if section == "crosswalk":
        return ["provider varchar"]
    return [
        _definition(column)
        for column in STORED[section].columns
        if column.name not in ("person_ref", "link_key", *PROVENANCE_NAMES)
    ]


def _provenance() -> list[str]:
    return [_definition(column) for column in PROVENANCE]


def _definition(column: Column) -> str:
    return f'"{column.name}" {_SQL_TYPES[column.type]}'


def _open_old_tables(sql: duckdb.DuckDBPyConnection, old: Snapshot | None) -> None:
    for table in (EVENTS, CONDITIONS, MEASURES, FEEDS, IDENTIFIERS, REJECTS):
        _open_old(sql, f"old_{table.name}", _table_columns(table), old, table.name)
    people = _section_columns("people")
    keys = [f"{key} varchar" for key in KEYS]
    _open_old(
        sql, "old_people", [*people, *keys, "link_key varchar", *_provenance()], old, PEOPLE_ROWS
    )
    _open_old(sql, "old_links", [*keys, "date_of_birth date", "sex varchar"], old, LINKS)
    sql.execute("create view old_crosswalk as from old_links")


def _table_columns(table: Table) -> list[str]:
    return [_definition(column) for column in table.columns]


def _open_old(
    sql: duckdb.DuckDBPyConnection,
    name: str,
    columns: list[str],
    old: Snapshot | None,
    table: str,
) -> None:
    sql.execute(f"create table {name} ({', '.join(columns)})")
    if old is not None:
        # an older snapshot may lack a column that the standard has since been given
        path = quote(old.table(table))
        sql.execute(f"alter table {name} rename to no_{name}")
        sql.execute(
            f"create view {name} as from no_{name} union all by name from read_parquet({path})"
        )
