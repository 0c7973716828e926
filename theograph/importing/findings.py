"""What is found in the tables of a snapshot: odd rows, how people are linked, how far feeds reach.

The SQL here is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from theograph.coverage import COVERAGE, read_coverage
from theograph.importing.frailty_score import WORKED_OUT
from theograph.importing.staging import PEOPLE_ROWS
from theograph.importing.warnings import find_warnings
from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    IDENTIFIERS,
    MEASURES,
    PEOPLE,
    REJECTS,
)
from theograph.sources.quality import CoverageLine, Findings, LinkReport
from theograph.sql_text import quote

__all__ = ["examine_tables", "read_coverage"]

_TABLES = (EVENTS, PEOPLE, CONDITIONS, MEASURES, FEEDS, IDENTIFIERS, REJECTS)

_HELD = f"""
create or replace temp table held as
with seen as (
  select distinct person_ref, source_file, provider from found_events
  union select person_ref, source_file, provider from found_conditions
  union select person_ref, source_file, provider from found_measures
  where source_mapping <> '{WORKED_OUT}'
  union select person_ref, source_file, null
  from found_people_rows join found_identifiers using (link_key)
)
select person_ref, count(distinct source_file) as files, count(distinct provider) as providers,
       any_value(known.identifiers) as identifiers
from (select person_ref, count(*) as identifiers from found_identifiers group by all) known
left join seen using (person_ref) group by person_ref
"""
_LINES = f"""
with months as ({COVERAGE}),
held as (
  select provider, sector, min("start") as "start", max("end") as "end",
         date_trunc('month', max("end"))::date as last_month
  from found_feeds group by all
)
select m.provider, m.sector, any_value(h."start"), any_value(h."end"), sum(m.events)::bigint,
       coalesce(list(m.month order by m.month) filter (
         not m.covered and m.month between h."start" and h.last_month), []),
       count(*) filter (m.covered and m.events = 0)
from months m left join held h
  on h.sector = m.sector and h.provider is not distinct from m.provider
group by m.provider, m.sector order by m.sector, m.provider nulls first
"""


def examine_tables(sql: duckdb.DuckDBPyConnection, folder: Path) -> Findings:
    """Look over the tables of a snapshot, published or a draft, in `folder`.

    `sql` is a connection to work on; nothing in the tables is changed.
    """
    for table in _TABLES:
        empty = ", ".join(f'null as "{name}"' for name in table.names)
        _open_table(sql, folder, table.name, f"select {empty} where false union all by name ")
    _open_table(sql, folder, PEOPLE_ROWS, "")
    warnings, by_file = find_warnings(sql)
    return Findings(warnings, by_file, _report_links(sql), _report_coverage(sql))


def _open_table(sql: duckdb.DuckDBPyConnection, folder: Path, name: str, first: str) -> None:
    # an older snapshot may lack a column that the standard has since been given
    path = quote(folder / f"{name}.parquet")
    sql.execute(
        f"create or replace temp view found_{name} as {first}select * from read_parquet({path})"
    )


def _report_links(sql: duckdb.DuckDBPyConnection) -> LinkReport:
    sql.execute(_HELD)

    def count(key: str, table: str = "held") -> dict[Any, int]:
        query = f"select {key}, count(*) from {table} group by all order by all"
        return dict(sql.execute(query).fetchall())

    by_type = count("id_type", "found_identifiers")
    by_files = count("files")
    return LinkReport(
        people=sum(by_files.values()),
        identifiers=sum(by_type.values()),
        people_by_files=by_files,
        people_by_providers=count("providers"),
        people_by_identifiers=count("identifiers"),
        identifiers_by_type=by_type,
    )


def _report_coverage(sql: duckdb.DuckDBPyConnection) -> tuple[CoverageLine, ...]:
    found = sql.execute(_LINES.format(events="found_events", feeds="found_feeds")).fetchall()
    return tuple(
        CoverageLine(provider, sector, start, end, events, tuple(missing), quiet)
        for provider, sector, start, end, events, missing, quiet in found
    )
