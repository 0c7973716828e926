"""Delimited text of which every row is as it should be, staged by DuckDB in one go.

Most large extracts are: written by a machine, every row as wide as the header. DuckDB then reads
ten times faster than Python can. What it might read otherwise than `sources.csv_file` does is
looked for first, and such a file is left to that reader, which keeps every row whatever is wrong
with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from theograph.sources.rows import LONGEST_CELL, REPEATS_HEADER
from theograph.sql_text import quote

SMALLEST: Final = 1 << 20  # bytes; below, starting costs more than it saves
_CHUNK_BYTES: Final = 1 << 22

# Beside the space: what cells are trimmed of, as Unicode has it, and how UTF-8 writes it.
_SPACES: Final = "\t\n\r\u0085\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
_WIDE_SPACES: Final = _SPACES + "\u2028\u2029\u202f\u205f\u3000"
_WIDE_SPACE: Final = re.compile(
    rb"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)|\xe3\x80\x80"
)
# Characters that are taken out of cells, and quotes that neither open nor close a cell.
_CONTROL: Final = bytes({*range(32), 127} - {9, 10, 13})
_DIRECTION: Final = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
_STRAY_QUOTE: Final = (
    rb'"(?:(?<=[^%(edge)s"]")(?![%(edge)s"])|(?<=[%(edge)s][ \t]")|(?<=[ \t][ \t]"))'
)


@dataclass(frozen=True, slots=True)
class _Text:
    """What is known of a text before it is read: its lines, and under its header its delimiters
    and whether there are quotes and spaces other than the plain one."""

    lines: int
    delimiters: int
    quoted: bool
    spaced: bool


def stage_plain_csv(
    path: Path, rows: Path, *, headers: list[str], header_line: int, delimiter: str
) -> int | None:
    """Write the rows of the UTF-8 file `path` to the Parquet file `rows`, as `stage_sheet` does.

    Returns how many there are; None, and no file, where the text is not plain enough.
    """
    width = len(headers)
    if width < 2 or any("\n" in header or "\r" in header for header in headers):
        return None
    text = _look_through(path, header_line, delimiter)
    if text is None:
        return None
    source = _write_source(path, width, header_line, delimiter)
    query = _write_query(source, headers, header_line, thorough=text.quoted or text.spaced)
    inside = " + ".join(_count_of(f"c{position}", delimiter) for position in range(width))
    with duckdb.connect() as sql:
        sql.execute(f"set temp_directory = {quote(rows.with_suffix('.spill'))}")
        try:
            sql.execute(f"copy ({query}) to {quote(rows)} (format parquet, compression zstd)")
        except duckdb.Error:  # a row is not as it should be
            rows.unlink(missing_ok=True)
            return None
        ((count, last, within),) = sql.execute(
            f"select count(*), coalesce(max(source_row), {header_line}), "
            f"{f'coalesce(sum({inside}), 0)' if text.quoted else 0} from {quote(rows)}"
        ).fetchall()
    # a blank line moves the rows after it; an empty cell too many is passed over without a word
    if last != text.lines or count * (width - 1) + within != text.delimiters:
        rows.unlink()
        return None
    return int(count)


def _look_through(path: Path, header_line: int, delimiter: str) -> _Text | None:
    """What there is to know; None for text that the two readers may not read alike."""
    edge = re.escape(delimiter.encode()) + rb"\r\n"
    stray = re.compile(_STRAY_QUOTE % {b"edge": edge})
    space = b" " if delimiter == "\t" else b"\t"
    newlines, delimiters, quoted, spaced, before = header_line, 0, False, False, b"\n"
    with path.open("rb") as stream:
        for _ in range(header_line):
            stream.readline()
        # a chunk and the line it ends in
        while text := stream.read(_CHUNK_BYTES) + stream.readline():
            if _is_odd(text) or stray.search(text):
                return None
            newlines += text.count(b"\n")
            delimiters += text.count(delimiter.encode())
            quoted = quoted or b'"' in text
            spaced = spaced or space in text or bool(_WIDE_SPACE.search(text))
            before = text
    return _Text(newlines + (not before.endswith(b"\n")), delimiters, quoted, spaced)


def _is_odd(text: bytes) -> bool:
    return (
        len(text.translate(None, _CONTROL)) != len(text)
        or text.count(b"\r") != text.count(b"\r\n")
        or _DIRECTION.search(text) is not None
    )


def _write_source(path: Path, width: int, header_line: int, delimiter: str) -> str:
    types = ", ".join(f"'c{position}': 'varchar'" for position in range(width))
    return (
        f"read_csv({quote(path)}, auto_detect = false, header = false, skip = {header_line}, "
        f"delim = {quote(delimiter)}, quote = '\"', escape = '\"', columns = {{{types}}}, "
        f"strict_mode = true, null_padding = false, max_line_size = {LONGEST_CELL})"
    )


def _write_query(source: str, headers: list[str], header_line: int, *, thorough: bool) -> str:
    """SQL for the rows. Only a `thorough` one looks for lines within cells and for every kind of
    space, which costs most and is seldom needed."""
    names = [f"c{position}" for position in range(len(headers))]
    spaces = f", {quote(' ' + _WIDE_SPACES)}" if thorough else ""
    cells = ", ".join(f"nullif(trim({name}{spaces}), '') as {name}" for name in names)
    number = "row_number() over ()"
    if thorough:  # a cell may hold lines of its own; each moves the rows after it further down
        breaks = " + ".join(_count_of(name, "\n") for name in names)
        source = f"(select *, {breaks} as breaks from {source})"
        number = "sum(1 + breaks) over (rows unbounded preceding) - breaks"
    repeats = " and ".join(
        f"coalesce({name}, '') = {quote(text)}" for name, text in zip(names, headers, strict=True)
    )
    return (
        f"select * replace (case when {repeats} then '{REPEATS_HEADER}' end as problem) from "
        f"(select {cells}, ({header_line} + {number})::bigint as source_row, null as problem "
        f"from {source})"
    )


def _count_of(column: str, character: str) -> str:
    """SQL for how often `character` is in `column`."""
    shorter = f"replace({column}, {quote(character)}, '')"
    return f"coalesce(length({column}) - length({shorter}), 0)"
