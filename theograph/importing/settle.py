"""Deciding what becomes of every row read: kept, a duplicate, or set aside with the reason.

The SQL here is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

from typing import Final

import duckdb

from theograph.record.tables import DERIVED_NAMES, Table
from theograph.sources.mapping import Section
from theograph.sources.table import KEYS, STORED

_NOT_CONTENT: Final = {
    *DERIVED_NAMES,
    "person_ref",
    "person_id",
    "event_id",
    "data_to",
    "conflicts",
    "source_file",
    "source_row",
}
LINKED: Final[tuple[Section, ...]] = ("events", "people", "conditions", "measures", "crosswalk")

_LINKS_OF = """
select distinct nhs_key, pseudonym_key, local_key, {dob} as date_of_birth, {sex} as sex
from read_{section} where reason is null
"""

_WHOSE: Final = "left join (select link_key, person_ref as whose from identifiers) using (link_key)"
_PERSON: Final = "coalesce(whose, link_key)"
_SHARED: Final = "has an identifier that stands for more than one person"

_RESOLVE = """
create or replace temp view resolved_{section} as
select *, coalesce(reason, case when link_key is null then '{shared}' end) as final_reason
from (
  select *, coalesce(
    case when nhs_key not in (select link_key from cut) then nhs_key end,
    case when pseudonym_key not in (select link_key from cut) then pseudonym_key end,
    case when local_key not in (select link_key from cut) then local_key end
  ) as link_key
  from read_{section}
)
"""

# A row is compared as its person's, by whichever identifier each extract knew them; an event id
# derived from its content is of the identifier that it came with. Most rows share their identity
# with no other: what they say is not looked at.
_VERDICTS = """
create or replace temp table named_{section} as
select file_no, source_row, coalesce({identity}, md5(md5({said}))) as identity
from resolved_{section} {whose} where final_reason is null;

create or replace temp table stored_{section} as
select identity, any_value(said) as said from (
  select md5({said}) as said, coalesce({stored_identity}, md5(md5({said}))) as identity
  from old_{section} {whose}
) group by identity;

create or replace temp table verdict_{section} as
with crowded as (
  select identity from named_{section} group by identity having count(*) > 1
  union
  select identity from stored_{section}
),
compared as (
  select file_no, source_row, identity, md5({said}) as said
  from named_{section} join resolved_{section} using (file_no, source_row) {whose}
  where identity in (from crowded)
),
ranked as (
  select *, row_number() over w as nth, first_value(said) over w as first_said
  from compared window w as (partition by identity order by file_no, source_row)
)
select r.file_no, r.source_row,
       case when s.identity is not null and s.said = r.said then 'duplicate'
            when s.identity is not null then 'conflict'
            when r.nth = 1 then 'kept'
            when r.said = r.first_said then 'duplicate'
            else 'conflict' end as verdict
from ranked r left join stored_{section} s using (identity)
"""

_OUTCOMES = """
create or replace temp table outcome_{section} as
select r.file_no, r.source_file, r.source_row, r.source_mapping,
       case when r.final_reason is not null or v.verdict = 'conflict' then 'set_aside'
            when v.verdict = 'duplicate' then 'duplicate' else 'kept' end as outcome,
       case when r.final_reason is not null then r.final_reason
            when v.verdict = 'conflict' then 'has the event id of another row with other content'
            when v.verdict = 'duplicate' then 'is the same row again' end as reason,
       r.reason_value as value,
       case when r.final_reason is not null or v.verdict <> 'kept' then r."row" end as "row"
from resolved_{section} r left join verdict_{section} v using (file_no, source_row)
"""


def collect_links(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `links` with every combination of identifiers seen, in the store and in the new rows."""
    parts = ["select nhs_key, pseudonym_key, local_key, date_of_birth, sex from old_links"]
    for section in LINKED:
        people = section == "people"
        parts.append(
            _LINKS_OF.format(
                section=section,
                dob="date_of_birth" if people else "null::date",
                sex="sex" if people else "null::varchar",
            )
        )
    con.execute(f"create or replace temp table links as {' union '.join(parts)}")


def set_unlinked_aside(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Fill `unlinked` with rows of the store whose identifier no longer stands for one person.

    Returns how many there are of each identifier's link key.
    """
    parts = " union all by name ".join(
        f"select source_file, source_row, source_mapping, link_key from old_{section} "
        "where link_key in (select link_key from cut)"
        for section in ("events", "people", "conditions", "measures")
    )
    con.execute(
        "create or replace temp table unlinked as select source_file, source_row, source_mapping, "
        f"'set_aside' as outcome, '{_SHARED}' as reason, "
        "split_part(link_key, ':', 2) as value, null::varchar as \"row\", link_key "
        f"from ({parts})"
    )
    found = con.execute("select link_key, count(*) from unlinked group by link_key").fetchall()
    return dict(found)


def settle_section(con: duckdb.DuckDBPyConnection, section: Section) -> None:
    """Fill `outcome_<section>`: for each row read, what became of it and why."""
    if section in LINKED:
        con.execute(_RESOLVE.format(section=section, shared=_SHARED))
    else:
        con.execute(
            f"create or replace temp view resolved_{section} as "
            f"select *, reason as final_reason, null::varchar as link_key from read_{section}"
        )
    whose = _WHOSE if "link_key" in content_columns(section) else ""
    said = content_of(section, key=_PERSON)
    con.execute(_VERDICTS.format(section=section, said=said, whose=whose, **_identity(section)))
    con.execute(_OUTCOMES.format(section=section))


def content_of(section: Section, *, key: str = "link_key") -> str:
    """SQL for one text of everything a row says, whoever's file it stands in.

    `key` is SQL for whose row it is, in place of the identifier by which it was linked.
    """
    columns = [name for name in content_columns(section) if name not in _NOT_CONTENT]
    values = [key if name == "link_key" else f'"{name}"' for name in columns]
    cells = ", ".join(f"coalesce({value}::varchar, chr(30))" for value in values)
    return f"concat_ws(chr(31), {cells})"


def derive_event_id() -> str:
    """SQL for the event id of a row that has none of its own."""
    return f"'x' || md5({content_of('events')})[1:16]"


def content_columns(section: Section) -> tuple[str, ...]:
    """The columns whose values make a row of this section."""
    if section == "crosswalk":
        return KEYS
    table: Table = STORED[section]
    return (*table.names, *(KEYS if section == "people" else ()))


def _identity(section: Section) -> dict[str, str]:
    if section != "events":
        return {"identity": "null::varchar", "stored_identity": "null::varchar"}
    key = (
        "case when event_id {test} then concat_ws(chr(31), source_mapping, "
        f"coalesce(provider, ''), {_PERSON}, event_id) end"
    )
    return {
        "identity": key.format(test="is not null"),
        "stored_identity": key.format(test=f"<> {derive_event_id()}"),
    }
