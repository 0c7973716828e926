"""Gathering the tables of a family into sheets that mappings read.

The tables stand as views in a schema of their own, so that their names meet no others. DuckDB
joins them from disk to disk; no row comes into Python. The SQL of queries is that of the shipped
families; names of files enter it as quoted texts, values never.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from theograph.errors import MappingError
from theograph.sources.family import (
    Family,
    FamilyGroup,
    FamilyTable,
    PlacedSheet,
)
from theograph.sources.mapping import normalise_header
from theograph.sources.rows import StagedSheet, select_staged
from theograph.sql_text import quote, quote_name

_SCHEMA = "family"
_PLACE = ("source_row", "problem", "file_no", "source_file")


def gather_sheets(
    sql: duckdb.DuckDBPyConnection, group: FamilyGroup, folder: Path
) -> dict[str, StagedSheet]:
    """What the family makes of the tables found, by the name of the mapping that reads it.

    The rows go to Parquet in `folder`. Raises `MappingError` when the sheets of a table do not
    give exactly one row for each of its rows.
    """
    queries: dict[str, list[str]] = {}
    for name, sheet in group.family.sheets.items():
        if sheet.from_ in group.tables:
            queries.setdefault(group.family.reader_of(name), []).append(sheet.query)
    with _tables_opened(sql, group):
        gathered = {
            mapping: _stage_queries(sql, mapping, own, group, folder)
            for mapping, own in queries.items()
        }
    if gathered:
        _check_rows(sql, group, gathered)
    return gathered


def _check_rows(
    sql: duckdb.DuckDBPyConnection, group: FamilyGroup, gathered: dict[str, StagedSheet]
) -> None:
    expected: Counter[int] = Counter()
    for table, sheets in group.tables.items():
        if group.family.sheets_of(table):
            for placed in sheets:  # a file may hold several sheets of one table
                expected[placed.file_no] += placed.sheet.rows_read
    paths = ", ".join(quote(sheet.rows) for sheet in gathered.values())
    found = sql.execute(
        f"select file_no, count(*) from read_parquet([{paths}], union_by_name = true) group by 1"
    ).fetchall()
    given = Counter(dict(found))
    for placed in group.sheets:
        rows, wanted = given[placed.file_no], expected[placed.file_no]
        if rows != wanted:
            raise MappingError(
                f"{group.family.name}.toml: {rows:,} rows for the {wanted:,} of "
                f"{placed.source_file}; join only to what is unique, and leave no row out"
            )


@contextmanager
def _tables_opened(sql: duckdb.DuckDBPyConnection, group: FamilyGroup) -> Iterator[None]:
    family = group.family
    sql.execute(f"create schema {_SCHEMA}")
    sql.execute(f"set search_path = '{_SCHEMA},main'")
    try:
        sql.execute(
            f"create table {_SCHEMA}.staged_files (path text, file_no int, source_file text)"
        )
        for name, table in family.tables.items():
            if not table.passed_over:
                _open_table(sql, family, name, group.tables.get(name, []))
        for call, expression in family.macros.items():
            sql.execute(f"create macro {_SCHEMA}.{call} as ({expression})")
        for name, query in family.lookups.items():
            sql.execute(f"create table {_SCHEMA}.{quote_name(name)} as {query}")
        yield
    finally:
        sql.execute("reset search_path")
        sql.execute(f"drop schema {_SCHEMA} cascade")


def _open_table(
    sql: duckdb.DuckDBPyConnection, family: Family, name: str, sheets: list[PlacedSheet]
) -> None:
    """A view of all sheets of a table; those with the same headers are scanned in one go."""
    alike: dict[tuple[int | None, tuple[str, ...]], list[PlacedSheet]] = {}
    for placed in sheets:
        look = (placed.sheet.first_row, tuple(placed.sheet.headers))
        alike.setdefault(look, []).append(placed)
    for placed in sheets:
        row = [str(placed.sheet.rows), placed.file_no, placed.source_file]
        sql.execute(f"insert into {_SCHEMA}.staged_files values (?, ?, ?)", row)
    table = family.tables[name]
    parts = [_select_sheets(family, table, placed) for placed in alike.values()]
    sql.execute(
        f"create view {_SCHEMA}.{quote_name(name)} as "
        + (" union all by name ".join(parts) or _select_nothing(table))
    )


def _select_sheets(family: Family, table: FamilyTable, sheets: list[PlacedSheet]) -> str:
    positions: dict[str, int] = {}
    for position, header in enumerate(sheets[0].sheet.headers):
        positions.setdefault(normalise_header(header), position)
    columns = []
    for name in table.all_columns:
        found = positions.get(normalise_header(name))
        text = "null::varchar" if found is None else f"c{found}"
        if found is not None and family.ids_end and name.endswith(family.ids_end):
            text = f"regexp_replace({text}, '^(-?[0-9]+)[.]0+$', '\\1')"
        columns.append(f"{text} as {quote_name(name)}")
    first_row = sheets[0].sheet.first_row
    rows = select_staged([placed.sheet.rows for placed in sheets], first_row=first_row)
    return (
        f"select {', '.join(columns)}, source_row, problem, f.file_no, f.source_file "
        f"from {rows} "
        f"join {_SCHEMA}.staged_files f on f.path = staged_path"
    )


def _select_nothing(table: FamilyTable) -> str:
    columns = [f"null::varchar as {quote_name(name)}" for name in table.all_columns]
    return (
        f"select {', '.join(columns)}, null::bigint as source_row, null::varchar as problem, "
        "null::int as file_no, null::varchar as source_file where false"
    )


def _stage_queries(
    sql: duckdb.DuckDBPyConnection,
    mapping: str,
    queries: list[str],
    group: FamilyGroup,
    folder: Path,
) -> StagedSheet:
    """All rows that one mapping reads; a header that a query lacks is empty in its rows."""
    whole = " union all by name ".join(f"select * from ({query})" for query in queries)
    described = sql.execute(f"describe {whole}").fetchall()
    headers = [str(row[0]) for row in described if row[0] not in _PLACE]
    cells = [f"{quote_name(header)}::varchar as c{place}" for place, header in enumerate(headers)]
    first = group.sheets[0]
    rows = folder / f"{mapping}-{first.file_no}.parquet"
    ((written,),) = sql.execute(
        f"copy (select {', '.join(cells)}, source_row, problem, file_no from ({whole})) "
        f"to {quote(rows)} (format parquet, compression zstd, compression_level 1)"
    ).fetchall()
    epochs = (placed.sheet.excel_epoch for placed in group.sheets)
    return StagedSheet(
        name=group.family.title,
        path=first.sheet.path,
        headers=headers,
        rows=rows,
        rows_read=written,
        encoding=first.sheet.encoding,
        notes=(),
        excel_epoch=next((epoch for epoch in epochs if epoch), None),
        gathered=True,
    )
