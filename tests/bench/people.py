"""Invented extracts in our own layout, of any size, for measuring only."""

from __future__ import annotations

from pathlib import Path

import duckdb

_EVENTS = """
copy (
  select 'B' || lpad((i // $each)::varchar, 8, '0') as person_id,
         timestamp '2022-04-01' + interval ((hash(i) % 1577000)::bigint) minute as start,
         ['gp','community','outpatients','ed','pharmacy','social_care'
         ][(1 + hash(i, 1) % 6)::bigint] as sector,
         ['GP consultation','District nurse visit','Outpatient appointment',
          'Emergency department attendance','Repeat dispensing','Social care review'
         ][(1 + hash(i, 1) % 6)::bigint] as kind,
         'Provider ' || hash(i, 2) % 40 as provider,
         ['face_to_face','telephone','home_visit'][(1 + hash(i, 3) % 3)::bigint] as mode,
         'attended' as status,
         'e' || i as event_id
  from range($people * $each) t(i)
) to '{path}' (header, delimiter ',')
"""


def write_events(path: Path, *, people: int, each: int) -> Path:
    """A CSV extract of `people` people with `each` events each."""
    query = _EVENTS.replace("$people", str(people)).replace("$each", str(each))
    duckdb.sql(query.format(path=path))
    return path
