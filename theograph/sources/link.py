"""One person from many extracts.

Rows carry up to three identifiers: an NHS number, a pseudonym (one value, one person,
everywhere) and a local number (unique within its provider only). Identifiers seen in one row
belong to one person, with two safeguards, so that nobody is merged by accident:

- an NHS number or pseudonym that several local numbers of one provider share, whose dates of
  birth or sexes contradict each other, is *shared*: it links nothing;
- a local number seen with several NHS numbers is *ambiguous*, and links nothing, unless the
  records behind those numbers agree on date of birth and sex.

The SQL works on whole tables of identifiers; no values are spliced into it.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from theograph.sources.identifiers import SEPARATOR

_MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class LinkConflict:
    """Something about who is who that a person should look at."""

    identifier: str
    what: str
    link_key: str


# links(nhs_key, pseudonym_key, local_key, date_of_birth, sex) is what the caller provides.
_PREPARE = """
create or replace temp table local_facts as
select local_key, min(date_of_birth) as dob, min(sex) filter (sex in ('female', 'male')) as sex
from links where local_key is not null group by local_key;

create or replace temp table strong_links as
select nhs_key as strong_key, local_key, date_of_birth, sex from links where nhs_key is not null
union
select pseudonym_key, local_key, date_of_birth, sex from links where pseudonym_key is not null;

create or replace temp table shared as
select strong_key as link_key,
       'stands for ' || count(distinct s.local_key)
       || ' local numbers whose dates of birth or sexes differ' as what
from strong_links s join local_facts f using (local_key)
group by strong_key, split_part(s.local_key, chr(31), 1)
having count(distinct s.local_key) > 1 and (count(distinct f.dob) > 1 or count(distinct f.sex) > 1);

create or replace temp table strong_facts as
select strong_key, count(distinct date_of_birth) as dobs, min(date_of_birth) as dob,
       min(sex) filter (sex in ('female', 'male')) as sex
from strong_links where strong_key not in (select link_key from shared)
group by strong_key;

create or replace temp table ambiguous as
with pairs as (
  select distinct s.local_key, s.strong_key, split_part(s.strong_key, ':', 1) as id_type,
         f.dobs, f.dob, f.sex
  from strong_links s join strong_facts f using (strong_key) where s.local_key is not null
)
select local_key as link_key,
       'is seen with ' || count(*) || ' ' || replace(id_type, '_', ' ')
       || 's whose records do not agree' as what
from pairs group by local_key, id_type
having count(*) > 1
   and not (bool_and(dobs = 1) and count(distinct dob) = 1 and count(distinct sex) <= 1);

create or replace temp table merged as
with pairs as (
  select distinct s.local_key, s.strong_key, split_part(s.strong_key, ':', 1) as id_type
  from strong_links s
  where s.local_key is not null
    and s.strong_key not in (select link_key from shared)
    and s.local_key not in (select link_key from ambiguous)
)
select local_key as link_key,
       'has ' || count(*) || ' ' || replace(id_type, '_', ' ')
       || 's; their records agree, so they are one person' as what
from pairs group by local_key, id_type having count(*) > 1;

create or replace temp table cut as
select link_key, what from shared union all select link_key, what from ambiguous;

create or replace temp table usable as
select distinct nhs_key, pseudonym_key, local_key from (
  select case when nhs_key in (select link_key from cut) then null else nhs_key end as nhs_key,
         case when pseudonym_key in (select link_key from cut) then null
              else pseudonym_key end as pseudonym_key,
         case when local_key in (select link_key from cut) then null else local_key end as local_key
  from links
);

create or replace temp table neighbours as
with edges as (
  select nhs_key as a, pseudonym_key as b from usable
  union select nhs_key, local_key from usable
  union select pseudonym_key, local_key from usable
)
select a, b from edges where a is not null and b is not null
union select b, a from edges where a is not null and b is not null;

create or replace temp table labels as
select distinct link_key, link_key as label from (
  select nhs_key as link_key from usable union select pseudonym_key from usable
  union select local_key from usable
) where link_key is not null;
"""

_PROPAGATE = """
create or replace temp table next_labels as
select l.link_key, least(l.label, coalesce(min(n.label), l.label)) as label
from labels l
left join neighbours e on e.a = l.link_key
left join labels n on n.link_key = e.b
group by l.link_key, l.label;
"""

_CHANGED = (
    "select count(*) from labels join next_labels n using (link_key) where n.label <> labels.label"
)

# The reference is a salted digest of the person's first identifier: it says nothing about the
# person, and the same person keeps it when more extracts arrive. Where later extracts show that
# one person was two, only one of them keeps it: whoever has that first identifier.
_ASSIGN = """
create or replace temp table identifiers as
with claims as (
  select l.label, k.person_ref,
         bool_or('p' || sha256($salt || k.link_key || $salt)[1:16] = k.person_ref) as founded
  from labels l join old_identifiers k using (link_key) group by all
),
wishes as (
  select label, founded, person_ref from claims
  qualify row_number() over (partition by label order by founded desc, person_ref) = 1
),
known as (
  select label, person_ref from wishes
  qualify row_number() over (partition by person_ref order by founded desc, label) = 1
),
ranked as (
  select l.link_key, l.label, split_part(l.link_key, ':', 1) as id_type from labels l
)
select coalesce(k.person_ref, 'p' || sha256($salt || r.label || $salt)[1:16]) as person_ref,
       r.link_key,
       r.id_type,
       case when r.id_type = 'local' then split_part(r.link_key, chr(31), 1)[7:] end as scope,
       case when r.id_type = 'local' then split_part(r.link_key, chr(31), 2)
            else r.link_key[length(r.id_type) + 2:] end as person_id
from ranked r left join known k using (label);
"""


def link_people(con: duckdb.DuckDBPyConnection, *, salt: str) -> list[LinkConflict]:
    """Fill the table `identifiers` (one row an identifier, with its `person_ref`) from `links`.

    `old_identifiers` holds those of the store: a person known already keeps the reference.
    The table `cut` names the identifiers that link nobody. Returns what a person should check.
    """
    con.execute(_PREPARE)
    for _ in range(_MOST_ROUNDS):
        con.execute(_PROPAGATE)
        changed = con.execute(_CHANGED).fetchall()[0][0]
        con.execute("create or replace temp table labels as from next_labels")
        if not changed:
            break
    con.execute(_ASSIGN, {"salt": salt})
    found = con.execute("from cut union all from merged order by link_key").fetchall()
    return [LinkConflict(_spoken(key), what, key) for key, what in found]


def _spoken(link_key: str) -> str:
    """The identifier within a link key, as a person would name it."""
    return link_key.split(":", 1)[1].replace(SEPARATOR, " ")
