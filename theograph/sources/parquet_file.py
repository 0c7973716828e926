"""Reading Parquet: every column as text, instants in ISO form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    CELL_CHARACTERS,
    Batch,
    Sheet,
    require_headers,
)


def read_parquet(path: Path) -> list[Sheet]:
    """The one sheet of a Parquet file; `source_row` counts the rows from 2, as under a header."""
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
    except Exception as error:  # pyarrow raises many unrelated types for damaged files
        raise UnreadableSourceError(
            f"{path.name}: is not a Parquet file that can be opened; write it again"
        ) from error
    headers = require_headers(names, path.name)
    return [
        Sheet(
            name=path.name,
            headers=headers,
            batches=_read_batches(file, path.name),
            encoding="Parquet",
        )
    ]


def _read_batches(file: pq.ParquetFile, name: str) -> Iterator[Batch]:
    line = 2
    try:
        for arrow in file.iter_batches(batch_size=_choose_batch_rows(file.metadata)):
            columns = [_to_text(column, name).to_pylist() for column in arrow.columns]
            rows = [list(cells) for cells in zip(*columns, strict=True)]
            lines = list(range(line, line + len(rows)))
            line += len(rows)
            share = (line - 2) / file.metadata.num_rows
            yield Batch(rows, lines, [None] * len(rows), share=share)
    except UnreadableSourceError:
        raise
    except Exception as error:  # a page is unpacked, and its text decoded, only here
        raise UnreadableSourceError(
            f"{name}: is damaged after row {line - 1}; write it again"
        ) from error


def _choose_batch_rows(facts: pq.FileMetaData) -> int:
    """How many rows to take at once, so that wide tables and long texts stay within bounds."""
    groups = [facts.row_group(number) for number in range(facts.num_row_groups)]
    widest = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=0)
    row = widest + CELL_CHARACTERS * facts.num_columns
    return max(1, min(BATCH_ROWS, int(BATCH_CHARACTERS / max(row, 1))))


def _to_text(column: pa.Array, name: str) -> pa.Array:
    kind = column.type
    try:
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            column = pc.strftime(pc.cast(column, pa.timestamp("s", "UTC"), safe=False))
            column = pc.binary_join_element_wise(column, "+00:00", "")
        elif pa.types.is_floating(kind):
            column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
        elif pa.types.is_timestamp(kind):
            column = pc.cast(column, pa.timestamp("s"), safe=False)
        return pc.fill_null(pc.cast(column, pa.string()), "")
    except pa.ArrowNotImplementedError as error:
        raise UnreadableSourceError(
            f"{name}: has a nested column ({kind}); give one value a cell"
        ) from error
