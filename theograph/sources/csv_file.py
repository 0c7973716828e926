"""Reading delimited text: encoding, delimiter and, for every row, its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from theograph.errors import UnreadableSourceError
from theograph.sources.plain_csv import SMALLEST, stage_plain_csv
from theograph.sources.rows import LONGEST_CELL, Batch, Sheet, Tell, require_headers

_CHUNK_BYTES = 1 << 20
_LONGEST_FIELD = 4 * LONGEST_CELL  # beyond this the csv module gives up on the row
_LONGEST_RECORD_LINES = 200
_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_OTHER_FORMATS = {
    b"PK\x03\x04": "a zip or Office file; save it as .xlsx or CSV and give that name",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as .xlsx or CSV",
    b"%PDF": "a PDF; export the table as CSV",
    b"\x1f\x8b": "compressed; unpack it first",
    b"\x89PNG": "a picture; export the table as CSV",
    b"PAR1": "Parquet; give it the ending .parquet",
}


def read_csv(path: Path) -> list[Sheet]:
    """The one sheet of a delimited text file.

    Encodings are tried in the order byte order mark, UTF-8, Windows-1252, and the one used is
    reported. The delimiter is the one that the header line has most of. Raises
    `UnreadableSourceError` for a file that is not text or has no header.
    """
    encoding, label = detect_encoding(path)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as lines:
            sample = next((line for line in lines if line.strip()), "")
    except UnicodeError as error:
        raise UnreadableSourceError(f"{path.name}: cannot be decoded as {label}") from error
    delimiter = max(_DELIMITERS, key=sample.count)
    headers, header_line = _read_headers(path, encoding, delimiter)
    sheet = Sheet(
        name=path.name,
        headers=headers,
        batches=_read_batches(path, encoding, delimiter, header_line=header_line),
        encoding=label,
        first_row=header_line + 1,
    )
    if not encoding.startswith("utf-8") or path.stat().st_size < SMALLEST:
        return [sheet]

    def stage_at_once(rows: Path, tell: Tell) -> int | None:
        return stage_plain_csv(
            path, rows, headers=headers, header_line=header_line, delimiter=delimiter, tell=tell
        )

    return [replace(sheet, stage_at_once=stage_at_once)]


def detect_encoding(path: Path) -> tuple[str, str]:
    """The codec of a text file and its name for people; refuses what is not text."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    for magic, remedy in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise UnreadableSourceError(f"{path.name}: is not text but {remedy}")
    for bom, codec, label in _BOMS:
        if start.startswith(bom):
            return codec, label
    if _looks_like_utf16(start):
        return ("utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"), "UTF-16"
    if start.count(b"\x00") > len(start) // 10:
        raise UnreadableSourceError(f"{path.name}: is a binary file; export the table as CSV")
    return ("utf-8", "UTF-8") if _is_utf8(path) else ("cp1252", "Windows-1252")


def _looks_like_utf16(start: bytes) -> bool:
    half = len(start) // 2
    return half > 1 and (start[1::2].count(0) > 0.7 * half or start[::2].count(0) > 0.7 * half)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


class _Lines:
    """The lines of a file, of which those of the last record can be put back."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        self._put_back: deque[str] = deque()
        self._taken: list[str] = []
        self.read = 0  # lines read so far, those put back not among them

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) > _LONGEST_RECORD_LINES:
            raise csv.Error("a quote does not close")
        line = self._put_back.popleft() if self._put_back else next(self._stream)
        self._taken.append(line)
        self.read += 1
        return line

    def start_record(self) -> None:
        """Forget the lines of the last record."""
        self._taken.clear()

    def keep_first(self) -> str:
        """Put back all lines of the record but the first, and return that."""
        first, *others = self._taken
        self._put_back.extendleft(reversed(others))
        self.read -= len(others)
        self._taken.clear()
        return first


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: its cells, the line it begins on and what is wrong with it."""

    cells: list[str]
    line: int
    problem: str | None = None


def _read_records(stream: io.TextIOBase, delimiter: str) -> Iterator[_Record]:
    """Each record that is not blank.

    A quote that is never closed, or closed in the middle of a later row, costs its own line
    only: reading goes on with the next one.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_record()
        first_line = lines.read + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = lines.read > first_line or "end of data" in str(error)
            yield _read_leniently(lines.keep_first(), first_line, delimiter, unclosed=unclosed)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if cells:
            yield _Record(cells, first_line)


def _read_leniently(line: str, number: int, delimiter: str, *, unclosed: bool) -> _Record:
    """One line with a quote where none may stand; `unclosed` if it would not end on its line."""
    if len(line) > _LONGEST_FIELD:
        return _Record([line[:100]], number, f"has a cell longer than {LONGEST_CELL:,} characters")
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return _Record(cells, number, "opens a quote that does not close" if unclosed else None)


def _read_headers(path: Path, encoding: str, delimiter: str) -> tuple[list[str], int]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for record in _read_records(stream, delimiter):
            if any(cell.strip() for cell in record.cells):
                return require_headers(record.cells, path.name), record.line
    raise UnreadableSourceError(f"{path.name}: is empty; give a file with a header and rows")


def _read_batches(path: Path, encoding: str, delimiter: str, header_line: int) -> Iterator[Batch]:
    size = path.stat().st_size or 1
    with path.open("rb") as raw:
        stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        batch = Batch()
        for record in _read_records(stream, delimiter):
            if record.line <= header_line:
                continue
            batch.add(record.cells, record.line, record.problem)
            if batch.full:
                batch.share = raw.tell() / size
                yield batch
                batch = Batch()
        if batch.lines:
            yield batch
