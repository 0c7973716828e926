"""The process in which a DuckDB file is opened: confined to that file and to so much memory.

To DuckDB, opening a database is closer to loading a library than to opening a document: a forged
one may crash whoever opens it, or take all memory there is (https://duckdb.org/security). So
`duckdb_file` has it opened here, and asks: each line of the standard input is the number of a
table. Each answer is a line of JSON and, after it, as many bytes as that says: some rows, as an
Arrow batch of texts, those that follow on the answer before. No bytes end a table.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from theograph.sources.rows import BATCH_CHARACTERS, BATCH_ROWS, CELL_CHARACTERS, LONGEST_CELL
from theograph.sql_text import quote, quote_name

MOST_BYTES = 4 << 30  # of address space, most of which Python and DuckDB set aside and never use
_MOST_BUFFERED = "1GB"
_CHUNK_ROWS = 2048  # what DuckDB reads at once

_TABLES = """
select schema_name, table_name,
       list(column_name order by column_index) filter (not is_generated),
       count(*) filter (is_generated), any_value(estimated_size)
from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name)
where database_name = 'file' and not duckdb_tables.internal
group by schema_name, table_name having not bool_and(is_generated) order by schema_name, table_name
"""


def main() -> None:
    """List the tables of the file named, then answer until the input ends."""
    _bound_memory()
    try:
        database = open_confined(sys.argv[1])
        tables = database.execute(_TABLES).fetchall()
    except Exception as error:  # whatever a damaged file leads to
        _answer({"error": _first_line(error)})
        return
    _answer({"tables": tables})
    reading: dict[int, Iterator[pa.RecordBatch]] = {}
    for line in sys.stdin:
        number = int(line)
        try:
            if number not in reading:
                schema, table, columns, *_ = tables[number]
                reading[number] = read_rows(database.cursor(), schema, table, columns)
            _answer({}, next(reading[number], None))
        except Exception as error:
            _answer({"error": _first_line(error)})


def _bound_memory() -> None:
    """Keep to `MOST_BYTES`, where the system can hold a process to it, and leave no core dump."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def open_confined(path: str) -> duckdb.DuckDBPyConnection:
    """A connection that reaches the DuckDB file `path`, as the database `file`, and nothing else.

    It is attached, so that no name in it stands before DuckDB's own.
    """
    database = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": _MOST_BUFFERED,
            "temp_directory": "",
            "threads": 1,
        }
    )
    database.execute(f"attach {quote(path)} as file (type duckdb, read_only)")
    database.execute("set timezone = 'UTC'")
    database.execute("set enable_external_access = false")
    database.execute("set lock_configuration = true")
    return database


def read_rows(
    database: duckdb.DuckDBPyConnection, schema: str, table: str, columns: list[str]
) -> Iterator[pa.RecordBatch]:
    """The rows of a table of `file` as texts, in batches of bounded size.

    Of a cell that is too long no more is read than shows that it is.
    """
    cells = ", ".join(
        f"coalesce(left({quote_name(column)}::varchar, {LONGEST_CELL + 1}), '') as c{place}"
        for place, column in enumerate(columns)
    )
    query = f"select {cells} from file.{quote_name(schema)}.{quote_name(table)}"
    most = max(1, min(BATCH_ROWS, BATCH_CHARACTERS // (CELL_CHARACTERS * len(columns))))
    held: list[pa.RecordBatch] = []
    for chunk in database.sql(query).to_arrow_reader(min(most, _CHUNK_ROWS)):
        held.append(chunk)
        if _count_rows(held) >= most or _count_bytes(held) >= BATCH_CHARACTERS:
            yield from _cut(pa.concat_batches(held))
            held = []
    if held:
        yield from _cut(pa.concat_batches(held))


def _count_rows(batches: list[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


def _count_bytes(batches: list[pa.RecordBatch]) -> int:
    return sum(batch.nbytes for batch in batches)


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch in parts of about `BATCH_CHARACTERS`."""
    rows = math.ceil(batch.num_rows / math.ceil((batch.nbytes + 1) / BATCH_CHARACTERS))
    for first in range(0, batch.num_rows, max(rows, 1)):
        yield batch.slice(first, rows)


def _answer(said: dict[str, Any], batch: pa.RecordBatch | None = None) -> None:
    content = b"" if batch is None else batch.serialize()
    line = json.dumps(said | {"bytes": len(content)})
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


if __name__ == "__main__":
    main()
