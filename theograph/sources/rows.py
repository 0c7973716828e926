"""Rows as read from a file, before any meaning is given to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from theograph.errors import UnreadableSourceError
from theograph.sql_text import quote

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 60_000_000  # of fewer rows, where they are wide or hold long texts
CELL_CHARACTERS = 50  # what a cell weighs in memory, whatever its text
MOST_COLUMNS = 5_000
LONGEST_CELL = 100_000  # characters; longer text is set aside, not cut
REPEATS_HEADER = "repeats the header"

# Called with the rows there are so far and the part of the file or sheet, to 1, that is behind.
Tell = Callable[[int, float], None]

# Control characters and bidirectional overrides have no place in a record: they hide or
# reorder what is read. Tabs and line breaks stay.
_UNPRINTABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"


@dataclass(slots=True)
class Batch:
    """Some consecutive rows: their cells, the line each begins on, and what is wrong with it."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[str | None] = field(default_factory=list)
    characters: int = 0
    share: float = 0.0  # of the sheet that is behind once these rows are, for what is told of it

    @property
    def full(self) -> bool:
        """Whether it is time for the next batch, so that memory stays bounded."""
        return len(self.lines) >= BATCH_ROWS or self.characters >= BATCH_CHARACTERS

    def add(self, cells: list[str], line: int, problem: str | None = None) -> None:
        """Append one row."""
        self.cells.append(cells)
        self.lines.append(line)
        self.problems.append(problem)
        self.characters += sum(map(len, cells)) + CELL_CHARACTERS * len(cells)


def tell_nobody(rows: int, share: float) -> None:
    """What is told where nobody listens."""


def stage_nothing(rows: Path, tell: Tell) -> None:
    """Stages nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table found in a file: its headers and, in batches, its rows."""

    name: str
    headers: list[str]
    batches: Iterator[Batch]
    encoding: str
    notes: tuple[str, ...] = ()
    excel_epoch: int | None = None  # 1900 or 1904 where bare numbers may be Excel dates
    more: bool = False  # whether rows of it were left unread, as was asked
    # stages all rows at once and says how many, or None where it must be done batch by batch;
    # rows that are a line each may lack their source_row, the first of them being `first_row`
    stage_at_once: Callable[[Path, Tell], int | None] = stage_nothing
    first_row: int = 2


@dataclass(frozen=True, slots=True)
class StagedSheet:
    """A sheet whose rows stand in a Parquet file, to be read from its `source`.

    That has text columns c0…, source_row and problem. Texts are trimmed, blank ones null. Rows
    that are not numbered in the file are a line each, the first being `first_row`. Rows `gathered`
    from several files say in `file_no` which; where one row may stand for several of its file,
    the sheet is `weighed`: a column `rows` says for how many.
    """

    name: str
    path: Path
    headers: list[str]
    rows: Path
    rows_read: int
    encoding: str
    notes: tuple[str, ...]
    excel_epoch: int | None
    gathered: bool = False
    weighed: bool = False
    first_row: int | None = None

    @property
    def source(self) -> str:
        """SQL for the rows, to stand after "from"."""
        return select_staged([self.rows], first_row=self.first_row)


def stage_sheet(sheet: Sheet, path: Path, rows: Path, *, tell: Tell = tell_nobody) -> StagedSheet:
    """Write the sheet's rows to the Parquet file `rows`, at once where that can be done.

    Every row keeps its own text: a row with too many or too few cells, or with a cell longer
    than `LONGEST_CELL`, is kept with the problem stated. `tell` hears all the while how many rows
    there are so far, and how much of the sheet is behind.
    """
    rows_read = sheet.stage_at_once(rows, tell)
    if rows_read is None:
        rows_read = _stage_batches(sheet, rows, tell)
    tell(rows_read, 1)
    numbered = "source_row" in pq.read_schema(rows).names
    return StagedSheet(
        sheet.name,
        path,
        sheet.headers,
        rows,
        rows_read,
        sheet.encoding,
        sheet.notes,
        sheet.excel_epoch,
        first_row=None if numbered else sheet.first_row,
    )


def select_staged(rows: Sequence[Path], *, first_row: int | None) -> str:
    """SQL for the rows of staged files that are alike, each with the file it is of.

    Without numbers of their own they count from `first_row`, in each file. `staged_path` says
    which file.
    """
    files = f"[{', '.join(map(quote, rows))}], filename = 'staged_path'"
    if first_row is None:
        return f"read_parquet({files})"
    number = f"file_row_number + {first_row} as source_row"
    return (
        f"(select * exclude (file_row_number), {number} "
        f"from read_parquet({files}, file_row_number = true))"
    )


def _stage_batches(sheet: Sheet, rows: Path, tell: Tell) -> int:
    cells = [(f"c{position}", pa.string()) for position in range(len(sheet.headers))]
    schema = pa.schema([*cells, ("source_row", pa.int64()), ("problem", pa.string())])
    rows_read = 0
    with pq.ParquetWriter(rows, schema, compression="zstd", compression_level=1) as writer:
        for batch in sheet.batches:
            rows_read += len(batch.lines)
            writer.write_batch(_to_arrow(batch, schema, sheet.headers))
            tell(rows_read, batch.share)
    return rows_read


def _to_arrow(batch: Batch, schema: pa.Schema, headers: list[str]) -> pa.RecordBatch:
    width = len(headers)
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
    _mark_repeated_headers(batch, headers)
    arrays = [_clean_cells(cells) for cells in texts]
    arrays += [pa.array(batch.lines, pa.int64()), pa.array(batch.problems, pa.string())]
    return pa.record_batch(arrays, schema=schema)


def _mark_repeated_headers(batch: Batch, headers: list[str]) -> None:
    """State the problem of rows that are the header again, as files joined end to end have."""
    for position, cells in enumerate(batch.cells):
        if cells[0].strip() == headers[0] and [text.strip() for text in cells] == headers:
            batch.problems[position] = batch.problems[position] or REPEATS_HEADER


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
    """`headers` trimmed; raises `UnreadableSourceError` when there are none, or far too many."""
    if len(headers) > MOST_COLUMNS:
        raise UnreadableSourceError(
            f"{name}: has {len(headers):,} columns; give a table of at most {MOST_COLUMNS:,}"
        )
    trimmed = [header.strip() for header in headers]
    if not any(trimmed):
        raise UnreadableSourceError(f"{name}: has no header row; the first row must name columns")
    return trimmed
