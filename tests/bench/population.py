"""A synthetic population as a snapshot holds it, of any size, for measuring only.

Thirty events a person over three years, of the kinds that the rules look at; nothing about
anyone in it is clinically true.
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from theograph.opportunities.tag import tag_rows
from theograph.record.concepts import load_concepts
from theograph.record.tables import CONDITIONS, EVENTS, FEEDS, MEASURES, PEOPLE, Table

EVENTS_EACH = 30
# sector, kind, words, and how many in a thousand events: roughly as often as such contacts
# are in a whole population, so that most people have few and some have many signals
_KINDS = (
    ("gp", "GP consultation", None, 310),
    ("gp", "GP consultation", "Low mood, sleeping badly", 12),
    ("gp", "GP consultation", "Feels lonely since the move", 4),
    ("gp", "Practice nurse appointment", "Blood pressure check", 120),
    ("gp", "Annual review", "Diabetes annual review", 12),
    ("gp", "Structured medication review", None, 6),
    ("gp", "Link worker contact", None, 4),
    ("gp", "Multidisciplinary meeting", None, 2),
    ("pharmacy", "Repeat dispensing", None, 240),
    ("outpatients", "Outpatient appointment", None, 130),
    ("community", "District nurse visit", None, 22),
    ("community", "Physiotherapy contact", None, 14),
    ("community", "Respiratory nurse contact", None, 4),
    ("voluntary", "Community centre session", None, 12),
    ("social_care", "Request for support", None, 2),
    ("social_care", "Care needs assessment", None, 2),
    ("social_care", "Home care", None, 2),
    ("social_care", "Social care review", None, 2),
    ("mental_health", "Community mental health contact", None, 14),
    ("nhs111", "NHS 111 call", None, 26),
    ("ambulance", "See and treat", "Fall at home", 2),
    ("ambulance", "See and treat", None, 2),
    ("ambulance", "See, treat and convey", None, 6),
    ("ed", "Emergency department attendance", None, 40),
    ("hospital", "Emergency admission", "COPD exacerbation", 10),
)
_TEAMS = ("Neurology", "Cardiology", "Renal medicine", "Respiratory medicine", "Diabetes", "Team")

_EVENTS = """
create table events as
with rows as (
  select i, i // {each} as person, kinds[(1 + hash(i, 1) % len(kinds))::bigint] as k,
         timestamp '2022-04-01 08:00' + interval ((hash(i, 2) % 1577000)::bigint) minute as start
  from range({people} * {each}) t(i), (select list(k) as kinds from kinds)
)
select 'e' || i as event_id, 'P' || lpad(person::varchar, 8, '0') as person_ref, start,
       case when k.sector = 'hospital' then start + interval ((1 + hash(i, 3) % 20)::bigint) day
            when k.sector = 'ed' then start + interval 4 hour end as "end",
       hash(i, 4) % 4 <> 0 as has_time, false as ongoing, k.sector, k.kind,
       k.sector || ' ' || (person % 40) as provider,
       teams[(1 + hash(i, 5) % len(teams))::bigint] as team,
       case when k.sector = 'gp' then 'C' || hash(i, 6) % 7 end as clinician,
       case when hash(i, 7) % 6 = 0 then 'home_visit' else 'face_to_face' end as mode,
       case when k.sector = 'outpatients' and hash(i, 8) % 12 = 0 then 'did_not_attend'
            else 'attended' end as status,
       case when k.sector in ('hospital', 'ed', 'ambulance', 'nhs111') then false end as planned,
       k.words as description,
       case when k.sector = 'hospital' then 'Discharged to usual residence' end as outcome,
       case when k.sector = 'hospital' then 'ICD-10' end as code_system,
       case when k.sector = 'hospital' then ['J441', 'N390', 'S7200', 'I500', 'F059'
            ][(1 + hash(i, 9) % 5)::bigint] end as code,
       case when k.kind = 'Home care' then 7.0 + 7 * (hash(i, 10) % 4) end as units_per_week,
       case when k.sector = 'outpatients' then start - interval ((hash(i, 11) % 200)::bigint) day
            end as requested_at,
       case when k.sector = 'hospital' and hash(i, 12) % 3 = 0
            then start + interval ((hash(i, 13) % 8)::bigint) day end as ready_at,
       (1000 + hash(i, 14) % 500000)::bigint as cost_pence
from rows
"""
_PEOPLE = """
create table people as
select 'P' || lpad(p::varchar, 8, '0') as person_ref, 'P' || p as person_id,
       date '1930-01-01' + ((hash(p) % 34000)::integer) as date_of_birth,
       case when hash(p, 1) % 40 = 0 then date '2024-06-01' end as date_of_death,
       ['female', 'male'][(1 + hash(p, 2) % 2)::bigint] as sex, date '2025-03-31' as data_to
from range({people}) t(p)
"""
_CONDITIONS = """
create table conditions as
select 'P' || lpad((i // 2)::varchar, 8, '0') as person_ref,
       ['Type 2 diabetes', 'COPD', 'Epilepsy', 'Hypertension', 'Heart failure', 'Dementia'
       ][(1 + hash(i, 20) % 6)::bigint] as condition,
       date '2000-01-01' + ((hash(i, 21) % 9000)::integer) as onset
from range({people} * 2) t(i) where hash(i, 22) % 10 < 4
"""
_MEASURES = """
create table measures as
select 'P' || lpad((i // 2)::varchar, 8, '0') as person_ref,
       timestamp '2022-04-01' + interval ((hash(i, 30) % 1095)::bigint) day as measured_at,
       false as has_time, ['efi', 'repeat_medicines'][(1 + i % 2)::bigint] as measure,
       case when i % 2 = 0 then (hash(i, 31) % 50) / 100.0 else (hash(i, 32) % 16) * 1.0 end
         as value
from range({people} * 2) t(i) where hash(i, 33) % 10 < 3
"""
_FEEDS = """
create table feeds as
select distinct provider, sector, date '2022-04-01' as start, date '2025-03-31' as "end"
from events
"""


def write_population(folder: Path, *, people: int) -> tuple[Path, float]:
    """The tables of a snapshot of `people` people in `folder`; returns it and the seconds that
    finding the concepts of every event took."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "made.duckdb")) as sql:
        sql.execute("create table kinds (k struct(sector varchar, kind varchar, words varchar))")
        rows = [
            {"sector": sector, "kind": kind, "words": words}
            for sector, kind, words, weight in _KINDS
            for _ in range(weight)
        ]
        sql.executemany("insert into kinds values ($1)", [[row] for row in rows])
        teams = ", ".join(f"'{team}'" for team in _TEAMS)
        sql.execute(f"create macro teams_of() as [{teams}]")
        made = _EVENTS.replace("teams[", "(teams_of())[").replace("len(teams)", str(len(_TEAMS)))
        for query in (made, _PEOPLE, _CONDITIONS, _MEASURES, _FEEDS):
            sql.execute(query.format(people=people, each=EVENTS_EACH))
        began = time.perf_counter()
        for table in (EVENTS, CONDITIONS, MEASURES):
            _complete(sql, table)
            tag_rows(sql, table, load_concepts(), source=f"whole_{table.name}", into="tagged")
            _write(sql, table, "tagged", folder)
        seconds = time.perf_counter() - began
        for table in (PEOPLE, FEEDS):
            _complete(sql, table)
            _write(sql, table, f"whole_{table.name}", folder)
    (folder / "made.duckdb").unlink()
    return folder, seconds


def _complete(sql: duckdb.DuckDBPyConnection, table: Table) -> None:
    """A view with every column of the standard but the concepts."""
    empty = table.schema.empty_table()
    for name in ("concepts", "concepts_because"):
        if name in empty.column_names:
            empty = empty.drop_columns([name])
    sql.register(f"empty_{table.name}", empty)
    sql.execute(
        f"create or replace temp view whole_{table.name} as "
        f"from empty_{table.name} union all by name from {table.name}"
    )


def _write(sql: duckdb.DuckDBPyConnection, table: Table, source: str, folder: Path) -> None:
    target = folder / f"{table.name}.parquet"
    order = "sector, provider" if table is FEEDS else "person_ref"
    sql.execute(
        f"copy (from {source} order by {order}) to '{target}' "
        "(format parquet, compression zstd, row_group_size 50000)"
    )
