"""Reading delimited text: encoding, delimiter and, for every row, its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from theograph.errors import UnreadableSourceError
from theograph.sources.rows import BATCH_ROWS, LONGEST_CELL, Batch, Sheet, require_headers

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
            header_line = next((line for line in lines if line.strip()), "")
    except UnicodeError as error:
        raise UnreadableSourceError(f"{path.name}: cannot be decoded as {label}") from error
    delimiter = max(_DELIMITERS, key=header_line.count)
    headers, first_line = _read_headers(path, encoding, delimiter)
    return [
        Sheet(
            name=path.name,
            headers=headers,
            batches=_read_batches(path, encoding, delimiter, after_line=first_line),
            encoding=label,
        )
    ]


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


def _open_reader(stream: io.TextIOBase, delimiter: str) -> Iterator[tuple[list[str], int, int]]:
    """Each record with its first and its last line; a record that cannot be read is empty."""
    reader = csv.reader(stream, delimiter=delimiter)
    while True:
        first_line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield [], first_line, reader.line_num
            continue
        if record:
            yield record, first_line, reader.line_num


def _read_headers(path: Path, encoding: str, delimiter: str) -> tuple[list[str], int]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for record, _, last_line in _open_reader(stream, delimiter):
            if any(cell.strip() for cell in record):
                return require_headers(record, path.name), last_line
    raise UnreadableSourceError(f"{path.name}: is empty; give a file with a header and rows")


def _read_batches(path: Path, encoding: str, delimiter: str, after_line: int) -> Iterator[Batch]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        batch = Batch()
        for record, first_line, last_line in _open_reader(stream, delimiter):
            if last_line <= after_line:
                continue
            batch.add(record, first_line, _record_problem(record, first_line, last_line))
            if len(batch.lines) == BATCH_ROWS:
                yield batch
                batch = Batch()
        if batch.lines:
            yield batch


def _record_problem(record: list[str], first_line: int, last_line: int) -> str | None:
    if not record:
        return f"has a cell longer than {_LONGEST_FIELD:,} characters"
    if last_line - first_line > _LONGEST_RECORD_LINES:
        return "opens a quote that does not close within 200 lines"
    return None
