"""How far the extracts reach: month by month, what each feed covers and what it holds."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from theograph.snapshot import Snapshot
from theograph.sql_text import quote

# A month counts as covered when an extract covers any day of it. Events without an extract
# that covers them, such as what is booked beyond its end, have lines of their own.
COVERAGE = """
with counted as (
  select provider, sector, date_trunc('month', "start")::date as month, count(*) as events
  from {events} group by all
),
reaches as (
  select provider, sector, date_trunc('month', "start")::date as first,
         date_trunc('month', "end")::date as last
  from {feeds}
),
spans as (
  select provider, sector, min(first) as first, max(last) as last from (
    select provider, sector, first, last from reaches
    union all select provider, sector, month, month from counted
  ) group by all
),
months as (
  select provider, sector, unnest(range(first, last + interval 1 month, interval 1 month))::date
         as month
  from spans
),
covered as (
  select distinct provider, sector,
         unnest(range(first, last + interval 1 month, interval 1 month))::date as month
  from reaches where last >= first
)
select m.provider, m.sector, m.month, coalesce(n.events, 0)::bigint as events,
       c.month is not null as covered
from months m
left join counted n on n.sector = m.sector and n.month = m.month
  and n.provider is not distinct from m.provider
left join covered c on c.sector = m.sector and c.month = m.month
  and c.provider is not distinct from m.provider
order by m.sector, m.provider nulls first, m.month
"""


def read_coverage(snapshot: Snapshot) -> pa.Table:
    """Each month of each feed: `provider`, `sector`, `month` (its first day), `events`, `covered`.

    The months of a provider and sector run without a gap from the first to the last that an
    extract covers or an event began in; `events` began in the month, and `covered` says whether
    an extract covers any day of it. Sorted by sector, provider and month.
    """
    tables = {name: f"read_parquet({quote(snapshot.table(name))})" for name in ("events", "feeds")}
    with duckdb.connect() as connection:
        found: pa.Table = connection.sql(COVERAGE.format(**tables)).to_arrow_table()
    return found
