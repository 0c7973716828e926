"""Reading a FHIR file: every resource flattened to a row of text, one sheet a resource type.

`source_row` is the number of the entry in its bundle, or the line in NDJSON. One entry may give
several rows (the systolic and diastolic reading of one blood pressure): the further ones are
numbered on from the last entry of the file, so that no two rows share a number; `place` tells
the entry of every row.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from theograph.errors import UnreadableSourceError
from theograph.sources.fhir.claims import CLAIM_TYPES, flatten_claim
from theograph.sources.fhir.events import EVENT_TYPES, flatten_event
from theograph.sources.fhir.findings import flatten_condition, flatten_observation
from theograph.sources.fhir.json_stream import Position
from theograph.sources.fhir.people import DIRECTORY_TYPES, flatten_directory, flatten_patient
from theograph.sources.fhir.references import find_place, name_keys
from theograph.sources.fhir.rows import OTHER, Context, Row, Table
from theograph.sources.fhir.spool import Spool
from theograph.sources.fhir.stream import Entry, read_entries
from theograph.sources.fhir.values import Resource, read_text
from theograph.sources.rows import Sheet, Tell, tell_nobody

Flatten = Callable[[Resource, Context], list[Row]]

_FLATTEN: dict[str, Flatten] = {
    "Patient": flatten_patient,
    "Observation": flatten_observation,
    "Condition": flatten_condition,
    "AllergyIntolerance": flatten_condition,
    **dict.fromkeys(EVENT_TYPES, flatten_event),
    **dict.fromkeys(CLAIM_TYPES, flatten_claim),
    **dict.fromkeys(DIRECTORY_TYPES, flatten_directory),
}
_OTHERS = "Other"
_TOLD_BYTES = 1 << 20


def read_fhir(path: Path, *, tell: Tell = tell_nobody, most_rows: int | None = None) -> list[Sheet]:
    """The sheets of a FHIR R4 or UK Core file: a bundle, a resource or a bulk export.

    Memory does not grow with the file. Every entry gives at least one row: what is not read has
    its reason as the row's problem. `tell` hears how far it is. With `most_rows` no entry is read
    once there are as many rows. Raises `UnreadableSourceError` for what is not FHIR.
    """
    spool = Spool()
    tables: dict[str, Table] = {_OTHERS: OTHER}
    numbers, further, told = 0, 0, 0
    size = path.stat().st_size
    at = Position()
    more = False
    for entry in read_entries(path, at):
        if at.bytes - told > _TOLD_BYTES:
            told = at.bytes
            tell(numbers + further, told / size)
        if most_rows is not None and numbers + further >= most_rows:
            more = True
            break
        numbers = max(numbers, entry.number or 0)
        for position, row in enumerate(flatten_entry(entry, file=str(path))):
            number = entry.number if position == 0 else None
            if number is None:
                further += 1
            kind = row.cells.get("resource") or row.table.name
            name = _OTHERS if row.table is OTHER else _name_sheet(kind, row.table)
            tables[name] = row.table
            cells = {**row.cells, "place": entry.place}
            spool.add(
                name,
                [cells.get(column, "") for column in row.table.columns],
                -further if number is None else number,
                row.problem,
            )
    spool.finish()
    return [
        Sheet(
            name=f"{path.name}: {name}",
            headers=list(table.columns),
            batches=spool.read(name, beyond=numbers) if name in spool.names else iter(()),
            encoding="UTF-8",
            more=more,
        )
        for name, table in tables.items()
    ]


def flatten_entry(entry: Entry, *, file: str) -> list[Row]:
    """The rows of one entry of `file`, at least one; what a journey does not use says so."""
    kind = read_text(entry.resource.get("resourceType"))
    if entry.problem is not None:
        return [Row(OTHER, {"fhir_other": entry.place}, entry.problem)]
    flatten = _FLATTEN.get(kind)
    if flatten is None:
        problem = f"is of type {kind[:40]}, which a journey does not use"
        return [Row(OTHER, {"fhir_other": entry.place, "resource": kind}, problem)]
    keys = name_keys(entry.resource, entry.full_url)
    name = read_text(entry.resource.get("id")) or (keys[0] if keys else "")
    place = find_place(entry.resource, entry.full_url)
    # what nothing can refer to still needs a key of its own, alike in every import
    nameless = sha256(f"{file}\n{entry.place}".encode()).hexdigest()[:32]
    context = Context(kind, name, place, keys or [f"nameless-{nameless}"])
    return flatten(entry.resource, context)


def refuse_xml(path: Path) -> NoReturn:
    """Raises `UnreadableSourceError`: FHIR is read as JSON only."""
    raise UnreadableSourceError(
        f"{path.name}: XML is not read; ask the sender for FHIR as JSON (application/fhir+json)"
    )


def _name_sheet(kind: str, table: Table) -> str:
    return "Patient" if table.name == "fhir_patient" else kind
