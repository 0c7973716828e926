"""Reading one extract: its dates studied, each table it feeds read.

Ibis writes the SQL, which takes it longer than DuckDB takes to run it; the SQL of a layout is
therefore kept, in memory and on disk, and files of one layout, such as monthly extracts, share it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from theograph.errors import UnreadableSourceError
from theograph.kept_sql import Columns, keep_sql
from theograph.record.tables import Column
from theograph.sources.checks import judge_rows
from theograph.sources.dates import DateColumn, gather_evidence, judge_dates
from theograph.sources.expression import SourceRows, source_columns
from theograph.sources.mapping import Mapping, Section
from theograph.sources.rows import StagedSheet
from theograph.sources.table import compile_texts, mapped_columns, parse_values

_KEPT = 256  # layouts


@dataclass(frozen=True, slots=True)
class Extract:
    """One staged sheet read through its mapping: a query a table, and how its dates were read.

    The queries stand on views that the next extract replaces.
    """

    sheet: StagedSheet
    mapping: Mapping
    queries: dict[Section, str]
    dates: dict[str, str]

    @property
    def primary(self) -> Section:
        """The table that decides whether a row is kept."""
        return next(iter(self.queries))


@dataclass(frozen=True, slots=True)
class _Query:
    """SQL over a view, and the columns that it gives."""

    sql: str
    columns: Columns


def open_extract(
    sql: duckdb.DuckDBPyConnection,
    sheet: StagedSheet,
    mapping: Mapping,
    *,
    provider: str | None = None,
) -> Extract:
    """Read a staged sheet; `UnreadableSourceError` when a date column mixes two orders.

    The steps are views of the database: each is computed once, in a stream, however often the
    next step mentions it.
    """
    sql.execute(f"create or replace temp view rows as from {sheet.source}")
    queries: dict[Section, str] = {}
    explained: dict[str, str] = {}
    for section in mapping.sections:
        texts = _write_texts(mapping, section, tuple(sheet.headers), sheet.gathered, provider)
        sql.execute(f"create or replace temp view texts_{section} as {texts.sql}")
        sources = _date_sources(mapping, section, provider)
        dates = _study(sql, mapping, section, texts.columns, sources, sheet)
        explained |= {sources[column]: study.why for column, study in dates.items()}
        read = tuple((name, replace(study, why="")) for name, study in dates.items())
        values = _write_values(mapping, section, texts.columns, read, provider)
        sql.execute(f"create or replace temp view values_{section} as {values.sql}")
        queries[section] = _write_rows(mapping, section, values.columns, provider)
    return Extract(sheet, mapping, queries, explained)


@lru_cache(maxsize=_KEPT)
@keep_sql
def _write_texts(
    mapping: Mapping,
    section: Section,
    headers: tuple[str, ...],
    gathered: bool,
    provider: str | None,
) -> _Query:
    columns_read = {f"c{position}": "string" for position in range(len(headers))}
    columns_read |= {"source_row": "int64", "problem": "string"}
    if gathered:
        columns_read["file_no"] = "int32"
    table = ibis.table(columns_read, name="rows")
    columns = mapped_columns(mapping, section, provider=provider)
    rows = SourceRows(table, list(headers))
    return _write(compile_texts(rows, mapping, section, columns=columns, provider=provider))


@lru_cache(maxsize=_KEPT)
@keep_sql
def _write_evidence(section: Section, texts: Columns, columns: tuple[str, ...]) -> _Query:
    return _write(gather_evidence(ibis.table(dict(texts), name=f"texts_{section}"), columns))


@lru_cache(maxsize=_KEPT)
@keep_sql
def _write_values(
    mapping: Mapping,
    section: Section,
    texts: Columns,
    dates: tuple[tuple[str, DateColumn], ...],
    provider: str | None,
) -> _Query:
    values = parse_values(
        ibis.table(dict(texts), name=f"texts_{section}"),
        mapping,
        section,
        columns=mapped_columns(mapping, section, provider=provider),
        dates=dict(dates),
        ids_are_local=provider is not None,
    )
    return _write(values)


@lru_cache(maxsize=_KEPT)
@keep_sql
def _write_rows(mapping: Mapping, section: Section, values: Columns, provider: str | None) -> str:
    table = ibis.table(dict(values), name=f"values_{section}")
    columns: list[Column] = mapped_columns(mapping, section, provider=provider)
    return _write(judge_rows(table, mapping, section, columns=columns)).sql


def _write(table: ir.Table) -> _Query:
    columns = tuple((name, str(kind)) for name, kind in table.schema().items())
    return _Query(str(ibis.to_sql(table, dialect="duckdb")), columns)


def _date_sources(mapping: Mapping, section: Section, provider: str | None) -> dict[str, str]:
    """Our date columns, each with the source column, or columns, it is read from."""
    expressions = mapping.sections[section]
    return {
        column.name: " or ".join(source_columns(expressions[column.name]))
        for column in mapped_columns(mapping, section, provider=provider)
        if column.type in ("instant", "date")
    }


def _study(
    sql: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    section: Section,
    texts: Columns,
    sources: dict[str, str],
    sheet: StagedSheet,
) -> dict[str, DateColumn]:
    if not sources:
        return {}
    forms = {
        column: mapping.dates[source]
        for column, source in sources.items()
        if source in mapping.dates
    }
    query = _write_evidence(section, texts, tuple(sources))
    (found,) = sql.execute(query.sql).fetchall()
    evidence: dict[str, Any] = dict(zip(dict(query.columns), found, strict=True))
    dates = judge_dates(evidence, sources, forms=forms, excel_epoch=sheet.excel_epoch)
    for study in dates.values():
        if study.refused:
            raise UnreadableSourceError(f"{sheet.name}: {study.refused}")
    return dates
