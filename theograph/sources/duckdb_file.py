"""Reading the tables of a DuckDB file, which is opened read-only: every column as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import BATCH_ROWS, Batch, Sheet, require_headers

_MAGIC = b"DUCK"
_MAGIC_AT = 8  # bytes; a checksum stands before it

# Nothing but the file itself is to be reached, whatever its tables and types ask for.
_CONFINED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
}

_COLUMNS = """
select schema_name, table_name, list(column_name order by column_index)
from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name)
where not duckdb_tables.internal group by schema_name, table_name order by schema_name, table_name
"""


def is_duckdb(path: Path) -> bool:
    """Whether a file is a DuckDB database, whatever its ending."""
    with path.open("rb") as stream:
        start = stream.read(_MAGIC_AT + len(_MAGIC))
    return start[_MAGIC_AT:] == _MAGIC


def read_duckdb(path: Path) -> list[Sheet]:
    """Each table of a DuckDB file, views left out; one of another schema bears its name too.

    `source_row` counts the rows from 2, as under a header. Raises `UnreadableSourceError` for a
    file that is damaged, in use by another program, or without tables.
    """
    with _opened(path) as database:
        tables = database.execute(_COLUMNS).fetchall()
    if not tables:
        raise UnreadableSourceError(f"{path.name}: has no tables; give a file that holds some")
    sheets = []
    for schema, table, columns in tables:
        own = table if schema == "main" else f"{schema}.{table}"
        name = f"{path.name}: {own}"
        headers = require_headers(columns, name)
        batches = _read_batches(path, schema, table, columns)
        sheets.append(Sheet(name=name, headers=headers, batches=batches, encoding="DuckDB"))
    return sheets


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with duckdb.connect(path, read_only=True, config=_CONFINED) as database:
            database.execute("set timezone = 'UTC'")
            yield database
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableSourceError(
            f"{path.name}: cannot be read as a DuckDB file ({reason}); "
            "close other programs that use it, or write it again"
        ) from error


def _read_batches(path: Path, schema: str, table: str, columns: list[str]) -> Iterator[Batch]:
    cells = ", ".join(f"coalesce({_name(column)}::varchar, '')" for column in columns)
    query = f"select {cells} from {_name(schema)}.{_name(table)}"
    line = 2
    with _opened(path) as database:
        for arrow in database.sql(query).to_arrow_reader(BATCH_ROWS):
            texts = [column.to_pylist() for column in arrow.columns]
            rows = [list(cells) for cells in zip(*texts, strict=True)]
            yield Batch(rows, list(range(line, line + len(rows))), [None] * len(rows))
            line += len(rows)


def _name(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
