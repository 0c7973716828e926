"""Delimited text of which every row is as it should be, staged by DuckDB in one go.

Most large extracts are: written by a machine, every row as wide as the header. DuckDB then reads
ten times faster than Python can. What it might read otherwise than `sources.csv_file` does is
looked for first, and such a file is left to that reader, which keeps every row whatever is wrong
with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from theograph.progress import repeat
from theograph.sources.rows import (
    LONGEST_CELL,
    REPEATS_HEADER,
    Tell,
    select_staged,
    tell_nobody,
)
from theograph.sql_text import quote
from theograph.stopping import interruptible

SMALLEST: Final = 1 << 20  # bytes; below, starting costs more than it saves
_CHUNK_BYTES: Final = 1 << 22
_LOOKED_THROUGH: Final = 0.4  # of the time that all takes

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

    @property
    def thorough(self) -> bool:
        """Whether there may be more to a row than a line of cells."""
        return self.quoted or self.spaced


def stage_plain_csv(
    path: Path,
    rows: Path,
    *,
    headers: list[str],
    header_line: int,
    delimiter: str,
    tell: Tell = tell_nobody,
) -> int | None:
    """Write the rows of the UTF-8 file `path` to the Parquet file `rows`, as `stage_sheet` does.

    They are numbered only where they are not a line each: to number them, DuckDB would read with
    one core. Returns how many there are; None, and no file, where the text is not plain enough.
    """
    width = len(headers)
    if width < 2 or any("\n" in header or "\r" in header for header in headers):
        return None
    text = _look_through(path, header_line, delimiter, tell)
    if text is None:
        return None
    source = _write_source(path, width, header_line, delimiter)
    query = _write_query(source, headers, header_line, text)
    inside = " + ".join(_count_of(f"c{position}", delimiter) for position in range(width))
    with duckdb.connect() as sql, interruptible(sql):
        sql.execute(f"set temp_directory = {quote(rows.with_suffix('.spill'))}")
        try:
            with _tell_copied(sql, text.lines - header_line, tell):
                sql.execute(f"copy ({query}) to {quote(rows)} (format parquet, compression lz4)")
        except duckdb.Error:  # a row is not as it should be
            rows.unlink(missing_ok=True)
            return None
        staged = select_staged([rows], first_row=None if text.thorough else header_line + 1)
        ((count, last, within),) = sql.execute(
            f"select count(*), coalesce(max(source_row), {header_line}), "
            f"{f'coalesce(sum({inside}), 0)' if text.quoted else 0} from {staged}"
        ).fetchall()
    # a blank line moves the rows after it; an empty cell too many is passed over without a word
    if last != text.lines or count * (width - 1) + within != text.delimiters:
        rows.unlink()
        return None
    return int(count)


@contextmanager
def _tell_copied(sql: duckdb.DuckDBPyConnection, lines: int, tell: Tell) -> Iterator[None]:
    """Say how far a statement is that copies so many lines of a text."""
    sql.execute("set enable_progress_bar = true")  # without it none is asked for
    sql.execute("set enable_progress_bar_print = false")
    sql.execute("set progress_bar_time = 0")

    def look() -> None:
        part = max(sql.query_progress(), 0) / 100
        tell(int(part * lines), _LOOKED_THROUGH + (1 - _LOOKED_THROUGH) * part)

    with repeat(look):
        yield


def _look_through(path: Path, header_line: int, delimiter: str, tell: Tell) -> _Text | None:
    """What there is to know; None for text that the two readers may not read alike."""
    edge = re.escape(delimiter.encode()) + rb"\r\n"
    stray = re.compile(_STRAY_QUOTE % {b"edge": edge})
    space = b" " if delimiter == "\t" else b"\t"
    size = path.stat().st_size
    newlines, delimiters, before = header_line, 0, b"\n"
    quoted = spaced = False
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
            spaced = spaced or space in text or _has(_WIDE_SPACE, text)
            before = text
            tell(0, _LOOKED_THROUGH * stream.tell() / size)
    return _Text(newlines + (not before.endswith(b"\n")), delimiters, quoted, spaced)


def _has(pattern: re.Pattern[bytes], text: bytes) -> bool:
    """Whether there is, in a text, a character beyond ASCII that the pattern names."""
    return not text.isascii() and pattern.search(text) is not None


def _is_odd(text: bytes) -> bool:
    return (
        len(text.translate(None, _CONTROL)) != len(text)
        or text.count(b"\r") != text.count(b"\r\n")
        or _has(_DIRECTION, text)
    )


def _write_source(path: Path, width: int, header_line: int, delimiter: str) -> str:
    types = ", ".join(f"'c{position}': 'varchar'" for position in range(width))
    return (
        f"read_csv({quote(path)}, auto_detect = false, header = false, skip = {header_line}, "
        f"delim = {quote(delimiter)}, quote = '\"', escape = '\"', columns = {{{types}}}, "
        f"strict_mode = true, null_padding = false, max_line_size = {LONGEST_CELL})"
    )


def _write_query(source: str, headers: list[str], header_line: int, text: _Text) -> str:
    """SQL for the rows. What costs most and is seldom needed, such as looking for lines within
    cells, is left out where the text has no use for it."""
    names = [f"c{position}" for position in range(len(headers))]
    spaces = f", {quote(' ' + _WIDE_SPACES)}" if text.thorough else ""
    cells = ", ".join(f"nullif(trim({name}{spaces}), '') as {name}" for name in names)
    number = ""
    if text.thorough:  # a cell may hold lines of its own; each moves the rows after it further down
        breaks = " + ".join(_count_of(name, "\n") for name in names)
        source = f"(select *, {breaks} as breaks from {source})"
        placed = "sum(1 + breaks) over (rows unbounded preceding) - breaks"
        number = f", ({header_line} + {placed})::bigint as source_row"
    repeats = " and ".join(
        f"coalesce({name}, '') = {quote(header)}"
        for name, header in zip(names, headers, strict=True)
    )
    return (
        f"select *, case when {repeats} then '{REPEATS_HEADER}' end as problem "
        f"from (select {cells}{number} from {source})"
    )


def _count_of(column: str, character: str) -> str:
    """SQL for how often `character` is in `column`."""
    shorter = f"replace({column}, {quote(character)}, '')"
    return f"coalesce(length({column}) - length({shorter}), 0)"
