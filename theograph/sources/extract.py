"""Reading one extract: its dates studied, each table it feeds read."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.backends.duckdb
import ibis.expr.types as ir

from theograph.errors import UnreadableSourceError
from theograph.record.tables import Column
from theograph.sources.dates import DateColumn, study_dates
from theograph.sources.expression import SourceRows, source_columns
from theograph.sources.mapping import Mapping, Section
from theograph.sources.rows import StagedSheet
from theograph.sources.table import compile_texts, judge_rows, mapped_columns, parse_values


@dataclass(frozen=True, slots=True)
class Extract:
    """One staged sheet read through its mapping: its tables, and how its dates were read."""

    sheet: StagedSheet
    mapping: Mapping
    tables: dict[Section, ir.Table]
    dates: dict[str, str]

    @property
    def primary(self) -> Section:
        """The table that decides whether a row is kept."""
        return next(iter(self.tables))


def open_extract(
    con: ibis.backends.duckdb.Backend,
    sheet: StagedSheet,
    mapping: Mapping,
    *,
    file_no: int,
    provider: str | None = None,
) -> Extract:
    """Read a staged sheet; `UnreadableSourceError` when a date column mixes two orders.

    The steps are views of the database: each is computed once, in a stream, however often the
    next step mentions it.
    """
    rows = SourceRows(con.read_parquet(sheet.rows), sheet.headers)
    tables: dict[Section, ir.Table] = {}
    explained: dict[str, str] = {}
    for section in mapping.sections:
        columns = mapped_columns(mapping, section, provider=provider)
        texts = con.create_view(
            f"texts_{section}_{file_no}",
            compile_texts(rows, mapping, section, columns=columns, provider=provider),
        )
        sources = _date_sources(mapping, section, columns)
        dates = _study(texts, mapping, sources, sheet)
        explained |= {sources[column]: study.why for column, study in dates.items()}
        values = parse_values(
            texts,
            mapping,
            section,
            columns=columns,
            dates=dates,
            ids_are_local=provider is not None,
        )
        tables[section] = judge_rows(
            con.create_view(f"values_{section}_{file_no}", values),
            mapping,
            section,
            columns=columns,
            source_file=sheet.name,
        )
    return Extract(sheet, mapping, tables, explained)


def _date_sources(mapping: Mapping, section: Section, columns: list[Column]) -> dict[str, str]:
    """Our date columns, each with the source column, or columns, it is read from."""
    expressions = mapping.sections[section]
    return {
        column.name: " or ".join(source_columns(expressions[column.name]))
        for column in columns
        if column.type in ("instant", "date")
    }


def _study(
    texts: ir.Table, mapping: Mapping, sources: dict[str, str], sheet: StagedSheet
) -> dict[str, DateColumn]:
    forms = {
        column: mapping.dates[source]
        for column, source in sources.items()
        if source in mapping.dates
    }
    dates = study_dates(texts, sources, forms=forms, excel_epoch=sheet.excel_epoch)
    for study in dates.values():
        if study.refused:
            raise UnreadableSourceError(f"{sheet.name}: {study.refused}")
    return dates
