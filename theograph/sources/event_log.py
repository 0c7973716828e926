"""Process-mining event logs: rows of case, activity and time, as events with start and end.

A log may tell the start and the end of an activity in two columns of a row or in two rows.
Two rows are joined by the instance of the activity where the log names it, else in the order
in which they came: within a case and an activity, the first start goes with the first end.
A start that nothing ends is an event without an end; an end that nothing started, a point.

The SQL is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir

from theograph.errors import UnreadableSourceError
from theograph.record.sectors import SECTOR_LABELS
from theograph.sources.dates import (
    DateColumn,
    gather_evidence,
    judge_dates,
    parse_date,
    tells_time,
)
from theograph.sources.log_columns import LogColumns, find_log_columns
from theograph.sources.rows import StagedSheet
from theograph.sources.sector_words import sector_sql
from theograph.sql_text import quote

HEADERS = (
    "event log person",
    "event log case",
    "event log activity",
    "event log start",
    "event log end",
    "event log sector",
    "event log department",
    "event log resource",
    "event log instance",
)
"""The headers of a reshaped log, by which the mapping `event_log` knows it."""

_UNTOLD_SECTOR = "hospital"
_STARTS = ("start", "started", "begin", "began")
_ENDS = ("complete", "completed", "end", "ended", "finish", "finished", "stop")
_BETWEEN = "is a step that neither starts nor ends an activity"


def reshape_event_log(
    sql: duckdb.DuckDBPyConnection, sheet: StagedSheet, into: Path
) -> StagedSheet | None:
    """The events of a log as a sheet for the mapping `event_log`; None if it is no event log.

    Writes the Parquet file `into`: a row an event, with `rows`, how many rows of the log make
    it. Raises `UnreadableSourceError` when a time column mixes two orders of dates.
    """
    columns = find_log_columns(sheet.headers)
    if not columns.is_log:
        return None
    dates = _open_log(sql, sheet, columns)
    sql.execute(_PAIRED if columns.in_two_rows else _SINGLE)
    told = sector_sql(("department", "activity", "resource"))
    sql.execute(_PLACED.format(sector=told, untold=_UNTOLD_SECTOR))
    cells = ", ".join(
        f'"{name.removeprefix("event log ")}" as c{place}' for place, name in enumerate(HEADERS)
    )
    written = sql.execute(
        f"copy (select {cells}, source_row, problem, rows from log_placed order by source_row) "
        f"to {quote(into)} (format parquet, compression zstd, compression_level 1)"
    ).fetchall()
    notes = (*sheet.notes, *_say_columns(columns, sheet.headers), *_say_dates(columns, dates))
    return replace(
        sheet,
        headers=list(HEADERS),
        rows=into,
        weighed=True,
        notes=(*notes, *_say_pairs(sql, columns, written[0][0]), *_say_sectors(sql)),
        excel_epoch=None,
    )


def _open_log(
    sql: duckdb.DuckDBPyConnection, sheet: StagedSheet, columns: LogColumns
) -> dict[str, DateColumn]:
    """Make `log_rows`: a text column a role, times in ISO form and, to order by, as instants."""
    positions = {header: f"c{place}" for place, header in reversed([*enumerate(sheet.headers)])}
    roles = {role.name: getattr(columns, role.name) for role in fields(columns)}
    cells = ", ".join(
        f'{positions[header] if header else "null::varchar"} as "{role}"'
        for role, header in roles.items()
    )
    sql.execute(
        f"create or replace temp view log_texts as select {cells}, source_row, problem "
        f"from {sheet.source}"
    )
    texts = ibis.table(
        {**dict.fromkeys(roles, "string"), "source_row": "int64", "problem": "string"},
        name="log_texts",
    )
    dates = _study_times(sql, sheet, texts, roles)
    when = {role: parse_date(texts[role], study) for role, study in dates.items()}
    iso = {role: _write_iso(texts[role], when[role], dates[role]) for role in dates}
    started = next(role for role in ("start", "time") if roles[role])
    ended = next((role for role in ("end", "time") if roles[role] and role != started), None)
    rows = texts.select(
        "activity", "lifecycle", "instance", "department", "resource", "source_row", "problem",
        person=texts["person"] if columns.person else texts["case"],
        case=texts["case"] if columns.case else texts["person"],
        begun=iso[started],
        ended=iso[ended] if ended else ibis.literal(None, type="string"),
        moment=when[started],
    )  # fmt: skip
    sql.execute(f"create or replace temp view log_rows as {ibis.to_sql(rows, dialect='duckdb')}")
    return dates


def _study_times(
    sql: duckdb.DuckDBPyConnection,
    sheet: StagedSheet,
    texts: ir.Table,
    roles: dict[str, str | None],
) -> dict[str, DateColumn]:
    named = {role: header for role in ("time", "start", "end") if (header := roles[role])}
    query = gather_evidence(texts, list(named))
    (found,) = sql.execute(str(ibis.to_sql(query, dialect="duckdb"))).fetchall()
    evidence = dict(zip(query.columns, found, strict=True))
    dates = judge_dates(evidence, named, forms={}, excel_epoch=sheet.excel_epoch)
    for study in dates.values():
        if study.refused:
            raise UnreadableSourceError(f"{sheet.name}: {study.refused}")
    return dates


def _write_iso(text: ir.StringValue, when: ir.TimestampValue, study: DateColumn) -> ir.StringValue:
    """A time in ISO form, so that start and end are read by what the whole log shows."""
    timed = tells_time(text, study)
    iso = timed.ifelse(when.strftime("%Y-%m-%dT%H:%M:%S.%f"), when.strftime("%Y-%m-%d"))
    return ibis.coalesce(iso, text)


# One row an event, as a log has it that gives start and end in one row, or one time only.
_SINGLE = """
create or replace temp table log_events as
select person, "case", activity, coalesce(begun, ended) as "start",
       case when begun is not null then ended end as "end",
       department, resource, instance, source_row, problem, 1::bigint as rows, 'one row' as made
from log_rows
"""

# Starts wait in a queue, first in, first out, for the ends of their case, activity and instance.
# `ends - starts` at its highest so far is how many ends came while nobody waited: those are
# points. Of the others the nth goes with the nth start. Where the log names the instance its
# starts come first whatever their time, so that an end before its start is seen for what it is.
_QUEUE = """queue as (
    partition by "case", activity, instance
    order by in_time, queued = 'end', moment, source_row rows unbounded preceding
  )"""
_PAIRED = f"""
create or replace temp table log_events as
with told as (
  select *, coalesce(problem, case when step = 'between' then '{_BETWEEN}' end) as trouble,
         case when instance is null then moment end as in_time,
         case when trouble is null and "case" is not null and activity is not null
                   and (moment is not null or instance is not null) then step end as queued
  from (
    select *, case when word in {_STARTS} then 'start' when word in {_ENDS} then 'end'
                   when word is null then 'point' else 'between' end as step
    from (select *, regexp_replace(lower(lifecycle), '[^a-z]', '', 'g') as word from log_rows)
  )
),
counted as (
  select *, sum((queued = 'start')::int) over queue as starts,
         sum((queued = 'end')::int) over queue as ends
  from told where queued in ('start', 'end') window {_QUEUE}
),
surplus as (
  select *, greatest(0, max(ends - starts) over queue) as unmet from counted window {_QUEUE}
),
turns as (
  select *, case when queued = 'start' then starts
                 when unmet = coalesce(unmet_before, 0) then ends - unmet end as turn
  from (
    select *, max(unmet) over (
      partition by "case", activity, instance
      order by in_time, queued = 'end', moment, source_row
      rows between unbounded preceding and 1 preceding
    ) as unmet_before
    from surplus
  )
),
pairs as (
  select s.source_row as first_row, e.source_row as second_row
  from turns s join turns e
    on s."case" = e."case" and s.activity = e.activity
   and s.instance is not distinct from e.instance and s.turn = e.turn
  where s.queued = 'start' and e.queued = 'end'
)
select t.person, t."case", t.activity, t.begun as "start", e.begun as "end",
       coalesce(t.department, e.department) as department,
       coalesce(t.resource, e.resource) as resource, t.instance,
       least(t.source_row, coalesce(e.source_row, t.source_row)) as source_row,
       t.trouble as problem, 1 + (e.source_row is not null)::bigint as rows,
       case when e.source_row is not null then 'two rows' else t.step end as made
from told t
left join pairs p on p.first_row = t.source_row
left join told e on e.source_row = p.second_row
where t.source_row not in (select second_row from pairs)
"""

_PLACED = """
create or replace temp table log_sectors as
select *, {sector} as told from (
  select distinct replace(department, '_', ' ') as department, replace(activity, '_', ' ') as
         activity, replace(resource, '_', ' ') as resource from log_events
);
create or replace temp table log_placed as
select e.* exclude (instance), s.told, coalesce(s.told, '{untold}') as sector,
       case when count(*) over (partition by e.person, e.instance) = 1 then e.instance end
         as instance
from log_events e join log_sectors s
  on s.department is not distinct from replace(e.department, '_', ' ')
 and s.activity is not distinct from replace(e.activity, '_', ' ')
 and s.resource is not distinct from replace(e.resource, '_', ' ')
"""


def _say_columns(columns: LogColumns, headers: list[str]) -> list[str]:
    case = columns.person or columns.case
    told = (
        f"read as an event log: each '{case}' is a person, each '{columns.activity}' an event; "
        "two logs that number alike are kept apart by --provider"
    )
    used = {getattr(columns, role.name) for role in fields(columns)}
    unread = [header for header in headers if header and header not in used]
    return [told, *([f"columns not read: {', '.join(unread)}"] if unread else [])]


def _say_dates(columns: LogColumns, dates: dict[str, DateColumn]) -> list[str]:
    return [f"{getattr(columns, role)}: {study.why}" for role, study in dates.items()]


def _say_pairs(sql: duckdb.DuckDBPyConnection, columns: LogColumns, events: int) -> list[str]:
    if not columns.in_two_rows:
        return []
    made = dict(sql.execute("select made, count(*) from log_events group by made").fetchall())
    by = columns.instance or "their order within a case and an activity"
    said = [
        f"{_count(events, 'event')}; {made.get('two rows', 0):,} with start and end joined by {by}"
    ]
    for step, wanting in (("start", "an end"), ("end", "a start")):
        if made.get(step):
            said.append(f"{_count(made[step], step)} without {wanting}")
    return said


def _say_sectors(sql: duckdb.DuckDBPyConnection) -> list[str]:
    found = sql.execute(
        "select told, count(*) from log_placed where problem is null group by told order by 2 desc"
    ).fetchall()
    told = ", ".join(f"{SECTOR_LABELS[key]} {events:,}" for key, events in found if key)
    untold = sum(events for key, events in found if key is None)
    said = [f"sectors read from words of department, activity and resource: {told}"] if told else []
    if untold:
        said.append(
            f"nothing says where {_count(untold, 'event')} took place: taken as "
            f"{SECTOR_LABELS[_UNTOLD_SECTOR].lower()}; give a mapping to say otherwise"
        )
    return said


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
