"""Which mapping reads a sheet: the one that is given, or the one that its headers tell."""

from __future__ import annotations

import duckdb

from theograph.errors import UnreadableSourceError
from theograph.sources.event_log import reshape_event_log
from theograph.sources.mapping import Mapping, find_mapping, lacking_columns, shipped_mappings
from theograph.sources.recognise import recognise_layout
from theograph.sources.rows import StagedSheet

_EVENT_LOG = "event_log"  # the mapping that reads logs once they are reshaped


def choose_layout(
    sql: duckdb.DuckDBPyConnection, sheet: StagedSheet, mapping: Mapping | None
) -> tuple[StagedSheet, Mapping]:
    """The sheet to read, reshaped where it is an event log, and the mapping to read it with.

    Raises `UnreadableSourceError` for headers that are no known layout, or that lack columns
    which the `mapping` given needs.
    """
    if mapping is not None:
        return sheet, _insist(mapping, sheet)
    try:
        return sheet, recognise_layout(sheet.headers, shipped_mappings(), name=sheet.name)
    except UnreadableSourceError:
        log = reshape_event_log(sql, sheet, sheet.rows.with_suffix(".log.parquet"))
        if log is None:
            raise
        return log, find_mapping(_EVENT_LOG)


def _insist(mapping: Mapping, sheet: StagedSheet) -> Mapping:
    lacking = lacking_columns(mapping, sheet.headers)
    if lacking:
        raise UnreadableSourceError(
            f"{sheet.name}: lacks {', '.join(lacking)}, which mapping {mapping.name} needs; "
            "rename the columns or choose another mapping"
        )
    return mapping
