"""Reading Parquet: every column as text, instants in ISO form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import BATCH_ROWS, Batch, Sheet, require_headers


def read_parquet(path: Path) -> list[Sheet]:
    """The one sheet of a Parquet file; `source_row` counts the rows from 2, as under a header."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableSourceError(
            f"{path.name}: is not a Parquet file that can be opened; write it again"
        ) from error
    headers = require_headers([str(name) for name in file.schema_arrow.names], path.name)
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
        for arrow in file.iter_batches(batch_size=BATCH_ROWS):
            columns = [_to_text(column, name).to_pylist() for column in arrow.columns]
            rows = [list(cells) for cells in zip(*columns, strict=True)]
            lines = list(range(line, line + len(rows)))
            line += len(rows)
            yield Batch(rows, lines, [None] * len(rows))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableSourceError(
            f"{name}: is damaged after row {line - 1}; write it again"
        ) from error


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
