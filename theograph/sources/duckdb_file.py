"""Reading the tables of a DuckDB file: every column as text.

The file is opened read-only, in a process of its own that reaches nothing else: whatever it does
to DuckDB, what is left here is an error that says so. See `sources.duckdb_process`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import Batch, Sheet, require_headers

_MAGIC = b"DUCK"
_MAGIC_AT = 8  # bytes; a checksum stands before it
_FAILED = '{"error": "DuckDB fails on what is in it"}'  # what is heard of a process that crashed


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as the process lists it; `computed` columns are expressions that hold no values."""

    schema: str
    name: str
    columns: list[str]
    computed: int
    rows: int

    def notes(self) -> tuple[str, ...]:
        """What to say of the columns that are left out."""
        if not self.computed:
            return ()
        columns = f"{self.computed} column{'s' * (self.computed > 1)}"
        return (f"left out {columns} that the file computes from others",)


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
    if not is_duckdb(path):
        raise UnreadableSourceError(f"{path.name}: is not a DuckDB file; write it again")
    process = _Process(path)
    tables = [_Table(*table) for table in process.tables]
    if not tables:
        raise UnreadableSourceError(f"{path.name}: has no tables; give a file that holds some")
    sheets = []
    for number, table in enumerate(tables):
        own = table.name if table.schema == "main" else f"{table.schema}.{table.name}"
        name = f"{path.name}: {own}"
        batches = _read_batches(process, number, table, name)
        headers = [column.strip() for column in table.columns]
        sheets.append(Sheet(name, headers, batches, encoding="DuckDB", notes=table.notes()))
    return sheets


def _read_batches(process: _Process, number: int, table: _Table, name: str) -> Iterator[Batch]:
    require_headers(table.columns, name)  # here, so that the other tables are read
    schema = pa.schema([(f"c{place}", pa.string()) for place in range(len(table.columns))])
    line = 2
    while content := process.ask(number):
        texts = _read_texts(content, schema, name)
        rows = [list(cells) for cells in zip(*texts, strict=True)]
        lines = list(range(line, line + len(rows)))
        line += len(rows)
        share = min((line - 2) / max(table.rows, 1), 1)
        yield Batch(rows, lines, [None] * len(rows), share=share)


def _read_texts(content: bytes, schema: pa.Schema, name: str) -> list[list[str]]:
    """The cells of an Arrow batch, column by column."""
    try:
        batch = pa.ipc.read_record_batch(pa.py_buffer(content), schema)
        batch.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableSourceError(
            f"{name}: holds text that is not Unicode; write the file again"
        ) from error
    return [column.to_pylist() for column in batch.columns]


class _Process:
    """The process that has a DuckDB file open, for as long as somebody may ask it for rows."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        # -P: nothing in the folder that the command stands in is taken for a module
        command = [sys.executable, "-P", "-m", "theograph.sources.duckdb_process", str(self._path)]
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        weakref.finalize(self, _end, process)
        self._questions = cast("IO[bytes]", process.stdin)
        self._answers = cast("IO[bytes]", process.stdout)
        said, _ = self._hear()
        self.tables: list[list[Any]] = said["tables"]

    def ask(self, number: int) -> bytes:
        """The next rows of a table, as an Arrow batch; no bytes where there are no more."""
        with contextlib.suppress(OSError):  # it has ended; there is no answer either
            self._questions.write(b"%d\n" % number)
            self._questions.flush()
        _, content = self._hear()
        return content

    def _hear(self) -> tuple[dict[str, Any], bytes]:
        line = self._answers.readline()
        said = json.loads(line or _FAILED)
        if "error" in said:
            name = self._path.name
            reason = said["error"].replace(str(self._path), name)
            raise UnreadableSourceError(
                f"{name}: cannot be read as a DuckDB file ({reason}); "
                "close other programs that use it, or write it again, unencrypted"
            )
        return said, self._answers.read(said["bytes"])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
