"""The resources of a JSON file, one at a time: of a bundle, of NDJSON, or one that stands alone."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from theograph.errors import UnreadableSourceError
from theograph.sources.fhir.json_stream import (
    DEEPEST,
    LARGEST_ENTRY,
    Position,
    TooDeep,
    find_shape,
    open_json,
    read_document,
    stream_items,
)
from theograph.sources.fhir.values import Resource, read_list, read_text

_CHUNK_BYTES = 1 << 16
_LINES = (".ndjson", ".jsonl")
_TOO_DEEP = f"is nested deeper than {DEEPEST} levels"
_BEGINNINGS = {
    codecs.BOM_UTF16_LE: "is UTF-16; save it as UTF-8, as FHIR asks",
    codecs.BOM_UTF16_BE: "is UTF-16; save it as UTF-8, as FHIR asks",
    b"<": "is XML; ask the sender for FHIR as JSON (application/fhir+json)",
    b"PK\x03\x04": "is a zip file; unpack it first",
    b"\x1f\x8b": "is compressed; unpack it first",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource where it stands, or what is wrong in its place.

    `number` counts the entries of a bundle, or the lines of NDJSON, from 1; it is None for all
    but the first entry of a bundle that stands in one line.
    """

    number: int | None
    place: str
    resource: Resource = field(default_factory=dict)
    full_url: str = ""
    problem: str | None = None


def read_entries(path: Path, position: Position | None = None) -> Iterator[Entry]:
    """Every entry of a bundle, resource or NDJSON file, in its order; moves `position` along.

    Raises `UnreadableSourceError` for what is not JSON, not FHIR, or breaks off.
    """
    _refuse_other_formats(path)
    position = position or Position()
    return _read_lines(path, position) if _is_ndjson(path) else _read_file(path, position)


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(4096)
    plain = start.removeprefix(codecs.BOM_UTF8).lstrip()
    for beginning, remedy in _BEGINNINGS.items():
        if start.startswith(beginning) or plain.startswith(beginning):
            raise UnreadableSourceError(f"{path.name}: {remedy}")
    if not plain and path.suffix.lower() not in _LINES:
        raise UnreadableSourceError(f"{path.name}: is empty; give a bundle or a resource")


def _is_ndjson(path: Path) -> bool:
    """Whether one whole object stands in the first line and another begins after it."""
    if path.suffix.lower() in _LINES:
        return True
    with open_json(path) as stream:
        first = b""
        while not first and (line := stream.readline(LARGEST_ENTRY)):
            first = line.strip()
        if not (first.startswith(b"{") and first.endswith(b"}")):
            return False
        following = b""
        while not following and (chunk := stream.read(_CHUNK_BYTES)):
            following = chunk.lstrip()
    return following.startswith(b"{")


def _read_file(path: Path, position: Position) -> Iterator[Entry]:
    shape = find_shape(path)
    if shape is None:
        raise UnreadableSourceError(
            f"{path.name}: is not FHIR: its top has no resourceType; "
            "give a bundle, a resource or a bulk export"
        )
    if shape == "Bundle":
        for number, item in enumerate(stream_items(path, "entry", position), start=1):
            yield _read_entry(item, number, f"entry {number}")
    elif shape == "list":
        for number, item in enumerate(stream_items(path, None, position), start=1):
            yield from _read_resource(item, number, f"entry {number}")
    else:
        yield from _read_resource(read_document(path), 1, "entry 1")


def _read_entry(item: object, number: int | None, place: str) -> Entry:
    if isinstance(item, TooDeep):
        return Entry(number, place, problem=_TOO_DEEP)
    if not isinstance(item, dict):
        return Entry(number, place, problem="is not an object")
    resource = item.get("resource")
    if resource is None:
        return Entry(number, place, problem="has no resource")
    if not isinstance(resource, dict):
        return Entry(number, place, problem="has a resource that is not an object")
    if not read_text(resource.get("resourceType")):
        return Entry(number, place, problem="has a resource without a resourceType")
    return Entry(number, place, resource, read_text(item.get("fullUrl")))


def _read_resource(document: object, number: int, place: str) -> Iterator[Entry]:
    """A resource that stands alone; of a bundle that does, its entries."""
    if isinstance(document, TooDeep):
        yield Entry(number, place, problem=_TOO_DEEP)
        return
    if isinstance(document, dict) and document.get("resourceType") == "Bundle":
        for position, item in enumerate(read_list(document.get("entry")), start=1):
            yield _read_entry(item, number if position == 1 else None, f"{place}.{position}")
        if not read_list(document.get("entry")):
            yield Entry(number, place, problem="is a bundle without entries")
        return
    yield _read_entry({"resource": document}, number, place)


def _read_lines(path: Path, position: Position) -> Iterator[Entry]:
    with open_json(path) as stream:
        number = 0
        while line := stream.readline(LARGEST_ENTRY):
            number += 1
            position.bytes += len(line)
            whole = line.endswith(b"\n") or len(line) < LARGEST_ENTRY
            if not whole:
                _skip_line(stream)
            if line.strip():
                yield from _read_line(line if whole else b"", number)


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
        continue


def _read_line(line: bytes, number: int) -> Iterator[Entry]:
    place = f"line {number}"
    if not line:
        problem = f"is larger than {LARGEST_ENTRY >> 20} MB"
        yield Entry(number, place, problem=problem)
        return
    try:
        document = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        yield Entry(number, place, problem="is not valid JSON")
        return
    yield from _read_resource(document, number, place)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
