"""Small stores of literal rows, tagged as an import tags them, put before the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from theograph.opportunities.engine import FOUND, ORDER, READ, detect_opportunities
from theograph.opportunities.rule import Rule
from theograph.opportunities.tag import tag_rows
from theograph.opportunities.workbench import DuckDBWorkbench
from theograph.record.concepts import Concept
from theograph.record.tables import TAGGED_NAMES, Table

Rows = Sequence[Mapping[str, Any]]


def detect(
    rows: Mapping[str, Rows],
    rules: Mapping[str, Rule],
    concepts: Mapping[str, Concept],
    *,
    as_of: date,
    tag: bool = True,
) -> list[dict[str, Any]]:
    """The opportunities in `rows` of each table by name; untagged rows are tagged first."""
    with duckdb.connect() as con:
        for table in READ:
            name = f"given_{table.name}" if tag and "concepts" in table.names else table.name
            given = to_arrow(table, rows.get(table.name, []))
            if name != table.name:
                given = given.drop_columns(list(TAGGED_NAMES))
            con.register("rows_given", given)
            con.execute(f"create table {name} as from rows_given")
            if name != table.name:
                tag_rows(con, table, concepts, source=name, into=table.name)
        detect_opportunities(DuckDBWorkbench(con), rules, concepts, as_of=as_of)
        found: list[dict[str, Any]] = (
            con.sql(f"from {FOUND} order by {', '.join(ORDER)}").to_arrow_table().to_pylist()
        )
        return found


def to_arrow(table: Table, rows: Rows) -> pa.Table:
    """`rows` as a table of the standard; a row may leave columns out."""
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in table.names} for row in rows], schema=table.schema
    )
