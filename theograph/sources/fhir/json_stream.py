"""JSON read as a stream of events, so that neither size nor depth of a file can exhaust memory.

The parser gives one event after the other and keeps nothing; what is built from them is one
entry at a time, up to a size and a depth that no true entry comes near.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

import ijson

from theograph.errors import UnreadableSourceError

LARGEST_ENTRY = 32 << 20  # bytes of one entry or line; documents that large are kept elsewhere
DEEPEST = 100  # levels of one entry; FHIR's own examples have a dozen

_CHUNK_BYTES = 1 << 18
_BEGINS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")
# What stands in entries of a bundle and of no other resource; its type may come after them all.
_OF_BUNDLES = ("fullUrl", "resource", "request", "response", "search")

Events = Iterator[tuple[str, Any]]


@dataclass(slots=True)
class Position:
    """How many bytes of a file have been read so far."""

    bytes: int = 0


class TooDeep:
    """Stands for a value of more than `DEEPEST` levels, which was passed over."""


def open_json(path: Path) -> IO[bytes]:
    """The bytes of a file after a byte order mark, if it has one."""
    stream = path.open("rb")
    if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        stream.seek(0)
    return stream


def find_shape(path: Path) -> str | None:
    """`list`, or the `resourceType` at the top of the file; None where there is none."""
    with _Reader(path) as reader:
        depth, at_top, key = 0, "", ""
        for event, value in reader:
            if depth == 0:
                if event != "start_map":
                    return "list" if event == "start_array" else None
            elif event == "map_key":
                key = value
                if depth == 1:
                    at_top = key
                elif depth == 3 and at_top == "entry" and key in _OF_BUNDLES:
                    return "Bundle"
            elif depth == 1 and key == "resourceType":
                return str(value) if event == "string" else None
            depth += (event in _BEGINS) - (event in _ENDS)
            if depth == 2 and at_top == "entry" and event == "end_map":
                reader.count_entry()
    return None


def read_document(path: Path) -> Any:
    """The one value of a file."""
    with _Reader(path) as reader:
        value = _build(reader, *next(reader, ("null", None)))
        if next(reader, None) is not None:
            reader.refuse("is not valid JSON")
        return value


def stream_items(path: Path, member: str | None, position: Position | None = None) -> Iterator[Any]:
    """The items of the list at the top of a file, or of the list that is a member of its object.

    Moves `position` along.
    """
    with _Reader(path, position) as reader:
        next(reader)
        if member is None:
            yield from _build_items(reader)
        else:
            for _, key in reader:  # ends with the object itself
                event, _ = next(reader, ("null", None))
                if key == member and event == "start_array":
                    yield from _build_items(reader)
                elif event in _BEGINS:
                    _pass_over(reader)


class _Reader:
    """The events of a file, measured; given up when one entry is larger than `LARGEST_ENTRY`."""

    def __init__(self, path: Path, position: Position | None = None) -> None:
        self._path = path
        self._position = position or Position()
        self._since_entry = 0
        self.entries = 0

    def __enter__(self) -> _Reader:
        self._stream = open_json(self._path)
        self._events = ijson.basic_parse(self, buf_size=_CHUNK_BYTES, use_float=True)
        return self

    def __exit__(self, *raised: object) -> None:
        self._stream.close()

    def __iter__(self) -> _Reader:
        return self

    def __next__(self) -> tuple[str, Any]:
        try:
            event: tuple[str, Any] = next(self._events)
        except (ijson.JSONError, ValueError) as error:
            self.refuse(_explain(error), error)
        return event

    def read(self, size: int = -1) -> bytes:
        """More bytes, for the parser."""
        self._since_entry += size
        if self._since_entry > LARGEST_ENTRY + 2 * _CHUNK_BYTES:
            raise UnreadableSourceError(
                f"{self._path.name}: entry {self.entries + 1} is larger than "
                f"{LARGEST_ENTRY >> 20} MB; leave out what it encloses"
            )
        self._position.bytes = self._stream.tell()
        return self._stream.read(size)

    def count_entry(self) -> None:
        """Begin to measure the next entry."""
        self._since_entry = 0
        self.entries += 1

    def refuse(self, why: str, cause: Exception | None = None) -> NoReturn:
        """Raise `UnreadableSourceError` saying why and where."""
        where = f" after entry {self.entries}" if self.entries else ""
        raise UnreadableSourceError(f"{self._path.name}: {why}{where}; ask for it again") from cause


def _explain(error: Exception) -> str:
    said = str(error).lower()
    if "overflow" in said:
        return "holds a number beyond any that is measured"
    return "breaks off" if "premature eof" in said or "incomplete" in said else "is not valid JSON"


def _build_items(reader: _Reader) -> Iterator[Any]:
    for event, value in reader:
        if event == "end_array":
            return
        item = _build(reader, event, value)
        reader.count_entry()
        yield item


def _build(events: Events, event: str, value: Any) -> Any:
    """The value that begins with an event; `TooDeep` in place of a whole that is too deep."""
    if event not in _BEGINS:
        return value
    whole: Any = {} if event == "start_map" else []
    within = [whole]
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
            continue
        if event in _ENDS:
            within.pop()
            if not within:
                break
            continue
        holder = within[-1]
        if event in _BEGINS:
            if len(within) == DEEPEST:
                _pass_over(events, depth=DEEPEST + 1)
                return TooDeep()
            value = {} if event == "start_map" else []
            within.append(value)
        if isinstance(holder, dict):
            holder[key] = value
        else:
            holder.append(value)
    return whole


def _pass_over(events: Events, depth: int = 1) -> None:
    """Read on to the end of the value that is open, `depth` levels of it."""
    for event, _ in events:
        depth += (event in _BEGINS) - (event in _ENDS)
        if depth == 0:
            return
