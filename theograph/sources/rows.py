"""Rows as read from a file, before any meaning is given to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from theograph.errors import UnreadableSourceError

BATCH_ROWS = 20_000
LONGEST_CELL = 100_000  # characters; longer text is set aside, not cut

# Control characters and bidirectional overrides have no place in a record: they hide or
# reorder what is read. Tabs and line breaks stay.
_UNPRINTABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"


@dataclass(slots=True)
class Batch:
    """Some consecutive rows: their cells, the line each begins on, and what is wrong with it."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[str | None] = field(default_factory=list)

    def add(self, cells: list[str], line: int, problem: str | None = None) -> None:
        """Append one row."""
        self.cells.append(cells)
        self.lines.append(line)
        self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table found in a file: its headers and, in batches, its rows."""

    name: str
    headers: list[str]
    batches: Iterator[Batch]
    encoding: str
    notes: tuple[str, ...] = ()
    excel_epoch: int | None = None  # 1900 or 1904 where bare numbers may be Excel dates


@dataclass(frozen=True, slots=True)
class StagedSheet:
    """A sheet whose rows stand in a Parquet file: text columns c0…, source_row, problem.

    Texts are trimmed, blank ones null.
    """

    name: str
    path: Path
    headers: list[str]
    rows: Path
    rows_read: int
    encoding: str
    notes: tuple[str, ...]
    excel_epoch: int | None


def stage_sheet(sheet: Sheet, path: Path, rows: Path) -> StagedSheet:
    """Write the sheet's rows to the Parquet file `rows`, batch by batch.

    Every row keeps its own text: a row with too many or too few cells, or with a cell longer
    than `LONGEST_CELL`, is kept with the problem stated.
    """
    width = len(sheet.headers)
    schema = pa.schema(
        [(f"c{position}", pa.string()) for position in range(width)]
        + [("source_row", pa.int64()), ("problem", pa.string())]
    )
    rows_read = 0
    with pq.ParquetWriter(rows, schema, compression="zstd", compression_level=1) as writer:
        for batch in sheet.batches:
            rows_read += len(batch.lines)
            writer.write_batch(_to_arrow(batch, schema, width))
    return StagedSheet(
        sheet.name,
        path,
        sheet.headers,
        rows,
        rows_read,
        sheet.encoding,
        sheet.notes,
        sheet.excel_epoch,
    )


def _to_arrow(batch: Batch, schema: pa.Schema, width: int) -> pa.RecordBatch:
    if any(len(cells) != width for cells in batch.cells):
        for position, cells in enumerate(batch.cells):
            if len(cells) != width:
                batch.problems[position] = batch.problems[position] or (
                    f"has {'more' if len(cells) > width else 'fewer'} cells than the header"
                )
                batch.cells[position] = (cells + [""] * width)[:width]
    texts = _to_columns(batch, width)
    if any((pc.max(pc.utf8_length(cells)).as_py() or 0) > LONGEST_CELL for cells in texts):
        _cut_long_cells(batch)
        texts = _to_columns(batch, width)
    arrays = [_clean_cells(cells) for cells in texts]
    arrays += [pa.array(batch.lines, pa.int64()), pa.array(batch.problems, pa.string())]
    return pa.record_batch(arrays, schema=schema)


def _clean_cells(cells: pa.Array) -> pa.Array:
    """Cells without unprintable characters, trimmed, and null where nothing is left."""
    cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, _UNPRINTABLE, ""))
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)


def _cut_long_cells(batch: Batch) -> None:
    for position, cells in enumerate(batch.cells):
        if any(len(text) > LONGEST_CELL for text in cells):
            batch.problems[position] = f"has a cell longer than {LONGEST_CELL:,} characters"
            batch.cells[position] = [text[:100] for text in cells]


def _to_columns(batch: Batch, width: int) -> list[pa.Array]:
    columns = zip(*batch.cells, strict=True) if batch.cells else [()] * width
    return [pa.array(column, pa.string()) for column in columns]


def require_headers(headers: list[str], name: str) -> list[str]:
    """`headers` trimmed; raises `UnreadableSourceError` when there are none."""
    trimmed = [header.strip() for header in headers]
    if not any(trimmed):
        raise UnreadableSourceError(f"{name}: has no header row; the first row must name columns")
    return trimmed
