"""Rows on their way to sheets: kept in temporary files, one a table, in the order they came.

Which tables a file holds is known only at its end, and memory must not grow with the file.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO

import pyarrow as pa

from theograph.sources.rows import BATCH_ROWS, LONGEST_CELL, Batch

_BUFFERED_CHARACTERS = 4_000_000


@dataclass(slots=True)
class _Buffer:
    """The rows of one table that are not in its file yet."""

    width: int
    batch: Batch = field(default_factory=Batch)
    characters: int = 0

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self.batch.lines) >= BATCH_ROWS or self.characters >= _BUFFERED_CHARACTERS


class Spool:
    """Temporary files that go when nothing reads from them any more."""

    def __init__(self) -> None:
        self._files: dict[str, IO[bytes]] = {}
        self._open = ExitStack()
        self._writers: dict[str, pa.ipc.RecordBatchStreamWriter] = {}
        self._buffers: dict[str, _Buffer] = {}
        weakref.finalize(self, self._open.close)

    @property
    def names(self) -> list[str]:
        """The sheets there are, in the order in which they were met."""
        return list(self._buffers)

    def add(self, name: str, cells: list[str], line: int, problem: str | None) -> None:
        """Append a row to the sheet `name`; all rows of one sheet have the same width."""
        buffer = self._buffers.setdefault(name, _Buffer(len(cells)))
        cells = [_make_storable(text) for text in cells]
        buffer.batch.add(cells, line, problem)
        buffer.characters += sum(map(len, cells))
        if buffer.full:
            self._write(name)

    def finish(self) -> None:
        """Write what is left; afterwards the rows can be read."""
        for name in self._buffers:
            self._write(name)
            self._writers[name].close()

    def read(self, name: str, *, beyond: int) -> Iterator[Batch]:
        """The rows of a sheet; a line below nought counts on from `beyond`, downwards."""
        file = self._files[name]
        size = file.tell()
        file.seek(0)
        for arrow in pa.ipc.open_stream(file):
            *columns, lines, problems = (column.to_pylist() for column in arrow.columns)
            rows = [list(cells) for cells in zip(*columns, strict=True)]
            numbers = [line if line >= 0 else beyond - line for line in lines]
            yield Batch(rows, numbers, problems, share=file.tell() / size)

    def _write(self, name: str) -> None:
        buffer = self._buffers[name]
        batch, width = buffer.batch, buffer.width
        schema = pa.schema(
            [(f"c{position}", pa.string()) for position in range(width)]
            + [("line", pa.int64()), ("problem", pa.string())]
        )
        if name not in self._writers:
            self._files[name] = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            self._writers[name] = pa.ipc.new_stream(self._files[name], schema, options=options)
        columns = list(zip(*batch.cells, strict=True)) or [()] * width
        arrays = [pa.array(column, pa.string()) for column in columns]
        arrays += [pa.array(batch.lines, pa.int64()), pa.array(batch.problems, pa.string())]
        self._writers[name].write_batch(pa.record_batch(arrays, schema=schema))
        self._buffers[name] = _Buffer(width)


def _make_storable(text: str) -> str:
    """A text that UTF-8 can hold, no longer than shows that it is too long."""
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL + 1]
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
