"""The Hospital Frailty Risk Score, worked out from the diagnoses of hospital stays.

Gilbert and others 2018: the sum of the weights of 109 ICD-10 codes, each counted once,
recorded in the two years up to a stay of a person of 75 or more; low below 5, intermediate
to 15, high above. A scale of its own: it is not set against eFI or the clinical frailty scale.

The SQL here is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

import theograph.record
from theograph.opportunities.tag import join_icd10

WORKED_OUT: Final = "worked out"  # stands where a reading's layout does: nobody sent it
_WEIGHTS: Final = Path(theograph.record.__file__).with_name("hfrs_icd10.csv")

_STAYS = """
create or replace temp table hfrs_stays as
select e.person_ref, e.link_key, e.provider, e.source_file, e.source_row,
       e."start"::date as began, coalesce(e."end", e."start")::date as day,
       string_split({icd10}, ';') as codes
from {events} e
where e.sector = 'hospital' and lower(e.code_system) like 'icd%10%' and not e.ongoing
  and e.status is distinct from 'cancelled'
"""
_READINGS = """
create or replace temp table {into} as
with weights as (select * from read_csv($weights, header = true)),
coded as (
  select distinct person_ref, day, left(code, 3) as icd10
  from (select person_ref, day, unnest(codes) as code from hfrs_stays)
),
scored as (select c.*, w.score from coded c join weights w using (icd10)),
days as (
  select person_ref, day, min_by(link_key, source_row) as link_key,
         min_by(provider, source_row) as provider, min_by(source_file, source_row) as source_file,
         min(source_row) as source_row
  from hfrs_stays group by person_ref, day
),
each as (
  select d.person_ref, d.day, s.icd10, max(s.score) as score
  from days d join scored s on s.person_ref = d.person_ref
    and s.day between d.day - interval 2 year and d.day
  group by all
),
sums as (select person_ref, day, round(sum(score), 1) as value from each group by all)
select d.person_ref, d.link_key, d.day::timestamp as measured_at, false as has_time,
       'hfrs' as measure, s.value::double as value, 'points' as unit,
       case when s.value < 5 then 'low' when s.value <= 15 then 'intermediate' else 'high' end
         as category,
       null::varchar as code_system, null::varchar as code, d.provider,
       d.source_file, d.source_row, '{mapping}' as source_mapping
from sums s join days d using (person_ref, day) join {people} p using (person_ref)
where date_diff('year', p.date_of_birth, d.day)
      - (strftime(d.day, '%m%d') < strftime(p.date_of_birth, '%m%d'))::integer >= 75
"""


def score_stays(sql: duckdb.DuckDBPyConnection, *, events: str, people: str, into: str) -> None:
    """Make the table `into`: a reading `hfrs` at the end of each coded stay at 75 or more.

    `events` names a table of events, `people` one of person_ref and date_of_birth; the
    readings have the columns of measures that are read, and the provenance of the stay.
    """
    sql.execute(_STAYS.format(events=events, icd10=join_icd10("e.code", "e.other_codes")))
    sql.execute(
        _READINGS.format(into=into, people=people, mapping=WORKED_OUT), {"weights": str(_WEIGHTS)}
    )
