"""What looks odd in the rows of a snapshot. Nothing is corrected: a person should look.

Each check is SQL over the views `found_<table>`, giving one line for each odd row:
`source_file`, `source_row` and, where it says more, `value` and `amount`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import duckdb

from theograph.costing.recorded import STERLING
from theograph.importing.staging import PEOPLE_ROWS
from theograph.record.sectors import SECTOR_LABELS
from theograph.sources.quality import QualityWarning

HOURS_A_DAY: Final = 24
# How long an event of a sector may last before it looks wrong, in hours; stays in mental health
# and packages of care have no such length. A stated length in minutes is held to the last.
LONGEST_HOURS: Final = {
    "hospital": 2 * 365 * HOURS_A_DAY,
    "ed": 3 * HOURS_A_DAY,
    "ambulance": HOURS_A_DAY,
    "nhs111": HOURS_A_DAY,
    "outpatients": HOURS_A_DAY,
    "gp": HOURS_A_DAY,
}
LONGEST_CONTACT_HOURS: Final = HOURS_A_DAY
_LONG_WORDS: Final = {
    "hospital": "over two years",
    "ed": "over three days",
}

# Sectors in which one person can hardly be twice at once with one provider, in the same kind of
# care; medicines, GP records and life events run side by side.
ONE_AT_A_TIME: Final = ("hospital", "mental_health", "community", "social_care")

MOST_PEOPLE_AT_ONCE: Final = 25  # beyond, an instant looks like that of a system, not of people
FEWEST_AT_MIDNIGHT: Final = 10
MOST_AT_MIDNIGHT: Final = 0.05  # of a file's rows with a time; by chance it would be 1 in 1,440

MOST_PLACES: Final = 20
MOST_VALUES: Final = 50

_PLACE = "e.source_file, e.source_row"
_TOOK_PLACE = "e.status is distinct from 'cancelled' and e.status is distinct from 'did_not_attend'"


@dataclass(frozen=True, slots=True)
class _Check:
    """One kind of oddity: its key, its words after a row, the SQL of its rows."""

    key: str
    what: str
    sql: str


def _list_text(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_ENDS_FIRST = """
select source_file, source_row from found_rejects
where outcome = 'set_aside' and reason similar to 'has its [a-z]+ before its [a-z]+'
"""
_AGAINST_LIFE = f"""
select {_PLACE} from found_events e join found_people p using (person_ref)
where {{test}} and {_TOOK_PLACE}
"""
# Spells are compared by whole days, because the time of one may be known and not of another;
# the episodes of one spell are one.
_SPELLS = f"""
with stays as (
  select e.person_ref, e.sector, e.provider, coalesce(e.spell_id, e.event_id) as spell,
         case when e.sector <> 'hospital' then concat_ws(chr(31), e.kind, e.team) end as care,
         min(e."start")::date as first,
         max(case when e.ongoing then date '9999-12-31' else e."end"::date end) as last,
         arg_min(e.source_file, (e."start", e.source_row)) as source_file,
         arg_min(e.source_row, (e."start", e.source_row)) as source_row
  from found_events e
  where e.sector in ({_list_text(ONE_AT_A_TIME)}) and {_TOOK_PLACE}
    and (e."end" is not null or e.ongoing)
  group by all having last > first
),
reached as (
  select *, max(last) over (
    partition by person_ref, sector, provider, care order by first, last desc, spell
    rows between unbounded preceding and 1 preceding) as reached
  from stays
)
select source_file, source_row from reached where first < reached and {{test}}
"""
_HOURS = """coalesce(epoch(e."end" - e."start") / 3600, e.duration_minutes / 60)"""
_LONG = f"select {_PLACE} from found_events e where {{test}} and {_TOOK_PLACE}"
_UNMAPPED = f"""
select {_PLACE}, e.sector || ': ' || e.kind as value from found_events e
where e.cost_basis = 'not_costed' and e.concepts is null
"""
# Few share an instant, so those that may are found first, by what is quick to count.
_SAME_INSTANT = f"""
with timed as (
  select *, hash(person_ref, "start") as instant from found_events
  where has_time and "start" <> date_trunc('day', "start")
),
instants as (
  select person_ref, "start" from timed
  where instant in (select instant from timed group by instant having count(*) > 1)
  group by all having count(distinct coalesce(spell_id, event_id)) > 1
)
select {_PLACE} from found_events e join instants i using (person_ref, "start") where e.has_time
"""
_CROWDED = f"""
with busy as (
  select source_file, "start" from found_events
  where has_time and "start" <> date_trunc('day', "start")
  group by all having count(*) >= {MOST_PEOPLE_AT_ONCE}
),
instants as (
  select source_file, "start" from found_events semi join busy using (source_file, "start")
  where has_time group by all having count(distinct person_ref) >= {MOST_PEOPLE_AT_ONCE}
)
select {_PLACE} from found_events e join instants i using (source_file, "start") where e.has_time
"""
_MIDNIGHT = f"""
with files as (
  select source_file, sector from found_events where has_time group by all
  having count(*) filter ("start" = date_trunc('day', "start"))
         >= greatest({FEWEST_AT_MIDNIGHT}, {MOST_AT_MIDNIGHT} * count(*))
)
select {_PLACE} from found_events e join files f using (source_file, sector)
where e.has_time and e."start" = date_trunc('day', e."start")
"""
_OTHER_CURRENCY = f"""
select {_PLACE}, upper(trim(e.currency)) as value,
       coalesce(e.recorded_cost_pence, 0) as amount
from found_events e
where coalesce(e.recorded_cost_pence, e.recorded_rate_pence) is not null
  and upper(replace(e.currency, ' ', '')) not in ({_list_text(STERLING)})
"""
# Two databases that each count their people from 1, for one.
_SHARED_NUMBER = f"""
with shared as (
  select link_key from found_{PEOPLE_ROWS} where link_key like 'local:%' group by link_key
  having count(distinct date_of_birth) > 1
      or count(distinct sex) filter (sex in ('female', 'male')) > 1
)
select source_file, source_row from found_{PEOPLE_ROWS} semi join shared using (link_key)
"""


def _check_lengths() -> list[_Check]:
    checks = [
        _Check(
            f"long_{sector}",
            f"lasts {_LONG_WORDS.get(sector, 'over 24 hours')} ({SECTOR_LABELS[sector]})",
            _LONG.format(test=f"e.sector = '{sector}' and {_HOURS} > {hours}"),
        )
        for sector, hours in LONGEST_HOURS.items()
    ]
    other = (
        f"e.sector not in ({_list_text(tuple(LONGEST_HOURS))}) "
        f"and e.duration_minutes > {LONGEST_CONTACT_HOURS * 60}"
    )
    words = "states a contact of over 24 hours"
    return [*checks, _Check("long_contact", words, _LONG.format(test=other))]


_CHECKS: Final = (
    _Check("ends_before_start", "ends before it starts: set aside, not corrected", _ENDS_FIRST),
    _Check(
        "after_death",
        "begins after the person's death",
        _AGAINST_LIFE.format(test='e."start"::date > p.date_of_death'),
    ),
    _Check(
        "before_birth",
        "begins before the person's birth",
        _AGAINST_LIFE.format(test='e."start"::date < p.date_of_birth'),
    ),
    _Check(
        "nested_spells",
        "lies within another spell of the same person and provider",
        _SPELLS.format(test="last <= reached"),
    ),
    _Check(
        "overlapping_spells",
        "overlaps another spell of the same person and provider",
        _SPELLS.format(test="last > reached"),
    ),
    *_check_lengths(),
    _Check("unmapped_kinds", "is of a kind with neither a unit cost nor a concept", _UNMAPPED),
    _Check("same_instant", "begins at the very time of another event of the person", _SAME_INSTANT),
    _Check(
        "crowded_instant",
        f"begins at one time that {MOST_PEOPLE_AT_ONCE} or more people of the file share",
        _CROWDED,
    ),
    _Check("midnight", "begins at midnight, more often than by chance", _MIDNIGHT),
    _Check(
        "shared_number",
        "has the number of somebody of another birth or sex: give the provider of each extract",
        _SHARED_NUMBER,
    ),
    _Check("other_currency", "costs other money than pounds: left out of totals", _OTHER_CURRENCY),
)

_WORDS: Final = {check.key: check.what for check in _CHECKS}


def find_warnings(
    sql: duckdb.DuckDBPyConnection,
) -> tuple[tuple[QualityWarning, ...], dict[str, tuple[QualityWarning, ...]]]:
    """What looks odd in the views `found_<table>`: overall, and for each file."""
    odd = " union all by name ".join(
        f"select '{check.key}' as key, * from ({check.sql})" for check in _CHECKS
    )
    sql.execute(f"create or replace temp table odd_rows as {odd}")
    by_file = _summarise(sql, "source_file")
    return _summarise(sql, "''").get("", ()), by_file


_VALUES = f"""
select file, key, value, coalesce(sum(amount), count(*))::bigint
from (select {{file}} as file, * from odd_rows) where value is not null
group by file, key, value
qualify row_number() over (partition by file, key order by count(*) desc, value) <= {MOST_VALUES}
order by file, key, count(*) desc, value
"""
_ROWS = f"""
select file, key, count(*), list_sort(min((source_file, source_row), {MOST_PLACES}))
from (select {{file}} as file, * from odd_rows) group by file, key order by file, key
"""


def _summarise(sql: duckdb.DuckDBPyConnection, file: str) -> dict[str, tuple[QualityWarning, ...]]:
    """The warnings about the rows of each file, or what else the SQL `file` names."""
    values: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for name, key, value, total in sql.execute(_VALUES.format(file=file)).fetchall():
        values[name, key][value] = total
    found: dict[str, list[QualityWarning]] = defaultdict(list)
    for name, key, rows, places in sql.execute(_ROWS.format(file=file)).fetchall():
        words = _WORDS[key]
        found[name].append(QualityWarning(key, words, rows, tuple(places), values[name, key]))
    order = list(_WORDS)
    return {
        name: tuple(sorted(warnings, key=lambda warning: order.index(warning.key)))
        for name, warnings in found.items()
    }
