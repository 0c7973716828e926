"""One row a person, from what every source says of them.

The SQL here is assembled from the names of our own columns; values never enter it.
"""

from __future__ import annotations

import duckdb

from theograph.record.tables import PEOPLE, PROVENANCE_NAMES

_FIELDS = [
    name for name in PEOPLE.names if name not in ("person_ref", "person_id", "data_to", "conflicts")
]
_AGE = ("age_years", "age_at")  # a person's age at two days differs, and both hold
_KEYS = ("link_key", "nhs_key", "pseudonym_key", "local_key")


def gather_people(sql: duckdb.DuckDBPyConnection) -> None:
    """Fill `all_people` with every row read of a person, `linked_people` with one row a person.

    Where the sources disagree on a field it stays empty and `conflicts` says what each says.
    """
    kept = ", ".join(f'"{name}"' for name in (*_FIELDS, *_KEYS, *PROVENANCE_NAMES))
    sql.execute(
        f"create or replace temp table all_people as select {kept} from old_people "
        f"union all by name select {kept} from (select r.* from resolved_people r "
        "join outcome_people o using (file_no, source_row) where o.outcome = 'kept')"
    )
    linked = (
        "select i.person_ref, p.* from all_people p join identifiers i on i.link_key = p.link_key"
    )
    names = ", ".join(f'"{name}"' for name in PEOPLE.names)
    fields = ", ".join(_latest_age(name) if name in _AGE else _one_value(name) for name in _FIELDS)
    disagreeing = (name for name in _FIELDS if name not in ("household", *_AGE))
    conflicts = ", ".join(_disagreement(name) for name in disagreeing)
    people = (
        "with who as ("
        " select person_ref, arg_min(person_id, (id_rank, person_id)) as person_id from ("
        "  select *, case id_type when 'nhs_number' then 1 when 'pseudonym' then 2 else 3 end"
        "  as id_rank from identifiers) group by person_ref), "
        f"facts as (select person_ref, {fields}, "
        f"nullif(concat_ws('; ', {conflicts}), '') as conflicts from ({linked}) "
        "group by person_ref) "
        f"select {names} from who left join facts using (person_ref) "
        "left join data_to using (person_ref)"
    )
    sql.execute(f"create or replace temp table linked_people as {people}")


def _one_value(name: str) -> str:
    """SQL for the value of a field if all sources agree on it, else null."""
    return (
        f'case when count(distinct lower("{name}"::varchar)) = 1 then min("{name}") end as "{name}"'
    )


def _latest_age(name: str) -> str:
    """SQL for the age stated for the latest day, or that day; one without a day if all agree."""
    if name == "age_at":
        return 'max("age_at") filter ("age_years" is not null) as "age_at"'
    without_day = _one_value(name).removesuffix(f' as "{name}"')
    return f'coalesce(arg_max("{name}", "age_at"), {without_day}) as "{name}"'


def _disagreement(name: str) -> str:
    """SQL for a sentence on what the sources say where they do not agree, else null."""
    said = f"\"{name}\" || ' (' || source_file || ' line ' || source_row || ')'"
    return (
        f'case when count(distinct lower("{name}"::varchar)) > 1 then '
        f"'{name.replace('_', ' ')}: ' || string_agg(distinct {said}, ', ' order by {said}) end"
    )
