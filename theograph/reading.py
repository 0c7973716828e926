"""Reading a published snapshot: who is in it, and one person's journey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from theograph.errors import StoreError, UnknownPersonError
from theograph.journey import Journey, assemble_journey
from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    IDENTIFIERS,
    MEASURES,
    OPPORTUNITIES,
    PEOPLE,
    Table,
)
from theograph.sql_text import quote
from theograph.store import Snapshot, verify_snapshot

_PEOPLE = """
select p.person_ref as ref, p.person_id, p.name, coalesce(t.events, 0) as events,
       t.first, t.last, coalesce(t.cost_pence, 0) as cost_pence
from people p left join totals t using (person_ref)
"""
_FOUND = f"""
{_PEOPLE}
where $text = ''
   or p.name ilike '%' || $pattern || '%' escape '\\'
   or p.person_ref = $text
   or p.person_ref in (
        select person_ref from identifiers
        where person_id ilike $pattern || '%' escape '\\'
           or person_id = replace(replace($text, ' ', ''), '-', '')
      )
order by p.name is null, lower(p.name), p.person_id
"""

# The feeds that bear on one person: of the providers they used, and, for a sector they never
# used, one line for the reach of all that sector's providers together.
_FEEDS = """
with used as (select distinct sector, provider from events where person_ref = $ref)
select f.* from feeds f join used u
  on u.sector = f.sector and u.provider is not distinct from f.provider
union all by name
select null as provider, sector, min(start) as start, max("end") as "end",
       bool_and(declared) as declared, min(source_file) as source_file,
       min(source_row) as source_row, min(source_mapping) as source_mapping
from feeds where sector not in (select sector from used) group by sector
order by sector, provider, start
"""


_OPPORTUNITIES = """
select o.*, p.person_id from opportunities o join people p using (person_ref)
where ($ref is null or o.person_ref = $ref)
  and ($statuses is null or list_contains($statuses, o.status))
  and ($rules is null or list_contains($rules, o.rule))
order by p.person_id, o.person_ref, o.signal_at, o.rule, o.signal_no, o.anchor
"""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list: enough to choose by. Money in pence, times local."""

    ref: str
    person_id: str
    name: str | None
    events: int
    first: datetime | None
    last: datetime | None
    cost_pence: int


@dataclass(frozen=True, slots=True)
class Records:
    """An opened snapshot. Safe to use from several threads: each call has its own cursor."""

    snapshot: Snapshot
    _connection: duckdb.DuckDBPyConnection

    def list_people(self) -> list[PersonLine]:
        """Everyone in the snapshot, by name, then by identifier."""
        query = f"{_PEOPLE} order by p.name is null, lower(p.name), p.person_id"
        return _people(self._run(query))

    def search_people(self, text: str, limit: int) -> list[PersonLine]:
        """The first `limit` people whose name holds, or whose identifier begins with, `text`."""
        pattern = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        values = {"text": text, "pattern": pattern}
        return _people(self._run(f"{_FOUND} limit {int(limit)}", values))

    def find_person(self, identifier: str) -> str:
        """The reference of the person known by `identifier`, as any extract gave it, or by a ref.

        Raises `UnknownPersonError` when there is none, or when several people share it.
        """
        found = self._run(
            "select distinct person_ref from identifiers where person_id = $id or person_ref = $id "
            "or (id_type = 'nhs_number' and person_id = replace(replace($id, ' ', ''), '-', '')) "
            "order by person_ref",
            {"id": identifier},
        ).fetchall()
        refs = [ref for (ref,) in found]
        if not refs:
            raise UnknownPersonError(
                f"person '{identifier}': not in this store; theograph people lists who is"
            )
        if len(refs) > 1:
            raise UnknownPersonError(
                f"person '{identifier}': a local number of {len(refs)} people "
                f"({', '.join(refs)}); give one of these references"
            )
        return str(refs[0])

    def read_journey(self, ref: str) -> Journey:
        """The journey of the person with reference `ref`; `UnknownPersonError` if there is none."""
        people = self._frame(PEOPLE, ref)
        if people.empty:
            raise UnknownPersonError(f"person '{ref}': not in this store")
        (person,) = people.to_dict("records")
        feeds = _to_frame(self._run(_FEEDS, {"ref": ref}), FEEDS)
        return assemble_journey(
            {str(name): value for name, value in person.items()},
            events=self._frame(EVENTS, ref),
            conditions=self._frame(CONDITIONS, ref),
            measures=self._frame(MEASURES, ref),
            feeds=feeds,
            opportunities=self._frame(OPPORTUNITIES, ref) if self.screened else None,
            as_of=pd.Timestamp(person["data_to"] or self.snapshot.as_of),
            snapshot=self.snapshot.name,
        )

    def name_people(self) -> dict[str, str]:
        """Everyone's preferred identifier, by reference."""
        return dict(self._run("select person_ref, person_id from people").fetchall())

    @property
    def screened(self) -> bool:
        """Whether rules have been applied to the snapshot; `theograph detect` applies them."""
        return OPPORTUNITIES.name in self.snapshot.checksums

    def list_opportunities(
        self,
        *,
        ref: str | None = None,
        statuses: Sequence[str] = (),
        rules: Sequence[str] = (),
    ) -> Iterator[dict[str, Any]]:
        """The opportunities of one person or of all, of some statuses or rules or of any.

        One dict of the columns of the standard and `person_id` at a time, by `person_id`, then
        by signal. Raises `StoreError` when no rules have been applied.
        """
        if not self.screened:
            raise StoreError(
                f"snapshot {self.snapshot.name}: no rules have been applied; run theograph detect"
            )
        values = {"ref": ref, "statuses": list(statuses) or None, "rules": list(rules) or None}
        for batch in self._run(_OPPORTUNITIES, values).to_arrow_reader(10_000):
            yield from batch.to_pylist()

    def _frame(self, table: Table, ref: str) -> pd.DataFrame:
        found = self._run(f"from {table.name} where person_ref = $ref", {"ref": ref})
        return _to_frame(found, table)

    def _run(self, query: str, values: dict[str, Any] | None = None) -> duckdb.DuckDBPyRelation:
        return self._connection.cursor().sql(query, params=values or {})


def open_records(snapshot: Snapshot) -> Records:
    """Open a snapshot for reading; `StoreError` when a file of it is damaged.

    The engine may read the snapshot's own folder and nothing else, and that cannot be changed
    afterwards.
    """
    verify_snapshot(snapshot)
    connection = duckdb.connect()
    connection.execute("set allowed_directories = [$folder]", {"folder": f"{snapshot.path}/"})
    connection.execute("set enable_external_access = false")
    for table in (PEOPLE, EVENTS, CONDITIONS, MEASURES, FEEDS, IDENTIFIERS):
        _create_view(connection, snapshot, table.name)
    _create_view(connection, snapshot, "totals")
    if OPPORTUNITIES.name in snapshot.checksums:
        _create_view(connection, snapshot, OPPORTUNITIES.name)
    connection.execute("set lock_configuration = true")
    return Records(snapshot, connection)


def _create_view(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, table: str) -> None:
    path = quote(snapshot.table(table))
    connection.execute(f"create view {table} as from read_parquet({path})")


def _people(found: duckdb.DuckDBPyRelation) -> list[PersonLine]:
    return [PersonLine(*row) for row in found.fetchall()]


def _to_frame(found: duckdb.DuckDBPyRelation, table: Table) -> pd.DataFrame:
    arrow: pa.Table = found.to_arrow_table()
    frame: pd.DataFrame = arrow.to_pandas(date_as_object=table is PEOPLE)
    for column in table.columns:
        if column.type == "whole":
            frame[column.name] = frame[column.name].astype("Int64")
        elif column.type == "yes_no":
            required = column.required
            frame[column.name] = frame[column.name].astype("bool" if required else "boolean")
        elif column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
        elif table is not PEOPLE and column.type in ("instant", "date"):
            frame[column.name] = frame[column.name].astype("datetime64[us]")
    return frame
