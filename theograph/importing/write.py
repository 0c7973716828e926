"""Writing the tables of a snapshot: linked, priced, sorted by person.

The SQL here is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from theograph.costing import UnitCosts, price_events
from theograph.importing.frailty_score import WORKED_OUT, score_stays
from theograph.importing.people import gather_people
from theograph.importing.settle import derive_event_id
from theograph.importing.staging import LINKS, PEOPLE_ROWS, Staging
from theograph.opportunities.rulebook import Rulebook
from theograph.opportunities.screen import screen_people
from theograph.opportunities.tag import tag_rows
from theograph.progress import Course
from theograph.record.tables import (
    CONDITIONS,
    DERIVED_NAMES,
    EVENTS,
    FEEDS,
    MEASURES,
    REJECTS,
    Table,
)
from theograph.sql_text import quote

_ROW_GROUP = 50_000  # small enough that one person is one or two groups, large enough to pack
_ALL_EVENTS = """
create or replace temp table all_events as
select i.person_ref, e.* exclude (person_ref) from (
  select null as person_ref, * exclude (person_ref, {derived}) from old_events
  union all by name
  select r.* exclude (reason, reason_value, "row", final_reason, file_no, nhs_key, pseudonym_key,
                      local_key, {derived})
         replace (coalesce(event_id, {derived_id}) as event_id)
  from resolved_events r
  semi join (from outcome_events where outcome = 'kept') using (file_no, source_row)
) e join identifiers i using (link_key)
"""

_ALL_ROWS = """
create or replace temp table all_{name} as
select {columns} from (
  select {old_columns} from old_{name} where source_mapping <> '{worked_out}'
  union all by name
  select {old_columns} from (
    select r.* from resolved_{name} r join outcome_{name} o using (file_no, source_row)
    where o.outcome = 'kept'
  )
) e join identifiers i using (link_key)
"""

# A file is one extract of one period: what it holds of one sector it would have held of all.
# An end beyond the last beginning of all is a plan; what goes on was so on the last day. What
# is booked or mistyped beyond today moves neither.
_FEEDS = """
create or replace temp table all_feeds as
with declared as (
  select {columns} from old_feeds where declared
  union all by name
  select {columns} from (
    select r.* from resolved_feeds r join outcome_feeds o using (file_no, source_row)
    where o.outcome = 'kept'
  )
),
horizon as (select least(max(start)::date, date '{today}') as day from all_events),
periods as (
  select source_file, source_mapping, min(start)::date as first,
         greatest(min(start)::date, max(
           case when ongoing then day else least(coalesce("end", start)::date, day) end)) as last
  from all_events, horizon group by all
),
seen as (select distinct source_file, source_mapping, provider, sector from all_events)
select * from declared
union all by name
select s.provider, s.sector, p.first as start, p.last as end, false as declared,
       s.source_file, 1 as source_row, s.source_mapping
from seen s join periods p using (source_file, source_mapping)
where not exists (
  select 1 from declared d
  where d.sector = s.sector and d.provider is not distinct from s.provider
)
"""

# Each person's data speaks up to the last day of the extracts that hold them, and never beyond
# today.
_DATA_TO = """
create or replace temp table data_to as
select e.person_ref, least(max(f."end"), date '{today}') as data_to
from (select distinct person_ref, provider, sector from all_events) e
join all_feeds f on f.sector = e.sector and f.provider is not distinct from e.provider
group by e.person_ref
"""

_TOTALS = """
select person_ref, count(*) as events, min(start) as first, max(start) as last,
       coalesce(sum(cost_pence), 0)::bigint as cost_pence
from read_parquet($events) group by person_ref order by person_ref
"""

# How much of the time that writing takes is behind, as measured with a million plain rows.
_GATHERED = 0.2
_WRITTEN = 0.62


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the draft: rows by table, and the day up to which the data speaks."""

    rows: dict[str, int]
    as_of: date


def write_tables(
    staging: Staging,
    unit_costs: UnitCosts,
    rulebook: Rulebook,
    *,
    price_year: str | None,
    today: date,
    course: Course,
) -> Written:
    """Write every table of the next snapshot into the draft folder.

    Rows are tagged with the concepts of `rulebook`, priced, and screened by its rules. `today`
    is the last day up to which data can speak, whatever is booked or mistyped beyond.
    """
    course.begin("Gathering each person's rows", 0, _GATHERED)
    sql = staging.sql
    derived = ", ".join(DERIVED_NAMES)
    sql.execute(_ALL_EVENTS.format(derived=derived, derived_id=derive_event_id()))
    for table in (CONDITIONS, MEASURES):
        _gather_rows(staging, table)
    sql.execute(_FEEDS.format(columns=_names(FEEDS), today=today.isoformat()))
    as_of = min(_find_as_of(staging), today)
    sql.execute(_DATA_TO.format(today=today.isoformat()))
    gather_people(sql)
    score_stays(sql, events="all_events", people="linked_people", into="hfrs_readings")
    sql.execute("insert into all_measures by name from hfrs_readings")
    for table in (EVENTS, CONDITIONS, MEASURES):
        name = table.name
        tag_rows(sql, table, rulebook.concepts, source=f"all_{name}", into=f"tagged_{name}")
    sql.execute(
        "create view dated_events as from tagged_events left join data_to using (person_ref)"
    )
    # a view: priced on the way to the file, not kept in between
    price_events(
        sql, unit_costs, source="dated_events", into="priced_events", price_year=price_year
    )
    course.begin("Pricing events and writing", _GATHERED, _WRITTEN)
    rows = {
        "people": _copy(staging, "people", "from linked_people order by person_ref"),
        PEOPLE_ROWS: _copy(staging, PEOPLE_ROWS, "from all_people order by all"),
        "events": _copy(
            staging,
            "events",
            f"select {_names(EVENTS)} from priced_events order by person_ref, start, event_id",
        ),
        "conditions": _copy(
            staging, "conditions", "from tagged_conditions order by person_ref, onset, condition"
        ),
        "measures": _copy(
            staging, "measures", "from tagged_measures order by person_ref, measured_at, measure"
        ),
        "feeds": _copy(staging, "feeds", "from all_feeds order by sector, provider, start"),
        "identifiers": _copy(staging, "identifiers", "from identifiers order by link_key"),
        LINKS: _copy(staging, LINKS, "from links order by all"),
        "rejects": _copy(staging, "rejects", _rejects()),
    }
    sql.execute(
        f"copy ({_TOTALS.replace('$events', _path(staging, 'events'))}) "
        f"to {_path(staging, 'totals')} (format parquet)"
    )
    rows["totals"] = staging.count(f"read_parquet({_path(staging, 'totals')})")
    screened = course.part(_WRITTEN, 1)
    rows["opportunities"] = screen_people(
        staging.draft,
        rulebook,
        as_of=as_of,
        progress=lambda stage, done: screened.begin(stage, done, 1),
    )
    return Written(rows, as_of)


def find_disagreements(staging: Staging) -> list[str]:
    """What the sources say differently of one person, in words, by the person's reference."""
    found = staging.sql.execute(
        f"select person_ref || ': ' || conflicts from read_parquet({_path(staging, 'people')}) "
        "where conflicts is not null order by person_ref"
    ).fetchall()
    return [said for (said,) in found]


def _gather_rows(staging: Staging, table: Table) -> None:
    kept = [name for name in table.names if name not in ("person_ref", *DERIVED_NAMES)]
    staging.sql.execute(
        _ALL_ROWS.format(
            name=table.name,
            columns="i.person_ref, " + ", ".join(f'e."{name}"' for name in kept),
            old_columns=", ".join(f'"{name}"' for name in kept),
            worked_out=WORKED_OUT,
        )
    )


def _find_as_of(staging: Staging) -> date:
    """The last day a source says it covers, or on which anything began."""
    (found,) = staging.sql.execute(
        "select greatest((select max(start)::date from all_events), "
        '(select max("end") from all_feeds where declared))'
    ).fetchall()
    return found[0] or date(1900, 1, 1)


def _rejects() -> str:
    names = ", ".join(f'"{name}"' for name in REJECTS.names)
    return (
        f"select {names} from old_rejects "
        "where source_file not in (select source_file from row_outcomes) "
        f"union all by name select {names} from row_outcomes where outcome <> 'kept' "
        f"union all by name select {names} from unlinked "
        "order by source_file, source_row"
    )


def _copy(staging: Staging, table: str, query: str) -> int:
    staging.sql.execute(
        f"copy ({query}) to {_path(staging, table)} "
        f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
    )
    return staging.count(f"read_parquet({_path(staging, table)})")


def _path(staging: Staging, table: str) -> str:
    return quote(staging.draft / f"{table}.parquet")


def _names(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.names)
