"""Tagging literal rows, as an import does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from theograph.opportunities.tag import WORDING, tag_rows
from theograph.record.concepts import Concept
from theograph.record.tables import Table


def find_concepts(
    table: Table, rows: Sequence[Mapping[str, Any]], concepts: Mapping[str, Concept]
) -> list[dict[str, str]]:
    """For each of `rows`, its concepts and why; a row may leave columns out."""
    names = WORDING[table.name]
    fields = [(name, table.schema.field(name).type) for name in names]
    frame = pa.Table.from_pylist(
        [{"row_no": no, **{name: row.get(name) for name in names}} for no, row in enumerate(rows)],
        schema=pa.schema([("row_no", pa.int64()), *fields]),
    )
    with duckdb.connect() as con:
        con.register("given", frame)
        tag_rows(con, table, concepts, source="given", into="tagged")
        found = con.execute(
            "select concepts, concepts_because from tagged order by row_no"
        ).fetchall()
    return [
        dict(zip(keys.split(";"), why.split(";"), strict=True)) if keys else {}
        for keys, why in found
    ]
